"""Views of prose: what a telegram leaves out goes, and everything that says something stays."""

import re
import threading
import time
from collections import Counter
from itertools import cycle, islice, permutations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext
from headroom_core.alarms import NEGATIONS
from headroom_core.compressors.base import Compressed, Refused
from headroom_core.compressors.line_view import Lines
from headroom_core.compressors.prose import ProseCompressor
from headroom_core.compressors.prose.passages import Passage, passages
from headroom_core.compressors.prose.runs import runs_of
from headroom_core.compressors.prose.sentences import denies, sentences_of, values_of
from headroom_core.compressors.prose.units import units_of
from headroom_core.compressors.prose.writing import GONE, PassageWriter
from headroom_core.errors import InvalidOptionError
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


def paragraphs(count):
    """Return a text of sentences of which none stands there twice."""
    orders = islice(cycle(list(permutations(SENTENCES))[:720:60]), count)
    return "\n\n".join(" ".join(f"{one[:-1]} in run {n}." for one in order) for n, order in enumerate(orders))


TEXT = paragraphs(12)
LONG = paragraphs(48)

DOUBTFUL = "\n\n".join(  # noqa: FLY002  # one paragraph a line
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
        "It was William the Conqueror who came, and the dog of Alexander the Great that the people of the town saw.",
        "It pays 60 dollars a share. The patient had reduced mobility, and they want it. Keep clear of the door of the mill.",
        "The police arrested Smith, and Jones fled. We do not know which was deleted. It failed in 1200 of the cases.",
        "The bank was again sued, and the hole that they saw in it is 12 mm wide.",
        "Option a is better than option b, so choose a or b, for the key of the one is not the key of the other.",
    ]
)

MODES = pytest.mark.parametrize("mode", ["balanced", "compact"])
RATES = pytest.mark.parametrize("rate", [0.9, 0.7, 0.5, 0.3, 0.05])
MARKER = re.compile(r"^\[(?:\d+ sentences? and )?words of lines \d+-\d+ omitted\]$", re.MULTILINE)


WORDS = [
    ["clerk", "guard", "owner", "baker"],
    ["mill", "bridge", "harbour", "market"],
    ["sold", "saw", "kept", "found"],
    ["barrels", "ropes", "lanterns", "wheels"],
    ["friends", "debts"],
]


class ByLetter:
    """Scores words by their first letter."""

    name = "by letter"

    def scores(self, texts):
        """Return a score for each word."""
        return [[(ord(word[0].lower()) % 32) / 32 for word in words] for words in texts]


class Indifferent:
    """Scores all words alike, so that sentences go by their length alone, or stay."""

    name = "indifferent"

    def __init__(self, score=0.5):
        self.score = score

    def scores(self, texts):
        """Return the score, for each word."""
        return [[self.score] * len(words) for words in texts]


def view_of(text, mode="balanced", **options):
    """Return the view of prose, without header and markers; no sentence goes, but the ones that are said again."""
    prose = ProseCompressor(scorer=Indifferent(1.0), **options)
    entry = SharedContext("gpt-4o", mode=mode, compressors={"text": prose}).put("k", text, kind="text")
    return MARKER.sub("", re.sub(r"\A\[view[^\n]*\]\n", "", entry.view.text))


def compressed(text, mode="balanced", **options):
    """Return what the compressor makes of a text, without header and markers."""
    result = ProseCompressor(**options).compress(text, ask(text, mode=mode))
    return MARKER.sub("", result.text).partition("\n")[2] if isinstance(result, Compressed) else text


def said(text):
    """Return a text without the words that a telegram leaves out."""
    lines = Lines(text)
    whole = Passage(0, len(lines))
    made = PassageWriter(lines, ask(text), ()).view(whole, list(runs_of(lines, whole)))
    return text if made is None else made.text.rpartition("\n")[0]


def words(text):
    """Return the words of a text."""
    return re.findall(r"[\w.'/-]*\w", text)


def bare(text):
    """Return a text without its articles."""
    return re.sub(r"\b(?:the|an?) ", "", text, flags=re.IGNORECASE)


def follow(part, whole):
    """Tell whether all words of a list stand in another one, in order."""
    rest = iter(whole)
    return all(word in rest for word in part)


