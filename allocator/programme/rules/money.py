"""Rules on money: what is granted is spent, carried or given back, and never more than there is."""

from __future__ import annotations

import numpy as np
from pulp import lpSum_vars

from allocator.programme.bounds import THOUSAND
from allocator.programme.builders import Rows, rule
from allocator.programme.terms import Terms, joined
from allocator.programme.variables import Decisions
from allocator.register.place import Place
from allocator.register.rules import CARRY_FORWARD, MONEY, NATIONAL
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet


def spend_terms(d: DataSet, x: Decisions, p: int, t: int) -> Terms:
    """Give what partnership p spends in t beside its fixed cost, in thousands of pounds, cash of that year."""
    price = float(x.price_index[t]) / THOUSAND
    pay = float(x.pay_index[t]) / THOUSAND * float(d.area_cost_factor[p])
    unit_cost = d.unit_cost[x.served_intervention]
    bought = unit_cost > 0
    advisers, amounts = [], []
    for a in range(len(d.grades)):
        advisers += [x.fte[p, t, a], x.recruits[p, t, a], x.redundancies[p, t, a], x.training[p, t, a]]
        amounts += [
            pay * float(d.salary[a]),
            price * float(d.recruitment_cost[a]),
            price * float(d.redundancy_cost[a]),
            price * float(d.training_cost[a]),
        ]
    places = Terms(x.place_ids[p, t - x.now.years[0], bought], price * unit_cost[bought])
    return joined([places, Terms(np.array([v.id for v in advisers]), np.array(amounts))])


@rule(MONEY)
def money(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """What a partnership is granted and brings from last year is spent, carried into the next or given back.

        grant[p, t] + carry[p, t-1]  =  spend[p, t] + carry[p, t] + lapse[p, t]

        spend[p, t]  =  price_index[t] * (fixed_cost[p] + sum unit_cost[i] * places
                        + sum recruitment_cost[a] * recruits + sum redundancy_cost[a] * redundancies
                        + sum training_cost[a] * training)
                        + pay_index[t] * area_cost_factor[p] * sum salary[a] * fte

    for every partnership p and year t; carry[p, 0] = 0. pay_index is price_index where the years table has none;
    prices.inflation and prices.pay put (1 + rate)^(years after the base year) in their place.
    """
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            fixed = float(d.fixed_cost[p] * x.price_index[t]) / THOUSAND
            unspent = x.grant[p, t] - x.carry[p, t] - x.lapse[p, t] + x.carry_before(p, t)
            yield Place(partnership, d.years[t]), unspent - x.total(spend_terms(d, x, p, t)) == fixed


@rule(CARRY_FORWARD)
def carry_forward(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Only a share of a year's grant may be carried into the next.

        carry[p, t]  <=  carry_forward_limit * grant[p, t]

    for every partnership p and every year t but the last planned, out of which nothing is carried.
    """
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years[:-1]:
            yield (
                Place(partnership, d.years[t]),
                x.carry[p, t] - s.budget.carry_forward_limit * x.grant[p, t] <= 0.0,
            )


@rule(NATIONAL)
def national(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """The grants of a year are no more than the money of the year.

        sum[p] grant[p, t]  <=  money[t]

    for every year t, with money[t] = budget[t] * scale[t] - reserve.
    """
    for t in x.now.years:
        granted = lpSum_vars(x.grant[p, t] for p in range(len(d.partnerships)))
        yield Place(year=d.years[t]), granted <= x.now.money_of(t) / THOUSAND
