"""The router holds every compressor to the promises, and no compressor's failure costs more than its own saving."""

import logging

import pytest

from headroom_core.compressors.base import Compressed, Refused, WorkBudgetExceededError
from headroom_core.compressors.json_crusher import SmartCrusher
from headroom_core.errors import CompressionError
from headroom_core.router import SMALL_PAYLOAD_TOKENS, Router, ViewOptions
from headroom_core.testing import FakeCounter
from tests.core import strategies as own

TEXT = own.spell(own.table(["counter", "name", "choice", "text"], 200, seed=3))
DIGEST = "0" * 64


class Endless:
    """Works until its budget is spent."""

    kind = "json"

    def compress(self, original, /, request):
        """Never finish."""
        while True:
            request.budget.spend(len(original))


class Broken:
    """Raises what it was given."""

    kind = "json"

    def __init__(self, error):
        self.error = error

    def compress(self, original, /, request):
        """Fail."""
        raise self.error


class Answering:
    """Gives one answer to everything."""

    kind = "json"

    def __init__(self, answer):
        self.answer = answer

    def compress(self, original, /, request):
        """Answer."""
        return self.answer


def router(compressor=None, **options):
    """Return a router with one compressor of JSON, or with the package's own."""
    compressors = None if compressor is None else {"json": compressor}
    return Router(counter=FakeCounter(), compressors=compressors, packaged=compressors is None, **options)


@pytest.mark.parametrize(
    "compressor",
    [Endless(), Broken(RuntimeError("boom")), Broken(RecursionError()), Broken(MemoryError()), Broken(KeyError("x"))],
)
class TestFailure:
    """A compressor that fails, or runs past its budget."""

    def test_costs_its_own_saving_and_no_more(self, compressor, caplog):
        """The original passes with its tokens counted, the view says so, a warning is logged, and the failure is reported."""
        failures = []
        with caplog.at_level(logging.WARNING, logger="headroom_core"):
            one = router(compressor, on_failure=lambda *told: failures.append((told[-2], type(told[-1]))))
            view = one.route(TEXT, digest=DIGEST, options=ViewOptions(), name="the key")

        assert view.text == TEXT
        assert view.tokens == FakeCounter().count(TEXT)
        assert view.omitted == ()
        assert "the json compressor failed" in view.notes[0]
        assert "'the key'" in caplog.text
        assert failures == [("json", WorkBudgetExceededError if isinstance(compressor, Endless) else type(compressor.error))]

    def test_costs_no_other_payload_anything(self, compressor):
        """No breaker opens: after any number of failures another kind is compressed as ever."""
        healthy = router().route(TEXT, digest=DIGEST, options=ViewOptions())
        compressors = {"bad": compressor, "json": SmartCrusher()}
        mixed = Router(counter=FakeCounter(), compressors=compressors, packaged=False)
        for _ in range(9):
            mixed.route(TEXT, digest=DIGEST, options=ViewOptions(kind="bad"))

        assert mixed.route(TEXT, digest=DIGEST, options=ViewOptions()) == healthy

    def test_raises_where_strict(self, compressor):
        """`strict` raises an error that names the payload, from what the compressor raised."""
        with pytest.raises(CompressionError, match="'the key': the json compressor failed") as raised:
            router(compressor, strict=True).route(TEXT, digest=DIGEST, options=ViewOptions(), name="the key")

        assert isinstance(raised.value.__cause__, Exception)

    def test_still_comes_under_a_ceiling(self, compressor):
        """`max_tokens` holds for the original that passes, too."""
        view = router(compressor).route(TEXT, digest=DIGEST, options=ViewOptions(max_tokens=300))

        assert view.tokens <= 300
        assert view.transforms[0].startswith("ceiling:")


@pytest.mark.parametrize("text", [TEXT, TEXT + "!", "é" * len(TEXT)])
def test_a_view_that_is_not_shorter_is_dropped(text):
    """No more tokens, nor more bytes than the original, whatever a compressor says."""
    view = router(Answering(Compressed(text=text))).route(TEXT, digest=DIGEST, options=ViewOptions())

    assert view.text == TEXT
    assert view.transforms == ["router:json:1.00"]
    assert any("would not be shorter" in note for note in view.notes)


