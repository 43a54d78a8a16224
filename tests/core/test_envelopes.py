"""Long strings of a JSON document are compressed as what they hold, in place, and their references lead into the original."""

import hashlib
import json
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Place, Refused
from headroom_core.compressors.json_crusher import SmartCrusher
from headroom_core.compressors.json_crusher.envelopes import MOST_PARTS
from headroom_core.compressors.line_view import Lines, LineView
from headroom_core.compressors.room import room_chars
from headroom_core.router import Router, ViewOptions
from headroom_core.selection import find
from tests.core import strategies as own


class Ends:
    """Shows the first two lines of a text and the last two, and takes any text of eight lines or more that has no room."""

    kind = "text"

    def compress(self, original, /, request):
        """Return the view."""
        lines = Lines(original)
        room = room_chars(original, request)
        if len(lines) < 8 or room is None or len(original) <= room:
            return Refused("short enough")
        view = LineView(lines, request)
        view.show(0, 2)
        view.show(len(lines) - 2, len(lines))
        return view.finish()


def digest_of(text):
    """Return the digest of an original."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


OTHER_KINDS = (
    "text log build traceback table csv tsv search diff html xml code markdown transcript terminal yaml toml ini".split()
)
"""What a string may be taken for that is not JSON."""


def routed(text, **options):
    """Return the view of a text by SmartCrusher, which has strings compressed by `Ends`, and JSON in strings by itself."""
    compressors = {**dict.fromkeys(OTHER_KINDS, Ends()), "json": SmartCrusher(), "jsonl": SmartCrusher()}
    router = Router(counter=own.COUNTER, compressors=compressors, packaged=False, strict=True)
    return router.route(text, digest=digest_of(text), options=ViewOptions(**{"kind": "json", **options}))


def holds(text, view, *, within=None):
    """Check that spans are ordered and disjoint, and that every reference, and every marker, selects its span."""
    end = 0
    spans = {}
    for span in view.omitted:
        _, part = markers.parse_reference(span.reference)

        assert end <= span.start < span.end <= len(text), span
        assert find(text, part) == (span.start, span.end), span
        assert part.within == within
        end = span.end
        spans[part] = text[span.start : span.end]
    return spans


def log(lines, start=0):
    """Return a text of lines with what JSON escapes in each."""
    numbers = range(start, start + lines)
    return "\n".join(f'line {number}: "é" \\ \U0001f680\t{number * 7919 % 10_007} served' for number in numbers)


def ends(text, path):
    """Return what `Ends` shows of a string at `path`."""
    lines = text.split("\n")
    return "\n".join([*lines[:2], f"[lines 3-{len(lines) - 2} of {path} omitted]", *lines[-2:]])


LOG = log(900)
COUNT = LOG.count("\n") + 1


@pytest.mark.parametrize("style", ["minified", "spaced", "pretty", "escaped", "crlf"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_string_is_shown_as_what_it_holds(form, style):
    """The view of the string stands in place as a JSON string; what is left out is read as it stands in the original."""
    text = own.spell({"stdout": LOG, "exit_code": 1}, style)
    view = routed(text, format=form)
    spans = holds(text, view)

    body = view.text if form == "json" else view.text.split("\n", 1)[1]
    shown = json.loads(body)

    assert own.unpriced(shown["stdout"]) == ends(LOG, "/stdout")
    assert shown["exit_code"] == 1
    assert [str(part) for part in spans] == [f"lines 3-{COUNT - 2} of /stdout"]
    (read,) = spans.values()
    assert json.loads(f'"{read}"') == "\n".join(LOG.split("\n")[2:-2])


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_column_of_strings_is_shown_so_in_each_row(form):
    """The pointer of a cell's string names the row by its index."""
    rows = [{"role": "tool", "id": n, "content": log(300, n)} for n in range(5)]
    text = json.dumps({"messages": rows})
    view = routed(text, format=form)
    spans = holds(text, view)

    assert [str(part) for part in spans] == [f"lines 3-298 of /messages/{n}/content" for n in range(5)]
    for n, row in enumerate(rows):
        shown = json.dumps(ends(row["content"], f"/messages/{n}/content"), ensure_ascii=False)
        assert shown in own.unpriced(view.text)


