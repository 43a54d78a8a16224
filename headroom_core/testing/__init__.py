"""
For tests: a clock that stands still, a counter without a tokenizer, and the contracts of stores, compressors and adapters.

Nothing here is imported by the package itself, and nothing here needs more than a test runner that understands `assert`.
"""

from headroom_core.testing.adapters import AdapterConformance, Delivery
from headroom_core.testing.compressors import CompressorConformance
from headroom_core.testing.fakes import FakeClock, FakeCounter
from headroom_core.testing.stores import StoreConformance

__all__ = ["AdapterConformance", "CompressorConformance", "Delivery", "FakeClock", "FakeCounter", "StoreConformance"]
