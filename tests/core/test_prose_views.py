"""Views of prose: what a telegram leaves out goes, and everything that says something stays."""

import re
import threading
import time
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext
from headroom_core.compressors.base import Compressed, Refused
from headroom_core.compressors.prose import ProseCompressor
from headroom_core.compressors.prose.passages import passages
from headroom_core.compressors.prose.small_words import ARTICLES, BEING, POSSESSIVE
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

DOUBTFUL = "\n\n".join(
    [
        "A few tests passed in the night. There is a little hope for the rest. Take one tablet a day, or 10 mg twice a day.",
        "The attacker may have read the key, and the clerk must have cut it one at a time. The state has given them the key.",
        "If I had realized it, the server that has open issues would be down. The load is higher than that of the client.",
        "The results are worse than those of the users. The box is made of steel, and a third of the nodes is down by now.",
        "It is one of the hosts, and 3 of 5 are out of memory. Regardless of the user, this is of no use to the rest of them.",
        "The default was 10 and is now 20, and the rest stays as is in it. The disk is full, and so is the cache.",
        "After that the job stops, so that the disk is safe, except that the owner may go. The thief was sought by the town.",
        "If the test fails, and the retry fails, stop the job. The type-a laws, and, to the extent of it, the rest.",
        "You must not smoke, and drink the water. He acts on their behalf and works for The Times, and the fewer the better.",
        "Is the cache full of the files? And is the disk full? Who knows that the packages are rebuilt by the others.",
        "Option a is better than option b, so choose a or b, for the key of the one is not the key of the other.",
    ]
    * 12
)

MAY_GO = {"balanced": ARTICLES, "compact": ARTICLES | BEING | POSSESSIVE | {"of", "that"}}
"""All that a mode may leave out."""

MODES = pytest.mark.parametrize("mode", MAY_GO)
MARKER = re.compile(r"^\[words of lines \d+-\d+ omitted\]$", re.MULTILINE)


def view_of(text, mode="balanced"):
    """Return the view of a text that is prose, without header and markers."""
    entry = SharedContext("gpt-4o", mode=mode).put("k", text, kind="text")
    return MARKER.sub("", re.sub(r"\A\[view[^\n]*\]\n", "", entry.view.text))


def words(text, without=()):
    """Return the words of a text, but some."""
    return [word for word in re.findall(r"[\w.'/-]*\w", text) if word.lower() not in without]


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


@MODES
@pytest.mark.parametrize("name", DOCUMENTS)
def test_only_small_words_go_and_all_others_stay_in_order(name, mode):
    """In real documents, at every rate."""
    text = DOCUMENTS[name]
    result = ProseCompressor().compress(text, ask(text, mode=mode))
    shown = MARKER.sub("", result.text).partition("\n")[2] if isinstance(result, Compressed) else text

    assert words(shown, MAY_GO[mode]) == words(text, MAY_GO[mode])


@MODES
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

    for part in [*kept, "because", "out of memory"]:
        assert shown.count(part) >= 12, part


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("the disk of the server is full and the log is not written", "disk server full and log is not written"),
        ("Alice is asked by the team to review a change", "Alice is asked by team to review change"),
        ("we found that the cache is the reason for the delay", "we found cache reason for delay"),
        ("restart the node that failed and the one behind the gate", "restart node that failed and the one behind gate"),
        ("the report says the disk keeps its header in a block", "report says disk keeps header in block"),
        ("The clerk of The Hague and Mr. A met in the lobby of the town", "clerk of The Hague and Mr. A met in lobby town"),
        ("run `git log --the` in the folder of the user", "run `git log --the` in folder user"),
        ("**The state** of it (the first of the day) made the news", "**state** of it (first of day) made news"),
    ],
)
def test_how_sentences_read(sentence, shown):
    """In `compact`, which goes further."""
    found = view_of(f"{sentence}. {SENTENCES[2]} " * 100, "compact")

    assert shown in found, found[:200]


