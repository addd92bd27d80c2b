"""The logs that the Aqua Book asks of an analysis: data, assumptions and decisions; what was checked, and by whom.

They bear no date, so that the same inputs give the same text: manifest.json says when the run was made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from allocator.runs.impact import impact_of
from allocator.runs.plan import Plan
from allocator.runs.rounding import more_than_the_money
from allocator.tables.sources import input_status
from allocator.units import counted, number, pounds, size

SIGNING = "`allocator sign RUN --as ROLE --name NAME` writes sign-off.md beside it, with the digest that is signed."
ROLES = ("commissioner", "analyst", "assurer", "approver")
_MARKUP = str.maketrans({**{mark: f"\\{mark}" for mark in "\\|`*_["}, "<": "&lt;", ">": "&gt;"})


def assumptions_log(plan: Plan, changes: Sequence[str]) -> str:
    """Write, in Markdown, where every input comes from, how good it is and what it bears on; decisions taken; every
    setting.

    changes: what --set changed, as the manifest has it.
    """
    scenario = plan.scenario
    settings = dict(_settings(scenario.settings))
    usual = dict(_settings(type(scenario.settings)(title=scenario.settings.title, question=scenario.settings.question)))
    decided = [(name, value, usual.get(name, "none")) for name, value in settings.items() if value != usual.get(name)]
    lines = [
        "# Data, assumptions and decisions",
        "",
        f"Scenario {_cell(scenario.name)}: {_cell(scenario.settings.title)}.",
        *([_cell(scenario.settings.question)] if scenario.settings.question else []),
        f"Settings, SHA-256: {scenario.sha256}",
        *(f"Changed for this run: `{_cell(change)}`" for change in changes),
        "",
        "## Data and assumptions",
        "",
        *_sources(plan),
        "",
        "## Decisions",
        "",
        "Settings of this scenario that differ from the usual ones. Who decided them is said where the run is signed.",
        "",
        *markdown_table(("setting", "value", "usual"), decided),
        "",
        "## All settings",
        "",
        *markdown_table(("setting", "value"), settings.items()),
    ]
    return "\n".join(lines) + "\n"


def _sources(plan: Plan) -> Iterator[str]:
    """Give each kind of input: status, quality and source from the data set's own table, impact from this plan."""
    sources = plan.data.tables.get("sources", ())
    if not sources:
        yield "The data set has no table of sources: nothing is said about where its figures come from."
        return
    inputs = input_status(plan.data.tables)
    said = ("status", "quality", "source", "owner", "date", "note")
    yield (
        f"Of {counted(inputs.total, 'kind')} of input: {number(len(inputs.assumed))} assumed in whole or in part, "
        f"{number(len(inputs.derived))} derived, {number(len(inputs.published))} published. "
        "What follows from an assumed input is no finding."
    )
    yield "A kind is a column of a table; where its parts differ it counts by the weakest of them."
    yield (
        "Value is that of every row of the kind, from the smallest to the largest. Owner and date are the sources "
        f"table's; {_unowned(sources)}. Impact says what an input bears on in this plan; what the answer does when "
        "it moves stands in sensitivity.md beside this file, where `allocator sensitivity` was run."
    )
    yield ""
    rows = (
        [
            row["table"],
            row["column"],
            row.get("part"),
            *_value_and_error(plan.data.tables.get(row["table"], ()), row["column"]),
            *(row.get(column) for column in said),
            impact_of(row["table"], row["column"], plan.recomputed),
        ]
        for row in sources
    )
    yield from markdown_table(("table", "column", "part", "value", "standard error", *said, "impact"), rows)


def _unowned(sources: Sequence[Mapping[str, Any]]) -> str:
    """Say of how many inputs the table of sources does not say who answers for them."""
    without = sum(not row.get("owner") for row in sources)
    return f"{number(without)} of {counted(len(sources), 'row')} name no owner" if without else "every row names one"


def _value_and_error(rows: Sequence[Mapping[str, Any]], column: str) -> tuple[str, str]:
    """Give a column's value, or from which to which, and the same of its standard error where the table gives one."""
    error = _range(rows, "standard_error") if column == "effect" else ""
    return _range(rows, column), error


def _range(rows: Sequence[Mapping[str, Any]], column: str) -> str:
    found = [row[column] for row in rows if row.get(column) is not None]
    numbers = sorted({value for value in found if isinstance(value, float | int) and not isinstance(value, bool)})
    if not found:
        return "none"
    if len(numbers) < len(set(found)):
        texts = sorted({str(value) for value in found})
        return texts[0] if len(texts) == 1 else f"{number(len(texts))} different ones"
    smallest, largest = (f"{value:.6g}" for value in (numbers[0], numbers[-1]))
    return smallest if smallest == largest else f"{smallest} to {largest}"


