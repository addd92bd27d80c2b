"""How sure a plan is: what it yields over many draws of its uncertain inputs, and which of them drive that.

The plan stands as it is; nothing is solved but the plan with shares as before, which it is held against.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from allocator.analyses.draws import OF_RISK
from allocator.analyses.named import INPUTS, OfSide
from allocator.analyses.risk.outcomes import Outcomes, Uncertain
from allocator.errors import NoPlan, SolverError
from allocator.register import distributions, goals
from allocator.results import Result, doc
from allocator.scenario.amounts import Kind
from allocator.solving.settlement import plan_data
from allocator.tables.dataset import Floats
from allocator.tables.sources import InputStatus, input_status
from allocator.what_if.shares_as_before import with_historical_grants
from allocator.what_if.side import Side

WORST = 10
CAUSES = 3  # inputs named as why a draw is bad
BINS = 16  # of the histogram, at most about so many
ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5, 10.0)
ALIKE = 1e-9  # of the goal: what draws differ by where nothing uncertain counts in it
TAIL = 0.05  # below and above the percentiles that are told


class Chance(Result):
    """How often a target is met."""

    scope: str = doc("national, region or partnership")
    name: str = doc("the region or partnership; blank where national")
    year: str = doc("the year")
    chance: float = doc("of the draws in which the target is met", "share of 1")

    @property
    def called(self) -> str:
        """The target in a few words."""
        return f"target {' '.join(filter(None, (self.name, self.year)))}"


class AtCommon(Result):
    """The draws with a part of the errors in common."""

    common: float = doc("of the errors of two inputs of one kind", "correlation")
    mean: float = doc("what is reached, the mean", "goal.unit")
    standard_error: float = doc("of that mean, which more draws would narrow", "goal.unit")
    deviation: float = doc("the standard deviation of what is reached", "goal.unit")
    low: float = doc("not reached in five draws of a hundred", "goal.unit")
    middle: float = doc("not reached in half of the draws", "goal.unit")
    high: float = doc("not reached in 95 draws of a hundred", "goal.unit")
    chances: tuple[Chance, ...] = doc("a target")


class Driver(Result):
    """An input, or the part that inputs of a kind have in common, and how much of the spread it makes."""

    kind: Literal["effects", "persistence", "effect_multiplier", "unit_cost", "neet"] = doc(
        "effects, persistence, effect_multiplier, unit_cost or neet"
    )
    name: str = doc("the intervention; all partnerships together; or what inputs of the kind have in common")
    share: float = doc(
        "of the variance of the goal that comes of it alone: exact where only effects are uncertain, else as the goal "
        "bends about the central values",
        "share of 1",
    )


class Cause(Result):
    """Why a draw is bad."""

    kind: str = doc("effects, persistence, effect_multiplier, unit_cost or neet")
    name: str = doc("the intervention or partnership")
    errors: float = doc("how far it is from its central value", "standard errors")
    goal: float = doc("what that takes from the goal, by itself", "goal.unit")


class WorstDraw(Result):
    """One of the worst draws."""

    draw: int = doc("its number among the draws")
    goal: float = doc("what is reached", "goal.unit")
    causes: tuple[Cause, ...] = doc("what takes most from it, the most first")


class Bin(Result):
    """A bar of the histogram."""

    low: float = doc("from", "goal.unit", name="from")
    high: float = doc("to", "goal.unit", name="to")
    share: float = doc("of the draws that lie between", "share of 1")


class Ahead(Result):
    """The plan beside shares as before, in the same draws."""

    chance: float = doc("of the draws in which the plan reaches more", "share of 1")
    mean: float = doc("what it reaches more on average", "goal.unit")
    low: float = doc("not reached more than in five draws of a hundred", "goal.unit")
    high: float = doc("not reached more than in 95 draws of a hundred", "goal.unit")


class Overspend(Result):
    """What the plan costs where unit costs are uncertain."""

    chance: float = doc("of the draws in which its places cost more than the money there is", "share of 1")
    mean: float = doc("what it costs more than planned on average", "£ cash, all years")
    high: float = doc("what it does not cost more in 95 draws of a hundred", "£ cash, all years")


class Risk(OfSide):
    """What a plan yields over many draws."""

    draws: int = doc("draws of everything uncertain; 0 where nothing is")
    seed: int = doc("of the draws, risk.seed")
    kinds: tuple[Kind, ...] = doc("what is uncertain: effects, persistence, effect_multiplier, unit_cost, neet")
    cases: tuple[AtCommon, ...] = doc("the draws with errors that have nothing in common, as much as is set, and all")
    histogram: tuple[Bin, ...] = doc("a bar, with the common part as it is set; none where all draws reach the same")
    drivers: tuple[Driver, ...] = doc("what makes the spread, the most first")
    worst: tuple[WorstDraw, ...] = doc("one of the ten worst draws, the worst first; none where all reach the same")
    ahead: Ahead | None = doc(
        "the plan beside shares as before; null: grants are set, or those have no plan", name="shares_as_before"
    )
    overspend: Overspend | None = doc("what it costs; null: unit costs are certain")
    inputs: InputStatus = doc(INPUTS)

    @property
    def as_set(self) -> AtCommon:
        """The draws with the common part as it is set."""
        return self.cases[1]


def risk_of(side: Side, *, draws: int = OF_RISK) -> Risk:
    """Draw everything uncertain many times and say what the plan then yields.

    Raises NoPlan and SolverError where the plan itself has to be solved and cannot be.
    """
    d, s = side.data, side.settings
    figures = side.figures if side.figures is not None else plan_data(d, s, side.given)[0]
    plan = Uncertain(d, s, figures)
    measure = goals.told(s)
    central = plan.outcomes(np.zeros((1, sum(plan.counts.values()))))
    value = float(central.goal[0])
    named = side.label, measure, goals.named(measure).unit, value
    inputs = input_status(d.tables)
    if not plan.counts:
        return Risk(*named, 0, s.risk.seed, (), (), (), (), (), None, None, inputs)
    errors = plan.drawn(draws, s.risk.common)
    found = plan.outcomes(errors)
    none, every = (_at(plan, common, plan.outcomes(plan.drawn(draws, common))) for common in (0.0, 1.0))
    slopes = _slopes(plan)
    spread = float(np.ptp(found.goal)) > ALIKE * max(1.0, abs(value))
    return Risk(
        *named,
        draws,
        s.risk.seed,
        tuple(plan.counts),
        (none, _at(plan, s.risk.common, found), every),
        _histogram(found.goal) if spread else (),
        _drivers(plan, slopes, float(found.goal.var())) if spread else (),
        _worst(plan, errors, found, value) if spread else (),
        _ahead(side, errors, found),
        _overspend(plan, found, float(central.spend[0])) if "unit_cost" in plan.counts else None,
        inputs,
    )


def _at(plan: Uncertain, common: float, found: Outcomes) -> AtCommon:
    low, middle, high = np.quantile(found.goal, (TAIL, 0.5, 1 - TAIL)).tolist()
    chances = tuple(
        Chance(
            aim.place.scope,
            " ".join((*aim.place.detail, aim.place.partnership)).strip(),
            aim.place.year,
            float((found.targets[:, n] >= 0).mean()),
        )
        for n, aim in enumerate(plan.aims)
    )
    deviation = float(found.goal.std())
    mean, error = float(found.goal.mean()), deviation / math.sqrt(len(found.goal))
    return AtCommon(common, mean, error, deviation, low, middle, high, chances)


def _histogram(goal: Floats) -> tuple[Bin, ...]:
    """Count draws in bars of one width about the middle 99.8 per cent; what lies beyond is in the first and the
    last.
    """
    low, high = np.quantile(goal, (0.001, 0.999))
    if high <= low:  # but for a few draws
        low, high = goal.min(), goal.max()
    step = _round_step(float(high - low) / BINS)
    edges = np.arange(math.floor(low / step), math.ceil(high / step) + 1) * step
    counts = np.histogram(np.clip(goal, edges[0], edges[-1]), edges)[0]
    return tuple(
        Bin(float(a), float(b), float(n) / len(goal)) for a, b, n in zip(edges[:-1], edges[1:], counts, strict=True)
    )


def _round_step(step: float) -> float:
    """Give the next of a few round numbers times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return float(next(times * power for times in ROUND if times * power >= step * (1 - 1e-9)))


