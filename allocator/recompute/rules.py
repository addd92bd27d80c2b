"""Every rule by its own few lines of arithmetic: the two sides of each row, from the tables and a plan's figures.

The rules, their order, their symbols and their keys are those of docs/model.md; nothing is shared with the
functions that build the programme.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from allocator.scenario.settings import Settings
    from allocator.solving.solution import Figures
    from allocator.tables.dataset import DataSet, Floats

THOUSAND = 1000.0  # £: inside the programme money is in thousands of pounds
Key = tuple[str, ...]
Sense = Literal["<=", ">=", "="]


@dataclass(frozen=True)
class RuleRow:
    """One row of one rule, judged."""

    rule: str
    key: Key  # names of partnership, year …
    left: float
    sense: Sense
    right: float
    slack: float  # room left, in unit; negative when broken
    unit: str
    violation: float  # relative to the larger of 1 and the largest single term of the row, its side included
    soft: bool  # whether the scenario lets it fall short


@dataclass(frozen=True, eq=False)
class RuleRows:
    """All rows of one rule: key, two sides and the largest single term of each, as arrays of one length."""

    rule: str
    unit: str
    sense: Sense
    keys: tuple[Key, ...]
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
            RuleRow(self.rule, key, left, self.sense, right, slack, self.unit, violation, self.soft)
            for key, left, right, slack, violation in zip(self.keys, *(c.tolist() for c in columns), strict=True)
        )


def rule_rows(
    d: DataSet,
    s: Settings,
    f: Figures,
    money: Floats,
    by_use: dict[str, Floats],
    reduction: Floats,
    largest: Floats,
    *,
    set_grants: Floats | None,
    formula: Floats | None,
) -> tuple[RuleRows, ...]:
    """The rows of every rule in force, in the order of docs/model.md.

    money: [t] £. by_use: [p, t] £ each. reduction, largest: [p, T + tail] young people and the largest single
    term. set_grants, formula: [p, t] £ where the distribution is in need of them, else ValueError.
    """
    families = [
        *_people(d, f),
        *_advisers(d, s, f),
        *_money(d, s, f, money, by_use),
        *_grants(d, s, f, set_grants, formula),
        *_outcomes(d, s, f, reduction[:, : len(d.years)], largest[:, : len(d.years)]),
    ]
    in_force = [family for family in families if family.rule not in s.rules.off and len(family.keys)]
    return tuple(replace(family, soft=family.rule in s.rules.soft) for family in in_force)


def _rows(
    rule: str,
    unit: str,
    keys: Sequence[Key],
    sides: tuple[Floats, Sense, Floats],
    *terms: Floats,
    only: npt.NDArray[np.bool_] | None = None,
) -> RuleRows:
    """Rows from arrays whose entries stand in the order of keys; terms beside the sides; only: which rows there are."""
    left, sense, right = sides
    shape = np.broadcast_shapes(left.shape, right.shape)
    biggest = reduce(np.maximum, (np.abs(np.broadcast_to(term, shape)) for term in terms), np.zeros(shape)).ravel()
    left_flat, right_flat = np.broadcast_to(left, shape).ravel(), np.broadcast_to(right, shape).ravel()
    names = tuple(keys)
    if only is not None:
        where = np.flatnonzero(only.ravel())
        names = tuple(names[i] for i in where)
        left_flat, right_flat, biggest = left_flat[where], right_flat[where], biggest[where]
    return RuleRows(rule, unit, sense, names, left_flat, right_flat, biggest)


def _keys(*names: Sequence[str]) -> tuple[Key, ...]:
    return tuple(product(*names))


def _people(d: DataSet, f: Figures) -> list[RuleRows]:
    """Eligible and channel."""
    served, single = f.places.sum(axis=4), f.places.max(axis=4, initial=0.0)  # [p, t, i, g]
    offered = np.isfinite(d.effect)
    families = []
    exclusive = [
        (name, [i for i in members if offered[i, g]], g)
        for name, members in d.exclusive_sets
        for g in range(len(d.client_groups))
    ]
    exclusive = [entry for entry in exclusive if entry[1]]
    if exclusive:
        left = np.stack([served[:, :, members, g].sum(axis=2) for _, members, g in exclusive], axis=2)
        most = np.stack([single[:, :, members, g].max(axis=2) for _, members, g in exclusive], axis=2)
        right = np.stack([d.young_people[:, :, g] for _, _, g in exclusive], axis=2)
        keys = [
            (p, t, name, d.client_groups[g]) for p, t in product(d.partnerships, d.years) for name, _, g in exclusive
        ]
        families.append(_rows("eligible", "young people", keys, (left, "<=", right), most, right))

    used = [c for c in range(len(d.channels)) if any(d.channel[i] == c for i, _ in d.offers)]
    if used:
        through = [d.channel == c for c in used]
        left = np.stack([served[:, :, mask].sum(axis=(2, 3)) for mask in through], axis=2)
        most = np.stack([single[:, :, mask].max(axis=(2, 3)) for mask in through], axis=2)
        right = np.moveaxis(d.capacity[:, used, :], 1, 2)
        limited = np.isfinite(right)
        room = np.where(limited, right, 0.0)
        names = _keys(d.partnerships, d.years, [d.channels[c] for c in used])
        families.append(_rows("channel", "places", names, (left, "<=", room), most, room, only=limited))
    return families


def _advisers(d: DataSet, s: Settings, f: Figures) -> list[RuleRows]:
    """Hours, workforce, trainees, recruitment, training_places, headcount, qualified."""
    grades = range(len(d.grades))
    pta, pt = _keys(d.partnerships, d.years, d.grades), _keys(d.partnerships, d.years)
    before = np.concatenate([d.workforce[:, None, :], f.fte[:, :-1, :]], axis=1)

    hours = np.where(np.isfinite(d.effect), d.adviser_hours, 0.0)
    work = f.places * hours[:, :, None]
    at_least = [d.min_grade >= a for a in grades]
    needed = np.stack([work[:, :, mask].sum(axis=(2, 3, 4)) for mask in at_least], axis=2)
    single = np.stack([work[:, :, mask].max(axis=(2, 3, 4), initial=0.0) for mask in at_least], axis=2)
    worked, lost = d.productive_hours * f.fte, d.training_hours * f.training
    there = np.cumsum((worked - lost)[:, :, ::-1], axis=2)[:, :, ::-1]
    most = np.maximum.accumulate(np.maximum(np.abs(worked), np.abs(lost))[:, :, ::-1], axis=2)[:, :, ::-1]

    trained = np.concatenate([np.zeros_like(f.training[:, :1, :]), f.training[:, :-1, :]], axis=1)
    moved_up = np.concatenate([np.zeros_like(trained[:, :, :1]), trained[:, :, :-1]], axis=2)
    stay = 1.0 - d.attrition
    after = stay * (before - trained + moved_up) + f.recruits - f.redundancies
    moves = (f.fte, stay * before, stay * trained, stay * moved_up, f.recruits, f.redundancies)

    below_top = np.broadcast_to(np.array(grades) < len(d.grades) - 1, f.fte.shape)
    families = [
        _rows("hours", "hours", pta, (needed, "<=", there), single, most),
        _rows("workforce", "FTE", pta, (f.fte, "=", after), *moves),
        _rows("trainees", "FTE", pta, (f.training, "<=", f.fte), f.training, f.fte, only=below_top),
    ]
    if s.workforce.max_recruitment is not None:
        share = s.workforce.max_recruitment
        sides = (f.recruits.sum(axis=2), share * before.sum(axis=2))
        singles = (f.recruits.max(axis=2), share * before.max(axis=2))
        families.append(_rows("recruitment", "FTE", pt, (sides[0], "<=", sides[1]), *singles))
    years = _keys(d.years)
    limit = s.workforce.headcount_scale * d.headcount_limit
    families += [
        _rows(
            "training_places",
            "persons",
            years,
            (f.training.sum(axis=(0, 2)), "<=", d.training_places),
            f.training.max(axis=(0, 2)),
            d.training_places,
        ),
        _rows("headcount", "FTE", years, (f.fte.sum(axis=(0, 2)), "<=", limit), f.fte.max(axis=(0, 2)), limit),
    ]
    named = [t for t, year in enumerate(d.years) if year in s.workforce.qualified_share]
    qualified, advisers = _qualified_and_advisers(d, s, f.fte)
    if named and qualified is not None:
        share_of = np.array([s.workforce.qualified_share[d.years[t]] for t in named])
        sides = (qualified[:, named], share_of * advisers[:, named])
        names = _keys(d.partnerships, [d.years[t] for t in named])
        families.append(_rows("qualified", "FTE", names, (sides[0], ">=", sides[1]), f.fte[:, named].max(axis=2)))
    return families


def qualified_share(d: DataSet, s: Settings, fte: Floats) -> float | None:
    """The qualified share of advisers, FTE [..., a]; None where no grade is named as qualified or nobody counts."""
    qualified, advisers = _qualified_and_advisers(d, s, fte)
    counted = float(advisers.sum())
    return float(qualified.sum()) / counted if qualified is not None and counted > 0 else None


def _qualified_and_advisers(d: DataSet, s: Settings, fte: Floats) -> tuple[Floats | None, Floats]:
    """[...] FTE of the qualified grade and above (None where none is named), and of all who count as advisers."""
    lowest = d.grades.index(s.workforce.adviser_grade) if s.workforce.adviser_grade is not None else 0
    advisers = fte[..., lowest:].sum(axis=-1)
    if s.workforce.qualified_grade is None:
        return None, advisers
    return fte[..., d.grades.index(s.workforce.qualified_grade) :].sum(axis=-1), advisers


def _money(d: DataSet, s: Settings, f: Figures, money: Floats, by_use: dict[str, Floats]) -> list[RuleRows]:
    """Money, carry_forward, national."""
    pt = _keys(d.partnerships, d.years)
    carried_in = np.concatenate([np.zeros_like(f.carry[:, :1]), f.carry[:, :-1]], axis=1)
    spend = sum(by_use.values(), np.zeros_like(f.grant))
    price = d.price_index[:, None]
    salaries = d.salary * d.area_cost_factor[:, None, None] * price
    singles = (
        by_use["fixed"],
        (f.places * d.unit_cost[:, None, None]).max(axis=(2, 3, 4), initial=0.0) * d.price_index,
        (f.fte * salaries).max(axis=2),
        (f.recruits * d.recruitment_cost * price).max(axis=2),
        (f.redundancies * d.redundancy_cost * price).max(axis=2),
        (f.training * d.training_cost * price).max(axis=2),
    )
    limit = s.budget.carry_forward_limit * f.grant
    return [
        _rows(
            "money",
            "£",
            pt,
            (f.grant + carried_in, "=", spend + f.carry + f.lapse),
            f.grant,
            carried_in,
            f.carry,
            f.lapse,
            *singles,
        ),
        _rows("carry_forward", "£", pt, (f.carry, "<=", limit), f.carry, limit),
        _rows("national", "£", _keys(d.years), (f.grant.sum(axis=0), "<=", money), f.grant.max(axis=0), money),
    ]


def _grants(d: DataSet, s: Settings, f: Figures, set_grants: Floats | None, formula: Floats | None) -> list[RuleRows]:
    """Floor, cap, damping where grants are free; distribution where they are set; formula_floor for blend."""
    pt = _keys(d.partnerships, d.years)
    rule = s.grants
    if rule.distribution not in ("optimised", "blend"):
        if set_grants is None:
            raise ValueError(f"the distribution {rule.distribution} sets grants: they must be given")
        return [_rows("distribution", "£", pt, (f.grant, "=", set_grants), f.grant, set_grants)]
    baseline = d.baseline_grant[:, None]
    before = np.concatenate([baseline, f.grant[:, :-1]], axis=1)
    families = []
    if rule.floor is not None:
        families.append(_rows("floor", "£", pt, (f.grant, ">=", rule.floor * baseline), f.grant, rule.floor * baseline))
    if rule.cap is not None:
        families.append(_rows("cap", "£", pt, (f.grant, "<=", rule.cap * baseline), f.grant, rule.cap * baseline))
    if rule.max_fall is not None:
        least = (1.0 - rule.max_fall) * before
        keys = [(*key, "max_fall") for key in pt]
        families.append(_rows("damping", "£", keys, (f.grant, ">=", least), f.grant, least))
    if rule.max_rise is not None:
        most = (1.0 + rule.max_rise) * before
        keys = [(*key, "max_rise") for key in pt]
        families.append(_rows("damping", "£", keys, (f.grant, "<=", most), f.grant, most))
    if formula is not None and rule.formula_share is not None:
        least = rule.formula_share * formula
        families.append(_rows("formula_floor", "£", pt, (f.grant, ">=", least), f.grant, least))
    return families


def _outcomes(d: DataSet, s: Settings, f: Figures, reduction: Floats, largest: Floats) -> list[RuleRows]:
    """Guarantee, ceiling, local_minimum, target. reduction, largest: [p, t] of the years of the data."""
    neet = d.neet.sum(axis=2)
    families = [*_guarantees(d, f)]
    if s.local.max_reduction is not None:
        most = s.local.max_reduction * neet
        keys = _keys(d.partnerships, d.years)
        families.append(_rows("ceiling", "young people", keys, (reduction, "<=", most), largest, most))
    if s.local.min_reduction is not None:
        least = s.local.min_reduction * neet[:, -1]
        keys = _keys(d.partnerships, d.years[-1:])
        sides: tuple[Floats, Sense, Floats] = (reduction[:, -1], ">=", least)
        families.append(_rows("local_minimum", "young people", keys, sides, largest[:, -1], least, only=least > 0))
    names, left, right, most_single = [], [], [], []
    for target in d.targets:
        scope = list(target.partnerships)
        total = float(neet[scope, target.year].sum())
        names.append((target.scope, target.name, d.years[target.year]))
        left.append(reduction[scope, target.year].sum())
        most_single.append(largest[scope, target.year].max(initial=0.0))
        right.append(
            total - target.max_neet if target.max_neet is not None else (target.reduction_share or 0.0) * total
        )
    if names:
        required = np.array(right)
        sides = (np.array(left), ">=", required)
        families.append(
            _rows("target", "young people", names, sides, np.array(most_single), required, only=required > 0)
        )
    return families


def _guarantees(d: DataSet, f: Figures) -> list[RuleRows]:
    if not d.guarantees:
        return []
    served, single = f.places.sum(axis=4), f.places.max(axis=4, initial=0.0)
    keys, left, right, most = [], [], [], []
    for guarantee in d.guarantees:
        t, g, members = guarantee.year, guarantee.client_group, list(guarantee.interventions)
        keys += [(p, d.years[t], d.client_groups[g], guarantee.named) for p in d.partnerships]
        left.append(served[:, t, members, g].sum(axis=1))
        most.append(single[:, t, members, g].max(axis=1, initial=0.0))
        right.append(guarantee.min_share * d.young_people[:, t, g])
    required = np.concatenate(right)
    sides: tuple[Floats, Sense, Floats] = (np.concatenate(left), ">=", required)
    return [_rows("guarantee", "places", keys, sides, np.concatenate(most), required, only=required > 0)]
