"""The goal `fairest` in all its rounds: raise the smallest share, then the smallest of the rest, until none is left.

Each round holds the shares that can go no further: those whose row has a price. Shares are columns of their own, in
thousandths, with what is held as their bounds: as rows of places, with shares far below 1, the holds of thirty rounds
are more than double precision bears.
"""

from __future__ import annotations

import numpy as np

from allocator.solving.session import INFINITE
from allocator.solving.solution import Row
from allocator.solving.stages import Stages
from allocator.tables.dataset import Floats, Integers

THOUSANDTHS = 1e3
HELD_IN_ROUNDS = 1e-7  # of a share, while the others are raised
HELD_AFTER = 1e-4  # of a share, in the stages that come after
PRICED = 1e-7  # prices of a round add up to 1; what is below is none


def fair_shares(stages: Stages) -> dict[int, float]:
    """Raise the share of each partnership compared as far as it goes; gives it by the number of its row.

    Leaves rows, columns and bounds as they were; the basis is that of the goal. Raises SolverError where a round does.
    """
    session, basis = stages.session, stages.session.basis()
    rows = [number for (rule, _), number in stages.row_of.items() if rule == stages.programme.goal.name]
    if not rows:  # nothing offered can help anybody
        return {}
    problem = session.problem()
    (shared,) = np.flatnonzero(session.cost)  # the goal is the smallest share and nothing else
    parts = [_part(problem.starts, problem.index, problem.value, row) for row in rows]
    # each share by itself: what bounds the smallest of all is no bound of those that go on
    ends = np.array(
        [
            _ends(session.upper, part, int(shared), float(problem.row_lower[row]))
            for row, part in zip(rows, parts, strict=True)
        ]
    )
    least, most = THOUSANDTHS * np.minimum(ends[:, 0], 0.0), THOUSANDTHS * ends[:, 1]
    shares = session.add_columns(most)
    (smallest,) = session.add_columns(np.array([most.max()])).tolist()
    session.set_bounds([*shares, smallest], np.append(least, least.min()), np.append(most, most.max()))
    session.add_rows(
        [
            Row(
                ("share",),
                np.where(columns == shared, share, columns),
                np.where(columns == shared, values / THOUSANDTHS, values),
                float(problem.row_lower[row]),
                INFINITE,
            )
            for row, share, (columns, values) in zip(rows, shares, parts, strict=True)
        ]
    )
    above = session.add_rows(
        [Row(("above",), np.array([share, smallest]), np.array([1.0, -1.0]), 0.0, INFINITE) for share in shares]
    )
    cost = np.zeros(session.size[1])
    cost[smallest] = 1.0
    found: dict[int, float] = {}
    waiting = np.ones(len(rows), dtype=bool)
    try:
        while waiting.any():
            session.set_costs(cost, maximise=True)
            answer = stages.checked(session.solve(primal=True, has_plan=True), "goal")
            reached = answer.objective
            priced = waiting & (np.abs(answer.duals[above]) > PRICED)
            if not priced.any():  # the smallest share is at the largest bound of any
                priced = waiting
            lowest = reached - HELD_IN_ROUNDS * max(abs(reached), 1.0)
            for n in np.flatnonzero(priced).tolist():
                found[rows[n]] = reached / THOUSANDTHS
            count = int(priced.sum())
            session.set_bounds(shares[priced], np.full(count, lowest), most[priced])
            session.set_rows(above[priced], np.full(count, -INFINITE), np.full(count, INFINITE))
            waiting &= ~priced
    finally:
        session.cut_back(*stages.size)
        session.start_from(basis)
    return found


def held_shares(stages: Stages, shares: dict[int, float], give_up: float) -> list[Row]:
    """Give rows that keep each share at what it reached, but for a ten-thousandth and what may be given up of it."""
    problem = stages.session.problem()
    (shared,) = np.flatnonzero(stages.session.cost)
    rows = []
    for number, share in shares.items():
        columns, values = _part(problem.starts, problem.index, problem.value, number)
        places = columns != shared
        neet = -float(values[~places].sum())
        least = share - (HELD_AFTER + give_up) * abs(share)
        side = float(problem.row_lower[number]) + neet * least
        _, key = stages.programme.rows[number]
        rows.append(Row(("hold", "share", *key.words), columns[places], values[places], side, INFINITE))
    return rows


def _ends(upper: Floats, part: tuple[Integers, Floats], shared: int, side: float) -> tuple[float, float]:
    """Give the smallest and the largest share that a row's places could come to. side: less what stands already."""
    columns, values = part
    reach, neet = values * np.where(columns == shared, 0.0, upper[columns]), -float(values[columns == shared][0])
    return float(reach[reach < 0].sum() - side) / neet, float(reach[reach > 0].sum() - side) / neet


def _part(starts: Integers, index: Integers, value: Floats, row: int) -> tuple[Integers, Floats]:
    """Give the columns of a row and their coefficients."""
    part = slice(int(starts[row]), int(starts[row + 1]))
    return index[part], value[part]
