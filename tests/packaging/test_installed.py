"""What is tested is the installed package, and it is whole."""

import importlib.metadata
import importlib.resources
import os
import sysconfig
from pathlib import Path

import pytest

import headroom_core

pytestmark = pytest.mark.skipif(
    os.environ.get("HEADROOM_EXPECT_WHEEL") != "1", reason="the checkout is tested; `nox -s core` tests the installed wheel"
)


def test_the_package_under_test_is_the_installed_one() -> None:
    """A session that tests the wheel imports nothing from the checkout."""
    places = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}

    assert Path(headroom_core.__file__).resolve().parents[1] in places


def test_the_package_says_that_it_is_typed() -> None:
    """The marker file that type checkers look for is installed."""
    assert importlib.resources.files("headroom_core").joinpath("py.typed").is_file()


def test_the_installed_version_is_that_of_the_checkout() -> None:
    """An old wheel left in the environment does not pass for the new one."""
    project = Path(__file__).parents[2] / "pyproject.toml"

    assert f'version = "{importlib.metadata.version("headroom-core")}"' in project.read_text(encoding="utf-8")
