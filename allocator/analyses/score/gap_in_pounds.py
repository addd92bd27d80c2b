"""The gap between a plan and the best one as money: how much less would still reach as much."""

from __future__ import annotations

from collections.abc import Callable

from allocator.recompute.figures import money_available
from allocator.register import distributions, goals
from allocator.register.rules import names
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet
from allocator.tolerances import NOTHING
from allocator.what_if.cases import Solved

FIRST_STEP = 0.002  # share of the money by which the search for the gap in pounds begins
MOST_STEPS = 20
CLOSE = 1e-6  # relative: the goal that the search for the gap in pounds has to meet


def gap_in_pounds(
    d: DataSet, s: Settings, gap: float, brought: Solved, best: Solved
) -> tuple[float | None, float | None]:
    """Give how much less money would still reach what the plan brought reaches, £; or at least how much.

    Where the goal is in pounds, the gap itself. None where the plan brought keeps the soft rules less, or is better.
    """
    if goals.of(s).in_pounds:
        return gap, None
    if gap <= CLOSE * max(1.0, abs(best.goal)) or abs(brought.shortfall - best.shortfall) > NOTHING:
        return (0.0, None) if abs(gap) <= CLOSE * max(1.0, abs(best.goal)) else (None, None)

    total = float(money_available(d, s).sum())
    cut, reached = _cut_to(_goal_with_less(d, s), brought.goal, best.goal)
    return (cut * total, None) if reached else (None, cut * total)


def _goal_with_less(d: DataSet, s: Settings) -> Callable[[float], float | None]:
    """Give the best goal with a share less of every year's money, solved on from the last answer.

    None without a plan.
    """
    from allocator.analyses.sweep.grid import Shared, solve_row

    warm = "less money" if s.certainty.kind == "settlement" and not distributions.of(s).moves_with_money else ""
    shared = Shared(d, None, names(lambda rule: rule.rests_on_money), {})

    def goal(cut: float) -> float | None:
        scale = {year: s.budget.scale_of(year) * (1 - cut) for year in d.years}
        less = s.changed(budget={"scale": scale, "reserve": s.budget.reserve * (1 - cut)})
        return solve_row(shared, ((cut,), less, warm), name_rules=False).goal

    return goal


def _cut_to(goal_with: Callable[[float], float | None], wanted: float, without: float) -> tuple[float, bool]:
    """Give the share less of the money at which the best goal falls to wanted, and whether it does before plans end.

    The goal falls ever faster as money goes, so that secants close in from one side.
    """
    low, goal_low = 0.0, without  # a plan, still better than wanted
    high: float | None = None  # too little for a plan, or worse than wanted
    goal_high: float | None = None
    step = FIRST_STEP
    for _ in range(MOST_STEPS):
        if goal_high is not None and high is not None:
            cut = low + (high - low) * (goal_low - wanted) / (goal_low - goal_high)
        else:
            cut = (low + high) / 2 if high is not None else low + step
        goal = goal_with(cut)
        if goal is not None and abs(goal - wanted) <= CLOSE * max(1.0, abs(wanted)):
            return cut, True
        if goal is not None and goal > wanted:
            rate = (goal_low - goal) / (cut - low)
            low, goal_low = cut, goal
            step = 1.2 * (goal - wanted) / rate if rate > 0 else 2 * step
        else:
            high, goal_high = cut, goal
    return low, goal_high is not None
