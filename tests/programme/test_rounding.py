"""What earlier years leave behind comes from a solver: its rounding is neither asked for nor held against a year."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.programme.formulate import formulate
from allocator.programme.situation import at_the_start
from allocator.runs.plan import judge
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from allocator.solving.settlement import solve_data
from allocator.solving.stages import Stages
from tests.helpers.builders import make_plan, tiny_data, tiny_scenario
from tests.helpers.paper_programme import FINAL_YEAR, moved, paper_tables, solved, two_partnerships


def rows_of_second_year(folder, earlier, *overrides):
    """The right sides of the rows of the second year's programme, by rule, where so many of 80 stand at its end."""
    data = tiny_data(folder, paper_tables(years=2))
    s = tiny_scenario(folder, FINAL_YEAR, *overrides).settings
    start = at_the_start(data, s)
    now = replace(start, years=(1,), money=start.money[1:], counted_before=np.array([[0.0, earlier]]))
    stages = Stages(formulate(data, s, now), "HiGHS", 60.0)
    problem = stages.session.problem()
    sides = zip(problem.row_lower, problem.row_upper, strict=True)
    return {rule: (lower, upper) for (rule, _), (lower, upper) in zip(stages.programme.rows, sides, strict=False)}


@pytest.mark.parametrize(("earlier", "left"), [(8 - 7e-15, None), (8 - 5e-6, None), (7.9, 0.1), (8.1, None)])
@pytest.mark.parametrize("soft", ['["local_minimum"]', "[]"])
def test_a_minimum_that_is_met_but_for_rounding_has_no_row(tmp_path, earlier, left, soft):
    rows = rows_of_second_year(tmp_path, earlier, "local.min_reduction=0.1", f"rules.soft={soft}")
    assert ("local_minimum" in rows) == (left is not None)
    if left is not None:
        assert rows["local_minimum"][0] == pytest.approx(left)


@pytest.mark.parametrize(("earlier", "room"), [(8 + 2e-8, 0.0), (8.1, -0.1), (7.9, 0.1)])
def test_a_ceiling_that_is_passed_by_rounding_leaves_nothing_and_is_kept(tmp_path, earlier, room):
    rows = rows_of_second_year(tmp_path, earlier, "local.max_reduction=0.1")
    assert rows["ceiling"][1] == pytest.approx(room, abs=1e-12)


def test_a_plan_that_stands_at_the_ceiling_goes_on_and_is_certified(tmp_path):
    # a third of an adviser and of 100 places bring 10/3 a year that last for ever: at a ceiling of 10/240 of 80 the
    # second year has nothing left to do
    tables = paper_tables(years=2)
    tables["interventions"][0]["persistence"] = 1
    data = tiny_data(tmp_path, tables)
    scenario = tiny_scenario(tmp_path, f"[local]\nmax_reduction = {10 / 240}\n", *YEARLY)
    plan = make_plan(scenario, data, solve_data(data, scenario.settings)[0])
    assert plan.recomputed.reduction[0] == pytest.approx([10 / 3, 10 / 3], rel=1e-6)
    verified = verify(write_run(plan, tmp_path / "run"))
    assert verified.certified
    assert "year_on_year" in verified.claims


YEARLY = ("certainty.kind=year_on_year", "certainty.planning_horizon=2")


def test_with_the_formulas_floor_off_a_blend_is_as_free_as_optimised(tmp_path):
    # the formula's guaranteed minimums, half as much again as £60,000, are more than there is
    settings = "[grants]\nformula_share = 1.0\n[grants.formula]\nneet = 1\nminimum_change = 0.5\n"
    blend = ("grants.distribution=blend", 'rules.off=["formula_floor"]')
    data, s, solution = solved(tmp_path / "blend", two_partnerships(), FINAL_YEAR + settings, *blend)
    free = solved(tmp_path / "free", two_partnerships())
    assert judge(data, s, solution.figures).goal == pytest.approx(judge(*free[:2], free[2].figures).goal, rel=1e-6)


@pytest.mark.parametrize("certainty", [YEARLY, ("certainty.kind=settlement",)])
def test_money_that_no_year_needs_is_given_back_and_not_carried_on(tmp_path, certainty):
    # there are £120,000 a year. £10,000 of fixed costs, the adviser's £30,000 and £10,000 for all the places are spent
    # in each; in the first they count for nothing in the end, but for the young people while it lasts
    _, _, solution = solved(tmp_path, paper_tables(years=2), FINAL_YEAR, "budget.carry_forward_limit=0.2", *certainty)
    assert solution.figures.carry == pytest.approx(np.zeros((1, 2)), abs=1e-3)
    assert solution.figures.lapse == pytest.approx(np.array([[70_000, 70_000]]), abs=1)


def test_money_is_kept_to_the_penny_and_no_closer(tmp_path):
    data, s, solution = solved(tmp_path, paper_tables())
    assert judge(data, s, solution.figures).kept
    assert judge(data, s, moved(solution.figures, "lapse", (0, 0), 0.005)).kept
    assert not judge(data, s, moved(solution.figures, "lapse", (0, 0), 0.02)).kept
    assert not judge(data, s, moved(solution.figures, "lapse", (0, 0), 0.2)).kept
