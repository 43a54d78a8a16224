"""Every word gets the score that the model gives it, wherever it stands and whatever stands beside it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoModelForTokenClassification, AutoTokenizer, ModernBertModel, PreTrainedTokenizerFast

from headroom_core.compressors.prose.checkpoints import Kompress, LLMLingua2
from headroom_core.compressors.prose.checkpoints import scorer as scorer_module
from headroom_core.compressors.prose.scorers.base import WordScorer

SENTENCE = ["the", "server", "is", "down", ",", "not", "the", "cache", "."]
CLOSE = 2e-5
"""What rounding may move in single precision."""


@pytest.fixture(scope="module")
def scorers(xlm_folder, bert_folder, kompress_folder):
    """Return a scorer of each kind."""
    return {
        "xlm": LLMLingua2(xlm_folder, device="cpu"),
        "bert": LLMLingua2(bert_folder, device="cpu"),
        "kompress": Kompress(kompress_folder, device="cpu"),
    }


@pytest.fixture(params=["xlm", "bert", "kompress"])
def scorer(request, scorers):
    """Return one scorer after the other."""
    return scorers[request.param]


def words(count):
    """Return words of different lengths, with a full stop here and there."""
    found = []
    while len(found) < count:
        found += [*SENTENCE, f"w{len(found)}", "Überschuß"]
    return found[:count]


def test_it_is_a_scorer_of_words(scorer):
    """It has what the protocol asks for."""
    assert isinstance(scorer, WordScorer)


@pytest.mark.parametrize("count", [1, 2, 349, 350, 351, 510, 1000])
def test_every_word_is_scored_around_the_limits_of_a_part(scorer, count):
    """None is lost where a part ends, and scores differ, so that a forgotten word would show."""
    (scores,) = scorer.scores([words(count)])

    assert len(scores) == count
    assert all(0.0 < score < 1.0 for score in scores)
    assert len({round(score, 6) for score in scores}) > count / 2


def test_a_word_with_more_pieces_than_a_part_is_scored(scorer):
    """It is cut, and its neighbours are scored as well."""
    (scores,) = scorer.scores([["the", "qz" * 2_000, "server"]])

    assert len(scores) == 3
    assert all(0.0 < score < 1.0 for score in scores)


@pytest.mark.parametrize(
    "text",
    [
        [",", ".", "(", '"', '"', ")", "-", "!"],
        ["'"] * 700,
        ["日本語", "。", "сервер", "не", "работает", ",", "مرحبا", "🎉", "e\u0301"],
        ["a\ud800b", "the", "\udfff"],
        ["x\x00y", "\u200b\u200b", "\u00ad", "server"],
    ],
)
def test_texts_without_english_words_are_scored(scorer, text):
    """Marks, other alphabets, and what is no valid text at all."""
    (scores,) = scorer.scores([text])

    assert len(scores) == len(text)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_white_space_stays(scorer):
    """What no model sees gets the highest score, and moves no other."""
    plain, spaced, nothing = scorer.scores([["the", "server"], ["the", "\t", "server", ""], ["\n", " "]])

    assert spaced == pytest.approx([plain[0], 1.0, plain[1], 1.0], abs=CLOSE)
    assert nothing == [1.0, 1.0]


def test_no_text_has_no_scores(scorer):
    """Nothing in, nothing out, at each level."""
    assert scorer.scores([]) == []
    assert scorer.scores([[], []]) == [[], []]
    assert [len(found) for found in scorer.scores([[], SENTENCE, []])] == [0, 9, 0]


@pytest.mark.parametrize("kind", ["xlm", "bert", "kompress"])
def test_neither_batches_nor_other_texts_change_a_score(request, scorers, kind):
    """What fills up a shorter part does not reach the pieces of it."""
    texts = [words(count) for count in (3, 600, 40, 351, 1)]
    folder = request.getfixturevalue({"xlm": "xlm_folder", "bert": "bert_folder", "kompress": "kompress_folder"}[kind])
    alone = [scorers[kind].scores([text])[0] for text in texts]

    for size in (1, 2, 64):
        together = type(scorers[kind])(folder, device="cpu", batch_size=size).scores(texts)
        for found, expected in zip(together, alone, strict=True):
            assert found == pytest.approx(expected, abs=CLOSE)


def test_eight_threads_get_the_same_scores(kompress_folder, xlm_folder):
    """Also where they all ask first, before the checkpoint is loaded."""
    texts = [words(30 + number) for number in range(8)]
    for make in (lambda: Kompress(kompress_folder, device="cpu"), lambda: LLMLingua2(xlm_folder, device="cpu")):
        expected = [make().scores([text]) for text in texts]
        shared, barrier = make(), threading.Barrier(8)

        def ask(text, shared=shared, barrier=barrier):
            barrier.wait(timeout=60)
            return [shared.scores([text]) for _ in range(3)]

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(ask, texts))

        assert found == [[one] * 3 for one in expected]


def test_threads_that_ask_first_load_once(kompress_folder):
    """A checkpoint takes seconds and gigabytes to load."""
    loads, barrier = [], threading.Barrier(4)

    class Counted(Kompress):
        def _load(self):
            loads.append(threading.get_ident())
            return super()._load()

    scorer = Counted(kompress_folder, device="cpu")

    def ask(_):
        barrier.wait(timeout=60)
        return scorer.scores([SENTENCE])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))

    assert len(loads) == 1


@pytest.mark.parametrize("folder", ["xlm_folder", "bert_folder"])
def test_a_word_of_llmlingua2_has_the_mean_of_its_pieces(request, folder):
    """The probability of the second class, from the model's own logits over the text as it was written."""
    place = request.getfixturevalue(folder)
    tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True)
    model = AutoModelForTokenClassification.from_pretrained(place, local_files_only=True).eval()
    text = "the serverless (down), not Überschuß."
    encoded = tokenizer(text, return_offsets_mapping=True, return_tensors="pt", add_special_tokens=False)
    ids = [tokenizer.cls_token_id, *encoded["input_ids"][0].tolist(), tokenizer.sep_token_id]
    with torch.no_grad():
        kept = torch.softmax(model(input_ids=torch.tensor([ids])).logits, dim=-1)[0, 1:-1, 1]
    split = ["the", "serverless", "(", "down", ")", ",", "not", "Überschuß", "."]
    expected, at = [], 0
    for word in split:
        at = text.index(word, at)
        inside = [
            number
            for number, (start, end) in enumerate(encoded["offset_mapping"][0].tolist())
            if start < at + len(word) and end > at
        ]
        expected.append(kept[inside].mean().item())
        at += len(word)

    (found,) = LLMLingua2(place, device="cpu").scores([split])

    assert found == pytest.approx(expected, abs=CLOSE)
    assert max(expected) - min(expected) > 0.1


