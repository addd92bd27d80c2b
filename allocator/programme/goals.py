"""The goals of the model, one function each: the expression that is made as large, or small, as it can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocator.programme.bounds import THOUSAND
from allocator.programme.builders import Rows, goal
from allocator.programme.rules.money import spend_terms
from allocator.programme.situation import Situation
from allocator.programme.terms import Terms, joined
from allocator.programme.variables import Decisions
from allocator.register import goals
from allocator.register.goals import BENEFIT, CUMULATIVE, FAIREST, FINAL_YEAR, LEAST_COST
from allocator.register.place import Place
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats

if TYPE_CHECKING:
    from pulp import LpAffineExpression


def discount(s: Settings, t: int) -> float:
    """Give what a unit of year t counts for, seen from the first year of the data."""
    return float((1.0 + s.goal.discount_rate) ** -t)


def then_costs(d: DataSet, s: Settings, x: Decisions) -> Terms:
    """Give what the stage after the goal maximises, where there is one.

    The cumulative reduction, young person-years.
    """
    return joined(_reductions(d, s, x))


def fixed_part(d: DataSet, s: Settings, now: Situation) -> float:
    """Give what fixed costs add to the goal, which no decision changes."""
    sought = goals.of(s)
    if not sought.in_pounds:
        return 0.0
    return _fixed(d, s, now) if sought.less_is_better else -_fixed(d, s, now)


def weight(d: DataSet, s: Settings, p: int) -> float:
    """Give the equity weight of a partnership's reduction in the goal."""
    return s.goal.weights.get(d.partnerships[p], 1.0)


def _reductions(d: DataSet, s: Settings, x: Decisions, gain: Floats | None = None) -> Iterator[Terms]:
    """Give discounted, weighted, lasting reductions of the planned years and the tail, summed up for each place.

    gain: of each of the places served, in place of served_gain.
    """
    of_each = x.served_gain if gain is None else gain
    last = x.now.last
    local = np.array([weight(d, s, p) for p in range(len(d.partnerships))]) * d.effect_multiplier
    for y, t in enumerate(x.now.years):
        counted = range(t, last + x.now.tail_years + 1)
        each = of_each * sum((discount(s, k) * x.lasts[k - t] for k in counted), np.zeros(len(x.served)))
        yield Terms(x.place_ids[:, y].ravel(), np.outer(local, each).ravel())


def earlier_reduction(d: DataSet, s: Settings, now: Situation) -> float:
    """Give discounted, weighted reductions that earlier years brought and that last, over the planned years and the
    tail.
    """
    weights = np.array([weight(d, s, p) for p in range(len(d.partnerships))])
    counted = range(now.years[0], now.last + now.tail_years + 1)
    return float(sum(discount(s, k) * float((weights * now.lasting_before[:, k]).sum()) for k in counted))


def _fixed(d: DataSet, s: Settings, now: Situation) -> float:
    """Give fixed costs of the planned years in pounds of base-year prices, discounted."""
    return float(d.fixed_cost.sum()) * sum(discount(s, t) for t in now.years)


def _discounted_spend(d: DataSet, s: Settings, x: Decisions) -> Iterator[Terms]:
    """Give spending beside fixed costs in pounds of base-year prices, discounted."""
    for t in x.now.years:
        real = THOUSAND * discount(s, t) / float(x.price_index[t])
        for p in range(len(d.partnerships)):
            yield spend_terms(d, x, p, t).times(real)


