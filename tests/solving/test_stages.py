"""The goals in order, on instances worked out by hand: soft rules first, then the goal, then grants, then spending."""

from dataclasses import replace

import numpy as np
import pytest

from allocator import api
from allocator.errors import AllocatorError, NoPlan
from allocator.programme.formulate import formulate
from allocator.recompute.certificate import certify
from allocator.runs.plan import judge
from allocator.solving.later_stages import ONE_ADVISER
from allocator.solving.planned import plan_as_it_stands
from allocator.solving.session import FINE, Session, Sides
from allocator.solving.settlement import plan_data, solve_data
from allocator.solving.stages import HOLD, Least, Stages, held
from allocator.solving.ties import means_of_alike
from allocator.what_if.questions import Change, changed_data, what_if
from allocator.what_if.shares_as_before import figures_as_before, with_historical_grants
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables
from tests.helpers.paper_programme import FINAL_YEAR, paper_tables, solved, two_partnerships
from tests.helpers.written_lp import SETTINGS, written_tables

YEAR = "2004-05"
HELD = 2e-7
ENOUGH = ("budget.scale=1", "budget.reserve=0")  # with the less of the golden files the floors cannot be paid


def solvable_tables():
    """The written data set without limits of its own, which no plan of it could keep beside the others."""
    tables = written_tables()
    del tables["limits"]
    return tables


def aimed(share, scope="national", name="", year=YEAR):
    return {"scope": scope, "name": name, "year": year, "max_neet": None, "reduction_share": share}


def stage(solution, name):
    (record,) = (record for record in solution.stages if record.stage == name)
    return record


# soft rules


def test_a_soft_target_that_can_be_kept_is_and_needs_no_stage_of_its_own(tmp_path):
    tables = two_partnerships(targets=[aimed(0.05, "partnership", "north")])
    data, s, solution = solved(tmp_path, tables)
    judged = judge(data, s, solution.figures)
    assert stage(solution, "soft").outcome == "not needed"
    assert [short.shortfall for short in judged.shortfalls] == pytest.approx([0], abs=1e-6)
    assert judged.goal == pytest.approx(16, rel=HELD)  # as where it is hard: tests/programme/cases.py


def test_a_soft_target_out_of_reach_falls_short_by_what_paper_says(tmp_path):
    # 0.25 of 80 is 20, and one adviser reaches 10: half of it is missing
    tables = paper_tables()
    tables["targets"] = [aimed(0.25)]
    data, s, solution = solved(tmp_path, tables, '[goal]\nmeasure = "least_cost"')
    (short,) = judge(data, s, solution.figures).shortfalls
    assert (short.rule, short.scope, short.name, short.year) == ("target", "national", "", YEAR)
    assert short.required == pytest.approx(20)
    assert short.shortfall == pytest.approx(10, abs=1e-5)
    assert stage(solution, "soft").value == pytest.approx(0.5)


def test_shortfalls_count_as_shares_of_what_is_required(tmp_path):
    # £30,000 over the fixed costs pay 0.75 of an adviser, 7.5 in north or 15 in south. Asked are 10 and 40:
    # a young person in north is worth 1/10, two in south for the same money 2/40, so north gets all it can use
    tables = two_partnerships(targets=[aimed(0.125, "partnership", "north"), aimed(0.5, "partnership", "south")])
    tables["years"][0]["budget"] = 50_000
    data, s, solution = solved(tmp_path, tables)
    short = [short.shortfall for short in judge(data, s, solution.figures).shortfalls]
    assert short == pytest.approx([2.5, 40], abs=1e-4)
    assert stage(solution, "soft").value == pytest.approx(0.25 + 1)


def test_the_goal_gives_way_to_the_soft_rules(tmp_path):
    # the same, without the first target: all of it goes south
    tables = two_partnerships(targets=[aimed(0.5, "partnership", "south")])
    tables["years"][0]["budget"] = 50_000
    settings = FINAL_YEAR + "[goal.weights]\nnorth = 100"
    data, s, solution = solved(tmp_path, tables, settings)
    assert judge(data, s, solution.figures).reduction[:, 0] == pytest.approx([0, 15], abs=1e-4)


def test_a_negative_effect_may_make_a_shortfall_larger_than_what_is_required(tmp_path):
    # coaching for 60 of 100 is promised and does harm: 6 more are NEET where 8 fewer were asked for
    tables = paper_tables()
    tables["effects"][0]["effect"] = -0.1
    tables["guarantees"] = [{"year": YEAR, "client_group": "neet", "interventions": "coaching", "min_share": 0.6}]
    tables["targets"] = [aimed(0.1)]
    data, s, solution = solved(tmp_path, tables)
    (short,) = judge(data, s, solution.figures).shortfalls
    assert short.shortfall == pytest.approx(14, abs=1e-4)