def qa_log(plan: Plan) -> str:
    """Write, in Markdown, verification and validation with what each found, what is not proved, and who answers for
    it.
    """
    worked = plan.recomputed
    stages = [(s.year, s.stage, s.outcome, s.value, s.iterations) for s in plan.solution.stages]
    families = [
        (
            family.rule,
            "may fall short" if family.soft else "must hold",
            len(family.places),
            size(float(family.violation.max(initial=0.0))),
        )
        for family in worked.rules
    ]
    lines = [
        "# Quality assurance log",
        "",
        f"Scenario {_cell(plan.scenario.name)}: {_cell(plan.scenario.settings.title)}.",
        f"Result: {'certified' if plan.certified else 'NOT CERTIFIED: ' + _cell(plan.why_uncertified)}.",
        "`allocator verify` repeats these checks from the files of this folder; manifest.json says when it was made.",
        "",
        "## Verification: was the plan worked out right?",
        "",
        *markdown_table(("check", "result", "detail"), _checks(plan)),
        "",
        "Every rule, worked out again from the tables and the plan:",
        "",
        *markdown_table(("rule", "", "rows", "largest violation"), families),
        "",
        f"Stages solved ({_cell(plan.solution.solver)}):",
        "",
        *markdown_table(("year planned", "stage", "outcome", "value", "iterations"), stages),
        "",
        "## Validation: is it the right question, and are the figures fit for it?",
        "",
        "Not decided by any of the checks above. What those who answer for the analysis judge stands with their names.",
        "",
        *markdown_table(("question", "evidence from this run"), _validation(plan)),
        "",
        "## Who answers for it",
        "",
        f"This file is part of what is signed, so nobody signs in it: {SIGNING}",
        "",
        *(f"- {role}" for role in ROLES),
    ]
    return "\n".join(lines) + "\n"


def _checks(plan: Plan) -> Iterator[Sequence[Any]]:
    """Give the checks really made, with their results."""
    worked = plan.recomputed
    tables, rows = len(plan.data.tables), sum(len(table) for table in plan.data.tables.values())
    yield "inputs", "passed", f"{tables} tables, {number(rows)} rows and the scenario have no fault"
    for c in plan.certificates:
        found = f"largest violation {_size(c.violation)}, no plan is better by more than {_size(c.gap)} of the goal"
        yield f"certificate, {c.stage} stage {c.year}".strip(), "passed" if c.certified else f"FAILED: {c.why}", found
    if not plan.certificates:
        yield "certificate", "NOT DONE", plan.solution.why_uncertified
    count, rules = sum(len(family.places) for family in worked.rules), len({family.rule for family in worked.rules})
    again = (
        f"{rules} rules, {number(count)} rows; money to £{worked.pounds_out:.4f}, all else to {worked.violation:.1e}"
    )
    yield "worked out again from the tables", "passed" if worked.kept else "FAILED", again
    rounded, paid = sum(plan.tables["grants"]["grant_rounded"]), float(plan.figures.grant.sum())
    whole = f"grants in whole pounds add up to {pounds(rounded)}, the plan's to {pounds(paid)}"
    passed = more_than_the_money(plan.data, plan.tables["grants"]["grant_rounded"], worked)
    yield "whole pounds", f"FAILED: {passed[0]}" if passed else "passed", whole


def _validation(plan: Plan) -> Iterator[Sequence[Any]]:
    """Give the questions that a reviewer asks, with what this run can say to each."""
    inputs, worked = input_status(plan.data.tables), plan.recomputed
    low = {(row["table"], row["column"]) for row in plan.data.tables.get("sources", ()) if row["quality"] == "low"}
    sourced = (
        f"in whole or in part {number(len(inputs.assumed))} of {counted(inputs.total, 'kind')} of input are assumed, "
        f"{number(len(low))} of low quality"
    )
    yield "Are the data fit for the decision?", sourced if inputs.total else "no sources"
    beside = "allocator solve and allocator show, beside last year and shares as before; not part of a run"
    yield "Is the gain plausible?", beside
    short = [s for s in worked.shortfalls if s.shortfall > 0]
    asked = f"{len(short)} of {len(worked.shortfalls)} rows of rules that may fall short do"
    yield "Is what falls short acceptable?", asked
    moves = "sensitivity.md beside this file, where allocator sensitivity was run; allocator explain"
    yield "How much does the answer move with its inputs?", moves
    elsewhere = "allocator approaches and allocator score; not part of a run"
    yield "Does another approach lead elsewhere?", elsewhere
    yield "Who has looked at it from outside?", ""


def _settings(section: BaseModel, name: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section:
        dotted = f"{name}.{key}" if name else key
        if isinstance(value, BaseModel):
            yield from _settings(value, dotted)
        elif isinstance(value, dict) and value:
            yield from ((f"{dotted}.{entry}", value[entry]) for entry in sorted(value))
        else:
            yield dotted, value if value not in ({}, (), None) else "none"


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give the lines of a table in Markdown, of cells that stay in their places whatever they hold."""
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _size(value: float) -> str:
    return size(value) if math.isfinite(value) else "(not known)"  # of a stage that could not be judged


def _cell(value: Any) -> str:
    """Give text that stays in its cell and is not taken for markup."""
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return "" if value is None else " ".join(str(value).split()).translate(_MARKUP)
