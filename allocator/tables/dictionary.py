"""The data dictionary: every table and column in words, for `check --dictionary` and the reference page."""

from __future__ import annotations

from allocator.results import Result, doc
from allocator.tables.columns import TABLES, Column


class ColumnEntry(Result):
    """A column in words."""

    name: str = doc("its name", name="column")
    kind: str = doc("what its cells hold")
    unit: str = doc("unit; blank where there is none")
    range: str = doc("what is allowed; blank where all is")
    meaning: str = doc("what it says")
    key: bool = doc("whether it is part of what names a row")
    blank: str = doc("what a blank cell means; blank where none may be blank")


class TableEntry(Result):
    """A table in words."""

    name: str = doc("its name", name="table")
    meaning: str = doc("what it holds")
    optional: bool = doc("whether a data set may be without it")
    columns: tuple[ColumnEntry, ...] = doc("one of its columns")


class Dictionary(Result):
    """Every table in words, in the order of the contract."""

    tables: tuple[TableEntry, ...] = doc("a table of a data set")


def dictionary() -> Dictionary:
    """Give every table with its columns, in the order of the contract."""
    return Dictionary(
        tuple(
            TableEntry(table.name, table.meaning, table.optional, tuple(map(_entry, table.columns)))
            for table in TABLES.values()
        )
    )


def _entry(column: Column) -> ColumnEntry:
    within = ", ".join(column.choices) if column.choices else column.range_in_words()
    if column.refers:
        within = f"a name of {column.refers}" if column.name != "interventions" else "names of interventions"
    blank = column.means if column.may_be_blank else ""
    if column.may_be_left_out:
        blank += "; so does a column left out"
    return ColumnEntry(column.name, column.kind, column.unit, within, column.meaning, column.key, blank)