@MODES
@pytest.mark.parametrize(
    "kept",
    [
        *("A few tests", "a little hope", "one tablet a day", "10 mg twice a day", "one at a time"),
        *("may have read", "must have cut", "has given", "had realized", "has open issues"),
        *(
            "that of",
            "those of",
            "is made of",
            "a third of",
            "one of",
            "3 of 5",
            "out of memory",
            "Regardless of",
            "is of no use",
        ),
        *("was 10 and is now 20", "as is in", "so is", "was sought", "are rebuilt"),
        *("After that", "so that", "except that", "not smoke, and drink", "fails, and", "type-a", "and, to", "on their behalf"),
        *("for The Times", "the fewer", "And is", "the others", "Option a is", "choose a or b"),
    ],
)
def test_words_that_look_spare_and_are_not(kept, mode):
    """Without them the sentence says something else."""
    assert view_of(DOUBTFUL, mode).count(kept) == DOUBTFUL.count(kept) > 0


def test_a_short_text_stays_whole():
    """So little is read whole: what it would save is less than what it takes to read a part."""
    assert view_of(" ".join(SENTENCES)) == " ".join(SENTENCES)


def test_compact_leaves_out_more():
    """Forms of "be" and what joins, where nothing hangs on them."""
    assert len(view_of(TEXT, "compact")) < len(view_of(TEXT))


def test_a_ceiling_asks_for_the_shorter_form():
    """Before anything is cut."""
    ctx = SharedContext("gpt-4o")
    tokens = ctx.put("k", LONG).original_tokens
    compact = SharedContext("gpt-4o", mode="compact").put("k", LONG).compressed_tokens
    shown = ctx.view("k", max_tokens=compact)

    assert shown.tokens == compact < tokens
    assert "cut to come under" not in str(shown.notes)


def test_lossless_keeps_prose_whole():
    """Words can only be left out."""
    assert view_of(TEXT, "lossless") == TEXT
    assert isinstance(ProseCompressor().compress(TEXT, ask(TEXT, mode="lossless")), Refused)


def test_each_passage_names_its_lines_and_is_read_whole():
    """Words left out are announced once for each passage, and its reference leads to all of it."""
    ctx = SharedContext("gpt-4o")
    entry = ctx.put("report", LONG)

    assert len(entry.omitted) == len(MARKER.findall(entry.view.text)) > 1
    for span in entry.omitted:
        assert ctx.read(span.reference) == LONG[span.start : span.end]
        assert f"[{span.label} omitted]" in entry.view.text
    first = entry.omitted[0]
    assert ctx.read(f"{first.reference.partition(' ')[0]} {first.label}") == ctx.read(first.reference)


OTHERS = {
    "Chinese": "部署已停止,因为健康检查失败了三次。没有备份就删除订单是不安全的。" * 60,
    "Arabic": "توقف النشر لأن فحص الصحة فشل ثلاث مرات ولا يجوز حذف الطلبات بدون نسخة احتياطية. " * 60,
    "Hindi": "तैनाती रोक दी गई क्योंकि स्वास्थ्य जाँच तीन बार विफल रही और बैकअप के बिना आदेश हटाना सुरक्षित नहीं है। " * 60,
    "Russian": "Развёртывание остановлено, потому что проверка не прошла трижды, и удалять заказы без копии нельзя. " * 60,
    "German": "Die Auslieferung wurde gestoppt, weil die Prüfung dreimal fehlgeschlagen ist, und niemand darf sie starten. "
    * 60,
    "French": "On a dit que tu as raison, il y a un an on a eu tort, et a priori le contrôle a échoué trois fois ici. " * 60,
    "Dutch": "Het is de bedoeling dat we in de stad zijn, of in het dorp. In of op de tafel was het boek van de man. " * 60,
    "Spanish": "Me he ido a la casa, no he visto a mi padre, y es lo que hay. A la una es la hora de la comida de a dos. " * 60,
}


@MODES
@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_pass(language, mode):
    """None is garbled, alone or between paragraphs of English."""
    text = OTHERS[language]

    assert view_of(text, mode) == text
    assert text in view_of(f"{TEXT}\n\n{text}\n\n{TEXT}", mode)


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


def test_what_a_document_quotes_in_a_fence_stays():
    """It is somebody's words, though the words around it are shortened."""
    text = f"# Report\n\n{TEXT}\n\n```\n{TEXT}\n```\n\n## Parts\n\n{TEXT}\n"
    shown = SharedContext("gpt-4o").put("report", text).view.text

    assert f"```\n{TEXT}\n```" in shown
    assert len(shown) < len(text)


