"""Why money is unspent and why nothing moves, by hand (tests/builders.py has the two partnerships)."""

from dataclasses import replace

import pytest

from allocator.analyses.solve.beside_the_plan import reasons_of
from allocator.analyses.solve.face import advisers, headline
from allocator.analyses.solve.face_of_soft_rules import soft_lines
from allocator.analyses.solve.face_of_worth import ended_by, sentences, spared, still, worth_lines
from allocator.analyses.solve.summary import summarise
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
    table = "\n".join(line.plain for line in worth_lines(asked, None, 100))
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
    assert f"Recruits stand at their limit in 2 of 2 partnerships; that costs {more:.1f} ypy." in said
    assert "money is short" not in said
