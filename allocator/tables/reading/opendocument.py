"""What the reader of .ods workbooks does not tell: errors, formulas without a value, hidden rows, merged cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice, product
from xml.parsers import expat

UNCALCULATED = "#UNCALCULATED!"  # what stands for the value of a formula that no program has worked out
ERROR = re.compile(r"#(?:N/A|GETTING_DATA|[A-Z/0]{2,12}[!?])|Err:\d{3}")  # as spreadsheet programs write them
MOST_PUT = 10_000  # cells of a sheet; the rest of so many errors need no place
_CELLS = ("table-cell", "covered-table-cell")


@dataclass
class SheetFacts:
    """Of one sheet: texts to put into cells that would be read as blank, hidden rows, merged cells; all from 0."""

    put: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_hidden: bool = False


def scan(content: bytes, check_grid: Callable[[int, int], None]) -> dict[str, SheetFacts]:
    """Give the facts of every sheet of a content.xml, by name.

    check_grid: called with the columns and rows that a sheet spans so far; raises where that is more than a table.
    """
    scanner = _Scanner(check_grid)
    parser = expat.ParserCreate()
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    parser.Parse(content, True)  # noqa: FBT003 - expat names no arguments
    return scanner.sheets


class _Scanner:
    """Follows the elements of content.xml, keeping where the cell under way stands."""

    def __init__(self, check_grid: Callable[[int, int], None]) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self._check_grid = check_grid
        self._sheet = SheetFacts()
        self._styles_hidden: set[str] = set()
        self._style = ""
        self._row = self._columns = 0  # the row under way, and the columns that the sheet spans so far
        self._repeats = 1  # of the row
        self._at = self._width = 0  # the cells of the row so far, and up to the last that holds something
        self._cell: dict[str, str] | None = None
        self._said: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        tag = tag.rpartition(":")[2]
        if tag == "style":
            self._style = attributes.get("style:name", "")
        elif tag == "table-properties" and attributes.get("table:display") == "false":
            self._styles_hidden.add(self._style)
        elif tag == "table":
            self._sheet = self.sheets.setdefault(attributes.get("table:name", ""), SheetFacts())
            self._sheet.is_hidden = attributes.get("table:style-name") in self._styles_hidden
            self._row = self._columns = 0
        elif tag == "table-row":
            self._at = self._width = 0
            self._repeats = int(attributes.get("table:number-rows-repeated", 1))
            if attributes.get("table:visibility") in ("collapse", "filter") and self._repeats < 10_000:
                self._sheet.hidden.update(range(self._row, self._row + self._repeats))
        elif tag in _CELLS:
            self._cell, self._said = attributes, []
        elif tag == "p" and self._cell is not None:
            self._said.append("")

    def text(self, data: str) -> None:
        """Take a cell's text."""
        if self._said and len(self._said) < 3 and len(self._said[-1]) < 40:
            self._said[-1] += data

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        tag = tag.rpartition(":")[2]
        if tag in _CELLS and self._cell is not None:
            self._end_of_cell(self._cell)
            self._cell, self._said = None, []
        elif tag == "table-row":
            self._row += self._repeats
            if self._width:
                self._columns = max(self._columns, self._width)
                self._check_grid(self._columns, self._row)

    def _end_of_cell(self, cell: dict[str, str]) -> None:
        repeats = int(cell.get("table:number-columns-repeated", 1))
        first, self._at = self._at, self._at + repeats
        said = "".join(self._said).strip()
        is_formula = "table:formula" in cell
        put = ""
        if cell.get("calcext:value-type") == "error" or (is_formula and ERROR.fullmatch(said)):
            put = said or "#VALUE!"
        elif is_formula and "office:value-type" not in cell and not said:
            put = UNCALCULATED
        if said or put or any(name.startswith("office:") for name in cell):
            self._width = self._at
        if put:
            self._check_grid(self._at, self._row + self._repeats)
            rows, columns = range(self._row, self._row + self._repeats), range(first, self._at)
            room = MOST_PUT - len(self._sheet.put)
            self._sheet.put.update(dict.fromkeys(islice(product(rows, columns), max(room, 0)), put))
        across = int(cell.get("table:number-columns-spanned", 1))
        down = int(cell.get("table:number-rows-spanned", 1))
        if (across > 1 or down > 1) and len(self._sheet.merged) < 1000:
            self._sheet.merged.append((self._row, first, self._row + down - 1, first + across - 1))
