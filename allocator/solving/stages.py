"""The first stages: keep the soft rules, then reach the goal. What comes after is in later_stages.

Stages keeps the programme in the solver, so that it can be changed a
little and solved again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pulp

from allocator.errors import AllocatorError, NoPlan, SolverError
from allocator.programme import goals
from allocator.programme.bounds import upper_bounds
from allocator.programme.builders import RULE_BUILDERS
from allocator.programme.formulate import Programme, rows_of
from allocator.programme.situation import Situation
from allocator.register import RULES
from allocator.scenario.distributions import formula_of_blend
from allocator.scenario.settings import Settings
from allocator.solving.from_prices import about, first_basis
from allocator.solving.session import INFINITE, Answer, Limit, Session, Sides, from_pounds, pounds
from allocator.solving.solution import LinearProblem, Row, StageRecord
from allocator.solving.ties import spend_costs
from allocator.tables.dataset import DataSet, Floats, Integers
from allocator.time_left import seconds_left

HOLD = 1e-7  # slack with which a stage's optimum is held, relative to it
SMALLEST_HELD = 1e-2  # optima below it are held as if they were it
NO_PRICE = 1e-12  # of a row or column: what is rounding
LEAST_SLACK = 1e-5  # of a row that holds an optimum, in its own unit: a hundred times the solver's tolerance
# Steps within which what is asked again is answered where it is near; else it begins from the goal. A change of the
# national amounts took a few dozen at 470 partnerships (33,000 rows), where without any redundancies 9,000 did not do.
LEAST_STEPS_NEAR, ROWS_A_STEP_NEAR = 200, 100
# What a soft rule's falling short costs the goal where both are sought at once: in the largest requirement's unit, and
# at most; times the largest cost of the goal. Were it too little, the stages after it take more steps, and that is all.
PRICE_OF_LARGEST, HIGHEST_PRICE = 1e3, 1e4


@dataclass(frozen=True, eq=False)
class Best:
    """What stages 1 and 2 reach.

    soft: smallest sum of shortfalls, each a share of its requirement. goal: the goal's optimum, without constants.
    duals: of the goal stage; soft_duals: of the soft stage (zeros where no shortfall is needed).
    soft_rows: what the soft stage's problem has beside the goal stage's: the row that keeps the goal from falling far.
    """

    soft: float
    goal: float
    answer: Answer
    soft_duals: Floats
    soft_rows: tuple[Row, ...] = ()


def _session(programme: Programme, solver: str, time_limit: float) -> Session:
    if solver == Session.solver:
        return Session(programme, time_limit)
    from allocator.solving.other_solver import OtherSession  # only who names another solver needs it

    return OtherSession(programme, solver, time_limit)


def held(
    key: tuple[str, ...],
    cost: Floats,
    optimum: float,
    limit: float,
    *,
    maximise: bool,
    smallest: float = SMALLEST_HELD,
) -> Row:
    """Give a row that keeps an objective at a limit, or better.

    It is scaled so that the solver's tolerance is far below its slack. Below 1 the slack goes down with the optimum:
    a share of 0.01 would else lose a hundred-thousandth of itself. smallest: optima below it are held as if they were
    it; the slack has to be well above what the solver may leave each decision below its bounds.
    """
    used, largest = np.flatnonzero(cost), float(np.abs(cost).max(initial=0.0))
    slack = HOLD * max(smallest, abs(optimum))
    factor = max(1.0 / largest, LEAST_SLACK / slack) if largest else 1.0
    if maximise:
        return Row(key, used, cost[used] * factor, (limit - slack) * factor, INFINITE)
    return Row(key, used, cost[used] * factor, -INFINITE, (limit + slack) * factor)


@dataclass(frozen=True, eq=False)
class Least:
    """The smallest sum of shortfalls, what proved it, and the sides it was found with.

    duals: of the rows, and reduced costs of the columns; above 0 what stands at its lower side.
    """

    value: float
    duals: Floats
    reduced_costs: Floats
    sides: Sides

    def stays(self, now: Sides) -> bool:
        """Say whether the same duals prove the same sum with other sides: then none smaller can be had."""
        then, change = self.sides, 0.0
        if then.matrix != now.matrix or [len(a) for a in then[1:]] != [len(a) for a in now[1:]]:
            return False
        of_rows = (self.duals, then.row_lower, then.row_upper, now.row_lower, now.row_upper)
        of_columns = (self.reduced_costs, then.lower, then.upper, now.lower, now.upper)
        for prices, lower, upper, lower_now, upper_now in (of_rows, of_columns):
            for at, was, is_now in ((prices > NO_PRICE, lower, lower_now), (prices < -NO_PRICE, upper, upper_now)):
                if not (np.isfinite(was[at]).all() and np.isfinite(is_now[at]).all()):
                    return False  # a price on a side that is nowhere is the solver's rounding, and proves nothing
                change += float(prices[at] @ (is_now[at] - was[at]))
        return abs(change) <= HOLD * max(SMALLEST_HELD, self.value)


@dataclass(frozen=True, eq=False)
class Starts:
    """What is asked again goes on from here: whether soft rules fell short last, and the bases of the last plan.

    needs_soft: None before the first time. any_shortfall: the goal at its best with any shortfall allowed, at a price
    or for nothing. least_shortfall, goal: of the two stages where soft rules fell short. With other sides of rows both
    stay bases of the dual simplex, which then takes a few steps. least: what the first of them found.
    """

    needs_soft: bool | None = None
    any_shortfall: Any = None
    least_shortfall: Any = None
    goal: Any = None
    least: Least | None = None


class Stages:
    """One programme in the solver, and its stages.

    year: the year planned where planning is year on year, named in records and proofs; else blank.
    records: how every stage solved so far went. starts: who asks something in between puts them back.
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
        self.starts = Starts()
        self.longest = 0.0  # seconds: of the solves for the goal, by which those after it are bounded
        # of the last stage and of `then`, which only other data change
        self._spend_costs: Floats | None = None
        self._then_costs: Floats | None = None

    # --- stages 1 and 2 ------------------------------------------------------------------------------------------

    def best(self, *, primal: bool = False) -> Best:
        """Solve stages 1 and 2 as the programme now stands, from the last basis.

        primal: begin with the primal simplex: with bounds thrown open it sees in a few steps that there is no plan.
        Raises NoPlan where no plan keeps the rules (said only after solving again without presolve), SolverError
        where the solver ends without an answer.
        """
        nothing = np.zeros(self.size[0])
        if not len(self.short):
            answer = self._best_goal(primal=primal)
            return Best(0.0, answer.objective, answer, nothing)
        dearest = self._dearest(primal=primal)
        if not self.starts.needs_soft:
            whole = self._goal_without_shortfall(primal=primal) if self._may_do_without(dearest) else None
            if whole is not None and self._affordable(whole.objective, dearest):
                self.starts = replace(self.starts, needs_soft=False)
                self.records.append(StageRecord(self.year, "soft", "not needed", 0.0, 0.0, 0))
                self.note("goal", whole, whole.objective + self.programme.goal_constant)
                return Best(0.0, whole.objective, whole, nothing)
        elif dearest is None and (same := self._with_the_same_shortfall()) is not None:
            return same
        soft, soft_rows = self._soft(dearest, primal=primal)
        self.starts = replace(self.starts, needs_soft=soft.objective > HOLD)
        answer = self._goal_with_shortfall()
        return Best(max(soft.objective, 0.0), answer.objective, answer, soft.duals, soft_rows)

    @contextmanager
    def with_a_row(self, columns: Integers, coefficients: Floats, lower: float, upper: float) -> Iterator[None]:
        """Keep a row beside those of the rules while the stages are asked.

        No stage takes it away with rows of its own, and none goes on from a basis without it.
        """
        size, starts = self.size, self.starts
        self.session.add_row(columns, coefficients, lower, upper)
        self.size, self.starts = self.session.size, Starts()
        try:
            yield
        finally:
            self.session.cut_back(*size)
            self.size, self.starts = size, starts

    def _with_the_same_shortfall(self) -> Best | None:
        """Solve stage 2 alone where stage 1 would find what it last found; None where that is not known.

        Its duals prove that no less can be had, and the goal's plan that no more is needed.
        """
        least = self.starts.least
        if least is None or not least.stays(self.session.sides()):
            return None
        self._hold_shortfall(least.value)
        self.session.set_costs(self.session.cost, maximise=self.session.maximise)
        answer = self._solve_near(self.starts.goal)
        if answer is None:
            return None
        self.note("goal", answer, answer.objective + self.programme.goal_constant)
        return Best(least.value, answer.objective, answer, least.duals)

    def _goal_with_shortfall(self) -> Answer:
        """Solve stage 2 with the smallest sum of shortfalls held: from where it last ended, or where stage 1 ends."""
        self.session.set_costs(self.session.cost, maximise=self.session.maximise)
        answer = self._solve_near(self.starts.goal)
        if answer is None:
            answer = self.checked(self.session.solve(primal=True, has_plan=True), "goal")
        if self.session.goes_on:
            self.starts = replace(self.starts, goal=self.session.basis())
        self.note("goal", answer, answer.objective + self.programme.goal_constant)
        return answer

    def _solve_near(self, start: Any) -> Answer | None:
        """Solve as it stands from a basis of an answer near by; None, and the basis as it was, where none is near.

        start: as Starts has it.
        """
        if start is None:
            return None
        here, steps = self.session.basis(), max(LEAST_STEPS_NEAR, self.size[0] // ROWS_A_STEP_NEAR)
        self.session.start_from(start)
        answer = self.session.solve(has_plan=True, limit=Limit(self.session.allowance.seconds, steps))
        if answer.outcome == "optimal":
            return answer
        self.session.start_from(here)
        return None

    def _best_goal(self, *, primal: bool) -> Answer:
        answer = self.checked(self._goal(primal=primal), "goal")
        self.note("goal", answer, answer.objective + self.programme.goal_constant)
        return answer

    def _goal(self, *, primal: bool) -> Answer:
        self.session.set_costs(self.session.cost, maximise=self.session.maximise)
        return self._solve_from_prices(primal=primal)

    def _solve_from_prices(self, *, primal: bool = False) -> Answer:
        """Solve the goal as it stands; where there is no basis yet to go on from, from one found by prices."""
        session, began, start = self.session, time.perf_counter(), None
        if session.goes_on and not session.has_basis():
            limit = min(session.time_limit, seconds_left())
            of_row = about(self.programme.rows, self.programme.data.partnerships)
            start = first_basis(session.problem, of_row, seconds=limit)
        if start is None:
            answer = session.solve(primal=primal)
        else:
            session.start_at(start.columns, start.rows)
            answer = session.solve()
            steps = answer.iterations + start.steps
            answer = replace(answer, seconds=time.perf_counter() - began, iterations=steps)
        self.longest = max(self.longest, answer.seconds)
        return answer

    def _allow_shortfall(self, upper: Floats, limit: float) -> None:
        self.session.set_bounds(self.short, np.zeros(len(upper)), upper)
        self.session.set_rows([self._hold_row], np.array([-INFINITE]), np.array([limit * self._hold_unit]))

    def allow_any_shortfall(self) -> None:
        """Let every soft rule fall short by all that it asks, as stage 1 does."""
        if len(self.short):
            self._allow_shortfall(self.session.upper[self.short], self._no_limit)

    def _dearest(self, *, primal: bool) -> float | None:
        """Give what the goal has to keep however close the soft rules could be come to; None where nothing is said."""
        share = self.programme.settings.rules.soft_may_cost
        if share is None:
            return None
        self.allow_any_shortfall()
        free = self.checked(self._goal(primal=primal), "goal").objective
        return self.worse(free, self.part_of_goal(share, free))

    def _affordable(self, goal: float, dearest: float | None) -> bool:
        """Say whether a goal is no worse than one that the soft rules may bring it down to."""
        if dearest is None:
            return True
        lost = dearest - goal if self.session.maximise else goal - dearest
        return lost <= HOLD * max(SMALLEST_HELD, abs(goal))

    def _may_do_without(self, dearest: float | None) -> bool:
        """Say whether a plan that falls short nowhere is worth looking for; the first time that is found out."""
        if self.starts.needs_soft is False or dearest is not None or not self.session.goes_on:
            return True
        self.allow_any_shortfall()
        answer = self._goal_at_a_price()
        return float(self.share @ answer.values[self.short]) <= HOLD

    def _goal_at_a_price(self) -> Answer:
        """Solve the goal with any shortfall allowed at a high price: next to what the two stages reach, or there.

        Cold it takes no longer than the goal with no shortfall does, and does not end without a plan.
        """
        cost = np.zeros(self.size[1])
        cost[: len(self.session.cost)] = self.session.cost
        largest = float(np.abs(cost).max(initial=0.0)) or 1.0
        price = np.minimum(PRICE_OF_LARGEST * self.share / self.share.min(), HIGHEST_PRICE) * largest
        cost[self.short] += -price if self.session.maximise else price
        self.session.set_costs(cost, maximise=self.session.maximise)
        answer = self.checked(self._solve_from_prices(), "goal")
        self.starts = replace(self.starts, any_shortfall=self.session.basis())
        return answer

    def _goal_without_shortfall(self, *, primal: bool) -> Answer | None:
        """Solve the goal with every shortfall fixed at 0; where that can be done, stage 1 needs no solve of its own."""
        self._allow_shortfall(np.zeros(len(self.short)), self._no_limit)
        answer = self._goal(primal=primal)
        return None if answer.outcome == "infeasible" else self.checked(answer, "goal")

    def soft_costs(self) -> Floats:
        """Give what stage 1 minimises: each shortfall as a share of its requirement."""
        cost = np.zeros(self.size[1])
        cost[self.short] = self.share
        return cost

    def _soft(self, dearest: float | None, *, primal: bool) -> tuple[Answer, tuple[Row, ...]]:
        """Solve stage 1: the smallest sum of shortfalls; then hold it. dearest: what the goal has to keep meanwhile.

        It begins where the goal is at its best with any shortfall allowed at a high price: a plan with next to the
        least shortfall, from which the primal simplex takes a few steps. The dual simplex from a plan without
        shortfalls did not end on some problems of hundreds of partnerships.
        """
        self.allow_any_shortfall()
        rows = () if dearest is None else (self.held_goal(dearest, dearest),)
        try:
            answer = self._least_shortfall(rows, primal=primal)
        finally:
            self.session.cut_back(*self.size)
        self.note("soft", answer)
        least = max(answer.objective, 0.0)
        if self.session.goes_on:
            found = None if rows else Least(least, answer.duals, self.session.reduced_costs(), self.session.sides())
            self.starts = replace(self.starts, least=found)
        self._hold_shortfall(least)
        return answer, rows

    def _hold_shortfall(self, least: float) -> None:
        self._allow_shortfall(self.session.upper[self.short], least + HOLD * max(1.0, least))

    def _least_shortfall(self, rows: tuple[Row, ...], *, primal: bool) -> Answer:
        """Give the smallest sum of shortfalls: near where it was asked before, else from the goal at its best.

        With a row that keeps the goal a plan is known only where shortfalls cost nothing.
        """
        session, near = self.session, None
        if self.starts.least_shortfall is not None:
            self._seek_least_shortfall(rows)
            near = self._solve_near(self.starts.least_shortfall)
        if near is None:
            session.cut_back(*self.size)
            if session.goes_on:
                if self.starts.any_shortfall is not None:
                    session.start_from(self.starts.any_shortfall)
                if rows:
                    self.checked(self._goal(primal=primal), "soft")
                    self.starts = replace(self.starts, any_shortfall=session.basis())
                elif self.starts.needs_soft is not None:  # the first time it has just been solved
                    self._goal_at_a_price()
            self._seek_least_shortfall(rows)
        answer = near or self.checked(session.solve(primal=True, has_plan=session.goes_on), "soft")
        if session.goes_on:
            self.starts = replace(self.starts, least_shortfall=session.basis())
        return answer

    def _seek_least_shortfall(self, rows: tuple[Row, ...]) -> None:
        """Put in what stage 1 asks. rows: what the goal has to keep meanwhile."""
        if rows:
            self.session.add_rows(rows)
        self.session.set_costs(self.soft_costs(), maximise=False)

    def checked(self, answer: Answer, stage: str) -> Answer:
        """Take the answer, where it is one; else raise NoPlan or SolverError as best() does."""
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

    # --- what later stages rest on --------------------------------------------------------------------------------

    def then_costs(self) -> Floats:
        """Give what the stage `then` maximises, by column."""
        programme = self.programme
        if self._then_costs is None:
            terms = goals.then_costs(programme.data, programme.settings, programme.decisions)
            self._then_costs = np.zeros(self.size[1])
            np.add.at(self._then_costs, self.session.column_of[terms.ids], terms.coefficients)
        return self._then_costs

    def spend_costs(self) -> Floats:
        """Give what the last stage minimises, by column."""
        if self._spend_costs is None:
            self._spend_costs = spend_costs(self.session, self.programme)
        return self._spend_costs

    def part_of_goal(self, share: float, optimum: float) -> float:
        """Give a share of a goal's optimum, taken with the fixed costs in it."""
        programme = self.programme
        return share * abs(optimum + goals.fixed_part(programme.data, programme.settings, programme.now))

    def worse(self, goal: float, amount: float) -> float:
        """Give a goal that is worse by an amount."""
        return goal - amount if self.session.maximise else goal + amount

    def held_goal(self, best: float, limit: float) -> Row:
        """Give a row that keeps the goal at a limit, or better. best: its optimum."""
        return held(("hold", "goal"), self.session.cost, best, limit, maximise=self.session.maximise)

    def note(self, stage: str, answer: Answer, value: float | None = None) -> None:
        """Record how a stage went. value: its optimum, where that is not the answer's objective."""
        reached = answer.objective if value is None else value
        kept = reached if answer.outcome == "optimal" else None
        self.records.append(StageRecord(self.year, stage, answer.outcome, kept, answer.seconds, answer.iterations))

    def problem_of(self, cost: Floats, *, maximise: bool) -> tuple[LinearProblem, bytes]:
        """Give the programme as it stands with a stage's costs: as arrays, and as the solver writes it."""
        self.session.set_costs(cost, maximise=maximise)
        return self.session.problem(), self.session.write()

    def soft_problem(self, rows: tuple[Row, ...]) -> tuple[LinearProblem, bytes]:
        """Give the problem of stage 1 with the rows of Best.soft_rows; leaves the programme as stage 2 had it."""
        basis, was = self.session.basis(), self.session.sides()
        self.allow_any_shortfall()
        if rows:
            self.session.add_rows(rows)
        found = self.problem_of(self.soft_costs(), maximise=False)
        self.session.cut_back(*self.size)
        self.session.set_bounds(self.short, was.lower[self.short], was.upper[self.short])
        self.session.set_rows([self._hold_row], np.array([-INFINITE]), was.row_upper[[self._hold_row]])
        self.session.set_costs(self.session.cost, maximise=self.session.maximise)
        self.session.start_from(basis)
        return found

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
        """Put other amounts into the programme in place: the sides of the rows of some rules, and all bounds.

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
            self._spend_costs = self._then_costs = None
        self.programme = replace(old, data=d, settings=s, now=now, decisions=x, grants_set=grants_set)
        rows, lower, upper = self._sides(tuple(dict.fromkeys(families)), coefficients=coefficients)
        self.session.set_rows(rows, lower, upper)
        uppers = x.uppers(d, upper_bounds(d, s, now, grants_set))
        top = np.concatenate(list(uppers.values()))
        bottom = np.zeros(len(top))
        if grants_set is not None:
            granted = np.concatenate([np.full(len(bounds), name == "grant") for name, bounds in uppers.items()])
            bottom[granted] = from_pounds(grants_set.ravel())
        where = self.session.column_of[: len(top)]  # the families' variables are made first, in this order
        used = where >= 0
        self.session.keep_bounds(where[used], bottom[used], top[used])

    def _sides(self, families: tuple[str, ...], *, coefficients: bool) -> tuple[Integers, Floats, Floats]:
        """Give the rows of some rules and the two sides that the rules now give them.

        Puts their coefficients if asked.
        """
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

    def values_by_key(self, values: Floats) -> Floats:
        """Give the values of the columns, by the place of each variable among the programme's keys."""
        whole = np.zeros(len(self.session.column_of))
        used = self.session.column_of >= 0
        whole[used] = values[self.session.column_of[used]]
        return whole
