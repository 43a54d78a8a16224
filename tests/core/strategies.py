"""Documents for property tests, the request they are compressed under, and what the tests of JSON views ask of a view."""

# ruff: noqa: A002, E501, RUF001  # `format` as the API has it; lists of odd strings

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Request
from headroom_core.compressors.json_crusher import SmartCrusher
from headroom_core.payload import Format, Mode, OmittedSpan
from headroom_core.testing import FakeCounter
from tests.core.json_decoder import exact

DATA = Path(__file__).parent.parent / "data"
COUNTER = FakeCounter(3)


def data_files() -> list[Path]:
    """Return the real JSON files of `tests/data`, smallest first."""
    return sorted((path for ext in ("json", "jsonl") for path in DATA.rglob(f"*.{ext}")), key=lambda path: path.stat().st_size)


def handle_of(text: str) -> str:
    """Return the handle of an original."""
    return markers.handle_of(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def request_for(
    text: str, *, mode: Mode = "balanced", format: Format = "text", target: int | None = None, references: bool = True
) -> Request:
    """Return the request that the router would make, but with a counter that needs no vocabulary."""
    handle = handle_of(text) if references else None
    tokens = -(-len(text) // 3)
    return Request(mode=mode, counter=COUNTER, original_tokens=tokens, target_tokens=target, format=format, handle=handle)


def crush(
    text: str, *, mode: Mode = "balanced", format: Format = "text", target: int | None = None, references: bool = True
) -> Compressed:
    """Return what SmartCrusher makes of a JSON text; it is a mistake of the test when it refuses."""
    made = SmartCrusher().compress(text, request_for(text, mode=mode, format=format, target=target, references=references))
    assert isinstance(made, Compressed), made
    return made


def spans_of(made: Compressed) -> tuple[OmittedSpan, ...]:
    """Return the omitted spans, found if they were still to be found."""
    return made.omitted() if callable(made.omitted) else made.omitted


# Documents of any shape, and how they are spelled.


@dataclass(frozen=True)
class Spelled:
    """A number as it is to be written."""

    text: str


@dataclass(frozen=True)
class Members:
    """The members of an object that may name a key twice."""

    pairs: tuple[tuple[str, Any], ...]


SPELLINGS = (
    "0", "-0", "-0.0", "0.10", "1.10", "1.0", "1E5", "1e5", "1E+05", "100000", "-1.5e-7", "1e400", "1e-400", "12345678901234567890",
    "9" * 400, "-" + "8" * 5_000, "0.1000000000000000055511151231257827", "NaN", "Infinity", "-Infinity",
)  # fmt: skip
"""Numbers that a careless parser would write otherwise."""

LOOK_ALIKES = (
    "", " ", " x", "x ", "null", "true", "1", "-0", "1E5", "NaN", "-", "--", "a,b", "a, b", "(x)", "x)", "[", "]", "{}", "[]", '"', '"a"',
    "{id}", "{name}/{id}", "{(key)}", "{", "}", "a=b", "=a", "~", "~null", "a~b", "name=1", ".", "a.b", "[rows 1-2 omitted]",
    "[view; nothing omitted]", "[view of 482913207615; read omitted parts by handle and range]", "table: 3 rows", "list /a: 3 rows",
    "(table /a)", "http://x/1/{y}", "a\nb", "\r\n", "\t", "\x00", "\x01", "\x000\x00", "\x010\x01", "\u2028", "\x85", "\x7f", "é", "\U0001f680", "\ud800", "b\udfffc",
    "\\", "\\n", "\\u0041", "/", "a/b", "~1", "%2F", "0x10", "１", "1_000", "1,5", "2024-01-01",
)  # fmt: skip
"""Strings that look like something else: numbers, words of JSON, markers, headers, templates, names of columns."""

KEYS = (
    "id", "name", "a", "b", "a.b", "x=y", "", " ", "(key)", "(value)", "(1)", "k,", "{z}", "{id}", "url", "~t", "t~", "view", "é", "[]", "a[]", "[0]",
    '"', "\n", "\ud800", "table", "1", "null", "[rows 1-2 omitted]", "a/b", "~1", "%41",
)  # fmt: skip
"""Names of members that could be mistaken for a part of a table's header."""

_strings = st.one_of(st.sampled_from(LOOK_ALIKES), st.text(max_size=8))
_numbers = st.one_of(st.sampled_from(SPELLINGS).map(Spelled), st.integers(-1_000, 10**20), st.floats(allow_nan=False))
_scalars = st.one_of(st.none(), st.booleans(), _numbers, _strings, _strings)
_keys = st.one_of(st.sampled_from(KEYS), st.sampled_from(KEYS), st.text(max_size=3))


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(_keys, inner, max_size=5),
        st.lists(st.tuples(_keys, inner), min_size=2, max_size=4).map(lambda pairs: Members(tuple(pairs))),
    )


_values = st.recursive(_scalars, _containers, max_leaves=20)
_records = st.dictionaries(_keys, _values, min_size=1, max_size=6)


@st.composite
def _like_records(draw: st.DrawFn) -> list[Any]:
    """Return records that share most of their members: a table with constants, defaults, templates and exceptions."""
    base = draw(_records)
    shared = draw(st.lists(_keys, max_size=3))
    template = draw(st.sampled_from(("http://x/{}/y", "{}", "n{}", "{}{{id}}", "{} ")))
    rows = []
    for number in range(draw(st.integers(3, 12))):
        row: dict[str, Any] = {"id": number, **base}
        row.update((key, draw(_scalars)) for key in shared)
        if draw(st.booleans()):
            row["url"] = template.format(number)
        if draw(st.integers(0, 5)) == 0:
            row.update(draw(_records))
        if draw(st.integers(0, 9)) == 0:
            row.pop(next(iter(row)))
        if draw(st.integers(0, 9)) == 0:
            rows.append(draw(_values))
        rows.append(row)
    return rows


def _nested(rows: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(
            st.builds(lambda key, inner, number: {"n": number, key: inner}, _keys, rows, _scalars), min_size=3, max_size=5
        ),
        st.dictionaries(_keys, rows, max_size=3),
        st.lists(rows, max_size=2),
    )


documents: st.SearchStrategy[Any] = st.one_of(
    _like_records(),
    _like_records(),
    _nested(_like_records()),
    st.lists(_records, min_size=3, max_size=8),
    st.lists(_values, max_size=8),
    st.dictionaries(_keys, _values, max_size=6),
    st.lists(_scalars, min_size=25, max_size=40),
    st.dictionaries(st.text(max_size=3), _scalars, min_size=25, max_size=30),
    st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(_scalars, min_size=n, max_size=n), min_size=3, max_size=7)),
    st.builds(
        lambda keys, rows: dict(zip(keys, rows, strict=False)),
        st.lists(_keys, min_size=4, max_size=9, unique=True),
        _like_records(),
    ),
    st.lists(st.tuples(_keys, _like_records()), min_size=2, max_size=3).map(lambda pairs: [Members(tuple(pairs))]),
)
"""Documents of any shape; all are objects or lists. Write them with `spell`."""

