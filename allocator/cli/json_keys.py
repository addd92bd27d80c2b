"""Which result each command prints with ``--json``: the page of keys, and its test, follow from their fields."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.analyses.approaches.every_approach import Approaches
from allocator.analyses.bridge.shares import Bridge
from allocator.analyses.catalogue.rules import RuleList
from allocator.analyses.catalogue.scenarios import ModelList
from allocator.analyses.check.report import Report
from allocator.analyses.compare.comparison import Comparison
from allocator.analyses.evidence.evidence import Evidence
from allocator.analyses.explain.explanation import Explanation
from allocator.analyses.explain.firmness_of_all import Ranges
from allocator.analyses.explain.rule_costs import RuleCosts
from allocator.analyses.init.starter import Started
from allocator.analyses.report.written import Opened, Written
from allocator.analyses.risk.risk import Risk
from allocator.analyses.score.scored import Score
from allocator.analyses.sensitivity.sensitivity import Sensitivity
from allocator.analyses.show.allocation import Allocations, TableRows
from allocator.analyses.solve.least_money import SolvedToMeet
from allocator.analyses.sweep.grid import Sweep
from allocator.imports.dfe.data_set import Imported
from allocator.key_lines import KeyLine, key_lines
from allocator.outputs.faults import Infeasible, Refused
from allocator.results import Result
from allocator.runs.findings import SolvedPlan
from allocator.runs.frames import COLUMNS
from allocator.runs.verify.sign_offs import SignOff
from allocator.runs.verify.verify import Verification
from allocator.tables.dictionary import Dictionary

RESULTS: Mapping[str, type[Result]] = {
    "solve": SolvedPlan,
    "solve --meet target": SolvedToMeet,
    "show": Allocations,
    **{f"show --table {table}": TableRows for table in COLUMNS},
    "explain PARTNERSHIP": Explanation,
    "explain --firmness": Ranges,
    "explain --rules": RuleCosts,
    "approaches": Approaches,
    "score": Score,
    "compare": Comparison,
    "bridge": Bridge,
    "sweep": Sweep,
    "sensitivity": Sensitivity,
    "risk": Risk,
    "evidence": Evidence,
    "verify": Verification,
    "sign": SignOff,
    "check": Report,
    "check --dictionary": Dictionary,
    "report": Written,
    "export": Written,
    "open": Opened,
    "init": Started,
    "import dfe-neet": Imported,
    "models": ModelList,
    "rules": RuleList,
    "No plan keeps the rules": Infeasible,
    "Any other refusal": Refused,
}


def keys_of_commands() -> dict[str, tuple[KeyLine, ...]]:
    """Give every key of every command, as the page lists them."""
    return {command: (*key_lines(kind), *_of_table(command)) for command, kind in RESULTS.items()}


def _of_table(command: str) -> tuple[KeyLine, ...]:
    """Give the rows of a table that show prints have its columns as keys."""
    _, _, table = command.partition("--table ")
    if not table:
        return ()
    units = {"unit": "unit of the row"}
    rows = [
        KeyLine(
            f"rows[].{column.name}",
            "number or null" if column.unit else "text",
            units.get(column.unit, column.unit.replace(" of summary.json", " of solve")),
            column.meaning,
        )
        for column in COLUMNS[table]
    ]
    return (KeyLine("rows[]", "object", "", "one of its rows"), *rows)
