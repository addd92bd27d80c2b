"""The goals of the model, one function each: the expression that is made as large, or small, as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulp import lpSum_vars_coefs

from allocator.programme.boxes import THOUSAND
from allocator.programme.register import goal
from allocator.programme.rules.money import spend_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulp import LpAffineExpression

    from allocator.programme.decisions import Decisions, Term
    from allocator.programme.register import Rows
    from allocator.scenario.settings import Settings
    from allocator.tables.dataset import DataSet


def discount(s: Settings, t: int) -> float:
    """What a unit of year t counts for, seen from the first year of the data."""
    return float((1.0 + s.goal.discount_rate) ** -t)


def weight(d: DataSet, s: Settings, p: int) -> float:
    """The equity weight of a partnership's reduction in the goal."""
    return s.goal.weights.get(d.partnerships[p], 1.0)


def _reduction_terms(d: DataSet, s: Settings, x: Decisions) -> Iterator[Term]:
    """Discounted, weighted reductions of the planned years and the tail, summed up for each place."""
    last = x.now.last
    for t in x.now.years:
        counted = range(t, last + x.now.tail_years + 1)
        standing = [sum(discount(s, k) * x.lasting(i, k - t) for k in counted) for i in range(len(d.interventions))]
        for p in range(len(d.partnerships)):
            local = weight(d, s, p) * float(d.effect_multiplier[p])
            for i, g, b in x.served:
                yield x.places[p, t, i, g, b], local * float(x.gain[i, g, b]) * standing[i]


def _discounted_spend(d: DataSet, s: Settings, x: Decisions, unit: float) -> Iterator[Term]:
    """Spending beside fixed costs in base-year prices, discounted, times unit (£ a thousand pounds)."""
    for t in x.now.years:
        real = unit * discount(s, t) / float(d.price_index[t])
        for p in range(len(d.partnerships)):
            for variable, cost in spend_terms(d, x, p, t):
                yield variable, real * cost


@goal("cumulative", unit="young person-years", sense="max")
def cumulative(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """As many years as can be of young people not NEET who would have been, later years discounted.

        maximise  sum[t] (1 + discount_rate)^-(t-1) * sum[p] weights[p] * reduction[p, t]

    over the planned years and tail_years further ones in which no places are bought and reductions only persist.
    """
    return lpSum_vars_coefs(_reduction_terms(d, s, x))


@goal("final_year", unit="young people", sense="max")
def final_year(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """As few NEET young people as can be at the end of the last year planned.

        maximise  sum[p] weights[p] * reduction[p, T]

    T the last year planned.
    """
    return lpSum_vars_coefs(
        (variable, weight(d, s, p) * coefficient)
        for p in range(len(d.partnerships))
        for variable, coefficient in x.reduction(d, p, x.now.last)
    )


@goal("benefit", unit="£", sense="max")
def benefit(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """The greatest net present value, in pounds of base-year prices.

        maximise  sum[t] (1 + discount_rate)^-(t-1) * (benefit_per_neet * sum[p] weights[p] * reduction[p, t]
                                                       - sum[p] spend[p, t] / price_index[t])

    with the same tail as cumulative.
    """
    worth = ((v, s.goal.benefit_per_neet * c) for v, c in _reduction_terms(d, s, x))
    return lpSum_vars_coefs([*worth, *_discounted_spend(d, s, x, -THOUSAND)])


@goal("least_cost", unit="£", sense="min")
def least_cost(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """The least spending, in pounds of base-year prices, with which the soft rules are kept as far as can be.

        minimise  sum[t] (1 + discount_rate)^-(t-1) * sum[p] spend[p, t] / price_index[t]

    over the planned years; nothing is bought after them.
    """
    return lpSum_vars_coefs(_discounted_spend(d, s, x, THOUSAND))


@goal("fairest", unit="share of NEET young people", sense="max")
def fairest(d: DataSet, s: Settings, x: Decisions) -> LpAffineExpression:
    """The largest share by which NEET young people fall in the partnership where they fall least.

        maximise  min[p: neet[p, T] > 0] reduction[p, T] / neet[p, T]

    T the last year planned; weights do not count.
    """
    shares = []
    for p, neet in enumerate(d.neet[:, x.now.last].sum(axis=1)):
        if neet > 0:
            standing = float(x.now.standing[p, x.now.last])
            terms = [(v.upBound, c) for v, c in x.reduction(d, p, x.now.last)]
            most = standing + sum(upper * c for upper, c in terms if c > 0)
            least = standing + sum(upper * c for upper, c in terms if c < 0)
            shares.append((least / float(neet), most / float(neet)))
    lowest = min((least for least, _ in shares), default=0.0)
    highest = min((most for _, most in shares), default=0.0)
    x.smallest_share = x.add("smallest_share", (), min(lowest, highest), highest)
    return 1.0 * x.smallest_share


def fairest_rows(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Tie the smallest share to every partnership: reduction[p, T] >= smallest_share * neet[p, T]."""
    if x.smallest_share is None:
        return
    t = x.now.last
    for p, neet in enumerate(d.neet[:, t].sum(axis=1).tolist()):
        if neet > 0:
            terms = [*x.reduction(d, p, t), (x.smallest_share, -neet)]
            yield (d.partnerships[p], d.years[t]), lpSum_vars_coefs(terms) >= -float(x.now.standing[p, t])
