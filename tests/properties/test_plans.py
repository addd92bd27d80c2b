"""What holds of every plan, on small data sets drawn at random: the same ones each time."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, note
from hypothesis import settings as budget

from allocator.errors import NoPlan
from allocator.recompute.certificate import certify
from allocator.runs.plan import judge
from allocator.runs.rounding import whole_pounds
from allocator.solving.settlement import solve_data
from tests.helpers.builders import tiny_data
from tests.helpers.strategies import settings, tables

MODEST = budget(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
LARGE = budget(MODEST, max_examples=300)
PENNY = 0.01


def read(rows):
    with TemporaryDirectory() as folder:
        return tiny_data(Path(folder), rows)


def solved(data, s):
    """The solution and its judgement; the case is left aside where there is no plan."""
    try:
        solution = solve_data(data, s)[0]
    except NoPlan:
        assume(False)
    return solution, judge(data, s, solution.figures)


def short(judged):
    return sum(row.shortfall / row.required for row in judged.shortfalls)


@contextmanager
def shown(*things):
    """Says what a failing case was made of."""
    for thing in things:
        note(str(thing))
    yield


@pytest.mark.slow
@LARGE
@given(tables(), settings(certainty=("settlement", "year_on_year")))
def test_every_plan_keeps_the_rules_is_certified_and_adds_up(rows, s):
    data = read(rows)
    with shown(rows, s):
        solution, judged = solved(data, s)
        # every rule that must hold does, worked out again
        assert judged.violation <= 1e-6
        assert not judged.breaches
        # every stage is certified in exact arithmetic
        for proof in solution.proofs:
            certificate = certify(proof)
            assert certificate.certified, certificate
        # pounds add up
        figures = solution.figures
        carried_in = np.concatenate([np.zeros_like(figures.carry[:, :1]), figures.carry[:, :-1]], axis=1)
        left_over = figures.grant + carried_in - judged.spend - figures.carry - figures.lapse
        assert np.abs(left_over).max() < PENNY
        assert (figures.grant.sum(axis=0) <= judged.money + PENNY).all()
        assert (figures.carry[:, -1] == 0).all()
        rounded = whole_pounds(figures.grant, judged.money)
        assert (rounded.sum(axis=0) <= judged.money + PENNY).all()
        assert np.abs(rounded.sum(axis=0) - figures.grant.sum(axis=0)).max() <= 1
        assert np.abs(rounded - figures.grant).max() <= 1
        # no figure is below nought, and no nought is negative
        for name in vars(figures):
            numbers = getattr(figures, name)
            assert (numbers >= 0).all()
            assert not np.signbit(numbers).any()


@MODEST
@given(tables(), settings(distributions=("optimised", "historical")))
def test_more_money_never_worsens_shortfall_and_goal(rows, s):
    data = read(rows)
    with shown(rows, s):
        _, less = solved(data, s)
        richer = replace(data, budget=data.budget * 1.1)
        _, more = solved(richer, s)
        assert short(more) <= short(less) + 1e-6 * max(1, short(less))
        if short(more) >= short(less) - 1e-6:
            better = less.goal - more.goal if s.goal.measure == "least_cost" else more.goal - less.goal
            assert better >= -1e-6 * max(1, abs(less.goal))


def turned_round(rows):
    """The rows of every table from last to first, but for the years, whose order says which comes first."""
    return {name: lines if name == "years" else lines[::-1] for name, lines in rows.items()}


@MODEST
@given(tables(), settings())
def test_the_order_of_rows_changes_nothing(rows, s):
    first = solved(read(rows), s)[0].figures
    second = solved(read(turned_round(rows)), s)[0].figures
    for name in vars(first):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


NEW_NAMES = {"north": "zebra's place", "south": "south", "west": "a b|c"}


@MODEST
@given(tables(), settings())
def test_names_change_nothing_but_ties(rows, s):
    renamed = {
        name: [
            {**line, "partnership": NEW_NAMES[line["partnership"]]} if "partnership" in line else line for line in lines
        ]
        for name, lines in rows.items()
    }
    with shown(rows, s):
        _, first = solved(read(rows), s)
        _, second = solved(read(renamed), s)
        assert short(second) == pytest.approx(short(first), abs=1e-6, rel=1e-6)
        assert second.goal == pytest.approx(first.goal, abs=1e-6, rel=1e-6)


POUNDS = {
    "partnerships": ("baseline_grant", "fixed_cost"),
    "interventions": ("unit_cost",),
    "grades": ("salary", "recruitment_cost", "redundancy_cost", "training_cost"),
    "years": ("budget",),
}


@MODEST
@given(tables(), settings())
def test_scaling_all_pounds_scales_nothing_else(rows, s):
    scaled = {
        name: [
            {
                column: value * 7 if column in POUNDS.get(name, ()) and value is not None else value
                for column, value in line.items()
            }
            for line in lines
        ]
        for name, lines in rows.items()
    }
    larger = s.model_copy(update={"goal": s.goal.model_copy(update={"benefit_per_neet": 7 * s.goal.benefit_per_neet})})
    with shown(rows, s):
        _, first = solved(read(rows), s)
        _, second = solved(read(scaled), larger)
        assert short(second) == pytest.approx(short(first), abs=1e-6, rel=1e-6)
        factor = 7 if s.goal.measure in ("benefit", "least_cost") else 1
        assert second.goal == pytest.approx(factor * first.goal, abs=1e-5, rel=1e-6)


@MODEST
@given(tables(), settings())
def test_soft_rules_are_kept_exactly_where_they_can_be(rows, s):
    """Hard, they leave a plan if and only if the soft ones fall short by nothing."""
    data = read(rows)
    with shown(rows, s):
        _, soft = solved(data, s)
        hard = s.model_copy(update={"rules": s.rules.model_copy(update={"soft": ()})})
        try:
            solve_data(data, hard)
        except NoPlan:
            assert short(soft) > 1e-7
        else:
            assert short(soft) < 1e-6


@MODEST
@given(tables(), settings(certainty=("settlement", "year_on_year")))
def test_no_approach_beats_free_grants_under_a_settlement(rows, s):
    data = read(rows)
    free = {"distribution": "optimised", "floor": None, "cap": None, "max_fall": None}
    certain = s.certainty.model_copy(update={"kind": "settlement"})
    with shown(rows, s):
        _, kept = solved(data, s)
        unbound = {"grants": s.grants.model_copy(update=free), "certainty": certain}
        _, best = solved(data, s.model_copy(update=unbound))
        assert short(best) <= short(kept) + 1e-6 * max(1, short(kept))
        if short(best) >= short(kept) - 1e-6:
            better = kept.goal - best.goal if s.goal.measure == "least_cost" else best.goal - kept.goal
            assert better >= -1e-6 * max(1, abs(kept.goal))