styles = st.sampled_from(("minified", "spaced", "pretty", "escaped", "crlf"))


def spell(value: Any, style: str = "minified") -> str:
    """Write a document as JSON text in one of the ways that people and libraries write it."""
    item, colon = {"minified": (",", ":"), "escaped": (",", ":"), "spaced": (", ", ": ")}.get(style, (",", ": "))
    newline = {"pretty": "\n", "crlf": "\r\n"}.get(style)

    def container(open_: str, parts: list[str], close: str, depth: int) -> str:
        if newline is None or not parts:
            return f"{open_}{item.join(parts)}{close}"
        indent = newline + "  " * depth
        return f"{open_}{indent}  {f',{indent}  '.join(parts)}{indent}{close}"

    def write(value: Any, depth: int) -> str:
        if isinstance(value, Spelled):
            return value.text
        if isinstance(value, list):
            return container("[", [write(one, depth + 1) for one in value], "]", depth)
        if isinstance(value, dict | Members):
            pairs = value.items() if isinstance(value, dict) else value.pairs
            return container("{", [f"{write(key, 0)}{colon}{write(one, depth + 1)}" for key, one in pairs], "}", depth)
        return json.dumps(value, ensure_ascii=style != "spaced" or _has_surrogates(value))

    return write(value, 0)


def _has_surrogates(value: object) -> bool:
    return isinstance(value, str) and bool(re.search("[\ud800-\udfff]", value))


# Tables that are long enough to be cut, of plain data whose words can be told apart.

