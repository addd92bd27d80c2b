"""Every rule by its own few lines of arithmetic: the two sides of each row, from the tables and a plan's figures.

The rules, their symbols and their places are those of docs/model.md; nothing is shared with the functions that build
the programme. Each check says by itself in which unit its sides are and how they compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import product
from typing import Literal

import numpy as np
import numpy.typing as npt

from allocator.register import RULES, Place, Rule, distributions
from allocator.register.place import NATIONAL as NATIONAL_SCOPE
from allocator.register.rules import (
    CAP,
    CARRY_FORWARD,
    CEILING,
    CHANNEL,
    DISTRIBUTION,
    ELIGIBLE,
    FLOOR,
    FORMULA_FLOOR,
    GUARANTEE,
    HEADCOUNT,
    HOURS,
    LIMIT,
    LOCAL_MINIMUM,
    MAX_FALL,
    MAX_RISE,
    MONEY,
    NATIONAL,
    QUALIFIED,
    RECRUITMENT,
    TARGET,
    TRAINEES,
    TRAINING_PLACES,
    WORKFORCE,
)
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats, Limit

THOUSAND = 1000.0  # £: inside the programme money is in thousands of pounds
Sense = Literal["<=", ">=", "="]


@dataclass(frozen=True)
class RuleRow:
    """One row of one rule, judged."""

    rule: str
    place: Place
    left: float
    sense: Sense
    right: float
    slack: float  # room left, in unit; negative when broken
    unit: str
    violation: float  # relative to the larger of 1 and the largest single term of the row, its side included
    soft: bool  # whether the scenario lets it fall short


@dataclass(frozen=True, eq=False)
class RuleRows:
    """All rows of one rule: place, two sides and the largest single term of each, as arrays of one length."""

    rule: str
    unit: str
    sense: Sense
    places: tuple[Place, ...]
    left: Floats
    right: Floats
    largest: Floats  # the largest single term in absolute value, the constant side included
    soft: bool = False  # whether the scenario lets it fall short

    @cached_property
    def slack(self) -> Floats:
        """Room left in each row, negative when broken."""
        room = self.right - self.left
        if self.sense == ">=":
            room = -room
        elif self.sense == "=":
            room = -np.abs(room)
        return room + 0.0  # no -0.0

    @cached_property
    def violation(self) -> Floats:
        """How far each row is broken, relative to the larger of 1 and its largest term; 0 where it holds.

        Money is certified in thousands of pounds, so there 1 stands for £1,000.
        """
        one = THOUSAND if self.unit == "£" else 1.0
        broken: Floats = np.maximum(-self.slack, 0.0) / np.maximum(one, self.largest)
        return broken

    @cached_property
    def rows(self) -> tuple[RuleRow, ...]:
        """The rows one by one, in order."""
        columns = (self.left + 0.0, self.right + 0.0, self.slack, self.violation)
        return tuple(
            RuleRow(self.rule, place, left, self.sense, right, slack, self.unit, violation, self.soft)
            for place, left, right, slack, violation in zip(self.places, *(c.tolist() for c in columns), strict=True)
        )


@dataclass(frozen=True, eq=False)
class Judged:
    """What a rule is checked on: the tables, the settings, a plan's figures, and what was worked out of them.

    money: [t] £. indexes: of prices and pay, [t] each. by_use: [p, t] £ each. reduction, largest: [p, t] young people,
    of the years of the data, and the largest single term. set_grants, formula: [p, t] £ where the distribution is in
    need of them.
    """

    d: DataSet
    s: Settings
    f: Figures
    money: Floats
    indexes: tuple[Floats, Floats]
    by_use: dict[str, Floats]
    reduction: Floats
    largest: Floats
    set_grants: Floats | None
    formula: Floats | None

    @cached_property
    def served(self) -> Floats:
        """[p, t, i, g] young people served, all bands together."""
        served: Floats = self.f.places.sum(axis=4)
        return served

    @cached_property
    def most_served(self) -> Floats:
        """[p, t, i, g] young people served in the band that serves most."""
        most: Floats = self.f.places.max(axis=4, initial=0.0)
        return most

    @cached_property
    def fte_before(self) -> Floats:
        """[p, t, a] advisers in post in the year before."""
        return np.concatenate([self.d.workforce[:, None, :], self.f.fte[:, :-1, :]], axis=1)

    @cached_property
    def grant_before(self) -> Floats:
        """[p, t] £ of the year before; the baseline grant before the first."""
        return np.concatenate([self.d.baseline_grant[:, None], self.f.grant[:, :-1]], axis=1)

    @property
    def old(self) -> npt.NDArray[np.bool_]:
        """[p, t] whether it is a partnership that had a grant before the first year; the others are new."""
        return np.broadcast_to(self.d.baseline_grant[:, None] > 0, self.f.grant.shape)

    @property
    def had_one(self) -> npt.NDArray[np.bool_]:
        """[p, t] whether there is a grant of the year before to be held against: not of a new one at first."""
        return self.old | (np.arange(len(self.d.years)) > 0)

    def everywhere(self, *names: Sequence[str]) -> tuple[Place, ...]:
        """Give a place for every partnership and year, and for each of some names."""
        return tuple(
            Place(p, t, detail=tuple(detail)) for p, t, *detail in product(self.d.partnerships, self.d.years, *names)
        )

    @property
    def each_year(self) -> tuple[Place, ...]:
        """Give a place for every year."""
        return tuple(Place(year=t) for t in self.d.years)


Check = Callable[[Judged], RuleRows | tuple[RuleRows, ...] | None]
CHECKS: dict[str, Check] = {}


def check(record: Rule) -> Callable[[Check], Check]:
    """Let a function give the rows of a rule, None where it has none on the tables or without the setting.

    Several families where its rows have different units or compare in different ways.
    """

    def register(function: Check) -> Check:
        CHECKS[record.name] = function
        return function

    return register


def rule_rows(
    d: DataSet,
    s: Settings,
    f: Figures,
    money: Floats,
    indexes: tuple[Floats, Floats],
    by_use: dict[str, Floats],
    reduction: Floats,
    largest: Floats,
    *,
    set_grants: Floats | None,
    formula: Floats | None,
) -> tuple[RuleRows, ...]:
    """Give the rows of every rule in force, in the order of docs/model.md.

    money: [t] £. indexes: of prices and pay, [t] each. by_use: [p, t] £ each. reduction, largest: [p, T + tail] young
    people and the largest single term. set_grants, formula: [p, t] £ where the distribution is in need of them, else
    ValueError.
    """
    if not distributions.of(s).free and set_grants is None:
        raise ValueError(f"the distribution {s.grants.distribution} sets grants: they must be given")
    years = len(d.years)
    x = Judged(d, s, f, money, indexes, by_use, reduction[:, :years], largest[:, :years], set_grants, formula)
    found = []
    for name in RULES:
        rows = CHECKS[name](x) if name not in s.rules.off else None
        families = rows if isinstance(rows, tuple) else (rows,)
        found += [
            replace(family, rule=name, soft=name in s.rules.soft)
            for family in families
            if family is not None and family.places
        ]
    return tuple(found)


def rows_from(
    unit: str,
    places: Iterable[Place],
    sides: tuple[Floats, Sense, Floats],
    *terms: Floats,
    only: npt.NDArray[np.bool_] | None = None,
) -> RuleRows:
    """Give rows from arrays in the order of the places; terms beside the sides; only: which rows there are."""
    left, sense, right = sides
    shape = np.broadcast_shapes(left.shape, right.shape)
    biggest = reduce(np.maximum, (np.abs(np.broadcast_to(term, shape)) for term in terms), np.zeros(shape)).ravel()
    left_flat, right_flat = np.broadcast_to(left, shape).ravel(), np.broadcast_to(right, shape).ravel()
    there = tuple(places)
    if only is not None:
        where = np.flatnonzero(only.ravel())
        there = tuple(there[i] for i in where)
        left_flat, right_flat, biggest = left_flat[where], right_flat[where], biggest[where]
    return RuleRows("", unit, sense, there, left_flat, right_flat, biggest)


# --- people ----------------------------------------------------------------------------------------------------------


@check(ELIGIBLE)
def eligible(x: Judged) -> RuleRows | None:
    """Add up who is served within each exclusive set."""
    d, offered = x.d, np.isfinite(x.d.effect)
    exclusive = [
        (name, [i for i in members if offered[i, g]], g)
        for name, members in d.exclusive_sets
        for g in range(len(d.client_groups))
    ]
    exclusive = [entry for entry in exclusive if entry[1]]
    if not exclusive:
        return None
    left = np.stack([x.served[:, :, members, g].sum(axis=2) for _, members, g in exclusive], axis=2)
    most = np.stack([x.most_served[:, :, members, g].max(axis=2) for _, members, g in exclusive], axis=2)
    right = np.stack([d.young_people[:, :, g] for _, _, g in exclusive], axis=2)
    places = (
        Place(p, t, detail=(name, d.client_groups[g]))
        for p, t in product(d.partnerships, d.years)
        for name, _, g in exclusive
    )
    return rows_from("young people", places, (left, "<=", right), most, right)


@check(CHANNEL)
def channel(x: Judged) -> RuleRows | None:
    """Add up who is served through each channel."""
    d = x.d
    used = [c for c in range(len(d.channels)) if any(d.channel[i] == c for i, _ in d.offers)]
    if not used:
        return None
    through = [d.channel == c for c in used]
    left = np.stack([x.served[:, :, mask].sum(axis=(2, 3)) for mask in through], axis=2)
    most = np.stack([x.most_served[:, :, mask].max(axis=(2, 3)) for mask in through], axis=2)
    right = np.moveaxis(d.capacity[:, used, :], 1, 2)
    limited = np.isfinite(right)
    room = np.where(limited, right, 0.0)
    places = x.everywhere([d.channels[c] for c in used])
    return rows_from("places", places, (left, "<=", room), most, room, only=limited)


# --- advisers --------------------------------------------------------------------------------------------------------


@check(HOURS)
def hours(x: Judged) -> RuleRows:
    """Add up the hours of work of each grade and above, and those of the advisers of it and above."""
    d, f, grades = x.d, x.f, range(len(x.d.grades))
    takes = np.where(np.isfinite(d.effect), d.adviser_hours, 0.0)
    work = f.places * takes[:, :, None]
    at_least = [d.min_grade >= a for a in grades]
    needed = np.stack([work[:, :, mask].sum(axis=(2, 3, 4)) for mask in at_least], axis=2)
    single = np.stack([work[:, :, mask].max(axis=(2, 3, 4), initial=0.0) for mask in at_least], axis=2)
    worked, lost = d.productive_hours * f.fte, d.training_hours * f.training
    there = np.cumsum((worked - lost)[:, :, ::-1], axis=2)[:, :, ::-1]
    most = np.maximum.accumulate(np.maximum(np.abs(worked), np.abs(lost))[:, :, ::-1], axis=2)[:, :, ::-1]
    return rows_from("hours", x.everywhere(d.grades), (needed, "<=", there), single, most)


@check(WORKFORCE)
def workforce(x: Judged) -> RuleRows:
    """Carry each grade on from last year: who stays, moves up, joins and goes."""
    d, f, before = x.d, x.f, x.fte_before
    trained = np.concatenate([np.zeros_like(f.training[:, :1, :]), f.training[:, :-1, :]], axis=1)
    moved_up = np.concatenate([np.zeros_like(trained[:, :, :1]), trained[:, :, :-1]], axis=2)
    stay = 1.0 - d.attrition
    after = stay * (before - trained + moved_up) + f.recruits - f.redundancies
    moves = (f.fte, stay * before, stay * trained, stay * moved_up, f.recruits, f.redundancies)
    return rows_from("FTE", x.everywhere(d.grades), (f.fte, "=", after), *moves)


@check(TRAINEES)
def trainees(x: Judged) -> RuleRows:
    """Hold those who train against those in post, in every grade but the highest."""
    f, grades = x.f, x.d.grades
    below_top = np.broadcast_to(np.arange(len(grades)) < len(grades) - 1, f.fte.shape)
    return rows_from("FTE", x.everywhere(grades), (f.training, "<=", f.fte), f.training, f.fte, only=below_top)


@check(RECRUITMENT)
def recruitment(x: Judged) -> RuleRows | None:
    """Hold those who join against a share of last year's advisers and the start-up posts."""
    f, before, share = x.f, x.fte_before, x.s.workforce.max_recruitment
    if share is None:
        return None
    posts = x.d.start_up_posts[:, None]
    sides = (f.recruits.sum(axis=2), share * before.sum(axis=2) + posts)
    singles = (f.recruits.max(axis=2), share * before.max(axis=2), posts)
    return rows_from("FTE", x.everywhere(), (sides[0], "<=", sides[1]), *singles)


