"""The cautious goal: a part of it at the central effects, a part the mean of its worst draws (CVaR).

Source: Rockafellar and Uryasev 2000, Optimization of conditional value-at-risk. What a plan yields is linear in the
effects: with the exposure of each pair of intervention and client group as a variable, a draw is a row of some twenty
terms and not of all places.
"""

from __future__ import annotations

import numpy as np
from pulp import LpAffineExpression, LpVariable

from allocator.programme.builders import Rows
from allocator.programme.goals import exposure_terms, spending_terms, unit_of_caution
from allocator.programme.terms import Terms
from allocator.programme.variables import SMALLEST_COEFFICIENT, Caution, Decisions
from allocator.register.place import Place
from allocator.scenario.amounts import drawn_effects
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats

EXPOSURE, SPENDING, DRAW = "exposure", "spending", "draw"  # what the rows are of


def cautious(d: DataSet, s: Settings, x: Decisions, goal: LpAffineExpression) -> LpAffineExpression:
    """Weigh the mean of the worst draws beside the goal, and make the variables that this takes.

        maximise  (1 - cvar_weight) * goal + cvar_weight * (tail - sum[k] below[k] / ((1 - cvar_level) * draws))

    with the rows of rows(). In the programme they count years where the goal counts pounds. Every variable is boxed by
    what places and spending can come to at most.
    """
    level, count = s.risk.cvar_level, s.risk.draws
    exposures = [_boxed(x, EXPOSURE, _pair(d, k), terms) for k, terms in enumerate(_exposures(d, s, x))]
    spent = spending_terms(d, s, x)
    spending = None if spent is None else _boxed(x, SPENDING, (), spent)
    lowest, highest = _reach(drawn_effects(d, s), exposures, spending)
    tail = x.add("tail", (), float(lowest.min()), float(highest.max()))
    below = [x.add("below", (str(k + 1),), 0.0, float(highest.max() - lowest[k])) for k in range(count)]
    x.caution = Caution(tuple(exposures), spending, tail, tuple(below))
    weight, own = s.risk.cvar_weight, s.risk.cvar_weight * unit_of_caution(s)
    each = own / ((1.0 - level) * count)
    terms = Terms(
        np.array([tail.id, *(variable.id for variable in below)], dtype=np.int64), np.array([own, *[-each] * count])
    )
    return goal * (1.0 - weight) + x.total(terms)


def rows(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Tie exposures, spending and draws to the places, where the goal is a cautious one.

        exposure[i, g]  =  sum[p, t, b] places[p, t, i, g, b] * what one adds to the goal were effect[i, g] 1
        below[k]  >=  tail - sum[i, g] effect[i, g, k] * exposure[i, g] - spending

    for every draw k.
    """
    if x.caution is None:
        return
    for k, (terms, variable) in enumerate(zip(_exposures(d, s, x), x.caution.exposures, strict=True)):
        yield Place(detail=(EXPOSURE, *_pair(d, k))), x.total(terms) - 1.0 * variable == 0.0
    spent = spending_terms(d, s, x)
    if spent is not None and x.caution.spending is not None:
        yield Place(detail=(SPENDING,)), x.total(spent) - 1.0 * x.caution.spending == 0.0
    ids = [variable.id for variable in x.caution.exposures]
    ids += [x.caution.tail.id] + ([] if x.caution.spending is None else [x.caution.spending.id])
    others = [-1.0] + ([] if x.caution.spending is None else [1.0])
    for k, effects in enumerate(drawn_effects(d, s)):
        terms = Terms(np.array([*ids, x.caution.below[k].id], dtype=np.int64), np.concatenate([effects, others, [1.0]]))
        yield Place(detail=(DRAW, str(k + 1))), x.total(terms) >= 0.0


def _pair(d: DataSet, k: int) -> tuple[str, str]:
    i, g = d.offers[k]
    return d.interventions[i], d.client_groups[g]


def _exposures(d: DataSet, s: Settings, x: Decisions) -> list[Terms]:
    """Give the terms of each pair's exposure."""
    terms = exposure_terms(d, s, x)
    pair_of = np.zeros(len(x.keys), dtype=np.int64)
    position = {pair: k for k, pair in enumerate(d.offers)}
    served = np.array([position[i, g] for i, g, _ in x.served])
    pair_of[x.place_ids] = np.broadcast_to(served, x.place_ids.shape)
    pairs, written = pair_of[terms.ids], np.abs(terms.coefficients) >= SMALLEST_COEFFICIENT
    return [
        Terms(terms.ids[own], terms.coefficients[own]) for own in ((pairs == k) & written for k in range(len(d.offers)))
    ]


def _boxed(x: Decisions, name: str, key: tuple[str, ...], terms: Terms) -> LpVariable:
    """Give a variable for a sum, within the bounds of what is summed up; every other variable is at least 0."""
    most = terms.coefficients * x.upper_bounds[terms.ids]
    return x.add(name, key, float(most[most < 0].sum()), float(most[most > 0].sum()))


def _reach(drawn: Floats, exposures: list[LpVariable], spending: LpVariable | None) -> tuple[Floats, Floats]:
    """Give the least and the most that a plan can yield in each draw, [draw], without constants."""
    low, high = (np.array([getattr(variable, bound) for variable in exposures]) for bound in ("lowBound", "upBound"))
    ends = np.stack([drawn * low, drawn * high])
    more = (0.0, 0.0) if spending is None else (float(spending.lowBound), float(spending.upBound))
    return ends.min(axis=0).sum(axis=1) + more[0], ends.max(axis=0).sum(axis=1) + more[1]
