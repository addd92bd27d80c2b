"""The certificate on a problem that was really solved: every way of spoiling the plan or the duals is caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocator.recompute.certificate import TOLERANCE, certify
from tests.runs.conftest import SETTINGS, solved


@pytest.fixture(scope="module", params=["settlement", "year_on_year"])
def proofs(request, tmp_path_factory):
    """Of a plan for which money and hours are short, so that they have a price."""
    overrides = ("budget.scale=0.2", "grants.floor=0", f'certainty.kind="{request.param}"')
    found = solved(tmp_path_factory.mktemp("short"), SETTINGS, *overrides).solution.proofs
    assert all(proof.duals.any() for proof in found if proof.stage == "goal")
    return found


def test_no_duals_whatever_bound_the_goal_below_what_a_plan_reaches(proofs):
    draw = np.random.default_rng(5)
    for proof in proofs:
        best = certify(proof)
        assert best.certified
        sign = 1 if proof.problem.maximise else -1
        for _ in range(60):
            noise = draw.normal(size=len(proof.duals)) * 10.0 ** draw.integers(-12, 6)
            duals = draw.choice([proof.duals, np.zeros_like(proof.duals), -proof.duals]) + noise
            found = certify(replace(proof, duals=duals))
            # weak duality holds for a plan that keeps its rows; this one does so to 1e-6 of each
            assert sign * (found.bound - best.goal) >= -TOLERANCE * max(1, abs(best.goal))


def test_whatever_is_taken_from_the_plan_it_is_no_longer_certified(proofs):
    for proof in proofs:
        best = certify(proof)
        for j in np.flatnonzero(proof.plan):
            spoiled = proof.plan.copy()
            spoiled[j] = proof.problem.lower[j]
            found = certify(replace(proof, plan=spoiled))
            worse = abs(float(found.goal - best.goal)) > float(TOLERANCE) * 3 * max(1.0, abs(float(best.goal)))
            if worse:
                # taking away can only lower a goal that is maximised, or break a row; either is seen
                assert not found.certified or (not proof.problem.maximise and found.goal <= best.goal), proof.columns[j]


def test_a_plan_above_a_limit_or_below_none_is_named(proofs):
    proof = proofs[-1]
    for j in range(len(proof.plan)):
        spoiled = proof.plan.copy()
        spoiled[j] = proof.problem.upper[j] * (1 + 3e-6) + 3e-6
        found = certify(replace(proof, plan=spoiled))
        assert not found.certified
        assert found.where


def test_the_duals_of_another_year_or_stage_do_not_certify_this_one(proofs):
    soft, goal = proofs[0], proofs[1]
    assert certify(soft).certified
    assert certify(goal).certified
    assert not certify(replace(goal, duals=soft.duals)).certified
    assert not certify(replace(goal, duals=goal.duals[::-1].copy())).certified
