"""The linear programme inside the solver: changed in place, solved again from its last basis, read back.

The only module that imports highspy. PuLP's HiGHS interface loads the programme; after that every change is made
on the solver's own copy, so that nothing is rebuilt between one question and the next.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray

from allocator.errors import SolverError, UsageError
from allocator.programme.bounds import THOUSAND
from allocator.programme.formulate import Programme
from allocator.programme.variables import SMALLEST_COEFFICIENT
from allocator.register.rules import MONEY
from allocator.solving.loading import arrays_of
from allocator.solving.solution import LinearProblem, Row, transposed
from allocator.tables.dataset import Floats, Integers
from allocator.time_left import seconds_left

Outcome = Literal["optimal", "infeasible", "out of time", "stuck"]

LARGEST_COST = 1e4  # each objective is scaled to it: with smaller ones reduced costs fall below the solver's tolerance
GRANT_HELD = 1e-6  # £ thousand: how exactly a grant that is held is kept
USUAL, FINE = 1e-7, 1e-10  # tolerances of a row or a bound, in its own unit: the solver's own, and its smallest
ROUNDING = 1e-14  # of the terms of a sum, added up without their signs
LOOSE = 1e-6  # the tolerance of the certificate: a stage that ends without an answer is tried once more with it
NO_LIMIT = 2**31 - 1  # of steps of the simplex
STEPS_FINELY = 5_000  # the same, within which an answer is brought closer to its limits, or is left as it is
UNSCALED, BY_LARGEST = 0, 4  # HiGHS's names of ways to scale (option simplex_scale_strategy)
DUAL, PRIMAL = 1, 4  # HiGHS's names of the simplex methods (option simplex_strategy)
INFINITE = highspy.kHighsInf
NONE: Integers = np.zeros(0, dtype=np.int64)


def pounds[Amount: (float, Floats)](thousands: Amount) -> Amount:
    """Give what an amount of money in the solver is in pounds: there it is in thousands (docs/decisions/0001)."""
    return thousands * THOUSAND


def from_pounds[Amount: (float, Floats)](amount: Amount) -> Amount:
    """Give what an amount in pounds is in the solver."""
    return amount / THOUSAND


@dataclass(frozen=True, eq=False)
class Answer:
    """One solve. objective: in the units of the costs given, without constants; values and duals likewise.

    presolved: whether the problem was made smaller before it was solved, which has been wrong about what has no plan.
    passed_by: by how much a value passes a limit at most, in the limit's own unit; infinite where nobody says.
    """

    outcome: Outcome
    objective: float
    values: Floats  # [n]
    duals: Floats  # [m] change of the objective a unit more of the row's limit
    seconds: float
    iterations: int
    presolved: bool = True
    passed_by: float = math.inf

    @property
    def keeps_closely(self) -> bool:
        """Say whether it is an answer and keeps to every limit by FINE."""
        return self.outcome == "optimal" and self.passed_by <= FINE


class Sides(NamedTuple):
    """Between what the rows [m] and the columns [n] of a programme have to stay.

    matrix: which coefficients these are the sides of: another number where one was changed since.
    """

    matrix: int
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Limit:
    """How long one solve may go on; past it, it ends "out of time".

    seconds: at most those of the session. steps: of the simplex method; the same number on every machine.
    """

    seconds: float = math.inf
    steps: int = NO_LIMIT


UNLIMITED = Limit()


@contextlib.contextmanager
def standard_output_closed() -> Iterator[None]:
    """Let nothing onto standard output: the solver writes a banner to it even when told to be silent."""
    if sys.stdout is not None:  # it is None where the program was started without one
        sys.stdout.flush()
    try:
        saved = os.dup(1)
    except OSError:  # there is no standard output to protect
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(saved, 1)
        os.close(nowhere)
        os.close(saved)


class Session:
    """A programme loaded into a solver.

    Columns stand in the order of the programme's keys, less those that neither a row nor the goal uses
    (column_of maps a variable's place among the keys to its column, or -1). Rows stand in the programme's order.
    """

    solver = "HiGHS"
    goes_on = True  # whether a solve goes on from the basis of the last

    def __init__(self, programme: Programme, time_limit: float = 600.0) -> None:
        """Load the programme. time_limit: seconds for one solve. Raises SolverError for costs too small for it."""
        self.programme = programme
        self.time_limit = time_limit
        self.allowance = UNLIMITED  # of every solve that has no limit of its own
        problem, numbers = arrays_of(programme.problem)
        self._refuse_lost_money(programme, problem)
        self.highs = self._load(programme.problem, problem)
        self.column_of = np.full(len(programme.decisions.keys), -1)
        self.column_of[numbers] = np.arange(len(numbers))
        keys = programme.decisions.keys
        self.columns: tuple[tuple[str, ...], ...] = tuple(keys[number] for number in numbers.tolist())
        # the goal's costs and the bounds that the programme gives, without what a stage changes for itself
        self.cost, self.lower, self.upper = problem.cost, problem.lower, problem.upper
        self.maximise = programme.goal.sense == "max"
        self._cost_now, self._maximise_now, self._scale, self._offset = self.cost, self.maximise, 1.0, 0.0
        self._matrix = 0
        self._add_left_out(programme)

    def _load(self, programme: pulp.LpProblem, problem: LinearProblem) -> Any:
        """Give the problem to a solver that PuLP's interface sets up; the goal's constant stays the programme's own."""
        with standard_output_closed():
            pulp.HiGHS(msg=False, timeLimit=self.time_limit, threads=1).createAndConfigureSolver(programme)
        highs: Any = programme.solverModel
        programme.solverModel = None
        _give(highs, problem)
        return highs

    def _add_left_out(self, programme: Programme) -> None:
        """Add the places that neither a row nor the goal uses, where a later stage counts what they bring."""
        if not programme.goal.then:
            return
        ids = programme.decisions.place_ids.ravel()
        left_out = ids[self.column_of[ids] < 0]
        if not len(left_out):
            return
        upper = programme.decisions.place_uppers[left_out]
        self.column_of[left_out] = self.add_columns(upper)
        keys = programme.decisions.keys
        self.columns += tuple(keys[number] for number in left_out.tolist())
        nothing = np.zeros(len(left_out))
        self.cost, self.lower = np.concatenate([self.cost, nothing]), np.concatenate([self.lower, nothing])
        self.upper = np.concatenate([self.upper, upper])
        self._cost_now = self.cost

    @staticmethod
    def _refuse_lost_money(programme: Programme, problem: LinearProblem) -> None:
        """Raise SolverError for costs that the solver would leave out without a word."""
        of_money = np.array([rule == MONEY.name for rule, _ in programme.rows], dtype=bool)
        costs = np.abs(problem.value[np.repeat(of_money, np.diff(problem.starts))])
        if (costs < SMALLEST_COEFFICIENT).any():
            found = "a cost of less than a ten-thousandth of a penny, which the solver would leave out"
            raise SolverError("amounts", found, "costs in pounds", "Look for costs in a far larger unit.")

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns in the solver now."""
        return self.highs.getNumRow(), self.highs.getNumCol()

    # --- changes -------------------------------------------------------------------------------------------------

    def set_costs(self, cost: Floats, *, maximise: bool, offset: float = 0.0) -> None:
        """Set the objective, in its own units; columns beyond it cost nothing. The solver sees it scaled.

        offset: a constant that the solver adds, and answers do not. It takes the distance between the objective and
        its bound relative to the objective: near nought it calls answers unknown that are as good as any.
        """
        full = np.zeros(self.highs.getNumCol())
        full[: len(cost)] = cost
        scale = scale_of(full)
        if offset * scale != self._offset:
            self._offset = offset * scale
            self.highs.changeObjectiveOffset(self._offset)
        if (scale, maximise) == (self._scale, self._maximise_now) and np.array_equal(full, self._cost_now):
            return
        self._scale = scale
        self._cost_now, self._maximise_now = full, maximise
        self._pass_costs(full * self._scale)
        sense = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
        self.highs.changeObjectiveSense(sense)

    def _pass_costs(self, cost: Floats) -> None:
        self.highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)

    def set_bounds(self, columns: Sequence[int] | Integers, lower: Floats, upper: Floats) -> None:
        """Change the bounds of some columns."""
        where = np.asarray(columns, dtype=np.int32)
        self.highs.changeColsBounds(len(where), where, np.asarray(lower, float), np.asarray(upper, float))

    def keep_bounds(self, columns: Integers, lower: Floats, upper: Floats) -> None:
        """Change the bounds of some columns for good: lower and upper say so from now on."""
        other = (self.lower[columns] != lower) | (self.upper[columns] != upper)
        changed, lower, upper = columns[other], lower[other], upper[other]
        self.lower[changed], self.upper[changed] = lower, upper
        self.set_bounds(changed, lower, upper)

    def hold(self, columns: Integers, values: Floats, *, share: float = 0.0) -> None:
        """Keep some columns at values, to the tolerance GRANT_HELD and within their bounds.

        share: of the value, where that is the wider tolerance.
        """
        lower, upper = self.lower[columns], self.upper[columns]
        within = np.maximum(GRANT_HELD, share * np.abs(values))
        self.set_bounds(columns, np.clip(values - within, lower, upper), np.clip(values + within, lower, upper))

    def bounds(self) -> tuple[Floats, Floats]:
        """Give the lower and upper bound of every column as the solver has them now."""
        held = self.highs.getLp()
        return np.array(held.col_lower_), np.array(held.col_upper_)

    def sides(self) -> Sides:
        """Give the two sides of every row and the bounds of every column as the solver has them now."""
        held = self.highs.getLp()
        return Sides(self._matrix, np.array(held.row_lower_), np.array(held.row_upper_), *self.bounds())

    def reduced_costs(self) -> Floats:
        """Give the reduced cost of every column in the last answer, in the costs' own units."""
        return np.array(self.highs.getSolution().col_dual) / self._scale

    def set_rows(self, rows: Sequence[int] | Integers, lower: Floats, upper: Floats) -> None:
        """Change the two sides of some rows."""
        where = np.asarray(rows, dtype=np.int32)
        self.highs.changeRowsBounds(len(where), where, np.asarray(lower, float), np.asarray(upper, float))

    def set_coefficient(self, row: int, column: int, value: float) -> None:
        """Change one coefficient of a row."""
        self._matrix += 1
        self.highs.changeCoeff(row, column, value)

    def add_columns(self, upper: Floats) -> Integers:
        """Add columns between 0 and upper, and give their numbers."""
        first, count = self.highs.getNumCol(), len(upper)
        empty = np.zeros(0, dtype=np.int32)
        self.highs.addCols(
            count, np.zeros(count), np.zeros(count), np.asarray(upper, float), 0, empty, empty, np.zeros(0)
        )
        return np.arange(first, first + count)

    def add_row(self, columns: Sequence[int] | Integers, coefficients: Floats, lower: float, upper: float) -> int:
        """Add one row, and give its number."""
        where = np.asarray(columns, dtype=np.int32)
        self.highs.addRow(lower, upper, len(where), where, np.asarray(coefficients, float))
        return int(self.highs.getNumRow()) - 1

    def add_rows(self, rows: Sequence[Row]) -> Integers:
        """Add several rows, and give their numbers."""
        first, lengths = int(self.highs.getNumRow()), [len(row.columns) for row in rows]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32)
        index = np.concatenate([row.columns for row in rows]).astype(np.int32)
        value = np.concatenate([row.coefficients for row in rows]).astype(np.float64)
        sides = (np.array([row.lower for row in rows]), np.array([row.upper for row in rows]))
        self.highs.addRows(len(rows), *sides, len(index), starts, index, value)
        return np.arange(first, first + len(rows))

    def cut_back(self, rows: int, columns: int) -> None:
        """Take away every row and column added after there were so many."""
        more_rows, more_columns = self.highs.getNumRow() - rows, self.highs.getNumCol() - columns
        if more_rows:
            self.highs.deleteRows(more_rows, np.arange(rows, rows + more_rows, dtype=np.int32))
        if more_columns:
            self.highs.deleteCols(more_columns, np.arange(columns, columns + more_columns, dtype=np.int32))

    def basis(self) -> Any:
        """Give the basis now, to be given back to start_from."""
        return self.highs.getBasis()

    def start_from(self, basis: Any) -> None:
        """Solve next from a basis of a problem with the same rows and columns."""
        self.highs.setBasis(basis)

    def start_with(
        self,
        *,
        basic: Integers,
        at_lower: Integers = NONE,
        at_upper: Integers = NONE,
        rows: Integers = NONE,
        rows_at_upper: Integers = NONE,
    ) -> None:
        """Solve next from the basis now, with some columns put out of it to one of their bounds, or into it.

        Where a column is named more than once the last holds: at_lower, at_upper, basic.
        rows, rows_at_upper: whose slack leaves it, to the lower or the upper side.
        """
        basis, status = self.highs.getBasis(), highspy.HighsBasisStatus
        columns, sides = list(basis.col_status), list(basis.row_status)
        for statuses, where, to in (
            (columns, at_lower, status.kLower),
            (columns, at_upper, status.kUpper),
            (columns, basic, status.kBasic),
            (sides, rows, status.kLower),
            (sides, rows_at_upper, status.kUpper),
        ):
            for number in where.tolist():
                statuses[number] = to
        basis.col_status, basis.row_status = columns, sides
        self.highs.setBasis(basis)

    def statuses(self) -> tuple[Integers, Integers]:
        """Give the basis now as HiGHS's numbers, of columns and of rows, for a solver elsewhere to go on from."""
        return _statuses(self.highs)

    def start_at(self, columns: Integers, rows: Integers) -> None:
        """Solve next from a basis as statuses gives it."""
        _start_at(self.highs, columns, rows)

    def has_basis(self) -> bool:
        """Say whether the next solve goes on from a basis; else it begins with none."""
        return bool(self.highs.getBasis().valid)

    def are_basic(self, columns: Integers) -> NDArray[np.bool_]:
        """Say whether each column is in the basis now."""
        statuses, basic = list(self.highs.getBasis().col_status), highspy.HighsBasisStatus.kBasic
        return np.array([statuses[column] == basic for column in columns.tolist()], dtype=bool)

    def at_upper(self) -> NDArray[np.bool_]:
        """Say whether each column stands at its upper bound, out of the basis now."""
        upper = highspy.HighsBasisStatus.kUpper
        return np.array([status == upper for status in self.highs.getBasis().col_status], dtype=bool)

    def basic_rows(self) -> NDArray[np.bool_]:
        """Say whether the slack of each row is in the basis now."""
        basic = highspy.HighsBasisStatus.kBasic
        return np.array([status == basic for status in self.highs.getBasis().row_status], dtype=bool)

    def basic_variables(self) -> Integers:
        """Give the columns in the basis now, in its order; below 0 the slack of a row."""
        _, there = self.highs.getBasicVariables()
        return np.asarray(there, dtype=np.int64)

    def moved_by(self, row: int, basic: Integers) -> tuple[Integers, Floats]:
        """Give the columns that move for one unit more of the side at which a row stands, and by how much.

        It is so while the basis now holds. basic: as basic_variables gives them.
        """
        _, moves, count, where = self.highs.getBasisInverseColSparse(row)
        places = np.asarray(where)[:count]
        columns = basic[places]
        return columns[columns >= 0], np.asarray(moves)[places][columns >= 0]

    # --- solving -------------------------------------------------------------------------------------------------

    def solve(
        self, *, primal: bool = False, has_plan: bool = False, once: bool = False, limit: Limit | None = None
    ) -> Answer:
        """Solve as it stands, from the last basis.

        If that ends without an answer, or has taken the steps of the session's allowance: cold, then with the tolerance
        of the certificate where it was stuck, then by interior point with crossover, all in the allowance's seconds.
        primal: begin with the primal simplex, which is the faster from a plan that keeps every row.
        has_plan: a plan is known, so that an end as infeasible is no answer either.
        once: not again where that ends without an answer. limit: how long in place of the session's allowance, without
        a second attempt; past it the outcome is "out of time".
        """
        began = time.perf_counter()
        iterations, presolved = 0, True
        outcome: Outcome = "stuck"
        allowed = self.allowance if limit is None else limit
        for attempt in ("warm", "cold", "loose", "ipm"):
            if attempt == "loose" and outcome == "out of time":
                continue  # a wider tolerance makes it no faster
            if attempt != "warm":
                self.highs.clearSolver()
            self._start_clock(allowed.seconds - (time.perf_counter() - began))
            self._option("simplex_iteration_limit", NO_LIMIT if attempt == "ipm" else allowed.steps)
            self._option("solver", "ipm" if attempt == "ipm" else "choose")
            self._option("primal_feasibility_tolerance", LOOSE if attempt == "loose" else USUAL)
            self._use_primal(on=primal and attempt == "warm")
            presolved = not self.highs.getBasis().valid  # else it goes on from there
            self._run()
            iterations += max(int(self.highs.getInfo().simplex_iteration_count), 0)
            outcome = self._outcome()
            if outcome == "infeasible" and has_plan:
                outcome = "stuck"
            in_steps = self.highs.getModelStatus() == highspy.HighsModelStatus.kIterationLimit
            if once or outcome in ("optimal", "infeasible") or (outcome == "out of time" and (limit or not in_steps)):
                break
        self._option("solver", "choose")
        self._option("primal_feasibility_tolerance", USUAL)
        self._option("simplex_iteration_limit", NO_LIMIT)
        self._use_primal(on=False)
        return replace(self._answer(outcome, began, iterations), presolved=presolved)

    def _use_primal(self, *, on: bool) -> None:
        """Choose the primal simplex or the dual.

        The primal goes on from a plan with grants held to a ten-thousandth of a pound: moved bounds, which the solver
        uses against degeneracy, would be wider than these bounds and left it stuck.
        """
        self._option("simplex_strategy", PRIMAL if on else DUAL)
        self._option("primal_simplex_bound_perturbation_multiplier", 0.0 if on else 1.0)

    def solve_finely(self, answer: Answer) -> Answer:
        """Give the answer, or where it passes a limit by more than FINE, one solved on from it that keeps to them
        closer.

        A decision that is put back within its bounds by 1e-8 may be multiplied by thousands of hours in a row. The dual
        simplex mends that in a few steps with rows as they are, so that the tolerance is of the limits themselves; the
        primal as the rows are scaled, where it does not.
        """
        if answer.outcome != "optimal":
            return answer
        closest = self._measured(answer)
        if closest.keeps_closely:
            return closest
        basis = self.basis()
        for how, primal in ((UNSCALED, False), (None, True)):
            self.start_from(basis)
            with self.scaled(how):
                finer = self._finely(primal=primal)
            if finer.outcome == "optimal":
                closest = min(closest, self._measured(finer), key=lambda one: one.passed_by)
            if closest.keeps_closely:
                break
        return closest

    def _measured(self, answer: Answer) -> Answer:
        """Give the answer with what its columns add up to held against the rows, but for the rounding of sums.

        What the solver itself says of a row it reads from the basis: at 2,350 partnerships that was another sum, by
        fifteen pence.
        """
        held, values = self.highs.getLp(), answer.values
        matrix = held.a_matrix_
        starts, index = np.array(matrix.start_), np.array(matrix.index_)
        along = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        row, column = (index, along) if matrix.format_ == highspy.MatrixFormat.kColwise else (along, index)
        terms = np.array(matrix.value_) * values[column]
        activity = np.bincount(row, terms, minlength=held.num_row_)
        past = np.maximum(np.array(held.row_lower_) - activity, activity - np.array(held.row_upper_))
        past -= ROUNDING * np.bincount(row, np.abs(terms), minlength=held.num_row_)
        return replace(answer, passed_by=max(answer.passed_by, float(past.max(initial=0.0))))

    def _finely(self, *, primal: bool) -> Answer:
        began = time.perf_counter()
        self._start_clock()
        self._option("primal_feasibility_tolerance", FINE)
        self._option("simplex_iteration_limit", STEPS_FINELY)
        self._use_primal(on=primal)
        self._run()
        self._option("primal_feasibility_tolerance", USUAL)
        self._option("simplex_iteration_limit", NO_LIMIT)
        self._use_primal(on=False)
        return self._answer(self._outcome(), began, int(self.highs.getInfo().simplex_iteration_count))

    @contextlib.contextmanager
    def scaled(self, how: int | None) -> Iterator[None]:
        """Let the simplex scale rows and columns otherwise than it chooses, where that leaves it stuck.

        how: BY_LARGEST or UNSCALED; None as it chooses, which changes nothing. It goes on from the basis now, which is
        given anew: else it would keep the scaling that it has.
        """
        if how is None:
            yield
            return
        _, usual = self.highs.getOptionValue("simplex_scale_strategy")
        self._option("simplex_scale_strategy", how)
        self.start_from(self.basis())
        try:
            yield
        finally:
            self._option("simplex_scale_strategy", usual)
            self.start_from(self.basis())

    def solve_without_presolve(self) -> Answer:
        """Solve cold and without presolve, which has been wrong about what cannot be solved."""
        began = time.perf_counter()
        self.highs.clearSolver()
        self._option("presolve", "off")
        self._start_clock()
        self._run()
        self._option("presolve", "choose")
        return self._answer(self._outcome(), began, int(self.highs.getInfo().simplex_iteration_count))

    # --- where there is no plan ----------------------------------------------------------------------------------

    def can_be_kept(self) -> bool:
        """Say whether the rows as they stand can hold together, whatever the goal; from the last basis, no presolve.

        Leaves the objective at nothing. Raises SolverError where the solver cannot say.
        """
        self.set_costs(np.zeros(0), maximise=False)
        self._option("presolve", "off")
        self._start_clock()
        self._run()
        for method in ("choose", "ipm"):
            if self._outcome() == "stuck":
                self.highs.clearSolver()
                self._option("solver", method)
                self._run()
        self._option("solver", "choose")
        self._option("presolve", "choose")
        outcome = self._outcome()
        if outcome not in ("optimal", "infeasible"):
            raise SolverError("rules", f"the solver ended {outcome}", "an answer", "Raise solver.time_limit.")
        return outcome == "optimal"

    def contradiction(self) -> Floats:
        """Give, after can_be_kept said no, multipliers of the rows that add up to what no column can reach; else
        zeros.
        """
        _, there, ray = self.highs.getDualRay()
        rows = self.highs.getNumRow()
        return np.array(ray)[:rows] if there else np.zeros(rows)

    def _run(self) -> None:
        """Run the solver; it has one pool of threads a process, and refuses to run beside another's number of them."""
        with standard_output_closed():
            if self.highs.run() == highspy.HighsStatus.kError:
                self.highs.resetGlobalScheduler(True)  # noqa: FBT003 - the interface takes it by position alone
                self.highs.run()

    def _start_clock(self, seconds: float = math.inf) -> None:
        """Give the next solve the whole time limit, or less: the solver's clock runs on from one to the next.

        Raises SolverError where no time is left for what is solved together.
        """
        left = max(0.0, min(self.time_limit, seconds, seconds_left()))
        self._option("time_limit", float(self.highs.getRunTime()) + left)

    def _option(self, name: str, value: str | float) -> None:
        """Set an option; the solver would go on without a word where it does not take it."""
        if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise UsageError("solver", f"the solver refused {name} = {value}", "a version of HiGHS that knows it", "")

    def _outcome(self) -> Outcome:
        status = self.highs.getModelStatus()
        known = highspy.HighsModelStatus
        if status == known.kOptimal:
            return "optimal"
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            return "infeasible"  # every column has both bounds, so nothing is unbounded
        if status in (known.kTimeLimit, known.kIterationLimit):
            return "out of time"
        return "stuck"

    def _answer(self, outcome: Outcome, began: float, iterations: int) -> Answer:
        found = self.highs.getSolution()
        values = np.array(found.col_value)
        duals = np.array(found.row_dual) / self._scale
        objective = float((self._cost_now * values).sum()) if len(values) == len(self._cost_now) else float("nan")
        passed_by = float(self.highs.getInfo().max_primal_infeasibility)
        return Answer(outcome, objective, values, duals, time.perf_counter() - began, iterations, passed_by=passed_by)

    # --- reading back --------------------------------------------------------------------------------------------

    def problem(self) -> LinearProblem:
        """Give the programme as it stands in the solver, with the cost in its own units."""
        held = self.highs.getLp()
        matrix = held.a_matrix_
        starts, index, value = np.array(matrix.start_), np.array(matrix.index_), np.array(matrix.value_)
        if matrix.format_ == highspy.MatrixFormat.kColwise:
            starts, index, value = transposed(starts, index, value, held.num_row_)
        return LinearProblem(
            self._maximise_now,
            self._cost_now.copy(),
            np.array(held.col_lower_),
            np.array(held.col_upper_),
            np.array(held.row_lower_),
            np.array(held.row_upper_),
            starts.astype(np.int64),
            index.astype(np.int64),
            value,
        )

    def write(self) -> bytes:
        """Give the programme as HiGHS's own writer puts it (MPS), which reads back exactly.

        The cost in its own units.
        """
        self._pass_costs(self._cost_now)
        handle, name = tempfile.mkstemp(suffix=".mps")
        os.close(handle)
        try:
            with standard_output_closed():
                self.highs.writeModel(name)
            return Path(name).read_bytes()
        finally:
            Path(name).unlink()
            self._pass_costs(self._cost_now * self._scale)


