"""Finds the table in a grid of cells: its headings, its rows, and what stands around them and is no part of it.

A planner's sheet has titles, notes, totals and columns of its own. What is surely none of the table is left out and
said; what may be a row of it and cannot be read is a fault.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allocator.faults import FaultList, printable, shown, shown_number, shown_rows
from allocator.tables.columns import TABLES, Table
from allocator.tables.names import nearest, slip_of
from allocator.tables.reading.files import is_blank
from allocator.tables.reading.grid import COVERED, Grid, Rows
from allocator.tables.reading.headings import column_meant
from allocator.tables.reading.written_numbers import numbers_meant, other_than_a_number

MANY_UNITS = 2  # cells of words in columns of numbers, in a row that says what the columns are in
UNIT = re.compile(r"£|%|£ ?000s?|£ ?m|units?|code|key|text|number|name", re.IGNORECASE)
MANY_CELLS = 1000  # in a row
MOST_DIGITS = 1e15  # of a whole number that a workbook keeps exactly
ERROR = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!)|Err:\d+")
HEADINGS_WITHIN = 30  # rows: a title and what it says stand above the headings, not pages of it
# A row with more blank cells than this where values are needed is one slip, not one a cell.
MOST_BLANK = 2
TOTAL = re.compile(
    r"(?:grand |sub|overall )?[- ]?totals?\b.{0,60}|.{1,60}\b(?:sub-?)?totals?|sum|all|overall", re.IGNORECASE
)
TOTAL_ALONE = re.compile(r"(?:grand |sub|overall )?[- ]?totals?|sum", re.IGNORECASE)
NOTE = re.compile(
    r"(?:sources?|notes?|footnotes?|figures|data|crown copyright|last updated|©|\*|†|\(?[0-9a-z]\)|[0-9]+\.\s|#)",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"[+-]?£?\s?\d{1,3}(?:,\d{3})*(?:\.\d+)?|[+-]?£?\s?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Sheet:
    """A table's raw cells: str from a CSV file; also float, int, bool or a date from a workbook.

    numbers: of each row, as the user's program shows it. columns: the cells under each known heading.
    semicolons: whether the file separates by semicolons, so that a comma in a number is a decimal comma.
    ragged: the cells under each known heading of the rows that are not whole, which are none of the others; None
    where a row ends before.
    """

    table: str
    numbers: tuple[int, ...]
    columns: Mapping[str, tuple[Any, ...]]
    semicolons: bool
    ragged: Mapping[str, tuple[Any, ...]]


def sheet_of(table: Table, grid: Grid, faults: FaultList) -> Sheet | None:
    """Give the table that stands in a grid, as columns under their headings; None, and a fault, where there is none."""
    rows = [(number, row) for number, row in grid.rows if not all(map(is_blank, row))]
    if not rows:
        fix = "Write the headings, or delete it where the table is optional."
        faults.add("empty-table", table.name, found="nothing", wanted="a line of headings", fix=fix)
        return None
    at = heading_row(table, rows)
    if _is_turned(table, rows):
        found = "the names of the columns one below the other, in the first column"
        wanted, fix = "the names of the columns in one row", "Turn the table: copy it and paste it transposed."
        faults.add("missing-column", table.name, [rows[at][0]], found=found, wanted=wanted, fix=fix)
        return None
    if at:
        left_out(table.name, "above the headings", rows[:at], faults)
    first, heading = rows[at]
    header = [unicodedata.normalize("NFC", _text(cell)) for cell in heading[: MANY_CELLS + 1]]
    under = _under_headings(table, header, first, rows[at + 1 :], faults)
    width = max((index for index, title in enumerate(header) if title), default=0) + 1
    length = max(len(heading), width) if not grid.is_sheet else MANY_CELLS
    finder = _Rows(table, under, faults)
    body, ragged = finder.sorted_out(_uncovered(rows[at + 1 :], grid, under, table, faults), width, length)
    if not body and not ragged and not table.optional:
        faults.add("empty-table", table.name, found="headings alone", wanted="at least one row")
    _say_hidden(table, grid, [number for number, _ in body], faults)
    return Sheet(
        table.name,
        tuple(number for number, _ in body),
        {title: tuple(row[position] for _, row in body) for title, position in under.items()},
        grid.semicolons,
        {
            title: tuple(row[position] if position < len(row) else None for row in ragged)
            for title, position in under.items()
        },
    )


def heading_row(table: Table, rows: Rows) -> int:
    """Give the position of the row of headings: the first with half of the columns that are needed, else the first."""
    known = (headings_known(table, row) for _, row in rows[:HEADINGS_WITHIN])
    return next((at for at, count in enumerate(known) if count >= _enough(table)), 0)


def has_headings(table: Table, grid: Grid) -> bool:
    """Say whether half of the columns that the table needs stand in one of the first rows."""
    return any(headings_known(table, row) >= _enough(table) for _, row in grid.rows[:HEADINGS_WITHIN])


def _is_turned(table: Table, rows: Rows) -> bool:
    """Say whether the headings stand in the first column, and not in a row."""
    down = headings_known(table, [row[0] for _, row in rows[:MANY_CELLS] if row])
    return down >= _enough(table) and down > max(headings_known(table, row) for _, row in rows[:HEADINGS_WITHIN])


def _enough(table: Table) -> float:
    return max(2, sum(not column.may_be_blank for column in table.columns) / 2)


def headings_known(table: Table, row: Sequence[Any]) -> int:
    """Give how many cells of a row are headings of the table."""
    return len({meant.column for cell in row[:MANY_CELLS] if (meant := column_meant(_text(cell), table))})


def left_out(table: str, where: str, rows: Rows, faults: FaultList) -> None:
    """Give the note of rows that are none of the table, with the words of the first."""
    said = next(_text(cell) for cell in rows[0][1] if not is_blank(cell))
    found = f"{shown(said)} {where}" if len(rows) == 1 else f"{len(rows):,} rows {where}, the first {shown(said)}"
    numbers = [number for number, _ in rows]
    place = numbers if len(shown_rows(numbers)) < 40 else numbers[:1]
    faults.add("left-out", table, place, found=f"{found}, left out", fix="")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < MOST_DIGITS:
        return str(int(cell))  # as a spreadsheet shows it
    return "" if is_blank(cell) or cell is COVERED else str(cell).strip()


def _under_headings(table: Table, header: list[str], row: int, rows: Rows, faults: FaultList) -> dict[str, int]:
    """Give the position of every known column.

    Columns that are missing or there twice are faults, others are left out.
    """
    meant = [column_meant(title, table) if title else None for title in header]
    taken = {one.column for one in meant if one}
    missing = [column.name for column in table.columns if column.name not in taken]
    columns: dict[str, int] = {}
    others: list[tuple[int, str]] = []
    for position, (title, one) in enumerate(zip(header, meant, strict=True)):
        if one is None:
            if title or any(position < len(cells) and not is_blank(cells[position]) for _, cells in rows):
                others.append((position, title))
        elif one.column in columns:
            fix = "Delete one of the two."
            faults.add(
                "duplicate-column",
                table.name,
                [row],
                one.column,
                found=f"{shown(title)}, which stands there already",
                wanted="it once",
                fix=fix,
            )
        else:
            columns[one.column] = position
            if one.other_unit:
                found = f"{shown(title)}, whose unit is another"
                wanted = f"{one.column}: {next(c.unit for c in table.columns if c.name == one.column)}"
                faults.add("heading-unit", table.name, [row], one.column, found=found, wanted=wanted, fix=one.fix)
    needed = [title for title in missing if title not in table.may_be_left_out]
    if _of_another_table(table, header, row, needed, faults):
        return columns
    errors = [(column_letter(position), title) for position, title in others if ERROR.fullmatch(title)]
    if errors:
        letter, title = errors[0]
        wanted = " or ".join(needed[:3]) or "the name of a column"
        fix = "Type the heading in place of the formula."
        faults.add("error-cell", table.name, [row], f"{letter}", found=f"{title} as a heading", wanted=wanted, fix=fix)
        others = [(position, title) for position, title in others if not ERROR.fullmatch(title)]
        if len(errors) >= len(needed):
            needed = []  # they are what the errors stand for
    ignored: list[str] = []
    for position, title in others:
        near = (nearest(title, needed) or slip_of(title, missing)) if title else None
        if near:
            wanted = f"one of {', '.join(table.column_names)}"
            faults.add(
                "unknown-column",
                table.name,
                [row],
                printable(title),
                found=shown(title),
                wanted=wanted,
                fix=f"Did you mean '{near}'? Rename the column.",
            )
        else:
            ignored.append(shown(title) if title else f"column {column_letter(position)} without a heading")
    if ignored:
        listed = ", ".join(ignored[:10]) + (f" and {len(ignored) - 10:,} more" if len(ignored) > 10 else "")
        fix = "If a column that is missing is among them, rename it." if needed else ""
        faults.add("left-out", table.name, [row], found=f"{listed}: no column of the table, left out", fix=fix)
    if len(needed) > MOST_BLANK:
        found, fix = f"no column {', '.join(needed)}", "Is this the right file, with its headings?"
        faults.add(
            "missing-column",
            table.name,
            [row],
            found=found,
            wanted=f"the columns {', '.join(table.column_names)}",
            fix=fix,
        )
    else:
        for title in needed:
            like = next((other for _, other in others if other and nearest(title, [other])), "")
            fix = f"Rename the column {shown(like)}." if like else ""
            faults.add(
                "missing-column", table.name, [row], title, found="no such column", wanted=f"a column {title}", fix=fix
            )
    return columns


def _of_another_table(table: Table, header: Sequence[str], row: int, needed: Sequence[str], faults: FaultList) -> bool:
    """Report missing-column: the headings are those of another table, which is one mistake and not one a heading."""
    here = headings_known(table, header)
    other = max(TABLES.values(), key=lambda one: headings_known(one, header))
    if len(needed) <= MOST_BLANK or headings_known(other, header) <= 2 * here or other.name == table.name:
        return False
    found = f"the headings of {other.name}"
    wanted = f"the columns {', '.join(table.column_names)}"
    fix = "Is this the right file?"
    faults.add("missing-column", table.name, [row], found=found, wanted=wanted, fix=fix)
    return True


def column_letter(position: int) -> str:
    """Give the letter that a spreadsheet shows above a column; position from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _uncovered(rows: Rows, grid: Grid, under: Mapping[str, int], table: Table, faults: FaultList) -> Rows:
    """Give the rows, with COVERED where a merged cell hides one of the table's; merged cells in it are faults."""
    first = rows[0][0] if rows else 0
    inside = [
        (top, left, bottom, right)
        for top, left, bottom, right in grid.merged
        if bottom >= first and any(left <= position <= right for position in under.values())
    ]
    if not inside:
        return rows
    cells = {number: list(row) for number, row in rows}
    columns = {position: title for title, position in under.items()}
    said: dict[str, list[int]] = defaultdict(list)
    for top, left, bottom, right in inside:
        beside = (
            not is_blank(cell)
            for number in range(top, bottom + 1)[:MANY_CELLS]
            for position, cell in enumerate(cells.get(number, ()))
            if position in columns and not left <= position <= right
        )
        if not any(beside):
            continue  # a note across the sheet
        title = next(columns[position] for position in sorted(columns) if left <= position <= right)
        said[title].append(top)
        for number in range(top, bottom + 1)[:MANY_CELLS]:
            for position in range(left, right + 1)[:MANY_CELLS]:
                if (number, position) != (top, left) and number in cells and position < len(cells[number]):
                    cells[number][position] = COVERED
    for title, tops in said.items():
        more = f", and {len(tops) - 1:,} more" if len(tops) > 1 else ""
        found = f"merged cells from row {tops[0]}{more}, of which the first alone holds the value"
        fix = "Unmerge them and write the value into each."
        faults.add("merged-cells", table.name, tops[:1], title, found=found, wanted="a cell for each row", fix=fix)
    return [(number, cells[number]) for number, _ in rows]


