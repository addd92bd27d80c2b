"""Finds the table in a grid of cells: its headings, its rows, and what stands around them and is no part of it.

A planner's sheet has titles, notes, totals and columns of its own. What is surely none of the table is left out and
said; what may be a row of it and cannot be read is a fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allocator.faults import FaultList, Severity, printable, shown, shown_rows
from allocator.tables.columns import TABLES, Table
from allocator.tables.names import nearest, slip_of
from allocator.tables.reading.body import MOST_BLANK, Body, left_out
from allocator.tables.reading.files import is_blank
from allocator.tables.reading.grid import COVERED, MANY_CELLS, Grid, Rows, text_of
from allocator.tables.reading.headings import Meant, column_meant, enough_headings, headings_known

ERROR = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!)|Err:\d+")
NUMBER = re.compile(r"\d{1,15}(?:\.\d{0,15})?", re.ASCII)
YEAR = re.compile(r"(?:FY ?)?(?:20)?\d\d(?: ?[-–/] ?(?:20)?\d\d)?", re.IGNORECASE)  # as a heading
HEADINGS_WITHIN = 30  # rows: a title and what it says stand above the headings, not pages of it


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
    header = [unicodedata.normalize("NFC", text_of(cell)) for cell in heading[: MANY_CELLS + 1]]
    under = _under_headings(table, header, first, rows[at + 1 :], faults, years=_years_above(rows[:at]))
    width = max((index for index, title in enumerate(header) if title), default=0) + 1
    length = max(len(heading), width) if not grid.is_sheet else MANY_CELLS
    finder = Body(table, under, faults)
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
    return next((at for at, count in enumerate(known) if count >= enough_headings(table)), 0)


def has_headings(table: Table, grid: Grid) -> bool:
    """Say whether half of the columns that the table needs stand in one of the first rows."""
    return any(headings_known(table, row) >= enough_headings(table) for _, row in grid.rows[:HEADINGS_WITHIN])


def _is_turned(table: Table, rows: Rows) -> bool:
    """Say whether the headings stand in the first column, and not in a row."""
    down = headings_known(table, [row[0] for _, row in rows[:MANY_CELLS] if row])
    return down >= enough_headings(table) and down > max(
        headings_known(table, row) for _, row in rows[:HEADINGS_WITHIN]
    )


def _years_above(rows: Rows) -> list[str]:
    """Give the years that stand side by side above the headings, each over columns of its own."""
    in_row = ([text for cell in row[:MANY_CELLS] if YEAR.fullmatch(text := text_of(cell))] for _, row in rows)
    return next((list(dict.fromkeys(years)) for years in in_row if len(set(years)) > 1), [])


def _under_headings(
    table: Table, header: list[str], row: int, rows: Rows, faults: FaultList, *, years: Sequence[str] = ()
) -> dict[str, int]:
    """Give the position of every known column.

    Columns that are missing or there twice are faults, others are left out. years: those above the headings.
    """
    meant = _meant(table, header)
    taken = {one.column for one in meant if one}
    missing = [column.name for column in table.columns if column.name not in taken]
    columns: dict[str, int] = {}
    others: list[tuple[int, str]] = []
    twice: list[tuple[int, str]] = []
    for position, (title, one) in enumerate(zip(header, meant, strict=True)):
        if one is None:
            if title or any(position < len(cells) and not is_blank(cells[position]) for _, cells in rows):
                others.append((position, title))
        elif one.column in columns:
            twice.append((position, title))
        else:
            columns[one.column] = position
            if one.other_unit:
                column = next(c for c in table.columns if c.name == one.column)
                found, fix = f"{shown(title)}, whose unit is another", one.fix
                wanted = f"{one.column}: {column.unit}"
                if column.high == 1 and fix.startswith("Divide") and _all_shares(rows, position):
                    found = f"{shown(title)}, and no figure below it is above 1"
                    fix = f"Write '{one.column}' alone if they are shares, as cells with a format in per cent hold; "
                    fix += "else divide them by 100."
                severity: Severity = "fault" if one.is_sure else "warning"
                faults.add(
                    "heading-unit",
                    table.name,
                    [row],
                    one.column,
                    found=found,
                    wanted=wanted,
                    fix=fix,
                    severity=severity,
                )
    needed = [title for title in missing if title not in table.may_be_left_out]
    if years and twice and "year" in needed:
        _tell_side_by_side(table, years, row, [title for _, title in twice], faults)
        return columns
    _tell_twice(table, twice, header, row, faults)
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
    slips: list[tuple[str, str]] = []
    for position, title in others:
        near = (nearest(title, needed) or slip_of(title, missing)) if title else None
        if near and near not in {other for _, other in slips}:
            slips.append((title, near))
        else:
            ignored.append(shown(title) if title else f"column {column_letter(position)} without a heading")
    _tell_slips(table, slips, row, faults)
    needed = [title for title in needed if title not in {near for _, near in slips}]
    if ignored:
        listed = ", ".join(ignored[:10]) + (f" and {len(ignored) - 10:,} more" if len(ignored) > 10 else "")
        fix = "If a column that is missing is among them, rename it." if needed else ""
        faults.add("left-out", table.name, [row], found=f"{listed}: no column of the table, left out", fix=fix)
    _tell_missing(table, needed, [title for _, title in others], row, faults)
    return columns


def _meant(table: Table, header: Sequence[str]) -> list[Meant | None]:
    """Give what each heading stands for; one that has a column's own name goes before others that may mean it."""
    meant = [column_meant(title, table) if title else None for title in header]
    exact = {one.column for one in meant if one and one.is_exact}
    return [None if one and not one.is_exact and one.column in exact else one for one in meant]


