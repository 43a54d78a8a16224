"""
headroom-core in LangGraph and LangChain: the next node, or the next model call, reads a short view.

`compressed_view` wraps a node that is to read views; `handoff_reducer`, `handoff()` and `handoff_messages()` keep views beside
originals in the state; `HeadroomMiddleware` is for `langchain.agents.create_agent`, `headroom_read_tool` and `handoff_tool` are
tools of agents. The reducers need no LangGraph; everything else is imported when it is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from headroom_langgraph.records import Record, original_of
from headroom_langgraph.reducer import handoff, handoff_reducer, handoffs

if TYPE_CHECKING:
    from headroom_langgraph.messages import handoff_messages
    from headroom_langgraph.middleware import HeadroomMiddleware
    from headroom_langgraph.tools import handoff_tool, headroom_read_tool
    from headroom_langgraph.view import compressed_view
    from headroom_langgraph.writing import handing_over

__all__ = [
    "HeadroomMiddleware",
    "Record",
    "compressed_view",
    "handing_over",
    "handoff",
    "handoff_messages",
    "handoff_reducer",
    "handoff_tool",
    "handoffs",
    "headroom_read_tool",
    "original_of",
]

_MODULES = {
    "HeadroomMiddleware": ("middleware", "langchain"),
    "compressed_view": ("view", "langgraph"),
    "handing_over": ("writing", "langgraph"),
    "handoff_messages": ("messages", "langgraph"),
    "handoff_tool": ("tools", "langgraph"),
    "headroom_read_tool": ("tools", "langgraph"),
}
"""Where each name is, and the extra that brings what it needs."""


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    module, extra = _MODULES[name]
    try:
        found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    except ModuleNotFoundError as exc:
        if (exc.name or "").partition(".")[0] == "headroom_core":
            raise
        msg = f"{name} needs {exc.name}, which is not installed: pip install 'headroom-core[{extra}]'"
        raise ImportError(msg, name=exc.name) from exc
    globals()[name] = found
    return found
