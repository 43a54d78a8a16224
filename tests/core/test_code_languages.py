"""Every language: whatever is put together, its view parses, keeps signatures word for word, and invents nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Refused
from headroom_core.compressors.code.languages import LANGUAGES
from headroom_core.compressors.code.parsing import parse
from headroom_core.compressors.code.symbols import symbols
from headroom_core.selection import find
from tests.benchmarks.code_files import signatures
from tests.core.code_samples import HANDLE, NAMES, assembled, sections, source, view_of

DECLARE_NOTHING = {"lua": 1, "sql": 2}
"""Sections that declare nothing: a callback, rows, and a query."""

MARKED = (" omitted]", " omitted; ", f"[view of {HANDLE}; ")


def assert_sound(name, text, made):
    """Check a view of a file of a language."""
    original, shown = parse(text, LANGUAGES[name]), parse(made.text, LANGUAGES[name])
    lines = set(text.split("\n"))

    assert not original.root.has_error
    assert not shown.root.has_error
    assert not shown.blanked
    assert [line for line in made.text.split("\n") if line not in lines and not any(sign in line for sign in MARKED)] == []
    for span in made.omitted:
        assert find(text, markers.parse_reference(span.reference)[1]) == (span.start, span.end)


def test_every_language_of_the_table_has_samples():
    """A language without them is not proved."""
    assert sorted(LANGUAGES) == NAMES


@pytest.mark.parametrize("name", NAMES)
@given(
    chosen=st.lists(st.integers(0, 20), min_size=3, max_size=16),
    mode=st.sampled_from(["balanced", "compact"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_a_view_is_sound_and_keeps_every_signature(name, chosen, mode, newline):
    """In any order, as often as one likes, with either line end."""
    text = assembled(name, chosen).replace("\n", newline)
    made = view_of(text, mode=mode, language=name)

    if name == "sql" and isinstance(made, Refused):  # whose bodies keep what a grammar asks for
        return
    assert isinstance(made, Compressed)
    assert_sound(name, text, made)
    assert [one for one in signatures(parse(text, LANGUAGES[name])) if one not in made.text] == []


@pytest.mark.parametrize("name", NAMES)
@given(chosen=st.lists(st.integers(0, 20), min_size=6, max_size=24), share=st.sampled_from([0.3, 0.15, 0.07, 0.03]))
def test_under_a_ceiling_a_view_is_sound_and_names_what_went(name, chosen, share):
    """Where there is no room for signatures, the names of what is declared stand in markers."""
    text = assembled(name, chosen)
    tokens = len(text) // 4
    made = view_of(text, language=name, original_tokens=tokens, target_tokens=int(share * tokens))

    assert isinstance(made, Compressed)
    assert_sound(name, text, made)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sql"])
def test_most_of_it_goes(name):
    """Without a budget for bodies, less than two thirds stay, though each sample is dense with declarations."""
    text = source(name, 24)

    assert len(view_of(text, mode="compact", language=name).text) < 0.67 * len(text)


@pytest.mark.parametrize("name", NAMES)
def test_every_function_is_read_by_its_name(name):
    """The number in a sample's name makes it the only one."""
    _, functions, _ = sections(name)
    text = source(name, len(functions))
    found = symbols(text, name)
    lines = text.split("\n")

    named = {
        number: [one for one in found if re.search(rf"(?<!\d){number}(?!\d)", one.name)] for number in range(len(functions))
    }

    assert sum(not any(ones) for ones in named.values()) == DECLARE_NOTHING.get(name, 0)
    for number, ones in named.items():
        assert not ones or any(str(number) in lines[row] for one in ones for row in range(one.rows[0], one.rows[1] + 1))


@pytest.mark.parametrize("name", NAMES)
def test_the_language_is_told_from_the_code(name):
    """Without a hint, and with a wrong one, code is shown all the same."""
    text = source(name)
    wrong = "rust" if name != "rust" else "python"

    for hint in (None, wrong):
        made = view_of(text, language=hint)
        assert isinstance(made, Compressed)
        if name not in {"c", "javascript", "typescript", "tsx"}:  # whose code others of the kin may read as well
            assert not parse(made.text, LANGUAGES[name]).root.has_error


def test_no_sign_is_taken_for_another():
    """Asterisks of pointers stand where they stood, in every line that is shown: nothing reads code as Markdown."""
    text = source("go")
    shown = [line for line in view_of(text, language="go").text.split("\n") if "*" in line and "// [" not in line]

    assert len(shown) >= 10
    assert set(shown) <= set(text.split("\n"))
