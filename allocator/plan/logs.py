"""The two logs that the Aqua Book asks of an analysis: what was assumed, and what was checked by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from allocator.plan.plan import Plan


def assumptions_log(plan: Plan) -> str:
    """Markdown: every setting in force, and where every input comes from, with status and quality."""
    scenario, sources = plan.scenario, plan.data.tables.get("sources", ())
    lines = [
        "# Assumptions log",
        "",
        f"Scenario {_cell(scenario.name)}: {_cell(scenario.settings.title)}.",
        *([_cell(scenario.settings.question)] if scenario.settings.question else []),
        f"Settings, SHA-256: {scenario.sha256}",
        *(f"Changed for this run: `{_cell(change)}`" for change in scenario.overrides),
        "",
        "## Settings",
        "",
        *_table(("setting", "value"), _settings(scenario.settings)),
        "",
        "## Inputs",
        "",
    ]
    if not sources:
        lines.append("The data set has no table of sources: nothing is said about where its figures come from.")
    else:
        counted = {status: sum(row["status"] == status for row in sources) for status in _STATUSES}
        said = ", ".join(f"{count} {status}" for status, count in counted.items())
        columns = ("table", "column", "part", "status", "quality", "source", "note")
        lines += [
            f"Of {len(sources)} kinds of input: {said}.",
            "What follows from an assumed input is no finding.",
            "",
            *_table(columns, ([row.get(column) for column in columns] for row in sources)),
        ]
    return "\n".join(lines) + "\n"


def qa_log(plan: Plan) -> str:
    """Markdown: the checks run and their results, and places for those who answer for the analysis.

    It bears no date, so that the same inputs give the same text: manifest.json says when the run was made.
    """
    worked = plan.recomputed
    rows = sum(len(family.keys) for family in worked.rules)
    rules = len({family.rule for family in worked.rules})
    whole = sum(plan.tables["grants"]["grant_rounded"])
    checks: list[Sequence[Any]] = [
        (
            f"certificate, {c.stage} stage {c.year}".strip(),
            "passed" if c.certified else f"FAILED: {c.why}",
            f"largest violation {c.violation:.1e}, no plan is better by more than {c.gap:.1e} of the goal",
        )
        for c in plan.certificates
    ]
    checks += [("certificate", "NOT DONE", plan.solution.why_uncertified)] if not plan.certificates else []
    checks += [
        (
            "worked out again from the tables",
            "passed" if worked.kept else "FAILED",
            f"{rules} rules, {rows:,} rows; money to £{worked.pounds_out:.4f}, all else to {worked.violation:.1e}",
        ),
        ("whole pounds", "passed", f"grants in whole pounds add up to £{whole:,}"),
    ]
    stages = [(s.year, s.stage, s.outcome, s.objective, s.iterations) for s in plan.solution.stages]
    people = ("analyst", "assurer", "approver", "review date")
    lines = [
        "# Quality assurance log",
        "",
        f"Scenario {_cell(plan.scenario.name)}: {_cell(plan.scenario.settings.title)}.",
        f"Result: {'certified' if plan.certified else 'NOT CERTIFIED: ' + _cell(plan.why_uncertified)}.",
        "`allocator verify` repeats these checks from the files of this folder; manifest.json says when it was made.",
        "",
        "## Checks",
        "",
        *_table(("check", "result", "detail"), checks),
        "",
        f"## Stages ({_cell(plan.solution.solver)})",
        "",
        *_table(("year planned", "stage", "outcome", "objective", "iterations"), stages),
        "",
        "## Who answers for it",
        "",
        *_table(("role", "name", "date", "signed"), ((person, "", "", "") for person in people)),
    ]
    return "\n".join(lines) + "\n"


_STATUSES = ("published", "derived", "assumed")


def _settings(section: BaseModel, name: str = "") -> Iterator[Sequence[Any]]:
    for key, value in section:
        dotted = f"{name}.{key}" if name else key
        if isinstance(value, BaseModel):
            yield from _settings(value, dotted)
        elif isinstance(value, dict) and value:
            yield from ((f"{dotted}.{entry}", value[entry]) for entry in sorted(value))
        else:
            yield dotted, value if value not in ({}, (), None) else "none"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(value: Any) -> str:
    """Text that stays in its cell and is not taken for markup."""
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    text = "" if value is None else " ".join(str(value).split())
    for mark in ("\\", "|", "<", ">", "`", "*", "_", "["):
        text = (
            text.replace(mark, "\\" + mark)
            if mark in "\\|`*_["
            else text.replace(mark, {"<": "&lt;", ">": "&gt;"}[mark])
        )
    return text
