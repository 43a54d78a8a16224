"""A viewer that tells what it was told, and whose views read differently wherever anything of that differs."""

import dataclasses
import hashlib
from itertools import pairwise

from headroom_core.payload import View
from headroom_core.viewer import Viewer


@dataclasses.dataclass(frozen=True)
class Asked:
    """One view: what it was made of, what it was made for, and what was shown."""

    text: str
    known: tuple
    query: str | None
    shown: str


def telling(asked, *, broken=(), whole=()):
    """Return a class of viewers that add to `asked`. They fail at the texts in `broken`, and those in `whole` pass."""

    class Telling(Viewer):
        def view(self, text, *, known=(), query=None, **options):
            assert isinstance(known, tuple)
            if text in broken:
                msg = "out of order"
                raise RuntimeError(msg)
            view = View(text=text, tokens=0) if text in whole else super().view(text, known=known, query=query, **options)
            if view.text != text:
                told = hashlib.sha256(repr((known, query)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
                view = View(text=f"{view.text}\n(made for {told})", tokens=view.tokens + 20, omitted=view.omitted)
            asked.append(Asked(text, known, query, view.text))
            return view

    return Telling


def assert_start_kept(prompts):
    """Check that each prompt, a list of texts, begins with all of the one before."""
    assert len(prompts) > 1
    for one, longer in pairwise(prompts):
        assert len(longer) > len(one)
        assert longer[: len(one)] == one


def assert_known_is_read(asked, prompts):
    """Check that each view stands in a prompt, a list of texts, behind all that it was told is known, and not behind itself."""
    whole = ["\0".join(prompt) for prompt in prompts]
    for one in asked:
        assert one.text not in one.known
        before = [prompt[: prompt.index(one.shown)] for prompt in whole if one.shown in prompt]
        assert before, "a view that no model was given"
        assert any(all(text in start for text in one.known) for start in before), "something else is said to be known"