def _say_hidden(table: Table, grid: Grid, numbers: Iterable[int], faults: FaultList) -> None:
    """Report hidden: rows or a sheet that the user's program does not show, and that count all the same."""
    hidden = [number for number in numbers if number in grid.hidden]
    if grid.is_hidden:
        faults.add("hidden", table.name, found="a hidden sheet, which is used", fix="Delete it if it is not to count.")
    if hidden:
        found = f"{len(hidden):,} hidden or filtered row{'s' if len(hidden) > 1 else ''}, used like the others"
        place = hidden if len(shown_rows(hidden)) < 40 else hidden[:1]
        faults.add("hidden", table.name, place, found=found, fix="Delete what is not to count.")


class _Rows:
    """Sorts the rows under the headings into those of the table, those with a fault, and those that are no data."""

    def __init__(self, table: Table, under: Mapping[str, int], faults: FaultList) -> None:
        self._table, self._faults = table, faults
        self._positions = sorted(under.values())
        self._keys = [under[key] for key in table.keys if key in under]
        self._needed = [under[c.name] for c in table.columns if c.name in under and not c.may_be_blank]
        kinds = ("number", "whole number")
        self._numbers = [under[c.name] for c in table.columns if c.name in under and c.kind in kinds]
        self._sums = {c.name: under[c.name] for c in table.columns if c.name in under and c.adds_up}
        self._labels = [under[c.name] for c in table.columns if c.name in under and c.kind == "name" and not c.key]
        self._titles = {position: title for title, position in under.items()}

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
        if len(rows) > 1 and self._explains(rows[0][1]):
            left_out(self._table.name, "below the headings", rows[:1], self._faults)
            rows = rows[1:]
        end = len(rows)
        known = {_text(row[0]) for _, row in rows[:-1] if len(row) > 1 and sum(map(is_blank, row)) < len(row) - 1}
        while end and self._is_note(rows[end - 1][1], known):
            end -= 1
        if rows[end:]:
            left_out(self._table.name, "below the table", rows[end:], self._faults)
        whole: Rows = []
        ragged: list[Sequence[Any]] = []
        for number, row in self._without_totals(rows[:end]):
            fits = len(row) == width or (width < len(row) and (len(row) <= length or all(map(is_blank, row[width:]))))
            blanks = [position for position in self._needed if position < len(row) and is_blank(row[position])]
            if not fits:
                fix = "A comma inside a cell needs quotation marks around the cell."
                self._faults.add(
                    "ragged-row",
                    self._table.name,
                    [number],
                    found=f"{len(row)} cells",
                    wanted=f"{width} cells",
                    fix=fix,
                )
                ragged.append([*row[:width], *[None] * (width - len(row))])
            elif len(blanks) > MOST_BLANK or (len(blanks) > 1 and self._filled(row) == 1):
                said = ", ".join(shown(_text(row[at])) for at in self._positions if not is_blank(row[at]))
                found = f"{said} and {len(blanks):,} blank cells"
                fix = "Fill it, or delete it where it is a heading or a note."
                self._faults.add("blank-cell", self._table.name, [number], found=found, wanted="a whole row", fix=fix)
                ragged.append(row)
            else:
                whole.append((number, row))
        return whole, ragged

    def _filled(self, row: Sequence[Any]) -> int:
        """Give how many cells of the table's columns say anything in a row."""
        return sum(at < len(row) and not is_blank(row[at]) for at in self._positions)

    def _without_what_stands_beside(self, rows: Rows) -> tuple[Rows, Rows]:
        """Give the rows that have a cell under a known heading, and those that have none."""
        if not self._positions:
            return rows, []
        kept: Rows = []
        beside: Rows = []
        for number, row in rows:
            some = any(position < len(row) and not is_blank(row[position]) for position in self._positions)
            (kept if some else beside).append((number, row))
        return kept, beside

    def _is_heading(self, row: Sequence[Any]) -> bool:
        """Say whether a row says the headings again, as where two sheets were put below one another."""
        cells = [(title, _text(row[at])) for at, title in self._titles.items() if at < len(row)]
        if len(cells) < 2 or cells[0][1][:1].casefold() != cells[0][0][:1]:
            return False
        return all((one := column_meant(cell, self._table)) and one.column == title for title, cell in cells)

    def _explains(self, row: Sequence[Any]) -> bool:
        """Say whether a row says the units or the meaning of the columns: words in every column of numbers."""
        cells = [row[at] for at in self._numbers if at < len(row) and not is_blank(row[at])]
        words = [_text(cell) for cell in cells if isinstance(cell, str)]
        if len(words) < MANY_UNITS or len(words) < len(cells):
            return False
        first = _text(row[self._keys[0]]) if self._keys and self._keys[0] < len(row) else ""
        if first and not (" " in first or UNIT.fullmatch(first)):
            return False  # it may be somebody's key
        return all(
            (UNIT.fullmatch(word) or any(letter.isalpha() for letter in word))
            and not word.startswith(("#", "Err:"))
            and not numbers_meant(word)
            and other_than_a_number(word) is None
            for word in words
        )

    def _is_note(self, row: Sequence[Any], known: set[str]) -> bool:
        """Say whether words alone stand in a row where a table's would have values: a source, a remark.

        known: what stands in the first column of the other rows, for half a row of the table is no note.
        """
        filled = [_text(cell) for cell in row if not is_blank(cell)]
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
                if key != mine and not is_blank(row[key]) and not TOTAL.fullmatch(_text(row[key]))
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
            elif called:
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

    def _total_word(self, row: Sequence[Any]) -> str | None:
        """Give what a row is called that may be a total: a key that says so, or "" for figures without a name.

        Where all but its first key and its figures is left blank, it may be a total whatever it is called; in a table
        of one key also where there are two amounts and anything that is needed is blank, as in England's row.
        """
        if any(position >= len(row) for position in self._keys):
            return None
        keys = [_text(row[position]) for position in self._keys]
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
        sums = self._by(tuple(alike)).get(tuple(_text(row[at]) for at in alike), {})
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
                of_one = made.setdefault(tuple(_text(row[at]) if at < len(row) else "" for at in alike), {})
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
