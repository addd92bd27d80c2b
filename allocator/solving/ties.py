"""What decides among plans that are equally good: least disruption of grants, then least spend."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from allocator.programme.rules.money import spend_terms
from allocator.scenario.distributions import grants_as_before
from allocator.solving.session import from_pounds

if TYPE_CHECKING:
    from allocator.programme.formulate import Programme
    from allocator.solving.session import Answer, Session
    from allocator.tables.dataset import DataSet, Floats, Integers

TIE_BREAK = 1e-3  # weight of the checksum that makes the least disturbed plan one plan
LEFT = 1e-6  # £ thousand a thousand carried on: what no plan needs next year is given back
BAND_ORDER = 1e-5  # £ thousand a place and band: bands fill in order among plans otherwise equal


def tie_breaks(d: DataSet, years: tuple[int, ...]) -> Floats:
    """1 + 0.001 * h[p, y]; h is the CRC-32 of "partnership|year" over 2^32: one plan among equals, on any machine."""
    return np.array(
        [[1.0 + TIE_BREAK * zlib.crc32(f"{p}|{d.years[t]}".encode()) / 2.0**32 for t in years] for p in d.partnerships]
    )


def least_disruption(session: Session, programme: Programme, grants: Integers, best: Answer) -> Answer:
    """Stage 3: the smallest weighted distance of the grants from their baseline shares of each year's money.

    grants: the columns of the grants, partnership by partnership, year by year. best: the goal stage's answer.
    """
    d, now = programme.data, programme.now
    reference = from_pounds(grants_as_before(d, now.money, now.years).ravel())
    return least_distance(session, grants, reference, tie_breaks(d, now.years).ravel(), best)


def least_distance(session: Session, grants: Integers, reference: Floats, weights: Floats, start: Answer) -> Answer:
    """The smallest weighted sum of |grant - reference|, £ thousand, that the rows allow.

    start: an answer that keeps every row, whose basis is the solver's now.
    """
    _, upper = session.boxes()
    more = session.add_columns(np.maximum(upper[grants] - reference, 0.0))
    less = session.add_columns(reference)
    rows = [
        session.add_row(columns, np.array([1.0, -1.0, 1.0]), kept, kept)
        for *columns, kept in zip(grants, more, less, reference, strict=True)
    ]
    cost = np.zeros(session.size[1])
    cost[more] = cost[less] = weights
    session.set_costs(cost, maximise=False)
    # Where a plan keeps every row, one of the two distances of each grant can stand in the basis at once: from there
    # the primal simplex takes a few dozen steps, the dual thousands (at ten times the reference 2 s against 33).
    session.start_with(np.where(start.values[grants] >= reference, more, less), rows)
    return session.solve(primal=True)


def spend_costs(session: Session, programme: Programme) -> Floats:
    """What stage 4 minimises: weighted spending, and a touch more for each further band and for what is carried on."""
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


def least_spend(session: Session, costs: Floats) -> Answer:
    """Stage 4: the least spending at the grants held. costs: as spend_costs gives them."""
    session.set_costs(costs, maximise=False)
    return session.solve_finely(session.solve(primal=True))
