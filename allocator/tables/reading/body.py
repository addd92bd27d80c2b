"""Sorts the rows under a table's headings: those of the table, those with a fault, and those that are no data.

Totals, notes, units below the headings and figures beside the table are left out and said; what may be a row and
cannot be read is a fault, many alike one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from allocator.faults import FaultList, shown, shown_number, shown_rows
from allocator.tables.columns import TABLES, Table
from allocator.tables.reading.files import is_blank
from allocator.tables.reading.grid import MANY_CELLS, Rows, text_of
from allocator.tables.reading.headings import column_meant, enough_headings, headings_known, in_unit
from allocator.tables.reading.written_numbers import is_symbol, numbers_meant, other_than_a_number

MANY_UNITS = 2  # cells of words in columns of numbers, in a row that says what the columns are in
UNIT = re.compile(r"£|%|£ ?000s?|£ ?m|units?|code|key|text|number|name", re.IGNORECASE)
RULED = re.compile(r"[-=_–—.]{2,}")
MOST_HEADINGS = 40  # cells of a row of headings
MANY_NUMBERED = 4  # columns that are numbered or lettered below their headings
MOST_TOLD = 3  # rows of one fault that are told one by one
NOUGHT = re.compile(r"£?-?0+(?:\.0*)?")
# A row with more blank cells than this where values are needed is one slip, not one a cell.
MOST_BLANK = 2
TOTAL = re.compile(
    r"(?:grand |sub|overall )?[- ]?totals?\b.{0,60}|.{1,60}\b(?:sub-?)?totals?|sum|all(?:[ _-][a-z ]{1,30})?|overall",
    re.IGNORECASE,
)
TOTAL_ALONE = re.compile(r"(?:grand |sub|overall )?[- ]?totals?|sum", re.IGNORECASE)
NOTE = re.compile(
    r"(?:sources?|notes?|footnotes?|figures|data|crown copyright|last updated|©|\*|†|\(?[0-9a-z]\)|[0-9]+\.\s|#)",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"[+-]?£?\s?\d{1,3}(?:,\d{3})*(?:\.\d+)?|[+-]?£?\s?\d+(?:\.\d+)?")


def left_out(table: str, where: str, rows: Rows, faults: FaultList) -> None:
    """Give the note of rows that are none of the table, with the words of the first."""
    said = next(text_of(cell) for cell in rows[0][1] if not is_blank(cell))
    found = f"{shown(said)} {where}" if len(rows) == 1 else f"{len(rows):,} rows {where}, the first {shown(said)}"
    numbers = [number for number, _ in rows]
    place = numbers if len(shown_rows(numbers)) < 40 else numbers[:1]
    faults.add("left-out", table, place, found=f"{found}, left out", fix="")


def _is_unit(word: str) -> bool:
    """Say whether a word in a column of numbers can be its unit or its meaning: no figure and no symbol for one."""
    bare = word[1:-1].strip() if word[0] + word[-1] in ("()", "[]") else word
    if UNIT.fullmatch(bare):
        return True
    if not any(mark.isalpha() or mark in "=£%" for mark in bare) or bare.startswith(("#", "Err:")):
        return False
    if "=" in bare:
        return True
    return not is_symbol(bare) and not numbers_meant(bare) and other_than_a_number(bare) is None


class Body:
    """Sorts the rows under the headings into those of the table, those with a fault, and those that are no data."""

    def __init__(self, table: Table, under: Mapping[str, int], faults: FaultList) -> None:
        """Take the table and the positions of its columns; under: those that have a heading."""
        self._table, self._faults = table, faults
        self._positions = sorted(under.values())
        self._keys = [under[key] for key in table.keys if key in under]
        self._needed = [under[c.name] for c in table.columns if c.name in under and not c.may_be_blank]
        kinds = ("number", "whole number")
        self._numbers = [under[c.name] for c in table.columns if c.name in under and c.kind in kinds]
        self._sums = {c.name: under[c.name] for c in table.columns if c.name in under and c.adds_up}
        self._labels = [under[c.name] for c in table.columns if c.name in under and c.kind == "name" and not c.key]
        self._titles = {position: title for title, position in under.items()}
        self._under = dict(under)

    def sorted_out(self, rows: Rows, width: int, length: int) -> tuple[Rows, list[Sequence[Any]]]:
        """Give the rows of the table, and the cells of those that are not whole; all else is said.

        width: cells up to the last heading. length: the most cells a row has where figures stand beside the table.
        """
        rows, beside = self._without_what_stands_beside(rows)
        if beside:
            left_out(self._table.name, "beside the table", beside, self._faults)
        again = [entry for entry in rows if self._is_heading(entry[1])]
        if again:
            left_out(self._table.name, "like the headings", again, self._faults)
            rows = [entry for entry in rows if not self._is_heading(entry[1])]
        while len(rows) > 1 and self._explains(rows[0][1]):
            self._tell_other_units(*rows[0])
            left_out(self._table.name, "below the headings", rows[:1], self._faults)
            rows = rows[1:]
        rows = self._up_to_another_table(rows)
        end = len(rows)
        known = {text_of(row[0]) for _, row in rows[:-1] if len(row) > 1 and sum(map(is_blank, row)) < len(row) - 1}
        while end and self._is_note(rows[end - 1][1], known):
            end -= 1
        if rows[end:]:
            left_out(self._table.name, "below the table", rows[end:], self._faults)
        whole: Rows = []
        ragged: list[Sequence[Any]] = []
        odd: list[tuple[int, str]] = []
        gaps: list[tuple[int, str]] = []
        for number, row in self._without_totals(rows[:end]):
            fits = len(row) == width or (width < len(row) and (len(row) <= length or all(map(is_blank, row[width:]))))
            blanks = [position for position in self._needed if position < len(row) and is_blank(row[position])]
            if not fits:
                odd.append((number, f"{len(row)} cells"))
                ragged.append([*row[:width], *[None] * (width - len(row))])
            elif len(blanks) > MOST_BLANK or (len(blanks) > 1 and self._filled(row) == 1):
                said = ", ".join(shown(text_of(row[at])) for at in self._positions if not is_blank(row[at]))
                gaps.append((number, f"{said} and {len(blanks):,} blank cells"))
                ragged.append(row)
            else:
                whole.append((number, row))
        fix = "A comma inside a cell needs quotation marks around the cell, a column of notes a heading."
        self._tell("ragged-row", odd, f"{width} cells", fix)
        self._tell("blank-cell", gaps, "a whole row", "Fill it, or delete it where it is a heading or a note.")
        return whole, ragged

    def _tell(self, code: str, rows: Sequence[tuple[int, str]], wanted: str, fix: str) -> None:
        """Report rows that cannot be read, each with what was found; more than a few as one."""
        many = len(rows) > MOST_TOLD
        for number, found in rows[:1] if many else rows:
            more = f", and {len(rows) - 1:,} more rows like it, up to row {rows[-1][0]}" if many else ""
            self._faults.add(code, self._table.name, [number], found=f"{found}{more}", wanted=wanted, fix=fix)

    def _tell_other_units(self, number: int, row: Sequence[Any]) -> None:
        """Report heading-unit: units below the headings that are not those of their columns."""
        for column in self._table.columns:
            at = self._under.get(column.name)
            unit = text_of(row[at]).strip("()[] ") if at is not None and at < len(row) else ""
            meant = in_unit(column, unit) if unit and column.kind in ("number", "whole number") else None
            if meant is not None and meant.other_unit and meant.is_sure:
                found, wanted = f"{shown(unit)} below the heading", f"{column.name}: {column.unit}"
                fix = meant.fix.partition(" and write ")[0] + "."
                self._faults.add(
                    "heading-unit", self._table.name, [number], column.name, found=found, wanted=wanted, fix=fix
                )

    def _up_to_another_table(self, rows: Rows) -> Rows:
        """Give the rows above the headings of another table, which begins there and is left out with what follows."""
        for at, (_, row) in enumerate(rows[1:], start=1):
            cells = [text_of(cell) for cell in row[:MANY_CELLS] if not is_blank(cell)]
            # no heading begins with a figure, and nearly every row of a table has a cell that does
            may_be = MANY_UNITS <= len(cells) <= MOST_HEADINGS and not any(cell[:1].isdigit() for cell in cells)
            for other in TABLES.values() if may_be else ():
                known = headings_known(other, cells)
                if other is not self._table and known >= enough_headings(other) and known == len(cells):
                    left_out(self._table.name, f"from the headings of {other.name} on", rows[at:], self._faults)
                    return rows[:at]
        return rows

    def _filled(self, row: Sequence[Any]) -> int:
        """Give how many cells of the table's columns say anything in a row."""
        return sum(at < len(row) and not is_blank(row[at]) for at in self._positions)

    def _without_what_stands_beside(self, rows: Rows) -> tuple[Rows, Rows]:
        """Give the rows that have a cell under a known heading, and those that have none."""
        if not self._positions:
            return rows, []
        rows = self._without_noughts(rows)
        kept: Rows = []
        beside: Rows = []
        for number, row in rows:
            some = any(position < len(row) and not is_blank(row[position]) for position in self._positions)
            (kept if some else beside).append((number, row))
        return kept, beside

    def _without_noughts(self, rows: Rows) -> Rows:
        """Give the rows without those that have no key and noughts alone, as formulas that were copied too far."""
        of_noughts = [(number, row) for number, row in rows if self._is_of_noughts(row)]
        if of_noughts:
            left_out(self._table.name, "without a name, and noughts alone", of_noughts, self._faults)
        return [(number, row) for number, row in rows if not self._is_of_noughts(row)] if of_noughts else rows

    def _is_of_noughts(self, row: Sequence[Any]) -> bool:
        if not self._keys or any(at < len(row) and not is_blank(row[at]) for at in self._keys):
            return False
        filled = [text_of(row[at]) for at in self._positions if at < len(row) and not is_blank(row[at])]
        return bool(filled) and all(NOUGHT.fullmatch(text) for text in filled)

    def _is_heading(self, row: Sequence[Any]) -> bool:
        """Say whether a row says the headings again, as where two sheets were put below one another."""
        there = [(at, title) for at, title in self._titles.items() if at < len(row)]
        if len(there) < 2 or text_of(row[there[0][0]])[:1].casefold() != there[0][1][:1]:
            return False  # as nearly every row
        cells = [(title, text_of(row[at])) for at, title in there]
        return all((one := column_meant(cell, self._table)) and one.column == title for title, cell in cells)

    def _explains(self, row: Sequence[Any]) -> bool:
        """Say whether a row says the units or the meaning of the columns, numbers them, or rules a line below them.

        Words stand then in every column of numbers.
        """
        filled = [(at, text_of(row[at])) for at in self._positions if at < len(row) and not is_blank(row[at])]
        if len(filled) >= MANY_UNITS and all(RULED.fullmatch(text) for _, text in filled):
            return True
        said = [text.strip("()[].").casefold() for _, text in filled]
        numbers, letters = [str(at + 1) for at, _ in filled], [chr(ord("a") + at % 26) for at, _ in filled]
        if len(filled) >= MANY_NUMBERED and said in (letters, numbers):
            return True
        cells = [row[at] for at in self._numbers if at < len(row) and not is_blank(row[at])]
        words = [text_of(cell) for cell in cells if isinstance(cell, str)]
        if len(words) < MANY_UNITS or len(words) < len(cells):
            return False
        first = text_of(row[self._keys[0]]) if self._keys and self._keys[0] < len(row) else ""
        if first and not (" " in first or first[0] in "([" or UNIT.fullmatch(first)):
            return False  # it may be somebody's key
        return all(map(_is_unit, words))

    def _is_note(self, row: Sequence[Any], known: set[str]) -> bool:
        """Say whether words alone stand in a row where a table's would have values: a source, a remark.

        known: what stands in the first column of the other rows, for half a row of the table is no note.
        """
        filled = [text_of(cell) for cell in row if not is_blank(cell)]
        if len(self._needed) < 2 or not filled or any(AMOUNT.fullmatch(text) for text in filled):
            return False
        if all(position < len(row) and not is_blank(row[position]) for position in self._needed):
            return False
        words = filled[0]
        marked = NOTE.match(words) is not None
        if len(filled) == 2:
            return marked
        return len(filled) == 1 and words not in known and (marked or " " in words or ":" in words)

    def _without_totals(self, rows: Rows) -> Rows:
        """Give the rows without those that are sums of others, which are said; a total that is no sum is a fault."""
        if not self._sums or not self._keys:
            return rows
        words = {at: word for at, (_, row) in enumerate(rows) if (word := self._total_word(row)) is not None}
        if not words or len(words) == len(rows):
            return rows
        others = _Sums(self._sums, [row for at, (_, row) in enumerate(rows) if at not in words])
        left: list[tuple[int, str]] = []
        wrong: list[tuple[int, str]] = []
        above: Rows = []
        kept: Rows = []
        for at, (number, row) in enumerate(rows):
            if at not in words:
                above.append((number, row))
                kept.append((number, row))
                continue
            # a name of its own, such as England's, is no name of what is added up
            mine = self._keys[0] if words[at] and not TOTAL.fullmatch(words[at]) else None
            named = [
                key
                for key in self._keys
                if key != mine and not is_blank(row[key]) and not TOTAL.fullmatch(text_of(row[key]))
            ]
            alike = [named]
            if mine is not None:
                alike += [[*named, label] for label in self._labels if not is_blank(row[label])]
            figures = self._figures(row)
            called = TOTAL_ALONE.fullmatch(words[at]) is not None
            least = 1 if called else 2
            sums = (others, _Sums(self._sums, [one for _, one in above]))
            if figures and any(found.equal(figures, row, same, least) for found in sums for same in alike):
                title, value = max(figures.items(), key=lambda one: one[1])
                called_so = shown(words[at]) if words[at] else "a row without a name"
                left.append((number, f"{called_so}, the sum of other rows: {title} {shown_number(value)}"))
            elif called or (words[at] and TOTAL.fullmatch(words[at]) and self._lacks_something(row)):
                wrong.append((number, shown(words[at])))
            else:
                kept.append((number, row))
            above = []
        for number, said in left[:1]:
            more = f", and {len(left) - 1:,} more like it" if len(left) > 1 else ""
            self._faults.add(
                "total-row", self._table.name, [number], found=f"{said}{more}; left out", severity="warning"
            )
        for number, said in wrong[:1]:
            more = f", and {len(wrong) - 1:,} more like it" if len(wrong) > 1 else ""
            fix = "Delete the row if it is a total, or give it another name."
            found, wanted = f"{said}{more}, which is not the sum of the other rows", "rows of the table alone"
            self._faults.add("total-row", self._table.name, [number], found=found, wanted=wanted, fix=fix)
        return kept

    def _lacks_something(self, row: Sequence[Any]) -> bool:
        return any(at >= len(row) or is_blank(row[at]) for at in self._needed)

    def _total_word(self, row: Sequence[Any]) -> str | None:
        """Give what a row is called that may be a total: a key that says so, or "" for figures without a name.

        Where all but its first key and its figures is left blank, it may be a total whatever it is called; in a table
        of one key also where there are two amounts and anything that is needed is blank, as in England's row.
        """
        if any(position >= len(row) for position in self._keys):
            return None
        keys = [text_of(row[position]) for position in self._keys]
        named = next((key for key in keys if TOTAL.fullmatch(key)), None)
        if named is not None:
            return named
        if any(keys):
            figures = {*self._sums.values(), self._keys[0]}
            others = [at for at in self._needed if at not in figures]
            bare = bool(others) and all(at >= len(row) or is_blank(row[at]) for at in others)
            amounts, whole = self._figures(row), all(at < len(row) for at in self._needed)
            of_amounts = len(keys) == 1 and len(amounts) > 1 and whole and any(is_blank(row[at]) for at in self._needed)
            return keys[0] if keys[0] and amounts and (bare or of_amounts) else None
        return "" if self._figures(row) else None

    def _figures(self, row: Sequence[Any]) -> dict[str, float]:
        """Give the row's figures in the columns that add up."""
        found = {title: _amount(row[at]) for title, at in self._sums.items() if at < len(row)}
        return {title: value for title, value in found.items() if value is not None}


