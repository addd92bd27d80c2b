"""Shares out a multi-year budget and adviser headcount so that NEET falls most, proves it, and says why.

The names below are the library; each is imported when it is first asked for, so that `import allocator` is cheap.
"""

import sys

# `python -m allocator` would look for every module in the working folder first, and so run a re.py that lies among
# a planner's files. Nothing may be imported before this, not even __future__.
if sys.argv[:1] == ["-m"] and not sys.flags.safe_path and "allocator" in sys.orig_argv:
    sys.path[:1] = []
    if not any(__path__[0].startswith(folder) for folder in sys.path):  # a checkout that is not installed
        sys.path.append(__path__[0].removesuffix("allocator"))

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allocator.analyses.verify.verification import verify
    from allocator.api import (
        Plan,
        approaches,
        bridge,
        compare,
        evidence,
        explain,
        firmness,
        load,
        report,
        rule_costs,
        score,
        solve,
        sweep,
    )
    from allocator.errors import AllocatorError, InvalidInput, NoPlan
    from allocator.scenario.load import Scenario, read_scenario
    from allocator.tables import read_data

_PLACES = {
    "AllocatorError": "allocator.errors",
    "InvalidInput": "allocator.errors",
    "NoPlan": "allocator.errors",
    "Plan": "allocator.api",
    "Scenario": "allocator.scenario.load",
    "approaches": "allocator.api",
    "bridge": "allocator.api",
    "compare": "allocator.api",
    "evidence": "allocator.api",
    "explain": "allocator.api",
    "firmness": "allocator.api",
    "load": "allocator.api",
    "read_data": "allocator.tables",
    "read_scenario": "allocator.scenario.load",
    "report": "allocator.api",
    "rule_costs": "allocator.api",
    "score": "allocator.api",
    "solve": "allocator.api",
    "sweep": "allocator.api",
    "verify": "allocator.analyses.verify.verification",
}

__all__ = [
    "AllocatorError",
    "InvalidInput",
    "NoPlan",
    "Plan",
    "Scenario",
    "approaches",
    "bridge",
    "compare",
    "evidence",
    "explain",
    "firmness",
    "load",
    "read_data",
    "read_scenario",
    "report",
    "rule_costs",
    "score",
    "solve",
    "sweep",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import one of the library's names where it is used."""
    if name not in _PLACES:
        raise AttributeError(f"module 'allocator' has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    """The library's names, whether they have been imported yet or not."""
    return sorted(__all__)