def _slopes(plan: Uncertain) -> Floats:
    """Give what one standard error of each input changes the goal by about the central values, [input]."""
    one = np.eye(sum(plan.counts.values()))
    slopes: Floats = (plan.outcomes(one).goal - plan.outcomes(-one).goal) / 2
    return slopes


def _inputs(plan: Uncertain) -> list[tuple[Kind, str]]:
    """Name the kind and the name of each uncertain input, in the order of the errors."""
    d = plan.d
    by_kind: dict[Kind, tuple[str, ...]] = {
        "effects": d.intervention_names,
        "persistence": d.intervention_names,
        "effect_multiplier": d.partnership_names,
        "unit_cost": d.intervention_names,
        "neet": d.partnership_names,
    }
    return [(kind, name) for kind in plan.counts for name in by_kind[kind]]


ALL_PARTNERSHIPS, IN_COMMON = "all partnerships", "what they have in common"
OF_PARTNERSHIPS = ("effect_multiplier", "neet")


def _drivers(plan: Uncertain, slopes: Floats, variance: float) -> tuple[Driver, ...]:
    """Give the share of the variance that each input makes by its own part, and each kind by what is in common."""
    common = plan.s.risk.common
    inputs = _inputs(plan)
    if plan.linear:  # exactly what the draws come to; their own variance has an error of its own
        variance = float((1 - common) * (slopes**2).sum() + common * slopes.sum() ** 2)
    if variance <= 0:
        return ()
    found = []
    for kind in plan.counts:
        own = {n: float(slopes[n]) for n, (of, _) in enumerate(inputs) if of == kind}
        parts = [(inputs[n][1], slope**2) for n, slope in own.items()]
        if kind in OF_PARTNERSHIPS:
            parts = [(ALL_PARTNERSHIPS, sum(part for _, part in parts))]
        found += [Driver(kind, name, (1 - common) * part / variance) for name, part in parts]
        found.append(Driver(kind, IN_COMMON, common * sum(own.values()) ** 2 / variance))
    return tuple(sorted((one for one in found if one.share > 0), key=lambda one: -one.share))


