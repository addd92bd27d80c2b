"""The two registers: what an auditor reads of every rule and goal, and that nothing is left out of the tests."""

import pytest

from allocator.programme.formulate import GOALS, RULES
from allocator.scenario.settings import NEVER_OFF, RULE_NAMES, SOFTENABLE, Settings
from allocator.tables.columns import TABLES
from tests.helpers.rule_cases import CASES

EVERYTHING = [*RULES.values(), *GOALS.values()]


def named(entry):
    return entry.name


def test_the_rules_of_the_register_are_those_that_a_scenario_may_name():
    assert set(RULES) == set(RULE_NAMES)
    assert len(RULE_NAMES) == len(set(RULE_NAMES))


def test_every_rule_has_a_case_where_it_binds_and_one_where_breaking_it_shows():
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("entry", EVERYTHING, ids=named)
def test_a_rule_or_goal_has_a_sentence_a_formula_and_a_unit(entry):
    assert entry.sentence.endswith(".")
    assert "\n" not in entry.sentence
    assert entry.formula
    assert entry.unit


@pytest.mark.parametrize("rule", RULES.values(), ids=named)
def test_the_formula_of_a_rule_compares_two_sides(rule):
    assert any(sign in rule.formula for sign in ("<=", ">=", "  =  "))


@pytest.mark.parametrize("goal", GOALS.values(), ids=named)
def test_the_formula_of_a_goal_says_which_way_it_goes(goal):
    assert goal.formula.startswith({"max": "maximise", "min": "minimise"}[goal.sense])


def known(name):
    """Whether a name is a setting (grants.floor) or a column of a table (years.budget)."""
    section, key = name.split(".")
    columns = TABLES[section].column_names if section in TABLES else ()
    settings = Settings.model_fields[section].annotation.model_fields if section in Settings.model_fields else ()
    return key in columns or key in settings


@pytest.mark.parametrize("rule", RULES.values(), ids=named)
def test_the_settings_of_a_rule_are_there(rule):
    assert rule.settings
    assert [name for name in rule.settings if not known(name)] == []


def test_what_may_fall_short_is_what_asks_for_an_amount():
    assert {rule.name for rule in RULES.values() if rule.requirement} == set(SOFTENABLE)
    assert set(RULES) > set(NEVER_OFF)
