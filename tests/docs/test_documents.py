"""
Every fence of every document runs, in order, and every link leads somewhere.

Python fences of one document share their names. In a `console` fence the lines after `$ ` are run by a shell, in a folder of
their own with a copy of `examples`, and what they print is compared with the lines below them; `...` stands for any text.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

RUN_ELSEWHERE = {
    "python -m pip install . && headroom-core demo": "run by `nox -s demo`",
    "python -m pip install nox && nox": "run by .ci/run",
}
"""Commands that a test must not run, because they would change the environment of the tests or start them again."""

SHOWN_ONLY = {"text", "json", "jsonl", "diff", "toml", "ini", "{toctree}"}
"""Fences that are no code. Code in any other language than Python and console would stand there unproved."""

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>```+)(?P<language>[^\n`]*)\n.*?^(?P=indent)(?P=ticks)$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def run_console(text: str, folder: Path) -> None:
    """Run the commands of a console session and compare what each prints."""
    for session in re.split(r"^(?=\$ )", text, flags=re.MULTILINE):
        if not session.strip():
            continue
        command, _, expected = session.removeprefix("$ ").partition("\n")
        while command.endswith("\\"):
            line, _, expected = expected.partition("\n")
            command = f"{command[:-1]}{line.removeprefix('>')}"
        if command in RUN_ELSEWHERE:
            continue
        found = run_command(command, folder)

        assert found.returncode == 0, f"$ {command}\n{found.stdout}"
        if expected.strip():
            assert_output(expected, found.stdout)


def run_command(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder` as a reader would, with the tools of this environment first on the path."""
    if not (folder / "examples").exists() and (ROOT / "examples").exists():
        shutil.copytree(ROOT / "examples", folder / "examples")
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    return subprocess.run(  # noqa: S602  # the commands are those of the documents
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def assert_output(expected: str, found: str) -> None:
    """Compare as doctest does: `...` stands for any text, and runs of white space are one."""
    checker = doctest.OutputChecker()
    expected, found = expected.rstrip() + "\n", found.rstrip() + "\n"
    if not checker.check_output(expected, found, OPTIONS):
        pytest.fail(checker.output_difference(doctest.Example("", expected), found, OPTIONS))


def console(example: Example) -> None:
    """Evaluate a console fence."""
    run_console(str(example.parsed), example.document.namespace["folder"])


SYBIL = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=OPTIONS), CodeBlockParser("console", console)],
    path=str(ROOT),
    name="documents",
)
OF_CREWAI = pytest.mark.filterwarnings("default")
"""CrewAI warns of its own parts when it is imported and when it runs."""

FENCES = [
    pytest.param(
        example, id=f"{path.relative_to(ROOT).as_posix()}:{example.line}", marks=[OF_CREWAI] if "crewai" in path.stem else []
    )
    for path in DOCUMENTS
    for example in SYBIL.parse(path).examples()
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the working folder of each document, made when first asked for."""

    class Folders(dict[str, Path]):
        def __missing__(self, path: str) -> Path:
            self[path] = tmp_path_factory.mktemp("document")
            return self[path]

    return Folders()


@pytest.mark.parametrize("example", FENCES)
def test_every_fence_runs(example: Example, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader copies works, and prints what it is said to print."""
    folder = folders[example.path]
    example.document.namespace["folder"] = folder
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if Path(place).resolve() != ROOT])

    example.evaluate()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_fence_escapes_running(path: Path) -> None:
    """A fence is Python or console and runs, or is one of a few languages that are shown only."""
    languages = {found["language"].strip() for found in FENCE.finditer(path.read_text(encoding="utf-8"))}

    assert languages - SHOWN_ONLY <= {"python", "console"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_within_the_project_lead_somewhere(path: Path) -> None:
    """Files and headings that a document points to exist."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    broken = [found["target"] for found in LINK.finditer(text) if not leads_somewhere(path, found["target"])]

    assert broken == []


def leads_somewhere(document: Path, target: str) -> bool:
    """Tell whether a link of `document` points to a file, and a heading of it, that exist. The web is not asked."""
    if re.match(r"[a-z]+:", target):
        return True
    name, _, heading = target.partition("#")
    file = (document.parent / name).resolve() if name else document
    return file.exists() and (not heading or heading in anchors(file))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tests_that_a_document_names_exist(path: Path) -> None:
    """A promise that names its test can be checked by whoever reads it."""
    named = re.findall(r"`((?:tests|headroom_core)/[\w/]+\.py)(?:::(\w+))?`", path.read_text(encoding="utf-8"))
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).exists() or not re.search(rf"\b{test}\b", (ROOT / file).read_text(encoding="utf-8"))
    ]

    assert missing == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_prints_what_its_header_shows(path: Path, tmp_path: Path) -> None:
    """An example opens with comments: what it shows, and indented the line `$ python examples/<name>.py` and its output."""
    header = re.match(r"(?:#[^\n]*\n)+", path.read_text(encoding="utf-8"))

    assert header, "no header comment"
    lines = [line.removeprefix("#").removeprefix(" ") for line in header[0].splitlines()]
    session = "\n".join(line.strip() for line in lines if line.startswith("    ") or not line.strip())
    command, _, expected = session.strip().partition("\n")

    assert command == f"$ python examples/{path.name}"
    found = run_command(command.removeprefix("$ "), tmp_path)

    assert found.returncode == 0, found.stdout
    assert expected.strip(), "the header shows no output"
    assert_output(expected, found.stdout)
