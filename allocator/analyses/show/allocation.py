"""What a run gives: to one partnership in full, to a region or all in one line each, or the rows of one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from allocator.analyses.named import ScenarioName
from allocator.errors import RunError, UsageError
from allocator.register import goals
from allocator.results import Result, doc, documented
from allocator.runs.frames import COLUMNS, Table
from allocator.runs.grant_change import Grant, YearGrant, together
from allocator.runs.read import RunFolder
from allocator.tables.names import did_you_mean


class PartnershipYear(YearGrant, kw_only=True):
    """One partnership's year."""

    year: str = doc("the year")
    neet_without: float = doc("NEET at the year's end without the programme", "young people")
    reduction: float = doc("fewer NEET at the year's end", "young people")
    advisers: Mapping[str, float] = doc("advisers in post by grade, lowest first", entry="<grade> | FTE | of one grade")
    places: Mapping[str, float] = doc(
        "young people served by intervention; what is 0 is left out",
        entry="<intervention> | young people | by one intervention",
    )


class PartnershipAllocation(Grant, kw_only=True):
    """One partnership's years, and its grant over all of them."""

    partnership: str = doc("key of the partnership")
    name: str = doc("its name")
    region: str = doc("its region")
    years: tuple[PartnershipYear, ...] = doc("one of its years")


class Allocation(Result):
    """What was asked of a run. scope: a partnership's or region's name; blank for all. in_full: one partnership."""

    run: str = doc("the run folder")
    scenario: str
    title: str
    scope: str
    in_full: bool

    @property
    @documented("the scenario", name="scenario")
    def scenario_name(self) -> ScenarioName:
        """The scenario's name and title."""
        return ScenarioName(self.scenario, self.title)


class Allocations(Allocation):
    """What a run gives to the partnerships asked for."""

    partnerships: tuple[PartnershipAllocation, ...] = doc("one partnership of those asked for")
    called: Mapping[str, str] = field(default_factory=dict)  # names of grades and interventions by their keys


