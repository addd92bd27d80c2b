"""How firm a partnership's grant is: the range that good plans leave it, and what other amounts would cost."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.errors import NoPlan
from allocator.register import distributions
from allocator.register.distributions import FORMULA
from allocator.scenario.distributions import formula_grants, grants_as_before
from allocator.solving.session import GRANT_HELD, INFINITE, from_pounds, pounds

if TYPE_CHECKING:
    from allocator.tables.dataset import Floats, Integers
    from allocator.what_if.probe import Standing

WITHIN = 0.005  # of the best goal
ALIKE = 1000.0  # £: ranges whose ends are nearer are told as one


@dataclass(frozen=True)
class Other:
    """Another grant of the years together. amount: £. lost: goal given up, all else at its best; None: not allowed."""

    name: str
    amount: float
    lost: float | None

    def as_dict(self) -> dict[str, Any]:
        """The amount and what it would lose, for JSON."""
        return {"name": self.name, "amount": self.amount, "lost": self.lost}


@dataclass(frozen=True)
class Firmness:
    """The grant of some years together, £: its range in plans within WITHIN of the best, and in all plans.

    year: the one year planned, where planning is year on year; else blank.
    """

    partnership: str
    year: str
    grant: float
    smallest: float
    largest: float
    lowest: float
    highest: float
    others: tuple[Other, ...]

    @property
    def all_that_is_allowed(self) -> bool:
        """Whether the rules leave no grant that a good plan could not have."""
        return self.smallest - self.lowest < ALIKE and self.highest - self.largest < ALIKE

    def as_dict(self) -> dict[str, Any]:
        """The ranges and other amounts with their documented keys, for JSON."""
        return {
            "partnership": self.partnership,
            "year": self.year,
            "grant": self.grant,
            "smallest": self.smallest,
            "largest": self.largest,
            "lowest_allowed": self.lowest,
            "highest_allowed": self.highest,
            "others": [other.as_dict() for other in self.others],
        }


def firmness(standing: Standing, p: int, *, others: bool = True) -> Firmness | None:
    """The range of a partnership's grant and the cost of four other amounts; None where the distribution sets it.

    others: whether the four amounts are solved, too. The soft rules fall no further short than in the plan.
    Raises SolverError where the solver ends without an answer.
    """
    programme, session = standing.programme, standing.session
    d, s = programme.data, programme.settings
    if not distributions.of(s).free:
        return None
    years = standing.carried_out
    columns = standing.grant_columns(p, years)
    cost = np.zeros(len(session.cost))
    cost[columns] = 1.0

    def extreme(*, largest: bool) -> float:
        session.set_costs(cost, maximise=largest)
        return pounds(standing.stages.checked(session.solve(primal=True), "firmness").objective)

    try:
        _allow_goal(standing)
        smallest, largest = extreme(largest=False), extreme(largest=True)
        session.cut_back(*standing.stages.size)
        lowest, highest = extreme(largest=False), extreme(largest=True)
    finally:
        session.cut_back(*standing.stages.size)
        standing.restore()
    grant = pounds(float(standing.values[columns].sum()))
    told: list[Other] = []
    if others:
        told.append(Other("lowest allowed", lowest, _lost(standing, columns, np.array([lowest]))))
        for name, by_year in _known(standing, p):
            told.append(Other(name, float(by_year.sum()), _lost(standing, columns, by_year)))
        told.append(Other("highest allowed", highest, _lost(standing, columns, np.array([highest]))))
    year = "" if s.certainty.kind == "settlement" else d.years[years[0]]
    return Firmness(d.partnerships[p], year, grant, smallest, largest, lowest, highest, tuple(told))


def _allow_goal(standing: Standing) -> None:
    """A row that keeps the goal within WITHIN of the best, constants included, scaled as the stages' own."""
    session, programme, best = standing.session, standing.programme, standing.best.goal
    used = np.flatnonzero(session.cost)
    largest = float(np.abs(session.cost).max(initial=0.0))
    if not largest:
        return
    give = WITHIN * abs(best + programme.goal_constant)
    if session.maximise:
        session.add_row(used, session.cost[used] / largest, (best - give) / largest, INFINITE)
    else:
        session.add_row(used, session.cost[used] / largest, -INFINITE, (best + give) / largest)


def _known(standing: Standing, p: int) -> list[tuple[str, Floats]]:
    """The formula's grants, where there is one, shares as before, and last year's each year: £ by year carried out."""
    programme = standing.programme
    d, s, now = programme.data, programme.settings, programme.now
    count = len(standing.carried_out)
    known = []
    if s.grants.formula.young_people + s.grants.formula.neet + s.grants.formula.baseline > 0:
        with suppress(NoPlan):  # where its guaranteed minimums are more than the money there is no formula's grant
            known.append((FORMULA.name, formula_grants(d, s, now.money, now.grants_before, now.years)[p, :count]))
    last_year = np.full(count, now.grants_before[p])
    as_before = grants_as_before(d, now.money[:count], now.years[:count])[p]
    return [*known, ("shares as before", as_before), ("last year's", last_year)]


def _lost(standing: Standing, columns: Integers, amounts: Floats) -> float | None:
    """What the goal gives up with these grants, all else at its best; None where no plan has them.

    amounts: £, by year, or one amount for all of the years together.
    """
    session, held = standing.session, from_pounds(amounts)
    together = len(amounts) < len(columns)
    try:
        if together:
            session.add_row(columns, np.ones(len(columns)), held[0] - GRANT_HELD, held[0] + GRANT_HELD)
        else:
            session.set_bounds(columns, held - GRANT_HELD, held + GRANT_HELD)
        answer = session.solve()
        if answer.outcome == "infeasible":
            return None
        lost = standing.stages.checked(answer, "firmness").objective - standing.best.goal
        return max(-lost if session.maximise else lost, 0.0)
    finally:
        session.cut_back(*standing.stages.size)
        standing.restore()
