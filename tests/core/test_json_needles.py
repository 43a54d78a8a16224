"""The one thing that matters, among hundreds that do not, stands in the view, whatever it is called."""

import json
import random
import re

import pytest

from headroom_core import SharedContext
from tests.core import strategies as own

PLACES = (0, 1, 7, 137, 250, 361, 498, 499)


def orders(count=500):
    """Return a table in which no row stands out."""
    rng = random.Random(7)  # noqa: S311  # data, no secret
    return [
        {
            "id": 5_000 + row,
            "customer": f"{rng.choice(own.WORDS)} {rng.choice(own.WORDS)} {row}",
            "state": rng.choice(("open", "paid", "sent")),
            "total": rng.randint(1_000, 9_999),
            "created": f"2024-0{rng.randint(1, 9)}-{rng.randint(10, 28)}T12:00:00Z",
            "digest": f"{rng.getrandbits(160):040x}",
            "note": " ".join(rng.choice(own.WORDS) for _ in range(20)),
        }
        for row in range(count)
    ]


def shown(rows, **options):
    """Return the default view of some rows, which must be cut for the test to mean anything."""
    text = json.dumps(rows)
    view = own.crush(text, **options).text

    assert "omitted" in view
    return view


@pytest.mark.parametrize("place", PLACES)
class TestOneRowOfFiveHundred:
    """A needle anywhere in a table survives."""

    def test_an_error_member_that_only_one_row_has(self, place):
        """An `error` that was added to one record is shown with its words and its row."""
        rows = orders()
        rows[place]["error"] = "the card was declined by issuer 4471"
        view = shown(rows)

        assert "the card was declined by issuer 4471" in view
        assert f"{rows[place]['id']}," in view

    def test_a_member_with_an_unheard_of_name(self, place):
        """It need not be called an error: that only one row has it is enough."""
        rows = orders()
        rows[place]["zorblax"] = "quux-81"

        assert "quux-81" in shown(rows)

    def test_an_unheard_of_word_in_a_column_of_few_values(self, place):
        """A value that nobody listed as bad is found because it is rare."""
        rows = orders()
        rows[place]["state"] = "flombed"
        view = shown(rows)

        assert "flombed" in view
        assert f"{rows[place]['id']}," in view

    def test_a_value_of_another_shape(self, place):
        """Where every value is unlike the others, the one that is built otherwise stands out."""
        rows = orders()
        rows[place]["digest"] = "UNAVAILABLE (see #12)"

        assert "UNAVAILABLE (see #12)" in shown(rows)

    @pytest.mark.parametrize("outlier", [9_999_000, -4_711, 0.001e-9])
    def test_a_numeric_outlier(self, place, outlier):
        """A number a thousand times too large, a negative one, and one close to zero are shown."""
        rows = orders()
        rows[place]["total"] = outlier

        assert json.dumps(outlier) in shown(rows)

    def test_a_value_of_another_type(self, place):
        """A text in a column of numbers, null in a column of texts."""
        rows = orders()
        rows[place]["total"] = "unknown"
        rows[(place + 100) % 500]["state"] = None
        view = shown(rows)

        assert ",unknown," in view
        assert f"{rows[(place + 100) % 500]['id']}," in view

    def test_in_a_list_nested_in_a_row(self, place):
        """The odd record of a list inside a row is shown with its row."""
        rows = orders()
        for row in rows:
            row["steps"] = [{"step": word, "outcome": "done", "took": 5} for word in ("pick", "pack", "ship")]
        rows[place]["steps"][1]["outcome"] = "flombed"
        view = shown(rows)

        assert "flombed" in view
        assert f"{rows[place]['id']}," in view

    def test_in_a_record_nested_in_a_row(self, place):
        """The same in a record inside a record."""
        rows = orders()
        for row in rows:
            row["shipping"] = {"carrier": {"name": "post", "code": 7}, "zone": row["id"] % 4}
        rows[place]["shipping"]["carrier"]["name"] = "glim"

        assert "glim" in shown(rows)

    def test_in_every_form_and_mode(self, place):
        """Needles survive in compact views, in JSON views, and however the document is wrapped."""
        rows = orders()
        rows[place]["error"] = "the card was declined"
        for document in (rows, {"data": {"orders": rows}, "total": 500}, {f"key {row['id']}": row for row in rows}):
            for options in ({"mode": "compact"}, {"format": "json"}, {"mode": "compact", "format": "json"}):
                assert "the card was declined" in shown(document, **options), options


