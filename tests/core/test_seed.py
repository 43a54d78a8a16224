"""Every snippet of the design that the public API was specified by runs as it was written, and its figures come out."""

import json
from types import SimpleNamespace

import pytest

from headroom_core import SharedContext

FINDINGS = json.dumps(
    [{"id": n, "title": f"finding {n}", "severity": "low", "file": f"src/module_{n % 9}.py"} for n in range(400)]
)

QUICK_START = """
from headroom import SharedContext

ctx = SharedContext()

# Agent A stores large output
ctx.put("research", big_research_output, agent="researcher")

# Agent B gets compressed version (~80% smaller)
summary = ctx.get("research")

# Agent B needs full details on something specific
full = ctx.get("research", full=True)
"""

PUT = """
entry = ctx.put("findings", big_json_output, agent="researcher")

entry.original_tokens     # 20,000
entry.compressed_tokens   # 4,000
entry.savings_percent     # 80.0
entry.transforms          # ["router:json:0.20"]
"""

GET = """
compressed = ctx.get("findings")              # 4K tokens
original   = ctx.get("findings", full=True)   # 20K tokens
missing    = ctx.get("nonexistent")           # None (not found or expired)
"""

GET_ENTRY = """
entry = ctx.get_entry("findings")

entry.key                 # "findings"
entry.agent               # "researcher"
entry.original_tokens     # 20,000
entry.compressed_tokens   # 4,000
entry.savings_percent     # 80.0
entry.transforms          # ["router:json:0.20"]
entry.timestamp           # Unix timestamp when stored
"""

STATS = """
stats = ctx.stats()

stats.entries                  # 3
stats.total_original_tokens    # 60,000
stats.total_compressed_tokens  # 12,000
stats.total_tokens_saved       # 48,000
stats.savings_percent          # 80.0
"""

KEYS_AND_CLEAR = """
ctx.keys()    # list of all non-expired keys
ctx.clear()   # remove all entries
"""

CONFIGURATION = """
from headroom import SharedContext

ctx = SharedContext(
    model="claude-sonnet-4-5-20250929",  # For token counting
    ttl=3600,                             # Entry TTL in seconds (default: 1 hour)
    max_entries=100,                      # Evicts oldest when full (default: 100)
)
"""

TWO_AGENTS = """
from headroom import SharedContext

ctx = SharedContext()

# ── Agent A: Researcher ───────────────────────────────────────────────────────
def researcher_agent(topic: str) -> str:
    # Simulate a large research output
    big_output = fetch_and_compile_research(topic)

    # Store it — automatically compressed
    entry = ctx.put("research_findings", big_output, agent="researcher")
    print(f"Stored {entry.original_tokens} tokens → {entry.compressed_tokens} tokens "
          f"({entry.savings_percent:.1f}% saved)")

    # Return the compressed summary to the orchestrator
    return ctx.get("research_findings")


# ── Agent B: Coder ────────────────────────────────────────────────────────────
def coder_agent() -> str:
    # Get the compressed summary for context window efficiency
    summary = ctx.get("research_findings")

    # Fetch the full original only when generating the actual code
    full_findings = ctx.get("research_findings", full=True)

    return generate_code(summary, full_details=full_findings)


# ── Orchestrator ──────────────────────────────────────────────────────────────
summary = researcher_agent("distributed tracing in Python")
code    = coder_agent()
"""

FRAMEWORK = """
from headroom import SharedContext

ctx = SharedContext()

# After researcher task completes
ctx.put("findings", researcher_task.output.raw)

# Coder task gets compressed context
coder_context = ctx.get("findings")
"""


def run(snippet, **names):
    """Run a snippet with this package in place of the design's, and return the names it leaves."""
    exec(snippet.replace("from headroom import", "from headroom_core import"), names)  # noqa: S102  # our own snippets
    return names


def printed(snippet, **names):
    """Return what each line that ends in a comment with a value evaluates to, and the value in the comment."""
    lines = [line.split("  #") for line in snippet.splitlines() if line.startswith(("entry.", "stats.")) and "  #" in line]

    def value_of(text):
        return eval(text.replace(",", ""), dict(names))  # noqa: S307

    return {
        expression.strip(): (value_of(expression.strip()), shown.strip() if "Unix" in shown else value_of(shown.strip()))
        for expression, shown in lines
    }