class TestProseCompressor(CompressorConformance):
    """The contract of compressors."""

    def make_compressor(self):
        """Return one."""
        return ProseCompressor()

    def payloads(self):
        """Return prose."""
        return [TEXT, TEXT.replace(" ", "  "), TEXT.replace("\n\n", "\r\n\r\n")]

    def foreign_payloads(self):
        """Return what is none."""
        return ["", "# A heading\n", "Ein Satz, den niemand auf Englisch liest, und noch einer, der genauso lang ist. " * 20]


@RATES
@pytest.mark.parametrize("name", DOCUMENTS)
def test_words_stay_in_order_and_none_is_made_up(name, rate):
    """In real documents, at every rate."""
    text = DOCUMENTS[name]

    assert follow(words(compressed(text, rate=rate).replace(GONE, "")), words(text))


@RATES
@pytest.mark.parametrize("name", DOCUMENTS)
def test_numbers_identifiers_and_paths_survive(name, rate):
    """In real documents, at every rate: each stands in the view, though a sentence that says it again may go."""
    lines = Lines(DOCUMENTS[name])
    shown = compressed(lines.text, rate=rate)
    values = {value for passage in passages(lines.texts) for run in runs_of(lines, passage) for value in values_of(run.units)}

    assert not [value for value in values if value not in shown and value not in shown.lower()]


@RATES
@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_denied_stays_denied(name, rate):
    """In real documents, at every rate: a sentence that denies something stays, with the word that does."""
    lines = Lines(DOCUMENTS[name])
    shown = compressed(lines.text, rate=rate)
    denied = Counter(
        unit.low
        for passage in passages(lines.texts)
        for run in runs_of(lines, passage)
        for start, end in sentences_of(run.units)
        if denies(run.units[start:end])
        for unit in run.units[start:end]
        if unit.low in NEGATIONS
    )

    assert not denied - Counter(unit.low for unit in units_of(shown, 0, len(shown)))


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=60), st.sampled_from([0.8, 0.5, 0.1]))
def test_no_number_negation_or_path_goes(sentences, rate):
    """By any rule, at any rate."""
    text = " ".join(sentences)
    values = {"eu-west-1", "3 of 5", "not safe", "/var/lib/orders without", "nobody may", "src/cache/session.py", "12 unless"}
    values |= {"never been told", "2026-03-04", "41.7 percent fewer errors", "must set MAX_RETRIES", "--no-retry"}
    shown = compressed(text, rate=rate)

    assert all(value in shown for value in values if value in text)
    assert all(said(text).count(value) == text.count(value) for value in values)


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("the disk of the server is full and the log is not written", "disk of server is full and log is not written"),
        ("Alice is asked by the team to review a change", "Alice is asked by team to review change"),
        ("we found that the cache is the reason for the delay", "we found cache is reason for delay"),
        ("restart the node that failed and the one behind the gate", "restart node that failed and the one behind gate"),
        ("The clerk of The Hague and Mr. A met in the lobby of the town", "clerk of The Hague and Mr. A met in lobby of town"),
        ("run `git log --the` in the folder of the user", "run `git log --the` in folder of user"),
        ("**The state** of it (the first of the day) made the news", "**state** of it (first of day) made news"),
        ("a fort which was built in 1562, and fell", "fort built 1562, and fell"),
        ("the key says 'the driver's licence is the one' and the rest", "key says 'the driver's licence is the one' and rest"),
    ],
)
def test_how_sentences_read(sentence, shown):
    """Who did what to whom, where and when, stays told."""
    assert said(f"{sentence}.\n" * 20).startswith(f"{shown}.\n")


KEPT = [
    *("A few tests", "a little hope", "one tablet a day", "10 mg twice a day", "one at a time", "60 dollars a share"),
    *("may have read", "must have cut", "has given", "had realized", "has open issues", "had reduced mobility"),
    *("that of", "those of", "is made of", "a third of", "one of", "3 of 5", "out of memory", "Regardless of", "clear of"),
    *("is of no use", "was 10 and is now 20", "as is in", "so is", "was sought", "are rebuilt", "was again sued"),
    *("After that", "so that", "except that", "not smoke, and drink", "fails, and", "type-a", "and, to", "on their behalf"),
    *("for The Times", "the fewer", "And is", "the others", "Option a is", "choose a or b", "in 1200 of"),
    *("William the Conqueror", "Alexander the Great", "arrested Smith, and Jones", "know which was deleted", "12 mm wide"),
]