@goal(CUMULATIVE)
def cumulative(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """As many years as can be of young people not NEET who would have been, later years discounted.

        maximise  sum[t] (1 + discount_rate)^-(t-1) * sum[p] weights[p] * lasts[p, t]

        lasts[p, t]  =  sum[s <= t, i, g, b] gain[p, i, g, b] * persistence[i]^(t - s - lag[i]) * places[p, s, i, g, b],
                        terms with t - s >= lag[i]

    whatever the age by then of those who were helped (gain as in the rule ceiling),
    over the planned years and tail_years further ones in which no places are bought and reductions only persist.
    """
    return x.total(joined(_reductions(d, s, x))) + earlier_reduction(d, s, x.now)


@goal(FINAL_YEAR)
def final_year(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """As few NEET young people as can be at the end of the last year planned.

        maximise  sum[p] weights[p] * counted[p, T]

    T the last year planned; counted as in the rule ceiling.
    """
    t, partnerships = x.now.last, range(len(d.partnerships))
    earlier = sum(weight(d, s, p) * float(x.now.counted_before[p, t]) for p in partnerships)
    return x.total(joined(x.reduction(d, p, t).times(weight(d, s, p)) for p in partnerships)) + earlier


@goal(BENEFIT)
def benefit(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """The greatest net present value, in pounds of base-year prices.

        maximise  sum[t] (1 + discount_rate)^-(t-1) * (benefit_per_neet * sum[p] weights[p] * lasts[p, t]
                                                       - sum[p] spend[p, t] / price_index[t])

    with the same tail as cumulative.
    """
    worth = joined(_reductions(d, s, x)).times(s.goal.benefit_per_neet)
    cost = joined(_discounted_spend(d, s, x)).times(-1.0)
    return (
        x.total(joined([worth, cost])) + s.goal.benefit_per_neet * earlier_reduction(d, s, x.now) - _fixed(d, s, x.now)
    )


@goal(LEAST_COST)
def least_cost(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """The least spending, in pounds of base-year prices, with which the soft rules are kept as far as can be.

        minimise  sum[t] (1 + discount_rate)^-(t-1) * sum[p] spend[p, t] / price_index[t]

    over the planned years; nothing is bought after them.
    """
    return x.total(joined(_discounted_spend(d, s, x))) + _fixed(d, s, x.now)


@goal(FAIREST)
def fairest(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """The largest share by which NEET young people fall in the partnership where they fall least.

        maximise  min[p: neet[p, T] > 0, some place can help] counted[p, T] / neet[p, T]

    T the last year planned; weights do not count. A partnership that no place offered can help is left out.
    """
    shares = []
    for p in compared(d, x):
        neet, earlier = float(d.neet[p, x.now.last].sum()), float(x.now.counted_before[p, x.now.last])
        reach = _reach(d, x, p)
        most, least = earlier + float(reach[reach > 0].sum()), earlier + float(reach[reach < 0].sum())
        shares.append((least / neet, most / neet))
    lowest = min((least for least, _ in shares), default=0.0)
    highest = min((most for _, most in shares), default=0.0)
    x.smallest_share = x.add("smallest_share", (), min(lowest, highest), highest)
    return 1.0 * x.smallest_share


def exposure_terms(d: DataSet, s: Settings, x: Decisions) -> Terms:
    """Give what each place adds to a goal that is a sum of reductions were its effect 1, in its unit_of_caution."""
    goal = goals.of(s)
    if goal.counts == "last_year":
        partnerships = range(len(d.partnerships))
        return joined(x.reduction(d, p, x.now.last, x.served_unit).times(weight(d, s, p)) for p in partnerships)
    people = joined(_reductions(d, s, x, x.served_unit))
    return people.times(s.goal.benefit_per_neet / unit_of_caution(s)) if goal.in_pounds else people


def spending_terms(d: DataSet, s: Settings, x: Decisions) -> Terms | None:
    """Give what of the goal no effect changes, in its unit_of_caution; None where there is nothing of it."""
    if not goals.of(s).in_pounds:
        return None
    return joined(_discounted_spend(d, s, x)).times(-1.0 / unit_of_caution(s))


def unit_of_caution(s: Settings) -> float:
    """Give what a unit of exposures and draws is in the goal's own: with pounds in their rows the solver's tolerance is
    above the certificate's."""
    return s.goal.benefit_per_neet or 1.0 if goals.of(s).in_pounds else 1.0


def smallest_share_rows(d: DataSet, x: Decisions) -> Rows:
    """Tie the smallest share, where a goal is one, to every partnership: counted[p, T] >= share * neet[p, T]."""
    if x.smallest_share is None:
        return
    t = x.now.last
    for p in compared(d, x):
        fallen = x.total(x.reduction(d, p, t)) - float(d.neet[p, t].sum()) * x.smallest_share
        yield Place(d.partnerships[p], d.years[t]), fallen >= -float(x.now.counted_before[p, t])


def compared(d: DataSet, x: Decisions) -> list[int]:
    """Give the partnerships whose shares `fairest` compares: some place offered can help their NEET young people."""
    return [p for p, neet in enumerate(d.neet[:, x.now.last].sum(axis=1)) if neet > 0 and (_reach(d, x, p) > 0).any()]


def left_out(d: DataSet, x: Decisions) -> list[int]:
    """Give the partnerships with NEET young people that nothing offered can help, which `fairest` leaves out."""
    with_neet = np.flatnonzero(d.neet[:, x.now.last].sum(axis=1) > 0)
    return sorted(set(with_neet.tolist()) - set(compared(d, x)))


def _reach(d: DataSet, x: Decisions, p: int) -> Floats:
    """Give by how much each kind of place can lower the NEET of the last year planned at most; a rise is negative."""
    terms = x.reduction(d, p, x.now.last)
    return terms.coefficients * x.place_uppers[terms.ids]
