"""The library: what a notebook calls and what each command calls once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from allocator.errors import InvalidInput
from allocator.plan.plan import Plan, judge, make_plan
from allocator.scenario.distribution import read_given
from allocator.scenario.faults import scenario_faults
from allocator.scenario.load import Scenario, read_scenario
from allocator.solve.in_force import figures_in_force, with_historical_grants
from allocator.solve.whole import Planned, solve_data
from allocator.tables import read_data

if TYPE_CHECKING:
    from allocator.tables.dataset import DataSet, Floats


def open_scenario(
    scenario: str | Path | Scenario = "settlement", overrides: Sequence[str] = ()
) -> tuple[Scenario, DataSet]:
    """A scenario and its data, read and checked.

    scenario: a file, the name of one in models/, or a scenario already read. overrides: as --set takes them.
    Raises InvalidInput with every fault of the tables, or of the scenario; UsageError where there is no such file.
    """
    read = scenario if isinstance(scenario, Scenario) else read_scenario(scenario, overrides)
    data = read_data(read.data, read.table_files)
    faults = scenario_faults(read, data)
    if any(fault.severity == "fault" for fault in faults):
        raise InvalidInput(faults, in_scenario=True)
    return read, data


def solve(scenario: str | Path | Scenario = "settlement", overrides: Sequence[str] = ()) -> Plan:
    """The best plan of a scenario, worked out again from the tables, with its certificate and the grants in force.

    Raises InvalidInput, UsageError, NoPlan (no plan keeps the rules) and SolverError.
    """
    return _plan(*open_scenario(scenario, overrides))[0]


def _plan(scenario: Scenario, data: DataSet) -> tuple[Plan, tuple[Planned, ...]]:
    s = scenario.settings
    given = given_grants(scenario, data)
    solution, plans = solve_data(data, s, given)
    in_force = figures_in_force(data, s, plans)
    reference = judge(data, with_historical_grants(s), in_force) if in_force is not None else None
    return make_plan(scenario, data, solution, in_force=reference, given=given), plans


def given_grants(scenario: Scenario, data: DataSet) -> Floats | None:
    """The grants that the scenario's file gives, [p, t] £; None where its distribution is not `given`."""
    if scenario.settings.grants.distribution != "given" or scenario.grants_file is None:
        return None
    return read_given(scenario.grants_file, data)


def solve_and_write(
    scenario: str | Path = "settlement",
    overrides: Sequence[str] = (),
    *,
    folder: Path | None = None,
    force: bool = False,
    command: str = "",
) -> tuple[Plan, Path]:
    """Solve a scenario and write the run folder; gives the plan and the folder.

    folder: the run folder, `runs/<scenario>-<time>` where left out. force: replace one that is there.
    Raises as solve, and RunError where the folder cannot be written.
    """
    from allocator.plan.run_folder import write_run

    plan = solve(scenario, overrides)
    target = folder or Path("runs") / f"{plan.scenario.name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    return plan, write_run(plan, target, force=force, command=command)
