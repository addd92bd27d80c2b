"""Data sets and scenarios small enough for paper, made as a planner makes them: as files, read through the door.

Two partnerships of two years, two interventions, two client groups and two grades:

    coaching    for neet     effect 0.10, £100 and 10 hours of an adviser a place, half of the group at most
    group_work  for at_risk  effect 0.01, £10 and 1 hour of any grade a place, half of the group at most

    north  £120,000 in force, 100 young people known to be neet (80 will be), 400 at risk (40 will be)
    south  £80,000 in force, half as many of each

A place lasts half as much each further year. An adviser costs £30,000, a support worker £20,000, for 1,000 hours
each; one in ten leaves in a year. Prices, areas and partnerships all count 1. Each year has £200,000.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from allocator.runs.plan import Plan, certified_stages, judge
from allocator.scenario.load import Scenario, read_scenario
from allocator.tables import read_data

if TYPE_CHECKING:
    from pathlib import Path

    from allocator.recompute.figures import Recomputed
    from allocator.solving.solution import Solution
    from allocator.tables.dataset import DataSet, Floats

Tables = dict[str, list[dict[str, Any]]]
YEARS = ("2004-05", "2005-06")


def tiny_tables(**changes: list[dict[str, Any]] | dict[str, Any] | None) -> Tables:
    """The tables as rows, with changes: a list stands for a whole table, a dict changes columns of all its rows.

    None leaves a table out. A single row is changed through row(): row(tables, "years", year="2005-06")["budget"] = 0.
    """
    tables: Tables = {
        "partnerships": [
            _partnership("north", "Upland", 120_000),
            _partnership("south", "Lowland", 80_000),
        ],
        "young_people": [
            {
                "partnership": partnership,
                "client_group": group,
                "year": year,
                "young_people": people * size,
                "neet": neet * size,
            }
            for partnership, size in (("north", 2), ("south", 1))
            for group, people, neet in (("neet", 50, 40), ("at_risk", 200, 20))
            for year in YEARS
        ],
        "interventions": [
            _intervention("coaching", "adviser", "centre", 100),
            _intervention("group_work", "support", "school", 10),
        ],
        "effects": [
            _effect("coaching", "neet", 0.1, 10),
            _effect("group_work", "at_risk", 0.01, 1),
        ],
        "grades": [
            {**_grade("support", 1, 20_000), "training_cost": 1_000, "training_hours": 100},
            {**_grade("adviser", 2, 30_000), "training_cost": None, "training_hours": None},
        ],
        "workforce": [
            {"partnership": "north", "grade": "support", "fte": 1},
            {"partnership": "north", "grade": "adviser", "fte": 2},
            {"partnership": "south", "grade": "support", "fte": 1},
            {"partnership": "south", "grade": "adviser", "fte": 1},
        ],
        "years": [
            {"year": year, "budget": 200_000, "headcount_limit": 20, "training_places": 10, "price_index": 1}
            for year in YEARS
        ],
    }
    for name, change in changes.items():
        if change is None:
            del tables[name]
        elif isinstance(change, dict):
            tables[name] = [{**line, **change} for line in tables[name]]
        else:
            tables[name] = change
    return tables


def row(tables: Tables, table: str, **key: Any) -> dict[str, Any]:
    """The one row of a table whose columns have these values, to be read or changed in place."""
    (found,) = [line for line in tables[table] if all(line[column] == value for column, value in key.items())]
    return found


def write_tables(folder: Path, tables: Tables) -> Path:
    """Writes the tables as CSV files into a folder, which is made where it is not there; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def tiny_data(folder: Path, tables: Tables | None = None) -> DataSet:
    """The tiny data set, or the tables given, written into folder/tables and read."""
    return read_data(write_tables(folder / "tables", tiny_tables() if tables is None else tables))


def tiny_scenario(folder: Path, settings: str = "", *overrides: str, title: str = "Tiny") -> Scenario:
    """A scenario on folder/tables, which have to be there, with the settings given as TOML text."""
    file = folder / "scenario.toml"
    file.write_text(f'title = "{title}"\ndata = "tables"\n{settings}', encoding="utf-8")
    return read_scenario(file, overrides)


def _partnership(key: str, region: str, baseline_grant: float) -> dict[str, Any]:
    return {
        "partnership": key,
        "name": key.title(),
        "region": region,
        "baseline_grant": baseline_grant,
        "fixed_cost": 10_000,
        "area_cost_factor": 1,
        "effect_multiplier": 1,
        "map_column": None,
        "map_row": None,
    }


def _intervention(key: str, min_grade: str, channel: str, unit_cost: float) -> dict[str, Any]:
    return {
        "intervention": key,
        "name": key.replace("_", " ").capitalize(),
        "unit_cost": unit_cost,
        "min_grade": min_grade,
        "channel": channel,
        "exclusive_set": None,
        "persistence": 0.5,
        "lag": 0,
    }


def _effect(intervention: str, group: str, effect: float, adviser_hours: float) -> dict[str, Any]:
    return {
        "intervention": intervention,
        "client_group": group,
        "effect": effect,
        "standard_error": effect / 5,
        "adviser_hours": adviser_hours,
        "max_uptake": 0.5,
        "source": "made for a test",
    }


def _grade(key: str, rank: int, salary: float) -> dict[str, Any]:
    return {
        "grade": key,
        "name": key.capitalize(),
        "rank": rank,
        "salary": salary,
        "productive_hours": 1_000,
        "attrition": 0.1,
        "recruitment_cost": 1_000,
        "redundancy_cost": 2_000,
        "training_cost": None,
        "training_hours": None,
        "recruitable": "true",
    }


def make_plan(
    scenario: Scenario,
    data: DataSet,
    solution: Solution,
    *,
    as_before: Recomputed | None = None,
    given: Floats | None = None,
) -> Plan:
    """Work a solution out again and certify it. given: [p, t] £, where the distribution is given."""
    worked = judge(data, scenario.settings, solution.figures, given)
    return Plan(scenario, data, solution, worked, certified_stages(solution), as_before, given)
