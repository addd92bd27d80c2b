"""What decides among plans that are equally good: alike partnerships get the same, and nothing is spent for nothing."""

from __future__ import annotations

import zlib

import numpy as np

from allocator.programme.formulate import Programme
from allocator.programme.rules.money import spend_terms
from allocator.programme.situation import Situation
from allocator.scenario.settings import Settings
from allocator.solving.session import BY_LARGEST, UNSCALED, Answer, Limit, Session
from allocator.tables.dataset import DataSet, Floats

TIE_BREAK = 1e-3  # weight of the checksum that makes the plan that spends least one plan
LEFT = 1e-6  # £ thousand a thousand carried on: what no plan needs next year is given back
BAND_ORDER = 1e-5  # £ thousand a place and band: bands fill in order among plans otherwise equal
QUICK = Limit(60.0, 8_000)  # of a solve for the least spending in the usual way, where others are still to be tried
LONG = Limit(60.0, 20_000)  # of the others
NAMED = ("targets", "limits")  # the tables that may ask something of one partnership or region
OF_PARTNERSHIPS = (  # all that the tables say of a partnership but its name and where it lies on a map
    "baseline_grant",
    "entry_grant",
    "start_up_posts",
    "fixed_cost",
    "area_cost_factor",
    "effect_multiplier",
    "young_people",
    "neet",
    "workforce",
    "capacity",
)
BEFORE = ("grants_before", "carried_in", "advisers_before", "trainees_before", "counted_before", "lasting_before")


def alike(d: DataSet, s: Settings, now: Situation) -> list[list[int]]:
    """Give groups of two and more partnerships that are alike in every figure, which every rule treats the same."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for p in range(len(d.partnerships)):
        figures = [getattr(d, name)[p].tobytes() for name in OF_PARTNERSHIPS]
        situation = [np.round(getattr(now, name)[p], 6).tobytes() for name in BEFORE]
        weight = s.goal.weights.get(d.partnerships[p], 1.0)
        groups.setdefault((*figures, *situation, weight, *_asked_of(d, p)), []).append(p)
    return [group for group in groups.values() if len(group) > 1]


def _asked_of(d: DataSet, p: int) -> list[object]:
    """Give what single rows of the tables ask of a partnership by its name or its region's."""
    asked: list[object] = []
    for table in NAMED:
        for row in d.tables.get(table, ()):
            if row["scope"] == "region":
                asked.append(d.regions[p] == row["name"])
            elif row["scope"] == "partnership" and row["name"] == d.partnerships[p]:
                asked.append(tuple(value for column, value in row.items() if column != "name"))
    return asked


def means_of_alike(grants: Floats, groups: list[list[int]]) -> Floats:
    """Give grants [p, y] with each partnership of a group given the mean of the group, which every rule allows."""
    means = grants.copy()
    for group in groups:
        means[group] = grants[group].mean(axis=0)
    return means


def tie_breaks(d: DataSet, years: tuple[int, ...]) -> Floats:
    """Give 1 + 0.001 * h[p, y]; h is the CRC-32 of "partnership|year" over 2^32: one plan among equals, on any
    machine.
    """
    return np.array(
        [[1.0 + TIE_BREAK * zlib.crc32(f"{p}|{d.years[t]}".encode()) / 2.0**32 for t in years] for p in d.partnerships]
    )


def spend_costs(session: Session, programme: Programme) -> Floats:
    """Give what the last stage minimises: weighted spending, and a touch more for each further band and what is
    carried.
    """
    d, x, column_of = programme.data, programme.decisions, session.column_of
    weights = tie_breaks(d, x.now.years)
    cost = np.zeros(len(session.cost))
    for p in range(len(d.partnerships)):
        for y, t in enumerate(x.now.years):
            terms = spend_terms(d, x, p, t)
            cost[column_of[terms.ids]] += weights[p, y] * terms.coefficients
    carried = column_of[x.ids["carry"]]
    cost[carried[carried >= 0]] += LEFT
    places = column_of[x.ids["places"]]
    bands = np.broadcast_to([float(b) for _, _, b in x.served], x.place_ids.shape).ravel()
    cost[places[places >= 0]] += BAND_ORDER * bands[places >= 0]
    return cost


def least_spend(session: Session, costs: Floats, *, last: bool = True) -> Answer:
    """Find the least spending at the grants held. costs: as spend_costs gives them.

    With hundreds of partnerships the usual way to scale may take thousands of steps, by the largest coefficient a fifth
    of them; 20 years end well only unscaled. Each way is tried from the same basis until one gives an answer that keeps
    closely to every limit; where none gives any, the usual one with all that it can fall back on.
    last: whether nothing else is tried after it; else it does without what it can fall back on.
    """
    session.set_costs(costs, maximise=False)
    basis, found = session.basis(), None
    for how, limit in ((None, QUICK), (BY_LARGEST, LONG), (UNSCALED, LONG)):
        session.start_from(basis)
        with session.scaled(how):
            answer = session.solve(primal=True, has_plan=True, once=True, limit=limit)
        if not session.goes_on:
            return answer
        if answer.outcome == "optimal":
            fine = session.solve_finely(answer)
            found = fine if found is None or fine.passed_by < found.passed_by else found
            if found.keeps_closely:
                return found
    if found is not None:
        return found
    session.start_from(basis)
    if not last:
        return answer
    return session.solve_finely(session.solve(primal=True, has_plan=True, limit=LONG))
