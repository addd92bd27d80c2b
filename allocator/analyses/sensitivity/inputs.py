"""The inputs that are moved, and how far: every column that is assumed or derived, or what a file of ranges names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from allocator.errors import InvalidInput, UsageError
from allocator.faults import FaultList
from allocator.register.records import value_of
from allocator.register.rules import EFFECTS
from allocator.scenario.describe import names_cells, setting_names, wanted
from allocator.scenario.settings import Settings
from allocator.scenario.toml import parse_override
from allocator.tables.cells import EVERY, Cells, cells_of, changed
from allocator.tables.columns import TABLES, Row, holds, names, table_of
from allocator.tables.dataset import DataSet
from allocator.tables.names import did_you_mean
from allocator.tables.reading.cells import BAD
from allocator.tables.reading.csv_file import read_csv
from allocator.tables.reading.layout import sheet_of
from allocator.tables.reading.typed import typed
from allocator.tables.sources import Status, input_status

Scale = Literal["value", "multiple", "standard errors"]
FURTHEST = 10.0  # multiples, or standard errors, up to which a switching value is looked for
TENTH = 0.1  # how far an input without a standard error is moved either way, as a share of itself
EFFECT, RELATIVE_EFFECT = "effects.effect", "returns.relative_effect"
# Moved alone they would not add up to one, or no plan rests on them.
NOT_ALONE = ("returns.width",)
NO_PLAN_RESTS_ON = ("effects.standard_error",)
# What changes what comes of a plan, and not what it costs or may do.
ONLY_COUNT = (*EFFECTS, "young_people.neet")
NO_TABLES = ("studies", "sources")
ABBREVIATED = ("fte", "neet")
ERROR = "_se"  # of a column's name: the column of its standard errors


class Range(Row):
    """From where to where an input lies."""

    input: str = names("the setting or the cells, as a sweep names them")
    low: float = holds("the lowest it may be; where there is a * in its name, how many times what is there")
    high: float = holds("the highest")


RANGES = table_of("ranges", Range, optional=True)


@dataclass(frozen=True)
class Input:
    """One input and the ends of its range.

    key: as a sweep names it. label: in words. status: weakest of any part of its column; blank where nobody says.
    scale: whether its ends are values of the input, multiples of what stands there, or standard errors from it.
    """

    key: str
    label: str
    status: Status | Literal[""]
    scale: Scale
    low: float
    centre: float
    high: float
    cells: Cells | None = None
    path: tuple[str, ...] = ()  # of a setting
    errors: tuple[float, ...] = ()  # of the cells, where it is moved by them

    def at(self, d: DataSet, s: Settings, to: float) -> tuple[DataSet, Settings]:
        """Give tables and settings with the input moved; cells end where their column ends."""
        if self.cells is None:
            return d, _with_setting(s, self.path, to)
        rows = d.tables[self.cells.table]
        if self.scale == "standard errors":
            there = zip(self.cells.rows, self.errors, strict=True)
            values = {row: float(rows[row][self.cells.column]) + to * error for row, error in there}
        else:
            values = self.cells.values(d, to)
        return changed(d, [(self.cells, _limited(self.cells, values, d))]), s

    @property
    def only_counts(self) -> bool:
        """Whether it changes what comes of a plan alone, and neither what it costs nor what it may do."""
        name = ".".join(self.path) if self.cells is None else f"{self.cells.table}.{self.cells.column}"
        return name in ONLY_COUNT or name.startswith(("goal.", "targets.", "local."))

    @property
    def limits(self) -> tuple[float, float]:
        """How far a switching value is looked for."""
        if self.scale == "value":
            if self.cells is None:  # what a setting takes beyond its range is not asked
                return self.low, self.high
            low, high = self.cells.described.low, self.cells.described.high
            furthest = FURTHEST * max(abs(self.low), abs(self.centre), abs(self.high))
            return max(-furthest, -math.inf if low is None else low), min(furthest, math.inf if high is None else high)
        return (0.0, FURTHEST) if self.scale == "multiple" else (-FURTHEST, FURTHEST)


def _limited(cells: Cells, values: dict[int, float], d: DataSet) -> dict[int, float]:
    """Keep values inside the range of their column, NEET at no more than young people, and returns from rising."""
    column, rows = cells.described, d.tables[cells.table]
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    if column.above_low:
        low = math.nextafter(low, math.inf)
    limited = {row: min(max(value, low), high) for row, value in values.items()}
    if (cells.table, cells.column) == ("young_people", "neet"):
        limited = {row: min(value, float(rows[row]["young_people"])) for row, value in limited.items()}
    if (cells.table, cells.column) == ("young_people", "young_people"):
        limited = {row: max(value, float(rows[row]["neet"])) for row, value in limited.items()}
    if f"{cells.table}.{cells.column}" == RELATIVE_EFFECT:
        for row in sorted(limited):  # the rows of an intervention stand in the order of its bands
            if row and rows[row - 1]["intervention"] == rows[row]["intervention"]:
                before = limited.get(row - 1, float(rows[row - 1][cells.column]))
                limited[row] = min(limited[row], before)
    return limited


def _with_setting(s: Settings, path: tuple[str, ...], value: float) -> Settings:
    values = s.model_dump()
    section = values
    for name in path[:-1]:
        section = section[name]
    section[path[-1]] = value
    return Settings.model_validate(values)


# --- every input that is assumed or derived --------------------------------------------------------------------------


def inputs_of(d: DataSet) -> tuple[tuple[Input, ...], tuple[str, ...]]:
    """Give every input that is assumed or derived, in whole or in part, and the columns of such that cannot be moved.

    Where the data set names no sources, every column of numbers.
    """
    status = input_status(d.tables)
    asked: dict[str, Status | Literal[""]] = {}
    if status.total:
        asked.update((name, "assumed") for name in status.assumed)
        asked.update((name, "derived") for name in status.derived)
    else:
        asked |= {
            f"{name}.{column.name}": ""
            for name, table in TABLES.items()
            for column in table.columns
            if name in d.tables and column.kind == "number" and not column.key
        }
    found, still = [], []
    for name, of in asked.items():
        table, _, column = name.partition(".")
        if table in NO_TABLES or name in NO_PLAN_RESTS_ON or column.endswith(ERROR):
            continue
        inputs = [] if name in NOT_ALONE else list(_of_column(d, table, column, of))
        found += inputs
        if not inputs:
            still.append(name)
    return tuple(found), tuple(still)


def _of_column(d: DataSet, table: str, column: str, status: Status | Literal[""]) -> Iterator[Input]:
    """Give the inputs of a column: the effects of each intervention, else all its rows together; none where it is 0."""
    rows = d.tables.get(table, ())
    described = next((one for one in TABLES[table].columns if one.name == column), None) if table in TABLES else None
    if described is None or described.kind != "number" or described.key or not any(row[column] for row in rows):
        return
    if f"{table}.{column}" == EFFECT:
        for i, name in zip(d.interventions, d.intervention_names, strict=True):
            cells = cells_of((table, i, EVERY, column), d)
            yield _moved(d, cells, f"effect of {name}", status, "standard_error")
        return
    if f"{table}.{column}" == RELATIVE_EFFECT:  # that of the first band is the effect itself
        later = tuple(n for n, row in enumerate(rows) if row["band"] > 1 and row[column] is not None)
        if later:
            cells = Cells(table, (EVERY, "2+"), column, later)
            yield _moved(d, cells, "relative effect of the bands after the first", status, "")
        return
    cells = cells_of((table, column), d)
    yield _moved(d, cells, _in_words(table, column), status, f"{column}{ERROR}")


def _in_words(table: str, column: str) -> str:
    own = column.upper() if column in ABBREVIATED else column.replace("_", " ")
    return own if table.replace("_", " ") in (own, f"{own}s") else f"{own} ({table.replace('_', ' ')})"


def _moved(d: DataSet, cells: Cells, label: str, status: Status | Literal[""], errors_in: str) -> Input:
    rows = d.tables[cells.table]
    filled = Cells(
        cells.table, cells.keys, cells.column, tuple(row for row in cells.rows if rows[row][cells.column] is not None)
    )
    errors = tuple(float(rows[row].get(errors_in) or 0.0) for row in filled.rows)
    key = ".".join((cells.table, *cells.keys, cells.column))
    if any(errors):
        return Input(key, label, status, "standard errors", -1.0, 0.0, 1.0, filled, errors=errors)
    return Input(key, label, status, "multiple", 1.0 - TENTH, 1.0, 1.0 + TENTH, filled)


# --- a file of ranges ------------------------------------------------------------------------------------------------


def read_ranges(path: Path, d: DataSet, s: Settings) -> tuple[Input, ...]:
    """Give the inputs of a CSV file with the columns input, low and high. Raises InvalidInput and UsageError."""
    faults = FaultList({RANGES.name: RANGES.column_names}, {RANGES.name: path.name})
    grid = read_csv(path, RANGES.name, faults)
    sheet = None if grid is None else sheet_of(RANGES, grid, faults)
    table = None if sheet is None else typed(RANGES, sheet, faults)
    if table is None or faults.stops:
        raise InvalidInput(tuple(f for f in faults.in_order() if f.severity == "fault"), in_scenario=False)
    lines = [line for line in table.rows("input", "low", "high") if BAD not in line]
    if not lines:
        raise UsageError(path.name, "found no row", "a row for each input: input, low, high")
    return tuple(_of_line(d, s, f"{path.name}, row {n}", key, low, high) for n, key, low, high in lines)


def _of_line(d: DataSet, s: Settings, place: str, key: str, low: float, high: float) -> Input:
    try:
        path, _ = parse_override(f"{key}=0")
    except InvalidInput:
        path = ()
    if low > high:
        raise UsageError(place, f"found {low:g} to {high:g}", "low no larger than high", "Swap the two.")
    if names_cells(path):
        return _of_cells(d, place, key, path, (low, high))
    fixed = _setting(s, place, key, path)
    for value in (low, high):
        try:
            _with_setting(s, path, value)
        except ValidationError:
            raise UsageError(place, f"found {value:g}", f"for {key} {wanted(path)}") from None
    if not low <= fixed <= high:
        raise UsageError(place, f"found {low:g} to {high:g}", f"a range about {fixed:g}, which is planned with")
    return Input(key, key, "", "value", low, fixed, high, path=path)


def _of_cells(d: DataSet, place: str, key: str, path: tuple[str, ...], ends: tuple[float, float]) -> Input:
    try:
        cells = cells_of(path, d)
    except UsageError as failure:  # which knows the input, and not the file
        raise UsageError(f"{place}, {failure.place}", failure.found, failure.wanted, failure.fix) from None
    column = f"{cells.table}.{cells.column}"
    of = input_status(d.tables)
    lists: tuple[tuple[Status, tuple[str, ...]], ...] = (("assumed", of.assumed), ("derived", of.derived))
    status: Status | Literal[""] = next((name for name, columns in lists if column in columns), "")
    centre = 1.0 if cells.times else float(d.tables[cells.table][cells.rows[0]][cells.column])
    if not ends[0] <= centre <= ends[1]:
        found = f"found {ends[0]:g} to {ends[1]:g}"
        wanted_range = f"a range about {centre:g}, which is planned with"
        fix = "Of several cells low and high multiply what is there: 0.9 and 1.1 are a tenth less and more."
        raise UsageError(f"{place}, {key}", found, wanted_range, fix if cells.times else "")
    described = cells.described
    if not cells.times and any(
        (described.low is not None and end < described.low) or (described.high is not None and end > described.high)
        for end in ends
    ):
        raise UsageError(place, f"found {ends[0]:g} to {ends[1]:g}", f"{described.range_in_words()} for {column}")
    scale: Scale = "multiple" if cells.times else "value"
    return Input(key, key, status, scale, ends[0], centre, ends[1], cells)


def _setting(s: Settings, place: str, key: str, path: tuple[str, ...]) -> float:
    """Give what a setting is now, where it is one with a number."""
    try:
        value = value_of(s, ".".join(path)) if path else None
    except AttributeError:
        value = None
    if isinstance(value, bool) or not isinstance(value, int | float):
        if value is not None:
            raise UsageError(place, f"found '{key}', which is no number", "a setting that has a number")
        fix = did_you_mean(key, (*setting_names(), *TABLES)) or did_you_mean(key.partition(".")[0], TABLES)
        raise UsageError(place, f"found '{key}'", "a setting that has a number, or TABLE.KEY.COLUMN", fix)
    return float(value)
