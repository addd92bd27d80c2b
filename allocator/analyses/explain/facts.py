"""What sets a partnership apart from the country, its grant without that, and the smallest change that ends a loss.

Each answer is a plan: solved from where the plan stands where only costs and coefficients change, else anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import ceil, isfinite
from typing import Literal

import numpy as np

from allocator.analyses.explain.break_even import Effects
from allocator.errors import NoPlan
from allocator.programme.situation import at_the_start
from allocator.register import goals
from allocator.register.rules import FORMULA_FLOOR, MONEY
from allocator.results import Result, doc
from allocator.scenario.settings import Settings
from allocator.solving.later_stages import settle
from allocator.solving.session import pounds
from allocator.solving.settlement import plan_data
from allocator.tables.dataset import DataSet

Kind = Literal["need", "multiplier", "area costs", "fixed cost", "weight"]
ALIKE = 0.005  # relative difference from the country's within which a fact is no reason
STEPS = {"multiplier": 100, "need": 20, "fixed cost": 100}  # of a change up to as much again; need is solved anew
EVEN = 500.0  # £ over all years within which a loss has ended


class Fact(Result):
    """One fact of the partnership beside the country's, and the grant were it the country's."""

    fact: Kind = doc("need, multiplier, area costs, fixed cost or weight")
    here: float = doc(
        "what it is here: NEET young people for each £ of the baseline grant, a multiple, or fixed cost as a share of "
        "the baseline grant",
        "as the fact",
    )
    country: float = doc("the country's: of all partnerships together, by NEET young people or by grant", "as the fact")
    grant: float | None = doc("the grant over all years were it the country's; null: no plan, or not asked", "£ cash")


class EndOfLoss(Result):
    """The smallest change of one fact, all else as it is, with which the grant is no less than on shares as before."""

    fact: Kind = doc("need (all NEET young people here), multiplier or fixed cost")
    now: float = doc("what it is: NEET young people in the first year, a multiple, or £ a year", "as the fact")
    needed: float | None = doc(
        "from what on the loss is ended, to a hundredth of what it is (need: a twentieth); null: nowhere up to twice",
        "as the fact",
    )


def facts(effects: Effects, p: int, *, ask: bool) -> tuple[Fact, ...]:
    """Give every fact of the partnership that is not the country's. ask: whether the grant with the country's is
    solved.
    """
    apart = not_the_countrys(effects.d, effects.probe.programme.settings, p)
    if not ask:
        return apart
    return tuple(replace(one, grant=_grant(effects, p, one.fact, one.country, one.here)) for one in apart)


def not_the_countrys(d: DataSet, s: Settings, p: int) -> tuple[Fact, ...]:
    """Give every fact of the partnership that is not the country's, without the grant with the country's."""
    neet, base = d.neet[:, 0].sum(axis=1), d.baseline_grant
    if not neet.sum() > 0:
        return ()
    weights = np.array([s.goal.weights.get(name, 1.0) for name in d.partnerships])
    found: list[tuple[Kind, float, float]] = []
    if base[p] > 0:
        found.append(("need", float(neet[p] / base[p]), float(neet.sum() / base.sum())))
    found.append(("multiplier", float(d.effect_multiplier[p]), float(d.effect_multiplier @ neet / neet.sum())))
    if base[p] > 0:
        found.append(("area costs", float(d.area_cost_factor[p]), float(d.area_cost_factor @ base / base.sum())))
        found.append(("fixed cost", float(d.fixed_cost[p] / base[p]), float(d.fixed_cost.sum() / base.sum())))
    if goals.told(s) != s.goal.measure:
        found.append(("weight", float(weights[p]), float(weights @ neet / neet.sum())))
    return tuple(
        Fact(kind, here, country, None)
        for kind, here, country in found
        if abs(here - country) > ALIKE * max(abs(country), abs(here))
    )


def ends_of_a_loss(effects: Effects, p: int, grant: float, needed: float) -> tuple[EndOfLoss, ...]:
    """Give, for need, multiplier and fixed cost, the smallest change of it alone with which the grant is what is
    needed, £.

    grant: as it is, £. Fifteen plans at most for each fact, six or so as a rule.
    """
    d = effects.d
    neet = float(d.neet[p, 0].sum())
    multiplier, fixed = float(d.effect_multiplier[p]), float(d.fixed_cost[p])

    found = []
    kinds: tuple[tuple[Kind, float], ...] = (("multiplier", multiplier), ("need", neet), ("fixed cost", fixed))
    for kind, now in kinds:
        if now <= 0:
            continue

        def lacks(times: float, kind: Kind = kind, now: float = now) -> float:
            grant = _grant(effects, p, kind, now * times, now)
            return float("inf") if grant is None else needed - EVEN - grant

        ways = (1, -1) if kind == "fixed cost" else (1,)
        times = next(filter(None, (_smallest(lacks, needed - EVEN - grant, way, STEPS[kind]) for way in ways)), None)
        found.append(EndOfLoss(kind, now, None if times is None else now * times))
    return tuple(found)


def _smallest(lacks: Callable[[float], float], now: float, way: int, steps: int) -> float | None:
    """Give the multiple of a fact nearest to 1, in so many steps to none or twice, with which nothing lacks; None: no
    such.

    lacks: what the grant lacks with a multiple; now: with 1. By turns where a line between the ends says, and halfway.
    """
    low, high = 0, steps
    here, there = now, lacks(1 + way * high / steps)
    if there > 0:
        return None
    halve = False
    while high - low > 1:
        line = low + ceil((high - low) * here / (here - there)) if isfinite(here) else low
        step = (low + high) // 2 if halve else min(max(line, low + 1), high - 1)
        left = lacks(1 + way * step / steps)
        if left <= 0:
            high, there = step, left
        else:
            low, here = step, left
        halve = not halve
    return 1 + way * high / steps


def _grant(effects: Effects, p: int, kind: Kind, value: float, here: float) -> float | None:
    """Give the partnership's grant over all years were a fact another, £; None where there is no plan."""
    d, s = effects.d, effects.probe.programme.settings
    factor = value / here if here else 0.0
    costs_count = goals.of(s).in_pounds
    if kind == "multiplier" and here:
        with effects.times(factor):
            return settled(effects, p)
    if kind in ("area costs", "fixed cost") and not costs_count:
        with _other_data(effects, _changed(d, p, kind, factor)):
            return settled(effects, p)
    if kind == "weight":
        s = s.changed(goal={"weights": {**s.goal.weights, d.partnerships[p]: value}})
    else:
        d = _changed(d, p, kind, factor)
    try:
        figures, _ = plan_data(d, s)
    except NoPlan:
        return None
    return float(figures.grant[p].sum())