@check(TRAINING_PLACES)
def training_places(x: Judged) -> RuleRows:
    """Add up those who train in the country."""
    training, there = x.f.training, x.d.training_places
    sides: tuple[Floats, Sense, Floats] = (training.sum(axis=(0, 2)), "<=", there)
    return rows_from("persons", x.each_year, sides, training.max(axis=(0, 2)), there)


@check(HEADCOUNT)
def headcount(x: Judged) -> RuleRows:
    """Add up the advisers in post in the country."""
    fte, limit = x.f.fte, x.s.workforce.headcount_scale * x.d.headcount_limit
    return rows_from("FTE", x.each_year, (fte.sum(axis=(0, 2)), "<=", limit), fte.max(axis=(0, 2)), limit)


@check(QUALIFIED)
def qualified(x: Judged) -> RuleRows | None:
    """Hold the advisers who are qualified against a share of all, in the years named."""
    d, s, fte = x.d, x.s, x.f.fte
    named = [t for t, year in enumerate(d.years) if year in s.workforce.qualified_share]
    trained, advisers = _qualified_and_advisers(d, s, fte)
    if not named or trained is None:
        return None
    share_of = np.array([s.workforce.qualified_share[d.years[t]] for t in named])
    places = (Place(p, d.years[t]) for p, t in product(d.partnerships, named))
    return rows_from("FTE", places, (trained[:, named], ">=", share_of * advisers[:, named]), fte[:, named].max(axis=2))


