"""What the sdist and the wheel hold, and what they say about themselves."""

import email.message
import email.parser
import os
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

FOLDER = os.environ.get("HEADROOM_DIST", "")
ROOT = Path(__file__).parents[2]
Files = dict[str, bytes]

pytestmark = pytest.mark.skipif(not FOLDER, reason="HEADROOM_DIST names no folder of built files; `nox -s package` sets it")


@pytest.fixture(scope="module")
def wheel_files() -> Files:
    """Return the files of the wheel by their names."""
    (path,) = Path(FOLDER).glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist_files() -> Files:
    """Return the files of the sdist by their names below its one folder."""
    (path,) = Path(FOLDER).glob("*.tar.gz")
    with tarfile.open(path) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        contents = {member.name: archive.extractfile(member) for member in members}
        return {name.partition("/")[2]: file.read() for name, file in contents.items() if file is not None}


def metadata(files: Files, name: str) -> email.message.Message:
    """Return the package metadata under a file name that ends in `name`."""
    (text,) = [content for path, content in files.items() if path.endswith(name)]
    return email.parser.Parser().parsestr(text.decode())


PACKAGES = [ROOT / "headroom_core", *(path.parent for path in sorted(ROOT.glob("integrations/*/__init__.py")))]
"""The import packages of the one wheel: the core, and each adapter."""


def test_the_wheel_holds_the_import_packages_and_nothing_else(wheel_files: Files) -> None:
    """Tests, docs, examples and tools do not land in a user's site-packages."""
    tops = {PurePosixPath(name).parts[0] for name in wheel_files}

    assert {top for top in tops if not top.endswith(".dist-info")} == {package.name for package in PACKAGES}


@pytest.mark.parametrize("package", PACKAGES, ids=[package.name for package in PACKAGES])
def test_the_wheel_holds_every_file_of_a_package(wheel_files: Files, package: Path) -> None:
    """Modules, data files and `py.typed`: all that the checkout has."""
    expected = {
        path.relative_to(package.parent).as_posix() for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    shipped = {name for name in wheel_files if name.startswith(f"{package.name}/")}

    assert shipped == expected
    assert f"{package.name}/py.typed" in shipped


@pytest.mark.parametrize("vocabulary", ["o200k_base", "cl100k_base"])
def test_the_wheel_holds_the_vocabularies_compressed(wheel_files: Files, vocabulary: str) -> None:
    """Token counts work offline, and the two vocabularies stay under 2 MB together."""
    sizes = [len(content) for name, content in wheel_files.items() if vocabulary in name]

    assert sizes
    assert 100_000 < max(sizes) < 1_500_000


def test_the_wheel_has_the_licence_and_the_notice(wheel_files: Files) -> None:
    """The terms travel with the files they hold for."""
    shipped = {PurePosixPath(name).name for name in wheel_files if "/licenses/" in name}

    assert shipped == {"LICENSE", "NOTICE"}


@pytest.mark.parametrize(("files", "name"), [("wheel_files", ".dist-info/METADATA"), ("sdist_files", "PKG-INFO")])
def test_the_metadata_can_be_read_by_publishing_tools(request: pytest.FixtureRequest, files: str, name: str) -> None:
    """Version 2.4 of the metadata, as pyproject.toml asks for."""
    assert metadata(request.getfixturevalue(files), name)["Metadata-Version"] == "2.4"


def test_the_base_install_needs_tokens_grammars_patterns_and_what_runs_the_scorer_alone(wheel_files: Files) -> None:
    """Whatever else an adapter needs comes with its extra."""
    required = metadata(wheel_files, ".dist-info/METADATA").get_all("Requires-Dist") or []

    known = ("google-re2", "onnxruntime", "tiktoken", "tree-sitter")

    assert [line for line in required if "extra ==" not in line and not line.startswith(known)] == []


def test_the_sdist_holds_what_is_needed_to_run_the_checks(sdist_files: Files) -> None:
    """Whoever packages from the sdist can build and test from it."""
    needed = {"README.md", "CHANGELOG.md", "LICENSE", "NOTICE", "pyproject.toml", "noxfile.py", "headroom_core/__init__.py"}

    assert needed <= sdist_files.keys()
    assert any(name.startswith("tests/") for name in sdist_files)


def test_the_sdist_holds_no_leftovers(sdist_files: Files) -> None:
    """Caches, environments and logs of whoever built it stay at home."""
    leftovers = [
        name
        for name in sdist_files
        if name.endswith((".pyc", ".log")) or {".git", ".nox", ".venv", "__pycache__"} & set(PurePosixPath(name).parts)
    ]

    assert leftovers == []
