"""Every rule of the register binds where paper says so, and is seen to be broken by arithmetic that shares nothing."""

import pytest

from allocator.register import RULES
from allocator.runs.plan import judge
from tests.helpers.builders import tiny_scenario
from tests.helpers.paper_programme import goal_of, moved, solved
from tests.helpers.rule_cases import CASES

OFF = 'rules.off=["{}"]'
# the stages after the goal may give up 1e-7 of it, and no less than 1e-7
HELD = 2e-7
PENNY = 0.01  # what that is in pounds at £4,000 a young person; of people and hours it is less


def rows_of(judged, rule):
    return {row.place.words: row for row in judged.rows if row.rule == rule}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_binds_where_paper_says_so(tmp_path, rule):
    case = CASES[rule]
    data, s, solution = solved(tmp_path, case.tables(), case.settings)
    judged = judge(data, s, solution.figures)
    assert judged.goal == pytest.approx(case.goal, rel=HELD, abs=HELD)
    assert judged.kept
    assert rows_of(judged, rule)[case.key].slack == pytest.approx(0, abs=PENNY)


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_more_is_reached(tmp_path, rule):
    case = CASES[rule]
    if not RULES[rule].can_be_off:
        settings = case.settings.replace('distribution = "historical"', "")
        goal = goal_of(tmp_path, case.plenty(), settings)
    else:
        goal = goal_of(tmp_path, case.tables(), case.settings, OFF.format(rule))
    assert goal == pytest.approx(case.without, rel=HELD)


@pytest.mark.parametrize("rule", RULES)
def test_breaking_a_rule_shows_in_its_own_row_by_its_amount(tmp_path, rule):
    case = CASES[rule]
    data, s, solution = solved(tmp_path, case.tables(), case.settings)
    judged = judge(data, s, moved(solution.figures, *case.move))
    broken = rows_of(judged, rule)[case.key]
    assert broken.slack == pytest.approx(-case.broken, abs=PENNY)
    assert broken.violation > 1e-6
    assert not judged.kept


@pytest.mark.parametrize("rule", [name for name, rule in RULES.items() if rule.can_be_off])
def test_a_rule_that_is_off_is_not_judged(tmp_path, rule):
    case = CASES[rule]
    data, _, solution = solved(tmp_path, case.tables(), case.settings)
    off = tiny_scenario(tmp_path, case.settings, OFF.format(rule)).settings
    assert rule not in {row.rule for row in judge(data, off, moved(solution.figures, *case.move)).rows}
