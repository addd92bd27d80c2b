"""How large each decision can be at most, from the tables and the scenario alone: docs/model.md, "Decisions".

It is worked out here a second time, so that a run whose problem lets a decision be less than it may be is found out:
in a problem with narrower limits than the tables give, a poor plan could be proved to be the best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.recompute.figures import indexes
from allocator.register.rules import CAP, CARRY_FORWARD, HEADCOUNT, MAX_RISE, RECRUITMENT, TRAINING_PLACES
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats


@dataclass(frozen=True, eq=False)
class View:
    """What was planned at once, as far as it was known or believed.

    years: indices of consecutive years. money: [T] £, of the planned years; 0 in others. tail: years after the last
    planned whose reductions count. paid, formula: [p, T] £, the grants that the distribution sets and the formula's;
    None where it leaves them free, or is no blend.
    """

    years: range
    money: Floats
    tail: int
    paid: Floats | None
    formula: Floats | None


def most(d: DataSet, s: Settings, view: View, done: Figures) -> dict[str, Floats]:
    """Give the most that each decision can be, by the name of its figure and indexed as it is; 0 in years not planned.

    done: what was carried out, of which the years before the planned ones count. Money in pounds.
    """
    grant, carry, lapse = _money(d, s, view, done)
    uptake = np.where(np.isfinite(d.effect), d.max_uptake, 0.0)
    places = np.einsum("ib,ig,ptg->ptigb", d.width, uptake, d.young_people)
    places[:, ~np.isin(np.arange(len(d.years)), view.years)] = 0.0
    return {
        "places": places,
        "grant": grant,
        "carry": carry,
        "lapse": lapse,
        **_advisers(d, s, view, done, lapse),
    }


def _money(d: DataSet, s: Settings, view: View, done: Figures) -> tuple[Floats, Floats, Floats]:
    """Give grants within the year's money, cap and damping; what of them can be left.

    What there is to spend: [p, T] £.
    """
    grant, carry, there = (np.zeros_like(done.grant) for _ in range(3))
    first, off = view.years[0], s.rules.off
    before, brought = (done.grant[:, first - 1], done.carry[:, first - 1]) if first else (d.baseline_grant, 0.0)
    for t in view.years:
        if view.paid is not None:
            grant[:, t] = view.paid[:, t]
        else:
            limits = [np.full(len(d.partnerships), view.money[t])]
            if s.grants.cap is not None and CAP.name not in off:
                limits.append(np.where(d.baseline_grant > 0, s.grants.cap * d.baseline_grant, np.inf))
            if s.grants.max_rise is not None and MAX_RISE.name not in off:
                unlimited = (d.baseline_grant == 0) & (t == 0)
                limits.append(np.where(unlimited, np.inf, (1.0 + s.grants.max_rise) * before))
            grant[:, t] = np.maximum(np.min(limits, axis=0), 0.0)
        there[:, t] = grant[:, t] + brought
        if t != view.years[-1]:
            any_share = CARRY_FORWARD.name in off
            carry[:, t] = there[:, t] if any_share else s.budget.carry_forward_limit * grant[:, t]
        before, brought = grant[:, t], carry[:, t]
    return grant, carry, there


def _advisers(d: DataSet, s: Settings, view: View, done: Figures, there: Floats) -> dict[str, Floats]:
    """Give what the workforce can grow to, who can join, who can leave and who can train: [p, T, a] FTE each."""
    fte, joining, leaving, training = (np.zeros_like(done.fte) for _ in range(4))
    off = s.rules.off
    first = view.years[0]
    stock = done.fte[:, first - 1] if first else d.workforce
    trained = done.training[:, first - 1] if first else np.zeros_like(d.workforce)
    everyone = stock.sum(axis=1)
    price, pay = indexes(d, s)
    for t in view.years:
        moved_up = np.concatenate([np.zeros_like(trained[:, :1]), trained[:, :-1]], axis=1)
        stay = (1.0 - d.attrition) * (stock + moved_up)
        for_pay = np.maximum(there[:, t] - d.fixed_cost * price[t], 0.0)[:, None]
        limit = for_pay / (pay[t] * d.area_cost_factor[:, None] * d.salary)
        if HEADCOUNT.name not in off:
            limit = np.minimum(limit, s.workforce.headcount_scale * d.headcount_limit[t])
        if s.workforce.max_recruitment is not None and RECRUITMENT.name not in off:
            joiners = s.workforce.max_recruitment * everyone + d.start_up_posts
            joining[:, t] = joiners[:, None] * d.recruitable
            everyone = (1.0 - d.attrition.min()) * everyone + joiners
            limit = np.minimum(limit, np.minimum(stay + joining[:, t], everyone[:, None]))
        else:
            limit = np.where(d.recruitable, limit, np.minimum(limit, stay))
            with np.errstate(divide="ignore", invalid="ignore"):
                affordable = np.where(d.recruitment_cost > 0, for_pay / (price[t] * d.recruitment_cost), np.inf)
            joining[:, t] = np.where(d.recruitable, np.minimum(affordable, limit + stay), 0.0)
            everyone = limit.sum(axis=1)
        fte[:, t], leaving[:, t] = limit, stay
        training[:, t, :-1] = limit[:, :-1]
        if TRAINING_PLACES.name not in off:
            training[:, t] = np.minimum(training[:, t], d.training_places[t])
        stock, trained = fte[:, t], training[:, t]
        everyone = np.minimum(everyone, stock.sum(axis=1))
    return {"fte": fte, "recruits": joining, "redundancies": leaving, "training": training}
