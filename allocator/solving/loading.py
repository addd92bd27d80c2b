"""A programme as arrays, read from PuLP's own model at once: its interface to HiGHS asks it element by element."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pulp

from allocator.solving.solution import LinearProblem
from allocator.tables.dataset import Integers


def arrays_of(problem: pulp.LpProblem) -> tuple[LinearProblem, Integers]:
    """Give the problem without the goal's constant, and the number that PuLP gave each of its columns.

    Columns are the variables that a row or the goal uses, in the order in which they were made.
    """
    model = problem.toRustModel()
    numbers = np.array(model.used_variable_ids(), dtype=np.int64)
    variables = model.list_variables_by_ids(numbers.tolist())
    column_of = np.full(len(model.list_variables()), -1)
    column_of[numbers] = np.arange(len(numbers))
    rows = model.list_constraints()
    terms = [row.items() for row in rows]
    lengths = np.array([len(row) for row in terms], dtype=np.int64)
    every = list(chain.from_iterable(terms))
    index = column_of[np.fromiter((variable.id() for variable, _ in every), dtype=np.int64, count=len(every))]
    value = np.fromiter((coefficient for _, coefficient in every), dtype=np.float64, count=len(every))
    kept = value != 0
    row_of = np.repeat(np.arange(len(rows)), lengths)
    starts = np.concatenate([[0], np.cumsum(np.bincount(row_of[kept], minlength=len(rows)))])
    right = np.array([row.rhs for row in rows], dtype=np.float64) + 0.0
    senses = np.array([row.sense for row in problem.constraints()])
    cost = np.zeros(len(numbers))
    if problem.objective is not None:
        for variable, coefficient in problem.objective.items():
            cost[column_of[variable.id]] = coefficient
    return LinearProblem(
        maximise=problem.sense == pulp.LpMaximize,
        cost=cost,
        lower=np.array([-np.inf if v.lb is None else v.lb for v in variables]),
        upper=np.array([np.inf if v.ub is None else v.ub for v in variables]),
        row_lower=np.where(senses == pulp.LpConstraintLE, -np.inf, right),
        row_upper=np.where(senses == pulp.LpConstraintGE, np.inf, right),
        starts=starts,
        index=index[kept],
        value=value[kept],
    ), numbers
