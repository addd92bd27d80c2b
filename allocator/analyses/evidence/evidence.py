"""Which evidence is worth having: what knowing effects would bring, whose most, and what a plan claims too much.

All by solving again with other effects in the goal; see revalued. Young person-years turn into pounds at what the next
pound of every year brings, so that the price is the programme's own.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocator.analyses.draws import OF_EVIDENCE
from allocator.analyses.evidence.pooling import Pool, can_pool, pools_of, studies_of
from allocator.analyses.evidence.revalued import Along, Revalued
from allocator.analyses.evidence.value import Convex, informed, sampling_error
from allocator.analyses.named import INPUTS, OfSide
from allocator.register import goals
from allocator.results import Result, doc
from allocator.scenario.amounts import standardised
from allocator.scenario.distributions import grants_as_before
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.sources import InputStatus, input_status
from allocator.what_if.cases import light
from allocator.what_if.pool import run_cases

SAMPLES = (500, 2_000, 10_000)  # young people in a study's two arms together
BLOCK = 10  # draws that a process solves between two reports
NOT_SOLVED = 100_000  # draws in which the best of the plans found already is looked for
AT_ONCE = 2_000  # of these, so that they take no more memory than a few plans


class StudyValue(Result):
    """A study that could be made, and what it would bring (EVSI)."""

    sample: int = doc("in its two arms together", "young people")
    value: float = doc("what it would bring", "goal.unit")


class InterventionValue(Result):
    """What knowing one intervention's effects would bring (EVPPI)."""

    intervention: str = doc("its key")
    name: str = doc("its name")
    value: float = doc("what knowing its effects would bring", "goal.unit")
    within: float = doc("how far the value may be off, at most", "goal.unit")
    studies: tuple[StudyValue, ...] = doc("a study that could be made, the smallest first")
    client_group: str = doc("the group that the study is of: whose uncertainty counts most")
    share: float = doc("of that group is NEET, from which the study's error follows", "share of 1")
    standard_error: float = doc("of the effect on that group, in the tables", "share of 1")


class GrantFirmness(Result):
    """A partnership's grants of all years over the draws, against shares as before."""

    partnership: str = doc("key of the partnership")
    name: str = doc("its name")
    above: float = doc("of the draws in which it gets more than with shares as before, all years", "share of 1")
    below: float = doc("of the draws in which it gets less", "share of 1")


class Mean(Result):
    """A mean over draws."""

    value: float = doc("the mean over the draws", "goal.unit")
    standard_error: float = doc("of that mean", "goal.unit")


class Evidence(OfSide):
    """What the evidence is worth to a plan, in the goal's unit."""

    draws: int = doc("draws of all effects together; 0 where no effect is uncertain")
    seed: int = doc("of the draws, risk.seed")
    common: float = doc("of the errors of two interventions' effects, risk.common", "correlation")
    perfect: Mean = doc(
        "what knowing every effect before deciding would bring (EVPI), no less than knowing any one",
        name="perfect_information",
    )
    optimism: Mean = doc("what the best plan for what was estimated claims more than it yields")
    pounds_a_unit: float | None = doc(
        "what one unit of the goal costs at the margin; null where money brings nothing", "£ cash"
    )
    interventions: tuple[InterventionValue, ...] = doc(
        "an intervention with an uncertain effect, the most valuable to know first"
    )
    firmness: tuple[GrantFirmness, ...] = doc("a partnership's grants over the draws; none where the grants are set")
    pools: tuple[Pool, ...] = doc("what the studies of one effect say together")
    not_pooled: int = doc("studies that are in no pool since statsmodels is not installed", "studies")
    give_up: float = doc(
        "what the plan may give up of its goal, goal.give_up: here it gives up nothing, and the goal is its best",
        "share of 1",
    )
    inputs: InputStatus = doc(INPUTS)


@dataclass(frozen=True, eq=False)
class _Shared:
    data: DataSet
    settings: Settings
    given: Floats | None