@pytest.mark.parametrize("kept", KEPT)
def test_words_that_look_spare_and_are_not(kept):
    """Without them the sentence says something else."""
    assert said(DOUBTFUL).count(kept) == DOUBTFUL.count(kept) > 0


@pytest.mark.parametrize(
    "sentence",
    [
        *("Do not give aspirin.", "Never give him penicillin.", "Do not reboot it.", "It is not safe.", "Only Ann may sign."),
        *("You must not do this.", "No fracture was seen.", "He has no allergies.", "The motion was not carried."),
        *(
            'The name of it is "silver fox".',
            "Call `a b` there.",
            "Take a look at _flush and go.",
            "It will cost forty of them.",
        ),
        *(
            "It was sent to the U.S. Navy.",
            "Give approx. 57 of it.",
            "It must not exceed max. 58 bar.",
            "Ask Gen. Lee of no. 59.",
        ),
    ],
)
def test_short_sentences_that_say_what_counts_stay_whole(sentence):
    """However little else they say."""
    text = paragraphs(6) + f"\n\nThere was a lot that people had to say about it. {sentence} And so it went on for them.\n\n"
    shown = compressed(text + paragraphs(6), rate=0.05, scorer=Indifferent(0.0))

    assert bare(sentence) in bare(shown)


def test_who_speaks_stays_where_only_some_lines_of_a_turn_go():
    """And numbers at the start of wrapped lines are no items."""
    turn = "{}: There was a lot that the people had to say.\nGive her {} mg of it, and bring it down to\n{}. That is it."
    turns = [turn.format(who, n + 100, n) for n, who in enumerate(["Ann", "Bob"] * 30, start=17)]
    shown = compressed("\n\n".join(turns), scorer=Indifferent(0.0))

    assert re.findall(r"^\w+: (\S+)$", shown, re.MULTILINE) == [GONE] * 60
    assert all(re.search(rf"\n{n}\.(?:\s|$)", shown) for n in range(17, 77))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_signs_stand_once(end):
    """Where a run of sentences goes over lines and paragraphs."""
    dull = "There was a lot that people had to say about it, and so on for them."
    text = end.join(f"{dull} {dull}{end}{end}{dull} Run {n} has ended. {dull}{end}" for n in range(60))
    shown = ProseCompressor(scorer=Indifferent(0.0)).compress(text, ask(text)).text

    assert not re.search(r"\[…\]\s+\[…\]", shown)
    assert shown.count("has ended") == 60


def test_sounds_and_signs_of_speech_go_and_measures_stay():
    """Where a text holds many of them."""
    speech = "\n".join(f"Ann: Uh , we have um {{laugh}} {n} mm of it , you know , and they want it there ." for n in range(90))
    notes = "\n\n".join(f"Send it to {{order_id}} of job {n} and then wait for them um 8 Uhr, as they said." for n in range(90))

    assert "uh" not in compressed(speech).lower() + " "
    assert "{laugh}" not in compressed(speech)
    assert compressed(speech).count("mm of it") == 90
    assert compressed(notes).count("um 8 Uhr") == compressed(notes).count("{order_id}") == 90


def test_a_short_text_stays_whole():
    """So little is read whole: what it would save is less than what it takes to read a part."""
    assert view_of(" ".join(SENTENCES)) == " ".join(SENTENCES)


def test_compact_leaves_out_more():
    """More sentences."""
    shown = [compressed(TEXT, mode, scorer=Indifferent(0.12)) for mode in ("balanced", "compact")]

    assert len(shown[1]) <= len(shown[0]) < len(TEXT)


