"""The cells of a file or a sheet as they stand there, before anything is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allocator.tables.reading.files import is_blank

Rows = list[tuple[int, Sequence[Any]]]
MANY_CELLS = 1000  # in a row
MOST_DIGITS = 1e15  # of a whole number that a workbook keeps exactly


class Covered:
    """The type of COVERED, what stands in a merged cell everywhere but at its top left."""


COVERED = Covered()


@dataclass(frozen=True)
class Grid:
    """Rows of cells, each row with its number as the user's program shows it.

    rows: str from a CSV file; also float, int, bool or a date from a workbook.
    semicolons: whether a CSV file separates by them, so that a comma in a number is a decimal comma.
    is_sheet: whether it comes from a workbook, whose rows are all as long as the longest.
    hidden: numbers of the rows that the user's program does not show. is_hidden: whether it shows none of the sheet.
    merged: first row, first column, last row and last column of merged cells; rows as numbered, columns from 0.
    """

    rows: Rows
    semicolons: bool = False
    is_sheet: bool = False
    hidden: frozenset[int] = frozenset()
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()


def text_of(cell: Any) -> str:
    """Give a cell as a spreadsheet shows it, without spaces around it: "2004" of 2004.0."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < MOST_DIGITS:
        return str(int(cell))
    return "" if is_blank(cell) or cell is COVERED else str(cell).strip()
