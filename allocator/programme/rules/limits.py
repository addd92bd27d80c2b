"""The limits of a planner's own, as the table limits has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from allocator.programme.bounds import THOUSAND
from allocator.programme.builders import Rows, rule
from allocator.programme.terms import Terms, joined
from allocator.programme.variables import Decisions
from allocator.register.place import PARTNERSHIP, Place
from allocator.register.quantities import (
    ADVISERS,
    PER_YOUNG_PERSON,
    PLACE_SPENDING,
    PLACES,
    QUANTITIES,
    RECRUITS,
    REDUNDANCIES,
    SHARE_OF_MONEY,
    TO_BASELINE,
    TO_LAST_YEAR,
    TO_SHARES_AS_BEFORE,
    TOTAL,
    Side,
)
from allocator.register.rules import LIMIT
from allocator.scenario.amounts import limits
from allocator.scenario.distributions import baseline_shares
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats, Integers, Limit

NOTHING = Terms(np.zeros(0, dtype=np.int64), np.zeros(0))


@rule(LIMIT)
def limit(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """What a row of the limits table names is no less than its least and no more than its most.

        sum quantity[p, t]  >=  least * sum base[p, t]
        sum quantity[p, t]  <=  most * sum base[p, t]
        sum quantity[p, t]  =  least * sum base[p, t],  where least = most

        of                    quantity                                       base
        grant                 grant[p, t]                                    1, once a sum
        share_of_money        grant[p, t]                                    money[t], once a year
        to_baseline           grant[p, t]                                    baseline_grant[p]
        to_last_year          grant[p, t]                                    grant[p, t-1]
        to_shares_as_before   grant[p, t]                                    money[t] * share as before[p, t]
        per_young_person      grant[p, t]                                    young_people[p, g, t]
        place_spending        price_index[t] * unit_cost[i] * places         1, once a sum
        places                places                                         1, once a sum
        advisers              sum[a] fte[p, t, a]                            1, once a sum
        recruits              sum[a] recruits[p, t, a]                       1, once a sum
        redundancies          sum[a] redundancies[p, t, a]                   1, once a sum

    for every row of the limits table: over the partnerships of its scope, added up or each by itself; in one year,
    every year by itself, or over all years. The first six act where the distribution leaves the grants free. A multiple
    of nothing, such as of a new partnership's baseline_grant, has no row. It is never soft.
    """
    for bound in limits(d, s):
        for years in bound.periods:
            if not set(years) <= set(x.now.years):
                continue
            for members in bound.members:
                base = _base(d, x, bound, members, years)
                if base is None:
                    continue
                amount = _amount(d, x, bound, members, years)
                of, constant = base
                for side, level in _sides(bound):
                    terms = joined((amount, of.times(-level))) if len(of.ids) else amount
                    left, right = x.total(terms), level * constant
                    row = left == right if side == "exact" else left >= right if side == "least" else left <= right
                    yield _place(d, bound, members, years, side), row


def _sides(bound: Limit) -> Iterator[tuple[Side, float]]:
    """Give the sides of a limit, and what each is."""
    if bound.least is not None and bound.least == bound.most:
        yield "exact", bound.least
        return
    if bound.least is not None:
        yield "least", bound.least
    if bound.most is not None:
        yield "most", bound.most


def _place(d: DataSet, bound: Limit, members: Sequence[int], years: Sequence[int], side: Side) -> Place:
    """Give where a row of a limit stands: without a year where it adds up all of them."""
    scope, name = (PARTNERSHIP, d.partnerships[members[0]]) if bound.each else (bound.scope, bound.name)
    year = "" if bound.year == TOTAL else d.years[years[0]]
    return Place.of_scope(scope, name, year, (bound.limit, bound.of, side))


def _amount(d: DataSet, x: Decisions, bound: Limit, members: Sequence[int], years: Sequence[int]) -> Terms:
    """Give what is limited: in thousands of pounds, places or FTE."""
    of = QUANTITIES[bound.of]
    if of in (PLACES, PLACE_SPENDING):
        return joined(_places(d, x, bound, p, t) for p in members for t in years)
    family = {ADVISERS: "fte", RECRUITS: "recruits", REDUNDANCIES: "redundancies"}.get(of, "grant")
    ids = _ids(x, family, members, years)
    return Terms(ids, np.ones(len(ids)))


def _ids(x: Decisions, family: str, members: Sequence[int], years: Sequence[int]) -> Integers:
    """Give the numbers of the variables of some partnerships and years."""
    of_all = x.ids[family].reshape(x.place_ids.shape[0], len(x.now.years), -1)
    return of_all[np.ix_(members, [t - x.now.years[0] for t in years])].ravel()


def _places(d: DataSet, x: Decisions, bound: Limit, p: int, t: int) -> Terms:
    """Give the places of one partnership and year that a limit counts, or what they cost in thousands of pounds."""
    counts = np.array(
        [bound.intervention in (None, i) and bound.client_group in (None, g) for i, g, _ in x.served],
        dtype=np.bool_,
    )
    ids, costs = x.place_ids[p, t - x.now.years[0]], np.ones(len(counts))
    if bound.of == PLACE_SPENDING.name:
        costs = d.unit_cost[x.served_intervention] * float(x.price_index[t]) / THOUSAND
        counts &= costs > 0
    return Terms(ids[counts], costs[counts])


def _base(
    d: DataSet, x: Decisions, bound: Limit, members: Sequence[int], years: Sequence[int]
) -> tuple[Terms, float] | None:
    """Give what the limit is a multiple of, as terms and a constant; None where it is a multiple of nothing."""
    of = QUANTITIES[bound.of]
    if of is TO_LAST_YEAR:
        return _last_year(d, x, members, years[0])
    constant: float
    if of is SHARE_OF_MONEY:
        constant = sum(x.now.money_of(t) for t in years)
    elif of is TO_BASELINE:
        constant = len(years) * float(d.baseline_grant[list(members)].sum())
    elif of is TO_SHARES_AS_BEFORE:
        shares = [float(baseline_shares(d, t)[list(members)].sum()) for t in years]
        if not any(shares):
            return None
        constant = sum(x.now.money_of(t) * share for t, share in zip(years, shares, strict=True))
    elif of is PER_YOUNG_PERSON:
        constant = _young_people(d, bound, members, years)
    else:
        return NOTHING, 1.0 / THOUSAND if of.unit == "£" else 1.0
    if constant == 0 and not of.of_money:
        return None
    return NOTHING, constant / THOUSAND


def _last_year(d: DataSet, x: Decisions, members: Sequence[int], t: int) -> tuple[Terms, float] | None:
    """Give the grants of the year before: decisions of the plan, or paid before it; None where nobody had one."""
    if t > x.now.years[0]:
        ids = _ids(x, "grant", members, [t - 1])
        return Terms(ids, np.ones(len(ids))), 0.0
    if t == 0 and not d.baseline_grant[list(members)].any():
        return None
    return NOTHING, float(x.now.grants_before[list(members)].sum()) / THOUSAND


def _young_people(d: DataSet, bound: Limit, members: Sequence[int], years: Sequence[int]) -> float:
    people: Floats = d.young_people[np.ix_(members, years)]
    return float((people if bound.client_group is None else people[:, :, bound.client_group]).sum())
