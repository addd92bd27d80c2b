"""The reference problem: the numbers of an independent formulation, each plan certified in exact arithmetic."""

import pytest

from allocator.errors import NoPlan
from allocator.scenario.load import read_scenario
from allocator.solving.settlement import solve_data
from allocator.tables import read_data
from tests.helpers.builders import make_plan

GOALS = {
    (): 87_360.53,
    ("grants.distribution=historical",): 86_972.65,
    ("grants.distribution=formula",): 86_873.15,
    ("grants.distribution=equal",): 84_982.56,
    ("goal.measure=final_year",): 23_944.36,
    ("goal.tail_years=0",): 57_875.25,
    ("budget.scale=0.98",): 86_289.64,
}
SLOW_ONES = [pytest.param(overrides, id=" ".join(overrides) or "settlement") for overrides in GOALS]


@pytest.fixture(scope="module")
def data():
    return read_data(read_scenario("settlement").data)


def planned(data, *overrides):
    scenario = read_scenario("settlement", overrides)
    return make_plan(scenario, data, solve_data(data, scenario.settings)[0])


@pytest.mark.parametrize("overrides", SLOW_ONES)
def test_the_reference_numbers_are_reached_and_certified(data, overrides):
    plan = planned(data, *overrides)
    assert plan.recomputed.goal == pytest.approx(GOALS[overrides], rel=2e-6)
    assert plan.recomputed.kept
    assert plan.certified
    assert [c.stage for c in plan.certificates] == ["soft", "goal"]
    assert all(0 <= c.gap <= 1e-6 for c in plan.certificates)
    assert sum(s.shortfall for s in plan.recomputed.shortfalls) == pytest.approx(0, abs=1e-3)


def test_the_reductions_of_the_settlement_are_those_of_the_reference(data):
    standing = planned(data).recomputed.reduction[:, :3].sum(axis=0)
    # known in whole young people; among equally good plans they may differ a little
    assert standing == pytest.approx([11_849, 19_095, 22_717], abs=2)


def test_a_minimum_out_of_reach_falls_short_as_little_as_can_be(data):
    plan = planned(data, "local.min_reduction=0.15")
    short = sum(s.shortfall / s.required for s in plan.recomputed.shortfalls)
    assert short == pytest.approx(6.49795, abs=1e-5)
    assert plan.recomputed.goal == pytest.approx(83_073.04, rel=1e-4)
    assert plan.recomputed.violation <= 1e-6


def test_floors_that_exceed_the_money_leave_no_plan(data):
    assert data.baseline_grant.sum() - data.budget[0] == pytest.approx(1_821)
    scenario = read_scenario("settlement", ["grants.floor=1.0"])
    with pytest.raises(NoPlan) as none:
        solve_data(data, scenario.settings)
    assert none.value.stage == "rules"
    assert none.value.exit_status == 1
