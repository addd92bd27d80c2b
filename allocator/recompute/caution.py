"""What a cautious goal comes to, from the tables and a plan alone: the mean of the worst of the draws, by sorting them.

The programme finds the same by rows and variables of its own (programme/caution.py); the two must agree.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocator.recompute.goals import Reached, goal_of
from allocator.recompute.reductions import reductions
from allocator.register import goals
from allocator.scenario.amounts import drawn_effects, planned_effects
from allocator.scenario.settings import Settings
from allocator.tables.dataset import Floats


def exposures(x: Reached) -> Floats:
    """Give what a unit of each effect adds to the goal, [pair of DataSet.offers]: the plan with that effect alone."""
    as_in_the_table = x.s.model_copy(update={"effects": type(x.s.effects)()})  # a unit of effect, however it is planned
    found = []
    for i, g in x.d.offers:
        one = x.d.effect * 0.0
        sign = -1.0 if x.d.effect[i, g] < 0 else 1.0  # its bands count as they do in the plan
        one[i, g] = sign
        fallen = reductions(replace(x.d, effect=one), as_in_the_table, x.f, x.tail)
        alone = replace(x, counted=fallen.counted, lasting=fallen.lasting, spend=np.zeros_like(x.spend))
        found.append(sign * goal_of(alone))
    return np.array(found)


def outcomes(x: Reached, goal: float) -> Floats:
    """Give what the plan yields in each draw of the effects, [draw]. goal: at the central effects."""
    i, g = np.array(x.d.offers).T
    yields: Floats = goal + (drawn_effects(x.d, x.s) - planned_effects(x.d, x.s)[i, g]) @ exposures(x)
    return yields


def mean_of_worst(yields: Floats, level: float) -> float:
    """Give the mean of the worst 1 - level of equally likely draws.

    Of the draw at the edge only as much as is in it.
    """
    ordered, count = np.sort(yields), (1.0 - level) * len(yields)
    whole = min(int(count), len(yields) - 1)
    return float((ordered[:whole].sum() + (count - whole) * ordered[whole]) / count)


def tail_of(x: Reached, goal: float) -> float | None:
    """Give the mean of the worst draws (CVaR), in the goal's unit; None where no caution is asked for."""
    if x.s.risk.attitude == "neutral" or not goals.of(x.s).of_effects:
        return None
    return mean_of_worst(outcomes(x, goal), x.s.risk.cvar_level)


def sought(s: Settings, goal: float, tail: float | None) -> float:
    """Give what a plan is made to be as good in as can be: the goal, or what it and its worst draws weigh together."""
    weight = s.risk.cvar_weight
    return goal if tail is None else (1.0 - weight) * goal + weight * tail
