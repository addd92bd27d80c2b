"""No name of a rule, a goal or a distribution stands as text outside its record: all else asks the records."""

import ast

import pytest

from allocator.register import DISTRIBUTIONS, GOALS, RULES
from tests.helpers.trees import PACKAGE, modules, tree_of

NAMES = {*RULES, *GOALS, *DISTRIBUTIONS, *(rule.group for rule in RULES.values() if rule.group)}

# Words that are something else besides: a table, a column, a section or key of the settings, a scope, a module, a use
# of money. A folder of tables, or the Department's files, says its own words.
OTHER_MEANINGS = {
    "money": "a table of a plan and an amount that more of is worth something",
    "workforce": "a table, and a section of the settings",
    "channel": "a column of interventions and capacities",
    "target": "a heading",
    "national": "a scope of targets, a level of the Department's files",
    "recruitment": "a use of money",
    "hours": "a unit",
    "training_places": "a column of years",
    "qualified": "a heading",
    "formula": "a section of the settings, and what `allocator rules` shows",
    "distribution": "a setting, and a key of JSON",
    "floor": "a setting",
    "cap": "a setting",
    "max_rise": "a setting",
    "limit": "a key of JSON",
    "given": "a word",
    "equal": "a word",
}
# Where each of them stands for what it is besides.
ALLOWED = {
    "analyses/approaches/every_approach.py": {"distribution"},
    "analyses/bridge/differences.py": {"channel", "distribution"},
    "analyses/init/starter.py": {"workforce"},
    "analyses/score/scored.py": {"distribution"},
    "solving/ties.py": {"workforce"},
    "analyses/solve/beside_the_plan.py": {"money"},
    "analyses/solve/face.py": {"target", "qualified", "money"},
    "analyses/solve/face_of_worth.py": {"money"},
    "analyses/solve/worth.py": {"money"},
    "analyses/report/charts.py": {"target"},
    "analyses/report/facts.py": {"recruitment"},
    "analyses/report/page.py": {"target", "money", "formula", "qualified"},
    "analyses/approaches/face.py": {"money"},
    "recompute/figures.py": {"recruitment"},
    "recompute/rules.py": {"hours"},
    "runs/findings.py": {"money"},
    "runs/frames.py": {"money", "recruitment"},
    "runs/impact.py": {"recruitment"},
    "runs/plan.py": {"money"},
    "runs/read.py": {"money", "limit"},
    "runs/verify/figures.py": {"money"},
    "runs/verify/problem.py": {"formula"},
    "scenario/against_data.py": {"workforce", "national", "distribution", "floor", "cap", "max_rise"},
    "scenario/invalid.py": {"workforce", "distribution"},
    "what_if/questions.py": {"money"},
    "what_if/shares_as_before.py": {"distribution"},
}
ELSEWHERE = ("register", "tables", "imports")  # the records themselves; tables and files that have their own words


def texts(path):
    tree = tree_of(path)
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def asking():
    return [path for path in modules() if path.relative_to(PACKAGE).parts[0] not in ELSEWHERE]


@pytest.mark.parametrize("path", asking(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_asks_the_records_for_names(path):
    found = texts(path) & NAMES - ALLOWED.get(str(path.relative_to(PACKAGE)), set())
    assert not found, f"ask allocator.register: {sorted(found)}"


def test_what_is_allowed_is_something_else_and_is_there():
    for name, allowed in ALLOWED.items():
        assert allowed <= set(OTHER_MEANINGS), name
        assert allowed <= texts(PACKAGE / name), name
