# A researcher stores a large output; a coder gets the view of it, and the original when it writes code.
# What the two would ask a model is made up here, so this runs offline.
#
# Run it where headroom-core is installed. It prints:
#
#     $ python examples/two_agents.py
#     Stored 43999 tokens → 4630 tokens (89.5% saved)
#
#     The view, from its beginning, and round the span that failed:
#
#     [view of 697276886262; read omitted parts by handle and range]
#     {"topic":"distributed tracing in Python","spans":(table /spans)}
#     table /spans: 800 rows; ~ same unless a row says otherwise
#     trace,name,service,start_ms,duration_ms,status~OK
#     5eed0000,GET /cart,shop-0,0,4
#     5eed0000,auth.check,shop-1,37,11
#     5eed0000,db.query,shop-2,74,18
#     5eed0000,cache.get,shop-0,111,25
#     ...
#     [rows 418-436 omitted; about 1,000 tokens]
#     5eed0048,price.quote,shop-1,16132,11
#     5eed0048,render,shop-2,16169,30012,status=DEADLINE_EXCEEDED
#     [rows 439-448 omitted]
#     5eed004a,price.quote,shop-1,16576,8
#     ...
#
#     The code:
#
#     set_timeout(service='shop-2', operation='render', milliseconds=500)
#
#     Row 438, read alone:
#
#     {
#           "trace": "5eed0048",
#           "name": "render",
#           "service": "shop-2",
#           "start_ms": 16169,
#           "duration_ms": 30012,
#           "status": "DEADLINE_EXCEEDED"
#         }
"""Two agents share a context: one stores, the other gets a short view, and the original on demand."""

from __future__ import annotations

import json

from headroom_core import SharedContext

ctx = SharedContext(model="gpt-4o")


def fetch_and_compile_research(topic: str) -> str:
    """Stand in for the searches and the model of a researcher: 800 spans of a trace, one of which failed."""
    names = ["GET /cart", "auth.check", "db.query", "cache.get", "price.quote", "render"]
    spans = [
        {
            "trace": f"{0x5EED0000 + n // 6:08x}",
            "name": names[n % 6],
            "service": f"shop-{n % 3}",
            "start_ms": 37 * n,
            "duration_ms": 4 + n * 7 % 29,
            "status": "OK",
        }
        for n in range(800)
    ]
    spans[437] |= {"duration_ms": 30012, "status": "DEADLINE_EXCEEDED"}
    return json.dumps({"topic": topic, "spans": spans}, indent=2)


def generate_code(summary: str, full_details: str) -> str:
    """Stand in for the model of a coder: it sees in the summary that a span failed, and takes its service from the details."""
    if "DEADLINE_EXCEEDED" not in summary:
        return "pass"
    slow = max(json.loads(full_details)["spans"], key=lambda span: span["duration_ms"])
    return f"set_timeout(service={slow['service']!r}, operation={slow['name']!r}, milliseconds=500)"


# Agent A: researcher
def researcher_agent(topic: str) -> str | None:
    """Research, and leave the findings in the context."""
    big_output = fetch_and_compile_research(topic)

    # Store it: automatically compressed.
    entry = ctx.put("research_findings", big_output, agent="researcher")
    print(f"Stored {entry.original_tokens} tokens → {entry.compressed_tokens} tokens ({entry.savings_percent:.1f}% saved)")

    # Return the view to the orchestrator.
    return ctx.get("research_findings")


# Agent B: coder
def coder_agent() -> str:
    """Write code from what the researcher found."""
    # Get the view, which is short.
    summary = ctx.get("research_findings")

    # Fetch the full original only when generating the actual code.
    full_findings = ctx.get("research_findings", full=True)

    if summary is None or full_findings is None:  # expired or evicted; not in this example
        return ""
    return generate_code(summary, full_details=full_findings)


# Orchestrator
summary = researcher_agent("distributed tracing in Python") or ""
code = coder_agent()

lines = summary.splitlines()
failed = next(at for at, line in enumerate(lines) if "DEADLINE_EXCEEDED" in line)

print("\nThe view, from its beginning, and round the span that failed:\n")
print(*lines[:8], "...", *lines[failed - 2 : failed + 3], "...", sep="\n")
print("\nThe code:\n")
print(code)

# Where one part is enough, a reader takes that alone: here the span that failed, as it stands in the original.
print("\nRow 438, read alone:\n")
print(ctx.read("research_findings", rows=(438, 438)))
