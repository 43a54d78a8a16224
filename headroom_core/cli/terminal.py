"""Where a command prints: colours and drawn tables where the terminal has them, plain text everywhere else."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Literal, TextIO

Style = Literal["bold", "dim", "red", "green", "yellow", "cyan"]

_CODES: dict[Style, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
PLAIN_WIDTH = 120
"""Columns of a line that is not written to a terminal."""


def wants_colour(out: TextIO, environment: Mapping[str, str]) -> bool:
    """
    Tell whether to write colours.

    `NO_COLOR` and `FORCE_COLOR` hold when they are not empty (no-color.org, force-color.org), and the first of them wins.
    """
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] != "0"
    if environment.get("TERM") == "dumb" or not out.isatty():
        return False
    # The old console of Windows shows the codes themselves; newer terminals set one of these.
    return os.name != "nt" or any(environment.get(name) for name in ("WT_SESSION", "ANSICON", "TERM"))


class Terminal:
    """
    Standard output, which gets UTF-8 whatever the locale says, and standard error.

    Attributes:
        colour: Whether colours are written, and tables drawn.
        width: Columns of a line.

    """

    def __init__(self, out: TextIO, err: TextIO, *, colour: bool = False, width: int = PLAIN_WIDTH) -> None:
        self._out = out
        self._err = err
        self.colour = colour
        self.width = width

    @classmethod
    def standard(cls) -> Terminal:
        """Return the terminal of this process."""
        colour = wants_colour(sys.stdout, os.environ)
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PLAIN_WIDTH
        return cls(sys.stdout, sys.stderr, colour=colour, width=max(40, width))

    def write(self, text: str) -> None:
        """Write a text to standard output exactly, its line ends too."""
        self._out.flush()
        self._out.buffer.write(text.encode("utf-8", "backslashreplace"))

    def line(self, text: str = "") -> None:
        """Write a line to standard output."""
        self.write(f"{text}\n")

    def text(self, text: str) -> None:
        """Write a text to standard output, and a line end where it has none."""
        self.write(text if text.endswith("\n") else f"{text}\n")

    def exactly(self, text: str) -> None:
        """Write a text exactly; but on a terminal end its last line, for the prompt that follows."""
        if self._out.isatty():
            self.text(text)
        else:
            self.write(text)

    def tell(self, text: str) -> None:
        """Write a line to standard error, after all that was written to standard output."""
        self.flush()
        self._err.write(f"{text}\n")

    def flush(self) -> None:
        """Write out what waits."""
        self._out.flush()
        self._out.buffer.flush()

    def styled(self, text: str, *styles: Style) -> str:
        """Return the text in a style, where there are colours."""
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"

    def clipped(self, text: str, indent: int = 0) -> str:
        """Return the text cut to one line of the terminal, with an ellipsis where it is cut."""
        room = self.width - indent
        return text if len(text) <= room else f"{text[: room - 3]}..."

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write a table: drawn where there are colours, else in columns. All columns but the first stand to the right."""
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

        def cells(row: Sequence[str]) -> list[str]:
            return [
                cell.rjust(width) if at else cell.ljust(width) for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]

        if not self.colour:
            for row in (head, ["-" * width for width in widths], *rows):
                self.line(f"  {'  '.join(cells(row))}".rstrip())
            return

        def rule(left: str, between: str, right: str) -> str:
            return self.styled(f"  {left}{between.join('─' * (width + 2) for width in widths)}{right}", "dim")

        bar = self.styled("│", "dim")
        self.line(rule("┌", "┬", "┐"))
        self.line(f"  {bar}{bar.join(self.styled(f' {cell} ', 'bold') for cell in cells(head))}{bar}")
        self.line(rule("├", "┼", "┤"))
        for row in rows:
            self.line(f"  {bar}{bar.join(f' {cell} ' for cell in cells(row))}{bar}")
        self.line(rule("└", "┴", "┘"))