WORDS = "amber birch cedar delta ember flint grove hazel iris jade kelp lotus maple north olive pearl quartz river slate thyme".split()


def _uuid(rng: random.Random) -> str:
    return f"{rng.getrandbits(128):032x}"


_COLUMNS: dict[str, Callable[[random.Random, int], Any]] = {
    "constant": lambda rng, row: "Feature",
    "mostly": lambda rng, row: "active" if rng.random() < 0.95 else rng.choice(("paused", "gone", "errored")),
    "choice": lambda rng, row: rng.choice(("north", "south", "east", "west")),
    "counter": lambda rng, row: 1000 + row,
    "number": lambda rng, row: rng.randint(0, 10**9),
    "float": lambda rng, row: Spelled(f"{rng.random() * 100:.3f}"),
    "name": lambda rng, row: f"{rng.choice(WORDS)}-{rng.choice(WORDS)} {rng.randint(0, 99)}",
    "text": lambda rng, row: " ".join(rng.choice(WORDS) for _ in range(rng.randint(3, 160))),
    "hash": lambda rng, row: _uuid(rng),
    "link": lambda rng, row: f"https://example.org/{1000 + row}/{rng.choice(WORDS)}",
    "built": lambda rng, row: f"https://example.org/api/{1000 + row}/view",
    "date": lambda rng, row: f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T10:{rng.randint(0, 59):02}:00Z",
    "flag": lambda rng, row: rng.random() < 0.5,
    "maybe": lambda rng, row: None if rng.random() < 0.3 else rng.randint(0, 50),
    "record": lambda rng, row: {"city": rng.choice(WORDS), "zone": {"code": rng.randint(0, 9), "kind": "zone"}},
    "records": lambda rng, row: [
        {"sku": _uuid(rng)[:8], "count": rng.randint(1, 9), "kind": "item"} for _ in range(rng.randint(0, 4))
    ],
    "list": lambda rng, row: [rng.randint(0, 99) for _ in range(rng.randint(0, 30))],
    "mixed": lambda rng, row: rng.choice((1, "one", None, [1, 2], {"city": "amber"})),
    "pair": lambda rng, row: {"low": rng.random(), "high": [rng.random(), rng.random()]} if rng.random() < 0.8 else None,
}


def table(kinds: Sequence[str], rows: int, seed: int, absent: float = 0.0) -> list[Any]:
    """Return a table with columns of these kinds; the same arguments give the same table."""
    rng = random.Random(seed)  # noqa: S311  # data, no secret
    return [{kind: _COLUMNS[kind](rng, row) for kind in kinds if rng.random() >= absent} for row in range(rows)]


@st.composite
def tables(draw: st.DrawFn, most: int = 120) -> list[Any]:
    """Return tables of plain data."""
    kinds = draw(st.lists(st.sampled_from(sorted(_COLUMNS)), min_size=1, max_size=8, unique=True))
    return table(kinds, draw(st.integers(20, most)), draw(st.integers(0, 999)), draw(st.sampled_from((0.0, 0.0, 0.1))))


@st.composite
def long_documents(draw: st.DrawFn) -> Any:  # noqa: PLR0911  # one for each form
    """Return documents that a view has to cut: tables, also two in one, keyed, enveloped, long lists and long texts."""
    rows = draw(tables())
    form = draw(st.sampled_from(("table", "table", "envelope", "two", "keyed", "columns", "texts", "numbers", "deep")))
    if form == "envelope":
        return {"total": len(rows), "next": None, "data": {"items": rows, "note": " ".join(WORDS * 9)}}
    if form == "two":
        return {"first": rows, "second": draw(tables(60)), "meta": {"took": 3, "hosts": WORDS}}
    if form == "keyed":
        return {f"{WORDS[number % 20]}-{number}": row for number, row in enumerate(rows)}
    if form == "columns":
        return {
            "names": [f"{word} {number}" for number, word in enumerate(WORDS * 9)],
            "rows": [list(row.values()) for row in rows],
        }
    if form == "texts":
        return {
            "summary": "all is well",
            "sources": [{"title": WORDS[row % 20], "body": " ".join(WORDS * (row % 30))} for row in range(25)],
        }
    if form == "numbers":
        return {"values": [row * 7 % 101 for row in range(400)], "texts": [f"{WORDS[row % 20]} {row}" for row in range(200)]}
    if form == "deep":
        return {
            "a": {"b": {"c": rows, "d": {word: {"e": word * 3, "f": [1, 2, 3]} for word in WORDS}}},
            "z": " ".join(WORDS * 40),
        }
    return rows


