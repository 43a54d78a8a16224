"""SmartCrusher keeps the contract of compressors."""

import json

from headroom_core.compressors.json_crusher import SmartCrusher
from headroom_core.testing import CompressorConformance
from tests.core import strategies as own


class TestSmartCrusher(CompressorConformance):
    """The public kit, run on the package's own compressor."""

    def make_compressor(self):
        """Return a new SmartCrusher."""
        return SmartCrusher()

    def payloads(self):
        """Return tables in several forms, and a document without any."""
        rows = own.table(["counter", "name", "choice", "text", "records", "maybe"], 70, seed=1)
        return (
            own.spell(rows),
            own.spell({"total": 150, "data": {"items": rows}, "note": "word " * 900}, "pretty"),
            "\n".join(own.spell(row) for row in rows),
            own.spell({f"key {number}": row for number, row in enumerate(rows)}, "spaced"),
            json.dumps([number * 7919 % 10_007 for number in range(1_500)], indent=1),
            json.dumps({"a": {"b": ["née 東京 \U0001f680 " * 400, "x" * 5_000, None]}, "c": {"d": "text " * 2_000}}, indent=1),
        )

    def foreign_payloads(self):
        """Return what is not JSON, or not an object or list."""
        return ("Plain words.\n", "", "[1, 2", '{"a": 1}}', "12", '"text"', "a,b\n1,2\n", "<p>[1]</p>", "[rows 1-2 omitted]")