@pytest.fixture
def counted():
    """Return a context that counts 20,000 tokens for every original and 4,000 for every view."""
    return SharedContext(counter=lambda text: 20_000 if text.startswith("[{") else 4_000)


def test_quick_start():
    """One agent stores, another gets the view, and the original on demand."""
    names = run(QUICK_START, big_research_output=FINDINGS)

    assert names["full"] == FINDINGS
    assert len(names["summary"]) < len(FINDINGS) / 2


def test_put_shows_the_figures_of_the_design(counted):
    """20,000 tokens become 4,000, which is 80.0 % saved and a fraction of 0.20 kept."""
    entry = run(PUT, ctx=counted, big_json_output=FINDINGS)["entry"]

    assert all(got == shown for got, shown in printed(PUT, entry=entry).values())
    assert (entry.original_tokens, entry.compressed_tokens, entry.savings_percent) == (20_000, 4_000, 80.0)
    assert entry.transforms == ["router:json:0.20"]


def test_get_returns_the_view_the_original_or_none(counted):
    """A miss is no error."""
    counted.put("findings", FINDINGS, agent="researcher")
    names = run(GET, ctx=counted)

    assert names["compressed"] == counted.get_entry("findings").compressed
    assert names["original"] == FINDINGS
    assert names["missing"] is None


def test_get_entry_shows_the_figures_of_the_design(counted):
    """The entry carries key, agent, tokens, transforms and the time it was stored."""
    counted.put("findings", FINDINGS, agent="researcher")
    entry = run(GET_ENTRY, ctx=counted)["entry"]
    shown = printed(GET_ENTRY, entry=entry)
    timestamp, _ = shown.pop("entry.timestamp")

    assert all(got == value for got, value in shown.values())
    assert isinstance(timestamp, float)
    assert timestamp > 1_700_000_000


def test_stats_show_the_figures_of_the_design(counted):
    """Three such entries: 60,000 tokens, 12,000 shown, 48,000 saved."""
    for key in ("findings", "sources", "plan"):
        counted.put(key, f'[{{"key":"{key}"}},{FINDINGS[1:]}')
    stats = run(STATS, ctx=counted)["stats"]

    assert all(got == shown for got, shown in printed(STATS, stats=stats).values())
    assert (stats.entries, stats.total_original_tokens, stats.total_compressed_tokens) == (3, 60_000, 12_000)
    assert (stats.total_tokens_saved, stats.savings_percent) == (48_000, 80.0)


def test_keys_and_clear():
    """`clear` leaves no key."""
    ctx = SharedContext()
    ctx.put("findings", FINDINGS)

    assert ctx.keys() == ["findings"]
    run(KEYS_AND_CLEAR, ctx=ctx)
    assert ctx.keys() == []


def test_configuration_shows_the_defaults():
    """What the design passes is what a context has anyway, also by position."""
    ctx = run(CONFIGURATION)["ctx"]
    defaults = SharedContext()

    assert ctx.counter.name == defaults.counter.name
    assert ctx._limits == defaults._limits
    assert SharedContext("claude-sonnet-4-5-20250929", 3600, 100)._limits == defaults._limits


def test_two_agents(capsys):
    """The complete example runs, and prints what it saved."""
    names = run(
        TWO_AGENTS,
        fetch_and_compile_research=lambda topic: json.dumps({"topic": topic, "findings": json.loads(FINDINGS)}),
        generate_code=lambda summary, full_details: (summary, full_details),
    )
    entry = names["ctx"].get_entry("research_findings")

    assert names["code"] == (names["summary"], entry.original)
    assert entry.agent == "researcher"
    assert capsys.readouterr().out == (
        f"Stored {entry.original_tokens} tokens → {entry.compressed_tokens} tokens ({entry.savings_percent:.1f}% saved)\n"
    )


def test_framework():
    """What a framework's task puts out is put as it is."""
    task = SimpleNamespace(output=SimpleNamespace(raw=FINDINGS))
    names = run(FRAMEWORK, researcher_task=task)

    assert names["coder_context"] == names["ctx"].get_entry("findings").compressed
    assert names["ctx"].get("findings", full=True) == FINDINGS