def value_of_evidence(
    d: DataSet,
    s: Settings,
    given: Floats | None = None,
    *,
    name: str = "",
    draws: int = OF_EVIDENCE,
    jobs: int | None = 1,
    scheduler: str | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Evidence:
    """Give what knowing more about the effects would bring to the best plan of a settlement.

    draws: of all effects together, for EVPI, optimism and firmness. jobs, scheduler: as run_cases takes them. done:
    called with how many of how many pieces have ended. Raises UsageError for a measure or a certainty without such a
    value, NoPlan and SolverError.
    """
    asked = Revalued(d, s, given)
    uncertain = [i for i in range(len(d.interventions)) if asked.errors[asked.pairs[:, 0] == i].any()]
    # the first are solved
    errors = standardised(draws + NOT_SOLVED, len(d.interventions), s.risk.common, s.risk.seed)
    blocks = [errors[first : min(first + BLOCK, draws)] for first in range(0, draws, BLOCK)] if uncertain else []
    shared = _Shared(light(d), s, given)
    pieces: Sequence[int | Floats] = [*uncertain, *blocks]
    _solved.of = shared, asked  # for pieces that stay in this process
    try:
        answers = run_cases(_piece, shared, pieces, jobs=jobs, scheduler=scheduler, done=done)
    finally:
        del _solved.of
    along = dict(zip(uncertain, answers, strict=False))
    drawn = [np.concatenate(parts) for parts in zip(*answers[len(uncertain) :], strict=True)] if blocks else None
    return _told(asked, name, errors, along, drawn)


_solved = threading.local()  # a thread's own programme, solved once: a piece that solved it anew would mostly do that


def _piece(shared: _Shared, piece: int | Floats) -> Any:
    """Give what there is along the error of one intervention, or what comes of some draws of all errors."""
    if getattr(_solved, "of", (None,))[0] is not shared:
        _solved.of = shared, Revalued(shared.data, shared.settings, shared.given)
    asked = _solved.of[1]
    return asked.along(direction(asked, piece)) if isinstance(piece, int) else _drawn(asked, piece)


def direction(asked: Revalued, i: int) -> Floats:
    """Give how the means of all effects move with one standardised error of intervention i: its own by its standard
    error, the others by the part that their errors have in common with it.
    """
    common = asked.settings.risk.common
    moved: Floats = asked.errors * np.where(asked.pairs[:, 0] == i, 1.0, common)
    return moved


def _drawn(asked: Revalued, errors: Floats) -> tuple[Floats, Floats, Floats]:
    """Give for each draw how much the best plan for it is better there than the plan as it stands; how much it claims
    more than it yields at the central effects; its grants of all years, [draw, p].

    What the plan as it stands would claim more is nothing on average; less that, the second varies less.
    """
    better, claimed, grants = [], [], []
    for moved in _moved(asked, errors):
        best = asked.best(asked.effects + moved, near=False)
        better.append(best.value - (asked.base.value + moved @ asked.base.counts))
        claimed.append(moved @ (best.counts - asked.base.counts))
        grants.append(best.grants.sum(axis=1))
    return np.array(better), np.array(claimed), np.array(grants)


def _moved(asked: Revalued, errors: Floats) -> Floats:
    """Give how far each effect is from its central value, [draw, pair]."""
    moved: Floats = asked.errors * errors[:, asked.pairs[:, 0]]
    return moved


def _best_known(asked: Revalued, plans: Floats, errors: Floats) -> Floats:
    """Give for each draw how much the best of some plans is better there than the plan as it stands, [draw]."""
    found = []
    for first in range(0, len(errors), AT_ONCE):
        moved = _moved(asked, errors[first : first + AT_ONCE])
        reached = plans[:, 0] + moved @ plans[:, 1:].T
        found.append(reached.max(axis=1) - asked.base.value - moved @ asked.base.counts)
    return np.concatenate(found)


def _perfect(asked: Revalued, plans: Floats, errors: Floats, better: Floats) -> Mean:
    """Give the mean of what knowing every effect brings.

    Most of it the best of the plans brings that were found for one effect at a time, whose mean many draws tell without
    a solve. What the best plan brings beyond that varies little, so that few draws tell its mean.
    """
    known = _best_known(asked, plans, errors)
    beyond, without = better - known[: len(better)], known[len(better) :]
    error = math.hypot(_mean(beyond).standard_error, _mean(without).standard_error)
    return Mean(float(beyond.mean() + without.mean()), error)


def _told(
    asked: Revalued, name: str, errors: Floats, along: Mapping[int, Along], drawn: Sequence[Floats] | None
) -> Evidence:
    d, s = asked.data, asked.settings
    values = [_of_intervention(asked, i, found.best) for i, found in along.items()]
    values.sort(key=lambda value: (-value.value, value.intervention))
    perfect = optimism = Mean(0.0, 0.0)
    firmness: list[GrantFirmness] = []
    if drawn is not None:
        better, claimed, grants = drawn
        here = np.array([[asked.base.value, *asked.base.counts]])
        plans = np.concatenate([here, *(found.plans for found in along.values())])
        perfect, optimism = _perfect(asked, plans, errors, better), _mean(claimed)
        # to know all is worth no less than to know one, which is known more closely
        perfect = Mean(max(perfect.value, values[0].value), perfect.standard_error)
        if asked.programme.grants_set is None:
            before = grants_as_before(d, asked.programme.now.money, asked.programme.now.years).sum(axis=1)
            apart = 1e-6 * np.maximum(before, 1.0)
            firmness = [
                GrantFirmness(
                    partnership,
                    d.partnership_names[p],
                    float((grants[:, p] > before[p] + apart[p]).mean()),
                    float((grants[:, p] < before[p] - apart[p]).mean()),
                )
                for p, partnership in enumerate(d.partnerships)
            ]
    brings = float(asked.prices.sum())
    return Evidence(
        name,
        goals.told(s),
        goals.named(goals.told(s)).unit,
        asked.base.value,
        0 if drawn is None else len(drawn[0]),
        s.risk.seed,
        s.risk.common,
        perfect,
        optimism,
        len(d.years) / brings if brings > 0 else None,
        tuple(values),
        tuple(firmness),
        pools_of(d) if can_pool() else (),
        0 if can_pool() else sum(map(len, studies_of(d).values())),
        s.goal.give_up,
        input_status(d.tables),
    )


def _mean(values: Floats) -> Mean:
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return Mean(float(values.mean()), error)


def _of_intervention(asked: Revalued, i: int, along: Convex) -> InterventionValue:
    d = asked.data
    own = np.flatnonzero(asked.pairs[:, 0] == i)
    largest = own[np.argmax(np.abs(asked.base.counts[own]) * asked.errors[own])]
    g = int(asked.pairs[largest, 1])
    people = float(d.young_people[:, :, g].sum())
    share = float(d.neet[:, :, g].sum()) / people if people > 0 else 0.5
    error = float(asked.errors[largest])
    nought = along.mean(0.0)
    studies = []
    for sample in SAMPLES:
        scale = informed(error, sampling_error(share, float(asked.effects[largest]), sample))
        studies.append(StudyValue(sample, max(along.mean(scale) - nought, 0.0)))
    return InterventionValue(
        d.interventions[i],
        d.intervention_names[i],
        max(along.mean() - nought, 0.0),
        along.apart(),
        tuple(studies),
        d.client_groups[g],
        share,
        error,
    )
