from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.recompute.certificate import certify
from allocator.solving.solution import LinearProblem, StageProof

INF = float("inf")


def problem(cost, box, rows, *, maximise=True):
    """rows: (lower, {column: coefficient}, upper)."""
    return LinearProblem(
        maximise=maximise,
        cost=np.array(cost, dtype=float),
        lower=np.array([low for low, _ in box], dtype=float),
        upper=np.array([high for _, high in box], dtype=float),
        row_lower=np.array([row[0] for row in rows], dtype=float),
        row_upper=np.array([row[2] for row in rows], dtype=float),
        starts=np.cumsum([0] + [len(row[1]) for row in rows]),
        index=np.array([j for row in rows for j in row[1]], dtype=np.int64),
        value=np.array([a for row in rows for a in row[1].values()], dtype=float),
    )


# maximise 3 x + 2 y, x + y <= 4, x + 3 y <= 6, x in [0, 3], y in [0, 10]: best at x = 3, y = 1 with 11.
# Dual (2, 0): 2 * 4, and x is worth 3 - 2 = 1 more at its bound of 3: 8 + 3 = 11.
PAPER = problem([3, 2], [(0, 3), (0, 10)], [(-INF, {0: 1, 1: 1}, 4), (-INF, {0: 1, 1: 3}, 6)])


def proof(lp=PAPER, plan=(3, 1), duals=(2, 0)):
    columns, rows = (("places", "x"), ("places", "y")), (("national", "first"), ("national", "second"))
    return StageProof("goal", "", lp, np.array(plan, dtype=float), np.array(duals, dtype=float), columns, rows, b"")


def test_the_best_plan_with_its_duals_is_certified():
    found = certify(proof())
    assert found.certified
    assert (found.goal, found.bound, found.gap, found.violation) == (11, 11, 0, 0)
    assert found.why == ""


def test_a_minimisation_is_the_same_problem_turned_round():
    found = certify(proof(replace(PAPER, maximise=False, cost=-PAPER.cost), duals=(-2, 0)))
    assert found.certified
    assert (found.goal, found.bound, found.gap) == (-11, -11, 0)
    assert not certify(proof(replace(PAPER, maximise=False, cost=-PAPER.cost), duals=(2, 0))).certified


# what is wrong: plan, duals, the bound that the duals give
WRONG = {
    "a row broken by 2e-6 of its largest term": ((3, 1 + 8e-6), (2, 0), 11),
    "a bound broken by 2e-6 of it": ((3 + 6e-6, 1 - 6e-6), (2, 0), 11),
    "below a bound": ((-2e-6, 1), (2, 0), 11),
    "kept, but 2e-6 worse than the best": ((3, 1 - 11e-6), (2, 0), 11),
    "another plan": ((1, 3), (2, 0), 11),
    "no duals": ((3, 1), (0, 0), 29),  # 3 * 3 + 2 * 10
    "duals of the wrong sign, taken as none": ((3, 1), (-2, 0), 29),
    "duals of the wrong sign beside good ones": ((3, 1), (2 - 3e-6, -5), 11 - 12e-6 + 9e-6 + 30e-6),
    "duals of swapped rows": ((3, 1), (0, 2), 15),  # 2 * 6 + 1 * 3, and y at 0
    "duals off by more than the tolerance": ((3, 1), (2 + 12e-6, 0), 11 + 12e-6),
}


