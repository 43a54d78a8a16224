"""What code declares is read by its name."""

# ruff: noqa: E501  # samples read better with few breaks

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, errors, markers
from headroom_core.compressors.code.languages import LANGUAGES
from headroom_core.compressors.code.symbols import matching, plain_name, symbols
from headroom_core.handoff import read_for_agent
from headroom_core.markers import Named, Range
from headroom_core.selection import candidates, find, near_names

SHOP = '''"""Orders."""

import functools


@functools.cache
# What a customer pays.
def total(order):
    def line(item):
        return item.price * item.count

    return sum(map(line, order.items))


class Shop:
    """Sells."""

    def open(self):
        return True

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        self._name = name

    class Shelf:
        def total(self):
            return len(self)


def close(shop):
    shop.closed = True
'''
LINES = SHOP.split("\n")


def lines(first, last):
    """Return lines of the shop, counted from 1, both included."""
    return "\n".join(LINES[first - 1 : last])


@pytest.fixture
def shop():
    """Return a context that holds the shop, and its handle."""
    context = SharedContext(model="gpt-4o")
    return context, markers.handle_of(context.put("shop", SHOP, "coder", kind="code", language="python").digest)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("Shop.open", 18, 19),
        ("open", 18, 19),
        ("Shop#open", 18, 19),
        ("Shop::open()", 18, 19),
        ("Shop.name", 21, 27),
        ("Shop.Shelf", 29, 31),
        ("Shelf.total", 30, 31),
        ("total.line", 9, 10),
        ("Shop", 15, 31),
        ("close(shop)", 34, 35),
    ],
)
def test_a_symbol_is_read_as_it_stands(shop, said, first, last):
    """With its decorators and the comment above, by its name alone or behind what holds it."""
    context, handle = shop

    assert context.read("shop", symbol=said) == lines(first, last)
    if " " not in said:
        assert context.read(f"{handle} symbol {said}") == lines(first, last)


def test_a_name_in_full_goes_before_the_end_of_one(shop):
    """`total` is the function, though a method ends in it, too; its decorator belongs to it."""
    context, _ = shop

    assert context.read("shop", symbol="total") == lines(6, 12)


def test_a_name_that_means_several_things_names_them():
    """Nothing is guessed: the error has the candidates, and each of them reads."""
    text = SHOP + "\n\nclass Stand:\n    def open(self):\n        return False\n"
    context = SharedContext(model="gpt-4o")
    context.put("shop", text, language="python")

    with pytest.raises(errors.AmbiguousNameError, match="means 2 things; nothing was read") as caught:
        context.read("shop", symbol="open")
    assert [name for name, _ in caught.value.candidates] == ["Shop.open", "Stand.open"]
    assert [context.read(reference) for _, reference in caught.value.candidates] == [
        "    def open(self):\n        return True",
        "    def open(self):\n        return False",
    ]
    assert context.read("shop", symbol="Stand.open") == "    def open(self):\n        return False"


def test_the_reading_tool_tells_what_a_name_may_mean():
    """An agent gets the candidates, or the names that come near, and no exception."""
    text = SHOP + "\n\nclass Stand:\n    def open(self):\n        return False\n"
    context = SharedContext(model="gpt-4o")
    handle = markers.handle_of(context.put("shop", text, language="python").digest)

    assert lines(18, 19) in read_for_agent(context, f"{handle} symbol Shop.open")
    several = read_for_agent(context, f"{handle} symbol open")
    assert several == (
        f'Nothing was read: "{handle} symbol open" means 2 things. Read one of them: '
        f'"Shop.open" is {handle} lines 18-19; "Stand.open" is {handle} lines 39-40.'
    )
    assert 'Names like it: "Shop.open", "Stand.open".' in read_for_agent(context, f"{handle} symbol Shop.opne")


def test_what_is_not_there_is_a_miss(shop):
    """No entry, no such name, and a payload that is no code."""
    context, _ = shop
    context.put("data", '{"open": 1}')

    assert context.read("shop", symbol="nothing_like_it") is None
    assert context.read("data", symbol="open") is None
    assert context.read("nobody", symbol="open") is None


def test_one_selector_at_a_time(shop):
    """Two selectors, or an empty name, are refused at the call."""
    context, _ = shop

    with pytest.raises(errors.InvalidOptionError, match="lines and symbol must be one selector"):
        context.read("shop", symbol="open", lines=(1, 2))
    with pytest.raises(errors.InvalidOptionError, match="symbol must be a non-empty str"):
        context.read("shop", symbol="")
    with pytest.raises(errors.InvalidOptionTypeError):
        context.read("shop", symbol=3)


def test_it_is_read_in_a_thread_too(shop):
    """`aread` takes a symbol."""
    context, _ = shop

    assert asyncio.run(context.aread("shop", symbol="Shop.open")) == lines(18, 19)


def test_events_tell_that_it_was_a_symbol():
    """A hit is told by its lines, a miss as what was asked for."""
    told = []
    context = SharedContext(model="gpt-4o", on_event=told.append)
    context.put("shop", SHOP + "\n\nclass Stand:\n    def open(self): ...\n", kind="code", language="python")
    context.read("shop", symbol="Shop.name")
    context.read("shop", symbol="nothing")
    with pytest.raises(errors.AmbiguousNameError):
        context.read("shop", symbol="open")

    assert [(one.name, one.kind, one.reason) for one in told if one.name in {"read", "miss"}] == [
        ("read", "lines", None),
        ("miss", "symbol", "no such part"),
        ("miss", "symbol", "several of that name"),
    ]