def _changed(d: DataSet, p: int, kind: Kind, factor: float) -> DataSet:
    """Give the data with one fact of one partnership so many times what it is.

    Where all of a group are NEET, the group grows and shrinks with them; elsewhere no more are NEET than there are.
    """
    if kind == "need":
        neet, people = d.neet.copy(), d.young_people.copy()
        whole = neet[p] >= people[p]
        people[p] = np.where(whole, people[p] * factor, people[p])
        neet[p] = np.minimum(neet[p] * factor, people[p])
        return replace(d, neet=neet, young_people=people)
    factors = np.ones(len(d.partnerships))
    factors[p] = factor
    if kind == "area costs":
        return replace(d, area_cost_factor=d.area_cost_factor * factors)
    if kind == "fixed cost":
        return replace(d, fixed_cost=d.fixed_cost * factors)
    return replace(d, effect_multiplier=d.effect_multiplier * factors)


@contextmanager
def _other_data(effects: Effects, d: DataSet) -> Iterator[None]:
    """Put the costs of another data set into the rows that hold money, and afterwards the plan's own."""
    probe = effects.probe
    s, families = probe.programme.settings, (MONEY.name, FORMULA_FLOOR.name)
    try:
        probe.stages.restate(families, data=d, now=at_the_start(d, s), coefficients=True)
        yield
    finally:
        own = effects.d
        probe.stages.restate(families, data=own, now=at_the_start(own, s), coefficients=True)
        probe.restore()


def settled(effects: Effects, p: int) -> float | None:
    """Give the grant in the plan as it now stands, ties settled; None where there is no plan."""
    probe = effects.probe
    best = probe.solved()
    if best is None:
        return None
    values = settle(probe.stages, best).values
    return pounds(float(values[probe.grant_columns(p, probe.carried_out)].sum()))
