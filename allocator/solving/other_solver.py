"""Solves what stands in a session with another solver that PuLP finds, each time from the start.

The problem is handed over coefficient by coefficient: PuLP reads neither the sense, nor free rows, nor ranges of a
problem file, and says nothing of it.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pulp

from allocator.errors import SolverError, UsageError
from allocator.programme.formulate import Programme
from allocator.solving.session import LARGEST_COST, Answer, Limit, Outcome, Session, standard_output_closed
from allocator.solving.solution import LinearProblem
from allocator.tables.dataset import Floats
from allocator.time_left import seconds_left

WHOLE_NUMBERS_ONLY = ("CHOCO_CMD", "CPSAT")  # they take no fractions of a place, an adviser or a pound

# Where a solver cannot say whether a problem is infeasible or unbounded it is infeasible: every column has both bounds.
OUTCOMES: dict[int, Outcome] = {
    pulp.LpSolveStatus.Optimal: "optimal",
    pulp.LpSolveStatus.Infeasible: "infeasible",
    pulp.LpSolveStatus.Unbounded: "infeasible",
    pulp.LpSolveStatus.Undefined: "infeasible",
    pulp.LpSolveStatus.TimeLimit: "out of time",
    pulp.LpSolveStatus.IterationLimit: "out of time",
}


def check_solver(name: str) -> None:
    """Raise UsageError where PuLP does not find the solver on this machine, or it is none for linear programmes."""
    if name in WHOLE_NUMBERS_ONLY:
        raise UsageError(
            "solver.name",
            f"found {name!r}, which solves problems in whole numbers alone",
            "a solver of linear programmes",
            "Leave solver.name out for HiGHS.",
        )
    with standard_output_closed():  # some of them print when they are looked for
        found = [n for n in dict.fromkeys(pulp.listSolvers(onlyAvailable=True)) if n not in WHOLE_NUMBERS_ONLY]
    if name not in found:
        raise UsageError(
            "solver.name",
            f"found {name!r}",
            f"a solver that PuLP finds on this machine: {', '.join(found)}",
            "Install it, or leave solver.name out for HiGHS.",
        )


class OtherSession(Session):
    """A programme that another solver solves; it is held and changed in HiGHS all the same."""

    goes_on = False

    def __init__(self, programme: Programme, solver: str, time_limit: float = 600.0) -> None:
        """Load the programme. Raises UsageError where PuLP finds no solver of that name for linear programmes."""
        check_solver(solver)
        super().__init__(programme, time_limit)
        self.solver = solver

    def solve(
        self,
        *,
        primal: bool = False,  # noqa: ARG002 - each solve is from the start
        has_plan: bool = False,
        once: bool = False,  # noqa: ARG002 - it never solves again
        limit: Limit | None = None,
    ) -> Answer:
        """Solve as it stands; the duals are empty where the solver gives none.

        Raises SolverError where the solver itself fails.
        """
        answer = _solve_with(self, min(self.time_limit, (limit or self.allowance).seconds, seconds_left()))
        return replace(answer, outcome="stuck") if has_plan and answer.outcome == "infeasible" else answer

    def solve_finely(self, answer: Answer) -> Answer:
        """Give the answer as it is: how closely another solver keeps to limits is its own affair."""
        return answer


def _solve_with(session: OtherSession, seconds: float) -> Answer:
    began = time.perf_counter()
    held = session.problem()
    largest = float(np.abs(held.cost).max(initial=0.0))
    scale = LARGEST_COST / largest if largest > 0 else 1.0
    problem, columns, rows = _handed_over(held, scale)
    try:
        with standard_output_closed():
            solver = pulp.getSolver(session.solver, msg=False, timeLimit=max(1, math.ceil(seconds)))
            solved = problem.solve(solver)
    except Exception as failure:
        raise SolverError(
            f"solver {session.solver}",
            f"it failed: {type(failure).__name__} {failure}".strip(),
            "an answer",
            "Leave solver.name out for HiGHS.",
        ) from failure
    outcome = OUTCOMES.get(solved.status, "stuck")
    if outcome == "optimal" and not solved.has_solution:
        outcome = "stuck"
    if outcome != "optimal":  # whatever values there are belong to no plan
        nothing = np.full(len(held.cost), np.nan)
        return Answer(outcome, math.nan, nothing, np.zeros(0), time.perf_counter() - began, 0)
    # a column that no row and no cost uses is left out by some interfaces; any value within its bounds serves
    found = [variable.varValue for variable in columns]
    values = np.array([low if v is None or math.isnan(v) else v for v, low in zip(found, held.lower, strict=True)])
    objective = float(held.cost @ values)
    duals = _row_duals(held, rows, scale, objective)
    return Answer("optimal", objective, values, duals, time.perf_counter() - began, 0)


def _handed_over(
    held: LinearProblem, scale: float
) -> tuple[pulp.LpProblem, list[pulp.LpVariable], list[tuple[int, pulp.LpConstraint]]]:
    """Give the problem for PuLP, its cost scaled; its variables; its rows, each with the number of the row of ours it
    is.
    """
    problem = pulp.LpProblem("allocator", pulp.LpMaximize if held.maximise else pulp.LpMinimize)
    columns = list(problem.add_variable_dict("c%d", range(len(held.cost)), 0.0).values())
    for variable, low, high in zip(columns, held.lower.tolist(), held.upper.tolist(), strict=True):
        variable.lowBound, variable.upBound = low, high
    used = np.flatnonzero(held.cost).tolist()
    problem.setObjective(pulp.lpSum_vars_coefs((columns[j], float(held.cost[j]) * scale) for j in used))
    index, value = held.index.tolist(), held.value.tolist()
    rows = []
    for r, (low, high) in enumerate(zip(held.row_lower.tolist(), held.row_upper.tolist(), strict=True)):
        terms = range(held.starts[r], held.starts[r + 1])
        sides = [("e", low)] if low == high else [("g", low), ("l", high)]
        for kind, side in sides:
            if math.isfinite(side):
                left = pulp.lpSum_vars_coefs((columns[index[k]], value[k]) for k in terms)
                row = left == side if kind == "e" else left >= side if kind == "g" else left <= side
                rows.append((r, problem.addConstraint(row, f"r{r}{kind}")))
    return problem, columns, rows


def _row_duals(
    held: LinearProblem, rows: list[tuple[int, pulp.LpConstraint]], scale: float, objective: float
) -> Floats:
    """Give the dual of every row in the cost's own units; empty where the solver gives none.

    Solvers differ in the sign of their duals of a maximisation. Any duals whatever bound the optimum, so of the two
    signs the one that bounds it more closely is theirs.
    """
    duals, sign = np.zeros(len(held.row_lower)), 1.0 if held.maximise else -1.0
    for r, row in rows:
        dual = row.pi
        if dual is None or not math.isfinite(dual):
            return np.zeros(0)
        duals[r] += dual / scale
    if not duals.any() and abs(_bound(held, duals) - sign * objective) > 1e-6 * max(1.0, abs(objective)):
        return np.zeros(0)  # left at nought by an interface that reads none
    return min((duals, -duals), key=lambda y: _bound(held, y))


def _bound(held: LinearProblem, duals: Floats) -> float:
    """Give what no plan exceeds (of a minimisation, its negative), by any duals whatever."""
    sign = 1.0 if held.maximise else -1.0
    y = sign * duals
    sides = np.where(y > 0, held.row_upper, held.row_lower)
    reachable = np.isfinite(sides)
    y = np.where(reachable, y, 0.0)
    row = np.repeat(np.arange(len(duals)), np.diff(held.starts))
    reduced = sign * held.cost - np.bincount(held.index, y[row] * held.value, minlength=len(held.cost))
    reached = np.where(reduced > 0, held.upper, held.lower)
    return float(y @ np.where(reachable, sides, 0.0) + reduced @ reached)
