"""The two logs of a run: they say what the Aqua Book asks for, from the tables and the checks really made."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import typer

from allocator.analyses.solve.summary import summarise
from allocator.cli.app import app
from allocator.recompute.figures import recompute
from allocator.register import RULES
from allocator.runs.impact import GOAL, LABEL, bears_on, impact_of
from allocator.runs.logs import ROLES, assumptions_log, qa_log
from allocator.tables.columns import TABLES
from allocator.tables.sources import input_status

VALIDATION = "Validation: is it the right question, and are the figures fit for it?"
SOURCES = (
    {"table": "partnerships", "column": "fixed_cost", "part": "", "status": "assumed", "quality": "low", "note": "a|b"},
    {
        "table": "effects",
        "column": "effect",
        "part": "",
        "status": "published",
        "quality": "high",
        "source": "*Trial*",
        "owner": "A. Owner",
        "date": "May 2005",
    },
)


def sourced(plan, *sources):
    return replace(plan, data=replace(plan.data, tables={**plan.data.tables, "sources": sources}))


def rows_of(log, heading):
    """The cells of the rows of the table under a heading."""
    lines = log.split(f"## {heading}")[1].split("\n## ")[0].splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return [row for row in rows[1:] if row[0] != "---"]


def test_every_input_column_is_said_to_bear_on_something_that_there_is():
    # keys name rows, ranks order grades, and what is known of studies and sources enters no plan
    not_inputs = {"studies", "sources"}
    inputs = {
        f"{name}.{column.name}"
        for name, table in TABLES.items()
        for column in table.columns
        if name not in not_inputs and not column.key and column.kind == "number"
    } - {"grades.rank"}
    said = {column: bears_on(column) for column in inputs}
    # standard errors bear on how sure a plan is, and on none of its rules and goals
    assert {column for column, entered in said.items() if not entered} == {
        "effects.standard_error",
        "interventions.persistence_se",
        "interventions.unit_cost_se",
        "partnerships.effect_multiplier_se",
        "young_people.neet_se",
    }
    words = {word for entered in said.values() for word in entered if not word.startswith("spend ")}
    assert words <= {*RULES, GOAL, LABEL}


def test_the_impact_of_an_input_is_what_it_costs_and_the_rules_it_enters(plan):
    # two partnerships, two years, £10,000 each at prices of 1; one money row each
    assert impact_of("partnerships", "fixed_cost", plan.recomputed) == "£40,000 of spending; money (4 rows)"
    assert impact_of("partnerships", "name", plan.recomputed) == "a label"
    assert impact_of("effects", "standard_error", plan.recomputed) == "nothing in this plan"
    assert impact_of("effects", "effect", plan.recomputed).startswith("the goal; ceiling (")
    # half of the 166 who would be NEET at the end are asked for, and not reached: beyond the limit counts as at it
    assert "target (1 of 1 row at the limit)" in impact_of("young_people", "neet", plan.recomputed)


def test_every_kind_of_input_has_its_status_quality_source_and_impact(plan):
    log = assumptions_log(sourced(plan, *SOURCES), ())
    rows = rows_of(log, "Data and assumptions")
    # table, column, part, value, standard error, status, quality: both partnerships have £10,000, the two effects
    # differ, and their standard errors are a fifth of them
    assert [row[:7] for row in rows] == [
        ["partnerships", r"fixed\_cost", "", "10000", "", "assumed", "low"],
        ["effects", "effect", "", "0.01 to 0.1", "0.002 to 0.02", "published", "high"],
    ]
    assert rows[0][7:] == ["", "", "", r"a\|b", "£40,000 of spending; money (4 rows)"]
    assert rows[1][7:11] == [r"\*Trial\*", "A. Owner", "May 2005", ""]
    assert "Of 2 kinds of input: 1 assumed in whole or in part, 0 derived, 1 published." in log


def test_both_logs_count_a_column_once_by_the_weakest_of_its_parts_as_the_summary_does(plan):
    fixed, effect = SOURCES
    parts = (
        {**fixed, "part": "north", "status": "published", "quality": "low"},
        {**fixed, "part": "south", "status": "assumed", "quality": "low"},
        {**effect, "part": "mentoring", "status": "derived"},
        {**effect, "part": "group_work"},
    )
    of_parts = sourced(plan, *parts)
    assert summarise(of_parts).inputs == input_status({"sources": parts})
    assert "Of 2 kinds of input: 1 assumed in whole or in part, 1 derived, 0 published." in assumptions_log(
        of_parts, ()
    )
    assert len(rows_of(assumptions_log(of_parts, ()), "Data and assumptions")) == 4
    (found,) = [row[1] for row in rows_of(qa_log(of_parts), VALIDATION) if row[0].startswith("Are the data fit")]
    assert found == "in whole or in part 1 of 2 kinds of input are assumed, 1 of low quality"


def test_every_command_that_the_logs_name_is_there(plan):
    commands = set(typer.main.get_command(app).commands)
    named = re.findall(r"allocator ([a-z]+)", assumptions_log(sourced(plan, *SOURCES), ()) + qa_log(plan))
    assert {"verify", "sensitivity", "sign"} <= set(named) <= commands


def test_data_without_sources_are_said_to_have_none(plan):
    assert "no table of sources" in assumptions_log(plan, ())


def test_decisions_are_the_settings_that_differ_from_the_usual(plan):
    rows = {row[0]: row[1:] for row in rows_of(assumptions_log(plan, ()), "Decisions")}
    assert rows["grants.floor"][:2] == ["0.9", "none"]
    assert rows["rules.soft"][:2] == ["target, guarantee", r"target, local\_minimum"]
    assert set(rows) == {
        r"goal.tail\_years", r"budget.carry\_forward\_limit", "grants.floor", "grants.cap",
        r"workforce.max\_recruitment", "rules.soft", "data",
    }  # fmt: skip


@pytest.mark.parametrize("made", ["plan", "yearly_plan"])
def test_the_checks_are_those_that_were_made(request, made):
    plan = request.getfixturevalue(made)
    checks = {row[0]: row[1] for row in rows_of(qa_log(plan), "Verification: was the plan worked out right?")}
    stages = {f"certificate, {c.stage} stage {c.year}".strip() for c in plan.certificates}
    assert stages <= set(checks)
    assert {checks[name] for name in stages} == {"passed"}
    for rule in {family.rule for family in plan.recomputed.rules}:
        assert rule.replace("_", r"\_") in checks


def test_a_check_that_failed_is_said_to_have_failed(plan):
    lost = replace(plan.figures, grant=plan.figures.grant * 2)
    worked = recompute(plan.data, plan.scenario.settings, lost)
    log = qa_log(replace(plan, recomputed=worked, certificates=()))
    checks = {row[0]: row[1] for row in rows_of(log, "Verification: was the plan worked out right?")}
    assert checks["worked out again from the tables"] == "FAILED"
    assert checks["certificate"] == "NOT DONE"
    assert "NOT CERTIFIED" in log


def test_the_log_says_what_to_judge_and_how_to_sign_without_a_place_to_write_in(plan):
    log = qa_log(plan)
    assert all(role in log for role in ROLES)
    assert "allocator sign" in log
    assert "sign-off.md" in log
    assert len(rows_of(log, VALIDATION)) >= 5


def test_text_from_the_tables_is_no_markup(plan):
    hostile = "<script>alert(1)</script>|[a](http://x)\n# heading `code` \\"
    scenario = replace(plan.scenario, name=hostile)
    source = {**SOURCES[0], "note": hostile}
    for log in (
        assumptions_log(sourced(replace(plan, scenario=scenario), source), ()),
        qa_log(replace(plan, scenario=scenario)),
    ):
        assert "<script>" not in log
        assert "[a](" not in log.replace("\\[a](", "")
        assert "\n# heading" not in log
    (row,) = rows_of(assumptions_log(sourced(plan, source), ()), "Data and assumptions")
    assert row[-1] == "£40,000 of spending; money (4 rows)"