def test_a_requirement_that_is_met_already_has_no_row(tmp_path):
    tables = paper_tables()
    tables["targets"] = [{**aimed(None), "max_neet": 80}, aimed(0.0, "partnership", "north")]
    solution = solved(tmp_path, tables, FINAL_YEAR + "[rules]\nsoft = []")[2]
    assert "target" not in {price.rule for price in solution.prices}


# the later stages


def test_the_later_stages_give_up_no_more_of_the_goal_than_the_slack_that_holds_it(tmp_path):
    solution = solved(tmp_path, solvable_tables(), SETTINGS, *ENOUGH)[2]
    best, (proof,) = stage(solution, "goal").value, [p for p in solution.proofs if p.stage == "goal"]
    reached = float(proof.problem.cost @ proof.plan)
    assert best >= reached >= best - 2 * HOLD * max(1, abs(best))


def test_no_redundancies_are_held_with_room_for_what_the_solver_leaves_single_ones_below_nought():
    """17 of them at -1e-10 were put back to nought, and the 18th then broke the row by seventeen millionths."""
    row = held(("hold", "redundancies"), np.ones(18), 0.0, 0.0, maximise=False, smallest=ONE_ADVISER)
    redundancies = np.full(18, -FINE)
    redundancies[-1] = row.upper / row.coefficients[-1] + 17 * FINE
    assert row.coefficients @ redundancies <= row.upper + FINE
    put_back = np.maximum(redundancies, 0.0)
    certified_to = 1e-6
    assert row.coefficients @ put_back <= row.upper + certified_to


def test_grants_do_not_move_without_a_gain(tmp_path):
    # £200,000 are plenty: every way of sharing it reaches 30, and the grants stay at the shares in force
    tables = two_partnerships()
    tables["years"][0]["budget"] = 200_000
    tables["partnerships"][0]["baseline_grant"] = 90_000
    solution = solved(tmp_path, tables)[2]
    assert solution.figures.grant[:, 0] == pytest.approx([150_000, 50_000], abs=0.01)


def test_grants_move_no_further_than_the_gain_asks_for(tmp_path):
    # in force north has three quarters of £100,000; south needs £50,000 for its adviser, and no more moves
    tables = two_partnerships()
    tables["years"][0]["budget"] = 100_000
    tables["partnerships"][0]["baseline_grant"] = 90_000
    solution = solved(tmp_path, tables)[2]
    assert solution.figures.grant[:, 0] == pytest.approx([50_000, 50_000], abs=0.02)


def test_money_that_buys_nothing_is_given_back(tmp_path):
    figures = solved(tmp_path, paper_tables())[2].figures
    assert figures.grant[0, 0] == pytest.approx(120_000, abs=0.01)
    assert figures.lapse[0, 0] == pytest.approx(70_000, abs=0.01)


def test_a_later_stage_that_fails_leaves_the_plan_of_the_stage_before(tmp_path, monkeypatch):
    from allocator.solving import later_stages

    def failing(session, costs, **last):
        return replace(real(session, costs, **last), outcome="stuck")

    real = later_stages.least_spend
    monkeypatch.setattr(later_stages, "least_spend", failing)
    data, s, solution = solved(tmp_path, paper_tables())
    assert stage(solution, "spend").outcome == "stuck"
    judged = judge(data, s, solution.figures)
    assert judged.kept
    assert judged.goal == pytest.approx(10, rel=HELD)
    assert all(certify(proof).certified for proof in solution.proofs)


def test_grants_that_a_basis_gives_otherwise_by_rounding_are_held_within_it(monkeypatch):
    """At 2,350 partnerships the same basis, factorised anew, gave a grant of £32m as £8 more."""
    from allocator.solving import later_stages

    shares = []

    def less_than_the_goal_needs(grants, groups):
        return means_of_alike(grants, groups) * (1 - 5e-7)

    def noted(self, columns, values, *, share=0.0):
        shares.append(share)
        return real(self, columns, values, share=share)

    real = Session.hold
    monkeypatch.setattr(later_stages, "means_of_alike", less_than_the_goal_needs)
    monkeypatch.setattr(Session, "hold", noted)
    read, data = api.open_scenario("settlement")
    solution, _ = solve_data(data, read.settings)
    assert stage(solution, "spend").outcome == "optimal"
    assert shares == [0.0, 1e-6]
    assert judge(data, read.settings, solution.figures).kept
    assert all(certify(proof).certified for proof in solution.proofs)


# asked again


