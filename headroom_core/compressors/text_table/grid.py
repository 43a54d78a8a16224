"""A text as rows and columns, and what it takes to be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

LEAST_LINES = 5
"""Lines with like cells, the header among them, that make a table; fewer agree by chance."""

MOST_TOP_LINES = 3
"""Lines that may stand above the header: a title, comments."""

ODD_SHARE = 0.02
"""Share of lines that may have another count of cells. They are the odd ones, so they are shown; more, and it is no table."""

Style = Literal["plain", "quoted", "pipes"]
"""How cells are told apart: by a delimiter alone, by a delimiter with quotes, or as a Markdown table."""


@dataclass(slots=True, kw_only=True)
class Grid:
    """
    A table that stands in lines of text. Lines and rows are counted from 0.

    Attributes:
        style: How cells are told apart.
        delimiter: What stands between cells.
        names: The names of the columns; empty where the first row does not look like names.
        top: Lines before the first row: the header and what stands above it.
        firsts: The first line of each row.
        ends: The line behind each row; the same as the next line but where a cell has line ends.
        columns: The cells, by column, without quotes and padding.
        odd: Lines below `top` that are no rows and not empty.
        header_at: The line of the header, where there is one.
        edged: Whether lines of a Markdown table start and end with a bar.

    """

    style: Style
    delimiter: str
    top: int
    firsts: Sequence[int]
    ends: Sequence[int]
    columns: list[list[str]]
    odd: list[int]
    names: list[str] = field(default_factory=list)
    header_at: int = 0
    edged: bool = False

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.firsts)


def too_many_odd(odd: int, fitting: int) -> bool:
    """Tell whether so many lines do not fit that there is no table. One may, such as a count of rows at the end."""
    return fitting < LEAST_LINES or odd > max(1, ODD_SHARE * fitting)
