"""Scorers of words: the one that comes with the package, the one that stands in for it, and one's own."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, compress
from headroom_core.compressors.prose import ProseCompressor
from headroom_core.compressors.prose.scorers import WordScorer, default, default_scorer
from headroom_core.compressors.prose.scorers.attributes import PER_WORD, SIZE, Attributes
from headroom_core.compressors.prose.scorers.encoder import EDGE, WORDS, EncoderScorer, windows
from headroom_core.compressors.prose.scorers.linear import LinearScorer
from headroom_core.errors import InvalidOptionTypeError, ModelFileError
from headroom_core.viewer import Viewer

TEXT = "\n\n".join(
    f"The {one} of the harbour was painted by Rembrandt in {1600 + n}, and it hangs in the hall of the museum there. "
    "It is what people like to see, and so they come and look at it, and then they go home again, as people do."
    for n, one in enumerate(["view", "gate", "mole", "crane", "light", "bridge", "wall", "church", "market", "tower"] * 5)
)
SAID = "The Treaty of Utrecht was signed by Anne in 1713 , and so it is with them as well .".split()

encoder = EncoderScorer(default.weights("words.onnx"))
linear = LinearScorer(default.weights("words.bin"))
BOTH = pytest.mark.parametrize("scorer", [encoder, linear], ids=["encoder", "linear"])


class Counting:
    """Scores all words 0, and counts the calls."""

    name = "counting"

    def __init__(self):
        self.calls = 0

    def scores(self, texts):
        """Return a score for each word."""
        self.calls += 1
        return [[0.0] * len(words) for words in texts]


def outside(code, **environment):
    """Run code in a process of its own; return what it prints."""
    env = {**os.environ, **environment}
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    return made.stdout.strip()


@BOTH
def test_each_word_gets_a_score(scorer):
    """Of every text, whatever its length, from 0 to 1."""
    texts = [[], ["a"], SAID, SAID * 40, ["\u65e5\u672c\u8a9e", "\ud800", "…", "x" * 10_000]]
    scores = scorer.scores(texts)

    assert isinstance(scorer, WordScorer)
    assert [len(one) for one in scores] == [len(one) for one in texts]
    assert all(0 <= score <= 1 for one in scores for score in one)


@BOTH
def test_names_and_years_score_higher_than_what_links_them(scorer):
    """That is what people ask for."""
    scores = dict(zip(SAID, scorer.scores([SAID])[0], strict=True))

    assert mean(scores[one] for one in ("Utrecht", "Anne", "1713")) > 2 * mean(
        scores[one] for one in ("so", "it", "with", "well")
    )


@BOTH
def test_the_same_words_get_the_same_scores(scorer):
    """From eight threads at once, too."""
    expected = scorer.scores([SAID * 30])
    found = []
    threads = [threading.Thread(target=lambda: found.append(scorer.scores([SAID * 30]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [expected] * 8


@given(st.integers(0, 2_000))
def test_windows_score_each_word_once(words):
    """In order, with words beside those that are scored, but at the ends of a text."""
    at = 0
    for start, first, last in windows(words):
        assert first == at
        assert start == max(0, first - EDGE)
        assert first < last <= start + WORDS
        assert last == words or start + WORDS - last == EDGE
        at = last
    assert at == words


@given(st.lists(st.text(min_size=1, max_size=12)))
def test_attributes_are_numbers_of_the_table(words):
    """As many for each word."""
    known = Attributes(most=3)
    numbers = known.of(words)

    assert known.of(words) == numbers
    assert all(len(one) == PER_WORD and all(0 <= number < SIZE for number in one) for one in numbers)


def test_transforms_name_the_scorer():
    """Where sentences went, in a text, between the parts of a document, and in a string of JSON."""
    document = f"# Report\n\n{TEXT}\n\n## Numbers\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    for text in (document, {"report": TEXT, "id": 1}):
        assert SharedContext("gpt-4o").put("k", text).transforms[1].startswith("words:encoder:0.")
    assert SharedContext("gpt-4o").put("k", TEXT).transforms[1].startswith("words:encoder:0.")
    assert SharedContext("gpt-4o", mode="lossless").put("k", TEXT).transforms == ["router:text:1.00"]


def test_without_onnxruntime_the_linear_scorer_stands_in():
    """And the transforms say so."""
    code = (
        "import sys, json; sys.modules['onnxruntime'] = None\n"
        "from headroom_core import SharedContext\n"
        f"print(json.dumps(SharedContext('gpt-4o').put('k', {TEXT!r}).transforms))"
    )

    assert json.loads(outside(code))[1].startswith("words:linear:0.")


def test_nothing_heavy_is_imported_before_there_is_prose():
    """Neither onnxruntime nor numpy."""
    code = (
        "import sys\nfrom headroom_core import SharedContext\n"
        "SharedContext('gpt-4o').put('k', [{'a': n} for n in range(900)])\n"
        "SharedContext('gpt-4o').put('k', 'Ein Satz, den niemand auf Englisch liest, und noch einer. ' * 900)\n"
        "print(sorted({'onnxruntime', 'numpy'} & set(sys.modules)))"
    )

    assert outside(code) == "[]"


def test_a_scorer_of_ones_own_is_asked_once_for_a_text():
    """Through a context, a viewer and `compress`."""
    for made in (
        lambda own: SharedContext("gpt-4o", compressors=own).put("k", TEXT).transforms,
        lambda own: SharedContext("gpt-4o", compressors=own).scoped("s").put("k", TEXT).transforms,
        lambda own: Viewer("gpt-4o", compressors=own).view(TEXT).transforms,
        lambda own: compress(TEXT, "gpt-4o", compressors=own).transforms,
    ):
        scorer = Counting()
        assert made({"text": ProseCompressor(scorer=scorer)})[1].startswith("words:counting:0.")
        assert scorer.calls == 1


@pytest.mark.parametrize("compressors", [[ProseCompressor()], {"text": Counting()}, {3: ProseCompressor()}, "text"])
def test_what_is_no_compressor_is_refused(compressors):
    """At the call."""
    with pytest.raises(InvalidOptionTypeError, match="compressors must be a mapping from kinds to compressors"):
        SharedContext("gpt-4o", compressors=compressors)


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_damaged_weights_are_named_and_the_original_passes(content, tmp_path, monkeypatch):
    """With the digest that was found, and what to do."""
    (tmp_path / "data").mkdir()
    if content:
        (tmp_path / "data/words.onnx").write_bytes(content)
    monkeypatch.setattr(default, "files", lambda _: tmp_path)
    default._loaded.cache_clear()
    wrong = f"has sha256 {hashlib.sha256(content).hexdigest()}" if content else "is missing"
    try:
        with pytest.raises(ModelFileError, match=f"'words.onnx' {wrong}.*run: pip install --force-reinstall"):
            default_scorer()
        assert SharedContext("gpt-4o").put("k", TEXT).compressed == TEXT
    finally:
        default._loaded.cache_clear()


def test_the_weights_come_with_their_card():
    """Whose digests are those of the files."""
    card = Path(__file__).parents[2] / "docs/reference/prose-model.md"

    assert all(digest in card.read_text(encoding="utf-8") for digest in default.SHA256.values())
