"""The table of sources of an imported data set: of every column whether it is published, derived or assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from allocator.imports.dfe.assumptions import GROUPS, Assumptions
from allocator.imports.dfe.tables import Authority, Rows
from allocator.imports.dfe.tiles import SOURCE as TILES_FROM
from allocator.imports.dfe.tiles import places_of
from allocator.units import listed

DEPARTMENT = "Department for Education"
LICENCE = "Open Government Licence v3.0"
PUBLICATION = "Participation in education, training and NEET age 16 to 17 by local authority"
SPENDING = "Section 251 outturn, services for young people, as in the local authority interactive tool"
AN_ASSUMPTION = "assumed"  # how the source of an entry that is one begins
MOST_SOURCES = 3  # of a column that are spelt out

# The figures that each client group is made of.
MADE_OF = {
    "neet": ("cohort", "neet"),
    "not_known": ("cohort", "not_known"),
    "at_risk": ("cohort", "plans", "plans_out", "support", "support_out"),
}


def sources_of(authorities: Sequence[Authority], a: Assumptions, year: int, spent: Sequence[str]) -> Rows:
    """Give all rows of the table. year: of the published figures. spent: the years of spending, none without a file."""
    published = f"{DEPARTMENT}, {PUBLICATION}, {year} ({LICENCE})"
    rows = [
        _row("partnerships", "name", "published", published, "high"),
        _row("partnerships", "region", "published", published, "high"),
        *_grants(authorities, a, spent),
        *_entries("partnerships", [("fixed_cost", a.grants.fixed_share.source)], "a share of the baseline grant"),
        *_entries("partnerships", [("area_cost_factor", _joined(_area_costs(a)))]),
        *_entries("partnerships", [("effect_multiplier", a.effect_multiplier.everywhere.source)]),
        *_map(authorities),
        *_people(authorities, a, published),
        _row("client_groups", "name", "derived", published, "high"),
        *_stays(a),
        *_entries("workforce", [("fte", a.grants.staff_share.source)], "posts that a share of the grant pays for"),
        *_entries(
            "years",
            [
                ("budget", a.years.cash_growth.source),
                ("headcount_limit", a.years.headcount_limit.source),
                ("training_places", a.years.training_places.source),
                ("price_index", a.years.price_growth.source),
            ],
        ),
    ]
    for table, entries, key in (
        ("interventions", a.interventions, "intervention"),
        ("effects", a.effects, "intervention"),
        ("returns", a.returns, "band"),
        ("grades", a.grades, "grade"),
        ("capacities", a.capacities, "channel"),
        ("guarantees", a.guarantees, "client_group"),
        ("targets", a.targets, "year"),
    ):
        rows += _table(table, entries, key)
    for column, (status, quality, note) in STUDIES.items() if a.studies else ():
        rows.append(_row("studies", column, status, "see the source column", quality, note=note))
    return [_answered_for(row, {published: str(year)}, spent[-1] if spent else "") for row in rows]


# What the columns of each table of entries are; keys, and where an effect is from, have no source of their own.
COLUMNS = {
    "interventions": ("name", "unit_cost", "min_grade", "channel", "exclusive_set", "persistence", "lag"),
    "effects": ("effect", "standard_error", "adviser_hours", "max_uptake"),
    "returns": ("width", "relative_effect"),
    "grades": (
        *("name", "rank", "salary", "productive_hours", "attrition", "recruitment_cost", "redundancy_cost"),
        *("training_cost", "training_hours", "recruitable"),
    ),
    "capacities": ("places",),
    "guarantees": ("min_share",),
    "targets": ("max_neet", "reduction_share"),
}
STUDIES = {
    **dict.fromkeys(("effect", "sample", "design", "year", "country", "cost_per_place"), ("published", "medium", "")),
    **dict.fromkeys(("ci_low", "ci_high"), ("published", "medium", "blank where the standard error is given")),
    "standard_error": ("assumed", "low", "where the design column says so; the others are published"),
    "relevance": ("assumed", "low", "a judgement"),
}


def _row(
    table: str, column: str, status: str, source: str, quality: str, *, part: str = "", note: str = ""
) -> dict[str, Any]:
    return {
        "table": table,
        "column": column,
        "part": part or None,
        "status": status,
        "source": source or None,
        "note": note or None,
        "quality": quality,
    }


def _answered_for(row: dict[str, Any], dates: Mapping[str, str], last_spent: str) -> dict[str, Any]:
    """Give a row with owner and date where it is a figure of the Department's; who answers for the rest is yours to
    say.
    """
    source = str(row["source"])
    if not source.startswith(DEPARTMENT):
        return {**row, "owner": None, "date": None}
    return {**row, "owner": DEPARTMENT, "date": dates.get(source, last_spent)}


def _status(source: str) -> tuple[str, str, str]:
    """Give status, source and quality of an entry: an assumption says so; any other source is something derived."""
    if source.startswith(AN_ASSUMPTION):
        return "assumed", source.removeprefix(AN_ASSUMPTION).lstrip(" :"), "low"
    return "derived", source, "medium"


def _entries(table: str, columns: Sequence[tuple[str, str]], note: str = "") -> Rows:
    return [
        _row(table, column, status, said, quality, note=note)
        for column, source in columns
        for status, said, quality in [_status(source)]
    ]


def _joined(sources: Sequence[str]) -> str:
    """Join several sources as one: assumed where one of them is."""
    said = list(dict.fromkeys(text for _, text, _ in map(_status, sources) if text))
    text = "; ".join(said) if len(said) <= MOST_SOURCES else "see assumptions.toml"
    return f"{AN_ASSUMPTION}: {text}" if any(source.startswith(AN_ASSUMPTION) for source in sources) else text


def _table(table: str, entries: Sequence[Any], key: str) -> Rows:
    """Give a row a column; two where some entries are assumed and some are not, each with the keys of its entries."""
    by_status: dict[str, list[Any]] = {}
    for entry in entries:
        by_status.setdefault(_status(entry.source)[0], []).append(entry)
    rows = []
    for status, of_it in by_status.items():
        part = "" if len(by_status) == 1 else listed(list(dict.fromkeys(str(getattr(entry, key)) for entry in of_it)))
        joined = "see the source column" if table == "effects" else _status(_joined([e.source for e in of_it]))[1]
        quality = "low" if status == "assumed" else "medium"
        rows += [_row(table, column, status, joined, quality, part=part) for column in COLUMNS[table]]
    return rows


def _area_costs(a: Assumptions) -> list[str]:
    return [a.area_cost_factor.elsewhere.source, *(factor.source for factor in a.area_cost_factor.regions.values())]


def _grants(authorities: Sequence[Authority], a: Assumptions, spent: Sequence[str]) -> Rows:
    """Give the baseline grants, apart by how each was found."""
    if not spent:
        return _entries("partnerships", [("baseline_grant", a.grants.per_head.source)], "an amount for each head")
    source = f"{DEPARTMENT}, {SPENDING}, {spent[0]} to {spent[-1]} ({LICENCE})"
    caution = "spending on all services for young people, not a grant for those NEET"
    parts = (
        ("reported", "medium", f"mean of the years; {caution}"),
        ("in part", "low", f"mean of the years that are not blank; {caution}"),
        ("per head", "low", "none reported, or 0 in every year: the mean of all others for each head"),
    )
    rows = []
    for how, quality, note in parts:
        keys = [authority.key for authority in authorities if authority.baseline.how == how]
        if keys:
            part = listed(keys) if how != "reported" else "all others" if len(keys) < len(authorities) else ""
            rows.append(_row("partnerships", "baseline_grant", "derived", source, quality, part=part, note=note))
    return rows


def _map(authorities: Sequence[Authority]) -> Rows:
    placed = places_of([authority.name for authority in authorities]) is not None
    status, source, note = ("published", TILES_FROM, "") if placed else ("assumed", "", "left blank: no map is drawn")
    return [_row("partnerships", column, status, source, "high", note=note) for column in ("map_column", "map_row")]


def _people(authorities: Sequence[Authority], a: Assumptions, published: str) -> Rows:
    """Give young people by client group, apart where a figure behind them is estimated.

    And who of them would be NEET.
    """
    notes = {
        "neet": "published per cent of the cohort, to 0.1",
        "not_known": "published per cent of the cohort, to 0.1",
        "at_risk": "special educational needs support and plans, less those NEET or not known",
        "universal": "the rest of the cohort",
    }
    rows = []
    for group, note in notes.items():
        rows.append(_row("young_people", "young_people", "derived", published, "medium", part=group, note=note))
        fields = MADE_OF.get(group, tuple(field for made in MADE_OF.values() for field in made))
        keys = [
            authority.key
            for authority in authorities
            if any(estimate.field in fields for estimate in authority.people.estimates)
        ]
        if keys:
            part, said = (
                f"{group} of {listed(keys)}",
                "a figure behind it is not published: README.md says what was taken",
            )
            rows.append(_row("young_people", "young_people", "derived", published, "low", part=part, note=said))
    for group in notes:
        status, said, quality = _status(getattr(a.neet_without_programme, group).source)
        rows.append(_row("young_people", "neet", status, said, quality, part=group))
    return rows


def _stays(a: Assumptions) -> Rows:
    """Give who is still counted a year on: one row where all groups say the same, else one each."""
    by_source: dict[str, list[str]] = {}
    for group in GROUPS:
        by_source.setdefault(getattr(a.stays, group).source, []).append(group)
    rows = []
    for source, groups in by_source.items():
        status, said, quality = _status(source)
        part = "" if len(by_source) == 1 else listed(groups)
        rows.append(_row("client_groups", "stays", status, said, quality, part=part))
    return rows