def test_a_programme_changed_in_place_gives_what_a_new_one_gives(tmp_path):
    data = tiny_data(tmp_path, solvable_tables())
    before = tiny_scenario(tmp_path, SETTINGS, *ENOUGH).settings
    after = tiny_scenario(tmp_path, SETTINGS, *ENOUGH, "grants.floor=0.95", "grants.cap=1.05").settings
    stages = Stages(formulate(data, before), "HiGHS", 60.0)
    plan_as_it_stands(stages)
    stages.restate(("floor", "cap"), settings=after)
    changed = plan_as_it_stands(stages)
    fresh = solve_data(data, after)[1][0]
    assert changed.best.soft == pytest.approx(fresh.best.soft, abs=1e-6)
    assert changed.best.goal == pytest.approx(fresh.best.goal, rel=1e-6)
    assert changed.figures.grant == pytest.approx(fresh.figures.grant, abs=0.05)


def test_coefficients_that_are_gone_are_taken_out(tmp_path):
    # the untrained stand in the row of the qualified share with minus the share: with a share of 0 they do not
    data = tiny_data(tmp_path, solvable_tables())
    before = tiny_scenario(tmp_path, SETTINGS, *ENOUGH).settings
    nobody = dict.fromkeys(before.workforce.qualified_share, 0.0)
    workforce = before.workforce.model_copy(update={"qualified_share": nobody})
    after = before.model_copy(update={"workforce": workforce})
    stages = Stages(formulate(data, before), "HiGHS", 60.0)
    anew = coefficients(Stages(formulate(data, after), "HiGHS", 60.0), "qualified")
    assert set(coefficients(stages, "qualified")) > set(anew)
    stages.restate(("qualified",), settings=after, coefficients=True)
    assert coefficients(stages, "qualified") == anew


def coefficients(stages, rule):
    """The coefficients that are not 0 of a rule's rows, by row and column."""
    problem = stages.session.problem()
    return {
        (row, int(problem.index[at])): float(problem.value[at])
        for (name, _), row in stages.row_of.items()
        if name == rule
        for at in range(int(problem.starts[row]), int(problem.starts[row + 1]))
        if problem.value[at]
    }


@pytest.mark.parametrize("share", [0.0, 0.02])
def test_a_soft_rule_that_asks_for_another_amount_is_no_change_in_place(tmp_path, share):
    data = tiny_data(tmp_path, tiny_tables())
    stages = Stages(
        formulate(data, tiny_scenario(tmp_path, "", f"local.min_reduction={share}").settings), "HiGHS", 60.0
    )
    other = tiny_scenario(tmp_path, "", "local.min_reduction=0.9").settings
    with pytest.raises(AllocatorError, match="local_minimum"):
        stages.restate(("local_minimum",), settings=other)


@pytest.mark.parametrize("certainty", ["settlement", "year_on_year"])
def test_what_the_baseline_grants_bring_is_what_historical_grants_bring(tmp_path, certainty):
    data = tiny_data(tmp_path, solvable_tables())
    s = tiny_scenario(tmp_path, SETTINGS, *ENOUGH, f"certainty.kind={certainty}").settings
    as_before = figures_as_before(data, s, solve_data(data, s)[1])
    historical = with_historical_grants(s)
    fresh = solve_data(data, historical)[0].figures
    assert as_before.grant == pytest.approx(fresh.grant, abs=0.01)
    ours, theirs = (judge(data, historical, figures) for figures in (as_before, fresh))
    assert ours.goal == pytest.approx(theirs.goal, rel=1e-6)
    assert ours.kept


def test_baseline_grants_that_pay_no_fixed_cost_bring_nothing(tmp_path):
    # north has a tenth of £60,000 in force, and a fixed cost of £10,000
    tables = two_partnerships()
    tables["partnerships"][0]["baseline_grant"] = 10_000
    tables["partnerships"][1]["baseline_grant"] = 90_000
    data, s, _ = solved(tmp_path, tables)
    assert figures_as_before(data, s, solve_data(data, s)[1]) is None


def test_no_plan_is_said_with_the_year_that_has_none(tmp_path):
    tables = paper_tables(years=2)
    tables["years"][1]["budget"] = 5_000  # less than the fixed cost
    data = tiny_data(tmp_path, tables)
    s = tiny_scenario(tmp_path, FINAL_YEAR, "certainty.kind=year_on_year").settings
    with pytest.raises(NoPlan) as none:
        solve_data(data, s)
    assert none.value.stage == "2005-06"