def difference(found: Any, expected: Any, path: str = "") -> str | None:
    """Return where two parsed documents (see `exact`) differ first, in short, or None."""
    if type(found) is type(expected) and isinstance(found, list | tuple) and len(found) == len(expected):
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            told = difference(one, other, f"{path}/{place}")
            if told:
                return told
        return None
    return None if type(found) is type(expected) and found == expected else f"{path}: {found!r:.300} is not {expected!r:.300}"


# What stands in a view.

_PRICE = r"(?:; about [\d,]+ tokens)?"
_MARKER = re.compile(rf"\[[^\[\]\n]{{0,400}}? omitted{_PRICE}\]|\[columns .* omitted\]")
_SUMMARY = re.compile(r"\[omitted rows hold: .*\]")
_RANGE = re.compile(r"(?:rows|lines|chars) \d+-\d+(?: of /\S*)?$")
_TITLE = re.compile(r"(?:table|list)(?: /\S*)?: \d+ rows.*")


def unpriced(text: str) -> str:
    """Return a view whose markers say no prices, for expectations that are about something else."""
    return re.sub(rf"{_PRICE}\]", "]", text)


def ranges_in(text: str) -> Iterator[markers.Range]:
    """Yield the ranges that the markers of a view name; the payload must not hold texts that look like one."""
    for found in _MARKER.finditer(text):
        part = _RANGE.search(unpriced(found[0]).removesuffix(" omitted]"))
        if part:
            parsed = markers.parse_part(part[0])
            assert parsed is not None, found[0]
            yield parsed


def without_markers(text: str) -> str:
    """Return the lines of a text view that show payload: no header, titles, summaries and markers."""
    _, *lines = text.split("\n")
    return "\n".join(_MARKER.sub(" ", line) for line in lines if not (_SUMMARY.fullmatch(line) or _TITLE.fullmatch(line)))


def words(text: str) -> set[str]:
    """Return the words and numbers of a text."""
    return set(re.findall(r"\w+(?:\.\d+)?", text))


def leaves(value: Any) -> Iterator[str]:
    """Yield every name, string and number of a parsed document (see `exact`)."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo.extend(one)
        elif isinstance(one, tuple) and one[0] == "object":
            for key, inner in one[1]:
                yield key
                todo.append(inner)
        elif isinstance(one, tuple):
            yield one[1]
        else:
            yield one if isinstance(one, str) else {None: "null", True: "true", False: "false"}[one]


_JSON_MARKER = re.compile(rf"\[[^\n]* omitted{_PRICE}\]")


def json_view_body(text: str) -> Any:
    """Return the parsed body of a JSON view (see `exact`), without its header."""
    value = exact(text)
    if isinstance(value, list):
        assert value[0].startswith("[view"), value[0]
        return value[1:]
    (name, header), *rest = value[1]
    assert name.startswith("view"), name
    assert header.startswith("[view"), header
    return ("object", rest)


def is_part_of(shown: Any, whole: Any) -> bool:
    """Tell whether a value of a JSON view is the original's, but for what its markers stand for."""
    if isinstance(shown, str) and isinstance(whole, str):
        if shown == whole:
            return True
        found = _JSON_MARKER.search(shown)
        return found is not None and whole.startswith(shown[: found.start()]) and whole.endswith(shown[found.end() :])
    if isinstance(shown, str) and _JSON_MARKER.fullmatch(shown):
        return True  # a value that was left out as a whole
    if isinstance(shown, list) and isinstance(whole, list):
        rest = iter(whole)
        return all(
            any(is_part_of(item, one) for one in rest)
            for item in shown
            if not (isinstance(item, str) and _JSON_MARKER.fullmatch(item))
        )
    if isinstance(shown, tuple) and isinstance(whole, tuple) and shown[0] == whole[0] == "object":
        rest = iter(whole[1])
        return all(
            any(key == name and is_part_of(value, one) for name, one in rest)
            for key, value in shown[1]
            if not (value is None and _JSON_MARKER.fullmatch(key))
        )
    return bool(shown == whole)