def _tell_missing(table: Table, needed: Sequence[str], others: Sequence[str], row: int, faults: FaultList) -> None:
    """Report missing-column: columns that are needed and not there; others: the headings that are no column's."""
    years = [title for title in others if YEAR.fullmatch(title)]
    if "year" in needed and len(years) > 1:
        _tell_side_by_side(table, years, row, [title for title in needed if title != "year"], faults)
    elif len(needed) > MOST_BLANK:
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
        listed = " or ".join(map(shown, others[:3]))
        for title in needed:
            fix = f"If it stands under {listed}, call that column {title}." if listed else ""
            wanted = f"a column {title}"
            faults.add("missing-column", table.name, [row], title, found="no such column", wanted=wanted, fix=fix)


def _tell_side_by_side(table: Table, years: Sequence[str], row: int, columns: Sequence[str], faults: FaultList) -> None:
    """Report missing-column: the years stand beside one another, where each is to have rows of its own."""
    found = f"a column for each of {', '.join(map(shown, years[:3]))}"
    wanted = f"a row for each, with columns {' and '.join(dict.fromkeys(['year', *columns]))}"
    fix = "Put the years below one another."
    faults.add("missing-column", table.name, [row], "year", found=found, wanted=wanted, fix=fix)


def _all_shares(rows: Rows, position: int) -> bool:
    """Say whether what stands in a column are numbers up to 1, and so shares already."""
    cells = [row[position] for _, row in rows if position < len(row) and not is_blank(row[position])]
    numbers = [float(text) for cell in cells if NUMBER.fullmatch(text := text_of(cell))]
    return bool(numbers) and len(numbers) == len(cells) and max(numbers) <= 1


def _tell_twice(
    table: Table, twice: Sequence[tuple[int, str]], header: Sequence[str], row: int, faults: FaultList
) -> None:
    """Report duplicate-column: headings that stand there already; many are another table beside this one."""
    first = min((position for position, _ in twice), default=0)
    gap = max((at for at in range(first) if not header[at]), default=len(header))
    beside = next((o for o in TABLES.values() if headings_known(o, header[gap:]) >= enough_headings(o)), None)
    if beside is not None and beside is not table:
        found = f"the headings of {beside.name} beside its own, from column {column_letter(gap + 1)} on"
        fix = "Put the other table into a sheet or file of its own."
        place = column_letter(gap + 1)
        faults.add("duplicate-column", table.name, [row], place, found=found, wanted="one table", fix=fix)
        return
    if len(twice) > MOST_BLANK:
        position, title = twice[0]
        found = f"{shown(title)} and {len(twice) - 1:,} more headings again from column {column_letter(position)} on"
        fix = "Put the second table into a sheet or file of its own, or delete it."
        faults.add(
            "duplicate-column", table.name, [row], column_letter(position), found=found, wanted="each once", fix=fix
        )
        return
    for position, title in twice:
        found, fix = f"{shown(title)} in column {column_letter(position)}, which stands there already", "Delete one."
        faults.add("duplicate-column", table.name, [row], title, found=found, wanted="it once", fix=fix)


def _tell_slips(table: Table, slips: Sequence[tuple[str, str]], row: int, faults: FaultList) -> None:
    """Report unknown-column: headings that are like those of columns which are missing, each with that; many as one."""
    wanted = f"one of {', '.join(table.column_names)}"
    if len(slips) > MOST_BLANK:
        title = slips[0][0]
        found = f"{', '.join(shown(one) for one, _ in slips)}, which are no columns of the table"
        fix = f"Rename them, where that is meant, {', '.join(near for _, near in slips)}."
        faults.add("unknown-column", table.name, [row], printable(title), found=found, wanted=wanted, fix=fix)
        return
    for title, near in slips:
        fix = f"Did you mean '{near}'? Rename the column."
        faults.add("unknown-column", table.name, [row], printable(title), found=shown(title), wanted=wanted, fix=fix)


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
