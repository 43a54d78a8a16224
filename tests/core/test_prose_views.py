"""Views of prose: what a telegram leaves out goes, and everything that says something stays."""

import re
import threading
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext
from headroom_core.compressors.base import Compressed, Refused
from headroom_core.compressors.prose import ProseCompressor
from headroom_core.compressors.prose.passages import passages
from headroom_core.compressors.prose.small_words import (
    ARTICLES,
    BEING,
    HAVING,
    PERSONAL,
    POSSESSIVE,
    PREPOSITIONS,
    RELATIVE,
)
from headroom_core.compressors.prose.units import units_of
from headroom_core.testing import CompressorConformance
from tests.core.test_mixed_views import ask

ROOT = Path(__file__).parents[2]
DOCUMENTS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/explanation").glob("*.md"))}

SENTENCES = [
    "The deployment of the service to the eu-west-1 region was stopped because the health check had failed 3 of 5 times.",
    "It is not safe to remove /var/lib/orders without a backup, and nobody may restart the node until the lock is released.",
    "We found that the session cache in src/cache/session.py is the reason for the slow start of the application.",
    "The manager said that Alice was asked to review the change, but she has never been told about the deadline of 2026-03-04.",
    "There are 41.7 percent fewer errors in the second week, which is the result of the retry that the team has added.",
    "You must set MAX_RETRIES to 12 unless the flag --no-retry is given, or the job will run out of memory.",
]
TEXT = "\n\n".join(" ".join(order) for order in list(permutations(SENTENCES))[:720:60])
LONG = "\n\n".join([TEXT] * 4)

TELEGRAM = ARTICLES | BEING | HAVING | POSSESSIVE | {"that", "of", "and"}
"""All that the mode `balanced` may leave out."""

MARKER = re.compile(r"^\[words of lines \d+-\d+ omitted\]$", re.MULTILINE)


def view_of(text, mode="balanced", **options):
    """Return the view of a text, without header and markers."""
    entry = SharedContext("gpt-4o", mode=mode, **options).put("k", text)
    return MARKER.sub("", re.sub(r"\A\[view[^\n]*\]\n", "", entry.view.text))


def words(text, without=()):
    """Return the words of a text, but some."""
    return [word for word in re.findall(r"[\w.'/-]*\w", text) if word.lower() not in without]


def text_of(sentence):
    """Return a text long enough for a view, of one sentence said again and again."""
    return f"{sentence} " * 300


class TestProseCompressor(CompressorConformance):
    """The contract of compressors."""

    def make_compressor(self):
        """Return one."""
        return ProseCompressor()

    def payloads(self):
        """Return prose."""
        return [LONG, LONG.replace(" ", "  "), LONG.replace("\n\n", "\r\n\r\n")]

    def foreign_payloads(self):
        """Return what is none."""
        return ["", "# A heading\n", "Ein Satz, den niemand auf Englisch liest, und noch einer, der genauso lang ist. " * 20]


@pytest.mark.parametrize("mode", ["balanced", "compact"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_only_small_words_go_and_all_others_stay_in_order(name, mode):
    """In real documents, at every rate."""
    may_go = TELEGRAM if mode == "balanced" else TELEGRAM | PREPOSITIONS | PERSONAL | RELATIVE | {"as", "so"}
    text = DOCUMENTS[name]
    result = ProseCompressor().compress(text, ask(text, mode=mode))
    shown = MARKER.sub("", result.text).partition("\n")[2] if isinstance(result, Compressed) else text

    assert words(shown, may_go) == words(text, may_go)


@pytest.mark.parametrize("mode", ["balanced", "compact"])
def test_numbers_negations_names_and_paths_survive(mode):
    """Whatever goes around them."""
    shown = view_of(TEXT, mode)
    kept = [
        "eu-west-1",
        "3 of 5",
        "not safe",
        "/var/lib/orders without",
        "nobody may",
        "until",
        "src/cache/session.py",
        "12 unless",
    ]
    kept += [
        "never been told",
        "2026-03-04",
        "41.7 percent fewer errors",
        "must set MAX_RETRIES",
        "--no-retry",
        "out of memory",
    ]

    for part in [*kept, "because", "but"]:
        assert shown.count(part) >= 12, part


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("the disk of the server is full and the log is not written", "disk server full and log is not written"),
        ("Alice was asked by the team to review a change", "Alice was asked by team to review change"),
        ("we found that the cache is the reason", "we found cache reason"),
        ("restart the node that failed and the one behind the gate", "restart node that failed and one behind gate"),
        ("3 of 5 checks are red, and one of the hosts is down", "3 of 5 checks red, one of hosts is down"),
        ("Is the cache full? Are they there?", "Is cache full? Are they there?"),
        ("most of them have failed and the rest has 12 errors", "most of them failed and rest has 12 errors"),
        ("the job ran out of memory", "job ran out of memory"),
        ('the report said: "the disk is not the cause of it"', 'report said: "the disk is not the cause of it"'),
        ("it is graded A or B by the team of five", "it is graded A or B by team of five"),
        ("run `git log --the` in the folder", "run `git log --the` in folder"),
    ],
)
def test_how_sentences_read(sentence, shown):
    """No voice turns, no count is lost, and quotations stay as they were said."""
    text = text_of(f"{sentence}.") if sentence[-1] != "?" else text_of(sentence)

    assert view_of(text).split(shown)[1:], view_of(text)[:200]