def test_fewer_tokens_with_more_bytes_are_dropped():
    """Both are promised."""
    text = "\U0001f680" * (len(TEXT) // 3)
    view = router(Answering(Compressed(text=text))).route(TEXT, digest=DIGEST, options=ViewOptions())

    assert view.text == TEXT


def test_a_refusal_is_a_note():
    """What is not of its kind passes, with the compressor's reason."""
    view = router(Answering(Refused("not of my kind"))).route(TEXT, digest=DIGEST, options=ViewOptions())

    assert view.text == TEXT
    assert view.notes == ("not of my kind; the original passes",)
    assert view.transforms == ["router:text:1.00"]


def test_small_payloads_pass_unchanged():
    """Whoever reads so little reads it whole, and no compressor is asked."""
    text = '{"error": "the card was declined"}' * 20
    view = router(Broken(RuntimeError())).route(text, digest=DIGEST, options=ViewOptions())

    assert view.tokens < SMALL_PAYLOAD_TOKENS
    assert view.text == text
    assert "passes as it is" in view.notes[0]


def test_the_transform_says_what_was_kept():
    """Its last field is the fraction of the tokens that is left."""
    view = router().route(TEXT, digest=DIGEST, options=ViewOptions())
    kept = view.tokens / FakeCounter().count(TEXT)

    assert view.transforms == [f"router:json:{kept:.2f}"]


@pytest.mark.parametrize("text", ["  [1]", "\n\t{}", "[", "{x"])
def test_what_opens_like_json_is_tried_as_json(text):
    """A wrong guess is harmless."""
    view = router().route(text + " word" * 500, digest=DIGEST, options=ViewOptions())

    assert view.text == text + " word" * 500
    assert "not valid JSON" in view.notes[0]


def test_the_kind_that_was_told_wins():
    """A hint of the caller overrules detection."""
    view = router(Broken(RuntimeError())).route(TEXT, digest=DIGEST, options=ViewOptions(kind="text"))

    assert view.text == TEXT
    assert not any("failed" in note for note in view.notes)


LOGLIKE = "".join(f"2026-01-01 10:00:{n % 60:02} INFO worker {n} started on host {n % 7}\n" for n in range(200))


def test_what_one_compressor_refuses_the_next_likely_one_gets():
    """Where a text was taken for what it is not, the view is that of what it is next like."""
    made = Compressed(text="short")
    chosen = Router(
        counter=FakeCounter(), compressors={"log": Answering(Refused("no log")), "csv": Answering(made)}, packaged=False
    )
    text = "2026-01-01 10:00:00;INFO;x;y\n" * 300
    view = chosen.route(text, digest=DIGEST, options=ViewOptions())

    assert view.text == "short"
    assert str(view.transforms[0]).startswith("router:csv:")


def test_no_other_compressor_is_asked_when_one_fails_or_the_kind_is_told():
    """A failure costs its one saving, and what the caller says holds."""
    text = "2026-01-01 10:00:00;INFO;x;y\n" * 300
    made = Answering(Compressed(text="short"))
    failing = Router(counter=FakeCounter(), compressors={"log": Broken(ValueError("x")), "csv": made}, packaged=False)
    refusing = Router(counter=FakeCounter(), compressors={"log": Answering(Refused("no log")), "csv": made}, packaged=False)

    assert failing.route(text, digest=DIGEST, options=ViewOptions()).text == text
    assert refusing.route(text, digest=DIGEST, options=ViewOptions(kind="log")).text == text


def test_refusals_come_to_an_end():
    """A text that every compressor refuses passes."""
    kinds = ("log", "build", "csv", "text", "markdown", "yaml", "ini")
    refusing = Router(counter=FakeCounter(), compressors=dict.fromkeys(kinds, Answering(Refused("no"))), packaged=False)

    for text in (LOGLIKE, "word " * 2_000, "a;b;c\n" * 500):
        assert refusing.route(text, digest=DIGEST, options=ViewOptions()).text == text