def qualified_share(d: DataSet, s: Settings, fte: Floats) -> float | None:
    """Give the qualified share of advisers, FTE [..., a].

    None where no grade is named as qualified or nobody counts.
    """
    trained, advisers = _qualified_and_advisers(d, s, fte)
    counted = float(advisers.sum())
    return float(trained.sum()) / counted if trained is not None and counted > 0 else None


def _qualified_and_advisers(d: DataSet, s: Settings, fte: Floats) -> tuple[Floats | None, Floats]:
    """Give the FTE [...] of the qualified grade and above (None where none is named), and of all who count as
    advisers.
    """
    lowest = d.grades.index(s.workforce.adviser_grade) if s.workforce.adviser_grade is not None else 0
    advisers = fte[..., lowest:].sum(axis=-1)
    if s.workforce.qualified_grade is None:
        return None, advisers
    return fte[..., d.grades.index(s.workforce.qualified_grade) :].sum(axis=-1), advisers


# --- money -----------------------------------------------------------------------------------------------------------


@check(MONEY)
def money_spent(x: Judged) -> RuleRows:
    """Hold what there is to spend against what is spent, carried on and given back."""
    d, f, by_use = x.d, x.f, x.by_use
    carried_in = np.concatenate([np.zeros_like(f.carry[:, :1]), f.carry[:, :-1]], axis=1)
    spend = sum(by_use.values(), np.zeros_like(f.grant))
    price, pay = (index[:, None] for index in x.indexes)
    salaries = d.salary * d.area_cost_factor[:, None, None] * pay
    singles = (
        by_use["fixed"],
        (f.places * d.unit_cost[:, None, None]).max(axis=(2, 3, 4), initial=0.0) * x.indexes[0],
        (f.fte * salaries).max(axis=2),
        (f.recruits * d.recruitment_cost * price).max(axis=2),
        (f.redundancies * d.redundancy_cost * price).max(axis=2),
        (f.training * d.training_cost * price).max(axis=2),
    )
    sides: tuple[Floats, Sense, Floats] = (f.grant + carried_in, "=", spend + f.carry + f.lapse)
    return rows_from("£", x.everywhere(), sides, f.grant, carried_in, f.carry, f.lapse, *singles)


