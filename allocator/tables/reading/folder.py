"""Reads folders and workbooks to raw cells that remember file, sheet and row.

Whatever the bytes are, what cannot be read is a fault; nothing is raised.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from allocator.faults import FaultList, Severity, printable, shown
from allocator.tables.columns import TABLES, Table
from allocator.tables.names import did_you_mean, loose_sameness, nearest, sameness
from allocator.tables.reading.csv_file import read_csv
from allocator.tables.reading.files import reason
from allocator.tables.reading.grid import Grid
from allocator.tables.reading.headings import headings_known
from allocator.tables.reading.layout import Sheet, has_headings, sheet_of
from allocator.tables.reading.typed import Typed, typed
from allocator.tables.reading.workbook import BESIDE_THE_TABLES, WORKBOOKS, Workbook, open_workbook

# Endings under which a table may stand in a folder, which takes .csv alone.
NOT_CSV = (*WORKBOOKS, ".xls", ".xlsm", ".xlsb", ".tsv", ".txt", ".numbers", ".parquet", ".json")


def read_tables(location: Path, replaced: Mapping[str, Path], faults: FaultList) -> dict[str, Sheet]:
    """Give all tables of a folder or workbook that can be read, each by its name; what cannot be read is a fault.

    replaced: tables read from another file: a CSV file, or a workbook with a sheet of the table's name.
    """
    sheets: dict[str, Sheet | None] = {}
    label = printable(location.name or str(location))
    for name in replaced:
        if name not in TABLES:
            found = f"{shown(name)}, to be read from another file"
            faults.add("unknown-table", name, found=found, wanted="the name of a table", fix=did_you_mean(name, TABLES))
    try:
        kind = stat.S_IFMT(location.stat().st_mode)
    except (OSError, ValueError) as error:
        faults.add(
            "no-data-set", label, found=reason(error), wanted="a folder or workbook", fix="Correct the path in data."
        )
        return {}
    is_workbook = kind == stat.S_IFREG and location.suffix.lower() in WORKBOOKS
    if kind != stat.S_IFDIR and not is_workbook:
        faults.add(
            "no-data-set",
            label,
            found=f"a {location.suffix} file" if kind == stat.S_IFREG and location.suffix else "no folder or workbook",
            wanted="a folder of tables, or a workbook that ends in .xlsx or .ods",
            fix="Give the folder that holds the CSV files, or save the workbook as .xlsx.",
        )
        return {}
    faults.labels.update({name: f"{label}, sheet {name}" if is_workbook else f"{name}.csv" for name in TABLES})
    known = {name: path for name, path in replaced.items() if name in TABLES}
    for name, path in known.items():
        sheets[name] = _read_replaced(name, path, faults)
    if kind == stat.S_IFDIR:
        _read_folder(location, known, sheets, faults)
    elif not _read_workbook(location, known, sheets, faults):
        return {}
    for name, table in TABLES.items():
        if name not in sheets and not table.optional:
            wanted = f"a sheet {name}" if is_workbook else f"{name}.csv"
            wanted, found, fix = f"{wanted} with {', '.join(table.column_names)}", "not there", ""
            if other := "" if is_workbook else _other_file_of(name, location):
                found = f"not there, but {other}, which is not read"
                fix = f"Save it as {name}.csv"
                is_read = Path(other).suffix.lower() in WORKBOOKS
                fix += f", or give its path as {name} under [tables] in the scenario." if is_read else "."
            faults.add("missing-table", name, found=found, wanted=wanted, fix=fix)
    return {name: sheet for name, sheet in sheets.items() if sheet}


def _other_file_of(table: str, folder: Path) -> str:
    """Give the name of a workbook or text file that may be a table's, which a folder's are not; blank for none."""
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.suffix.lower() in NOT_CSV)
    except OSError:
        return ""
    return next((printable(name) for name in names if _table_of(Path(name).stem) == table), "")


def _read_folder(folder: Path, known: Mapping[str, Path], sheets: dict[str, Sheet | None], faults: FaultList) -> None:
    try:
        entries = sorted(entry for entry in folder.iterdir() if entry.suffix.lower() == ".csv")
    except OSError as error:
        faults.add(
            "unreadable-file", f"{printable(folder.name)}/", found=reason(error), wanted="a folder that can be read"
        )
        return
    in_use = {_resolved(path) for path in known.values()}
    names = {_table_of(entry.name[: -len(".csv")]) for entry in entries}
    absent = [f"{name}.csv" for name in TABLES if name not in names and name not in known]
    for entry in sorted(entries, key=lambda entry: entry.name.removesuffix(".csv") not in TABLES):
        name = _table_of(entry.name[: -len(".csv")])
        if name in TABLES and name not in sheets:
            faults.labels[name] = printable(entry.name)
            sheets[name] = _read_csv(name, entry, faults)
        elif name in TABLES and name not in known:
            _twice(printable(entry.name), faults.label(name), faults)
        elif name not in TABLES and not name.startswith(".") and _resolved(entry) not in in_use:
            grid = read_csv(entry, name, FaultList({})) if absent else None
            _unknown_table(printable(entry.name), entry.name, absent, "folder", grid, faults)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, or a name that no file can have
        return path


def _read_workbook(path: Path, known: Mapping[str, Path], sheets: dict[str, Sheet | None], faults: FaultList) -> bool:
    """Say whether the workbook could be opened; its sheets are then read."""
    label = printable(path.name)
    workbook = open_workbook(path, label, faults)
    if workbook is None:
        return False
    names = set(map(_table_of, workbook.sheet_names))
    absent = [name for name in TABLES if name not in names and name not in known]
    for sheet_name in sorted(workbook.sheet_names, key=lambda name: name not in TABLES):
        name = _table_of(sheet_name)
        if name in TABLES and name not in sheets:
            faults.labels[name] = f"{label}, sheet {printable(sheet_name)}"
            sheets[name] = _read_sheet(name, workbook, sheet_name, faults)
        elif name in TABLES and name not in known:
            _twice(f"{label}, sheet {printable(sheet_name)}", faults.label(name), faults)
        elif name not in known and name.casefold() not in BESIDE_THE_TABLES:
            grid = workbook.grid(sheet_name, name, FaultList({})) if absent else None
            _unknown_table(f"{label}, sheet {printable(sheet_name)}", name, absent, "workbook", grid, faults)
    return True


def _twice(label: str, read: str, faults: FaultList) -> None:
    """Give a second file or sheet whose name stands for a table that is read from another."""
    found, fix = f"the same table as {read}, which is read", "It is not read."
    faults.add("unknown-table", label, found=found, wanted="each table once", fix=fix, severity="warning")


def _unknown_table(
    label: str, name: str, absent: Sequence[str], place: str, grid: Grid | None, faults: FaultList
) -> None:
    """Give a fault where it looks like a table that is not there, a warning where it may be one; else a note, since
    plans and notes lie about too.

    absent: the tables that are not there. One of them is meant where the name is like its and the headings are its.
    grid: what stands there, None where it cannot be read.
    """
    stems = {one.removesuffix(".csv"): one for one in absent}
    near = stems.get(nearest(name.removesuffix(".csv"), stems) or "")
    like = next((one for one in absent if grid is not None and _has_headings_of(one, grid)), None)
    severity: Severity = "fault" if near and near == like else "warning" if near or like else "note"
    fix = "It is not read."
    if near and near == like:
        fix = f"Did you mean '{near}'?"
    elif like or near:
        alike = f"It has the headings of {like}" if like else f"Its name is like that of {near}, which is not there"
        fix = f"It is not read. {alike}: call it {like or near} if it is one."
    faults.add(
        "unknown-table", label, found="none of the tables", wanted=f"tables in the {place}", fix=fix, severity=severity
    )


def _has_headings_of(file_or_sheet: str, grid: Grid) -> bool:
    return has_headings(TABLES[_table_of(file_or_sheet.removesuffix(".csv"))], grid)


def _read_replaced(name: str, path: Path, faults: FaultList) -> Sheet | None:
    """Give a table from a file of its own."""
    workbook_sheet = path.suffix.lower() in WORKBOOKS
    faults.labels[name] = printable(path.name) + (f", sheet {name}" if workbook_sheet else "")
    if not workbook_sheet:
        return _read_csv(name, path, faults)
    workbook = open_workbook(path, name, faults)
    if workbook is None:
        return None
    for sheet_name in workbook.sheet_names:
        if _table_of(sheet_name) == name:
            return _read_sheet(name, workbook, sheet_name, faults)
    faults.add("missing-table", name, found=f"no sheet {name}", wanted=f"a sheet {name}")
    return None


def read_own(
    table: Table, path: Path, faults: FaultList, laid_out: Callable[[Grid], Grid] | None = None
) -> Typed | None:
    """Give a table that is none of a data set's, from a file of its own; None, and a fault, where a column is not
    there.

    Of a workbook it is the sheet of the table's name, or the first with its headings. laid_out: puts what stands in
    another layout, such as years side by side, into the table's.
    """
    grid = _own_grid(table, path, faults)
    sheet = None if grid is None else sheet_of(table, laid_out(grid) if laid_out else grid, faults)
    if sheet is None:
        return None
    found = typed(table, sheet, faults)
    return found if {*table.column_names} <= sheet.columns.keys() else None


def _own_grid(table: Table, path: Path, faults: FaultList) -> Grid | None:
    if path.suffix.lower() not in WORKBOOKS:
        return read_csv(path, table.name, faults)
    workbook = open_workbook(path, table.name, faults)
    if workbook is None:
        return None
    by_name = sorted(workbook.sheet_names, key=lambda name: sameness(name) != table.name)
    for name in by_name:
        grid = workbook.grid(name, table.name, faults)
        if grid is not None and any(headings_known(table, row) == len(table.columns) for _, row in grid.rows[:30]):
            faults.labels[table.name] = f"{path.name}, sheet {name}"
            return grid
    return workbook.grid(by_name[0], table.name, faults) if by_name else None


def _read_sheet(name: str, workbook: Workbook, sheet_name: str, faults: FaultList) -> Sheet | None:
    grid = workbook.grid(sheet_name, name, faults)
    return None if grid is None else sheet_of(TABLES[name], grid, faults)


def _read_csv(name: str, path: Path, faults: FaultList) -> Sheet | None:
    grid = read_csv(path, name, faults)
    return None if grid is None else sheet_of(TABLES[name], grid, faults)


def _table_of(name: str) -> str:
    """Give the table that a file's or sheet's name stands for, whatever its capitals and spaces; else the name."""
    meant = loose_sameness(name)
    return next((table for table in TABLES if loose_sameness(table) == meant), name.strip())
