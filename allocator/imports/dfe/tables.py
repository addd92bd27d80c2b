"""The tables of a data set from authorities as published and from assumptions: every row, nothing written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allocator.imports.dfe.assumptions import GROUPS, Assumptions
from allocator.imports.dfe.grants import Baseline
from allocator.imports.dfe.people import People
from allocator.imports.dfe.tiles import places_of

Rows = list[dict[str, Any]]

NAMES = {
    "at_risk": "At risk: special educational needs",
    "neet": "Known to be NEET",
    "not_known": "Activity not known",
    "universal": "All others",
}


@dataclass(frozen=True)
class Authority:
    """A local authority that becomes a partnership.

    key: its name as a key. growth: of its cohort, a share a year. baseline: the grant that it begins with.
    """

    key: str
    code: str
    name: str
    region: str
    people: People
    growth: float
    baseline: Baseline


def planned_years(first: int, count: int) -> tuple[str, ...]:
    """Name financial years by the year in which each begins: 2026 is 2026-27."""
    return tuple(f"{year}-{(year + 1) % 100:02d}" for year in range(first, first + count))


def tables_of(authorities: Sequence[Authority], a: Assumptions, years: Sequence[str], lead: int) -> dict[str, Rows]:
    """Give all tables but sources. lead: whole years from the published figures to the first year planned."""
    people = _young_people(authorities, a, years, lead)
    partnerships = _partnerships(authorities, a)
    workforce = _workforce(authorities, a, partnerships)
    posts = sum(row["fte"] for row in workforce)
    return {
        "partnerships": partnerships,
        "young_people": people,
        "client_groups": [
            {"client_group": group, "name": NAMES[group], "stays": getattr(a.stays, group).value} for group in GROUPS
        ],
        "interventions": [_as_row(entry) for entry in a.interventions],
        "effects": [entry.model_dump() for entry in a.effects],
        "returns": [
            {"intervention": intervention.intervention, **_as_row(entry)}
            for intervention in a.interventions
            for entry in a.returns
        ],
        "grades": [_as_row(entry, "share_of_posts") for entry in a.grades],
        "workforce": workforce,
        "years": _years(sum(row["baseline_grant"] for row in partnerships), posts, a, years),
        "capacities": _capacities(people, a, years),
        "guarantees": [
            {
                "year": year,
                "client_group": entry.client_group,
                "interventions": "+".join(entry.interventions),
                "min_share": entry.min_share,
            }
            for year in years
            for entry in a.guarantees
        ],
        "targets": [
            {
                "scope": "national",
                "name": None,
                "year": years[entry.year - 1],
                "max_neet": None,
                "reduction_share": entry.reduction_share,
            }
            for entry in a.targets
        ],
        "studies": [entry.model_dump() for entry in a.studies],
    }


def _as_row(entry: Any, *without: str) -> dict[str, Any]:
    """Give an entry of the assumptions as a row of its table."""
    return {column: value for column, value in entry.model_dump().items() if column not in ("source", *without)}


def area_cost(a: Assumptions, region: str) -> float:
    """Give the salaries in a region as a multiple of those of the grades."""
    return a.area_cost_factor.regions.get(region, a.area_cost_factor.elsewhere).value


def _partnerships(authorities: Sequence[Authority], a: Assumptions) -> Rows:
    places: Sequence[tuple[int | None, int | None]] | None = places_of([authority.name for authority in authorities])
    if places is None:
        places = [(None, None)] * len(authorities)
    return [
        {
            "partnership": authority.key,
            "name": authority.name,
            "region": authority.region,
            "baseline_grant": round(authority.baseline.grant),
            "entry_grant": 0.0,
            "start_up_posts": 0.0,
            "fixed_cost": round(authority.baseline.grant * a.grants.fixed_share.value),
            "area_cost_factor": area_cost(a, authority.region),
            "effect_multiplier": a.effect_multiplier.everywhere.value,
            "map_column": column,
            "map_row": row,
        }
        for authority, (column, row) in zip(authorities, places, strict=True)
    ]


def _young_people(authorities: Sequence[Authority], a: Assumptions, years: Sequence[str], lead: int) -> Rows:
    """Let every group grow as the authority's cohort does; its share of the cohort, and of NEET, stays."""
    shares = {group: getattr(a.neet_without_programme, group).value for group in GROUPS}
    rows = []
    for authority in authorities:
        for number, year in enumerate(years):
            grown = (1 + authority.growth) ** (lead + number)
            for group in GROUPS:
                count = round(authority.people.groups[group] * grown)
                rows.append(
                    {
                        "partnership": authority.key,
                        "client_group": group,
                        "year": year,
                        "young_people": count,
                        "neet": round(count * shares[group], 1),
                    }
                )
    return rows


def _workforce(authorities: Sequence[Authority], a: Assumptions, partnerships: Rows) -> Rows:
    """Give the posts that the staff share of the grant pays for, at the mean salary of the ladder in the authority's
    region.
    """
    mean_salary = sum(grade.share_of_posts * grade.salary for grade in a.grades)
    rows = []
    for authority, partnership in zip(authorities, partnerships, strict=True):
        posts = authority.baseline.grant * a.grants.staff_share.value / (mean_salary * partnership["area_cost_factor"])
        rows += [
            {"partnership": authority.key, "grade": grade.grade, "fte": round(posts * grade.share_of_posts, 2)}
            for grade in a.grades
        ]
    return rows


def _years(grants: float, posts: float, a: Assumptions, years: Sequence[str]) -> Rows:
    """Let the money grow from the sum of the baseline grants; prices are those of the first year."""
    growth, prices = a.years.cash_growth.value, a.years.price_growth.value
    return [
        {
            "year": year,
            "budget": round(grants * (1 + growth) ** (number + 1)),
            "headcount_limit": round(posts * a.years.headcount_limit.value),
            "training_places": round(posts * a.years.training_places.value),
            "price_index": round((1 + prices) ** number, 6),
            "pay_index": None,
        }
        for number, year in enumerate(years)
    ]


def _capacities(people: Rows, a: Assumptions, years: Sequence[str]) -> Rows:
    served: dict[tuple[str, str], dict[str, int]] = {}
    for row in people:
        served.setdefault((row["partnership"], row["year"]), {})[row["client_group"]] = row["young_people"]
    return [
        {
            "partnership": partnership,
            "channel": entry.channel,
            "year": year,
            "places": round(entry.share * _of(groups, entry.of) * (1 + entry.growth) ** years.index(year)),
        }
        for (partnership, year), groups in served.items()
        for entry in a.capacities
    ]


def _of(groups: Mapping[str, int], names: Sequence[str]) -> int:
    return sum(groups[name] for name in names)