class TableRows(Allocation):
    """The rows of one table. units: of each column; blank where it holds names, or has another in each row."""

    table_name: str = doc("the table asked for", name="table")
    columns: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]  # text, numbers, None where a cell is blank

    def to_dict(self) -> dict[str, Any]:
        """Give the rows under their columns, which docs/reference lists table by table."""
        return super().to_dict() | {"rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows]}


def allocation(
    run: str | Path, *, partnership: str | None = None, region: str | None = None, table: str | None = None
) -> Allocations | TableRows:
    """Read what a run gives to one partnership, to a region, or to all.

    Raises RunError where the folder is no whole run, UsageError where it has no such partnership, region or table.
    What is read is not checked against the manifest: `allocator verify` does that.
    """
    if table is not None and table not in COLUMNS:
        fix = did_you_mean(table, COLUMNS)
        raise UsageError("table", f"no table '{table}'", f"one of {', '.join(COLUMNS)}", fix)
    folder = RunFolder(run)
    scenario, title = _scenario_of(folder)
    grants = folder.table("grants")
    wanted, scope = _wanted(grants, partnership, region)
    in_full = partnership is not None
    if table is None:
        given = _partnerships(folder, grants, wanted)
        return Allocations(str(run), scenario, title, scope, in_full, given, _names(folder))
    columns = folder.table(table)
    rows = zip(*columns.values(), strict=True)
    position = list(columns).index("partnership")
    kept = tuple(row for row in rows if not scope or row[position] in wanted)
    return TableRows(str(run), scenario, title, scope, in_full, table, tuple(columns), _units(folder, table), kept)


def _units(folder: RunFolder, table: str) -> tuple[str, ...]:
    """Give the unit of each column; of the rules' prices, the goal's for one of the row's."""
    goal = goals.named(goals.told(folder.settings)).unit
    return tuple(
        f"{goal} a unit" if (table, column.name) == ("rules", "price") else column.unit.replace("unit", "")
        for column in COLUMNS[table]
    )


def _names(folder: RunFolder) -> dict[str, str]:
    """Give the names of grades and interventions by their keys, as the run's own tables have them."""
    return {key: folder.data.called(key) for key in (*folder.data.grades, *folder.data.interventions)}


def _scenario_of(folder: RunFolder) -> tuple[str, str]:
    try:
        scenario = folder.json("summary.json")["scenario"]
        return str(scenario["name"]), str(scenario["title"])
    except (KeyError, TypeError) as error:
        raise RunError("summary.json", "it names no scenario", "a summary as written", "Solve again.") from error


def _wanted(grants: Table, partnership: str | None, region: str | None) -> tuple[set[str], str]:
    """Give the keys of the partnerships asked for, and the name that they go by together; blank for all."""
    names = dict(zip(grants["partnership"], grants["name"], strict=True))
    regions = dict(zip(grants["partnership"], grants["region"], strict=True))
    if not names:
        raise RunError("plan/grants.csv", "the table is empty", "a row for each partnership and year", "Solve again.")
    if partnership is not None:
        keys = {name: key for key, name in names.items()}
        key = partnership if partnership in names else keys.get(partnership)
        if key is None:
            fix = did_you_mean(partnership, names) or "`allocator show RUN` lists them."
            raise UsageError("", f"no partnership '{partnership}'", "", fix)
        return {key}, f"{names[key]}, {regions[key]}"
    if region is not None:
        found = {key for key, of in regions.items() if of.casefold() == region.casefold()}
        if not found:
            known = sorted(set(regions.values()))
            raise UsageError("", f"no region '{region}'", f"one of {', '.join(known)}", did_you_mean(region, known))
        return found, regions[min(found)]
    return set(names), ""


def _partnerships(folder: RunFolder, grants: Table, wanted: set[str]) -> tuple[PartnershipAllocation, ...]:
    reductions = folder.table("reductions")
    without, reached = (_summed(reductions, "year", column) for column in ("neet_without", "reduction"))
    advisers = _summed(folder.table("advisers"), "grade", "fte")
    places = _summed(folder.table("places"), "intervention", "places")
    found: dict[tuple[str, str, str], list[PartnershipYear]] = {}
    read = (
        *("partnership", "name", "region", "year"),
        *("grant", "shares_as_before", "last_year", "real_on_last_year"),
    )
    for row in zip(*(grants[column] for column in read), strict=True):
        partnership, name, region, year, *amounts = row
        place = (partnership, year)
        if partnership not in wanted:
            continue
        if place not in reached or place not in advisers or None in amounts[:3]:
            raise RunError(
                str(folder.run), f"no whole figures of {partnership} in {year}", "a whole run", "Solve again."
            )
        found.setdefault((partnership, name, region), []).append(
            PartnershipYear(
                *amounts,
                year=year,
                neet_without=without[place][year],
                reduction=reached[place][year],
                advisers=advisers[place],
                places=places.get(place, {}),  # a run's table of places leaves out what is 0
            )
        )
    named = [
        PartnershipAllocation(
            **vars(together(years)), partnership=partnership, name=name, region=region, years=tuple(years)
        )
        for (partnership, name, region), years in found.items()
    ]
    return tuple(sorted(named, key=lambda one: (one.name.casefold(), one.partnership)))


def _summed(table: Table, by: str, column: str) -> dict[tuple[str, str], dict[str, float]]:
    """Give the numbers of each partnership and year, added up by one more key, in the order of the table."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    keys = zip(table["partnership"], table["year"], table[by], strict=True)
    for (partnership, year, key), amount in zip(keys, _numbers(table, column), strict=True):
        amounts = found.setdefault((partnership, year), {})
        amounts[key] = amounts.get(key, 0.0) + amount
    return found


def _numbers(table: Table, column: str) -> list[float]:
    if None in table[column]:
        raise RunError(f"column {column}", "a blank cell", "a number", "Solve again.")
    return table[column]
