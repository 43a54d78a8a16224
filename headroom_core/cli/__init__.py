"""The command `headroom-core`."""

from headroom_core.cli.entry import main

__all__ = ["main"]
