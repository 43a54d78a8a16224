"""Stand-ins that tests of many folders share."""

import threading

import pytest
from hypothesis import settings

from headroom_core import SharedContext, markers
from headroom_core.compressors.base import Compressed, Refused
from headroom_core.payload import OmittedSpan
from headroom_core.testing import FakeClock, FakeCounter

# The same examples in every run, so that a check that passed here passes there; `nox -s properties` looks for new ones.
settings.register_profile("checks", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("thorough", deadline=None, max_examples=2_000)
settings.load_profile("checks")

PAYLOAD = "".join(f"line {number}: the quick brown fox jumps over the lazy dog\n" for number in range(1, 101))
"""Long enough to be compressed, and every line can be told from the others."""


class ToyCompressor:
    """Keeps the first two lines and the last one. Refuses what has fewer than five."""

    kind = "toy"

    def compress(self, original, /, request):
        """Leave out all but three lines."""
        lines = original.splitlines(keepends=True)
        if len(lines) < 5 or any(line.rstrip("\n").splitlines()[1:] for line in lines):
            return Refused("fewer than five lines")
        part = markers.Range("lines", 3, len(lines) - 1)
        start, end = len(lines[0]) + len(lines[1]), len(original) - len(lines[-1]) - 1
        header = markers.header(request.handle, omits=True)
        request.budget.spend(len(lines))
        return Compressed(
            text="".join([f"{header}\n", *lines[:2], f"{markers.marker(part)}\n", lines[-1]]),
            omitted=(OmittedSpan(start, end, markers.reference(request.handle, part), str(part)),),
        )


class FailingCompressor:
    """Raises at every payload."""

    kind = "toy"

    def compress(self, original, /, request):
        """Fail."""
        msg = "out of order"
        raise RuntimeError(msg)


class BlockingCompressor(ToyCompressor):
    """Waits, at payloads that say `slow`, until it is let go."""

    def __init__(self):
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def compress(self, original, /, request):
        """Wait, then compress."""
        if "slow" in original:
            self.reached.set()
            assert self.let_go.wait(timeout=60)
        return super().compress(original, request)


class Toys:
    """What a test builds from."""

    payload = PAYLOAD
    compressor = ToyCompressor
    failing = FailingCompressor
    blocking = BlockingCompressor

    @staticmethod
    def context(compressor=None, *, compressor_kind="toy", **options):
        """Return a context with `compressor` for what is put with `kind="toy"`."""
        options.setdefault("counter", FakeCounter())
        return SharedContext(compressors={compressor_kind: compressor or ToyCompressor()}, **options)


@pytest.fixture
def toys():
    """Return what tests build from."""
    return Toys


@pytest.fixture
def clock():
    """Return a clock that goes only when it is told to."""
    return FakeClock()


@pytest.fixture
def context(toys, clock):
    """Return a context with the toy compressor and the fake clock."""
    return toys.context(clock=clock)


@pytest.fixture
def payload():
    """Return a payload that the toy compressor shortens."""
    return PAYLOAD
