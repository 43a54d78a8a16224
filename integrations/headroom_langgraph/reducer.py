"""
The write side: reducers that turn what nodes hand over into records.

Nothing here imports LangGraph: a reducer is a function of two values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from headroom_core import SharedContext
from headroom_core import _validation as check
from headroom_core.handoff import viewer_for
from headroom_core.payload import Mode
from headroom_core.tokens.counters import CounterLike
from headroom_core.viewer import DEFAULT_MODEL, Viewer
from headroom_langgraph.records import Record, is_record, kept_in, record_of

Handoffs = dict[str, Record | None]
"""What the channel of `handoffs()` holds: a record by name, None where one was deleted."""

Reducer = Callable[[Any, Any], Any]


def _maker(viewer: Viewer, agent: str | None, ctx: SharedContext | None) -> Callable[[str, Any], Record]:
    agent = check.optional_str("agent", agent)

    def make(name: str, value: Any) -> Record:
        if is_record(value):
            return value
        if ctx is None:
            return record_of(value, viewer, agent=agent)
        return kept_in(ctx, name, value, viewer, agent=agent)

    return make


def handoffs(
    *,
    model: str = DEFAULT_MODEL,
    mode: Mode = "balanced",
    max_tokens: int | None = None,
    counter: CounterLike | None = None,
    references: bool = True,
    ctx: SharedContext | None = None,
) -> Reducer:
    """
    Return a reducer for a channel of many handoffs by name.

    For `handoffs: Annotated[dict, handoffs(mode="compact")]`. A node returns `{"handoffs": {"research": big_text}}`, and the
    channel holds a record for each name (`records.Record`). The last writer of a name wins, in the order in which LangGraph
    applies writes; names that nobody writes stay; `None` deletes, and stays as a mark that it did. What is a record already
    passes as it is, so that resuming, forking and passing through a subgraph change nothing.

    Args:
        model: The model whose tokens are counted.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the model's own counter.
        references: Whether views name references. False where no reader has the reading tool.
        ctx: Where originals are kept, instead of the state. They then live as long as that context's entries do.

    """
    viewer = viewer_for(model, mode=mode, max_tokens=max_tokens, counter=counter, references=references)
    make = _maker(viewer, None, ctx)

    def handoff_reducer(left: Any, right: Any) -> Handoffs:
        merged = dict(left) if isinstance(left, Mapping) else {}
        for name, value in right.items() if isinstance(right, Mapping) else ():
            merged[name] = None if value is None else make(str(name), value)
        return merged

    return handoff_reducer


def handoff(
    *,
    agent: str | None = None,
    model: str = DEFAULT_MODEL,
    mode: Mode = "balanced",
    max_tokens: int | None = None,
    counter: CounterLike | None = None,
    references: bool = True,
    ctx: SharedContext | None = None,
    key: str = "handoff",
) -> Reducer:
    """
    Return a reducer for a channel of one handoff.

    For `research: Annotated[dict, handoff()]`. A node returns `{"research": big_text}`; the channel holds the record. One
    payload a channel keeps checkpoints small where the checkpointer stores channels apart, as that for PostgreSQL does: a
    write stores its whole channel again. `None` deletes: the channel is then an empty dict.

    Args:
        agent: Who writes this channel; readers are told.
        model: The model whose tokens are counted.
        mode: How much views leave out: `lossless`, `balanced` or `compact`.
        max_tokens: Tokens that each view may have at the most.
        counter: Counts tokens, instead of the model's own counter.
        references: Whether views name references. False where no reader has the reading tool.
        ctx: Where originals are kept, instead of the state. They then live as long as that context's entries do.
        key: The key under which `ctx` keeps them.

    """
    viewer = viewer_for(model, mode=mode, max_tokens=max_tokens, counter=counter, references=references)
    make = _maker(viewer, agent, ctx)

    def handoff_reducer(left: Any, right: Any) -> Record | dict[str, Any]:  # noqa: ARG001  # the last write counts
        return {} if right is None or right == {} else make(key, right)

    return handoff_reducer


handoff_reducer = handoffs()
"""The reducer of `handoffs()` with its defaults: `handoffs: Annotated[dict, handoff_reducer]`."""
