"""Tool results that wrap what other compressors take, through the router as it is used."""

import json
import random

import pytest

from headroom_core import SharedContext, markers
from headroom_core.router import COMPRESSORS
from headroom_core.selection import find

FAILURES = (77, 500, 501, 1_500, 1_990)


def log_lines():
    """Return 2,000 lines of a service's log, five of them errors of their own."""
    rng = random.Random(3)  # noqa: S311  # test data
    lines = []
    for n in range(2_000):
        at = f"2024-03-01 10:{n // 60:02}:{n % 60:02}"
        if n in FAILURES:
            lines.append(f"{at} ERROR worker-{n % 7} payment {n} failed: gateway answered {rng.randrange(500, 600)}")
        else:
            lines.append(f"{at} INFO worker-{n % 7} handled request {rng.randrange(10**6)} in {rng.randrange(900)} ms")
    return lines


def diff_text():
    """Return a diff of many files."""
    hunks = []
    for n in range(120):
        context = "".join(f" unchanged line {line} of file {n} stays as it was\n" for line in range(12))
        hunks.append(
            f"diff --git a/src/file_{n}.py b/src/file_{n}.py\n--- a/src/file_{n}.py\n+++ b/src/file_{n}.py\n"
            f"@@ -1,25 +1,25 @@\n{context}-old value {n}\n+new value {n}\n{context}"
        )
    return "".join(hunks)


def page():
    """Return an HTML page with much around its article."""
    chrome = "".join(f'<li class="nav-item nav-{n}"><a href="/section/{n}">Section {n}</a></li>' for n in range(900))
    article = "".join(f"<p>Paragraph {n} tells of the {n * 37 % 101} ships that were counted that year.</p>" for n in range(20))
    return (
        f"<!DOCTYPE html><html><head><title>Ships</title></head><body><nav><ul>{chrome}</ul></nav>"
        f"<main><article><h1>Ships of the north</h1>{article}</article></main></body></html>"
    )


def shown_of(view, form):
    """Return the document that a view shows."""
    return json.loads(view.text if form == "json" else view.text.split("\n", 1)[1])


def redeems(ctx, text, view):
    """Check that each reference reads exactly what its span says, in order."""
    end = 0
    for span in view.omitted:
        _, part = markers.parse_reference(span.reference)

        assert end <= span.start < span.end <= len(text)
        assert find(text, part) == (span.start, span.end), span
        assert ctx.read(span.reference, max_tokens=10**6) == text[span.start : span.end]
        end = span.end


def needs(kind):
    """Skip where the package has no compressor of a kind."""
    return pytest.mark.skipif(kind not in COMPRESSORS, reason=f"no compressor takes {kind}")


@needs("log")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_in_the_output_of_a_tool(form):
    """Each error is shown, what stands beside the log too, and four fifths and more are saved."""
    lines = log_lines()
    text = json.dumps({"stdout": "\n".join(lines), "exit_code": 1})
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("run", text)
    view = ctx.view("run", format=form)
    shown = shown_of(view, form)

    assert len(text) > 120_000
    assert view.tokens < 0.2 * entry.original_tokens
    assert [lines[n] for n in FAILURES if lines[n] not in shown["stdout"]] == []
    assert shown["exit_code"] == 1
    assert any(span.label.endswith(" of /stdout") for span in view.omitted)
    redeems(ctx, text, view)


@needs("log")
def test_logs_in_the_messages_of_a_conversation():
    """Each message shows the errors of its log, under the name of its row."""
    lines = log_lines()
    rows = [{"role": "tool", "id": n, "content": "\n".join(lines[n * 400 : n * 400 + 400])} for n in range(5)]
    text = json.dumps({"messages": rows})
    ctx = SharedContext(model="gpt-4o")
    ctx.put("messages", text)
    view = ctx.view("messages")

    assert [lines[n] for n in FAILURES if lines[n] not in view.text] == []
    assert {markers.parse_reference(span.reference)[1].path for span in view.omitted} >= {"/messages/0/content"}
    redeems(ctx, text, view)


@needs("diff")
def test_a_diff_in_a_reply():
    """Every changed line is shown."""
    text = json.dumps({"ok": True, "patch": diff_text()})
    ctx = SharedContext(model="gpt-4o")
    ctx.put("patch", text)
    view = ctx.view("patch")
    lines = shown_of(view, "text")["patch"].split("\n")

    assert [n for n in range(120) if f"-old value {n}" not in lines or f"+new value {n}" not in lines] == []
    redeems(ctx, text, view)


@needs("html")
def test_a_page_in_a_reply():
    """The article is shown without what stands around it."""
    text = json.dumps({"status": 200, "body": page()})
    ctx = SharedContext(model="gpt-4o")
    ctx.put("page", text)
    view = ctx.view("page")

    assert "Paragraph 19 tells of the" in view.text
    assert "nav-item" not in view.text
    assert '"status":200' in view.text
    redeems(ctx, text, view)
