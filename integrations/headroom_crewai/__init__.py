"""
headroom-core in CrewAI: the next task reads a short view, and the crew's own output stays whole.

`compressed_handoffs` is the line to begin with: `with compressed_handoffs(ctx): crew.kickoff()`. `HeadroomReadTool` is for the
agents that are to read what a view leaves out. Nothing happens before one of them is used.
"""

from __future__ import annotations

try:
    from crewai.hooks.dispatch import InterceptionPoint

    InterceptionPoint.PRE_STEP  # noqa: B018  # which came with 1.15.3
except (ImportError, AttributeError) as exc:
    _msg = "headroom_crewai needs crewai 1.15.3 or newer, which is not installed: pip install 'headroom-core[crewai]'"
    raise ImportError(_msg, name="crewai") from exc

from headroom_crewai.handoffs import Handoffs, compressed_handoffs
from headroom_crewai.tools import HeadroomReadTool, headroom_task_callback

__all__ = ["Handoffs", "HeadroomReadTool", "compressed_handoffs", "headroom_task_callback"]
