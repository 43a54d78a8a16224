"""What every compressor must do, as tests: subclass, name the class `Test…`, and run it."""

# ruff: noqa: S101  # these are tests, shipped

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace

from headroom_core import markers
from headroom_core.compressors.base import Compressed, Compressor, Refused, Request, WorkBudget, WorkBudgetExceededError
from headroom_core.payload import Format, Mode, OmittedSpan
from headroom_core.selection import find
from headroom_core.testing.fakes import FakeCounter

NASTY: tuple[str, ...] = (
    "",
    " ",
    "\n",
    "\x00",
    "\ufeff",
    "\ud800",
    "a\ud800b\udfffc\n" * 300,
    "a\r\nb\r\n" * 300,
    "a\x00b\n" * 300,
    "\u2028\u2029\x85\x0b\x0c" * 100,
    "[" * 5_000,
    '{"a":' * 5_000,
    "[" * 5_000 + "]" * 5_000,
    '"' * 999,
    "\\" * 999,
    "é\u0301\U0001f469\u200d\U0001f680" * 200,
    "x" * 20_000,
    "[rows 12-604 omitted]\n" * 50,
    "[view of 482913207615; read omitted parts by handle and range]\n" * 50,
    '[{"a":1}' + ',{"a":1}' * 300,
    "<" * 3_000,
    "```\n" * 301,
)
"""Texts that break careless parsers."""

_WORK_UNITS = 1 << 40
"""More than any payload of a test takes."""

_HANDLES: tuple[bool, ...] = (True, False)
_FORMATS: tuple[Format, ...] = ("text", "json")
_MODES: tuple[Mode, ...] = ("lossless", "balanced", "compact")


