"""Tracebacks: where they stand, what of them is shown, and their views."""

import json
import time
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core import SharedContext, markers
from headroom_core.compressors.base import Compressed, Refused, Request
from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.tracebacks import find_tracebacks
from headroom_core.compressors.traceback import TracebackCompressor
from headroom_core.selection import find
from headroom_core.testing import CompressorConformance, FakeCounter

HANDLE = "482913207615"
PYTHON = """Traceback (most recent call last):
  File "/srv/shop/run.py", line 20, in main
    receipt(order)
  File "/srv/venv/lib/python3.11/site-packages/click/core.py", line 1157, in __call__
    return self.main(*args, **kwargs)
  File "/srv/venv/lib/python3.11/site-packages/click/core.py", line 1078, in main
    rv = self.invoke(ctx)
  File "/srv/venv/lib/python3.11/site-packages/click/core.py", line 783, in invoke
    return __callback(*args, **kwargs)
  File "/srv/shop/prices.py", line 9, in total
    return rates[country]
           ~~~~~^^^^^^^^^
KeyError: 'XX'
"""
JAVA = """Exception in thread "main" java.lang.IllegalStateException: order 10221 has no price
\tat com.shop.Prices.total(Prices.java:41)
\tat com.shop.Main.main(Main.java:12)
\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)
\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)
\tat org.springframework.boot.loader.Launcher.launch(Launcher.java:91)
\tat org.springframework.boot.loader.Launcher.launch(Launcher.java:53)
\tat org.springframework.boot.loader.JarLauncher.main(JarLauncher.java:58)
Caused by: java.lang.NullPointerException: rate is null
\tat com.shop.Rates.of(Rates.java:7)
\t... 7 more
"""
NODE = """TypeError: Cannot read properties of undefined (reading 'rate')
    at total (/srv/shop/prices.js:9:20)
    at Layer.handle [as handle_request] (/srv/shop/node_modules/express/lib/router/layer.js:95:5)
    at next (/srv/shop/node_modules/express/lib/router/route.js:149:13)
    at Route.dispatch (/srv/shop/node_modules/express/lib/router/route.js:119:3)
    at /srv/shop/app.js:31:7
"""
GO = """panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
main.total(...)
\t/srv/shop/prices.go:9
main.main()
\t/srv/shop/main.go:20 +0x1d
runtime.main()
\t/usr/local/go/src/runtime/proc.go:267 +0x2bb
runtime.goexit()
\t/usr/local/go/src/runtime/asm_amd64.s:1650 +0x1
exit status 2
"""
ALL = {"python": PYTHON, "java": JAVA, "node": NODE, "go": GO}


def view_of(text, **options):
    """Return what the compressor makes of a text."""
    asked = {"mode": "balanced", "counter": FakeCounter(), "original_tokens": max(1, len(text) // 4), "handle": HANDLE}
    return TracebackCompressor().compress(text, Request(**{**asked, **options}))


class TestConformance(CompressorConformance):
    """What every compressor must do."""

    def make_compressor(self):
        """Return the compressor of tracebacks."""
        return TracebackCompressor()

    def payloads(self):
        """Return the same tracebacks several times, and those with long stacks of libraries."""
        return [PYTHON * 3, JAVA, NODE * 2, PYTHON.replace("\n", "\r\n") * 2]

    def foreign_payloads(self):
        """Return prose and logs without one."""
        return ["Plain words about a traceback.\n" * 30, "2026-11-03 INFO at work\n" * 30]


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        (PYTHON, ("KeyError: 'XX'", "/srv/shop/run.py", "receipt(order)", "return rates[country]"), ("self.invoke(ctx)",)),
        (JAVA, ("order 10221 has no price", "Prices.java:41", "Main.java:12", "Caused by", "Rates.java:7"), ("Launcher.java",)),
        (NODE, ("Cannot read properties", "prices.js:9:20", "app.js:31:7"), ("route.js:149",)),
        (GO, ("index out of range [3]", "prices.go:9", "main.go:20"), ("asm_amd64",)),
    ],
    ids=list(ALL),
)  # fmt: skip
def test_what_was_raised_and_the_users_own_frames_are_kept(text, shown, hidden):
    """Exceptions, messages and own code stay; frames of libraries do not."""
    lines = text.split("\n")
    (found,) = find_tracebacks(Source(text, lines))
    kept = "\n".join(lines[number] for number in found.kept)

    for said in shown:
        assert said in kept
    for said in hidden:
        assert said not in kept


