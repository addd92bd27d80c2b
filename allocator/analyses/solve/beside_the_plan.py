"""What `solve` says unprompted beside the plan: what more would be worth, and why money is unspent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from allocator.analyses.solve.unspent import reasons
from allocator.analyses.solve.worth import side_of, worth
from allocator.errors import SolverError
from allocator.recompute.figures import Recomputed
from allocator.register.rules import RECRUITMENT, moved_by
from allocator.runs.findings import AtLimit, GoalChange, Reasons, Why
from allocator.scenario.settings import Settings
from allocator.solving.planned import Planned
from allocator.tables.dataset import DataSet, Floats
from allocator.tolerances import NOTHING
from allocator.what_if.fixed import fixed_grants
from allocator.what_if.questions import Change, WhatIf, what_if


def reasons_of(
    d: DataSet,
    s: Settings,
    plans: tuple[Planned, ...],
    worked: Recomputed,
    given: Floats | None = None,
    overrides: Sequence[str] = (),
) -> Reasons:
    """Ask a solved scenario again for its reasons.

    plans: as solve_data gave them, with nothing changed since; they are left so. worked: the plan worked out again.
    given: [p, t] £, where the distribution is given. overrides: settings changed for this run, as --set takes them.
    """
    solved = what_if(d, s, plans, given)
    prices = worth(solved, worked.goal)
    money_counts = not all(price.worth_nothing for price in prices.of("money"))
    changed = {rule for text in overrides for rule in moved_by(text.partition("=")[0])}
    why: tuple[Why, ...] = _in_time(lambda: reasons(solved, worked, money_counts=money_counts, first=changed), ())
    closeness = _in_time(lambda: _closeness(solved, worked), None)
    recruiting = _in_time(lambda: _recruiting(solved, worked), None)
    # no grant may be said to be at the margin because nobody had the time to look: without this there are no reasons
    fixed = tuple(one for planned in plans for one in fixed_grants(planned))
    return Reasons(prices, why, closeness, recruiting, fixed)


def _in_time[T](ask: Callable[[], T], otherwise: T) -> T:
    """What is asked; otherwise, where the solver finds no answer in time. What was found before stays found."""
    try:
        return ask()
    except SolverError:
        return otherwise


def _closeness(question: WhatIf, worked: Recomputed) -> GoalChange | None:
    """What coming as close as can be to the soft rules that fall short costs; None where all are kept."""
    short = dict.fromkeys(row.rule for row in worked.shortfalls if row.shortfall > NOTHING * max(1.0, row.required))
    return side_of(question, question.reached(Change(off="+".join(short)))) if short else None


def _recruiting(question: WhatIf, worked: Recomputed) -> AtLimit | None:
    """In how many partnerships recruits stand at their limit, and what that costs; None where in none."""
    full = {
        row.place.partnership
        for row in worked.rows
        if row.rule == RECRUITMENT.name and row.right > 0 and row.slack <= NOTHING * max(1.0, row.right)
    }
    if not full:
        return None
    without = side_of(question, question.reached(Change(off=RECRUITMENT.name)))
    return AtLimit(len(full), len(question.data.partnerships), without)