class TestManyErrors:
    """Errors are shown by kind before they are shown by number."""

    def test_forty_different_errors_are_all_shown(self):
        """Each distinct message stands in the view, once at least."""
        rows = orders(800)
        for number in range(40):
            rows[number * 19 + 3]["error"] = f"{own.WORDS[number % 20]} {own.WORDS[number // 2]} broke at step {number}"
        view = shown(rows)

        missing = [row["error"] for row in rows if "error" in row and row["error"] not in view]
        assert missing == []

    def test_of_three_hundred_error_rows_each_different_one_is_shown(self):
        """Where a third of the rows fail, one of each kind of failure is shown, and the view is still short."""
        rows = orders(1_000)
        kinds = [f"connection to {word} refused" for word in own.WORDS[:12]]
        for number in range(300):
            rows[number * 3]["error"] = kinds[number * number % 12] if number % 25 else kinds[number // 25]
        text = json.dumps(rows)
        view = shown(rows)

        assert [kind for kind in kinds if kind not in view] == []
        assert len(view) < len(text) / 3

    def test_error_rows_survive_wherever_they_are_nested(self):
        """Peers behaviour 21: in an envelope, in a table beside a larger one, in a map of records."""
        bad = {"id": 77, "status": "FAILED", "reason": "disk quota exceeded on node-7"}
        good = [{"id": row, "status": "ok", "reason": f"ran in {row} ms"} for row in range(400)]
        for document in (
            {"result": {"jobs": [*good[:123], bad, *good[123:]]}},
            {"large": orders(400), "jobs": [*good[:40], bad, *good[40:60]]},
            {"jobs": {f"job-{row['id']}": row for row in [*good[:200], bad, *good[200:]]}},
            [{"group": group, "jobs": good[group : group + 5] + [bad] * (group == 31)} for group in range(60)],
        ):
            assert "disk quota exceeded on node-7" in own.crush(json.dumps(document)).text


class TestSeries:
    """What a series of numbers does is shown, not only where it starts."""

    def test_the_change_of_a_level(self):
        """The rows where a measurement goes from one level to another are shown."""
        rng = random.Random(3)  # noqa: S311  # data, no secret
        rows = [{"second": row, "latency": rng.randint(20, 30) + (400 if row >= 317 else 0)} for row in range(600)]
        view = shown(rows)
        lines = view.split("\n")

        assert f"316,{rows[316]['latency']}" in lines
        assert f"317,{rows[317]['latency']}" in lines

    def test_the_gap_in_a_clock(self):
        """Where a steady counter jumps, both sides of the jump are shown."""
        rows = [
            {"stamp": 1_700_000_000 + 60 * row + (86_400 if row >= 211 else 0), "value": row * 13 % 97} for row in range(500)
        ]
        lines = shown(rows).split("\n")

        assert f"{rows[210]['stamp']},{rows[210]['value']}" in lines
        assert f"{rows[211]['stamp']},{rows[211]['value']}" in lines

    def test_first_and_last_row(self):
        """The ends of a table are shown."""
        rows = orders()
        view = shown(rows)

        for row in (rows[0], rows[-1]):
            assert f"{row['id']}," in view
            assert row["customer"] in view


def test_a_needle_is_redeemed_with_its_neighbours():
    """From a needle the reader gets at the rows around it: what is left out between shown rows is read by its marker."""
    rows = [
        {"second": row, "latency": row * 7 % 31 + (4_000 if row == 317 else 0), "load": row * 7919 % 1_009}
        for row in range(3_000)
    ]
    context = SharedContext("gpt-4o", mode="compact")
    entry = context.put("series", json.dumps(rows))
    omitted = [context.read(span.reference) for span in entry.omitted if span.label.startswith("rows")]
    read = [row["second"] for part in omitted for row in json.loads(f"[{part}]")]

    assert "317,4018," in entry.compressed
    assert read
    assert sorted([*read, *(int(found) for found in re.findall(r"^(\d+),\d+,\d+$", entry.compressed, re.MULTILINE))]) == list(
        range(3_000)
    )
