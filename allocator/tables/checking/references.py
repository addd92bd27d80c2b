"""Checks of keys and names: every key once, every name known to its own table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allocator.faults import shown, shown_number
from allocator.tables.columns import TABLES
from allocator.tables.names import did_you_mean
from allocator.tables.reading.cells import BAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from allocator.faults import FaultList
    from allocator.tables.reading.typed import TypedTables

# A suggestion compares a name with all valid ones; a column's suggestions make at most so many comparisons.
MOST_COMPARISONS = 100_000
TIMES = {2: "twice", 3: "three times"}


def joined(interventions: str) -> tuple[str, ...]:
    """The names that a cell of guarantees joins by +."""
    return tuple(name.strip() for name in interventions.split("+"))


def check_duplicates(tables: TypedTables, faults: FaultList) -> None:
    """duplicate-key: a key stands twice. The order of interventions in a guarantee makes no other key."""
    for name in tables.there:
        keys = TABLES[name].keys
        places: dict[tuple[Any, ...], list[int]] = {}
        for position, key in enumerate(zip(*(tables[name].columns[column] for column in keys), strict=True)):
            if BAD not in key:
                if name == "guarantees":
                    key = (*key[:2], "+".join(sorted(joined(key[2]))))  # noqa: PLW2901 - the same key, in order
                places.setdefault(key, []).append(position)
        for key, positions in places.items():
            if len(positions) > 1:
                _duplicate(name, key, positions, tables, faults)


def _duplicate(name: str, key: tuple[Any, ...], positions: list[int], tables: TypedTables, faults: FaultList) -> None:
    table = tables[name]
    rows = [table.numbers[position] for position in positions]
    label = ", ".join(str(part) for part in key if part is not None)
    found = f"{label} {TIMES.get(len(rows), f'{len(rows):,} times')}"
    others = [column for column in TABLES[name].columns if not column.key]
    said = [tuple(table.columns[column.name][position] for column in others) for position in positions]
    if len(rows) > 2 or any(BAD in values for values in said):
        fix = "Keep one of them."
    elif said[0] == said[1]:
        same = f"{shown_number(said[0][0])} {others[0].unit}" if isinstance(said[0][0], float) else "values"
        fix = f"Delete row {rows[1]} (the same {same if len(others) == 1 else 'values'})."
    else:
        differing = [column.name for column, one, other in zip(others, *said, strict=True) if one != other]
        fix = f"Keep the right one; they differ in {', '.join(differing)}."
    faults.add("duplicate-key", name, rows[:20], found=found, wanted="it once", fix=fix)


def check_names(tables: TypedTables, faults: FaultList) -> None:
    """unknown-name: a name that its own table does not have. plus-in-name: a + in the name of an intervention."""
    rare = [use for use in tables["young_people"].rows("client_group") if use[1] in tables.rare_groups]
    for group, rows in _by_name(rare).items():
        faults.add(
            "unknown-name",
            "young_people",
            rows[:1],
            "client_group",
            found=_found(group, rows),
            wanted="a client group that every partnership has in every year",
            fix=f"Did you mean {shown(tables.rare_groups[group])}?",
        )
    for name in tables.there:
        for column in TABLES[name].columns:
            if column.refers == "young_people":
                known = tables.client_groups()
                wanted = f"a client group of {faults.label('young_people')}"
            elif column.refers:
                known = tables.names(column.refers, TABLES[column.refers].keys[0])
                wanted = f"{_a(TABLES[column.refers].keys[0])} of {faults.label(column.refers)}"
            else:
                continue
            uses = (
                (row, part)
                for row, cell in tables[name].rows(column.name)
                for part in (dict.fromkeys(joined(cell)) if column.name == "interventions" else (cell,))
            )
            _check_uses(name, column.name, uses, known, wanted, faults)
    for row, intervention in tables["interventions"].rows("intervention"):
        if "+" in intervention:
            fix = "Use another character in all tables."
            found = shown(intervention)
            faults.add("plus-in-name", "interventions", [row], "intervention", found=found, wanted="no +", fix=fix)
    _check_targets(tables, faults)
    _check_sources(tables, faults)


def _check_uses(
    table: str,
    column: str,
    uses: Iterable[tuple[int, str]],
    known: set[str] | None,
    wanted: str,
    faults: FaultList,
) -> None:
    """A fault for each name that is not known, where it stands first; nothing where it is not known which are."""
    if known is None:
        return
    unknown = _by_name(use for use in uses if use[1] not in known)
    for number, (name, rows) in enumerate(unknown.items()):
        if faults.only_counted("unknown-name", table):
            continue
        fix = did_you_mean(name, known) if number * len(known) < MOST_COMPARISONS else ""
        faults.add("unknown-name", table, rows[:1], column, found=_found(name, rows), wanted=wanted, fix=fix)


def _by_name(uses: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """The rows in which each name stands."""
    rows: dict[str, list[int]] = {}
    for row, name in uses:
        rows.setdefault(name, []).append(row)
    return rows


def _found(name: str, rows: Sequence[int]) -> str:
    """A name, and in how many rows more it stands: a year left out would else be a fault of every row that has it."""
    more = len(rows) - 1
    return f"{shown(name)}, and in {more:,} more row{'s' if more > 1 else ''}" if more else shown(name)


def _check_targets(tables: TypedTables, faults: FaultList) -> None:
    """target-name: a name where none belongs, or none where one does; unknown-name: no such region or partnership."""
    known: Mapping[str, tuple[set[str] | None, str]] = {
        "region": (tables.names("partnerships", "region"), "a region"),
        "partnership": (tables.names("partnerships", "partnership"), "a partnership"),
    }
    uses: dict[str, list[tuple[int, str]]] = {"region": [], "partnership": []}
    for row, scope, name in tables["targets"].rows("scope", "name"):
        if scope == "national" and name is not None:
            fix = "Leave it blank, or write region or partnership in scope."
            faults.add("target-name", "targets", [row], "name", found=shown(name), wanted="a blank cell", fix=fix)
        elif scope != "national" and name is None:
            faults.add("target-name", "targets", [row], "name", found="a blank cell", wanted=known[scope][1])
        elif scope != "national":
            uses[scope].append((row, name))
    for scope, named in uses.items():
        wanted = f"{known[scope][1]} of {faults.label('partnerships')}"
        _check_uses("targets", "name", named, known[scope][0], wanted, faults)


def _check_sources(tables: TypedTables, faults: FaultList) -> None:
    """unknown-name: sources speaks of a column that its table does not have."""
    uses: dict[str, list[tuple[int, str]]] = {}
    for row, table, column in tables["sources"].rows("table", "column"):
        uses.setdefault(table, []).append((row, column))
    for table, named in uses.items():
        _check_uses("sources", "column", named, set(TABLES[table].column_names), f"a column of {table}", faults)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