def test_what_is_no_prose_stays():
    """Headings, lists, code without a fence, settings, and short remarks between paragraphs."""
    rest = "# The state of the service\n\n- the first item\n- a second\n\n    for a in the_list:\n        the(a)\n\nThe end.\n"
    settings = "\n".join(
        f"{name}: the name of the {name} that is in the system, and of the rest" for name in ("user", "group", "role")
    )
    titles = "The Lord of the Rings\nThe Name of the Rose\nThe Old Man and the Sea\nA Tale of Two Cities from the Past\n"
    text = f"{TEXT}\n\n{rest}\n{settings}\n\n{titles}"

    assert view_of(text, "compact").endswith(f"{rest}\n{settings}\n\n{titles}")


def test_quotations_stay_as_they_were_said():
    """Of any form, over the ends of lines, and beside a mark that stands alone."""
    said = [
        '"the disk of the server is full and the\nlog of the node is not written"',
        "\u00abthe disk of the server is the cause\u00bb",
        "\u201cthe disk of the server is the cause\u201d",
        "\u2018the disk of the server is the cause\u2019",
        "[the docs of the app](https://example.org/the/app)",
        "<b title='the one'>",
    ]
    told = 'The 19" rack is labelled by the team. The report says {}, and the team of the day knows it to be from the start.'
    shown = view_of("\n\n".join(told.format(one) for one in said * 12), "compact")

    assert all(shown.count(one) == 12 for one in said)
    assert "\nreport says" in shown or ". report says" in shown


def test_lines_keep_their_ends_and_are_never_emptied():
    """Carriage returns, breaks of Markdown, and a line that holds a small word alone."""
    text = f"{SENTENCES[0]}  \r\nthe\r\n{SENTENCES[2]}\r\n\r\n" * 20
    shown = view_of(text)

    assert shown.count("\r\n") == text.count("\r\n")
    assert shown.count("\r\nthe\r\n") == 20
    assert shown.count("times.  \r\n") == 20


def test_headings_quoted_lines_and_comments_stay():
    """In the middle of a paragraph, too."""
    rest = [
        "### Installing a custom handler",
        "> The filename is always the first",
        "// the end of a file",
        ".. image:: the of a",
    ]
    shown = view_of("\n".join([*SENTENCES, *rest, *SENTENCES] * 12))

    assert all(shown.count(line) == 12 for line in rest)


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
    result = ProseCompressor().compress(text, ask(text, mode="compact"))
    if isinstance(result, Compressed):
        shown = [line for line in result.text.split("\n")[1:] if not MARKER.match(line)]
        assert len(shown) == len(lines)
        for after, before in zip(shown, lines, strict=True):
            rest = iter(before.split())
            assert all(word in rest for word in after.split())


@given(st.text(max_size=400) | st.text(alphabet="a the\"'`([<>)]}.!\u201c\u201d\u2018\u2019", max_size=200))
def test_every_character_that_is_no_space_is_in_a_unit(text):
    """Nothing is lost between words."""
    line = text.replace("\n", " ")
    found = list(units_of(line, 0, len(line)))

    assert "".join(unit.text for unit in found) == "".join(line.split())
    assert all(line[unit.start : unit.end] == unit.text for unit in found)


@given(st.lists(st.sampled_from(["", "  ", SENTENCES[0], SENTENCES[1] * 30, "code(); }"]), max_size=30))
def test_passages_are_ordered_and_disjoint(lines):
    """No line is in two."""
    at = 0
    for passage in passages(lines):
        assert at <= passage.start < passage.end <= len(lines)
        at = passage.end


@pytest.mark.parametrize(
    "text",
    [
        "." * 200_000 + "a",
        "(" * 200_000 + "a",
        '"the ' * 50_000,
        "`the " * 50_000,
        "the " * 100_000,
        "'a " * 50_000,
        "<a " * 50_000,
    ],
    ids=["stops", "brackets", "quotation marks", "backticks", "articles", "apostrophes", "tags"],
)
def test_no_text_takes_long(text):
    """The time grows with the length."""
    start = time.perf_counter()
    list(units_of(text, 0, len(text)))

    assert time.perf_counter() - start < 20


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
