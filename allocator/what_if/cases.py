"""One case among many: solved without what certifies it, judged on what really comes, kept where it has no plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from allocator.errors import NoPlan, SolverError
from allocator.recompute.figures import Recomputed
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats
from allocator.tolerances import NOTHING

Status = Literal["optimal", "infeasible", "unsolved", "not_set"]


@dataclass(frozen=True, eq=False)
class Solved:
    """A case that has a plan: its figures and what they come to."""

    figures: Figures
    worked: Recomputed

    @property
    def goal(self) -> float:
        """The goal in its unit, constants included."""
        return self.worked.goal

    @property
    def shortfall(self) -> float:
        """The soft rules' shortfalls, each as a share of its requirement, added up; 0 where all are kept."""
        return shortfall_of(self.worked)


@dataclass(frozen=True)
class Unsolved:
    """A case without a plan. status: infeasible (no plan keeps the rules), unsolved (the solver gave no answer)."""

    status: Status
    reason: str


def shortfall_of(worked: Recomputed) -> float:
    """Give the sum of the soft rules' shortfalls, each as a share of its requirement."""
    return sum(
        short.shortfall / short.required
        for short in worked.shortfalls
        if short.required > 0 and short.shortfall > NOTHING * max(1.0, short.required)
    )


def solve_case(d: DataSet, s: Settings, given: Floats | None = None) -> Solved | Unsolved:
    """Solve a case and work out what it comes to. given: [p, t] £, for the distribution `given`."""
    from allocator.runs.plan import judge
    from allocator.solving.settlement import plan_data

    try:
        figures = plan_data(d, s, given)[0]
        return Solved(figures, judge(d, s, figures, given))
    except (NoPlan, SolverError) as failure:
        return unsolved(failure)


def unsolved(failure: NoPlan | SolverError) -> Unsolved:
    """Say why there is no plan, to be kept with the case."""
    status: Status = "infeasible" if isinstance(failure, NoPlan) else "unsolved"
    where = f"{failure.place}: " if failure.place not in ("", "rules") else ""
    return Unsolved(status, where + failure.found)


def light(d: DataSet) -> DataSet:
    """Give the data set without the rows as read, which no case needs: it goes to other processes."""
    return replace(d, tables={})


def better(one: tuple[float, float], other: tuple[float, float], *, minimise: bool) -> bool:
    """Say whether (shortfall, goal) one is better than the other: a smaller shortfall first, then a better goal.

    What differs by less than the stages' slack and the solver's tolerance is no difference.
    """
    if abs(one[0] - other[0]) > NOTHING * max(1.0, abs(other[0])):
        return one[0] < other[0]
    ahead = other[1] - one[1] if minimise else one[1] - other[1]
    return ahead > NOTHING * max(1.0, abs(other[1]))
