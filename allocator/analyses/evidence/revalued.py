"""The best plan under other effects: one solved programme whose goal is priced anew, its rules left as they are.

Only what places count for in the goal changes. The rules keep the central effects: else knowing more could seem to
harm. A negative effect keeps its relative effect of 1 and a positive one its bands, whatever the draw, so that the goal
stays linear in the effects and the best goal convex in them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocator import units
from allocator.analyses.evidence.value import Convex, convex
from allocator.errors import UsageError
from allocator.programme.formulate import formulate
from allocator.programme.goals import exposure_terms, unit_of_caution
from allocator.register import GOALS
from allocator.register.rules import NATIONAL
from allocator.scenario.amounts import planned_effects, planned_errors
from allocator.scenario.settings import Settings
from allocator.solving.session import pounds
from allocator.solving.stages import Stages
from allocator.tables.dataset import DataSet, Floats, Integers
from allocator.tolerances import NOTHING

# Standard errors from the central effects at which a walk along one direction stops, either way. What bends beyond the
# last, where six draws in a hundred thousand lie, adds less than a hundred-thousandth of the change of slope there;
# from there to five standard errors would take a sixth of all the time.
WALK = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 4.0)


@dataclass(frozen=True, eq=False)
class Answered:
    """The best plan under some effects. value: its goal there. counts: what a unit of each effect adds to it, [pair],
    so that its goal under any effects is value + (other − these) @ counts. grants: £ [p, t].
    """

    value: float
    counts: Floats
    grants: Floats


@dataclass(frozen=True, eq=False)
class Along:
    """The best goal along one direction, and the plans that it was found with.

    plans: [plan, 1 + pair] what each reaches at the central effects, and what a unit of each effect adds to it there.
    """

    best: Convex
    plans: Floats


class Revalued:
    """A settlement's programme, solved, and asked for the best plan under other effects from where it stands.

    The plan is the neutral one: what is not known yet is asked about, not guarded against.

    effects, errors: of the pairs of d.offers, in order. base: the best plan at the central effects. prices: what one
    pound more of each year's money adds to its goal, [t], from the duals.
    """

    def __init__(self, d: DataSet, s: Settings, given: Floats | None = None) -> None:
        """Solve the programme. Raises UsageError for a measure or certainty that it is not for, and as best() does."""
        sums = [goal.name for goal in GOALS.values() if goal.of_effects]
        if s.goal.measure not in sums or s.certainty.kind != "settlement":
            found = f"found the goal {s.goal.measure}, planned as {s.certainty.kind}"
            raise UsageError("evidence", found, f"{units.listed(sums, 'or')}, planned as a settlement", "")
        s = s.changed(risk={"attitude": "neutral"})
        self.data, self.settings = d, s
        self.pairs = np.array(d.offers)
        self.effects: Floats = planned_effects(d, s)[self.pairs[:, 0], self.pairs[:, 1]]
        self.errors: Floats = planned_errors(d, s)[self.pairs[:, 0], self.pairs[:, 1]]
        self.programme = formulate(d, s, given=given)
        self.stages = Stages(self.programme, s.solver.name, s.solver.time_limit)
        self._constant = self.programme.goal_constant
        self._columns, self._unit, self._pair_of = self._priced()
        best = self.stages.best()
        self.central: Floats = self.stages.session.cost.copy()
        self.base = self._answered(best.answer.values, best.goal)
        self.basis: Any = self.stages.session.basis()
        national = [number for number, (rule, _) in enumerate(self.programme.rows) if rule == NATIONAL.name]
        self.prices: Floats = best.answer.duals[national] / pounds(1.0)

    def _priced(self) -> tuple[Integers, Floats, Integers]:
        """Give columns of places, what a unit of their effect is worth there, and the pair that each belongs to."""
        x = self.programme.decisions
        terms = exposure_terms(self.data, self.settings, x)
        worth = np.zeros(len(x.keys))
        np.add.at(worth, terms.ids, terms.coefficients * unit_of_caution(self.settings))
        position = {(int(i), int(g)): k for k, (i, g) in enumerate(self.pairs)}
        pair = np.array([position[i, g] for i, g, _ in x.served])
        ids = x.place_ids.reshape(-1, len(x.served))
        of = np.broadcast_to(pair, ids.shape).ravel()
        columns = self.stages.session.column_of[ids.ravel()]
        there = columns >= 0
        return columns[there], worth[ids.ravel()][there], of[there]

    def _answered(self, values: Floats, goal: float) -> Answered:
        counts: Floats = np.bincount(
            self._pair_of, self._unit * values[self._columns], minlength=len(self.pairs)
        ).astype(float)
        x = self.programme.decisions
        held = self.stages.session.column_of[x.ids["grant"]]
        grants = pounds(values[held]).reshape(len(self.data.partnerships), -1)
        return Answered(goal + self._constant, counts, grants)

    def best(self, effects: Floats, *, near: bool = True) -> Answered:
        """Give the best plan under these effects, [pair]. Raises NoPlan and SolverError.

        near: whether the last basis is near. Where all effects are drawn anew it is not: from there it takes four times
        as long as from nothing, and presolve only costs.
        """
        session = self.stages.session
        cost = self.central.copy()
        np.add.at(cost, self._columns, self._unit * (effects - self.effects)[self._pair_of])
        session.set_costs(cost, maximise=True)
        answer = self.stages.checked(session.solve(primal=True) if near else session.solve_without_presolve(), "goal")
        return self._answered(answer.values, answer.objective)

    def along(self, direction: Floats) -> Along:
        """Give the best goal along one direction of the effects, [pair] a standard error. Raises as best().

        It is walked along in steps from the central effects, first one way and then the other, each solve from the
        last basis: a few steps of the simplex, where a solve from nothing takes ten times as long. What is left open
        between steps is then closed from the nearest basis.
        """
        bases: dict[float, Any] = {0.0: self.basis}
        plans: list[Floats] = []
        last = math.inf  # where the solver stands: what it holds beside its basis is lost where it is given another

        def ask(z: float) -> tuple[float, float]:
            nonlocal last
            nearest = min(bases, key=lambda other: abs(other - z))
            if nearest != last:
                self.stages.session.start_from(bases[nearest])
            last = z
            answered = self.best(self.effects + z * direction)
            bases[z] = self.stages.session.basis()
            slope = float(answered.counts @ direction)
            plans.append(np.array([answered.value - z * slope, *answered.counts]))
            return answered.value, slope

        best = convex(ask, walk=WALK, nothing=NOTHING * max(1.0, abs(self.base.value)))
        return Along(best, np.array(plans))