@check(CARRY_FORWARD)
def carry_forward(x: Judged) -> RuleRows:
    """Hold what is carried on against a share of the grant."""
    limit = x.s.budget.carry_forward_limit * x.f.grant
    return rows_from("£", x.everywhere(), (x.f.carry, "<=", limit), x.f.carry, limit)


@check(NATIONAL)
def national(x: Judged) -> RuleRows:
    """Add up the grants of each year."""
    grant = x.f.grant
    return rows_from("£", x.each_year, (grant.sum(axis=0), "<=", x.money), grant.max(axis=0), x.money)


# --- grants ----------------------------------------------------------------------------------------------------------


def _grants(
    x: Judged, sense: Sense, limit: Floats | None, only: npt.NDArray[np.bool_] | None = None
) -> RuleRows | None:
    """Hold every grant, or some of them, against a limit; nothing where there is none."""
    if limit is None:
        return None
    return rows_from("£", x.everywhere(), (x.f.grant, sense, limit), x.f.grant, limit, only=only)


def _multiple(x: Judged, times: float | None, grants: Floats) -> Floats | None:
    """Give a multiple of some grants, where there is one and grants are free."""
    return None if times is None or not distributions.of(x.s).free else times * grants


@check(FLOOR)
def floor(x: Judged) -> RuleRows | None:
    """Hold every grant against the least of the baseline grant."""
    return _grants(x, ">=", _multiple(x, x.s.grants.floor, x.d.baseline_grant[:, None]), x.old)


