"""Checks a data set: reads, types and looks at everything at once, and yields every fault instead of the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from allocator.faults import Fault, FaultList
from allocator.tables.checking.plausible import CHECKS
from allocator.tables.checking.presence import check_presence
from allocator.tables.checking.references import check_duplicates, check_names
from allocator.tables.columns import TABLES
from allocator.tables.dataset import DataSet
from allocator.tables.reading.folder import read_tables
from allocator.tables.reading.typed import TypedTables


@dataclass(frozen=True)
class Checked:
    """What a look at all tables found.

    faults: of every severity, in the order of the tables, then by row. data: None where one is a fault proper.
    tables_read: names of the tables that were there, in their order. rows_read: their rows without headings.
    """

    faults: tuple[Fault, ...]
    data: DataSet | None
    tables_read: tuple[str, ...]
    rows_read: int


def check_tables(location: Path, replaced: Mapping[str, Path] = MappingProxyType({})) -> Checked:
    """Give all that is wrong with the tables in a folder or workbook, and the data set where nothing is.

    replaced: tables read from another file than the data set's, by name. Nothing is raised, whatever the bytes.
    """
    faults = FaultList({name: table.column_names for name, table in TABLES.items()})
    sheets = read_tables(location, replaced, faults)
    tables = TypedTables(sheets, faults)
    check_duplicates(tables, faults)
    check_names(tables, faults)
    check_presence(tables, faults)
    for check in CHECKS:
        check(tables, faults)
    data = None
    if not faults.stops:
        from allocator.tables.build import build

        data = build(tables, str(location))
    rows_read = sum(len(tables[name].numbers) for name in tables.there)
    return Checked(faults.in_order(), data, tables.there, rows_read)
