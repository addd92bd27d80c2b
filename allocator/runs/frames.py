"""The tables that a plan is read in: tidy, one fact a row, every column with its unit and meaning.

The notebook's frames, a run folder's plan/*.csv and what verify expects to find there are all made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocator.recompute.figures import Recomputed
from allocator.runs.grant_change import year_grants
from allocator.runs.rounding import grant_limits, whole_pounds
from allocator.solving.solution import Figures, RowPrice
from allocator.tables.dataset import DataSet, Floats

Table = dict[str, list[Any]]  # column to values, all of one length; None is a blank cell


@dataclass(frozen=True)
class PlanColumn:
    """A column of one of a plan's tables."""

    name: str
    unit: str  # blank where it holds names
    meaning: str


_PARTNERSHIP = PlanColumn("partnership", "", "key of the partnership")
_YEAR = PlanColumn("year", "", "financial year")
_GRADE = PlanColumn("grade", "", "adviser grade")

COLUMNS: Mapping[str, tuple[PlanColumn, ...]] = {
    "grants": (
        _PARTNERSHIP,
        PlanColumn("name", "", "name of the partnership"),
        PlanColumn("region", "", "its region"),
        _YEAR,
        PlanColumn("grant", "£ cash", "grant paid, as certified"),
        PlanColumn(
            "grant_rounded", "£ cash", "grant in whole pounds: never more than the year's money, no limit passed"
        ),
        PlanColumn("last_year", "£ cash", "grant of the year before; of the first year baseline_grant"),
        PlanColumn("on_last_year", "share of last_year", "change on last year, in cash; blank where that was nothing"),
        PlanColumn(
            "real_on_last_year",
            "share of last_year",
            "change on last year in real terms, by price_index; blank in the first year, and where on_last_year is",
        ),
        PlanColumn("shares_as_before", "£ cash", "the same year's money by share of baseline_grant"),
        PlanColumn(
            "on_shares_as_before", "share of shares_as_before", "change on shares as before; blank where those are 0"
        ),
    ),
    "advisers": (
        _PARTNERSHIP,
        _YEAR,
        _GRADE,
        PlanColumn("fte", "FTE", "advisers in post, average over the year"),
        PlanColumn("recruits", "FTE", "joiners"),
        PlanColumn("redundancies", "FTE", "paid-for leavers"),
        PlanColumn("training", "FTE", "who train this year and stand one grade higher from the next"),
        PlanColumn("turnover", "FTE", "who leave by themselves"),
    ),
    "places": (
        _PARTNERSHIP,
        _YEAR,
        PlanColumn("intervention", "", "intervention"),
        PlanColumn("client_group", "", "client group"),
        PlanColumn("band", "number", "returns band, 1 the first"),
        PlanColumn("places", "young people", "young people served; only what is above 0"),
    ),
    "reductions": (
        _PARTNERSHIP,
        _YEAR,
        PlanColumn("neet_without", "young people", "NEET at the end of the year without the programme"),
        PlanColumn(
            "reduction", "young people", "fewer NEET, of the ages counted, at the end of the year, of all places so far"
        ),
        PlanColumn("share", "share of neet_without", "reduction over neet_without; blank where that is 0"),
        PlanColumn(
            "lasting", "young people", "not NEET at the end of the year for having been helped, whatever their age"
        ),
    ),
    "money": (
        _PARTNERSHIP,
        _YEAR,
        PlanColumn("grant", "£ cash", "grant paid"),
        PlanColumn("carried_in", "£ cash", "unspent grant of the year before"),
        PlanColumn("spent", "£ cash", "all uses together"),
        PlanColumn("carried", "£ cash", "unspent and carried into the next year"),
        PlanColumn("lapsed", "£ cash", "unspent and given back"),
        PlanColumn("fixed", "£ cash", "spent on fixed cost"),
        PlanColumn("places", "£ cash", "spent on places, without adviser time"),
        PlanColumn("salaries", "£ cash", "spent on advisers in post"),
        PlanColumn("recruitment", "£ cash", "spent on joiners"),
        PlanColumn("redundancy", "£ cash", "spent on redundancies"),
        PlanColumn("training", "£ cash", "spent on training"),
    ),
    "rules": (
        PlanColumn("rule", "", "rule, as in docs/model.md"),
        PlanColumn("partnership", "", "partnership; blank where the row is of several"),
        _YEAR,
        PlanColumn("detail", "", "what else names the row: grade, channel, group, scope of a target …"),
        PlanColumn("left", "unit", "left side of the rule"),
        PlanColumn("sense", "", "<=, >= or ="),
        PlanColumn("right", "unit", "right side of the rule"),
        PlanColumn("slack", "unit", "room left; negative where a soft rule falls short"),
        PlanColumn(
            "price",
            "goal.unit of summary.json a unit",
            "change of the goal with one more unit of the row's constant side, in one of the sets of prices that prove "
            "the plan; a limit of a decision as tight as the row may take it, so that 0 does not say the rule is worth "
            "nothing: allocator explain solves either side of it; blank: none",
        ),
        PlanColumn("unit", "", "unit of both sides"),
    ),
}