def scale_of(cost: Floats) -> float:
    """Give by what costs are multiplied for the solver, so that the largest is LARGEST_COST."""
    largest = float(np.abs(cost).max(initial=0.0))
    return LARGEST_COST / largest if largest > 0 else 1.0


def _give(highs: Any, problem: LinearProblem) -> None:
    """Put a problem into a solver that has none."""
    nothing = np.zeros(0, dtype=np.int32)
    highs.addCols(len(problem.cost), problem.cost, problem.lower, problem.upper, 0, nothing, nothing, np.zeros(0))
    if problem.maximise:
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    starts, index = problem.starts[:-1].astype(np.int32), problem.index.astype(np.int32)
    sides = (problem.row_lower, problem.row_upper)
    highs.addRows(len(problem.row_lower), *sides, len(index), starts, index, problem.value)


def _statuses(highs: Any) -> tuple[Integers, Integers]:
    """Give the basis of a solver as HiGHS's numbers, of columns and of rows."""
    basis = highs.getBasis()
    columns, rows = ([int(status) for status in sides] for sides in (basis.col_status, basis.row_status))
    return np.array(columns, dtype=np.int64), np.array(rows, dtype=np.int64)


def _start_at(highs: Any, columns: Integers, rows: Integers) -> None:
    """Let a solver begin from a basis that is given as HiGHS's numbers."""
    basis, status = highspy.HighsBasis(), highspy.HighsBasisStatus
    named = {int(one): one for one in (status.kLower, status.kBasic, status.kUpper, status.kZero)}
    basis.col_status, basis.row_status = ([named[one] for one in sides.tolist()] for sides in (columns, rows))
    basis.valid = True
    highs.setBasis(basis)


@dataclass(frozen=True, eq=False)
class Apart:
    """The optimum of a problem solved apart: values [n], duals [m], and the basis as Session.statuses has it."""

    values: Floats
    duals: Floats
    columns: Integers
    rows: Integers
    steps: int


def solve_apart(problem: LinearProblem, start: tuple[Integers, Integers] | None, seconds: float) -> Apart | None:
    """Solve a problem in a solver of its own, which any thread may do; None where it has no optimum in time.

    start: a basis, as Session.statuses has it. The costs go to the solver as they are. Whoever calls it keeps standard
    output closed.
    """
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call] # highspy has no types
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds)):
        highs.setOptionValue(option, value)
    _give(highs, problem)
    if start is not None:
        _start_at(highs, *start)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found, steps = highs.getSolution(), max(int(highs.getInfo().simplex_iteration_count), 0)
    return Apart(np.array(found.col_value), np.array(found.row_dual), *_statuses(highs), steps)


def version() -> str:
    """Name and version of the solver."""
    return f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call] # highspy has no types