def test_strings_of_json_lines_are_named_by_their_line():
    """Lines of JSON lines are items of a list, counted from 0 in a pointer."""
    text = "\n".join(json.dumps({"id": n, "content": log(200, n)}) for n in range(4))

    assert [part.path for part in holds(text, routed(text))] == [f"/{n}/content" for n in range(4)]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("depth", [1, 2])
def test_json_in_a_string_is_shown_as_json(depth, form):
    """Pointers lead on into strings that hold JSON, however often it is wrapped; its main table is named too."""
    items = [{"id": n, "name": f"item {n * 7919 % 10_007}", "state": "open"} for n in range(900)]
    inner = json.dumps({"items": items, "stdout": LOG})
    path = ""
    for level in range(depth):
        inner = json.dumps({f"level {level}": inner, "n": level})
        path = f"/level%20{level}{path}"
    view = routed(inner, format=form)
    spans = holds(inner, view)

    assert len(view.text) < len(inner) / 2
    assert {part.path for part in spans if part.unit == "rows"} == {f"{path}/items"}
    assert {part.path for part in spans if part.unit == "lines"} == {f"{path}/stdout"}
    if form == "json":
        shown = json.loads(view.text)
        for level in reversed(range(depth)):
            shown = json.loads(shown[f"level {level}"])
        assert own.unpriced(shown["stdout"]) == ends(LOG, f"{path}/stdout")


def test_a_string_in_the_deepest_json_keeps_head_and_tail():
    """Parts are taken out of parts four deep, and what is deeper is cut as it always was."""
    text = LOG
    for _ in range(6):
        text = json.dumps({"content": text})
    (part,) = holds(text, routed(text))

    assert (part.unit, part.path) == ("chars", "/content" * 3)


def test_the_only_table_of_json_in_a_string_is_named_by_the_string():
    """Rows of a list that is all that a string holds are `rows 3-9 of /result`."""
    rows = [{"id": n, "name": f"item {n * 7919 % 10_007}"} for n in range(2_000)]
    text = json.dumps({"n": 1, "result": json.dumps(rows)})
    spans = holds(text, routed(text))

    assert {part.path for part in spans} == {"/result"}
    for part, read in spans.items():
        assert json.loads(json.loads(f'"[{read}]"')) == rows[part.first - 1 : part.last]


class Calls:
    """A `compress_part` that notes what it is asked, and makes nothing of it."""

    def __init__(self, answer=None):
        self.asked = []
        self.answer = answer

    def __call__(self, text, place, /, *, target_tokens=None, kind=None, language=None):
        """Note the call."""
        self.asked.append((text, place, target_tokens))
        return self.answer(text, place) if self.answer else None


def asked(text, answer=None, **options):
    """Return SmartCrusher's view and what it had compressed."""
    calls = Calls(answer)
    place = options.pop("place", Place())
    request = replace(own.request_for(text, **options), compress_part=calls, place=place)
    return SmartCrusher().compress(text, request), calls.asked


def test_nothing_is_asked_where_nothing_is_cut():
    """A document that fits its room, and one that must lose nothing, cost no look at their strings."""
    assert asked(json.dumps({"stdout": LOG[:3_000]}))[1] == []
    assert asked(json.dumps({"stdout": LOG}), mode="lossless")[1] == []


def test_a_string_under_its_room_stays_whole():
    """Only the strings that would be cut are compressed."""
    text = json.dumps({"long": LOG, "short": log(20)})

    assert [place.path for _, place, _ in asked(text)[1]] == ["/long"]
    assert json.dumps(log(20), ensure_ascii=False) in routed(text).text


def test_what_stays_as_it_is_keeps_head_and_tail():
    """A string that nothing is made of is cut as any string: `Ends` refuses a single line."""
    text = json.dumps({"note": "word" + " word" * 9_000, "n": 1})
    view = routed(text)

    assert [part.unit for part in holds(text, view)] == ["chars"]
    assert view.text.count('"word ') == 2
    assert '"n":1' in view.text


def test_hashes_and_base64_are_not_looked_at():
    """They are named by what they are."""
    assert asked(json.dumps({"data": "QUJD" * 9_000, "hash": "0a" * 9_000}))[1] == []