def test_a_short_text_stays_whole():
    """So little is read whole: what it would save is less than what it takes to read a part."""
    assert view_of(" ".join(SENTENCES)) == " ".join(SENTENCES)


def test_compact_leaves_out_more():
    """Prepositions and pronouns between words that say enough."""
    assert len(view_of(TEXT, "compact")) < len(view_of(TEXT))


def test_lossless_keeps_prose_whole():
    """Words can only be left out."""
    assert view_of(TEXT, "lossless") == TEXT
    assert isinstance(ProseCompressor().compress(TEXT, ask(TEXT, mode="lossless")), Refused)


def test_each_passage_names_its_lines_and_is_read_whole():
    """Words left out are announced once for each passage, and its reference leads to all of it."""
    ctx = SharedContext("gpt-4o")
    text = "\n\n".join([TEXT] * 2)
    entry = ctx.put("report", text)

    assert len(entry.omitted) == len(MARKER.findall(entry.view.text)) > 1
    for span in entry.omitted:
        assert ctx.read(span.reference) == text[span.start : span.end]
        assert f"[{span.label} omitted]" in entry.view.text
    first = entry.omitted[0]
    assert ctx.read(f"{first.reference.partition(' ')[0]} words of {first.label.removeprefix('words of ')}") is not None


OTHERS = {
    "Chinese": "部署已停止,因为健康检查失败了三次。没有备份就删除订单是不安全的。" * 60,
    "Arabic": "توقف النشر لأن فحص الصحة فشل ثلاث مرات ولا يجوز حذف الطلبات بدون نسخة احتياطية. " * 60,
    "Hindi": "तैनाती रोक दी गई क्योंकि स्वास्थ्य जाँच तीन बार विफल रही और बैकअप के बिना आदेश हटाना सुरक्षित नहीं है। " * 60,
    "Russian": "Развёртывание остановлено, потому что проверка не прошла трижды, и удалять заказы без копии нельзя. " * 60,
    "German": "Die Auslieferung wurde gestoppt, weil die Prüfung dreimal fehlgeschlagen ist, und niemand darf sie starten. "
    * 60,
    "French": "Le déploiement a été arrêté parce que le contrôle a échoué trois fois, et personne ne doit le relancer. " * 60,
}


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_pass(language):
    """None is garbled, alone or between paragraphs of English."""
    text = OTHERS[language]

    assert view_of(text) == text
    assert text in view_of(f"{TEXT}\n\n{text}\n\n{TEXT}")


def test_a_document_of_other_parts_has_its_words_shortened():
    """Between tables and fences, too."""
    rows = "\n".join(f"| part {n} | {n * 31 % 97} |" for n in range(60))
    half = TEXT[: TEXT.index("\n\n", len(TEXT) // 2)]
    text = f"# Report\n\n{half}\n\n| part | count |\n|---|---|\n{rows}\n\n{TEXT}\n"
    ctx = SharedContext("gpt-4o")
    entry = ctx.put("report", text)

    assert entry.view.text.count("lock is released") == text.count("lock is released")
    assert "The deployment of the service" not in entry.view.text
    for span in entry.omitted:
        assert ctx.read(span.reference) == text[span.start : span.end]


def test_what_is_no_prose_stays():
    """Headings, lists of names, code without a fence, and short remarks between paragraphs."""
    rest = "# The state of the service\n\n- the first item\n- a second\n\n    for a in the_list:\n        the(a)\n\nThe end.\n"

    assert rest in view_of(f"{TEXT}\n\n{rest}")


def test_speakers_and_items_keep_their_lines():
    """Who speaks stands where it stood, and nothing is judged by what another speaker said."""
    turns = [f"Ms. Ortiz: {SENTENCES[0]}", f"- {SENTENCES[1]}", f"A: {SENTENCES[2]}"]
    shown = [line for line in view_of("\n".join(turns * 30)).split("\n") if line]

    assert [line.partition(" ")[0] for line in shown] == [turn.partition(" ")[0] for turn in turns * 30]


@given(
    st.lists(st.sampled_from([*SENTENCES, "", "# The end", "日本語の文。", "a = b(c)", "x\u2028y", "\ud800 the"]), max_size=40)
)
def test_lines_hold_their_words(lines):
    """Line by line, what stays is a part of what stood there, in order."""
    text = "\n".join(lines)
    result = ProseCompressor().compress(text, ask(text))
    if isinstance(result, Compressed):
        shown = [line for line in result.text.split("\n")[1:] if not MARKER.match(line)]
        assert len(shown) == len(lines)
        for after, before in zip(shown, lines, strict=True):
            rest = iter(before.split())
            assert all(word in rest for word in after.split())


@given(st.text(max_size=400))
def test_every_character_that_is_no_space_is_in_a_unit(text):
    """Nothing is lost between words."""
    line = text.replace("\n", " ")
    found = units_of(line, 0, len(line))

    assert "".join(unit.text for unit in found) == "".join(line.split())
    assert all(line[unit.start : unit.end] == unit.text for unit in found)


@given(st.lists(st.sampled_from(["", "  ", SENTENCES[0], SENTENCES[1] * 30, "code(); }"]), max_size=30))
def test_passages_are_ordered_and_disjoint(lines):
    """No line is in two."""
    at = 0
    for passage in passages(lines):
        assert at <= passage.start < passage.end <= len(lines)
        at = passage.end


def test_threads_make_the_same_views():
    """Eight puts at once."""
    found = []
    threads = [threading.Thread(target=lambda: found.append(view_of(TEXT))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
