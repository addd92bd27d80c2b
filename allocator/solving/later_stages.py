"""The stages after the goal, which make one plan of the best ones: then, redundancies, grants, again, spend.

Each holds what those before it reached. No weight stands between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.programme import goals
from allocator.register.goals import FAIREST
from allocator.solving.fairest import HELD_AFTER, fair_shares, held_shares
from allocator.solving.session import Answer, from_pounds, pounds
from allocator.solving.solution import GivenUp, Row, StageRecord
from allocator.solving.squares import Quietest, Squares, change_of_grants, least_squares
from allocator.solving.stages import Best, Stages, held
from allocator.solving.ties import alike, least_spend, means_of_alike
from allocator.tables.dataset import Floats, Integers

ROUND = 3.0  # times what the longest solve for the goal took: the most that one round of least squares may take
NOTHING = 1e-9  # FTE, £ thousand: what is no redundancy, and no change
# Fewer redundancies are held as if it were one, to a ten-millionth of an adviser. Of none, a hundred-millionth of that
# was less than what the solver leaves single decisions below nought: back within their bounds they broke the row.
ONE_ADVISER = 1.0
WITHIN_ROUNDING = 1e-6  # of a grant: what a certificate leaves a row, too
KEPT = 1e-6  # £ thousand, FTE, young people: what passes a limit by more may be a penny out when worked out again


@dataclass(frozen=True, eq=False)
class Reached:
    """What a stage after the goal reached, and what it stood on.

    stage: then, redundancies or grants. cost, maximise: its objective, of grants none since it is squares.
    rows: those that held what earlier stages had reached. optimum: in the stage's unit, without constants.
    duals: of the rows of the goal stage, and of `rows`.
    """

    stage: str
    cost: Floats
    maximise: bool
    rows: tuple[Row, ...]
    optimum: float
    duals: Floats


@dataclass(frozen=True, eq=False)
class Settled:
    """The one plan that the stages after the goal make of the best ones.

    values: of every column, within its bounds. reached: the stages that ended well, in order.
    squares, quietest: of the stage grants, where it ended well. given_up: None where nothing may be given up.
    """

    values: Floats
    reached: tuple[Reached, ...]
    squares: Squares | None
    quietest: Quietest | None
    given_up: GivenUp | None


def settle(stages: Stages, best: Best, *, to_grants: bool = False) -> Settled:
    """Solve the stages after the goal, until one plan is left; leaves the programme as stage 2 had it.

    to_grants: whether to end with the stage grants, where only redundancies and grants are asked for.

    Where one of redundancies, grants, again and spend ends without an answer, the plan of the stage before stands.
    Raises SolverError where `then` does.
    """
    session, programme = stages.session, stages.programme
    basis, grants = session.basis(), session.column_of[programme.decisions.ids["grant"]]
    lower, upper = session.lower[grants], session.upper[grants]
    later = _Later(stages, best)
    try:
        later.hold_goal()
        if programme.goal.then:
            later.then()
        later.redundancies()
        if programme.grants_set is None:
            later.grants()
        if programme.settings.goal.give_up and not to_grants:
            later.again()
        if not to_grants:
            later.spend()
    finally:
        session.cut_back(*stages.size)
        session.set_bounds(grants, lower, upper)
        session.start_from(basis)
    held_lower, held_upper = session.bounds()
    values = np.clip(later.latest.values[: stages.size[1]], held_lower, held_upper) + 0.0
    return Settled(
        values, tuple(later.reached), later.squares, later.quietest, _given_up(stages, best, later.allowed, values)
    )


def allowed(stages: Stages, best: Best) -> float:
    """Give by how much the plan's goal may be worse than the best, in its own unit.

    In all its rounds `fairest` holds shares to a ten-thousandth of themselves.
    """
    goal = stages.programme.settings.goal
    rounded = HELD_AFTER * abs(best.goal) if goal.measure == FAIREST.name and goal.rounds == "all" else 0.0
    return stages.part_of_goal(goal.give_up, best.goal) + rounded


def _given_up(stages: Stages, best: Best, allowed: float, values: Floats) -> GivenUp | None:
    if not stages.programme.settings.goal.give_up:
        return None
    goal, constant = float(stages.session.cost @ values), stages.programme.goal_constant
    lost = best.goal - goal if stages.session.maximise else goal - best.goal
    return GivenUp(stages.year, best.goal + constant, allowed, max(lost, 0.0))


class _Later:
    """The stages after the goal, one after another.

    latest: the answer of the last that ended well. held: the rows that hold what was reached, by their numbers.
    """

    def __init__(self, stages: Stages, best: Best) -> None:
        self.stages, self.session, self.programme = stages, stages.session, stages.programme
        self.best, self.latest = best, best.answer
        self.held: dict[int, Row] = {}
        self.reached: list[Reached] = []
        self.squares: Squares | None = None
        self.quietest: Quietest | None = None
        self.share = self.programme.settings.goal.give_up
        self.allowed = allowed(stages, best)
        self.shares: dict[int, float] | None = None  # of `fairest` in all its rounds, by the number of the share's row
        self.then_optimum: float | None = None
        self.grants_held: tuple[Integers, Floats] | None = None  # the columns, and what they are held at

    def hold(self, row: Row) -> int:
        """Put a row in that holds something, and give its number."""
        (number,) = self.session.add_rows([row]).tolist()
        self.held[number] = row
        return int(number)

    def hold_otherwise(self, number: int, row: Row) -> None:
        """Move the sides of a row that holds something."""
        self.session.set_rows([number], np.array([row.lower]), np.array([row.upper]))
        self.held[number] = row

    # --- the goal ------------------------------------------------------------------------------------------------

    def hold_goal(self) -> None:
        """Hold the goal at its best; of fairest in all its rounds every share at its own."""
        goal = self.programme.settings.goal
        if goal.measure == FAIREST.name and goal.rounds == "all":
            self.shares = fair_shares(self.stages)
            for row in held_shares(self.stages, self.shares, 0.0):
                self.hold(row)
        elif self.session.cost.any():
            self.hold(self.stages.held_goal(self.best.goal, self.best.goal))

    def then(self) -> None:
        """Find, of the best plans, the one that reduces most in all, and hold that."""
        cost = self.stages.then_costs()
        self.session.set_costs(cost, maximise=True)
        answer = self.stages.checked(self.session.solve(primal=True, has_plan=True), "then")
        programme = self.programme
        constant = goals.earlier_reduction(programme.data, programme.settings, programme.now)
        self.stages.note("then", answer, answer.objective + constant)
        self._reach("then", cost, answer, maximise=True)
        self.then_optimum = answer.objective
        if cost.any():
            self.hold(held(("hold", "then"), cost, answer.objective, answer.objective, maximise=True))

    def loosen(self) -> None:
        """Let the goal, and `then`, fall by what may be given up of them."""
        shares = () if self.shares is None else held_shares(self.stages, self.shares, self.share)
        loose = {row.key: row for row in shares}
        for number, row in list(self.held.items()):
            self.hold_otherwise(number, loose.get(row.key) or self._loosened(row))

    def _loosened(self, row: Row) -> Row:
        if row.key == ("hold", "goal"):
            return self.stages.held_goal(self.best.goal, self.stages.worse(self.best.goal, self.allowed))
        if row.key == ("hold", "then") and self.then_optimum is not None:
            limit = self.then_optimum - self.share * abs(self.then_optimum)
            return held(row.key, self.stages.then_costs(), self.then_optimum, limit, maximise=True)
        return row

    # --- redundancies and grants ---------------------------------------------------------------------------------

    def redundancies(self) -> None:
        """Find the fewest redundancies, and hold them."""
        if self.share:
            self.loosen()
        columns = self.session.column_of[self.programme.decisions.ids["redundancies"]]
        cost = np.zeros(self.stages.size[1])
        cost[columns[columns >= 0]] = 1.0
        made = float(cost @ self.latest.values[: len(cost)])
        if made <= NOTHING:
            self._not_needed("redundancies", cost)
        else:
            self.session.set_costs(cost, maximise=False)
            answer = self.session.solve(primal=True, has_plan=True)
            self.stages.note("redundancies", answer)
            if answer.outcome == "optimal":
                self.latest, made = answer, max(answer.objective, 0.0)
                self._reach("redundancies", cost, answer, maximise=False)
        if cost.any():
            key = ("hold", "redundancies")
            self.hold(held(key, cost, made, made, maximise=False, smallest=ONE_ADVISER))

    def grants(self) -> None:
        """Find the least change of grants by squares, give alike partnerships the mean of theirs, and hold them."""
        d, now, session = self.programme.data, self.programme.now, self.session
        columns = session.column_of[self.programme.decisions.ids["grant"]]
        squares = change_of_grants(d, now.years, now.money, columns)
        rows = tuple(self.held.values())
        if len(squares.columns):
            quietest = least_squares(session, squares, self.latest, ROUND * self.stages.longest)
            if quietest.outcome == "optimal":
                self.latest = quietest.answer
                self.squares, self.quietest = squares, quietest
                self.reached.append(
                    Reached(
                        "grants", np.zeros(0), maximise=False, rows=rows, optimum=quietest.value, duals=quietest.duals
                    )
                )
        grants = self.latest.values[columns].reshape(len(d.partnerships), len(now.years))
        means = means_of_alike(grants, alike(d, self.programme.settings, now))
        session.hold(columns, means.ravel())
        self.grants_held = (columns, means.ravel())
        if len(squares.columns):
            held_at = means.ravel()[squares.which]
            self.stages.note("grants", quietest.answer, float(squares.each(held_at).sum()))
        else:
            self._not_needed("grants")

    # --- again and spend -----------------------------------------------------------------------------------------

    def again(self) -> None:
        """Raise the goal, and then `then`, as far as redundancies and grants leave room, and hold them."""
        goal = (("hold", "goal"), self.session.cost, self.session.maximise)
        then = (("hold", "then"), self.stages.then_costs(), True)
        for key, cost, maximise in (goal, then) if self.then_optimum is not None else (goal,):
            if not cost.any():
                continue
            self.session.set_costs(cost, maximise=maximise)
            answer = self.session.solve(primal=True, has_plan=True)
            if key == goal[0]:
                self.stages.note("again", answer, answer.objective + self.stages.programme.goal_constant)
            if answer.outcome == "optimal":
                self.latest = answer
                self.hold(held(key, cost, answer.objective, answer.objective, maximise=maximise))

    def spend(self) -> None:
        """Find the plan that spends least with all this held.

        With thousands of partnerships the grants of one basis, worked out anew, differ by some pounds in tens of
        millions: where no plan is found at grants held to a thousandth of a pound, or none that keeps every limit by
        KEPT, they are held to WITHIN_ROUNDING.
        """
        wider = self.grants_held if self.session.goes_on else None
        answer = least_spend(self.session, self.stages.spend_costs(), last=wider is None)
        if wider is not None and (answer.outcome != "optimal" or answer.passed_by > KEPT):
            self.session.hold(*wider, share=WITHIN_ROUNDING)
            other = least_spend(self.session, self.stages.spend_costs())
            if answer.outcome != "optimal" or (other.outcome == "optimal" and other.passed_by < answer.passed_by):
                answer = other
        self.latest = answer if answer.outcome == "optimal" else self.latest
        self.stages.note("spend", answer, self._spent())

    def _spent(self) -> float:
        """Give what the plan that stands spends, fixed costs included, £."""
        d, x = self.programme.data, self.programme.decisions
        values = self.latest.values

        def total(family: str, y: int) -> float:
            return float(values[self.session.column_of[x.ids[family].reshape(len(d.partnerships), -1)[:, y]]].sum())

        carried_in = from_pounds(float(self.programme.now.carried_in.sum()))
        granted = sum(total("grant", y) - total("lapse", y) for y in range(len(x.now.years)))
        return pounds(carried_in + granted - total("carry", len(x.now.years) - 1))

    # --- what is told ----------------------------------------------------------------------------------------------

    def _reach(self, stage: str, cost: Floats, answer: Answer, *, maximise: bool) -> None:
        self.latest = answer
        self.reached.append(Reached(stage, cost, maximise, tuple(self.held.values()), answer.objective, answer.duals))

    def _not_needed(self, stage: str, cost: Floats | None = None) -> None:
        """Give a stage whose optimum is nothing, which the plan reaches already: no duals are needed to prove it."""
        self.stages.records.append(StageRecord(self.stages.year, stage, "not needed", 0.0, 0.0, 0))
        if cost is not None:
            duals = np.zeros(self.session.size[0])
            self.reached.append(
                Reached(stage, cost, maximise=False, rows=tuple(self.held.values()), optimum=0.0, duals=duals)
            )
