"""The vocabularies come with the package, are what OpenAI published, and load without touching anything else."""

from __future__ import annotations

import base64
import lzma
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tiktoken_ext.openai_public  # type: ignore[import-untyped]

from headroom_core.errors import InvalidOptionError, VocabularyError
from headroom_core.tokens import VocabularyCounter, vocabulary
from headroom_core.tokens.vocabulary import VOCABULARIES, load_encoding, vocabulary_bytes

NAMES = sorted(VOCABULARIES)

IMPORT_ONLY = """
import sys
import headroom_core.tokens
from headroom_core.tokens import CountMemo, counter_for

counter = CountMemo(counter_for("gpt-4o"))
assert "tiktoken" not in sys.modules, "imported before the first count"
"""

OFFLINE = """
import os, pathlib, socket, sys

def refuse(*args, **kwargs):
    raise AssertionError("the network was asked for")

socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from headroom_core.tokens import counter_for

before = dict(os.environ)
assert counter_for("gpt-4o").count("Hello, world!") == 4
assert counter_for("gpt-4").count("Hello, world!") == 4
assert dict(os.environ) == before
assert not list(pathlib.Path(os.environ["TIKTOKEN_CACHE_DIR"]).iterdir()), "something was written into the cache"

import tiktoken.registry
assert not tiktoken.registry.ENCODINGS, "an encoding was registered"
assert "requests" not in sys.modules
"""


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for the package's own data folder, with nothing loaded yet."""
    (tmp_path / "data").mkdir()
    monkeypatch.setattr("importlib.resources.files", lambda package: tmp_path)
    monkeypatch.setattr(vocabulary, "_encodings", {})
    return tmp_path / "data"


@pytest.mark.parametrize("name", NAMES)
def test_vocabulary_and_pattern_are_those_that_tiktoken_uses(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pattern and digest are tiktoken's, and the ranks are parsed as tiktoken parses them."""
    asked: dict[str, str] = {}

    def load(address: str, expected_hash: str) -> dict[bytes, int]:
        asked.update(address=address, expected_hash=expected_hash)
        lines = [line.split() for line in vocabulary_bytes(name).splitlines()]
        return {base64.b64decode(token): int(rank) for token, rank in lines}

    monkeypatch.setattr(tiktoken_ext.openai_public, "load_tiktoken_bpe", load)
    published = getattr(tiktoken_ext.openai_public, name)()

    assert published["pat_str"] == VOCABULARIES[name].pattern
    assert asked["expected_hash"] == VOCABULARIES[name].sha256
    assert asked["address"].endswith(f"/{name}.tiktoken")
    encoding = load_encoding(name)
    assert published["mergeable_ranks"] == {encoding.decode_single_token_bytes(i): i for i in range(encoding.max_token_value)}


def test_a_missing_vocabulary_says_how_to_mend_it(data_folder: Path) -> None:
    """The error names the file and the command."""
    with pytest.raises(VocabularyError, match=r"o200k_base\.tiktoken\.xz cannot be read.*pip install --force-reinstall"):
        VocabularyCounter("o200k_base").count("a")


@pytest.mark.parametrize("content", [b"", b"not xz at all", lzma.compress(b"IQ== 0\n" * 1000)[:-20]])
def test_a_vocabulary_that_cannot_be_decompressed_says_how_to_mend_it(data_folder: Path, content: bytes) -> None:
    """An empty, foreign or truncated file is told from a bug."""
    (data_folder / "cl100k_base.tiktoken.xz").write_bytes(content)

    with pytest.raises(VocabularyError, match="run: pip install --force-reinstall --no-deps headroom-core"):
        VocabularyCounter("cl100k_base").count("a")


def test_a_vocabulary_with_other_content_is_refused(data_folder: Path) -> None:
    """A file that decompresses to something else does not give wrong counts."""
    (data_folder / "cl100k_base.tiktoken.xz").write_bytes(lzma.compress(b"IQ== 0\n"))

    with pytest.raises(VocabularyError, match=f"has sha256 .* in place of {VOCABULARIES['cl100k_base'].sha256}"):
        VocabularyCounter("cl100k_base").count("a")


def test_an_unknown_vocabulary_is_refused() -> None:
    """There are no others in the package."""
    with pytest.raises(InvalidOptionError, match="vocabulary must be one of"):
        load_encoding("r50k_base")


def test_many_threads_load_a_vocabulary_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that count for the first time at the same moment share one encoding."""
    builds: list[str] = []
    barrier = threading.Barrier(8)
    monkeypatch.setattr(vocabulary, "_encodings", {})

    def build(name: str, *, one_piece: bool) -> object:
        builds.append(name)
        return object()

    monkeypatch.setattr(vocabulary, "_build", build)

    def load(_: int) -> object:
        barrier.wait()
        return load_encoding("o200k_base")

    with ThreadPoolExecutor(8) as pool:
        loaded = set(pool.map(load, range(8)))

    assert len(loaded) == 1
    assert builds == ["o200k_base"]


def test_threads_count_the_same_text_alike() -> None:
    """One counter serves many threads."""
    counter = VocabularyCounter("o200k_base", chunk_chars=50)
    text = "All the world's a stage, and all the men and women merely players.\n" * 200

    with ThreadPoolExecutor(8) as pool:
        counts = set(pool.map(counter.count, [text] * 32))

    assert counts == {counter.count(text)}


@pytest.mark.parametrize("script", [IMPORT_ONLY, OFFLINE], ids=["import", "offline"])
def test_import_and_first_count_leave_the_rest_of_the_machine_alone(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Importing does not import tiktoken, and counting opens no connection and touches no cache of tiktoken's."""
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))

    done = subprocess.run([sys.executable, "-W", "error", "-c", script], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
