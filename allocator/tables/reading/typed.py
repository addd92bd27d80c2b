"""The typed tables as checks and building see them: columns of values, with BAD where a cell has a fault."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocator.faults import FaultList
from allocator.tables.columns import TABLES
from allocator.tables.names import nearest
from allocator.tables.reading.cells import BAD, ColumnReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from allocator.tables.reading.folder import Sheet


@dataclass(frozen=True)
class Typed:
    """One table. numbers: the rows as the user's program shows them. columns: every declared one, whole.

    ragged: the key columns of rows that have more or fewer cells than the headings; such a row is in no other column.
    """

    numbers: tuple[int, ...]
    columns: Mapping[str, list[Any]]
    ragged: Mapping[str, list[Any]]

    @property
    def is_whole(self) -> bool:
        """Whether no row is left out for having more or fewer cells than the headings."""
        return not any(self.ragged.values())

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Row number and the values of the columns named, of each row in which none of them is BAD."""
        chosen = [self.columns[name] for name in names]
        for row in zip(self.numbers, *chosen, strict=True):
            if BAD not in row:
                yield row


class TypedTables:
    """All tables that could be read, typed; a table that is not there has no rows.

    Where a table or a column of names is missing or has faults, what is looked up in it is not known:
    names() is then None, so that one fault does not become a hundred.
    """

    def __init__(self, sheets: Mapping[str, Sheet], faults: FaultList) -> None:
        """Types every column of the sheets; cells that cannot be typed are faults."""
        self.there = tuple(name for name in TABLES if name in sheets)
        self._tables = {name: _typed(name, sheets.get(name), faults) for name in TABLES}
        self.rare_groups = self._rare_groups()

    def __getitem__(self, table: str) -> Typed:
        """The table of that name."""
        return self._tables[table]

    def names(self, table: str, column: str) -> set[str] | None:
        """The values of a column, without blanks; None where they are not all known.

        The key of a row with a cell too many or too few is known, so that the rows that name it are not at fault.
        """
        found = self._tables[table]
        ragged = found.ragged.get(column, () if found.is_whole else (BAD,))
        values = [*found.columns[column], *ragged]
        if table not in self.there or not values or BAD in values:
            return None
        return {value for value in values if value is not None}

    def names_of_whole_rows(self, table: str, column: str) -> set[str] | None:
        """As names, without those that stand in no row but a ragged one, which may be no name at all."""
        known = self.names(table, column)
        return None if known is None else known & set(self._tables[table].columns[column])

    def client_groups(self) -> set[str] | None:
        """The client groups of young_people, less those that are slips of the pen."""
        names = self.names("young_people", "client_group")
        return None if names is None else names - set(self.rare_groups)

    def _rare_groups(self) -> dict[str, str]:
        """The groups that few partnerships and years have and that look like one that most have, with it.

        Client groups are listed nowhere but in young_people itself, so a slip there is told by being rare.
        """
        values = self._tables["young_people"].columns["client_group"]
        counts = Counter(value for value in values if isinstance(value, str))
        most = max(counts.values(), default=0)
        common = {group for group, count in counts.items() if count * 2 > most}
        rare = [group for group in counts if group not in common][:100]
        return {group: near for group in rare if (near := nearest(group, sorted(common)[:1000]))}


def _typed(name: str, sheet: Sheet | None, faults: FaultList) -> Typed:
    table = TABLES[name]
    if sheet is None:
        return Typed((), {column.name: [] for column in table.columns}, {})
    columns: dict[str, list[Any]] = {}
    for column in table.columns:
        if column.name in sheet.columns:
            reader = ColumnReader(name, column, faults, semicolons=sheet.semicolons)
            columns[column.name] = reader.read(sheet.columns[column.name], sheet.numbers)
        else:
            columns[column.name] = [column.left_out if column.may_be_left_out else BAD] * len(sheet.numbers)
    return Typed(sheet.numbers, columns, {key: _ragged(name, key, sheet) for key in table.keys})


def _ragged(table: str, key: str, sheet: Sheet) -> list[Any]:
    """The values of a key column in ragged rows, whose one fault is said already."""
    (column,) = [column for column in TABLES[table].columns if column.name == key]
    cells = sheet.ragged.get(key, ())
    unsaid = FaultList({})
    return ColumnReader(table, column, unsaid, semicolons=sheet.semicolons).read(cells, [0] * len(cells))