def _worst(plan: Uncertain, errors: Floats, found: Outcomes, value: float) -> tuple[WorstDraw, ...]:
    less = goals.of(plan.s).less_is_better
    order = np.argsort(-found.goal if less else found.goal, kind="stable")[:WORST]
    inputs = _inputs(plan)
    worst = []
    for draw in order.tolist():
        each = plan.outcomes(np.diag(errors[draw])).goal - value
        harm = each if less else -each
        top = [n for n in np.argsort(-harm, kind="stable")[:CAUSES].tolist() if harm[n] > 0]
        causes = tuple(Cause(inputs[n][0], inputs[n][1], float(errors[draw, n]), float(each[n])) for n in top)
        worst.append(WorstDraw(draw + 1, float(found.goal[draw]), causes))
    return tuple(worst)


def _ahead(side: Side, errors: Floats, found: Outcomes) -> Ahead | None:
    d, s = side.data, side.settings
    if not distributions.of(s).free:
        return None
    try:
        before = plan_data(d, with_historical_grants(s))[0]
    except (NoPlan, SolverError):
        return None
    more = found.goal - Uncertain(d, s, before).outcomes(errors).goal
    if goals.of(s).less_is_better:
        more = -more
    low, high = np.quantile(more, (TAIL, 1 - TAIL)).tolist()
    return Ahead(float((more > 0).mean()), float(more.mean()), low, high)


def _overspend(plan: Uncertain, found: Outcomes, planned: float) -> Overspend:
    more = found.spend - planned
    over = found.spend > plan.money * (1 + 1e-9)
    return Overspend(float(over.mean()), float(more.mean()), float(np.quantile(more, 1 - TAIL)))
