"""The page of error codes and the exceptions agree."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import headroom_core
from headroom_core.errors import HeadroomError

PAGE = Path(__file__).parents[2] / "docs/reference/errors.md"


def exceptions(base: type[HeadroomError]) -> Iterator[type[HeadroomError]]:
    """Yield an exception and all that derive from it."""
    yield base
    for derived in base.__subclasses__():
        yield from exceptions(derived)


def test_the_page_lists_every_code_and_no_other() -> None:
    """Whoever meets a code finds it on the page."""
    for module in pkgutil.walk_packages(headroom_core.__path__, "headroom_core."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    codes = {kind.code for kind in exceptions(HeadroomError) if kind.__module__.startswith("headroom_core.")}
    listed = re.findall(r"^## `([a-z-]+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(codes) == sorted(listed)


def test_no_two_exceptions_share_a_code() -> None:
    """A code names one thing."""
    kinds = {kind for kind in exceptions(HeadroomError) if kind.__module__.startswith("headroom_core.")}

    assert len({kind.code for kind in kinds}) == len(kinds)
