"""One solved programme in the solver, asked about single rows and grants; every question leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np

from allocator.errors import NoPlan
from allocator.no_plan.conflict import loose_columns
from allocator.register import RULES, Place, Rule
from allocator.runs.findings import GoalChange
from allocator.solving.planned import Planned
from allocator.solving.session import INFINITE, from_pounds, pounds
from allocator.solving.stages import Best
from allocator.tables.dataset import Integers
from allocator.tolerances import NOTHING
from allocator.what_if.questions import gained


class Probe:
    """A programme as it was planned: a settlement's, or that of one year.

    values: of every column. best: stages 1 and 2 solved again from where they ended. room: of every row, in its
    rule's unit.
    carried_out: indices of the years of the data whose plan is carried out as it stands here.
    """

    def __init__(self, planned: Planned, partnership: str) -> None:
        """Take a plan as solve_data gave it, with nothing changed since. partnership: whose limits are moved."""
        self.stages, self.values = planned.stages, planned.values
        self.programme, self.session = planned.stages.programme, planned.stages.session
        self.best = self.stages.best()
        self._basis, self._starts = self.session.basis(), self.stages.starts
        self.problem = self.session.problem()
        self.units = self.stages.row_units  # of each row: what one in the solver is in its rule's unit
        self.room = self.problem.room(self.values) * self.units
        self._loosened = loose_columns(self.stages, partnership)
        settled = self.programme.settings.certainty.kind == "settlement"
        self.carried_out = self.programme.now.years if settled else self.programme.now.years[:1]

    def restore(self) -> None:
        """Put the sides of all rows and the goal back, and the basis of the plan."""
        everywhere = np.arange(len(self.problem.row_lower))
        self.session.set_rows(everywhere, self.problem.row_lower, self.problem.row_upper)
        self.session.set_bounds(np.arange(len(self.problem.lower)), self.problem.lower, self.problem.upper)
        self.session.set_costs(self.session.cost, maximise=self.session.maximise)
        self.session.start_from(self._basis)
        self.stages.starts = self._starts

    @contextmanager
    def changed(
        self, rows: Mapping[int, float] | None = None, bounds: Mapping[int, tuple[float, float]] | None = None
    ) -> Iterator[None]:
        """Move the limits of some rows by an amount, in their rules' units, and set the bounds of some grants, in £.

        Where a rule makes the partnership's bounds as tight as they are, they are loosened with its limit.
        """
        problem = self.problem
        loosening = bool(bounds) or any(RULES[self.programme.rows[row][0]].bounds_one for row in rows or {})
        loosened = self._loosened if loosening else self._loosened[:0]
        try:
            self.session.set_bounds(loosened, np.zeros(len(loosened)), np.full(len(loosened), INFINITE))
            for row, by in (rows or {}).items():
                added = by / float(self.units[row])
                self.session.set_rows([row], problem.row_lower[[row]] + added, problem.row_upper[[row]] + added)
            for column, (lower, upper) in (bounds or {}).items():
                self.session.set_bounds([column], from_pounds(np.array([lower])), from_pounds(np.array([upper])))
            yield
        finally:
            self.restore()

    def side(
        self, rows: Mapping[int, float] | None = None, bounds: Mapping[int, tuple[float, float]] | None = None
    ) -> GoalChange | None:
        """Give what the best plan gains with limits moved and bounds set; None where there is no plan."""
        with self.changed(rows, bounds):
            best = self.solved()
        return None if best is None else gained(self.best, best)

    def solved(self) -> Best | None:
        """Solve stages 1 and 2 as the programme stands; None where there is no plan."""
        try:
            return self.stages.best(primal=True)
        except NoPlan:
            return None

    def binds(self, row: int) -> bool:
        """Say whether a row leaves no room, to a millionth of its limit."""
        sides = [side for side in (self.problem.row_lower[row], self.problem.row_upper[row]) if np.isfinite(side)]
        limit = max((abs(float(side)) for side in sides), default=0.0)
        return float(self.room[row] / self.units[row]) <= NOTHING * max(1.0, limit)

    def limit(self, row: int) -> float:
        """Give the finite side of a row, in its rule's unit."""
        upper = float(self.problem.row_upper[row])
        return float(self.units[row]) * (upper if np.isfinite(upper) else float(self.problem.row_lower[row]))

    def asks(self, row: int) -> bool:
        """Say whether a row asks for at least an amount."""
        return not np.isfinite(self.problem.row_upper[row])

    def row(self, rule: Rule, place: Place) -> int | None:
        """Give the number of a row; None where the programme has none."""
        return self.stages.row_of.get((rule.name, place))

    def grant_columns(self, p: int, years: Sequence[int]) -> Integers:
        """Give the columns of a partnership's grants in some years."""
        x = self.programme.decisions
        return self.session.column_of[[x.grant[p, t].id for t in years]]

    def grant(self, p: int, t: int) -> float:
        """Give a grant of the plan, £."""
        return pounds(float(self.values[self.grant_columns(p, [t])[0]]))