@check(CAP)
def cap(x: Judged) -> RuleRows | None:
    """Hold every grant against the most of the baseline grant."""
    return _grants(x, "<=", _multiple(x, x.s.grants.cap, x.d.baseline_grant[:, None]), x.old)


@check(MAX_FALL)
def max_fall(x: Judged) -> RuleRows | None:
    """Hold every grant against what may be lost of last year's."""
    fall = x.s.grants.max_fall
    return _grants(x, ">=", _multiple(x, None if fall is None else 1.0 - fall, x.grant_before), x.had_one)


@check(MAX_RISE)
def max_rise(x: Judged) -> RuleRows | None:
    """Hold every grant against what may be added to last year's."""
    rise = x.s.grants.max_rise
    return _grants(x, "<=", _multiple(x, None if rise is None else 1.0 + rise, x.grant_before), x.had_one)


@check(DISTRIBUTION)
def distribution(x: Judged) -> RuleRows | None:
    """Hold every grant against what the distribution sets."""
    return None if distributions.of(x.s).free else _grants(x, "=", x.set_grants)


@check(FORMULA_FLOOR)
def formula_floor(x: Judged) -> RuleRows | None:
    """Hold every grant of a blend against a share of the formula's."""
    share, years = x.s.grants.formula_share, x.d.years
    if x.formula is None or share is None:
        return None
    of_year = np.array([share.get(year, 0.0) for year in years] if isinstance(share, dict) else [share] * len(years))
    return _grants(x, ">=", of_year * x.formula)


# --- outcomes --------------------------------------------------------------------------------------------------------


@check(GUARANTEE)
def guarantee(x: Judged) -> RuleRows | None:
    """Add up who is served by what is guaranteed."""
    d = x.d
    if not d.guarantees:
        return None
    places, left, right, most = [], [], [], []
    for promise in d.guarantees:
        t, g, members = promise.year, promise.client_group, list(promise.interventions)
        places += [Place(p, d.years[t], detail=(d.client_groups[g], promise.named)) for p in d.partnerships]
        left.append(x.served[:, t, members, g].sum(axis=1))
        most.append(x.most_served[:, t, members, g].max(axis=1, initial=0.0))
        right.append(promise.min_share * d.young_people[:, t, g])
    required = np.concatenate(right)
    sides: tuple[Floats, Sense, Floats] = (np.concatenate(left), ">=", required)
    return rows_from("places", places, sides, np.concatenate(most), required, only=required > 0)


@check(CEILING)
def ceiling(x: Judged) -> RuleRows | None:
    """Hold every reduction against those there are to reach."""
    if x.s.local.max_reduction is None:
        return None
    most = x.s.local.max_reduction * x.d.neet.sum(axis=2)
    return rows_from("young people", x.everywhere(), (x.reduction, "<=", most), x.largest, most)


@check(LOCAL_MINIMUM)
def local_minimum(x: Judged) -> RuleRows | None:
    """Hold the reductions of the last year against a share of those there are."""
    if x.s.local.min_reduction is None:
        return None
    least = x.s.local.min_reduction * x.d.neet.sum(axis=2)[:, -1]
    places = (Place(p, x.d.years[-1]) for p in x.d.partnerships)
    sides: tuple[Floats, Sense, Floats] = (x.reduction[:, -1], ">=", least)
    return rows_from("young people", places, sides, x.largest[:, -1], least, only=least > 0)


@check(TARGET)
def target(x: Judged) -> RuleRows | None:
    """Add up the reductions of each target's scope."""
    d, neet, own = x.d, x.d.neet.sum(axis=2), x.s.targets.national
    asked = [
        (aim.scope, aim.name, aim.year, list(aim.partnerships), aim.max_neet, aim.reduction_share)
        for aim in d.targets
        if aim.scope != NATIONAL_SCOPE or d.years[aim.year] not in own
    ]
    everybody = list(range(len(d.partnerships)))
    asked += [(NATIONAL_SCOPE, "", d.years.index(year), everybody, None, share) for year, share in own.items()]
    if not asked:
        return None
    places, left, right, most = [], [], [], []
    for scope, name, t, members, most_neet, fall in sorted(asked, key=lambda row: row[:3]):
        total = float(neet[members, t].sum())
        places.append(Place.of_scope(scope, name, d.years[t]))
        left.append(x.reduction[members, t].sum())
        most.append(x.largest[members, t].max(initial=0.0))
        right.append(total - most_neet if most_neet is not None else (fall or 0.0) * total)
    required = np.array(right)
    sides: tuple[Floats, Sense, Floats] = (np.array(left), ">=", required)
    return rows_from("young people", places, sides, np.array(most), required, only=required > 0)


