"""Which rows of a table matter, told from the table alone."""

import random

from hypothesis import given
from hypothesis import strategies as st

from headroom_core.compressors.rows import FEW_ROWS, Column, choose, study

cells = st.one_of(
    st.lists(
        st.sampled_from(("ok", "bad", "", "null", "1", "2.5", "-7", "NaN", "Infinity", "1e999", "error: x")),
        min_size=1,
        max_size=60,
    ),
    st.lists(st.text(max_size=6), min_size=1, max_size=60),
    st.lists(st.integers(-9, 9**9).map(str), min_size=1, max_size=60),
)


def chosen(keep, *columns):
    """Return the rows that are shown of columns, given by name and cells."""
    rows = len(columns[0][1])
    return choose(study([Column(name, values) for name, values in columns], rows), rows, keep)


@given(cells, st.integers(1, 80))
def test_rows_come_once_in_order_and_with_both_ends(values, keep):
    """Whatever the cells, the choice is in order and within the table, and with room for a few rows it has both ends."""
    rows = chosen(keep, ("a", values))

    assert rows == sorted(set(rows))
    assert set(rows) <= set(range(len(values)))
    assert len(rows) >= min(keep, len(values))
    if keep >= FEW_ROWS:
        assert {0, len(values) - 1} <= set(rows)


def test_a_rare_row_takes_the_place_of_the_last_where_there_is_next_to_no_room():
    """Of three rows two are shown, and one of them is the one unlike the others."""
    assert chosen(1, ("a", ["", "ok", ""])) == [0, 1]


@given(cells, st.integers(1, 20))
def test_the_choice_is_bounded(values, keep):
    """Rare rows and errors may take twice what was asked for and a few more, and no table takes all."""
    assert len(chosen(keep, ("error", values), ("b", values))) <= 2 * keep + 12


@given(cells)
def test_all_rows_are_chosen_where_all_fit(values):
    """Nothing is left out where nothing has to be."""
    assert chosen(len(values), ("a", values)) == list(range(len(values)))


def test_a_rare_word_comes_before_the_first_rows():
    """What nobody has heard of is found because it is rare."""
    assert 333 in chosen(6, ("state", ["ok"] * 333 + ["flombed"] + ["ok"] * 300))


def test_an_error_word_in_a_long_text_is_no_error():
    """A note that speaks of errors somewhere is not the state of its row."""
    text = "we spoke of the error budget " * 12
    values = [f"{text} {row}" for row in range(400)]
    found = study([Column("note", values)], 400)

    assert found.errors == []


def test_an_error_word_inside_another_word_is_none():
    """`libgpg-error-dev` in every row, or `terrors`, tells nothing; where it is in every row, an error is no news."""
    found = study([Column("package", ["libgpg-error-dev", "libgpg-error-doc"] * 200)], 400)

    assert found.errors == []


def test_outliers_on_both_sides_are_rare():
    """A number far from the middle half is noted, above and below."""
    rng = random.Random(5)  # noqa: S311  # data, no secret
    values = [str(rng.randint(90, 110)) for _ in range(500)]
    values[123], values[321] = "99000", "-5"

    assert set(study([Column("x", values)], 500).rare) == {123, 321}


def test_numbers_without_a_course_do_not_break_it():
    """Columns of one value, of nan and of infinities are passed over."""
    for values in (
        ["1"] * 50,
        ["NaN"] * 50,
        ["Infinity", "-Infinity", "NaN"] * 20,
        ["", "null"] * 30,
        ["1e308", "-1e308", "0"] * 30,
    ):
        assert chosen(5, ("x", values))


def test_cells_of_nested_rows_count_for_the_row_that_holds_them():
    """A column of inner records names its rows by `owners`."""
    values = ["done"] * 300
    values[150] = "flombed"
    found = study([Column("steps.state", values, owners=[place // 3 for place in range(300)])], 100)

    assert found.rare == [50]


def test_what_did_not_exit_with_zero_failed():
    """Of commands that ran, those that failed are shown before those that did not."""
    codes = ["0", "1", "0", "0", "2", "0", "1", "0"] * 9
    rows = chosen(30, ("cmd", [f"make part{n}" for n in range(72)]), ("exit_code", codes))

    assert [row for row, code in enumerate(codes) if code != "0" and row not in rows] == []


def test_a_message_unlike_all_others_is_rare():
    """Texts are alike when they differ in digits only."""
    texts = [f"request {n} took {n % 7} ms in all" for n in range(400)]
    texts[271] = "the replica lags behind by 91 s"

    assert 271 in chosen(12, ("said", texts))