def test_a_word_of_kompress_has_the_highest_of_its_pieces(kompress_folder, kinds, tmp_path):
    """By the formula p * (0.5 + 0.5 * span), from the parts themselves."""
    parts = kinds.parts(kinds.config(tmp_path))
    tokenizer = PreTrainedTokenizerFast.from_pretrained(kompress_folder)
    split = ["the", "serverless", "(", "down", ")", ",", "not", "Überschuß", "."]
    stood = ["the", "serverless", "(down),", "not", "Überschuß."]
    encoded = tokenizer(stood, is_split_into_words=True, add_special_tokens=False, return_offsets_mapping=True)
    ids = torch.tensor([[tokenizer.cls_token_id, *encoded["input_ids"], tokenizer.sep_token_id]])
    with torch.no_grad():
        hidden = parts["encoder"](input_ids=ids).last_hidden_state
        p = torch.softmax(parts["token_head"](hidden), dim=-1)[0, :, 1]
        span = parts["span_conv"](hidden.transpose(1, 2))[0, 0]
        scored = (p * (0.5 + 0.5 * span))[1:-1].tolist()
    places = {0: [(0, 3)], 1: [(0, 10)], 2: [(0, 1), (1, 5), (5, 6), (6, 7)], 3: [(0, 3)], 4: [(0, 9), (9, 10)]}
    pieces = list(zip(encoded.word_ids(), encoded["offset_mapping"], scored, strict=True))
    expected = [
        max(score for word, (start, end), score in pieces if word == group and start < last and end > first)
        for group, inside in places.items()
        for first, last in inside
    ]

    (found,) = Kompress(kompress_folder, device="cpu").scores([split])

    assert isinstance(parts["encoder"], ModernBertModel)
    assert found == pytest.approx(expected, abs=CLOSE)
    assert max(expected) - min(expected) > 0.1


def test_the_parts_of_kompress_have_350_words(scorers):
    """The 351st is scored as if a text began with it."""
    short = ["the"] * 350
    first, second, both = scorers["kompress"].scores([short, SENTENCE[:4], [*short, *SENTENCE[:4]]])

    assert both == pytest.approx([*first, *second], abs=CLOSE)


def test_the_parts_of_llmlingua2_end_at_a_full_stop(scorers):
    """What stands behind the last one that a part has room for is scored as a text of its own."""
    before, behind = ["the", "server", "is", "down"] * 100 + ["."], ["cache", "is", "not", "down"] * 40
    for kind in ("xlm", "bert"):
        first, second, both = scorers[kind].scores([before, behind, before + behind])
        lines = scorers[kind].scores([[*before[:-1], "\n", *behind]])[0]

        assert both == pytest.approx([*first, *second], abs=CLOSE)
        assert lines[-len(behind) :] == pytest.approx(second, abs=CLOSE)


@given(st.lists(st.text(max_size=12), max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_are_scored(scorers, text):
    """Whatever they hold, each has one score from 0 to 1."""
    for one in scorers.values():
        (scores,) = one.scores([text])

        assert len(scores) == len(text)
        assert all(0.0 <= score <= 1.0 for score in scores)


@pytest.mark.parametrize("half", [torch.bfloat16, torch.float16])
def test_half_precision_gives_about_the_same_scores(kompress_folder, xlm_folder, monkeypatch, half):
    """As cards calculate, but on the CPU, which can do it slowly."""
    for kind, folder in ((Kompress, kompress_folder), (LLMLingua2, xlm_folder)):
        (expected,) = kind(folder, device="cpu").scores([words(400)])
        with monkeypatch.context() as patched:
            patched.setattr(scorer_module, "_precision", lambda torch, device: half)
            rough = kind(folder, device="cpu")
            (found,) = rough.scores([words(400)])

        assert next(rough._loaded.model.parameters()).dtype == half
        assert 0 < sum(abs(one - other) for one, other in zip(found, expected, strict=True)) / len(found) < 0.03


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA card")
def test_half_precision_is_near_to_single(kompress_folder, xlm_folder):
    """A card gives about the scores that the CPU gives."""
    for kind, folder in ((Kompress, kompress_folder), (LLMLingua2, xlm_folder)):
        scorer = kind(folder)
        (found,), (expected,) = scorer.scores([words(700)]), kind(folder, device="cpu").scores([words(700)])

        assert next(scorer._loaded.model.parameters()).dtype in {torch.bfloat16, torch.float16}
        assert sum(abs(one - other) for one, other in zip(found, expected, strict=True)) / len(found) < 0.05
