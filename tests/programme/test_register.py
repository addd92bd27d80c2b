"""The two registers: what an auditor reads of every rule and goal, and that nothing is left out of the tests."""

import pytest

from allocator.programme.builders import GOAL_BUILDERS, RULE_BUILDERS
from allocator.programme.formulate import formulate  # noqa: F401 - importing it gives every rule its builder
from allocator.recompute.goals import GOAL_CHECKS
from allocator.recompute.rules import CHECKS
from allocator.register import DISTRIBUTIONS, GOALS, RULES
from allocator.scenario.distributions import SETTERS
from allocator.scenario.settings import Settings
from allocator.tables.columns import TABLES
from tests.helpers.rule_cases import CASES

EVERYTHING = [*RULE_BUILDERS.values(), *GOAL_BUILDERS.values()]


def named(entry):
    return entry.record.name


def test_every_record_has_its_builder_and_its_independent_check():
    assert set(RULES) == set(RULE_BUILDERS) == set(CHECKS)
    assert set(GOALS) == set(GOAL_BUILDERS) == set(GOAL_CHECKS)
    assert {name for name, one in DISTRIBUTIONS.items() if not one.free} == set(SETTERS)


def test_every_rule_has_a_case_where_it_binds_and_one_where_breaking_it_shows():
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("entry", EVERYTHING, ids=named)
def test_a_rule_or_goal_has_a_sentence_a_formula_and_a_unit(entry):
    assert entry.sentence.endswith(".")
    assert "\n" not in entry.sentence
    assert entry.formula
    assert entry.record.unit


@pytest.mark.parametrize("rule", RULE_BUILDERS.values(), ids=named)
def test_the_formula_of_a_rule_compares_two_sides(rule):
    assert any(sign in rule.formula for sign in ("<=", ">=", "  =  "))


@pytest.mark.parametrize("goal", GOAL_BUILDERS.values(), ids=named)
def test_the_formula_of_a_goal_says_which_way_it_goes(goal):
    assert goal.formula.startswith({"max": "maximise", "min": "minimise"}[goal.record.sense])


def known(name):
    """Whether a name is a setting (grants.floor) or a column of a table (years.budget)."""
    section, key = name.split(".")
    columns = TABLES[section].column_names if section in TABLES else ()
    settings = Settings.model_fields[section].annotation.model_fields if section in Settings.model_fields else ()
    return key in columns or key in settings


@pytest.mark.parametrize("rule", RULE_BUILDERS.values(), ids=named)
def test_the_settings_of_a_rule_are_there(rule):
    assert [name for name in rule.record.entered_by if not known(name)] == []
    assert [lever.setting for lever in rule.record.levers if lever.setting not in rule.record.set_by] == []