def test_code_between_fences_and_in_strings_is_found():
    """In a document all fenced code is looked at; a string of JSON is named by its pointer."""
    go = "package a\n\nfunc Close() int {\n\treturn 1\n}\n"
    document = f"# The shop\n\nIt was:\n\n```python\n{SHOP}```\n\nand now:\n\n```go\n{go}```\n"
    context = SharedContext(model="gpt-4o")
    context.put("document", document)
    handle = markers.handle_of(context.put("result", {"file": "shop.py", "content": SHOP}).digest)

    assert context.read("document", symbol="Shop.open") == lines(18, 19)
    assert context.read("document", symbol="Close") == "func Close() int {\n\treturn 1\n}"
    assert context.read(f"{handle} symbol Shop.open of /content") == lines(18, 19).replace("\n", "\\n")
    assert context.read(f"{handle} symbol Shop.open") == lines(18, 19).replace("\n", "\\n")
    assert context.read("result", symbol="Shop.open") == lines(18, 19).replace("\n", "\\n")


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("go", "package a\n\n// Two.\ntype Box[T any] struct {\n\tx T\n}\n\nfunc (b *Box[T]) Get() T {\n\treturn b.x\n}\n", ["Box", "Box.Get"]),
        ("rust", "#[derive(Debug)]\n/// A.\nstruct Box<T> {\n    x: T,\n}\nfn one() {}\nimpl<T> Show for Box<T> {\n    fn show(&self) {}\n}\n", ["Box", "one", "Box", "Box.show"]),
        ("cpp", "namespace a {\ntemplate <class T>\nint Box<T>::get(int n) const {\n  return n;\n}\nenum Side { LEFT };\n}\n", ["a", "a.Box.get", "a.Side"]),
        ("ruby", "module A::B\n  class C < D\n    def self.x\n      1\n    end\n  end\nend\n", ["A.B", "A.B.C", "A.B.C.x"]),
        ("csharp", "class A {\n  public int Size { get; set; }\n  A() { }\n}\n", ["A", "A.Size", "A.Size.get", "A.Size.set", "A.A"]),
        ("typescript", "export function one(a: string): void;\nexport function one(a: any) {\n  return a;\n}\nconst two = (n: number) => {\n  return n;\n};\n", ["one", "two"]),
        ("lua", "function M.one(a)\n  return a\nend\n\nfunction M:two(a)\n  return a\nend\n", ["M.one", "M.two"]),
        ("sql", "CREATE TABLE a.orders (\n  id int\n);\nCREATE VIEW late AS SELECT 1;\n", ["a.orders", "late"]),
    ],
)  # fmt: skip
def test_names_are_put_together_alike_in_every_language(language, text, named):
    """With a point between what holds and what is held."""
    assert [one.name for one in symbols(text, language)] == named


def test_what_stands_above_belongs_to_it():
    """Attributes and comments, without a blank line between."""
    text = "use std::fmt;\n\n// Apart.\n\n/// A box.\n#[derive(Debug)]\nstruct Box;\n"

    assert [one.rows for one in symbols(text, "rust")] == [(4, 6)]


def test_a_class_goes_before_what_makes_it():
    """A class and its constructor bear one name: the class holds both."""
    text = "class Box {\n  Box(int x) { this.x = x; }\n  Box() { }\n}\n"

    assert [one.name for one in matching(symbols(text, "java"), "Box")] == ["Box"]
    assert len(matching(symbols(text, "java"), "Box.Box")) == 1  # the two constructors stand together


def test_strings_of_a_result_are_looked_into():
    """A tool's answer with several files: a name that is in two of them means both, each by its place."""
    context = SharedContext(model="gpt-4o")
    context.put("result", {"files": [{"path": "a.py", "text": SHOP}, {"path": "b.py", "text": SHOP.replace("close", "lock")}]})

    with pytest.raises(errors.AmbiguousNameError) as caught:
        context.read("result", symbol="Shop.open")
    assert [reference.partition(" of ")[2] for _, reference in caught.value.candidates] == ["/files/0/text", "/files/1/text"]
    assert context.read("result", symbol="lock").startswith("def lock(shop):")


@given(st.text(max_size=80))
def test_no_name_makes_it_fail(said):
    """Whatever is asked for, there is an answer; what is found is a part of the text."""
    named = Named(said)
    meant = candidates(SHOP, named)

    assert all(find(SHOP, one.part) for one in meant)
    assert isinstance(near_names(SHOP, named), list)
    assert plain_name(plain_name(said)) == plain_name(said)


@given(st.text(max_size=200), st.sampled_from([None, *LANGUAGES]))
def test_no_text_makes_it_fail(text, language):
    """Whatever the code, its symbols stand on lines of it."""
    last = text.count("\n")

    assert all(
        0 <= one.rows[0] <= one.rows[1] <= last for one in symbols(text + "\nint f() {}\n", language) if one.rows[1] <= last
    )


def test_a_reference_to_a_symbol_reads_as_it_is_written():
    """The grammar of references has names."""
    asked = Named("Shop.open", "/content", (3, 9))

    assert str(asked) == "symbol Shop.open of /content in lines 3-9"
    assert markers.parse_part(str(asked)) == asked
    assert markers.parse_reference("482913207615 symbol Shop.open") == ("482913207615", Named("Shop.open"))
    assert markers.parse_reference("482913207615 symbol two words") is None
    assert markers.parse_reference("482913207615 lines 3-4") == ("482913207615", Range("lines", 3, 4))
