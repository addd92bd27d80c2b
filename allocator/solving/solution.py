"""What a solver found, as plain arrays: nothing here imports a solver, the rules or PuLP."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator.results import Brief
from allocator.tables.dataset import Floats, Integers


@dataclass(frozen=True, eq=False, repr=False)
class Figures(Brief):
    """Every decision of a plan. Money in pounds (cash of that year), people as persons, advisers as FTE.

    Indexed p, t, i, g, b, a as in DataSet. What the data do not offer is 0. Never -0.0, never below 0.
    """

    places: Floats  # [p, t, i, g, b] young people served
    fte: Floats  # [p, t, a] advisers in post, average over the year
    recruits: Floats  # [p, t, a]
    redundancies: Floats  # [p, t, a]
    training: Floats  # [p, t, a] who train in t and stand a grade higher from t+1
    grant: Floats  # [p, t] £
    carry: Floats  # [p, t] £ unspent and carried into t+1
    lapse: Floats  # [p, t] £ unspent and given back


@dataclass(frozen=True, eq=False, repr=False)
class LinearProblem(Brief):
    """A linear programme as the solver holds it, rows in compressed form.

    Minimise or maximise cost.x with row_lower <= A x <= row_upper and lower <= x <= upper; +-inf where none.
    The cost is in the goal's own units; money columns are in thousands of pounds.
    """

    maximise: bool
    cost: Floats  # [n]
    lower: Floats  # [n]
    upper: Floats  # [n]
    row_lower: Floats  # [m]
    row_upper: Floats  # [m]
    starts: Integers  # [m + 1] where each row begins in index and value
    index: Integers  # column of each coefficient
    value: Floats  # coefficient

    def activity(self, values: Floats) -> Floats:
        """Give what the rows come to, [m]. values: [n] of the columns."""
        rows = np.repeat(np.arange(len(self.row_lower)), np.diff(self.starts))
        return np.bincount(rows, self.value * values[self.index], minlength=len(self.row_lower))

    def moved_by(self, columns: Integers, by: Floats) -> tuple[Integers, Floats]:
        """Give the rows that move where some columns move, and by how much. A column may stand there several times."""
        starts, rows, value = self._by_columns
        places, lengths = places_of(starts, columns)
        moved, which = np.unique(rows[places], return_inverse=True)
        return moved, np.bincount(which, value[places] * np.repeat(by, lengths), minlength=len(moved))

    def part(self, rows: Integers, columns: Integers) -> LinearProblem:
        """Give some rows as they count some of the columns, each in the order in which it is named."""
        places, lengths = places_of(self.starts, rows)
        number = np.full(len(self.cost), -1)
        number[columns] = np.arange(len(columns))
        index = number[self.index[places]]
        kept = index >= 0
        counted = np.bincount(np.repeat(np.arange(len(rows)), lengths)[kept], minlength=len(rows))
        return LinearProblem(
            self.maximise,
            self.cost[columns],
            self.lower[columns],
            self.upper[columns],
            self.row_lower[rows],
            self.row_upper[rows],
            np.concatenate([[0], np.cumsum(counted)]),
            index[kept],
            self.value[places][kept],
        )

    @cached_property
    def _by_columns(self) -> tuple[Integers, Integers, Floats]:
        return transposed(self.starts, self.index, self.value, len(self.cost))

    def room(self, values: Floats) -> Floats:
        """Give how far each row is from the side that is nearer, in its own unit, [m]. values: [n] of the columns."""
        activity = self.activity(values)
        room: Floats = np.minimum(self.row_upper - activity, activity - self.row_lower)
        return room


def places_of(starts: Integers, lines: Integers) -> tuple[Integers, Integers]:
    """Give where the entries of some lines of a compressed matrix stand, and how many each line has."""
    lengths = starts[lines + 1] - starts[lines]
    ends = np.cumsum(lengths)
    return np.arange(lengths.sum()) + np.repeat(starts[lines] - (ends - lengths), lengths), lengths


def transposed(starts: Integers, index: Integers, value: Floats, count: int) -> tuple[Integers, Integers, Floats]:
    """Give a compressed matrix by its other axis, which has count entries."""
    along = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    order = np.argsort(index, kind="stable")
    counts = np.bincount(index, minlength=count)
    return np.concatenate([[0], np.cumsum(counts)]), along[order], value[order]


ENDED_WELL = ("optimal", "not needed")  # how a stage ends that did what it is for
CERTIFIED = ("soft", "goal", "then", "redundancies", "grants")  # the stages that have a certificate, in order


@dataclass(frozen=True, eq=False)
class Row:
    """A row that a stage adds to the goal stage's problem, such as one that holds what an earlier stage reached.

    key: ("hold", "goal"), ("tangent", "norfolk", "2004-05") … columns: numbers of the columns it counts.
    """

    key: tuple[str, ...]
    columns: Integers
    coefficients: Floats
    lower: float
    upper: float


@dataclass(frozen=True, eq=False)
class Added:
    """What a later stage's problem is beside the goal stage's: its objective, more columns from 0 up, more rows.

    columns: the key of each column added. upper: their upper bounds; lower ones are 0.
    """

    maximise: bool
    cost: Floats  # [n + columns added]
    columns: tuple[tuple[str, ...], ...]
    upper: Floats
    rows: tuple[Row, ...]


def extended(problem: LinearProblem, added: Added) -> LinearProblem:
    """Give the problem of a later stage, whole."""
    nothing = np.zeros(len(added.upper))
    lengths = [len(row.columns) for row in added.rows]
    return LinearProblem(
        maximise=added.maximise,
        cost=added.cost,
        lower=np.concatenate([problem.lower, nothing]),
        upper=np.concatenate([problem.upper, added.upper]),
        row_lower=np.concatenate([problem.row_lower, [row.lower for row in added.rows]]),
        row_upper=np.concatenate([problem.row_upper, [row.upper for row in added.rows]]),
        starts=np.concatenate([problem.starts, problem.starts[-1] + np.cumsum(lengths, dtype=np.int64)]),
        index=np.concatenate([problem.index, *(row.columns for row in added.rows)]).astype(np.int64),
        value=np.concatenate([problem.value, *(row.coefficients for row in added.rows)]),
    )


@dataclass(frozen=True, eq=False, repr=False)
class StageProof(Brief):
    """All that is needed to certify one stage of one planned year without a solver.

    stage: "soft", "goal", "then", "redundancies" or "grants". year: the year planned where planning is year on year,
    else blank. plan: the final plan's value of every column. duals: the stage's row duals, in the stage's own units a
    unit of the row, signed so that the dual bound of a maximisation is sum max(y.r) + sum max((c - A'y) x).
    columns, rows: the key of each, such as ("places", "norfolk", "2004-05", "mentoring", "neet", "1").
    text: the problem of soft and goal as written by HiGHS's own writer (MPS), columns c0, c1 … and rows r0, r1 … in
    order; blank for a later stage. added: what makes a later stage's problem of the goal stage's, else None.
    given_up: by how much the final plan may be worse than the stage's optimum, since the scenario gives it up; None
    where it gives nothing up, so that the plan keeps the rows that held earlier stages, too.
    """

    stage: str
    year: str
    problem: LinearProblem
    plan: Floats
    duals: Floats
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    text: bytes
    added: Added | None = None
    given_up: float | None = None


@dataclass(frozen=True)
class RowPrice:
    """The dual of a row of the goal stage: one of the sets that prove the plan, where it is degenerate.

    price: change of the goal, in its own unit, with one more unit of the row's constant side: of rules whose unit is £
    one thousand pounds, as the programme counts money; below 0 where more of it makes the goal less.
    """

    rule: str
    key: tuple[str, ...]  # names of partnership, year … as the rule yields them
    year_planned: str  # where planning is year on year, else blank
    price: float


@dataclass(frozen=True)
class StageRecord:
    """How one stage went, for the summary and the log."""

    year: str  # the year planned where planning is year on year, else blank
    stage: str  # soft, goal, then, redundancies, grants, again, spend
    outcome: str  # "optimal", "not needed", or why the plan of the stage before stands
    value: float | None  # the stage's own optimum in its own unit, constants included; None where it has none
    seconds: float
    iterations: int


@dataclass(frozen=True)
class GivenUp:
    """What of the goal was given up for fewer redundancies and quieter grants (goal.give_up).

    best: the goal's optimum. allowed: how much of it might be given up; given: how much was, in the end.
    All in the goal's unit, constants included.
    """

    year: str  # the year planned where planning is year on year, else blank
    best: float
    allowed: float
    given: float


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Brief):
    """A plan as the solver found it, with what certifies it.

    proofs are empty, and why_uncertified says why, where the solver gives no exact problem or duals.
    solver: name and version, such as "HiGHS 1.16.0". given_up: where the scenario allows it, of each plan.
    left_out: partnerships that `fairest` leaves out, since nothing offered can help them.
    """

    figures: Figures
    proofs: tuple[StageProof, ...]
    prices: tuple[RowPrice, ...]
    stages: tuple[StageRecord, ...]
    solver: str
    seconds: float
    why_uncertified: str = ""
    given_up: tuple[GivenUp, ...] = ()
    left_out: tuple[str, ...] = ()