def tables_of(d: DataSet, figures: Figures, worked: Recomputed, prices: Sequence[RowPrice]) -> dict[str, Table]:
    """Give every table of a plan for the whole horizon, in the order of COLUMNS."""
    return {
        "grants": _grants(d, figures, worked),
        "advisers": _advisers(d, figures, worked.turnover),
        "places": _places(d, figures),
        "reductions": _reductions(d, worked),
        "money": _money(d, figures, worked),
        "rules": _rules(worked, prices),
    }


def _each(names: Sequence[str], before: int, after: int) -> list[str]:
    """Give each name as often as the axes after it ask, the whole as often as those before it ask."""
    return [name for name in names for _ in range(after)] * before


def _flat(numbers: Floats) -> list[float]:
    return (numbers + 0.0).ravel().tolist()  # + 0.0: no -0.0


def _share(part: Floats, whole: Floats) -> list[float | None]:
    return [p / w if w > 0 else None for p, w in zip(_flat(part), _flat(whole), strict=True)]


def _grants(d: DataSet, figures: Figures, worked: Recomputed) -> Table:
    p, t = len(d.partnerships), len(d.years)
    both = [year for years in year_grants(d, figures.grant, worked.money, worked.price_index) for year in years]
    rounded = whole_pounds(figures.grant, worked.money, grant_limits(d, figures.grant, worked.rules))
    return {
        "partnership": _each(d.partnerships, 1, t),
        "name": _each(d.partnership_names, 1, t),
        "region": _each(d.regions, 1, t),
        "year": _each(d.years, p, 1),
        "grant": _flat(figures.grant),
        "grant_rounded": rounded.ravel().tolist(),
        "last_year": [year.last_year for year in both],
        "on_last_year": [year.relative_on_last_year for year in both],
        "real_on_last_year": [year.real_on_last_year for year in both],
        "shares_as_before": [year.shares_as_before for year in both],
        "on_shares_as_before": [year.relative_change for year in both],
    }


def _advisers(d: DataSet, figures: Figures, turnover: Floats) -> Table:
    p, t, a = figures.fte.shape
    return {
        "partnership": _each(d.partnerships, 1, t * a),
        "year": _each(d.years, p, a),
        "grade": _each(d.grades, p * t, 1),
        "fte": _flat(figures.fte),
        "recruits": _flat(figures.recruits),
        "redundancies": _flat(figures.redundancies),
        "training": _flat(figures.training),
        "turnover": _flat(turnover),
    }


def _places(d: DataSet, figures: Figures) -> Table:
    used = np.nonzero(figures.places)
    p, t, i, g, b = (axis.tolist() for axis in used)
    return {
        "partnership": [d.partnerships[n] for n in p],
        "year": [d.years[n] for n in t],
        "intervention": [d.interventions[n] for n in i],
        "client_group": [d.client_groups[n] for n in g],
        "band": [n + 1 for n in b],
        "places": figures.places[used].tolist(),
    }


def _reductions(d: DataSet, worked: Recomputed) -> Table:
    p, t = len(d.partnerships), len(d.years)
    neet, reached = d.neet.sum(axis=2), worked.reduction[:, :t]
    return {
        "partnership": _each(d.partnerships, 1, t),
        "year": _each(d.years, p, 1),
        "neet_without": _flat(neet),
        "reduction": _flat(reached),
        "share": _share(reached, neet),
        "lasting": _flat(worked.lasting[:, :t]),
    }


def _money(d: DataSet, figures: Figures, worked: Recomputed) -> Table:
    p, t = len(d.partnerships), len(d.years)
    return {
        "partnership": _each(d.partnerships, 1, t),
        "year": _each(d.years, p, 1),
        "grant": _flat(figures.grant),
        "carried_in": _flat(np.concatenate([np.zeros((p, 1)), figures.carry[:, :-1]], axis=1)),
        "spent": _flat(worked.spend),
        "carried": _flat(figures.carry),
        "lapsed": _flat(figures.lapse),
        **{use: _flat(amount) for use, amount in worked.spend_by_use.items()},
    }


def _rules(worked: Recomputed, prices: Sequence[RowPrice]) -> Table:
    table: Table = {column.name: [] for column in COLUMNS["rules"]}
    # planned year by year, a row's price is that of the plan that was carried out in its year
    price_of = {
        (price.rule, price.key): price.price
        for price in prices
        if not price.year_planned or price.year_planned in price.key
    }
    for family in worked.rules:
        named = [(family.rule, place.words) for place in family.places]
        count = len(family.places)
        table["rule"] += [family.rule] * count
        table["partnership"] += [place.partnership for place in family.places]
        table["year"] += [place.year for place in family.places]
        table["detail"] += [place.rest for place in family.places]
        table["left"] += _flat(family.left)
        table["sense"] += [family.sense] * count
        table["right"] += _flat(family.right)
        table["slack"] += _flat(family.slack)
        pounds = 1000.0 if family.unit == "£" else 1.0  # inside the programme money is in thousands of pounds
        table["price"] += [None if price is None else price / pounds + 0.0 for price in map(price_of.get, named)]
        table["unit"] += [family.unit] * count
    return table
