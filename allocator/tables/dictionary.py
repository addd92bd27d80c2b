"""The data dictionary: every table and column in words, for `check --dictionary` and the reference page."""

from __future__ import annotations

from dataclasses import dataclass

from allocator.tables.columns import TABLES, Column


@dataclass(frozen=True)
class ColumnEntry:
    """A column in words. blank: what a blank cell means, or "" where none may be blank."""

    name: str
    kind: str
    unit: str
    range: str
    meaning: str
    key: bool
    blank: str


@dataclass(frozen=True)
class TableEntry:
    """A table in words; optional: whether a data set may be without it."""

    name: str
    meaning: str
    optional: bool
    columns: tuple[ColumnEntry, ...]


def dictionary() -> tuple[TableEntry, ...]:
    """Every table with its columns, in the order of the contract."""
    return tuple(
        TableEntry(table.name, table.meaning, table.optional, tuple(map(_entry, table.columns)))
        for table in TABLES.values()
    )


def _entry(column: Column) -> ColumnEntry:
    within = ", ".join(column.choices) if column.choices else column.range_in_words()
    if column.refers:
        within = f"a name of {column.refers}" if column.name != "interventions" else "names of interventions"
    blank = column.means if column.may_be_blank else ""
    if column.may_be_left_out:
        blank += "; so does a column left out"
    return ColumnEntry(column.name, column.kind, column.unit, within, column.meaning, column.key, blank)
