"""The goals in order: keep the soft rules, reach the goal, disturb little, spend little.

Stages keeps the programme in the solver, so that it can be changed a little and solved again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pulp

from allocator.errors import AllocatorError, NoPlan, SolverError
from allocator.programme.bounds import boxes
from allocator.programme.builders import RULE_BUILDERS
from allocator.programme.formulate import rows_of
from allocator.register import RULES
from allocator.scenario.distributions import formula_of_blend
from allocator.solving.session import INFINITE, Answer, Session, from_pounds, pounds
from allocator.solving.solution import StageProof, StageRecord
from allocator.solving.ties import least_disruption, least_spend, spend_costs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from allocator.programme.formulate import Programme
    from allocator.programme.situation import Situation
    from allocator.scenario.settings import Settings
    from allocator.solving.solution import LinearProblem
    from allocator.tables.dataset import DataSet, Floats, Integers

HOLD = 1e-7  # slack with which a stage's optimum is held, relative to it
SMALLEST_HELD = 1e-2  # optima below it are held as if they were it
LEAST_SLACK = 1e-5  # of a row that holds an optimum, in its own unit: a hundred times the solver's tolerance


@dataclass(frozen=True, eq=False)
class Best:
    """What stages 1 and 2 reach.

    soft: smallest sum of shortfalls, each a share of its requirement. goal: the goal's optimum, without constants.
    duals: of the goal stage; soft_duals: of the soft stage (zeros where no shortfall is needed).
    """

    soft: float
    goal: float
    answer: Answer
    soft_duals: Floats


def _session(programme: Programme, solver: str, time_limit: float) -> Session:
    if solver == Session.solver:
        return Session(programme, time_limit)
    from allocator.solving.other_solver import OtherSession  # only who names another solver needs it

    return OtherSession(programme, solver, time_limit)


class Stages:
    """One programme in the solver, and its stages.

    year: the year planned where planning is year on year, named in records and proofs; else blank.
    records: how every stage solved so far went.
    """

    def __init__(self, programme: Programme, solver: str, time_limit: float, year: str = "") -> None:
        """Load the programme; raises UsageError where there is no such solver."""
        self.programme = programme
        self.session = session = _session(programme, solver, time_limit)
        self.year = year
        self.records: list[StageRecord] = []
        self.row_of = {key: number for number, key in enumerate(programme.rows)}
        self.short: Integers = session.column_of[[s.variable.id for s in programme.shortfalls]]
        self.share: Floats = np.array([1.0 / s.required for s in programme.shortfalls])
        # The row that will hold stage 1's optimum; until then it says nothing. It counts in the smallest requirement
        # and not in shares, so that its slack is well above the solver's tolerance: with less, later stages got stuck.
        self._hold_unit = float(1e3 / self.share.max(initial=0.0)) if len(self.short) else 1.0
        self._no_limit = float((self.share * session.upper[self.short]).sum()) + 1.0
        if len(self.short):
            shares = self.share * self._hold_unit
            self._hold_row = session.add_row(self.short, shares, -INFINITE, self._no_limit * self._hold_unit)
        self.size = session.size
        # what a unit of each row in the solver is in the rule's own: money is in thousands there
        in_pounds = [rule in RULES and RULES[rule].unit_at(place) == "£" for rule, place in programme.rows]
        self.row_units: Floats = np.ones(self.size[0])
        self.row_units[: len(in_pounds)][in_pounds] = pounds(1.0)
        self.needs_soft = False  # whether the last plan could not keep every soft rule
        self._spend_costs: Floats | None = None  # of stage 4, which only other data change
        # where stages 1 and 2 last ended with a shortfall: asked again, each goes on from its own basis
        self._ended: dict[str, Any] = {}

    # --- stages 1 and 2 ------------------------------------------------------------------------------------------

    def best(self, *, primal: bool = False) -> Best:
        """Solve stages 1 and 2 as the programme now stands, from the last basis.

        primal: begin with the primal simplex: with boxes thrown open it sees in a few steps that there is no plan.
        Raises NoPlan where no plan keeps the rules (said only after solving again without presolve), SolverError
        where the solver ends without an answer.
        """
        soft, soft_duals = 0.0, np.zeros(self.size[0])
        if len(self.short):
            if not self.needs_soft:
                answer = self._goal_without_shortfall(primal=primal)
                if answer is not None:
                    return Best(0.0, answer.objective, answer, soft_duals)
            answer = self._soft(primal=primal)
            soft, soft_duals = max(answer.objective, 0.0), answer.duals
            self.needs_soft = soft > HOLD
        self._go_on("goal")
        answer = self.checked(self._goal(primal=primal), "goal")
        self._note("goal", answer)
        self._ended["goal"] = self.session.basis()
        return Best(soft, answer.objective, answer, soft_duals)

    def _go_on(self, stage: str) -> None:
        if len(self.short) and stage in self._ended:
            self.session.start_from(self._ended[stage])

    def _goal(self, *, primal: bool) -> Answer:
        self.session.set_costs(self.session.cost, maximise=self.session.maximise)
        return self.session.solve(primal=primal)

    def _allow_shortfall(self, upper: Floats, limit: float) -> None:
        self.session.set_bounds(self.short, np.zeros(len(upper)), upper)
        self.session.set_rows([self._hold_row], np.array([-INFINITE]), np.array([limit * self._hold_unit]))

    def allow_any_shortfall(self) -> None:
        """Let every soft rule fall short by all that it asks, as stage 1 does."""
        if len(self.short):
            self._allow_shortfall(self.session.upper[self.short], self._no_limit)

    def _goal_without_shortfall(self, *, primal: bool) -> Answer | None:
        """Solve the goal with every shortfall fixed at 0; where that can be done, stage 1 needs no solve of its own."""
        self._allow_shortfall(np.zeros(len(self.short)), self._no_limit)
        answer = self._goal(primal=primal)
        if answer.outcome == "infeasible":
            return None
        self.records.append(StageRecord(self.year, "soft", "not needed", 0.0, 0.0, 0))
        self._note("goal", answer)
        return self.checked(answer, "goal")

    def soft_costs(self) -> Floats:
        """What stage 1 minimises: each shortfall as a share of its requirement."""
        cost = np.zeros(self.size[1])
        cost[self.short] = self.share
        return cost

    def _soft(self, *, primal: bool) -> Answer:
        """Stage 1: the smallest sum of shortfalls; then hold it."""
        self.allow_any_shortfall()
        self.session.set_costs(self.soft_costs(), maximise=False)
        self._go_on("soft")
        answer = self.checked(self.session.solve(primal=primal), "soft")
        self._note("soft", answer)
        self._ended["soft"] = self.session.basis()
        least = max(answer.objective, 0.0)
        self._allow_shortfall(self.session.upper[self.short], least + HOLD * max(1.0, least))
        return answer

    def checked(self, answer: Answer, stage: str) -> Answer:
        """The answer, where it is one; else raises NoPlan or SolverError as best() does."""
        where = f"stage {stage} {self.year}".strip()
        if answer.outcome == "infeasible" and answer.presolved:
            answer = self.session.solve_without_presolve()
            if answer.outcome != "infeasible" and self.session.solver != "HiGHS":
                fix = "Leave solver.name out for HiGHS."
                raise SolverError(where, f"{self.session.solver} finds no plan where HiGHS does", "an answer", fix)
        if answer.outcome == "infeasible":
            raise NoPlan(self.year or "rules", "no plan keeps all the rules")
        if answer.outcome == "out of time":
            limit = self.session.time_limit
            raise SolverError(where, f"found no answer within {limit:g} seconds", "one", "Raise solver.time_limit.")
        if answer.outcome != "optimal":
            fix = "Look for amounts of very different size in the data, or name another solver."
            raise SolverError(where, f"the solver ended {answer.outcome}", "an answer", fix)
        return answer

    # --- stages 3 and 4 ------------------------------------------------------------------------------------------

    def settle(self, best: Best) -> Floats:
        """Stages 3 and 4: of the best plans the least disturbed, of those the one that spends least.

        Gives the plan's value of every column, inside its box, and leaves the programme as stage 2 had it.
        """
        session, programme = self.session, self.programme
        basis = session.basis()
        grants = session.column_of[programme.decisions.ids["grant"]]
        lower, upper = session.lower[grants], session.upper[grants]
        standing = best.answer
        self._hold_goal(best.goal)
        if programme.grants_set is None:
            answer = least_disruption(session, programme, grants, best.answer)
            self._note("disruption", answer)
            standing = answer if answer.outcome == "optimal" else standing
            session.hold(grants, standing.values[grants])
        if self._spend_costs is None:
            self._spend_costs = spend_costs(session, programme)
        answer = least_spend(session, self._spend_costs)
        self._note("spend", answer)
        standing = answer if answer.outcome == "optimal" else standing
        session.cut_back(*self.size)
        session.set_bounds(grants, lower, upper)
        session.start_from(basis)
        held_lower, held_upper = session.boxes()
        return np.clip(standing.values[: self.size[1]], held_lower, held_upper) + 0.0

    def _hold_goal(self, optimum: float) -> None:
        """One row that keeps the goal's optimum, scaled so that the solver's tolerance is far below its slack.

        Below 1 the slack goes down with the optimum: a share of 0.01 would else lose a hundred-thousandth of itself.
        """
        cost = self.session.cost
        used, largest = np.flatnonzero(cost), float(np.abs(cost).max(initial=0.0))
        if not largest:
            return
        slack = HOLD * max(SMALLEST_HELD, abs(optimum))
        factor = max(1.0 / largest, LEAST_SLACK / slack)
        if self.session.maximise:
            self.session.add_row(used, cost[used] * factor, (optimum - slack) * factor, INFINITE)
        else:
            self.session.add_row(used, cost[used] * factor, -INFINITE, (optimum + slack) * factor)

    # --- what certifies it ---------------------------------------------------------------------------------------

    def problem_of(self, cost: Floats, *, maximise: bool) -> tuple[LinearProblem, bytes]:
        """The programme as it stands with a stage's costs: as arrays, and as the solver writes it."""
        self.session.set_costs(cost, maximise=maximise)
        return self.session.problem(), self.session.write()

    def proofs(self, best: Best, values: Floats) -> tuple[StageProof, ...]:
        """What certifies the soft stage, where there is one, and the goal stage: for the plan `values`."""
        columns = self.session.columns
        rows = tuple((rule, *place.words) for rule, place in self.programme.rows)
        if len(self.short):
            rows += (("hold", "soft"),)
        problem, text = self.problem_of(self.session.cost, maximise=self.session.maximise)
        goal = StageProof("goal", self.year, problem, values, best.answer.duals, columns, rows, text)
        if not len(self.short):
            return (goal,)
        allowed = problem.upper[self.short]
        limit = float(problem.row_upper[self._hold_row]) / self._hold_unit
        self._allow_shortfall(self.session.upper[self.short], self._no_limit)
        problem, text = self.problem_of(self.soft_costs(), maximise=False)
        self._allow_shortfall(allowed, limit)
        self.session.set_costs(self.session.cost, maximise=self.session.maximise)
        return StageProof("soft", self.year, problem, values, best.soft_duals, columns, rows, text), goal

    # --- asked again, with something changed ----------------------------------------------------------------------

    def restate(
        self,
        families: Iterable[str],
        *,
        data: DataSet | None = None,
        settings: Settings | None = None,
        now: Situation | None = None,
        grants_set: Floats | None = None,
        coefficients: bool = False,
    ) -> None:
        """Put other amounts into the programme in place: the sides of the rows of some rules, and all boxes.

        families: the rules whose sides change; their coefficients change only where coefficients says so. A row that
        its rule no longer yields (it is off, its limit is gone, the grants are now set) says nothing any more.
        grants_set: [p, y] £ to fix every grant at, where the distribution now sets them. What is not given stays.
        Raises NoPlan where the formula of a blend can set no grants, AllocatorError where a rule yields a row that the
        programme was built without, or a soft rule asks for another amount: for these it has to be built anew.
        """
        old = self.programme
        now = old.now if now is None else now
        grants_set = old.grants_set if grants_set is None else grants_set
        d, s = data or old.data, settings or old.settings
        formula = formula_of_blend(d, s, now.money, now.grants_before, now.years) if grants_set is None else None
        x = old.decisions.seen_with(d, s, now, grants_set, formula)
        if d is not old.data:
            self._spend_costs = None
        self.programme = replace(old, data=d, settings=s, now=now, decisions=x, grants_set=grants_set)
        rows, lower, upper = self._sides(tuple(dict.fromkeys(families)), coefficients=coefficients)
        self.session.set_rows(rows, lower, upper)
        uppers = x.uppers(d, boxes(d, s, now, grants_set))
        top = np.concatenate(list(uppers.values()))
        bottom = np.zeros(len(top))
        if grants_set is not None:
            granted = np.concatenate([np.full(len(bounds), name == "grant") for name, bounds in uppers.items()])
            bottom[granted] = from_pounds(grants_set.ravel())
        where = self.session.column_of[: len(top)]  # the families' variables are made first, in this order
        used = where >= 0
        self.session.box(where[used], bottom[used], top[used])

    def _sides(self, families: tuple[str, ...], *, coefficients: bool) -> tuple[Integers, Floats, Floats]:
        """The rows of some rules and the two sides that the rules now give them; puts their coefficients if asked."""
        sides = {number: (-INFINITE, INFINITE) for (rule, _), number in self.row_of.items() if rule in families}
        programme = self.programme
        required = {(short.rule, short.place): short.required for short in programme.shortfalls}
        before = self.session.problem() if coefficients else None
        for name in families:
            rule = RULE_BUILDERS[name]
            for place, row in rows_of(rule, programme.data, programme.settings, programme.decisions, and_met=True):
                number, right = self.row_of.get((name, place)), -row.constant
                if number is None and (rule.record.in_bounds or (rule.record.kind == "requirement" and right <= 0)):
                    continue  # bounds hold grants that are set now; nothing holds what is met
                if number is None or required.get((name, place), right) != right:
                    raise AllocatorError(f"rule {name}, {place}", "found it changed", "a programme built anew")
                sides[number] = (
                    -INFINITE if row.sense == pulp.LpConstraintLE else right,
                    INFINITE if row.sense == pulp.LpConstraintGE else right,
                )
                if before is not None:
                    self._put_coefficients(number, row, before)
        numbers = np.array(list(sides), dtype=np.int64)
        both = np.array(list(sides.values())).reshape(-1, 2)
        return numbers, both[:, 0], both[:, 1]

    def _put_coefficients(self, number: int, row: pulp.LpAffineExpression, before: LinearProblem) -> None:
        """Give a row the coefficients that its rule now yields; its shortfall's stays."""
        now = {int(self.session.column_of[variable.id]): float(value) for variable, value in row.items()}
        held = before.index[before.starts[number] : before.starts[number + 1]].tolist()
        gone = set(held) - set(now) - set(self.short.tolist())
        for column, value in {**now, **dict.fromkeys(sorted(gone), 0.0)}.items():
            self.session.set_coefficient(number, column, value)

    def _note(self, stage: str, answer: Answer) -> None:
        record = StageRecord(self.year, stage, answer.outcome, answer.objective, answer.seconds, answer.iterations)
        self.records.append(record)

    def values_by_key(self, values: Floats) -> Floats:
        """Values of the columns, by the place of each variable among the programme's keys."""
        whole = np.zeros(len(self.session.column_of))
        used = self.session.column_of >= 0
        whole[used] = values[self.session.column_of[used]]
        return whole
