"""Checks of keys and names: every key once, every name known to its own table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from allocator.faults import FaultList, shown, shown_number
from allocator.register.quantities import EVERY, TOTAL
from allocator.tables.checking.presence import by_name, joined, tell_unknown
from allocator.tables.columns import TABLES
from allocator.tables.reading.cells import BAD
from allocator.tables.reading.typed import TypedTables

TIMES = {2: "twice", 3: "three times"}
MOST_TOLD = 3  # keys that stand twice, before most of them doing so is one fault


def check_duplicates(tables: TypedTables, faults: FaultList) -> None:
    """Report duplicate-key: a key stands twice. The order of interventions in a guarantee makes no other key."""
    for name in tables.there:
        keys = TABLES[name].keys
        places: dict[tuple[Any, ...], list[int]] = {}
        for position, key in enumerate(zip(*(tables[name].columns[column] for column in keys), strict=True)):
            if BAD not in key:
                if name == "guarantees":
                    key = (*key[:2], "+".join(sorted(joined(key[2]))))  # noqa: PLW2901 - the same key, in order
                places.setdefault(key, []).append(position)
        again = {key: positions for key, positions in places.items() if len(positions) > 1}
        if len(again) > MOST_TOLD and 2 * len(again) >= len(places):
            _all_again(name, again, tables, faults)
            continue
        for key, positions in again.items():
            _duplicate(name, key, positions, tables, faults)


def _all_again(name: str, again: Mapping[tuple[Any, ...], list[int]], tables: TypedTables, faults: FaultList) -> None:
    """Report duplicate-key once where most keys stand twice: rows pasted again, or parts of what is due."""
    columns = [tables[name].columns[column.name] for column in TABLES[name].columns if not column.key]
    said = [{tuple(column[at] for column in columns) for at in positions} for positions in again.values()]
    key, first = next(iter(again.items()))
    rows = [tables[name].numbers[position] for position in first]
    label = ", ".join(str(part) for part in key if part is not None)
    found = f"{label} {TIMES.get(len(rows), f'{len(rows):,} times')}, and so {len(again) - 1:,} more keys"
    fix = "Add up the rows of each where they are parts, such as women and men; else keep one of them."
    if all(len(values) == 1 for values in said):
        fix = "Keep one row of each, since they say the same; add them up where they are parts."
    faults.add("duplicate-key", name, rows[:20], found=found, wanted="each once", fix=fix)


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
    """Report plus-in-name: a + in the name of an intervention; and the names of targets and sources."""
    for row, intervention in tables["interventions"].rows("intervention"):
        if "+" in intervention:
            fix = "Use another character in all tables."
            found = shown(intervention)
            faults.add("plus-in-name", "interventions", [row], "intervention", found=found, wanted="no +", fix=fix)
    _check_scopes(tables, faults)
    _check_years_of_limits(tables, faults)
    _check_sources(tables, faults)


def _check_uses(
    table: str,
    column: str,
    uses: Iterable[tuple[int, str]],
    known: set[str] | None,
    wanted: str,
    faults: FaultList,
) -> None:
    """Report each unknown name once, where it stands first; nothing where it is not known which names there are."""
    if known is not None:
        unknown = by_name(use for use in uses if use[1] not in known)
        tell_unknown(table, column, unknown, known, wanted, faults)


def _check_scopes(tables: TypedTables, faults: FaultList) -> None:
    """Report target-name, limit-name: a name where none belongs, or none where one does; unknown-name: nobody has
    it.
    """
    known: Mapping[str, tuple[set[str] | None, str]] = {
        "region": (tables.names("partnerships", "region"), "a region"),
        "partnership": (tables.names("partnerships", "partnership"), "a partnership"),
    }
    for table, code in (("targets", "target-name"), ("limits", "limit-name")):
        uses: dict[str, list[tuple[int, str]]] = {"region": [], "partnership": []}
        for row, scope, name in tables[table].rows("scope", "name"):
            if scope == "national" and name is not None:
                fix = "Leave it blank, or write region or partnership in scope."
                faults.add(code, table, [row], "name", found=shown(name), wanted="a blank cell", fix=fix)
            elif scope != "national" and name is None:
                faults.add(code, table, [row], "name", found="a blank cell", wanted=known[scope][1])
            elif scope != "national":
                uses[scope].append((row, name))
        for scope, named in uses.items():
            wanted = f"{known[scope][1]} of {faults.label('partnerships')}"
            _check_uses(table, "name", named, known[scope][0], wanted, faults)


def _check_years_of_limits(tables: TypedTables, faults: FaultList) -> None:
    """Report unknown-name: a limit's year that is none of the years, nor every, nor total."""
    years = tables.names("years", "year")
    if years is not None:
        wanted = f"{EVERY}, {TOTAL}, or a year of {faults.label('years')}"
        known = {*years, EVERY, TOTAL}
        _check_uses("limits", "year", tables["limits"].rows("year"), known, wanted, faults)


def _check_sources(tables: TypedTables, faults: FaultList) -> None:
    """Report unknown-name: sources speaks of a column that its table does not have."""
    uses: dict[str, list[tuple[int, str]]] = {}
    for row, table, column in tables["sources"].rows("table", "column"):
        uses.setdefault(table, []).append((row, column))
    for table, named in uses.items():
        _check_uses("sources", "column", named, set(TABLES[table].column_names), f"a column of {table}", faults)
