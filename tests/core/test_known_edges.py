"""What a view leaves out for what its prompt says must stand there in the same place, and what differs must show."""

# ruff: noqa: E501  # texts as somebody would write them

from __future__ import annotations

import json
import threading

import pytest

from headroom_core import SharedContext, View
from headroom_core.importance import words
from headroom_core.importance.needs import needs
from headroom_core.importance.said import KEPT_CHARS, Indexes
from headroom_core.importance.units import units_of

VENDORS = [
    f"- Vendor number {i} of the framework agreement, contract reference FRA-{i * 313:05d}, reviewed by the board\n"
    for i in range(20)
]


def viewed(text: str, *known: str, mode: str = "balanced", query: str | None = None) -> View:
    """Return the view of a text behind others in one prompt."""
    ctx = SharedContext(model="gpt-4o", mode=mode, strict=True)
    ctx.put("k", text)
    view = ctx.view("k", known=known, query=query)
    assert view is not None
    return view


def events(count: int = 40) -> list[str]:
    """Return lines of a log, each of its own."""
    return [
        f"2024-01-01 10:00:{i:02d} step {i} of the nightly reconciliation finished with checksum {i * 7919:05x}"
        for i in range(count)
    ]


# What stands in the prompt, but elsewhere.


def test_a_line_that_is_gone_from_a_file_is_seen_to_be_gone() -> None:
    """A file of which one line was deleted is not said to stand in the prompt as a whole."""
    before = events()
    after = before[:20] + before[21:]

    view = viewed("\n".join(after), "\n".join(before))

    assert before[19] in view.text or before[21] in view.text


def test_a_statement_that_is_gone_from_a_body_is_seen_to_be_gone() -> None:
    """A function that has lost a line, a check for one, is not `as above`."""
    check = "    if not source.owner.verified: raise NotVerified(source)\n"
    code = (
        "def transfer(source, target, amount):\n    ledger = open_ledger(source.owner, readonly=False)\n"
        "    if amount > source.balance: raise InsufficientFunds(source)\n"
        + check
        + "".join(f"    ledger.append_entry(kind='step_{i}', amount=amount, target=target)\n" for i in range(20))
        + "    ledger.commit_and_close()\n    return ledger.number\n"
    )

    view = viewed(code.replace(check, ""), code)

    assert "as above]" not in view.text or "InsufficientFunds" in view.text


def test_lines_in_another_order_are_not_as_above() -> None:
    """Two lines that changed places are shown: the order of a log is what it tells."""
    before = events()
    after = [*before]
    after[10], after[30] = after[30], after[10]

    view = viewed("\n".join(after), "\n".join(before))

    assert before[10] in view.text


def record(name: int, of: int) -> str:
    """Return a record of a YAML list with the values of another."""
    return (
        f"- service_name: svc-{name}\n  timeout_in_seconds: {30 + of}\n  retries_for_each_call: {3 + of}\n"
        f"  image_of_container: img-{of}\n  maximum_connections: {of * 2}\n"
    )


def test_values_of_another_record_are_not_as_above() -> None:
    """A YAML record that has got the values of another one shows them."""
    before = "services:\n" + "".join(record(i, i) for i in range(20))
    after = "services:\n" + "".join(record(i, 19 - i) for i in range(20))

    view = viewed(after, before)

    assert "timeout_in_seconds: 49" in view.text


def test_lines_that_moved_under_another_heading_are_not_as_above() -> None:
    """What was approved and is rejected now is shown."""
    before = "# Decision\n\n## Approved\n\n" + "".join(VENDORS[:10]) + "\n## Rejected\n\n" + "".join(VENDORS[10:])
    after = "# Decision\n\n## Approved\n\n" + "".join(VENDORS[10:]) + "\n## Rejected\n\n" + "".join(VENDORS[:10])

    view = viewed(after, before)

    assert "## Rejected" in view.text
    assert "## Rejected\n\n[lines 16-25 omitted; as above]" not in view.text


def test_rows_that_moved_to_another_table_are_not_as_above() -> None:
    """Users that were active and are suspended now are shown."""
    rows = [{"id": f"u-{i:03d}", "mail": f"person{i}@example.org", "score": i * 37 % 91 + 100} for i in range(40)]
    before = viewed(json.dumps({"active": rows[:20], "suspended": rows[20:]}))

    view = viewed(json.dumps({"active": rows[20:], "suspended": rows[:20]}), before.text)

    assert "u-000" in view.text


