"""Code of each language with what is hard to parse in it, from `tests/data/code`."""

import pathlib

from headroom_core.compressors.base import Request
from headroom_core.compressors.code import CodeCompressor
from headroom_core.testing import FakeCounter

FOLDER = pathlib.Path(__file__).parents[1] / "data" / "code"
HANDLE = "482913207615"
PARTED = "\n-----8<-----\n"

NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def sections(name):
    """Return what stands before functions, the functions, and what stands behind."""
    before, *functions, behind = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split(PARTED)
    return before, functions, behind


def assembled(name, chosen):
    """Return a file of a language, with these of its functions in this order, each under a name of its own."""
    before, functions, behind = sections(name)
    parts = [functions[one % len(functions)].replace("%N%", str(number)) for number, one in enumerate(chosen)]
    return "\n".join([before, *parts, behind])


def source(name, count=24):
    """Return a file of a language with so many functions."""
    return assembled(name, range(count))


def view_of(text, **options):
    """Return what the compressor makes of a text."""
    asked = {"mode": "balanced", "counter": FakeCounter(), "original_tokens": max(1, len(text) // 4), "handle": HANDLE}
    return CodeCompressor().compress(text, Request(**{**asked, **options}))