def test_a_plan_year_on_year_goes_on_from_what_the_year_before_leaves(tmp_path):
    # coaching in the first year alone, half of which stands in the second: 10, then 5 with 100 places more, 15
    tables = paper_tables(years=2)
    tables["interventions"][0]["persistence"] = 0.5
    tables["grades"] = [{**line, "attrition": 0.2} for line in tables["grades"]]
    data = tiny_data(tmp_path, tables)
    s = tiny_scenario(tmp_path, FINAL_YEAR, "certainty.kind=year_on_year").settings
    solution = solve_data(data, s)[0]
    # 0.8 of an adviser stay in the first year and 0.64 in the second: 8, then 4 + 6.4
    worked = judge(data, s, solution.figures)
    assert worked.reduction[0] == pytest.approx([8, 10.4], abs=1e-5)
    assert solution.figures.fte[0, :, 1] == pytest.approx([0.8, 0.64], abs=1e-6)
    assert [proof.year for proof in solution.proofs if proof.stage == "goal"] == ["2004-05", "2005-06"]
    (hours,) = (rows for rows in worked.rules if rows.rule == "hours")
    assert np.allclose(hours.slack, 0, atol=1e-2)


def test_what_is_asked_again_while_soft_rules_fall_short_is_what_a_fresh_solve_finds(tmp_path):
    # from the bases of the plan where it is near, from the goal where it is not; in any order
    tables = two_partnerships(targets=[aimed(0.9)])
    text = f'{FINAL_YEAR}[grants]\nmax_rise = 0.1\nfloor = 0.9\n[rules]\nsoft = ["target"]\n'
    data, settings = tiny_data(tmp_path, tables), tiny_scenario(tmp_path, text).settings
    question = what_if(data, settings, plan_data(data, settings)[1])
    changes = [Change(money=(4_000.0,)), Change(money=(-4_000.0,)), Change(off="max_rise"), Change(off="floor")]
    for change in (*changes, *reversed(changes)):
        found = question.reached(change)
        fresh = what_if(*(other := changed_data(data, settings, change)), plan_data(*other)[1]).base
        assert (found.soft, found.goal) == pytest.approx((fresh.soft, fresh.goal), rel=1e-6), change
        assert found.soft > 0.1
    assert question.reached(Change()) == question.base


def north_asked_for_more_than_it_has(tmp_path):
    """72 are asked of north, and all its 100 young people yield 10 for all the money that there is."""
    data = tiny_data(tmp_path, two_partnerships(targets=[aimed(0.9, "partnership", "north")]))
    return data, tiny_scenario(tmp_path, FINAL_YEAR).settings


def test_a_shortfall_that_money_cannot_mend_is_not_sought_again(tmp_path):
    data, settings = north_asked_for_more_than_it_has(tmp_path)
    question = what_if(data, settings, plan_data(data, settings)[1])
    asked = len(question.stages.records)
    found = question.reached(Change(money=(1_000.0,)))
    assert [record.stage for record in question.stages.records[asked:]] == ["goal"]
    assert (found.soft, found.goal) == pytest.approx((62 / 72, 10.5), rel=1e-5)  # £400 a place that yields 0.2 in south
    assert question.reached(Change(money=(-1_000.0,))).soft == pytest.approx(62.25 / 72, rel=1e-5)


def test_a_shortfall_is_sought_again_where_a_coefficient_has_changed(tmp_path):
    data, settings = north_asked_for_more_than_it_has(tmp_path)
    stages = plan_data(data, settings)[1][0].stages
    twice = replace(data, effect_multiplier=data.effect_multiplier * [2.0, 1.0])
    stages.restate(("target",), data=twice, coefficients=True)
    assert stages.best().soft == pytest.approx(52 / 72, rel=1e-6)


def test_the_rows_that_move_with_columns_are_those_whose_activity_changes(tmp_path):
    data = tiny_data(tmp_path, solvable_tables())
    problem = Stages(formulate(data, tiny_scenario(tmp_path, SETTINGS).settings), "HiGHS", 60.0).session.problem()
    columns, by = np.array([5, 0, 5, 11]), np.array([1.0, -2.0, 0.5, 3.0])
    moves = np.zeros(len(problem.cost))
    np.add.at(moves, columns, by)
    rows, found = problem.moved_by(columns, by)
    wanted = np.zeros(len(problem.row_lower))
    wanted[rows] = found
    assert wanted == pytest.approx(problem.activity(moves), abs=1e-12)
    assert np.any(wanted)


def test_a_price_on_a_side_that_is_nowhere_proves_nothing():
    nowhere, one = np.array([-np.inf]), np.array([1.0])
    none = np.array([])
    sides = Sides(1, nowhere, one, none, none)
    assert not Least(1.0, np.array([1e-3]), none, sides).stays(sides)
    assert Least(1.0, np.array([-1e-3]), none, sides).stays(sides)  # of the side that is there