def test_a_row_that_is_gone_is_seen_to_be_gone() -> None:
    """A table without one of its rows is not said to stand in the prompt as a whole."""
    rows = [{"id": f"u-{i:03d}", "mail": f"person{i}@example.org", "score": i * 37 % 91 + 100} for i in range(40)]
    before = viewed(json.dumps(rows))

    view = viewed(json.dumps(rows[:20] + rows[21:]), before.text)

    assert "[rows 1-39 omitted; as above" not in view.text


def test_rows_under_other_columns_are_not_as_above() -> None:
    """CSV whose first two columns changed names shows its rows."""
    rows = "".join(
        f"ACC-{i:06d},ACC-{i * 7:06d},{i * 1313},payment for invoice number {i * 31} of the year\n" for i in range(40)
    )

    view = viewed(f"dst,src,amount_in_cents,reference\n{rows}", f"src,dst,amount_in_cents,reference\n{rows}")

    assert "omitted; as above" not in view.text


@pytest.mark.parametrize("indent", ["    ", ""])
def test_a_line_that_was_indented_is_not_as_above(indent: str) -> None:
    """In Python and YAML white space says what belongs to what."""
    before = "def f(items):\n" + "".join(
        f"    if items[{i}].is_ready_for_export():\n        exporter.send_to_the_archive(items[{i}])\n"
        f"        exporter.flush_the_buffers(items[{i}])\n"
        for i in range(15)
    )
    if not indent:
        before = "jobs:\n" + "".join(
            f"  stage_{i}:\n    script_to_run_before: make prepare-{i}\n        exporter.flush_the_buffers: level-{i}\n"
            for i in range(20)
        )

    view = viewed(before.replace("        exporter.flush", f"{indent}exporter.flush"), before)

    assert "as above" not in view.text


def test_numbers_that_count_rows_of_a_table_are_no_line_numbers() -> None:
    """Rows with other identifiers are other rows, although these go up by one."""
    rows = "{}  running  worker pool in region eu-west-1, autoscaled by the default policy of the team\n"
    before = "ID   STATE    POOL\n" + "".join(rows.format(i) for i in range(101, 121))
    after = "ID   STATE    POOL\n" + "".join(rows.format(i) for i in range(501, 521))

    view = viewed(after, before)

    assert "501" in view.text or "as above" not in view.text


def test_a_list_of_numbers_one_after_the_other_is_data() -> None:
    """Identifiers on lines of their own do not get lost for going up by one."""
    text = (
        "The orders that were hit by the outage are these:\n"
        + "".join(f"{i}\n" for i in range(10041, 10241))
        + "That is all.\n"
    )

    view = viewed(text, "Find the orders that were hit by the outage.")

    assert "10041" in view.text


# What differs from what the prompt says.

KNOWN = """The service keeps sessions in the cache, and the cache holds replicas in every region. The team wants to know whether the
service should keep sessions in the database or in the cache, whether the status of the payment service is active, how many replicas the
cache has, which option of the plan is right, whether the migration is done and whether the fix works. The old build was slow. Deploy the
release on Monday. The customer account is active. The balance changed to 250 last week. The value of alpha is larger than the value of
beta."""
TOLD = [
    "I looked at the service and at the cache in every region, and then at the sessions that the cache holds",
    "The team keeps sessions of the service in the cache and in the database, as the plan says about it",
    "The payment service and the cache have replicas in every region, and the team owns the retry policy there",
]


@pytest.mark.parametrize(
    "answer",
    [
        "The fix doesn't work.",
        "The fix doesn\u2019t work.",
        "This isn't the right option of the plan.",
        "We won't deploy the release.",
        "No.",
        "Not done.",
        "The answer is B.",
        "The service rejected the payment.",
        "The database is unreachable.",
        "The job was killed.",
        "There were errors in the build.",
        "Access is forbidden for the team.",
    ],
)
def test_an_answer_in_plain_words_is_shown(answer: str) -> None:
    """A short conclusion in the middle of what the prompt says in other words stays."""
    ends = "too again so now also still then here today later once ever".split()
    lines = [f"{TOLD[i % 3]} {end}." for i, end in enumerate(ends)]

    view = viewed("\n".join([*lines[:6], answer, *lines[6:]]), "Find out about the service.", KNOWN, *TOLD)

    assert answer in view.text