# --- the planner's own -----------------------------------------------------------------------------------------------


@check(LIMIT)
def limit(x: Judged) -> tuple[RuleRows, ...]:
    """Add up what each limit is on, in its scope and years, and hold it against its multiple of what it is for."""
    d, free = x.d, distributions.of(x.s).free
    found: dict[tuple[str, Sense], list[tuple[Place, float, float, float]]] = {}
    for own in d.limits:
        unit, amount, single, base = _limited(x, own)
        if base is not None and not free:
            continue
        for where, when in product(own.members, own.periods):
            at = np.ix_(where, when)
            whole = 1.0 if base is None or own.of == "grant" else _whole(own, base[at])
            if own.of == "to_last_year" and when == (0,) and not d.baseline_grant[list(where)].any():
                continue
            if own.of in ("to_baseline", "to_shares_as_before", "per_young_person") and not whole:
                continue
            sides: list[tuple[str, Sense, float | None]] = [("least", ">=", own.least), ("most", "<=", own.most)]
            if own.least == own.most:
                sides = [("exact", "=", own.least)]
            scope, name = ("partnership", d.partnerships[where[0]]) if own.each else (own.scope, own.name)
            year = "" if own.year == "total" else d.years[when[0]]
            for side, sense, level in sides:
                if level is None:
                    continue
                place = Place.of_scope(scope, name, year, (own.limit, own.of, side))
                right = level * whole
                largest = max(float(single[at].max(initial=0.0)), abs(right))
                found.setdefault((unit, sense), []).append((place, float(amount[at].sum()), right, largest))
    return tuple(
        RuleRows("", unit, sense, places, np.array(left), np.array(right), np.array(largest))
        for (unit, sense), rows in found.items()
        for places, left, right, largest in [tuple(zip(*rows, strict=True))]
    )


def _limited(x: Judged, own: Limit) -> tuple[str, Floats, Floats, Floats | None]:
    """Give what a limit is on: its unit; [p, t] amounts and the largest term of each; of grants what it is a multiple
    of.
    """
    d, f = x.d, x.f
    every = slice(None)
    i = every if own.intervention is None else [own.intervention]
    g = every if own.client_group is None else [own.client_group]
    if own.of in ("places", "place_spending"):
        each = f.places[:, :, i][:, :, :, g]
        if own.of == "place_spending":
            each = each * d.unit_cost[i][:, None, None] * x.indexes[0][:, None, None, None]
        unit = "places" if own.of == "places" else "£"
        return unit, each.sum(axis=(2, 3, 4)), each.max(axis=(2, 3, 4), initial=0.0), None
    staff = {"advisers": f.fte, "recruits": f.recruits, "redundancies": f.redundancies}.get(own.of)
    if staff is not None:
        return "FTE", staff.sum(axis=2), staff.max(axis=2), None
    base = {
        "grant": np.ones_like(f.grant),
        "share_of_money": np.broadcast_to(x.money, f.grant.shape),
        "to_baseline": np.broadcast_to(d.baseline_grant[:, None], f.grant.shape),
        "to_last_year": x.grant_before,
        "to_shares_as_before": _as_before(d) * x.money,
        "per_young_person": d.young_people[:, :, g].sum(axis=2),
    }[own.of]
    return "£", f.grant, f.grant, base


def _whole(own: Limit, base: Floats) -> float:
    """Give what a limit is a multiple of, added up: the money of a year counts once, for however many partnerships."""
    return float(base[0].sum() if own.of == "share_of_money" else base.sum())


def _as_before(d: DataSet) -> Floats:
    """Give shares as before, [p, t]: of baseline or entry grants, where nobody has one of young people."""
    basis = np.where(d.baseline_grant > 0, d.baseline_grant, d.entry_grant)[:, None]
    of = np.broadcast_to(basis, d.young_people.shape[:2]) if basis.any() else d.young_people.sum(axis=2)
    shares: Floats = of / of.sum(axis=0)
    return shares
