"""A scenario as a sheet of a workbook: a row a setting, its key in one column and its value in the next.

The keys are those of a scenario file, dotted (grants.floor, budget.by_year.2005-06); text needs no quotation marks and
lists are names with commas between them. A row without a value sets nothing. Where the sheet does not say which data
are meant, they are those of the workbook itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allocator.errors import InvalidInput, UsageError
from allocator.faults import Fault, FaultList
from allocator.scenario.describe import kind
from allocator.scenario.invalid import MOST_FAULTS, Key, dotted_key, refusal, shortened, shown
from allocator.scenario.toml import Parsed, nested_keys, parse_override, parse_text
from allocator.tables.reading.cells import ESCAPED
from allocator.tables.reading.workbook import WORKBOOKS, open_workbook

SHEET = "scenario"
KEY, VALUE = "setting", "value"  # the headings of the two columns that are read
MOST_ROWS = 10_000


def is_workbook(path: Path) -> bool:
    """Say whether a scenario of this name is a workbook."""
    return path.suffix.lower() in WORKBOOKS


def has_sheet(path: Path) -> bool:
    """Say whether a workbook has a sheet of settings; False where it cannot be read."""
    workbook = open_workbook(path, path.name, FaultList({path.name: ()}))
    return workbook is not None and any(map(_is_it, workbook.sheet_names))


def _is_it(name: str) -> bool:
    return name.strip().casefold() == SHEET


def label(path: Path) -> str:
    """Give the sheet as faults call it."""
    return f"{path.name}, sheet {SHEET}"


def parse_sheet(path: Path) -> Parsed:
    """Give the values of the sheet and the row of each key; rows that cannot be read are its faults.

    Raises UsageError where the workbook has no such sheet, InvalidInput where it cannot be read at all.
    """
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    lines: dict[Key, int] = {}
    rows, key_at, value_at, first = _rows(path)
    for number, row in enumerate(rows[first + 1 :], start=first + 2):
        cells = [row[position] if position < len(row) else None for position in (key_at, value_at)]
        name, value = (cell.strip() if isinstance(cell, str) else cell for cell in cells)
        if value is None or value == "":
            continue
        if len(faults) >= MOST_FAULTS:
            break
        try:
            key = _key(name)
        except ValueError:
            found, wanted = _found(name, value), "the name of a setting, such as grants.floor"
            faults.append(refusal("setting-syntax", label(path), number, (), found, wanted))
            continue
        if key in lines:
            found, wanted = f"{dotted_key(key)} again, also in row {lines[key]}", "each setting once"
            faults.append(refusal("scenario-syntax", label(path), number, key, found, wanted))
        elif _put(values, key, _value(key, value)):
            lines |= {key[:length]: lines.get(key[:length], number) for length in range(1, len(key) + 1)}
        else:
            found, wanted = f"a value for {dotted_key(key)}", "one for the setting or for those within it"
            faults.append(refusal("scenario-syntax", label(path), number, key, found, wanted))
    values.setdefault("data", path.name)
    return Parsed(
        values, {key: lines.get(key, lines.get(key[:1], first + 1)) for key in nested_keys(values)}, tuple(faults)
    )


def _rows(path: Path) -> tuple[list[list[Any]], int, int, int]:
    """Give the sheet's rows, where its two columns stand, and the row of the headings (from 0)."""
    found = FaultList({path.name: ()})
    workbook = open_workbook(path, path.name, found)
    if workbook is None:
        raise InvalidInput(found.in_order(), in_scenario=True)
    fix = f'Add one, or write a scenario file with data = "{path.name}".'
    sheet = next(filter(_is_it, workbook.sheet_names), None)
    if sheet is None:
        raise UsageError(path.name, f"no sheet {SHEET}", f"a sheet {SHEET} with the columns {KEY} and {VALUE}", fix)
    grid = workbook.grid(sheet, path.name, found)
    if grid is None:
        raise InvalidInput(found.in_order(), in_scenario=True)
    rows = [list(cells) for _, cells in grid.rows]
    for number, row in enumerate(rows[:MOST_ROWS]):
        titles = [str(cell).strip().casefold() for cell in row]
        if KEY in titles and VALUE in titles:
            return rows[:MOST_ROWS], titles.index(KEY), titles.index(VALUE), number
    raise UsageError(label(path), "no such headings", f"the columns {KEY} and {VALUE}", fix)


def _key(name: Any) -> Key:
    """Give the key that a cell holds, as an override has it. Raises ValueError where it is none."""
    if not isinstance(name, str) or "=" in name or "\n" in name:
        raise ValueError(name)
    try:
        return parse_override(f"{name}=0")[0]
    except InvalidInput as error:
        raise ValueError(name) from error


def _put(values: dict[str, Any], key: Key, value: Any) -> bool:
    """Say whether the value could be put in its place: not where a table, or what it stands in, has a value already."""
    for part in key[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
        values = inner
    if key[-1] in values:
        return False
    values[key[-1]] = value
    return True


def _value(key: Key, cell: Any) -> Any:
    """Give the cell's value as the setting takes it; what cannot be one is left as it stands, to be refused as such."""
    wanted = kind(key)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)  # a workbook has no whole numbers
    if isinstance(cell, bool):
        return str(cell).lower() if wanted == "text" else cell
    if isinstance(cell, int | float):
        if wanted == "true/false" and cell in (0, 1):
            return bool(cell)  # LibreOffice saves TRUE as 1
        return str(cell) if wanted == "text" else cell
    if not isinstance(cell, str):
        return str(cell)  # a date or a time
    text = cell[1:] if ESCAPED.match(cell) else cell
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if wanted == "list" and not text.startswith("["):
        return [name.strip().strip('"') for name in text.replace(";", ",").split(",") if name.strip()]
    if wanted == "text" or text.casefold() == "none":
        return "none" if text.casefold() == "none" else text
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    try:
        return parse_text(f"value = {text}", SHEET).values["value"]
    except (InvalidInput, KeyError):
        return text


def _found(name: Any, value: Any) -> str:
    said = "no setting" if name in (None, "") else shown(name)
    return f"{said} beside the value {shortened(str(value))}"
