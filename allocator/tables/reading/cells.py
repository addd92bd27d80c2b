"""Turns the raw cells of a column into typed values; a cell that cannot be one is a fault and becomes BAD."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from allocator.faults import printable, shown, shown_rows
from allocator.tables.names import did_you_mean
from allocator.tables.reading.workbook import UNCALCULATED
from allocator.tables.reading.written_numbers import numbers_meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocator.faults import FaultList
    from allocator.tables.columns import Column


class Bad:
    """The type of BAD, what stands in place of a cell that has a fault."""


BAD = Bad()

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
DECIMAL_COMMA = re.compile(r"[+-]?[\d.]*,\d+", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
NO_VALUE = frozenset(("n/a", "#n/a", "na", "none", "null", "-", "–", "..", "x"))  # how tables say that they have none
ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
# Cells that a spreadsheet program would take for a formula are written with an apostrophe before them.
ESCAPED = re.compile(r"'+[=+\-@\t\r]")
RISKY = re.compile(r"'*[=+\-@\t\r]")


@dataclass
class ColumnReader:
    """Reads the cells of one column.

    table: whose column it is. semicolons: whether a comma in a number is a decimal comma.
    """

    table: str
    column: Column
    faults: FaultList
    semicolons: bool
    row: int = 0
    taken: list[tuple[int, str]] = field(default_factory=list)  # rows and cells that separators were taken off

    def read(self, cells: Sequence[Any], rows: Sequence[int]) -> list[Any]:
        """The typed values of the cells: str, float, int, bool; what a blank means if one may be; BAD for a fault."""
        convert = {
            "name": self._name,
            "text": self._text,
            "choice": self._choice,
            "number": self._number,
            "whole number": self._whole,
            "true/false": self._truth,
        }[self.column.kind]
        values = []
        for row, cell in zip(rows, cells, strict=True):
            self.row = row
            if type(cell) is str:
                plain = cell.strip()
                if not plain:
                    values.append(self._blank())
                    continue
                if plain[0] == "'" and ESCAPED.match(plain):
                    plain = plain[1:]
                elif plain == UNCALCULATED:
                    fix = "Open the workbook in a spreadsheet program and save it, or put the value in its place."
                    values.append(self._fault("error-cell", "a formula without a stored value", self._wanted(), fix))
                    continue
                elif plain[0] == "#" and plain in ERRORS:
                    fix = "Correct the formula, or put its value in its place."
                    values.append(self._fault("error-cell", plain, self._wanted(), fix))
                    continue
                values.append(convert(plain))
            elif cell is None:
                values.append(self._blank())
            elif isinstance(cell, dt.date | dt.time | dt.timedelta):
                fix = "Format the column as text (or as a number), then type the value again."
                values.append(self._fault("date-cell", f"the date or time {cell}", self._wanted(), fix))
            else:
                values.append(convert(cell))
        if self.taken:
            self._note_taken()
        return values

    def _fault(self, code: str, found: str, wanted: str = "", fix: str = "") -> Bad:
        self.faults.add(code, self.table, [self.row], self.column.name, found=found, wanted=wanted, fix=fix)
        return BAD

    def _wanted(self) -> str:
        """What the column takes, in words."""
        kind = {"number": "a number", "whole number": "a whole number", "true/false": "true or false"}
        if self.column.kind == "choice":
            return f"one of {', '.join(self.column.choices)}"
        words = kind.get(self.column.kind, "text")
        return f"{words} {within}" if (within := self.column.range_in_words()) else words

    def _blank(self) -> Bad | float | None:
        if self.column.may_be_blank:
            return self.column.left_out
        return self._fault("blank-cell", "a blank cell", self._wanted())

    def _name(self, cell: Any) -> Any:
        return self._words(cell, "")

    def _text(self, cell: Any) -> Any:
        return self._words(cell, "\n\r\t")

    def _words(self, cell: Any, allowed: str) -> Any:
        """The cell as text; allowed: characters that cannot be seen and yet may stand in it."""
        text = _as_text(cell)
        if len(text) > self.column.longest:
            found = f"{len(text):,} characters: {shown(text)}"
            return self._fault("cell-too-long", found, f"at most {self.column.longest:,} characters")
        return text if text.isascii() and text.isprintable() else self._clean(text, allowed)

    def _clean(self, text: str, allowed: str) -> Any:
        """The text with composed accents; characters that cannot be seen are refused."""
        unseen = [c for c in text if c not in allowed and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        if unseen:
            found = f"{shown(text)} with the character U+{ord(unseen[0]):04X}"
            return self._fault("control-character", found, "characters that can be seen", "Type the cell again.")
        return unicodedata.normalize("NFC", text)

    def _choice(self, cell: Any) -> Any:
        text = _as_text(cell)
        if text in self.column.choices:
            return text
        return self._fault("not-a-choice", shown(text), self._wanted(), did_you_mean(text, self.column.choices))

    def _truth(self, cell: Any) -> Any:
        if isinstance(cell, bool):
            return cell
        value = {"true": True, "false": False}.get(cell.lower()) if isinstance(cell, str) else None
        return self._fault("not-true-false", shown(cell), self._wanted()) if value is None else value

    def _whole(self, cell: Any) -> Any:
        value = self._number(cell)
        if isinstance(value, Bad):
            return BAD
        return int(value) if value.is_integer() else self._fault("not-whole", shown(value), self._wanted())

    def _number(self, cell: Any) -> Any:
        if type(cell) is str:
            value = float(cell) if PLAIN.fullmatch(cell) else self._odd_number(cell)
            if isinstance(value, Bad):
                return BAD
        elif isinstance(cell, bool) or not isinstance(cell, int | float):
            return self._fault("not-a-number", shown(cell), self._wanted())
        else:
            value = float(cell)
        low, high = self.column.low, self.column.high
        if low is None or high is None or (low <= value <= high and not (self.column.above_low and value == low)):
            return value + 0.0  # so that no -0.0 comes in
        return self._outside(value, cell)

    def _odd_number(self, text: str) -> Any:
        """A number that is not written plainly; taken where it can mean one thing only."""
        bare = re.sub(r"^([+-]?)£ ?([+-]?)", r"\1\2", text) if self.column.is_money else text
        comma_means_thousands = not self.semicolons or bare.count(",") > 1
        if PLAIN.fullmatch(bare) or (comma_means_thousands and GROUPED.fullmatch(bare)):
            self.taken.append((self.row, text))
            return float(bare.replace(",", ""))
        if NOT_FINITE.fullmatch(text):
            return self._fault("not-finite", shown(text), self._wanted())
        if DECIMAL_COMMA.fullmatch(bare):
            point = bare.replace(".", "").replace(",", ".")
            return self._fault("decimal-comma", shown(text), "a decimal point", f"Write {printable(point)}.")
        meant = numbers_meant(text)
        fix = f"Write {' or '.join(meant)}." if meant else ""
        if text.lower() in NO_VALUE and self.column.may_be_blank:
            fix = "Leave the cell blank."
        return self._fault("not-a-number", shown(text), self._wanted(), fix)

    def _outside(self, value: float, cell: Any) -> Bad:
        if not math.isfinite(value):  # of a text what stands there, such as 1e400, not what it comes to
            return self._fault("not-finite", shown(cell) if type(cell) is str else str(value), self._wanted())
        if value < 0 and self.column.is_money:
            return self._fault("negative-money", shown(value), f"an amount {self.column.range_in_words()}")
        fix = ""
        if self.column.name == "salary":
            fix = "Advisers who cost nothing would make the plan unlimited; give what they cost, however little."
        limit = (
            f" (no amount is above {self.column.high:,.0f})" if self.column.high and value > self.column.high else ""
        )
        return self._fault("out-of-range", shown(value), self._wanted() + (limit if self.column.high != 1 else ""), fix)

    def _note_taken(self) -> None:
        row, cell = self.taken[0]
        more = f", and {len(self.taken) - 1} more like it" if len(self.taken) > 1 else ""
        rows = [number for number, _ in self.taken]
        shown_taken = [row] if len(rows) > 3 or len(shown_rows(rows)) > 40 else rows
        found = f"{shown(cell)}{more}, taken without its separators and pound sign"
        self.faults.add("number-format", self.table, shown_taken, self.column.name, found=found, wanted="plain numbers")


def _as_text(cell: Any) -> str:
    """A workbook's cell in a text column: 2004.0 is the code 2004, a truth value the word."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else str(cell)
