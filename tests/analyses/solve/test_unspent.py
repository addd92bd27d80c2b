"""Why money is unspent and why nothing moves, by hand (tests/builders.py has the two partnerships)."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from allocator.analyses.solve.beside_the_plan import reasons_of
from allocator.analyses.solve.face import advisers, headline
from allocator.analyses.solve.face_of_soft_rules import soft_lines
from allocator.analyses.solve.face_of_worth import ended_by, sentences, spared, still, worth_lines
from allocator.analyses.solve.summary import summarise
from allocator.analyses.solve.unspent import _binding
from allocator.runs.findings import AtLimit, Dearest, GoalChange, Reasons, Worth
from allocator.runs.plan import judge
from allocator.solving.settlement import solve_data
from tests.helpers.builders import make_plan, row, tiny_data, tiny_scenario, tiny_tables


def poor_year(**changes):
    """2004-05 alone, £40,000 in all and no advisers at the start: a place of coaching costs £410, of group work £31."""
    tables = tiny_tables(workforce={"fte": 0}, **changes)
    for table in ("young_people", "years"):
        tables[table] = [line for line in tables[table] if line["year"] == "2004-05"]
    row(tables, "years", year="2004-05")["budget"] = 40_000
    return tables


def plan(folder, tables, settings):
    d = tiny_data(folder, tables)
    scenario = tiny_scenario(folder, settings)
    solution, plans = solve_data(d, scenario.settings)
    made = make_plan(scenario, d, solution)
    return made, reasons_of(d, scenario.settings, plans, made.recomputed)


def test_full_channels_are_why_money_is_given_back(tmp_path):
    # north has 60 %, £24,000, less £10,000 fixed. Ten places of coaching cost 4,100, group work for half of 400 6,200:
    # 3,700 are left. Without the limit on the centre coaching for half of 100 would take all.
    places = [
        {"partnership": name, "channel": "centre", "year": "2004-05", "places": 10} for name in ("north", "south")
    ]
    made, found = plan(tmp_path, poor_year(capacities=places), '[grants]\ndistribution = "historical"\n')
    (why,) = found.why
    assert (why.kind, why.rule) == ("lapsed", "channel")
    assert why.amount == pytest.approx(3_700, abs=0.5)
    assert float(made.figures.lapse.sum()) == pytest.approx(3_700, abs=0.5)
    assert why.left == 0


def test_damping_is_why_nothing_moves(tmp_path):
    # a pound reaches twice as much in north, but no grant may rise or fall from 24,000 and 16,000
    tables = poor_year()
    row(tables, "partnerships", partnership="north").update(effect_multiplier=2, baseline_grant=24_000)
    row(tables, "partnerships", partnership="south")["baseline_grant"] = 16_000
    _, found = plan(tmp_path, tables, "[grants]\nmax_rise = 0\nmax_fall = 0\n")
    assert [(why.kind, why.rule) for why in found.why] == [("nothing_moves", "damping")]


def test_there_is_no_reason_for_what_does_not_arise(tmp_path):
    tables = poor_year()
    row(tables, "partnerships", partnership="north")["effect_multiplier"] = 2
    _, found = plan(tmp_path, tables, "")
    assert found.why == ()
    assert found.of("lapsed") is None


def test_the_reasons_are_said(tmp_path):
    places = [
        {"partnership": name, "channel": "centre", "year": "2004-05", "places": 10} for name in ("north", "south")
    ]
    made, found = plan(tmp_path, poor_year(capacities=places), '[grants]\ndistribution = "historical"\n')
    asked = replace(made, reasons=found)
    assert "channel" in ended_by(asked, "lapsed", "given back")
    assert ended_by(asked, "carried", "carried") == ""
    assert still(asked) == []
    assert spared(found.worth, short=False) == ""  # nobody is made redundant
    table = "\n".join(line.plain for line in worth_lines(asked, summarise(asked), 100))
    assert "money of 2004-05" in table
    assert "20" in " ".join(sentences(found.worth))  # of 20 posts few are used: the zero is explained


def goal_anew(d, s):
    figures = solve_data(d, s)[0].figures
    return judge(d, s, figures).goal


def test_what_coming_close_to_a_soft_rule_costs_is_what_a_plan_made_anew_without_it_gains(tmp_path):
    # 5.6 can be reached of the 6 and 3 that are asked for; north would be served first, where a place counts twice
    tables = poor_year()
    row(tables, "partnerships", partnership="north")["effect_multiplier"] = 2
    made, found = plan(tmp_path, tables, "[local]\nmin_reduction = 0.05\n")
    s = made.scenario.settings
    off = s.model_copy(update={"rules": s.rules.model_copy(update={"off": ("local_minimum",)})})
    more = goal_anew(made.data, off) - made.recomputed.goal
    assert more > 0.1
    assert found.closeness.goal == pytest.approx(more, rel=1e-5)
    asked = replace(made, reasons=found)
    said = " ".join(" ".join(line.plain for line in soft_lines(asked, summarise(asked), 100)).split())
    assert f"Coming this close costs {more:.1f} ypy: without local_minimum the plan reaches" in said
    head = " ".join(line.plain.strip() for line in headline(asked, summarise(asked), 100))
    assert "no plan that keeps the rules does better" not in head


def test_nothing_is_said_of_closeness_where_all_soft_rules_are_kept(tmp_path):
    _, found = plan(tmp_path, poor_year(), "[local]\nmin_reduction = 0.001\n")
    assert found.closeness is None


def test_recruits_at_their_limit_and_what_that_costs(tmp_path):
    # nine tenths stay, and a twentieth may join: with money for 75 places of coaching there are too few hours
    tables = tiny_tables(workforce={"fte": 0.2})
    for table in ("young_people", "years"):
        tables[table] = [line for line in tables[table] if line["year"] == "2004-05"]
    made, found = plan(tmp_path, tables, "[workforce]\nmax_recruitment = 0.05\n")
    s = made.scenario.settings
    off = s.model_copy(update={"rules": s.rules.model_copy(update={"off": ("recruitment",)})})
    more = goal_anew(made.data, off) - made.recomputed.goal
    assert more > 1
    assert (found.recruiting.count, found.recruiting.of) == (2, 2)
    assert found.recruiting.without.goal == pytest.approx(more, rel=1e-5)
    asked = replace(made, reasons=found)
    said = " ".join(" ".join(line.plain for line in advisers(asked, summarise(asked), 100)).split())
    said_of_recruits = f"Recruits stand at their limit in 2 of 2 partnerships; that costs {more:.1f} ypy"
    assert f"{said_of_recruits}, and of the rules other than eligible, none costs more." in said
    assert "money is short" not in said


def test_where_nobody_may_be_recruited_recruits_stand_at_their_limit(tmp_path):
    tables = tiny_tables(workforce={"fte": 0.2})
    made, found = plan(tmp_path, tables, "[workforce]\nmax_recruitment = 0\n")
    s = made.scenario.settings
    off = s.model_copy(update={"rules": s.rules.model_copy(update={"off": ("recruitment",)})})
    assert (found.recruiting.count, found.recruiting.of) == (2, 2)
    assert found.recruiting.without.goal == pytest.approx(goal_anew(made.data, off) - made.recomputed.goal, rel=1e-5)
    assert found.recruiting.without.goal > 1


def test_a_rule_without_which_soft_rules_fall_less_short_is_not_said_to_cost_the_goal(tmp_path):
    # without it the soft rules are closer, which comes first, and the goal is lower for it
    made, _ = plan(tmp_path, poor_year(), "")
    worth = Worth("cumulative", 100.0, (), 0.0, None)
    change = GoalChange(-27.3, -0.0157)
    asked = replace(
        made, reasons=Reasons(worth, (), recruiting=AtLimit(1, 2, change), dearest=Dearest("floor", change))
    )
    said = " ".join(" ".join(line.plain for line in advisers(asked, summarise(asked), 200)).split())
    closer = "soft rules would fall short by 1.57 points less of what they ask."
    assert f"Recruits stand at their limit in 1 of 2 partnerships; without that limit {closer}" in said
    assert f"Of the rules other than eligible, floor costs most: {closer}" in said
    assert "27" not in said


def two_limits(tmp_path, settings="[grants]\nfloor = 1\nmax_fall = 0\n"):
    # a pound reaches twice as much in north, but all the money is what both had before
    tables = poor_year()
    row(tables, "partnerships", partnership="north").update(effect_multiplier=2, baseline_grant=24_000)
    row(tables, "partnerships", partnership="south")["baseline_grant"] = 16_000
    return plan(tmp_path, tables, settings)


def test_two_rules_that_hold_grants_together_are_both_named(tmp_path):
    made, found = two_limits(tmp_path)
    assert made.figures.grant.ravel().tolist() == pytest.approx([24_000, 16_000], abs=1e-3)
    assert [(why.kind, why.rule) for why in found.why] == [("nothing_moves", "floor+max_fall")]
    (said,) = still(replace(made, reasons=found))
    assert said.startswith("Floor and max_fall together hold every grant where it is, none of them alone")
    for off in ("floor", "max_fall"):
        s = made.scenario.settings
        one = s.model_copy(update={"rules": s.rules.model_copy(update={"off": (off,)})})
        assert goal_anew(made.data, one) == pytest.approx(made.recomputed.goal, rel=1e-7)
    both = s.model_copy(update={"rules": s.rules.model_copy(update={"off": ("floor", "max_fall")})})
    assert goal_anew(made.data, both) > made.recomputed.goal + 0.1


def test_a_rule_that_holds_money_back_in_part_is_named_with_what_is_left_without_it(tmp_path):
    # Without the cap grants may be ten times what they were, £230,000 of £400,000.
    tables = poor_year()
    row(tables, "years", year="2004-05")["budget"] = 400_000
    for name, grant in (("north", 12_000), ("south", 11_000)):
        row(tables, "partnerships", partnership=name)["baseline_grant"] = grant
    made, found = plan(tmp_path, tables, "[grants]\ncap = 1.0\nmax_rise = 9\n")
    why = found.of("not_granted")
    s = made.scenario.settings
    free = s.model_copy(update={"rules": s.rules.model_copy(update={"off": ("cap",)})})
    left = 400_000 - float(solve_data(made.data, free)[0].figures.grant.sum())
    assert why.amount == pytest.approx(377_000, abs=1)
    assert (why.rule, why.less) == ("", "cap")
    assert why.less_left == pytest.approx(left, abs=1)
    assert left == pytest.approx(170_000, abs=1)
    said = ended_by(replace(made, reasons=found), "not_granted", "kept back")
    assert said == f" Without cap £{left / 1e3:.0f}k is kept back."


def test_the_rule_that_costs_most_is_the_one_without_which_a_plan_made_anew_reaches_most(tmp_path):
    # ten places of coaching each, and grants that may move by a hundredth: several rules cost something
    places = [
        {"partnership": name, "channel": "centre", "year": "2004-05", "places": 10} for name in ("north", "south")
    ]
    settings = "[grants]\nmax_rise = 0.01\nmax_fall = 0.01\ncap = 2\n[workforce]\nmax_recruitment = 0.5\n"
    tables = poor_year(capacities=places)
    tables["partnerships"] = [{**line, "start_up_posts": 1} for line in tables["partnerships"]]
    for name, grant in (("north", 24_000), ("south", 16_000)):
        row(tables, "partnerships", partnership=name)["baseline_grant"] = grant
    made, found = plan(tmp_path, tables, settings)
    s = made.scenario.settings
    gains = {}
    for off in ("channel", "max_rise", "max_fall", "cap", "recruitment"):
        without = s.model_copy(update={"rules": s.rules.model_copy(update={"off": (off,)})})
        gains[off] = goal_anew(made.data, without) - made.recomputed.goal
    assert found.dearest.rule == max(gains, key=gains.get)
    assert found.dearest.without.goal == pytest.approx(gains[found.dearest.rule], rel=1e-5)
    said = " ".join(
        " ".join(line.plain for line in advisers(replace(made, reasons=found), summarise(made), 200)).split()
    )
    assert (
        f"Of the rules other than eligible, {found.dearest.rule} costs most: {gains[found.dearest.rule]:.1f} ypy."
        in said
    )
    assert "money is short" not in said


def test_what_bounds_the_cost_of_soft_rules_is_offered_with_what_it_brings(tmp_path):
    tables = poor_year()
    row(tables, "partnerships", partnership="north")["effect_multiplier"] = 2
    made, found = plan(tmp_path, tables, "[local]\nmin_reduction = 0.05\n")
    bounded, there = plan(tmp_path / "b", tables, "[local]\nmin_reduction = 0.05\n[rules]\nsoft_may_cost = 0.01\n")
    short = sum(row.shortfall / row.required for row in made.recomputed.shortfalls)
    shorter = sum(row.shortfall / row.required for row in bounded.recomputed.shortfalls)
    assert found.bounded.goal == pytest.approx(bounded.recomputed.goal - made.recomputed.goal, rel=1e-5)
    assert found.bounded.soft == pytest.approx(shorter - short, abs=1e-5)
    assert found.bounded.goal > 0.01 * made.recomputed.goal
    assert there.bounded is None
    asked = replace(made, reasons=found)
    said = " ".join(" ".join(line.plain for line in soft_lines(asked, summarise(asked), 100)).split())
    assert "--set rules.soft_may_cost=0.01 bounds that to 1 % of the goal: they would fall short by " in said
    assert f"the plan would reach {found.bounded.goal:.1f} ypy more." in said


def test_money_of_one_partnership_can_move_to_no_other(tmp_path):
    tables = poor_year()
    for table in ("partnerships", "young_people", "workforce"):
        tables[table] = [line for line in tables[table] if line["partnership"] == "north"]
    made, found = plan(tmp_path, tables, "")
    assert found.of("nothing_moves") is not None
    assert still(replace(made, reasons=found)) == ["There is one partnership: no money can move to another."]


def test_a_limit_of_ones_own_is_named_as_the_table_names_it(tmp_path):
    own = {"limit": "as_before", "scope": "national", "name": "", "each": True, "year": "every"}
    own |= {"of": "to_shares_as_before", "intervention": "", "client_group": "", "least": 1, "most": 1}
    tables = {**poor_year(), "limits": [own]}
    row(tables, "partnerships", partnership="north")["effect_multiplier"] = 2
    made, found = plan(tmp_path, tables, "")
    assert [(why.kind, why.rule) for why in found.why if why.kind == "nothing_moves"] == [("nothing_moves", "limit")]
    (said,) = still(replace(made, reasons=found))
    assert said == "Limit as_before holds every grant where it is; without that rule grants would move."
    assert found.dearest.rule == "limit"
    told = " ".join(
        " ".join(line.plain for line in advisers(replace(made, reasons=found), summarise(made), 200)).split()
    )
    assert "Of the rules other than eligible, limit as_before costs most: " in told


def test_that_nobody_is_in_two_places_is_the_last_reason_that_is_tried(tmp_path):
    places = [
        {"partnership": name, "channel": "centre", "year": "2004-05", "places": 10} for name in ("north", "south")
    ]
    tables = poor_year(capacities=places)
    tables["interventions"] = [{**line, "exclusive_set": "one"} for line in tables["interventions"]]
    made, _ = plan(tmp_path, tables, '[grants]\ndistribution = "historical"\n')
    both = [replace(row, slack=0.0) for row in made.recomputed.rows if row.rule in ("eligible", "channel")]
    asked = SimpleNamespace(data=made.data, settings=made.scenario.settings, figures=made.figures)
    for first in ((), ("eligible",)):
        assert _binding(asked, SimpleNamespace(rows=both), "lapsed", first) == ["channel", "eligible"]


def test_what_a_plan_that_gives_up_costs_is_told_of_the_best(tmp_path):
    tables = tiny_tables(workforce={"fte": 0.2})
    tables["years"] = [{**line, "budget": 45_000} for line in tables["years"]]
    made, found = plan(tmp_path, tables, "[goal]\ngive_up = 0.01\n[workforce]\nmax_recruitment = 0.05\n")
    assert made.solution.given_up
    asked = replace(made, reasons=found)
    said = " ".join(" ".join(line.plain for line in advisers(asked, summarise(asked), 200)).split())
    assert "ypy (before anything of the goal is given up)" in said
    table = " ".join(line.plain for line in worth_lines(asked, summarise(asked), 100))
    assert "Of the best plan, before anything of the goal is given up." in table
