"""Views of originals that somebody else keeps."""

import threading

import pytest

from headroom_core import errors, markers, viewer
from headroom_core.content import digest_and_size
from headroom_core.handoff import AIM, viewer_for
from headroom_core.testing import FakeCounter
from headroom_core.testing.adapters import payload
from headroom_core.viewer import Viewer


class Counting(FakeCounter):
    """Takes note of what it counts."""

    def __init__(self):
        super().__init__()
        self.counted = []

    def count(self, text):
        """Count, and take note."""
        self.counted.append(len(text))
        return super().count(text)


def test_a_view_names_its_original_by_its_handle():
    """Whoever keeps the original is found by it."""
    text = payload(rows=2_000)
    view = Viewer("gpt-4o").view(text)

    assert list(markers.handles_in(view.text)) == [markers.handle_of(digest_and_size(text)[0])]
    assert list(markers.handles_in(Viewer("gpt-4o", references=False).view(text).text)) == []


def test_what_was_shown_is_made_once():
    """A step that runs again costs a digest."""
    counter = Counting()
    made = Viewer(counter=counter)
    first = made.view(payload())
    counted = len(counter.counted)

    assert made.view(payload()) is first
    assert len(counter.counted) == counted
    assert made.view(payload(), query="another task") == first
    assert Viewer(counter=counter, remembered=0).view(payload()) == first


def test_few_views_are_remembered(monkeypatch):
    """By number, and by the length of what they were made of."""
    made = Viewer("gpt-4o", remembered=3)
    for number in range(6):
        made.view(payload(number, rows=20))
    monkeypatch.setattr(viewer, "REMEMBERED_CHARS", 8_000)
    long = Viewer("gpt-4o")
    for number in range(6):
        long.view(payload(number, rows=20))

    assert len(made._views) == 3
    assert 0 < len(long._views) < 4
    assert long._chars <= 8_000


def test_an_aim_is_a_goal_and_no_ceiling():
    """What can be shortened so far is; words of prose and what may not be missed take what they take."""
    text, prose = payload(), "The committee met on Tuesday and spoke at length about the harbour. " * 300
    made = Viewer("gpt-4o", aim=0.15)
    tokens = made.counter.count(text)

    assert made.view(text).tokens <= 0.15 * tokens
    assert made.view(text).tokens < Viewer("gpt-4o").view(text).tokens
    assert "9041" in made.view(text).text
    assert made.view(prose).text == Viewer("gpt-4o").view(prose).text


def test_adapters_aim_in_every_mode_but_one():
    """`lossless` has nothing to aim at: all stays."""
    text = payload()

    assert viewer_for("gpt-4o").view(text) == Viewer("gpt-4o", aim=AIM).view(text)
    assert viewer_for("gpt-4o", mode="lossless").view(text) == Viewer("gpt-4o", mode="lossless").view(text)


@pytest.mark.parametrize("aim", [0, -1, 1.5, "much", True])
def test_what_is_no_share_is_refused(aim):
    """At the call, with what it got."""
    with pytest.raises(errors.InvalidOptionError, match="aim must be a number greater than 0 and at most 1"):
        Viewer(aim=aim)


def test_views_are_made_from_any_thread():
    """The same ones."""
    made = Viewer("gpt-4o", remembered=2)
    found = {}

    def run(number):
        found[number] = [made.view(payload(one, rows=100)).text for one in range(4)]

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [found[number] for number in range(4)] == [found[0]] * 4