def test_a_value_that_changed_is_shown() -> None:
    """One changed word among lines that the prompt has is what the reader needs."""
    numbers = "one two three four five six seven eight nine ten eleven twelve".split()
    before = "\n".join(f"The service called number {number} has the status active in the region." for number in numbers)
    after = before.replace("seven has the status active", "seven has the status suspended")

    view = viewed(f"{after}\n{'pad 4711 ' * 100}", before)

    assert "suspended" in view.text


def test_facts_that_belong_together_stay_together() -> None:
    """Which flight has which price is not known from knowing all flights and all prices."""
    flights = [("HAT041", "07:00", 110), ("HAT056", "06:00", 155), ("HAT166", "09:00", 104), ("HAT138", "11:00", 185)]
    known = [f"flight {number}" for number, _, _ in flights] + [f"departure at {at} EST" for _, at, _ in flights]
    text = "These are the flights that I have found for the journey:\n\n" + "\n".join(
        f"{place}. **Flight Option {place}:**\n   - Flight Number: {number}\n   - Departure: {at} EST\n"
        f"   - The fare of that option is a price of: ${price}\n   - Seats: there are seats left in the cabin, of all kinds of fares\n"
        for place, (number, at, price) in enumerate(flights, 1)
    )

    view = viewed(
        f"{text}\nWhich one would you like?", "Find a flight. Seats in the cabin, of all kinds of fares.", "\n".join(known)
    )

    shown = [number for number, _, price in flights if f"${price}" in view.text and number not in view.text]
    assert not shown


# The promises.


def test_lossless_views_leave_nothing_out_for_what_is_known() -> None:
    """`lossless` takes re-encodings alone, in JSON as in text."""
    rows = json.dumps([{"id": f"u-{i:03d}", "mail": f"person{i}@example.org", "score": i * 37 % 91 + 100} for i in range(40)])
    before = viewed(rows, mode="lossless")

    view = viewed(rows, before.text, mode="lossless")

    assert view.omitted == ()


def test_fences_of_a_view_stay_in_pairs() -> None:
    """A view that shows the end of a block of code shows its beginning, or else all behind it reads as code."""
    code = "```python\ndef f():\n" + "".join(f"    value_{i} = compute_the_thing(value_{i})\n" for i in range(20))
    text = f"Here is what I found in the file about the values:\n\n{code}    return compute_new_thing_77(42)\n```\n\nThat is new in 7.31.\n"

    view = viewed(text, f"{code}```\n")

    assert view.text.count("```") % 2 == 0


def test_words_are_told_in_many_threads_while_the_cache_overflows(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread fails for what others have in the cache of words."""
    monkeypatch.setattr(words, "REMEMBERED", 50)
    failures: list[BaseException] = []

    def tell(number: int) -> None:
        try:
            for turn in range(300):
                units = [f"word{number}x{turn}x{i} beside" for i in range(20)]
                assert len(words.told_by(units)) == len(units)
        except BaseException as exc:  # noqa: BLE001  # whatever it was
            failures.append(exc)

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures


def test_a_long_word_is_not_remembered() -> None:
    """The cache of words keeps no payloads."""
    needs(units_of("Q7" * 50_000), Indexes().said_by(["x"]), "balanced")

    assert max(map(len, words._meanings)) < 1_000


def test_known_texts_are_forgotten_with_the_entries() -> None:
    """After `clear()` the context keeps nothing that was handed to it."""
    ctx = SharedContext(model="gpt-4o")
    ctx.put("k", "\n".join(events()))
    ctx.view("k", known=["a secret that somebody told"])
    ctx.clear()

    assert not any(prompt.texts for prompt in ctx._router.prompts._prompts)


def test_a_prompt_that_is_longer_than_what_is_kept_is_indexed_once_a_view() -> None:
    """The longest prompt is not indexed anew for every look."""
    prompts = Indexes()
    text = "x " * (KEPT_CHARS // 2 + 1)

    first, second = (prompts.said_by([text]) for _ in range(2))

    assert first._prompt is second._prompt


def test_more_prompts_than_a_few_are_kept_while_they_are_short() -> None:
    """Twenty agents in turns do not index all they know at each turn."""
    prompts = Indexes()
    texts = [[f"prompt {number} says something"] for number in range(16 + 4)]
    first = [prompts.said_by(known) for known in texts]
    second = [prompts.said_by(known) for known in texts]

    assert all(one._prompt is other._prompt for one, other in zip(first, second, strict=True))
