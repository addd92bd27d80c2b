"""Cells of a table by a dotted name, such as effects.mentoring.neet.effect, and data sets with other values in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator.errors import UsageError
from allocator.faults import Fault
from allocator.tables.build import build_rows
from allocator.tables.columns import TABLES, Column
from allocator.tables.dataset import DataSet
from allocator.tables.names import did_you_mean
from allocator.units import counted

EVERY = "*"  # in place of a part of the key: whatever stands there
NUMBERS = ("number", "whole number")

Values = tuple["Cells", "Mapping[int, float]"]  # of a column, by the place of the row among those of its table


@dataclass(frozen=True)
class Cells:
    """Cells of one column: of the row with a key, or of all rows where parts of the key are *.

    keys: a value for each key column of the table. rows: their places among DataSet.tables[table].
    """

    table: str
    keys: tuple[str, ...]
    column: str
    rows: tuple[int, ...]

    @property
    def times(self) -> bool:
        """Whether a value multiplies what stands in the cells, as it does where there are many."""
        return EVERY in self.keys

    @property
    def described(self) -> Column:
        """The column as the tables declare it."""
        return next(column for column in TABLES[self.table].columns if column.name == self.column)

    def values(self, d: DataSet, value: float) -> dict[int, float]:
        """Give what stands in the cells once they take a value: it, or so many times what is there; blanks stay."""
        rows = d.tables[self.table]
        there = {row: rows[row][self.column] for row in self.rows}
        return {row: old * value if self.times else value for row, old in there.items() if old is not None}


def cells_of(path: Sequence[str], d: DataSet) -> Cells:
    """Give the cells that a key names: TABLE.KEY.COLUMN with a part for each key column, * for any.

    TABLE.*.COLUMN and TABLE.COLUMN stand for all rows. Raises UsageError where there is no such table, column or row.
    """
    name = ".".join(path)
    table = TABLES[path[0]]
    column = path[-1]
    numeric = [one.name for one in table.columns if one.kind in NUMBERS and not one.key]
    form = ".".join((table.name, *(key.upper() for key in table.keys), "COLUMN"))
    if column not in numeric:
        fix = did_you_mean(column, numeric)
        raise UsageError(name, f"found '{column}'", f"a column of numbers: {', '.join(numeric)}", fix)
    keys = tuple(path[1:-1])
    if keys in ((), (EVERY,)):
        keys = (EVERY,) * len(table.keys)
    if len(keys) != len(table.keys):
        raise UsageError(name, f"found {counted(len(keys), 'part')} of a key", f"{form}, * for any")
    rows = d.tables.get(table.name, ())
    found = list(range(len(rows)))
    for part, key in zip(keys, table.keys, strict=True):
        known = {str(rows[row][key] or "") for row in found}
        found = [row for row in found if part in (EVERY, str(rows[row][key] or ""))]
        if not found:
            fix = did_you_mean(part, sorted(known))
            raise UsageError(name, f"found '{part}'", f"{key} of a row of the table {table.name}", fix)
    cells = Cells(table.name, keys, column, tuple(found))
    if all(rows[row][column] is None for row in found):
        raise UsageError(name, "found nothing there", "a number to put another in the place of")
    return cells


def changed(d: DataSet, changes: Iterable[Values]) -> DataSet:
    """Give the data set with other values in some cells, which nobody checks; see faults_of."""
    return build_rows(_rows(d, changes), d.source)


def faults_of(d: DataSet, changes: Iterable[Values]) -> tuple[Fault, ...]:
    """Give every fault that the tables have with other values in some cells: they pass through the door like any
    others.
    """
    from allocator.tables.checking.all_checks import check_tables
    from allocator.tables.write import write_folder

    with TemporaryDirectory() as folder:
        write_folder({name: rows for name, rows in _rows(d, changes).items() if rows}, Path(folder))
        return tuple(fault for fault in check_tables(Path(folder)).faults if fault.severity == "fault")


def _rows(d: DataSet, changes: Iterable[Values]) -> dict[str, tuple[dict[str, object], ...]]:
    """Give the rows of every table, with other values in some cells; whole numbers stay whole."""
    rows = {name: [dict(row) for row in table] for name, table in d.tables.items()}
    for cells, values in changes:
        whole = cells.described.kind == "whole number"
        for row, value in values.items():
            rows[cells.table][row][cells.column] = int(value) if whole and float(value).is_integer() else float(value)
    return {name: tuple(table) for name, table in rows.items()}