@pytest.mark.parametrize(("plan", "duals", "bound"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_not_certified(plan, duals, bound):
    found = certify(proof(plan=plan, duals=duals))
    assert not found.certified
    assert found.why
    assert float(found.bound) == pytest.approx(bound, rel=1e-12)


def test_duals_off_by_less_than_the_tolerance_still_certify():
    found = certify(proof(duals=(2 + 4e-6, 0)))
    assert found.certified
    assert found.gap == pytest.approx(4e-6 / 11, rel=1e-6)


def test_within_the_tolerance_is_certified_and_just_outside_is_not():
    # the second row's largest term is its side of 6, and it holds y three times
    for excess, certified in ((1.9e-6, True), (2.1e-6, False)):
        found = certify(proof(plan=(3, 1 + excess)))
        assert found.certified == certified
        assert found.where == "national|second"
        assert found.violation == pytest.approx(3 * excess / 6, rel=1e-9)


def test_sums_are_of_the_doubles_themselves_and_not_rounded():
    lp = problem([0, 0], [(0, 1), (0, 1)], [(-INF, {0: 0.1, 1: 0.2}, 0.3)])
    found = certify(replace(proof(lp, plan=(1, 1), duals=(0,)), rows=(("r",),)))
    excess = Fraction(0.1) + Fraction(0.2) - Fraction(0.3)
    assert excess != Fraction(0.1 + 0.2) - Fraction(0.3)  # what floating point would say
    assert found.violation == float(excess)


NOT_FINITE = [float("nan"), INF, -INF]


@pytest.mark.parametrize("value", NOT_FINITE)
@pytest.mark.parametrize("what", ["plan", "duals", "cost", "value", "row_lower_nan", "wrong_side"])
def test_numbers_that_are_not_finite_are_not_certified(value, what):
    plan, duals, lp = (3, 1), (2, 0), PAPER
    if what == "plan":
        plan = (3, value)
    elif what == "duals":
        duals = (value, 0)
    elif what == "cost":
        lp = replace(lp, cost=np.array([3, value]))
    elif what == "value":
        lp = replace(lp, value=np.array([1, 1, 1, value]))
    elif what == "row_lower_nan":
        lp = replace(lp, row_lower=np.array([float("nan"), -INF]))
    else:
        lp = replace(lp, row_upper=np.array([-INF, 6]))
    found = certify(proof(lp, plan, duals))
    assert not found.certified
    assert found.violation == INF
    assert found.why


@pytest.mark.parametrize("plan", [(1.7e308, 1), (3, -1.7e308), (5e-324, 1)])
@pytest.mark.parametrize("duals", [(1.7e308, 1.7e308), (2, 5e-324)])
def test_the_largest_and_smallest_doubles_overflow_nothing(plan, duals):
    assert not certify(proof(plan=plan, duals=duals)).certified


def test_shapes_that_do_not_fit_are_not_certified():
    assert not certify(proof(plan=(3,))).certified
    assert not certify(proof(duals=(2,))).certified
    assert not certify(proof(replace(PAPER, index=np.array([0, 1, 0, 7])))).certified
    assert not certify(proof(replace(PAPER, starts=np.array([0, 3, 2])))).certified


def test_a_column_without_an_upper_side_bounds_nothing_unless_it_is_worth_nothing_more():
    lp = replace(PAPER, upper=np.array([3, INF]))
    assert certify(proof(lp)).certified  # y is worth 2 - 2 = 0 more
    found = certify(proof(lp, duals=(1.5, 0)))
    assert not found.certified
    assert found.bound is None
    assert found.gap == INF


def test_a_dual_of_an_equality_may_have_either_sign_and_a_free_row_bounds_nothing():
    lp = problem([1], [(0, 10)], [(4, {0: -1}, 4), (-INF, {0: 1}, INF)])
    # x is in [0, 10] and -x = 4 cannot hold; with -x = -4 it is 4
    lp = replace(lp, row_lower=np.array([-4, -INF]), row_upper=np.array([-4, INF]))
    found = certify(replace(proof(lp, plan=(4,), duals=(-1, 7)), columns=(("x",),)))
    assert found.certified
    assert found.bound == 4


def test_a_row_with_two_sides_is_bounded_by_the_side_its_dual_pulls_to():
    lp = problem([1, -1], [(-5, 5), (-5, 5)], [(1, {0: 1}, 3), (1, {1: 1}, 3)])
    found = certify(proof(lp, plan=(3, 1), duals=(1, -1)))
    assert found.certified
    assert found.bound == 2


def test_a_problem_without_rows_or_terms_is_judged_by_its_bounds():
    lp = problem([2, -1], [(0, 3), (-1, 1)], [])
    found = certify(replace(proof(lp, plan=(3, -1), duals=()), rows=()))
    assert found.certified
    assert found.goal == 7


# --- against the same said in fractions --------------------------------------------------------------------------

doubles = st.floats(-1e6, 1e6, allow_subnormal=True) | st.integers(-9, 9).map(float)


@st.composite
def proofs(draw):
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(0, 4))
    sides = st.tuples(doubles | st.just(-INF), doubles | st.just(INF))
    made = []
    for _ in range(rows):
        low, high = draw(sides)
        used = draw(st.sets(st.integers(0, columns - 1)))
        made.append((low, {j: draw(doubles) for j in sorted(used)}, high))
    box = [draw(sides) for _ in range(columns)]
    cost = [draw(doubles) for _ in range(columns)]
    lp = problem(cost, box, made, maximise=draw(st.booleans()))
    plan, duals = ([draw(doubles) for _ in range(count)] for count in (columns, rows))
    keys = tuple(("c", str(j)) for j in range(columns)), tuple(("r", str(i)) for i in range(rows))
    return StageProof("goal", "", lp, np.array(plan), np.array(duals), *keys, b"")


def in_fractions(p):
    """Violation, goal and bound, said as trust.md says them, one fraction at a time."""
    lp, worst, sign = p.problem, Fraction(0), 1 if p.problem.maximise else -1
    x = [Fraction(v) for v in p.plan.tolist()]
    reduced, total = [sign * Fraction(c) for c in lp.cost.tolist()], Fraction(0)
    unbounded = False
    for i in range(len(p.duals)):
        entries = range(int(lp.starts[i]), int(lp.starts[i + 1]))
        terms = [Fraction(float(lp.value[k])) * x[int(lp.index[k])] for k in entries]
        low, high = float(lp.row_lower[i]), float(lp.row_upper[i])
        for side, excess in ((low, -1), (high, 1)):
            if abs(side) != INF:
                largest = max([Fraction(1), abs(Fraction(side)), *map(abs, terms)])
                worst = max(worst, excess * (sum(terms) - Fraction(side)) / largest)
        y = sign * Fraction(float(p.duals[i]))
        side = high if y > 0 else low
        if y == 0 or abs(side) == INF:
            continue
        total += y * Fraction(side)
        for k in entries:
            reduced[int(lp.index[k])] -= y * Fraction(float(lp.value[k]))
    for j, slope in enumerate(reduced):
        low, high = float(lp.lower[j]), float(lp.upper[j])
        for side, excess in ((low, -1), (high, 1)):
            if abs(side) != INF:
                worst = max(worst, excess * (x[j] - Fraction(side)) / max(Fraction(1), abs(Fraction(side))))
        if slope:
            side = high if slope > 0 else low
            unbounded |= abs(side) == INF
            total += slope * Fraction(side) if abs(side) != INF else 0
    goal = sum((Fraction(c) * v for c, v in zip(lp.cost.tolist(), x, strict=True)), Fraction(0))
    return worst, goal, None if unbounded else sign * total, sign


@settings(max_examples=300, deadline=None, derandomize=True)
@given(proofs())
def test_all_is_as_in_fractions(p):
    worst, goal, bound, sign = in_fractions(p)
    found = certify(p)
    assert found.violation == float(worst)
    assert found.goal == goal
    assert found.bound == bound
    tolerance = Fraction(1, 10**6)
    good = bound is not None and sign * (bound - goal) <= tolerance * max(1, abs(goal))
    assert found.certified == (good and worst <= tolerance)