class CompressorConformance(ABC):
    """The contract of `headroom_core.compressors.base.Compressor`."""

    @abstractmethod
    def make_compressor(self) -> Compressor:
        """Return a new compressor."""

    @abstractmethod
    def payloads(self) -> Iterable[str]:
        """Return payloads that the compressor shortens, some of them by leaving parts out."""

    def foreign_payloads(self) -> Iterable[str]:
        """Return payloads that are not of the compressor's kind. A compressor that takes any text returns none."""
        return ("Plain words, and nothing else in them.\n",)

    def test_it_shortens_its_payloads(self) -> None:
        """A compressor makes something of the payloads that it is for."""
        for payload in self.payloads():
            compressed = self._compress(payload)

            assert isinstance(compressed, Compressed), f"refused {payload[:60]!r}: {compressed}"
            assert len(compressed.text) < len(payload), f"not shorter: {payload[:60]!r}"

    def test_the_same_arguments_give_the_same_result(self) -> None:
        """A compressor is pure: another instance, or another call, makes the same view with the same spans."""
        used = self.make_compressor()
        for payload, request in self._requests():
            first = used.compress(payload, request)
            again = used.compress(payload, _fresh(request))
            elsewhere = self.make_compressor().compress(payload, _fresh(request))

            assert _facts(first) == _facts(again), f"another call differs: {payload[:60]!r}"
            assert _facts(first) == _facts(elsewhere), f"another instance differs: {payload[:60]!r}"

    def test_spans_are_ordered_disjoint_and_in_range(self) -> None:
        """Omitted spans are code-point ranges of the original: not empty, in order, and without overlap."""
        for payload, _, compressed in self._results():
            end = 0
            for span in _spans(compressed):
                assert end <= span.start < span.end <= len(payload), f"{span} after {end} in {payload[:60]!r}"
                end = span.end

    def test_references_redeem_to_exactly_what_was_left_out(self) -> None:
        """The reference of an omitted span selects that span in the original, and nothing else."""
        for payload, request, compressed in self._results():
            for span in _spans(compressed):
                if request.handle is None:
                    assert span.reference is None, f"{span} names a reference without a handle"
                    continue
                parsed = markers.parse_reference(span.reference or "")
                assert parsed is not None, f"{span.reference!r} is no reference"
                assert parsed[0] == request.handle, f"{span.reference!r} names another original"
                assert find(payload, parsed[1]) == (span.start, span.end), f"{span.reference!r} selects something else"

    def test_the_handle_stands_where_references_are_named_and_nowhere_else(self) -> None:
        """A view whose spans have references shows the handle; without a handle no view names any."""
        for payload, request, compressed in self._results():
            handle = _handle(payload)
            if request.handle is None:
                assert handle not in compressed.text, f"names a handle it was not given: {payload[:60]!r}"
            elif _spans(compressed):
                assert handle in compressed.text, f"omits without naming the handle: {payload[:60]!r}"

    def test_a_json_view_parses(self) -> None:
        """With `format="json"` the view is JSON, for a receiver that parses."""
        for payload, request, compressed in self._results():
            if request.format == "json":
                try:
                    json.loads(compressed.text)
                except ValueError as exc:
                    msg = f"not JSON ({exc}): {payload[:60]!r}"
                    raise AssertionError(msg) from exc

    def test_foreign_payloads_are_refused(self) -> None:
        """What does not look like the compressor's kind is refused with a reason, and not squeezed into shape."""
        for payload in self.foreign_payloads():
            answer = self._compress(payload)

            assert isinstance(answer, Refused), f"took {payload[:60]!r}"
            assert answer.reason, f"refused without a reason: {payload[:60]!r}"

    def test_no_text_makes_it_raise(self) -> None:
        """Whatever the text, a compressor makes a view of it or refuses it."""
        for payload in (*NASTY, *(cut for one in self.payloads() for cut in _cuts(one))):
            for request in _requests_for(payload):
                compressed = self.make_compressor().compress(payload, request)
                if isinstance(compressed, Compressed):
                    _spans(compressed)

    def test_it_stops_when_its_work_budget_is_spent(self) -> None:
        """A compressor spends its budget as it works, so that no payload keeps it busy for long."""
        for payload in self.payloads():
            request = _request(payload, budget=WorkBudget(1))
            try:
                self.make_compressor().compress(payload, request)
            except WorkBudgetExceededError:
                continue
            assert request.budget.left < 1, f"spent nothing on {payload[:60]!r}"

    def _compress(self, payload: str) -> Compressed | Refused:
        return self.make_compressor().compress(payload, _request(payload))

    def _requests(self) -> Iterator[tuple[str, Request]]:
        for payload in self.payloads():
            for request in _requests_for(payload):
                yield payload, request

    def _results(self) -> Iterator[tuple[str, Request, Compressed]]:
        for payload, request in self._requests():
            compressed = self.make_compressor().compress(payload, request)
            if isinstance(compressed, Compressed):
                yield payload, request, compressed


def _requests_for(payload: str) -> Iterator[Request]:
    for mode in _MODES:
        for form in _FORMATS:
            for named in _HANDLES:
                for target in (None, max(1, len(payload) // 16)):
                    handle = _handle(payload) if named else None
                    yield replace(_request(payload), mode=mode, target_tokens=target, format=form, handle=handle)


def _request(payload: str, budget: WorkBudget | None = None) -> Request:
    counter = FakeCounter()
    return Request(
        mode="balanced",
        counter=counter,
        original_tokens=counter.count(payload),
        handle=_handle(payload),
        budget=budget or WorkBudget(_WORK_UNITS),
    )


def _fresh(request: Request) -> Request:
    """Return the same request with its budget unspent."""
    return replace(request, budget=WorkBudget(_WORK_UNITS))


def _handle(payload: str) -> str:
    return markers.handle_of(hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest())


def _spans(compressed: Compressed) -> tuple[OmittedSpan, ...]:
    return compressed.omitted() if callable(compressed.omitted) else compressed.omitted


def _facts(answer: Compressed | Refused) -> object:
    return answer if isinstance(answer, Refused) else (answer.text, _spans(answer), answer.notes)


def _cuts(payload: str) -> Iterator[str]:
    """Return the payload broken off at a few places, as a transport may leave it."""
    for tenths in (1, 5, 9):
        yield payload[: len(payload) * tenths // 10]
    yield payload + "\x00"
    yield payload.replace("\n", "\r\n")