def test_a_ceiling_asks_for_the_shorter_form():
    """Before anything is cut."""
    ctx = SharedContext("gpt-4o")
    tokens = ctx.put("k", LONG).original_tokens
    shown = ctx.view("k", max_tokens=tokens * 3 // 4)

    assert tokens // 2 < shown.tokens <= tokens * 3 // 4
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
    told = 'The 19" rack of team {0} is labelled. The report says {1}, and the team of day {0} knows it from the start.'
    shown = view_of("\n\n".join(told.format(n, one) for n, one in enumerate(said * 12)), "compact")

    assert all(shown.count(one) == 12 for one in said)
    assert ". report says" in shown


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
    turns = [f"{who} {SENTENCES[n % 3][:-1]} in run {n}." for n, who in enumerate(["Ms. Ortiz:", "-", "A:"] * 30)]
    shown = [line for line in view_of("\n".join(turns)).split("\n") if line]

    assert [line.partition(" ")[0] for line in shown] == [turn.partition(" ")[0] for turn in turns]


@given(
    st.lists(st.sampled_from([*SENTENCES, "", "# The end", "日本語の文。", "a = b(c)", "x\u2028y", "\ud800 the"]), max_size=40)
)
def test_what_is_shown_stood_there_in_order(lines):
    """Word by word, and no line is made up."""
    text = "\n".join(lines)
    result = ProseCompressor().compress(text, ask(text, mode="compact"))
    if isinstance(result, Compressed):
        shown = [line.replace(GONE, "") for line in result.text.split("\n")[1:] if not MARKER.match(line)]
        assert follow(" ".join(shown).split(), text.split())
        assert all(any(follow(line.split(), before.split()) for before in lines) for line in shown)


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
        "You should select the thing that you want and then they go. " * 8_000,
        'the cat had wanted it, and the dog, and the pig had wanted what it saw with "x." ' * 4_000,
        "* " * 50_000,
        "( " * 50_000,
        "the " * 100_000,
        "'a " * 50_000,
        "<a " * 50_000,
    ],
    ids=[
        "stops",
        "brackets",
        "quotation marks",
        "backticks",
        "select",
        "quoted ends",
        "stars",
        "opened",
        "articles",
        "apostrophes",
        "tags",
    ],
)
def test_no_text_takes_long(text):
    """The time grows with the length."""
    prose = "There was a lot that they had to say about it, and this is what they saw. " * 40 + text
    start = time.perf_counter()
    list(units_of(text, 0, len(text)))
    ProseCompressor(scorer=Indifferent(0.0)).compress(prose, ask(prose))

    assert time.perf_counter() - start < 20


def test_what_is_said_again_goes_first():
    """A sentence that stood there before tells nothing new, whatever its score; numbers and names in it stand there once."""
    text = "\n\n".join(f"Run {n} has ended. {SENTENCES[0]} The team of shift {n} has seen it." for n in range(40))
    shown = view_of(text)

    assert shown.count("eu-west-1") == 1
    assert shown.count(GONE) == 39
    assert all(f"shift {n} has seen" in shown for n in range(40))


def test_a_sentence_is_whole_or_gone():
    """Nothing is cut in the middle, and a sign stands where one is gone."""
    sentences = [f"The {a} of the {b} {c} the {d} and all its {e}." for a, b, c, d, e in product(*WORDS)]
    text = "\n\n".join(" ".join(sentences[start : start + 6]) for start in range(0, len(sentences), 6))
    shown = compressed(text, rate=0.5, scorer=ByLetter())
    there = [one for one in sentences if said(f"{one}\n" * 20).partition("\n")[0] in shown]

    assert 0 < len(there) < len(sentences)
    assert len(words(shown.replace(GONE, ""))) == sum(len(words(said(f"{one}\n" * 20).partition("\n")[0])) for one in there)
    assert shown.count(GONE) <= len(sentences) - len(there)


def test_a_quotation_is_there_or_gone_whole():
    """What somebody said in several sentences is not cut between them."""
    quotation = '"There was a lot of it. And so it went on for run {n}. They all had it there."'
    told = "\n\n".join(f"There was a lot of it there. He said {quotation.format(n=n)} And so they went." for n in range(60))
    shown = compressed(told, scorer=Indifferent(0.0))

    assert all(quotation.format(n=n) in shown for n in range(60))
    assert shown.count(GONE) > 60


@pytest.mark.parametrize("rate", [0.8, 0.6])
def test_a_rate_is_met(rate):
    """About: the tokens of words are guessed, and exact counts are for ceilings."""
    sentences = [f"The {a} of the {b} {c} the {d} and all its {e}." for a, b, c, d, e in product(*WORDS)]
    text = "\n\n".join(" ".join(sentences[start : start + 6]) for start in range(0, len(sentences), 6))
    ctx = SharedContext("gpt-4o", compressors={"text": ProseCompressor(rate=rate)})
    entry = ctx.put("k", text, kind="text")

    assert abs(entry.compressed_tokens / entry.original_tokens - rate) < 0.05


@pytest.mark.parametrize("rate", [0, -0.5, 1.5, "half", True])
def test_a_rate_that_means_nothing_is_refused(rate):
    """At once."""
    with pytest.raises(InvalidOptionError, match="rate must be a number greater than 0 and at most 1, or None, got"):
        ProseCompressor(rate=rate)


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
