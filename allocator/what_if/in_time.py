"""A solved scenario asked within a bound of time: what finds no answer in it is left out, and never costs the plan."""

from __future__ import annotations

from collections.abc import Callable

from allocator.errors import SolverError
from allocator.solving.planned import Planned
from allocator.solving.session import Limit
from allocator.solving.solution import Figures
from allocator.what_if.questions import Change, Reached, WhatIf

# What one question may take and what all may take together, as multiples of what planning took; at least so much.
ONE, ALL = 3.0, 5.0
LEAST_OF_ONE, LEAST_OF_ALL = 10.0, 60.0  # seconds
LEAST_STEPS = 20_000  # of the simplex: a problem of one hundred partnerships takes fewer from the start


def bound(plans: tuple[Planned, ...]) -> float:
    """Bound every solve of solved programmes by a few times what planning them took; gives the seconds for all."""
    seconds = sum(record.seconds for plan in plans for record in plan.stages.records)
    for plan in plans:
        steps = sum(record.iterations for record in plan.stages.records)
        plan.stages.session.allowance = Limit(max(LEAST_OF_ONE, ONE * seconds), max(LEAST_STEPS, round(ONE * steps)))
    return max(LEAST_OF_ALL, ALL * seconds)


class InTime:
    """Asks a solved scenario; what finds no answer in time is left out, and the next question is asked.

    late: what found none, whose answers are None like those that have no plan.
    """

    def __init__(self, solved: WhatIf) -> None:
        """Take a solved scenario to be asked within the bounds of its sessions, and of solving.time_left."""
        self.solved = solved
        self.data, self.settings, self.figures, self.base = solved.data, solved.settings, solved.figures, solved.base
        self.late: set[Change] = set()

    def reached(self, change: Change) -> Reached | None:
        """Give what the best plan reaches with the change; None where there is none, or none was found in time."""
        return self._in_time(self.solved.reached, change)

    def plan(self, change: Change) -> Figures | None:
        """Give the plan itself with the change, in pounds; None as in reached."""
        return self._in_time(self.solved.plan, change)

    def _in_time[Answer](self, ask: Callable[[Change], Answer | None], change: Change) -> Answer | None:
        try:
            return ask(change)
        except SolverError:  # the solver got stuck, or the time ran out
            self.late.add(change)
            return None
