"""The typed tables as checks and building see them: columns of values, with BAD where a cell has a fault."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allocator.faults import FaultList
from allocator.tables.columns import TABLES, Table
from allocator.tables.names import nearest
from allocator.tables.reading.cells import BAD, MOST_OF_A_COLUMN, ColumnReader
from allocator.tables.reading.layout import Sheet
from allocator.tables.reading.spelling import unify


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
        """Give row number and values of the columns named, of each row in which none of them is BAD."""
        chosen = [self.columns[name] for name in names]
        for row in zip(self.numbers, *chosen, strict=True):
            if BAD not in row:
                yield row

    def sums(self, column: str, amount: str) -> defaultdict[str, float]:
        """Add up an amount by the names of a column, in the amount's unit; a name that is not there has 0."""
        found: defaultdict[str, float] = defaultdict(float)
        for _, name, value in self.rows(column, amount):
            found[name] += value
        return found


class TypedTables:
    """All tables that could be read, typed; a table that is not there has no rows.

    Where a table or a column of names is missing or has faults, what is looked up in it is not known:
    names() is then None, so that one fault does not become a hundred.
    """

    def __init__(self, sheets: Mapping[str, Sheet], faults: FaultList) -> None:
        """Type every column of the sheets; cells that cannot be typed are faults."""
        self.there = tuple(name for name in TABLES if name in sheets)
        self._tables = {name: typed(table, sheets.get(name), faults) for name, table in TABLES.items()}
        unify(self._tables, faults)
        self.rare_groups = self._rare_groups()

    def __getitem__(self, table: str) -> Typed:
        """Give the table of that name."""
        return self._tables[table]

    def names(self, table: str, column: str) -> set[str] | None:
        """Give the values of a column, without blanks; None where they are not all known.

        The key of a row with a cell too many or too few is known, so that the rows that name it are not at fault.
        """
        found = self._tables[table]
        ragged = found.ragged.get(column, () if found.is_whole else (BAD,))
        values = [*found.columns[column], *ragged]
        if table not in self.there or not values or BAD in values:
            return None
        return {value for value in values if value is not None}

    def names_of_whole_rows(self, table: str, column: str) -> set[str] | None:
        """Give names without those that stand in no row but a ragged one, which may be no name at all."""
        known = self.names(table, column)
        return None if known is None else known & set(self._tables[table].columns[column])

    def client_groups(self) -> set[str] | None:
        """Give the client groups of young_people, less those that are slips of the pen."""
        names = self.names("young_people", "client_group")
        return None if names is None else names - set(self.rare_groups)

    def _rare_groups(self) -> dict[str, str]:
        """Give the groups that few partnerships and years have and that look like one that most have, with it.

        Client groups are listed nowhere but in young_people itself, so a slip there is told by being rare.
        """
        values = self._tables["young_people"].columns["client_group"]
        counts = Counter(value for value in values if isinstance(value, str))
        most = max(counts.values(), default=0)
        common = {group for group, count in counts.items() if count * 2 > most}
        rare = [group for group in counts if group not in common][:100]
        return {group: near for group in rare if (near := nearest(group, sorted(common)[:1000]))}


def typed(table: Table, sheet: Sheet | None, faults: FaultList) -> Typed:
    """Give a table of typed columns; cells that cannot be typed are faults. Without a sheet it has no rows."""
    if sheet is None:
        return Typed((), {column.name: [] for column in table.columns}, {})
    columns: dict[str, list[Any]] = {}
    readers: list[ColumnReader] = []
    for column in table.columns:
        if column.name in sheet.columns:
            readers.append(ColumnReader(table.name, column, sheet.semicolons))
            columns[column.name] = readers[-1].read(sheet.columns[column.name], sheet.numbers)
        else:
            columns[column.name] = [column.left_out if column.may_be_left_out else BAD] * len(sheet.numbers)
    _tell(readers, faults)
    return Typed(sheet.numbers, columns, {key: _ragged(table, key, sheet) for key in table.keys})


def _tell(readers: Sequence[ColumnReader], faults: FaultList) -> None:
    """Tell what was found in the columns of a table; a slip of the whole file, such as decimal commas, once."""
    columns_of = Counter(code for reader in readers for code in {one.code for one in reader.found})
    for code in [code for code, columns in columns_of.items() if columns > MOST_OF_A_COLUMN]:
        cells = [one for reader in readers for one in reader.found if one.code == code]
        names = [reader.column.name for reader in readers if any(one.code == code for one in reader.found)]
        first = cells[0]
        found = f"{first.found}, and {len(cells) - 1:,} more like it in the columns {', '.join(names)}"
        faults.add(code, readers[0].table, [first.row], names[0], found=found, wanted=first.wanted, fix=first.fix)
        for reader in readers:
            reader.found = [one for one in reader.found if one.code != code]
    for reader in readers:
        reader.tell(faults)


def _ragged(table: Table, key: str, sheet: Sheet) -> list[Any]:
    """Give the values of a key column in ragged rows, whose one fault is said already."""
    (column,) = [column for column in table.columns if column.name == key]
    cells = sheet.ragged.get(key, ())
    return ColumnReader(table.name, column, sheet.semicolons).read(cells, [0] * len(cells))
