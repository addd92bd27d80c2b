"""Certifies one stage of a plan in exact arithmetic: no solver, no tolerance of a solver, no rounding.

A double is a whole number times a power of two, so with one power of two for each vector every sum here is a sum of
whole numbers, and Python's are exact at any size. What is certified of a maximisation, from the problem, a plan x
and any row duals y: the plan breaks no row or bound by more than TOLERANCE, and no plan whatever exceeds

    D = sum over rows of max y.r over [row_lower, row_upper] + sum over columns of max (c - A'y) x over the bounds,

which is at most TOLERANCE above the plan's own goal P, and above what the scenario gives up of it, if anything.
A minimisation is the same problem turned round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import mul

import numpy as np

from allocator.solving.solution import LinearProblem, StageProof
from allocator.tables.dataset import Floats, Integers

TOLERANCE = Fraction(1, 1_000_000)
_DOUBLE_BITS = 53
_OF_GOAL = {("hold", "goal"), ("hold", "share")}  # the rows of a problem that hold the goal at its best


@dataclass(frozen=True)
class StageCertificate:
    """What exact arithmetic says of one stage.

    violation: the largest of all rows and bounds, relative to the larger of 1 and the largest term of the row, its
    side included (of a bound, of 1 and the bound); the double nearest to the exact number. where: the row or column.
    goal, bound: the plan's goal P and the dual bound D in the goal's own units, without constants; bound is None
    where the duals bound nothing. gap: (D - P) / max(1, |P|), how much better a plan could be at most.
    why: why it is not certified, else blank.
    """

    stage: str
    year: str  # the year planned where planning is year on year, else blank
    certified: bool
    violation: float
    where: str
    goal: Fraction | None
    bound: Fraction | None
    gap: float
    why: str = ""


@dataclass(frozen=True, eq=False)
class _Scaled:
    """Doubles as whole numbers: entry j stands for whole[j] * 2**exponent; infinities are None."""

    whole: list[int]
    exponent: int


def certify(proof: StageProof, gives: Callable[[Fraction], float | None] | None = None) -> StageCertificate:
    """Judge a stage's plan and duals. Never raises for any numbers: what cannot be judged is not certified.

    gives: what the scenario gives up, by the dual bound; as the proof says where left out.
    """
    problem, plan, duals = proof.problem, proof.plan, proof.duals
    unusable = _unusable(problem, plan, duals)
    if unusable:
        inf = float("inf")
        return StageCertificate(
            proof.stage,
            proof.year,
            certified=False,
            violation=inf,
            where="",
            goal=None,
            bound=None,
            gap=inf,
            why=unusable,
        )
    sign = 1 if problem.maximise else -1
    value, x = _scaled(problem.value), _scaled(plan)
    cost = _scaled(problem.cost)
    goal = _fraction(sum(map(mul, cost.whole, x.whole)), cost.exponent + x.exponent)
    bound = _dual_bound(problem, duals, value, cost, sign)
    if gives is not None and bound is not None:
        proof = replace(proof, given_up=gives(bound))
    violation, within, where = _violation(proof, value, x)

    gap = None if bound is None else sign * (bound - goal)  # how much a plan could be better at most
    size = max(Fraction(1), abs(goal))
    certified = within and gap is not None and gap <= TOLERANCE * size + Fraction(proof.given_up or 0.0)
    if certified:
        why = ""
    elif not within:
        why = f"{where} is broken by {violation:.1e} of its largest term"
    elif gap is None:
        why = "the duals bound nothing"
    else:
        why = f"the duals leave room for a plan better by {_nearest(gap):.6g}"
    relative = float("inf") if gap is None else _nearest(gap / size)
    return StageCertificate(proof.stage, proof.year, certified, violation, where, goal, bound, relative, why)


def _unusable(problem: LinearProblem, plan: Floats, duals: Floats) -> str:
    """Say why the numbers cannot be judged at all: shapes, not-a-number, infinities; blank where they can."""
    columns, rows = len(problem.cost), len(problem.row_lower)
    shapes = (
        len(problem.lower) == len(problem.upper) == len(plan) == columns
        and len(problem.row_upper) == len(duals) == rows
        and len(problem.starts) == rows + 1
        and len(problem.index) == len(problem.value)
    )
    if not shapes:
        return "the plan, the duals and the problem are not of one size"
    starts, index = problem.starts, problem.index
    ordered = starts[0] == 0 and starts[-1] == len(index) and bool((np.diff(starts) >= 0).all())
    if not ordered or (len(index) and (index.min() < 0 or index.max() >= columns)):
        return "the problem's rows name columns that are not there"
    for name, numbers in (
        ("plan", plan),
        ("duals", duals),
        ("problem's coefficients", problem.value),
        ("goal", problem.cost),
    ):
        if not np.isfinite(numbers).all():
            return f"the {name} hold numbers that are not finite" if name == "duals" else f"the {name} is not finite"
    sides = (problem.lower, problem.row_lower, -problem.upper, -problem.row_upper)
    if any(np.isnan(side).any() or np.isposinf(side).any() for side in sides):
        return "a limit of the problem is no number, or infinite on the wrong side"
    return ""


def _scaled(numbers: Floats) -> _Scaled:
    """Give finite doubles as whole numbers over one power of two, exactly."""
    mantissa, exponent = np.frexp(numbers)
    whole = np.ldexp(mantissa, _DOUBLE_BITS).astype(np.int64)
    nonzero = whole != 0
    if not nonzero.any():
        return _Scaled([0] * len(numbers), 0)
    # the zeros at the end of each mantissa go into its exponent: short numbers are the rule, and are faster
    zeros = np.where(nonzero, np.frexp((whole & -whole).astype(np.float64))[1] - 1, 0)
    whole, exponent = whole >> zeros, exponent.astype(np.int64) - _DOUBLE_BITS + zeros
    lowest = int(exponent[nonzero].min())
    shift = np.where(nonzero, exponent - lowest, 0)
    if int(shift.max()) + _DOUBLE_BITS <= 62:  # all fit into 64 bits
        return _Scaled((whole << shift).tolist(), lowest)
    return _Scaled([m << s for m, s in zip(whole.tolist(), shift.tolist(), strict=True)], lowest)


def _at(numbers: Floats, exponent: int) -> tuple[list[int | None], int]:
    """Give limits as whole numbers over 2**exponent or a finer power, which is returned; infinite ones are None."""
    finite = np.isfinite(numbers)
    scaled = _scaled(np.where(finite, numbers, 0.0))
    down = max(0, scaled.exponent - exponent)
    lowest = min(scaled.exponent, exponent)
    return [n << down if there else None for n, there in zip(scaled.whole, finite.tolist(), strict=True)], lowest


def _violation(proof: StageProof, value: _Scaled, x: _Scaled) -> tuple[float, bool, str]:
    """Give the largest relative violation of all rows and bounds (nearest double), whether within, and where."""
    problem = proof.problem
    worst, within, where = 0.0, True, ""

    def judge(excess: int, largest: int, exponent: int, place: tuple[str, ...]) -> None:
        nonlocal worst, within, where
        top, below = excess, largest
        if exponent > 0:
            top, below = top << exponent, below << exponent
        one = 1 << max(0, -exponent)
        below = max(below, one)
        relative = _divide(top, below)
        if relative > worst:
            worst, where = relative, "|".join(place)
        within = within and top * TOLERANCE.denominator <= below * TOLERANCE.numerator

    used = np.flatnonzero(proof.plan[problem.index])  # the terms that are not 0
    starts = np.searchsorted(used, problem.starts).tolist()
    terms = _products(value.whole, used, x.whole, problem.index[used])
    unit = value.exponent + x.exponent
    lower, lowest_lower = _at(problem.row_lower, unit)
    upper, lowest_upper = _at(problem.row_upper, unit)
    # rows that hold the goal bound a stage's optimum; a plan that may give some of the goal up may pass them
    passed = {i for i, key in enumerate(proof.rows) if key[:2] in _OF_GOAL} if proof.given_up is not None else ()
    for i, (low, high) in enumerate(zip(lower, upper, strict=True)):
        if i in passed:
            continue
        activity = sum(terms[starts[i] : starts[i + 1]])
        for side, exponent, sense in ((low, lowest_lower, -1), (high, lowest_upper, 1)):
            if side is None:
                continue
            excess = sense * ((activity << (unit - exponent)) - side)
            if excess > 0:
                largest = max(map(abs, terms[starts[i] : starts[i + 1]]), default=0) << (unit - exponent)
                judge(excess, max(largest, abs(side)), exponent, _name(proof.rows, i, "row"))

    for limits, sense in ((problem.lower, -1), (problem.upper, 1)):
        broken = np.flatnonzero(sense * proof.plan > sense * limits)  # comparing two doubles is exact
        if not len(broken):
            continue
        found, sides = _scaled(proof.plan[broken]), limits[broken]
        limit, exponent = _at(sides, found.exponent)
        for j, at, side in zip(broken.tolist(), found.whole, limit, strict=True):
            if side is not None:
                excess = sense * ((at << (found.exponent - exponent)) - side)
                judge(excess, abs(side), exponent, _name(proof.columns, j, "column"))
    return worst, within, where


def _dual_bound(problem: LinearProblem, duals: Floats, value: _Scaled, cost: _Scaled, sign: int) -> Fraction | None:
    """Give D, exactly, in the problem's own sense; None where a reduced cost meets an infinite bound."""
    turned = sign * duals
    # a dual that pulls towards a side that a row has not got would make the bound infinite: it is set to zero
    reachable = np.where(turned > 0, np.isfinite(problem.row_upper), np.isfinite(problem.row_lower))
    y = _scaled(np.where(reachable, turned, 0.0))
    sides = _scaled(_finite(np.where(turned > 0, problem.row_upper, problem.row_lower)))
    total = _fraction(sum(map(mul, y.whole, sides.whole)), y.exponent + sides.exponent)

    row = np.repeat(np.arange(len(duals)), np.diff(problem.starts))
    priced = np.flatnonzero((turned * reachable)[row])  # the terms that are not 0
    order = priced[np.argsort(problem.index[priced], kind="stable")]
    ends = np.searchsorted(problem.index[order], np.arange(len(problem.cost) + 1)).tolist()
    terms = _products(value.whole, order, y.whole, row[order])
    unit = value.exponent + y.exponent
    exponent = min(unit, cost.exponent)
    down, down_cost = unit - exponent, cost.exponent - exponent
    reduced = [
        ((sign * c) << down_cost) - (sum(terms[ends[j] : ends[j + 1]]) << down) for j, c in enumerate(cost.whole)
    ]
    lower, upper = _scaled(_finite(problem.lower)), _scaled(_finite(problem.upper))
    no_lower, no_upper = np.isinf(problem.lower).tolist(), np.isinf(problem.upper).tolist()
    at_lower = at_upper = 0
    for j, slope in enumerate(reduced):
        if slope > 0:
            if no_upper[j]:
                return None
            at_upper += slope * upper.whole[j]
        elif slope < 0:
            if no_lower[j]:
                return None
            at_lower += slope * lower.whole[j]
    total += _fraction(at_upper, exponent + upper.exponent) + _fraction(at_lower, exponent + lower.exponent)
    return sign * total


def _products(first: list[int], at: Integers, second: list[int], there: Integers) -> list[int]:
    """Give first[at[k]] * second[there[k]] for every k."""
    return list(map(mul, map(first.__getitem__, at.tolist()), map(second.__getitem__, there.tolist())))


def _finite(numbers: Floats) -> Floats:
    finite: Floats = np.where(np.isfinite(numbers), numbers, 0.0)
    return finite


def _fraction(whole: int, exponent: int) -> Fraction:
    return Fraction(whole << exponent) if exponent >= 0 else Fraction(whole, 1 << -exponent)


def _divide(top: int, below: int) -> float:
    try:
        return top / below  # of two whole numbers Python gives the nearest double
    except OverflowError:
        return float("inf")


def _nearest(number: Fraction) -> float:
    return (
        _divide(number.numerator, number.denominator)
        if number >= 0
        else -_divide(-number.numerator, number.denominator)
    )


def _name(keys: Sequence[tuple[str, ...]], position: int, kind: str) -> tuple[str, ...]:
    return keys[position] if position < len(keys) else (kind, str(position))
