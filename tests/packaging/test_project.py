"""The project's own files agree with each other."""

import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
INSTALL = "$ python -m pip install . && headroom-core demo"
TEST = "$ python -m pip install nox && nox"


@pytest.mark.parametrize("command", [INSTALL, TEST])
def test_the_readme_names_the_commands_that_are_checked(command: str) -> None:
    """`nox -s demo` runs the first, `.ci/run` the second; the docs tests leave both to them."""
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_ci_script_runs_the_test_command_of_the_readme_and_no_other() -> None:
    """Green there means green for a reader."""
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()

    assert lines[-1] == TEST.removeprefix("$ ")
    assert [line for line in lines if "pip install" in line and not line.startswith("#")] == [lines[-1]]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no executable bit")
def test_the_ci_script_can_be_executed() -> None:
    """A fresh clone runs it without chmod."""
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_changelog_knows_the_version() -> None:
    """A release has a section of its own; before it, its changes stand under `[Unreleased]`."""
    headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert headings[0] in {"Unreleased", PROJECT["project"]["version"]}


def test_every_ignored_rule_of_the_linter_has_a_reason() -> None:
    """An ignore without a reason outlives it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pydocstyle]")]
    ignores = re.findall(r'^  "[A-Z0-9]+",.*$', section, re.MULTILINE)

    assert ignores
    assert [line for line in ignores if "  # " not in line.replace(", #", ",  #")] == []