class _Sums:
    """Sums of rows, over all of them or over those that agree with a row in some cells."""

    def __init__(self, columns: Mapping[str, int], rows: Sequence[Sequence[Any]]) -> None:
        self._columns, self._rows = columns, rows
        self._made: dict[tuple[int, ...], dict[tuple[str, ...], dict[str, list[float]]]] = {}

    def equal(self, figures: Mapping[str, float], row: Sequence[Any], alike: Sequence[int], least: int) -> bool:
        """Say whether every figure is the sum over the rows, least of them or more, with the same cells at alike."""
        sums = self._by(tuple(alike)).get(tuple(text_of(row[at]) for at in alike), {})
        for title, value in figures.items():
            within = min(1, abs(value) / 1000)  # of a rounded total, beside a relative 1e-6
            of_one = sums.get(title, [])
            if len(of_one) < least or not math.isclose(math.fsum(of_one), value, rel_tol=1e-6, abs_tol=within):
                return False
        return True

    def _by(self, alike: tuple[int, ...]) -> dict[tuple[str, ...], dict[str, list[float]]]:
        if alike not in self._made:
            made: dict[tuple[str, ...], dict[str, list[float]]] = {}
            for row in self._rows:
                of_one = made.setdefault(tuple(text_of(row[at]) if at < len(row) else "" for at in alike), {})
                for title, at in self._columns.items():
                    value = _amount(row[at]) if at < len(row) else None
                    if value is not None:
                        of_one.setdefault(title, []).append(value)
            self._made[alike] = made
        return self._made[alike]


def _amount(cell: Any) -> float | None:
    """Give a cell's figure, where one is plainly written in it."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    if isinstance(cell, str) and AMOUNT.fullmatch(text := cell.strip()):
        return float(text.replace(",", "").replace("£", "").replace(" ", ""))
    return None
