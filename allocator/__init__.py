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
    from allocator.analyses.catalogue.rules import listed_rules as rules
    from allocator.analyses.catalogue.scenarios import shipped_models as models
    from allocator.analyses.check.report import check_scenario as check
    from allocator.analyses.init.starter import start_folder as init
    from allocator.analyses.show.allocation import allocation as show
    from allocator.analyses.verify.verification import verify
    from allocator.api import (
        Plan,
        approaches,
        bridge,
        compare,
        evidence,
        explain,
        firmness,
        least_money,
        load,
        report,
        risk,
        rule_costs,
        score,
        sensitivity,
        solve,
        sweep,
    )
    from allocator.errors import AllocatorError, InvalidInput, NoPlan, RunError, SolverError, UsageError
    from allocator.imports.dfe.data_set import import_dfe_neet
    from allocator.runs.verify.sign import sign
    from allocator.scenario.load import Scenario, read_scenario
    from allocator.tables import read_data

    __version__: str

__all__ = [
    "AllocatorError",
    "InvalidInput",
    "NoPlan",
    "Plan",
    "RunError",
    "Scenario",
    "SolverError",
    "UsageError",
    "approaches",
    "bridge",
    "check",
    "compare",
    "evidence",
    "explain",
    "firmness",
    "import_dfe_neet",
    "init",
    "least_money",
    "load",
    "models",
    "read_data",
    "read_scenario",
    "report",
    "risk",
    "rule_costs",
    "rules",
    "score",
    "sensitivity",
    "show",
    "sign",
    "solve",
    "sweep",
    "verify",
]
# Where a name does not stand in allocator.api, or has a longer one there.
_PLACES = {
    **dict.fromkeys(
        ("AllocatorError", "InvalidInput", "NoPlan", "RunError", "SolverError", "UsageError"), "allocator.errors"
    ),
    "Scenario": "allocator.scenario.load",
    "check": "allocator.analyses.check.report:check_scenario",
    "import_dfe_neet": "allocator.imports.dfe.data_set",
    "init": "allocator.analyses.init.starter:start_folder",
    "models": "allocator.analyses.catalogue.scenarios:shipped_models",
    "read_data": "allocator.tables",
    "read_scenario": "allocator.scenario.load",
    "rules": "allocator.analyses.catalogue.rules:listed_rules",
    "show": "allocator.analyses.show.allocation:allocation",
    "sign": "allocator.runs.verify.sign",
    "verify": "allocator.analyses.verify.verification",
}


def __getattr__(name: str) -> Any:
    """Import one of the library's names where it is used."""
    if name == "__version__":
        from importlib.metadata import version

        return version("neet-allocator")
    if name not in __all__:
        raise AttributeError(f"module 'allocator' has no attribute {name!r}")
    module, _, other = _PLACES.get(name, "allocator.api").partition(":")
    return getattr(importlib.import_module(module), other or name)


def __dir__() -> list[str]:
    """Give the library's names, whether they have been imported yet or not."""
    return sorted([*__all__, "__version__"])
