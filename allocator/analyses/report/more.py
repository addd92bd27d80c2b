"""Further sections of a page: of results that other analyses of the same plan found, brought or asked for by name.

Each such analysis has its section beside its face, in `section.py`: section_of(result), the result as a Section.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from allocator.analyses.approaches.every_approach import Approaches, compare_approaches
from allocator.analyses.approaches.section import section_of as approaches_section
from allocator.analyses.evidence.evidence import Evidence, value_of_evidence
from allocator.analyses.evidence.section import section_of as evidence_section
from allocator.analyses.explain.firmness import Firmness
from allocator.analyses.explain.firmness_of_all import Ranges, firmness_of_all
from allocator.analyses.explain.section import section_of as firmness_section
from allocator.analyses.report.statement import Firm
from allocator.analyses.report.written import Kind
from allocator.analyses.risk.risk import Risk, risk_of
from allocator.analyses.risk.section import section_of as risk_section
from allocator.analyses.sensitivity.section import section_of as sensitivity_section
from allocator.analyses.sensitivity.sensitivity import Sensitivity, sensitivity_of
from allocator.errors import UsageError
from allocator.outputs.page import Section
from allocator.results import Result
from allocator.runs.plan import Plan
from allocator.tables.names import did_you_mean
from allocator.what_if.side import Side

Ask = Callable[[Plan, str, int | None, Callable[[int, int], None] | None], Result]


@dataclass(frozen=True)
class Further:
    """An analysis that a page can tell. kind: of its result. section: of one. ask: makes one of a plan.

    ask takes the plan, the name of its run, the processes (None: one a core), and what is called with how many of how
    many pieces have ended.
    """

    kind: type[Result]
    section: Callable[[Any], Section]
    ask: Ask


def _approaches(plan: Plan, name: str, jobs: int | None, done: Callable[[int, int], None] | None) -> Approaches:
    del name  # it tells the scenario's
    return compare_approaches(plan.scenario, plan.data, given=plan.given, jobs=jobs, done=done)


def _evidence(plan: Plan, name: str, jobs: int | None, done: Callable[[int, int], None] | None) -> Evidence:
    return value_of_evidence(plan.data, plan.scenario.settings, plan.given, name=name, jobs=jobs, done=done)


def _sensitivity(plan: Plan, name: str, jobs: int | None, done: Callable[[int, int], None] | None) -> Sensitivity:
    return sensitivity_of(_side(plan, name), jobs=jobs, done=done)


def _risk(plan: Plan, name: str, jobs: int | None, done: Callable[[int, int], None] | None) -> Risk:
    del jobs, done  # it is done in a moment
    return risk_of(_side(plan, name))


def _firmness(plan: Plan, name: str, jobs: int | None, done: Callable[[int, int], None] | None) -> Ranges:
    del name  # nothing is said of the run
    return firmness_of_all(plan.data, plan.scenario.settings, plan.given, jobs=jobs, done=done)


def _side(plan: Plan, name: str) -> Side:
    return Side(name, plan.scenario.settings, plan.data, plan.given, plan.figures)


# By the name of the command, in the order in which they stand on a page.
FURTHER = {
    "approaches": Further(Approaches, approaches_section, _approaches),
    "sensitivity": Further(Sensitivity, sensitivity_section, _sensitivity),
    "risk": Further(Risk, risk_section, _risk),
    "evidence": Further(Evidence, evidence_section, _evidence),
    "firmness": Further(Ranges, firmness_section, _firmness),
}
IN_STATEMENTS: dict[str, type[Result]] = {"evidence": Evidence, "firmness": Ranges}


def refuse_unknown(more: Sequence[str | Result], kind: Kind) -> None:
    """Raise UsageError, before any work, for a name that no further section has, or a result that makes none.

    kind: of the report. Pages and charts have sections; statements say how firm a grant is by evidence and firmness.
    """
    for one in more:
        if isinstance(one, str) and one not in FURTHER:
            raise UsageError("more", f"found '{one}'", " or ".join(FURTHER), did_you_mean(one, FURTHER))
        if not isinstance(one, str) and not any(isinstance(one, of.kind) for of in FURTHER.values()):
            found = f"found a result of the kind {type(one).__name__}"
            raise UsageError("more", found, f"a result of {' or '.join(FURTHER)}, or such a name")
        told = one in IN_STATEMENTS if isinstance(one, str) else isinstance(one, tuple(IN_STATEMENTS.values()))
        if kind == "statements" and not told:
            wanted = " or ".join(IN_STATEMENTS)
            raise UsageError("more", f"found more than {wanted} with statements", wanted, "Leave it out.")
    if more and kind in ("brief", "workbook"):
        wanted = f"FILE.html, a folder of charts, or statements with {' or '.join(IN_STATEMENTS)}"
        raise UsageError("more", f"found it with a {kind}", wanted, "Leave it out.")


def results_of(
    plan: Plan,
    more: Sequence[str | Result],
    *,
    name: str,
    jobs: int | None = 1,
    done: Callable[[int, int], None] | None = None,
) -> tuple[Result, ...]:
    """Give the results brought, and those of analyses asked by name, each once and in the order of FURTHER.

    name: of the run. jobs: processes, None for one a core. done: called with how many of how many pieces have ended.
    Raises what the analyses raise.
    """
    found = []
    for key, further in FURTHER.items():
        brought = [one for one in more if isinstance(one, further.kind)]
        if brought or key in more:
            found.append(brought[0] if brought else further.ask(plan, name, jobs, done))
    return tuple(found)


def sections_of(results: Sequence[Result]) -> tuple[Section, ...]:
    """Give the section of each result, in their order."""
    return tuple(
        further.section(one) for one in results for further in FURTHER.values() if isinstance(one, further.kind)
    )


def firmness_in(results: Sequence[Result]) -> dict[str, Firm]:
    """Give how firm each grant is, by partnership: in the draws of evidence, and its ranges; empty without either."""
    drawn = {row.partnership: (one.draws, row) for one in results if isinstance(one, Evidence) for row in one.firmness}
    ranges: dict[str, list[Firmness]] = defaultdict(list)
    for one in results:
        for row in one.rows if isinstance(one, Ranges) else ():
            ranges[row.partnership].append(row)
    return {key: Firm(drawn.get(key), tuple(ranges.get(key, ()))) for key in {*drawn, *ranges}}