def test_a_tiny_room_keeps_head_and_tail():
    """The markers of a view would fill it."""
    made, calls = asked(json.dumps({"stdout": LOG}), target=20)

    assert calls == []
    assert "omitted]" in own.unpriced(made.text)


def test_a_string_gets_its_share_of_the_room():
    """Two strings of a length get half each, and both together about the room of the document."""
    text = json.dumps({"a": LOG, "b": LOG[::-1], "n": 1})
    (_, _, first), (_, _, second) = asked(text)[1]
    (_, _, alone), *_ = asked(json.dumps({"a": LOG + LOG}))[1]

    assert first == pytest.approx(second, rel=0.1)
    assert first + second == pytest.approx(alone, rel=0.1)


def test_what_a_view_takes_beyond_its_room_costs_its_neighbours_nothing():
    """A diff may be shown nearly whole; what stands beside it is still there."""
    made, _ = asked(
        json.dumps({"diff": LOG, "exit_code": 1, "files": ["a", "b"], "last": {"x": 2}}),
        lambda text, _: Compressed(text=text[: len(text) * 7 // 10]),
    )

    assert '"exit_code":1,"files":["a","b"],"last":{"x":2}}' in made.text


def test_a_view_that_keeps_nearly_all_is_not_taken():
    """Where little is gained the string is cut as any; under a ceiling that holds for what is twice too long."""
    text = json.dumps({"diff": LOG, "exit_code": 1})

    for answer, options in ((0.95, {}), (0.5, {"target": 2_000})):
        made, calls = asked(text, lambda text, _, share=answer: Compressed(text=text[: int(len(text) * share)]), **options)
        assert calls
        assert len(made.text) < 0.4 * len(text)


def test_the_longest_strings_are_compressed_where_there_are_many():
    """The number of strings that are looked at is bounded."""
    # Each string has another length; a view has room for several hundred of them.
    texts = {f"k{n}": ("é w" * (400 + n))[: 800 + n] for n in range(1_000)}
    _, calls = asked(json.dumps(texts), target=400_000 // 2)

    lengths = sorted((len(text) for text in texts.values()), reverse=True)
    assert [len(text) for text, _, _ in calls if len(text) < lengths[MOST_PARTS - 1]] == []
    assert len(calls) <= MOST_PARTS


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_document_that_is_one_string(form):
    """It is named like a member without a name."""
    text = json.dumps(LOG)
    view = routed(text, format=form)

    assert [str(part) for part in holds(text, view)] == [f"lines 3-{COUNT - 2} of /"]
    shown = json.loads(view.text if form == "json" else view.text.split("\n", 1)[1])
    assert own.unpriced(shown[1] if form == "json" else shown) == ends(LOG, "/")


def test_a_document_that_is_one_string_of_json():
    """Its tables are named behind that."""
    rows = [{"id": n, "name": f"item {n * 7919 % 10_007}"} for n in range(2_000)]
    text = json.dumps(json.dumps({"items": rows}))

    assert {part.path for part in holds(text, routed(text))} == {"//items"}


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_object_that_names_a_key_twice(form):
    """Members of a name of their own are shown as in any object; those that share theirs are whole or left out."""
    long = json.dumps(LOG)
    text = f'{{"x":1,"x":{long},"stdout":{long},"exit_code":1}}'
    view = routed(text, format=form)
    spans = holds(text, view)

    assert [str(part) for part in spans] == [f"chars 7-{11 + len(long)}", f"lines 3-{COUNT - 2} of /stdout"]
    assert '"exit_code":1' in view.text
    assert view.text.count('"x":1') == 1


def test_a_view_in_a_string_is_not_compressed_again():
    """What is a view already has a header, which a second view would hide."""
    text = json.dumps({"content": f"{markers.header('482913207615', omits=True)}\n{LOG}"})

    assert asked(text)[1] == []


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_document_on_some_lines_of_a_larger_one(form):
    """All ranges are those of the larger document: rows and strings by its lines, characters by its offsets."""
    rows = [{"id": n, "name": f"item {n * 7919 % 10_007}"} for n in range(2_000)]
    document = json.dumps({"items": rows, "stdout": LOG, "note": "word " * 5_000}, indent=1)
    before = "# Report\n\n```json\n"
    whole = f"{before}{document}\n```\nThe end.\n"
    last = 3 + document.count("\n") + 1
    place = Place(part=True, char=len(before), line=3, within=(4, last))

    def answer(text, place):
        request = replace(own.request_for(text), place=place, target_tokens=100, handle=own.handle_of(whole))
        made = Ends().compress(text, request)
        return made if isinstance(made, Compressed) else None

    made, _ = asked(document, answer, format=form, place=place)
    units = set()
    for span in own.spans_of(made):
        _, part = markers.parse_reference(span.reference)

        assert find(whole, part) == (span.start + len(before), span.end + len(before)), span
        units.add((part.unit, part.path, part.within))

    main = (None, (4, last))
    assert units == {("rows", *main), ("lines", "/stdout", (4, last)), ("chars", None, None)}
    assert "[view" not in made.text
    assert f"of /stdout in lines 4-{last} omitted]" in own.unpriced(made.text)


@pytest.mark.parametrize("form", ["text", "json"])
def test_json_on_some_lines_of_a_text_in_a_string(form):
    """No pointer leads into it: what is left out of it is named by the characters of the string."""
    rows = [{"id": n, "name": f"item {n * 7919 % 10_007}"} for n in range(2_000)]
    document = json.dumps({"items": rows, "stdout": LOG}, indent=1)
    before = "# Report\n\n```json\n"
    whole = json.dumps({"content": f"{before}{document}\n```\n"})
    made, calls = asked(document, format=form, place=Place(part=True, char=len(before), line=3, path="/content"))

    assert calls == []
    ranges = list(own.ranges_in(made.text))
    spans = own.spans_of(made)
    assert {(part.unit, part.path) for part in ranges} == {("chars", "/content")}
    assert len(spans) == len(ranges)
    for span in spans:
        _, part = markers.parse_reference(span.reference)

        assert json.loads(f'"{whole[slice(*find(whole, part))]}"') == document[span.start : span.end]


def seconds(call):
    """Return how long a call takes, the least of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.parametrize("worst", ["\n", "\\", '"', "\U0001f600", "\\n", "[rows 1-2 omitted]\n", "\x00", '{"a":"'])
def test_time_grows_with_the_length(worst):
    """Whatever a string holds, twice as much takes about twice as long: its view, its spans, and reading one."""

    def work(size):
        text = json.dumps({"stdout": worst * (size // len(worst)), "n": 1})
        view = routed(text)
        for span in view.omitted[:3]:
            assert find(text, markers.parse_reference(span.reference)[1]) == (span.start, span.end)

    work(1_000)
    assert seconds(lambda: work(600_000)) < 3.5 * seconds(lambda: work(300_000))


# Properties.

PIECES = (
    ("a", "a"),
    (" ", " "),
    ("\n", "\\n"),
    ("\n", "\\u000a"),
    ("\n", "\\u000A"),
    ("\r", "\\r"),
    ("\t", "\\t"),
    ('"', '\\"'),
    ("\\", "\\\\"),
    ("/", "\\/"),
    ("é", "é"),
    ("é", "\\u00e9"),
    ("n", "n"),
    ("u", "u"),
    ("\U0001f600", "\U0001f600"),
    ("\U0001f600", "\\ud83d\\ude00"),
    ("\U0001f600", "\\uD83D\\uDE00"),
    ("\ud83d", "\\ud83d"),
)
pieces = st.lists(st.sampled_from(PIECES), max_size=40)
prefixes = st.sampled_from(("", " ", "\ufeff", '"x": "\\n\\u000a", '))


@given(pieces, prefixes, st.integers(0, 42), st.integers(0, 42))
def test_characters_of_a_string_are_those_it_stands_for(chosen, prefix, first, last):
    """A range of characters selects what stands for them, from the first escape to the last."""
    lead = f"{{{prefix}" if prefix.startswith('"') else f"{prefix}{{"
    text = f'{lead}"k" : "{"".join(raw for _, raw in chosen)}" }}'
    start = text.index('"k" : "') + len('"k" : "')
    at = [start + sum(len(raw) for _, raw in chosen[:place]) for place in range(len(chosen) + 1)]
    expected = (at[first], at[last]) if first < last <= len(chosen) else None

    assert find(text, markers.Range("chars", first, last, "/k")) == expected


@given(pieces, st.integers(1, 9), st.integers(1, 9))
def test_lines_of_a_string_end_with_the_line_feeds_it_stands_for(chosen, first, last):
    """Line ends are line feeds however they are escaped; that of the last line is not part of the range."""
    text = f'["{"".join(raw for _, raw in chosen)}"]'
    lines = [[]]
    for char, raw in chosen:
        if char == "\n":
            lines[-1].append(raw)
            lines.append([])
        else:
            lines[-1].append(raw)
    raws = ["".join(line) for line in lines]
    if raws[-1] == "":
        raws.pop()
    found = find(text, markers.Range("lines", first, last, "/0"))

    if first > last or first > len(raws):
        assert found is None
    else:
        end = len("".join(raws[:last]))
        closing = lines[min(last, len(raws)) - 1]
        ends_line = last <= len(lines) - 1 and closing and closing[-1] in {"\\n", "\\u000a", "\\u000A"}
        assert found == (2 + len("".join(raws[: first - 1])), 2 + end - (len(closing[-1]) if ends_line else 0))


@given(pieces, st.integers(1, 4), st.booleans(), st.data())
def test_characters_of_a_string_in_json_in_json(chosen, depth, ascii_only, data):
    """However often JSON is wrapped, what is selected decodes to what was asked for, and what is around it to the rest."""
    inner = "".join(char for char, _ in chosen if not "\ud800" <= char <= "\udfff") or "x"
    text, path = inner, ""
    for level in range(depth):
        text = json.dumps({"n": level, f"~/ {level}": [None, text]}, ensure_ascii=ascii_only, indent=level or None)
        path = f"/~0~1%20{level}/1{path}"
    first = data.draw(st.integers(0, len(inner) - 1))
    last = data.draw(st.integers(first + 1, len(inner)))
    start, end = find(text, markers.Range("chars", first, last, path))
    full = find(text, markers.Range("chars", 0, len(inner), path))

    parts = (text[start:end], inner[first:last]), (text[full[0] : start], inner[:first]), (text[end : full[1]], inner[last:])
    for raw, expected in parts:
        decoded = raw
        for _ in range(depth):
            decoded = json.loads(f'"{decoded}"')
        assert decoded == expected


long_texts = st.builds(
    lambda words, lines, end: end.join(f"{words} {line}" for line in range(lines)),
    st.text(st.sampled_from('ab "\\\té\U0001f600{}[]'), min_size=1, max_size=30),
    st.integers(1, 400),
    st.sampled_from(("\n", "\r\n", "\n\n")),
)
envelopes = st.recursive(
    st.one_of(long_texts, long_texts, st.integers(), st.none(), st.lists(st.integers(), max_size=60)),
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(("stdout", "a/b", "~ é", "", "0", "(x)")), inner, min_size=1, max_size=3),
        st.lists(inner, min_size=1, max_size=4),
        inner.map(json.dumps),
        st.lists(inner.map(lambda one: {"role": "tool", "content": one}), min_size=3, max_size=5),
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(
    envelopes.filter(lambda value: isinstance(value, (dict, list, str))),
    st.sampled_from(("text", "json")),
    st.sampled_from(("balanced", "compact")),
    st.sampled_from((None, None, 900, 250)),
    st.sampled_from(("minified", "pretty", "escaped")),
)
def test_every_reference_redeems_whatever_is_wrapped(value, form, mode, most, style):
    """Spans are ordered and disjoint, each is selected by its reference, and JSON views parse."""
    text = own.spell(value, style)
    view = routed(text, format=form, mode=mode, max_tokens=most)
    spans = holds(text, view)

    if form == "json":
        json.loads(view.text)
    for part in spans:
        if part.unit != "chars" and part.path is not None:
            assert str(part) in view.text.replace("\\\\", "\\")
    if view.text != text:
        assert view.tokens < own.COUNTER.count(text)