def test_a_real_traceback_is_read_to_its_end():
    """What Python itself prints of chained exceptions is found whole, with each of its messages."""

    def inner():
        json.loads('{"a": 1,}')

    try:
        try:
            inner()
        except ValueError as exc:
            msg = "the receipt could not be written"
            raise RuntimeError(msg) from exc
    except RuntimeError:
        text = traceback.format_exc()
    found = find_tracebacks(Source(text, text.split("\n")))
    kept = "\n".join(text.split("\n")[number] for one in found for number in one.kept)

    assert "RuntimeError: the receipt could not be written" in kept
    assert "JSONDecodeError" in kept
    assert "in inner" in kept


def test_libraries_are_counted_and_named():
    """The marker says how many frames went, and whose they are."""
    text = view_of(PYTHON).text

    assert "[lines 4-9 omitted; 3 frames in site-packages/click]" in text.split("\n")
    assert "self.invoke" not in text


def test_a_repeated_traceback_is_named_and_not_shown_again():
    """The same exception from the same place is told by the lines of the first."""
    again = "a word between\n"
    made = view_of(PYTHON + again + PYTHON.replace("line 20", "line 20"))

    assert made.text.count("KeyError: 'XX'") == 1
    assert "omitted; says the same as lines 1-13]" in made.text
    assert again.strip() in made.text.split("\n")


def test_frames_that_repeat_are_shown_once():
    """A recursion is not printed a thousand times."""
    frame = '  File "/srv/shop/tree.py", line 7, in depth\n    return depth(node.left)\n'
    text = f"Traceback (most recent call last):\n{frame * 900}RecursionError: maximum recursion depth exceeded\n"
    made = view_of(text)

    assert made.text.count("in depth") <= 2
    assert "RecursionError" in made.text


def test_lossless_refuses():
    """Frames can only be left out."""
    assert isinstance(view_of(PYTHON, mode="lossless"), Refused)


def test_a_context_shows_a_traceback_for_what_it_is():
    """Through the whole pipeline, with references that redeem."""
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("failure", PYTHON * 2)

    assert entry.transforms[0].startswith("router:traceback:")
    for span in entry.omitted:
        assert ctx.read(span.reference) == (PYTHON * 2)[span.start : span.end]


@given(
    pieces=st.lists(
        st.sampled_from([*ALL.values(), "words\n", *PYTHON.splitlines(keepends=True), *JAVA.splitlines(keepends=True)])
    )
)
def test_lines_of_a_view_are_lines_of_the_text(pieces):
    """However tracebacks are torn apart, nothing is invented and every reference reads its exact part."""
    text = "".join(pieces)
    made = view_of(text)
    if isinstance(made, Compressed):
        there = set(text.split("\n"))
        for line in made.text.split("\n")[1:]:
            assert line in there or line.startswith("[lines ")
        for span in made.omitted:
            _, part = markers.parse_reference(span.reference)
            assert find(text, part) == (span.start, span.end)


@pytest.mark.parametrize(
    "hostile",
    [
        *("Traceback (most recent call last):\n", "\tat ", "\tat a.b(C.java:1)\n", "goroutine 1 [running]:\n", "at at at "),
        *('  File "a", line 1\n', "panic: x\n", "Caused by: x\n", "thread 'a' panicked at b\n", "  | "),
    ],
)  # fmt: skip
def test_time_grows_with_the_text(hostile):
    """Whatever begins a traceback, twice the text takes about twice the time."""

    def seconds(text):
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            find_tracebacks(Source(text, text.split("\n")))
            best = min(best, time.perf_counter() - start)
        return best

    text = hostile * (120_000 // len(hostile))
    assert seconds(text + text) < 3.5 * seconds(text) + 0.05
