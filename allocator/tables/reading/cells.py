"""Turns the raw cells of a column into typed values; a cell that cannot be one is a fault and becomes BAD."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from allocator.faults import FaultList, Severity, printable, shown, shown_number, shown_rows
from allocator.tables.columns import Column
from allocator.tables.names import did_you_mean, sameness
from allocator.tables.reading.grid import COVERED
from allocator.tables.reading.opendocument import ERROR, UNCALCULATED
from allocator.tables.reading.written_numbers import (
    bare_number,
    is_symbol,
    means_no_limit,
    means_no_name,
    means_nothing,
    numbers_meant,
    other_than_a_number,
)


class Bad:
    """The type of BAD, what stands in place of a cell that has a fault."""


BAD = Bad()

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
ONE_COMMA = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)  # 1,025 is 1025, and 1.025 where a comma is decimal
ONE_DOT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)  # and 1.025 is 1025 where a dot stands between thousands
DOTS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
# As spreadsheet programs save what they show of a long number.
AS_SHOWN = re.compile(r"-?\d(?:\.\d{1,2})?E\+(?:0[3-9]|1\d)", re.ASCII)
DECIMAL_COMMA = re.compile(r"[+-]?[\d.]*,\d+", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HASHES = re.compile(r"#{2,}")
TRUTHS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "1.0"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "0.0"), False),
}
# What spreadsheet programs of other languages save in a CSV file for TRUE and FALSE.
FOREIGN_TRUTHS = {
    **dict.fromkeys(("vrai", "oui", "wahr", "ja", "verdadero", "vero", "waar", "prawda", "sim", "si", "sí"), "true"),
    **dict.fromkeys(("faux", "non", "falsch", "nein", "falso", "onwaar", "fałsz", "nee"), "false"),
}
# What the whole programme's country is called.
COUNTRY = re.compile(r"england|national|country|uk|united kingdom|nation", re.IGNORECASE)
LOST = "\ufffd"  # what programs put for a letter that they could not read
# Marks that stand for what is in the cell above.
DITTO = re.compile(r"[\"”“″〃']{1,2}|do\.|ditto", re.IGNORECASE)
# Cells that a spreadsheet program would take for a formula are written with an apostrophe before them.
ESCAPED = re.compile(r"'+[=+\-@\t\r]")
RISKY = re.compile(r"'*[=+\-@\t\r]")
# Of one kind so many faults of a column are told cell by cell; more are one slip, told once with its rows.
MOST_OF_A_COLUMN = 3
# Posts and hours have decimals: 1,234 beside others of 5 may be 1.234 of them.
IN_PARTS = ("FTE", "hours")
FAR_ABOVE = 100  # times the largest of the others


@dataclass(frozen=True)
class CellFault:
    """A fault of one cell, before it is told."""

    row: int
    code: str
    found: str
    wanted: str
    fix: str


@dataclass
class ColumnReader:
    """Reads the cells of one column.

    table: whose column it is. semicolons: whether a comma in a number is a decimal comma.
    found: the faults of its cells, in order, for `tell`.
    """

    table: str
    column: Column
    semicolons: bool
    row: int = 0
    taken: list[tuple[int, str]] = field(default_factory=list)  # rows and cells that separators were taken off
    dotted: list[tuple[int, str]] = field(
        default_factory=list
    )  # rows and cells such as 1.025 in a file with semicolons
    cut: list[tuple[int, str]] = field(default_factory=list)  # rows and cells such as 6.4E+05
    found: list[CellFault] = field(default_factory=list)
    largest: float = 0.0  # of the column's plain numbers, where they may have decimals

    def read(self, cells: Sequence[Any], rows: Sequence[int]) -> list[Any]:
        """Give the typed values of the cells: str, float, int, bool; what a blank means if one may be.

        BAD for a fault.
        """
        convert = {
            "name": self._name,
            "text": self._text,
            "choice": self._choice,
            "number": self._number,
            "whole number": self._whole,
            "true/false": self._truth,
        }[self.column.kind]
        if self.column.unit.startswith(IN_PARTS):
            self.largest = max((abs(float(cell)) for cell in cells if _is_plain(cell)), default=0.0)
        values: list[Any] = []
        for row, cell in zip(rows, cells, strict=True):
            self.row = row
            if type(cell) is str:
                plain = cell.strip()
                if not plain:
                    values.append(self._blank())
                    continue
                if plain[0] == "'" and ESCAPED.match(plain):
                    plain = plain[1:]
                elif plain[0] in "#E" and (error := self._error(plain)):
                    values.append(self._fault("error-cell", *error))
                    continue
                values.append(convert(plain))
            elif cell is None:
                values.append(self._blank())
            elif cell is COVERED:  # by merged cells, which are a fault already
                values.append(BAD)
            elif isinstance(cell, dt.date) and cell.day == 1 and self.column.name == "year":
                values.append(f"{MONTHS[cell.month - 1]}-{cell.year % 100:02}")  # as the program shows it
            elif isinstance(cell, dt.date) and self.column.kind == "text":
                values.append(f"{cell:%Y-%m-%d}")  # a day stands in a text as well as any word
            elif isinstance(cell, dt.date | dt.time | dt.timedelta):
                values.append(self._date(cell))
            else:
                values.append(convert(cell))
        return values

    def tell(self, faults: FaultList) -> None:
        """Add what was found to the faults: each cell, or one for all where they are many of a kind."""
        by_code: dict[str, list[CellFault]] = {}
        for one in self.found:
            by_code.setdefault(one.code, []).append(one)
        for code, of_code in by_code.items():
            told = of_code if len(of_code) <= MOST_OF_A_COLUMN else of_code[:1]
            for one in told:
                found = one.found if told is of_code else f"{one.found}, and {_more_like_it(of_code)}"
                faults.add(code, self.table, [one.row], self.column.name, found=found, wanted=one.wanted, fix=one.fix)
        if self.taken:
            self._note_taken(faults)
        if self.dotted:
            self._tell_dotted(faults)
        if self.cut and (self.column.adds_up or self.column.is_money):
            self._tell_cut(faults)

    def _error(self, plain: str) -> tuple[str, str, str] | None:
        """Report what a spreadsheet program writes in place of a value that it has not, with what to do."""
        if plain == UNCALCULATED:
            fix = "Open the workbook in a spreadsheet program and save it, or put the value in its place."
            return "a formula without a stored value", self._wanted(), fix
        if ERROR.fullmatch(plain):
            return plain, self._wanted(), "Correct the formula, or put its value in its place."
        if HASHES.fullmatch(plain):
            fix = "Make the column wider, then save the file again."
            return f"{printable(plain)}, as a column too narrow for its figures is saved", self._wanted(), fix
        return None

    def _fault(self, code: str, found: str, wanted: str = "", fix: str = "") -> Bad:
        self.found.append(CellFault(self.row, code, found, wanted, fix))
        return BAD

    def _wanted(self) -> str:
        """Give what the column takes, in words."""
        kind = {"number": "a number", "whole number": "a whole number", "true/false": "true or false"}
        if self.column.kind == "choice":
            return f"one of {', '.join(self.column.choices)}"
        words = kind.get(self.column.kind, "text")
        return f"{words} {within}" if (within := self.column.range_in_words()) else words

    def _date(self, cell: dt.date | dt.time | dt.timedelta) -> Bad:
        """Report a date or time, with what a spreadsheet program may have made it of where a name is due."""
        found = f"the date or time {cell}"
        if isinstance(cell, dt.date) and self.column.kind == "name":
            day = f"{cell.day} {MONTHS[cell.month - 1]} {cell.year}"
            found = f"the date {day}, which spreadsheet programs make of {cell.day}-{cell.month} and the like"
        as_what = "text" if self.column.kind == "name" else "text (or as a number)"
        fix = f"Format the column as {as_what}, then type the value again."
        return self._fault("date-cell", found, self._wanted(), fix)

    def _blank(self) -> Bad | float | None:
        if self.column.may_be_blank:
            return self.column.left_out
        return self._fault("blank-cell", "a blank cell", self._wanted())

    def _name(self, cell: Any) -> Any:
        if isinstance(cell, str) and DITTO.fullmatch(cell):
            found = f"{shown(cell)}, which stands for the cell above"
            return self._fault("blank-cell", found, self._wanted(), "Write the name in every row.")
        if isinstance(cell, str) and self.column.may_be_blank and means_no_name(cell):
            fix = "Leave the cell blank for none, or use another name."
            return self._fault("blank-cell", f"{shown(cell)}, which stands for no name", "a name, or a blank cell", fix)
        return self._words(cell, "")

    def _text(self, cell: Any) -> Any:
        return self._words(cell, "\n\r\t")

    def _words(self, cell: Any, allowed: str) -> Any:
        """Give the cell as text; allowed: characters that cannot be seen and yet may stand in it."""
        text = _as_text(cell)
        if len(text) > self.column.longest:
            found = f"{len(text):,} characters: {shown(text)}"
            return self._fault("cell-too-long", found, f"at most {self.column.longest:,} characters")
        return text if text.isascii() and text.isprintable() else self._clean(text, allowed)

    def _clean(self, text: str, allowed: str) -> Any:
        """Give the text with composed accents; characters that cannot be seen are refused."""
        no_letter = ("Cc", "Cf", "Cs", "Zl", "Zp")
        unseen = [c for c in text if (c not in allowed and unicodedata.category(c) in no_letter) or c == LOST]
        if unseen:
            called = unicodedata.name(unseen[0], "").lower()
            code = f"U+{ord(unseen[0]):04X}"
            found = f"{shown(text)} with {f'a {called} ({code})' if called else f'the character {code}'}"
            return self._fault("control-character", found, "characters that can be seen", "Type the cell again.")
        return unicodedata.normalize("NFC", text)

    def _choice(self, cell: Any) -> Any:
        text = _as_text(cell)
        if text in self.column.choices:
            return text
        same = [choice for choice in self.column.choices if sameness(choice) == sameness(text[:100])]
        if same:
            return same[0]
        fix = did_you_mean(text, self.column.choices)
        if "national" in self.column.choices and COUNTRY.fullmatch(text):
            fix = "Did you mean 'national'?"
        return self._fault("not-a-choice", shown(text), self._wanted(), fix)

    def _truth(self, cell: Any) -> Any:
        if isinstance(cell, bool):
            return cell
        said = f"{cell:g}" if isinstance(cell, int | float) else str(cell).casefold()
        if said in TRUTHS:
            return TRUTHS[said]
        fix = f"Write {FOREIGN_TRUTHS[said]}." if said in FOREIGN_TRUTHS else ""
        return self._fault("not-true-false", shown(cell), self._wanted(), fix)

    def _whole(self, cell: Any) -> Any:
        value = self._number(cell)
        if isinstance(value, Bad):
            return BAD
        return int(value) if value.is_integer() else self._fault("not-whole", shown(value), self._wanted())

    def _number(self, cell: Any) -> Any:
        if type(cell) is str:
            if PLAIN.fullmatch(cell):
                value = float(cell)
                if AS_SHOWN.fullmatch(cell):
                    self.cut.append((self.row, cell))
                if self.semicolons and ONE_DOT.fullmatch(cell):
                    self.dotted.append((self.row, cell))
            else:
                value = self._odd_number(cell)
                if isinstance(value, Bad):
                    return BAD
        elif isinstance(cell, bool) or not isinstance(cell, int | float):
            said = _as_text(cell) if isinstance(cell, bool) else shown(cell)
            return self._fault("not-a-number", said, self._wanted())
        else:
            value = float(cell)
        if self._is_inside(value):
            return value + 0.0  # so that no -0.0 comes in
        return self._outside(value, cell)

    def _is_inside(self, value: float) -> bool:
        low, high = self.column.low, self.column.high
        return low is None or high is None or (low <= value <= high and not (self.column.above_low and value == low))

    def _odd_number(self, text: str) -> Any:
        """Give a number that is not written plainly; taken where it can mean one thing only."""
        bare = bare_number(text, money=self.column.is_money)
        comma_means_thousands = not self.semicolons or bare.count(",") > 1 or "£" in text
        if PLAIN.fullmatch(bare) or (comma_means_thousands and GROUPED.fullmatch(bare)):
            if ONE_COMMA.fullmatch(bare) and "£" not in text and self._too_many(float(bare.replace(",", ""))):
                return self._either(text, bare)
            self.taken.append((self.row, text))
            return float(bare.replace(",", ""))
        if NOT_FINITE.fullmatch(text):
            return self._fault("not-finite", shown(text), self._wanted())
        if DOTS.fullmatch(bare):
            fix = f"Write {bare.replace('.', '')}."
            return self._fault("decimal-comma", f"{shown(text)}, with dots between thousands", "no separators", fix)
        if DECIMAL_COMMA.fullmatch(bare):
            if ONE_COMMA.fullmatch(bare):
                return self._either(text, bare)
            point = bare.replace(".", "").replace(",", ".")
            return self._fault("decimal-comma", shown(text), "a decimal point", f"Write {printable(point)}.")
        if DITTO.fullmatch(text):
            found = f"{shown(text)}, which stands for the cell above"
            return self._fault("not-a-number", found, self._wanted(), "Write the number in every row.")
        told = other_than_a_number(text)
        if told:
            found, fix = told
            return self._fault(
                "not-a-number", f"{shown(text)}, {found}", self._wanted(), fix or self._in_place_of(text)
            )
        meant = numbers_meant(text)
        fix = f"Write {' or '.join(meant)}." if meant else ""
        return self._fault("not-a-number", shown(text), self._wanted(), fix)

    def _in_place_of(self, text: str) -> str:
        """Give what to write for a symbol in place of a figure."""
        if self.column.may_be_blank:
            return "Leave the cell blank."
        if means_no_limit(text):
            by_row = self.table == "capacities"  # where no row is no limit
            return "Delete the row: without one there is no limit." if by_row else "Write more than can be reached."
        if means_nothing(text) and self.column.low == 0 and not self.column.above_low:
            return "Write 0 if it means nothing."
        return "Write the figure, or an estimate of it." if is_symbol(text) else ""

    def _too_many(self, value: float) -> bool:
        """Say whether a decimal comma may be meant, the thousands being more than anybody has, or than the others
        have.
        """
        plausible = self.column.plausible
        if not self._is_inside(value) or (plausible is not None and value > plausible[1]):
            return True
        return self.column.unit.startswith(IN_PARTS) and 0 < self.largest * FAR_ABOVE <= value

    def _either(self, text: str, bare: str) -> Bad:
        """Report a comma before three digits, which stands for either of two numbers."""
        thousands, point = bare.replace(",", ""), bare.replace(",", ".")
        found = f"{shown(text)}, which is {thousands} or {point}"
        fix = f"Write {point} or {thousands}, without a comma."
        return self._fault("decimal-comma", found, self._wanted(), fix)

    def _outside(self, value: float, cell: Any) -> Bad:
        if not math.isfinite(value):  # of a text what stands there, such as 1e400, not what it comes to
            return self._fault("not-finite", shown(cell) if type(cell) is str else str(value), self._wanted())
        said = (
            shown(value) if type(cell) is not str or PLAIN.fullmatch(cell) else f"{shown(cell)}, that is {shown(value)}"
        )
        if value < 0 and self.column.is_money:
            return self._fault("negative-money", said, f"an amount {self.column.range_in_words()}")
        fix = ""
        if self.column.name == "salary":
            fix = "Advisers who cost nothing would make the plan unlimited; give what they cost, however little."
        elif self.column.low == 0 and self.column.high == 1 and -1 <= value < 0:
            fix = f"Write {-value:g}, without the minus, if that is meant."
        elif self.column.high == 1 and self.column.kind == "number" and 1 < abs(value) <= 100:
            fix = f"Write {value / 100:g} for {value:g} per cent."
        limit = (
            f" (no amount is above {self.column.high:,.0f})" if self.column.high and value > self.column.high else ""
        )
        return self._fault("out-of-range", said, self._wanted() + (limit if self.column.high != 1 else ""), fix)

    def _note_taken(self, faults: FaultList) -> None:
        row, cell = self.taken[0]
        more = f", and {len(self.taken) - 1} more like it" if len(self.taken) > 1 else ""
        rows = [number for number, _ in self.taken]
        shown_taken = [row] if len(rows) > 3 or len(shown_rows(rows)) > 40 else rows
        plain = " ".join(cell.split())  # a no-break space is a space to who reads it
        found = f"{shown(plain)}{more}, taken without its separators and pound sign"
        faults.add("number-format", self.table, shown_taken, self.column.name, found=found, wanted="plain numbers")

    def _tell_cut(self, faults: FaultList) -> None:
        """Report number-format: figures saved as a spreadsheet program showed them, a few digits and the noughts."""
        row, cell = self.cut[0]
        more = f", and {len(self.cut) - 1} more like it" if len(self.cut) > 1 else ""
        found = f"{shown(cell)}{more}, taken as {shown_number(float(cell))}: digits after the first may be lost"
        fix = "Format the column as a number, then save the file again."
        faults.add("number-format", self.table, [row], self.column.name, found=found, fix=fix, severity="warning")

    def _tell_dotted(self, faults: FaultList) -> None:
        """Give a dot before three digits in a file with semicolons: between thousands, as where a comma is decimal, or
        not.

        Sure where commas are decimal in the column too; to be asked where all its dots stand so.
        """
        commas = any(one.code == "decimal-comma" for one in self.found)
        if not commas and not (self.column.adds_up or self.column.is_money):
            return
        row, cell = self.dotted[0]
        more = f", and {len(self.dotted) - 1} more like it" if len(self.dotted) > 1 else ""
        thousands = cell.replace(".", "")
        found = f"{shown(cell)}{more}, which is {thousands} where a dot stands between thousands"
        fix = f"Write {thousands} if that is meant."
        severity: Severity = "fault" if commas else "warning"
        faults.add(
            "dots", self.table, [row], self.column.name, found=found, wanted="plain numbers", fix=fix, severity=severity
        )


def _is_plain(cell: Any) -> bool:
    if isinstance(cell, str):
        return bool(PLAIN.fullmatch(cell))
    return isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)


def _more_like_it(of_code: Sequence[CellFault]) -> str:
    """Give the cells after the first, as a count and the rows of the first few."""
    rows = [one.row for one in of_code[1:]]
    listed = shown_rows(rows) if len(shown_rows(rows)) < 40 else f"{', '.join(map(str, rows[:5]))}, …"
    return f"{len(rows):,} more like it (rows {listed})"


def _as_text(cell: Any) -> str:
    """Give a workbook's cell in a text column: 2004.0 is the code 2004, a truth value the word."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else str(cell)
