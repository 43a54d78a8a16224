"""The libraries of the extra `torch`. They take seconds to import, so that they are imported when they are used."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from headroom_core.errors import MissingExtraError

LIBRARIES = ("torch", "transformers", "safetensors")

WITH_REPORT = {"output_loading_info": True, "ignore_mismatched_sizes": True}
"""Has transformers say which tensors it lacks, all at once and by name."""


def check(scorer: str) -> None:
    """Raise `MissingExtraError` unless all of them are installed. None is imported."""
    for name in LIBRARIES:
        if importlib.util.find_spec(name) is None:
            raise MissingExtraError(scorer, "torch", name)


def library(name: str) -> Any:
    """Return a library. One that is installed and broken shows its own error."""
    return importlib.import_module(name)


def made_up(report: Mapping[str, Any]) -> list[str]:
    """Return the names of tensors that transformers filled with random numbers: missing ones, and those of another shape."""
    return sorted({*report["missing_keys"], *(name for name, *_ in report["mismatched_keys"])})


@contextmanager
def quiet(transformers: Any) -> Iterator[None]:
    """Load without remarks and a progress bar on the caller's terminal. What is wrong is raised."""
    logging = transformers.utils.logging
    shown, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()
