"""What stands before the view that is made next."""

from hypothesis import given
from hypothesis import strategies as st

from headroom_core import compress
from headroom_core.compressors.base import Refused
from headroom_core.prompt import Prompt
from headroom_core.testing import FakeCounter

TEXTS = st.lists(st.sampled_from(["", "a", "b", "c", "view of a"]), max_size=8)


@given(TEXTS, TEXTS)
def test_what_comes_later_is_in_no_tuple_that_was_given(start, more):
    """What is known is what stood there when it was asked for, in order, without empty texts."""
    prompt = Prompt("the task", start)
    before = prompt.before()
    prompt.add(*more)

    assert before == tuple(text for text in start if text)
    assert prompt.before()[: len(before)] == before
    assert prompt.query == "the task"


@given(TEXTS, TEXTS, TEXTS)
def test_branches_know_nothing_of_each_other(start, one, other):
    """They have the same start and the same query."""
    prompt = Prompt("the task", start)
    branch = prompt.branch()
    prompt.add(*one)
    branch.add(*other)

    assert prompt.before() == tuple(filter(None, [*start, *one]))
    assert branch.before() == tuple(filter(None, [*start, *other]))
    assert branch.query == "the task"


def test_messages_are_known_as_they_are_shown():
    """Each view of a list of messages is made for a reader that has read those before it."""
    asked = []

    class Recording:
        kind = "text"

        def compress(self, original, /, request):
            asked.append((original[:5], request.receiver))
            return Refused("recorded")

    first, second = "first words, one after the other. " * 40, "other words, one after the other. " * 40
    messages = [
        {"role": "user", "content": "Report."},
        {"role": "tool", "content": first},
        {"role": "assistant", "content": None},
        {"role": "user", "content": second},
        {"role": "tool", "content": second},
    ]
    shown = compress(
        messages, counter=FakeCounter(), kind="text", compressors={"text": Recording()}, known=["before all"], query="Report."
    )

    assert [(text, receiver.known, receiver.query) for text, receiver in asked] == [
        ("first", ("before all", "Report."), "Report."),
        ("other", ("before all", "Report.", shown[1]["content"], second), "Report."),
    ]
