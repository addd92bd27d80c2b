"""What a solver found, as plain arrays: nothing here imports a solver, the rules or PuLP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.results import Brief

if TYPE_CHECKING:
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


@dataclass(frozen=True, eq=False, repr=False)
class StageProof(Brief):
    """All that is needed to certify one stage of one planned year without a solver.

    stage: "soft" or "goal". year: the year planned where planning is year on year, else blank.
    plan: the final plan's value of every column. duals: the stage's row duals, in the goal's own units a unit
    of the row, signed so that the dual bound of a maximisation is sum max(y.r) + sum max((c - A'y) x).
    columns, rows: the key of each, such as ("places", "norfolk", "2004-05", "mentoring", "neet", "1").
    text: the problem as written by HiGHS's own writer (MPS), columns c0, c1 … and rows r0, r1 … in order.
    """

    stage: str
    year: str
    problem: LinearProblem
    plan: Floats
    duals: Floats
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    text: bytes


@dataclass(frozen=True)
class RowPrice:
    """A row of the programme as solved: how much room is left and what one unit more of its limit is worth."""

    rule: str
    key: tuple[str, ...]  # names of partnership, year … as the rule yields them
    year_planned: str  # where planning is year on year, else blank
    slack: float  # in the rule's own unit
    price: float  # change of the goal a unit more of the row's limit, from the goal stage's duals


@dataclass(frozen=True)
class StageRecord:
    """How one stage went, for the summary and the log."""

    year: str  # the year planned where planning is year on year, else blank
    stage: str  # soft, goal, disruption, spend
    outcome: str  # "optimal", "not needed", or why the plan of the stage before stands
    objective: float | None  # in the stage's own units, without constants
    seconds: float
    iterations: int


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Brief):
    """A plan as the solver found it, with what certifies it.

    proofs are empty, and why_uncertified says why, where the solver gives no exact problem or duals.
    solver: name and version, such as "HiGHS 1.16.0".
    """

    figures: Figures
    proofs: tuple[StageProof, ...]
    prices: tuple[RowPrice, ...]
    stages: tuple[StageRecord, ...]
    solver: str
    seconds: float
    why_uncertified: str = ""
