"""Turns checked rows into the DataSet: canonical order, arrays by position. Everything here is trusted."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from allocator.register.quantities import EVERY, TOTAL
from allocator.tables.checking.presence import joined
from allocator.tables.columns import TABLES
from allocator.tables.dataset import DataSet, Floats, Guarantee, Integers, Limit, Target
from allocator.tables.reading.typed import TypedTables

Rows = tuple[Mapping[str, Any], ...]


def build(tables: TypedTables, source: str) -> DataSet:
    """Give the data set of tables without a fault, whatever the order of their rows. source: where they were read."""
    return build_rows(canonical(tables), source)


def build_rows(rows: Mapping[str, Rows], source: str) -> DataSet:
    """Give the data set of rows in canonical order, as DataSet.tables holds them; they are trusted."""
    partnerships, grades, years = rows["partnerships"], rows["grades"], rows["years"]
    interventions = rows["interventions"]
    p = _index(row["partnership"] for row in partnerships)
    t = _index(row["year"] for row in years)
    i = _index(row["intervention"] for row in interventions)
    g = _index(sorted({row["client_group"] for row in rows["young_people"]}))
    a = _index(row["grade"] for row in grades)
    c = _index(sorted({row["channel"] for row in interventions}))
    offers = tuple((i[row["intervention"]], g[row["client_group"]]) for row in rows["effects"])
    offered = set(offers)
    by_offer = [(i, "intervention"), (g, "client_group")]
    people = [(p, "partnership"), (t, "year"), (g, "client_group")]
    groups = {row["client_group"]: row for row in rows.get("client_groups", ())}
    capacities = [row for row in rows.get("capacities", ()) if row["channel"] in c]
    width, relative_effect, bands = _bands(rows.get("returns", ()), i)
    return DataSet(
        source=source,
        partnerships=tuple(p),
        years=tuple(t),
        interventions=tuple(i),
        client_groups=tuple(g),
        grades=tuple(a),
        channels=tuple(c),
        partnership_names=_column(partnerships, "name"),
        regions=_column(partnerships, "region"),
        baseline_grant=_floats(partnerships, "baseline_grant"),
        entry_grant=_floats(partnerships, "entry_grant"),
        start_up_posts=_floats(partnerships, "start_up_posts"),
        fixed_cost=_floats(partnerships, "fixed_cost"),
        area_cost_factor=_floats(partnerships, "area_cost_factor"),
        effect_multiplier=_floats(partnerships, "effect_multiplier"),
        effect_multiplier_se=_floats(partnerships, "effect_multiplier_se"),
        map_column=_column(partnerships, "map_column"),
        map_row=_column(partnerships, "map_row"),
        budget=_floats(years, "budget"),
        headcount_limit=_floats(years, "headcount_limit"),
        training_places=_floats(years, "training_places"),
        price_index=_floats(years, "price_index"),
        pay_index=_floats(years, "pay_index"),  # None becomes nan
        young_people=_grid(rows["young_people"], "young_people", people, math.nan),
        neet=_grid(rows["young_people"], "neet", people, math.nan),
        neet_se=_grid(rows["young_people"], "neet_se", people, math.nan),
        client_group_names=tuple(groups[name]["name"] if name in groups else name for name in g),
        stays=_frozen(np.array([groups[name]["stays"] if name in groups else 1.0 for name in g])),
        intervention_names=_column(interventions, "name"),
        unit_cost=_floats(interventions, "unit_cost"),
        unit_cost_se=_floats(interventions, "unit_cost_se"),
        min_grade=_integers([a[row["min_grade"]] for row in interventions]),
        channel=_integers([c[row["channel"]] for row in interventions]),
        exclusive_sets=_exclusive_sets(interventions, i),
        persistence=_floats(interventions, "persistence"),
        persistence_se=_floats(interventions, "persistence_se"),
        lag=_integers([row["lag"] for row in interventions]),
        displacement=_floats(interventions, "displacement"),
        offers=offers,
        effect=_grid(rows["effects"], "effect", by_offer, math.nan),
        standard_error=_grid(rows["effects"], "standard_error", by_offer, math.nan),
        adviser_hours=_grid(rows["effects"], "adviser_hours", by_offer, math.nan),
        max_uptake=_grid(rows["effects"], "max_uptake", by_offer, math.nan),
        bands=bands,
        width=width,
        relative_effect=relative_effect,
        grade_names=_column(grades, "name"),
        salary=_floats(grades, "salary"),
        productive_hours=_floats(grades, "productive_hours"),
        attrition=_floats(grades, "attrition"),
        recruitment_cost=_floats(grades, "recruitment_cost"),
        redundancy_cost=_floats(grades, "redundancy_cost"),
        training_cost=_training(grades, "training_cost"),
        training_hours=_training(grades, "training_hours"),
        recruitable=_frozen(np.array([row["recruitable"] for row in grades], dtype=np.bool_)),
        workforce=_grid(rows["workforce"], "fte", [(p, "partnership"), (a, "grade")], math.nan),
        capacity=_grid(capacities, "places", [(p, "partnership"), (c, "channel"), (t, "year")], math.inf),
        guarantees=tuple(
            Guarantee(
                year=t[row["year"]],
                client_group=g[row["client_group"]],
                interventions=_counting(row, i, g, offered),
                min_share=row["min_share"],
                named=row["interventions"],
            )
            for row in rows.get("guarantees", ())
        ),
        targets=tuple(
            Target(
                scope=row["scope"],
                name=row["name"] or "",
                year=t[row["year"]],
                max_neet=row["max_neet"],
                reduction_share=row["reduction_share"],
                partnerships=_in_scope(row, partnerships),
            )
            for row in rows.get("targets", ())
        ),
        limits=tuple(
            Limit(
                limit=row["limit"],
                scope=row["scope"],
                name=row["name"] or "",
                each=row["each"],
                year=row["year"],
                periods=_periods(row["year"], t),
                of=row["of"],
                intervention=None if row["intervention"] is None else i[row["intervention"]],
                client_group=None if row["client_group"] is None else g[row["client_group"]],
                least=row["least"],
                most=row["most"],
                partnerships=_in_scope(row, partnerships),
            )
            for row in rows.get("limits", ())
        ),
        tables=rows,
    )


def canonical(tables: TypedTables) -> dict[str, Rows]:
    """Give every table that is there, its rows sorted by key: years as listed, grades by rank, all else by name."""
    year_at = {year: position for position, year in enumerate(tables["years"].columns["year"])}
    grade_rows = tables["grades"].columns
    rank_of = dict(zip(grade_rows["grade"], grade_rows["rank"], strict=True))
    ordered: dict[str, Rows] = {}
    for name in tables.there:
        columns = tables[name].columns
        titles = TABLES[name].column_names
        keys: list[Sequence[Any]] = []
        for key in TABLES[name].keys:
            values = columns[key]
            if key == "year":
                keys.append([year_at[value] for value in values])
            elif key == "grade":
                keys.append([rank_of[value] for value in values])
            else:
                keys.append(["" if value is None else value for value in values])
        cells = list(zip(*(columns[title] for title in titles), strict=True))
        order = sorted(range(len(cells)), key=list(zip(*keys, strict=True)).__getitem__)
        ordered[name] = tuple(dict(zip(titles, cells[position], strict=True)) for position in order)
    return ordered


def _index(names: Any) -> dict[str, int]:
    return {name: position for position, name in enumerate(names)}


def _frozen[Array: np.ndarray[Any, Any]](array: Array) -> Array:
    array.setflags(write=False)
    return array


def _floats(rows: Rows, column: str) -> Floats:
    return _frozen(np.array([row[column] for row in rows], dtype=np.float64))


def _training(rows: Rows, column: str) -> Floats:
    """Give costs or hours of training, 0 for the top grade, whose advisers train no further."""
    return _frozen(np.array([row[column] for row in rows[:-1]] + [0.0], dtype=np.float64))


def _integers(values: list[int]) -> Integers:
    return _frozen(np.array(values, dtype=np.int64))


def _column(rows: Rows, column: str) -> tuple[Any, ...]:
    return tuple(row[column] for row in rows)


def _grid(
    rows: Sequence[Mapping[str, Any]], column: str, axes: Sequence[tuple[Mapping[str, int], str]], absent: float
) -> Floats:
    """Give an array over the axes, each an index of names and the column they stand in; absent where no row is."""
    grid = np.full([len(index) for index, _ in axes], absent)
    if rows:
        places = tuple(np.array([index[row[key]] for row in rows]) for index, key in axes)
        grid[places] = [row[column] for row in rows]
    return _frozen(grid)


def _bands(rows: Rows, i: Mapping[str, int]) -> tuple[Floats, Floats, Integers]:
    """Give width and relative effect by intervention and band, and how many bands each has; one whole band without
    rows.
    """
    of_each: dict[int, list[Mapping[str, Any]]] = {position: [] for position in i.values()}
    for row in rows:
        of_each[i[row["intervention"]]].append(row)
    most = max((len(bands) for bands in of_each.values()), default=1) or 1
    width = np.zeros((len(i), most))
    relative_effect = np.zeros((len(i), most))
    for position, bands in of_each.items():
        width[position, : max(len(bands), 1)] = [row["width"] for row in bands] or 1.0
        relative_effect[position, : max(len(bands), 1)] = [row["relative_effect"] for row in bands] or 1.0
    counts = [max(len(bands), 1) for bands in of_each.values()]
    return _frozen(width), _frozen(relative_effect), _integers(counts)


def _exclusive_sets(rows: Rows, i: Mapping[str, int]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    sets: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row["exclusive_set"] is not None:
            sets[row["exclusive_set"]].append(i[row["intervention"]])
    return tuple((name, tuple(sets[name])) for name in sorted(sets))


def _counting(
    row: Mapping[str, Any], i: Mapping[str, int], g: Mapping[str, int], offered: set[tuple[int, int]]
) -> tuple[int, ...]:
    """Give the interventions that a guarantee names and that are offered to its group, each once."""
    group = g[row["client_group"]]
    named = {i[name] for name in joined(row["interventions"])}
    return tuple(sorted(position for position in named if (position, group) in offered))


def _periods(year: str, t: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    """Give the years that a limit adds up, one row each."""
    if year == TOTAL:
        return (tuple(t.values()),)
    return tuple((position,) for position in t.values()) if year == EVERY else ((t[year],),)


def _in_scope(row: Mapping[str, Any], partnerships: Rows) -> tuple[int, ...]:
    scope, name = row["scope"], row["name"]
    return tuple(
        position
        for position, partnership in enumerate(partnerships)
        if scope == "national" or partnership[scope] == name
    )
