"""Checks a scenario and its tables together, and tells everything that was found at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocator.analyses.named import INPUTS
from allocator.errors import InvalidInput
from allocator.faults import Fault
from allocator.results import Result, doc, documented
from allocator.tables.sources import InputStatus, input_status

if TYPE_CHECKING:
    from allocator.scenario.canonical import Overrides
    from allocator.scenario.load import Scenario
    from allocator.tables.dataset import DataSet

DEFAULT_DATA = "connexions"  # as Settings.data


class Report(Result):
    """What a check found and what it looked at; faults of the tables in their order, then of the scenario."""

    @property
    @documented("valid, or invalid where there are faults")
    def status(self) -> str:
        """Whether the scenario and its tables can be planned with."""
        return "invalid" if self.faults else "valid"

    scenario: str = doc("the scenario as it was named")
    data: str = doc("the data set that was looked at; blank where it could not be told")
    faults: tuple[Fault, ...] = doc("what stops a plan")
    remarks: tuple[Fault, ...] = doc("a warning or note, which stops nothing")
    tables: tuple[str, ...] = doc("a table that was read")
    rows: int = doc("rows of all of them")
    inputs: InputStatus | None = doc(f"{INPUTS}; null: tables could not be read")

    @property
    def tables_without_fault(self) -> int:
        """How many of the tables have no fault."""
        return sum(not any(_is_of(fault, table) for fault in self.faults) for table in self.tables)


def check_scenario(
    name_or_path: str | Path = "settlement", overrides: Overrides = (), **settings_changed: Any
) -> Report:
    """Read a scenario and its tables and collect every fault of both.

    overrides, settings_changed: as read_scenario takes them.

    Where the scenario's own faults leave it open which tables are meant, only the scenario is reported.
    Raises UsageError where there is no such scenario.
    """
    from allocator.scenario.against_data import scenario_faults, scenario_notes
    from allocator.scenario.canonical import as_texts
    from allocator.scenario.load import read_scenario
    from allocator.tables.checking.all_checks import check_tables

    overrides = as_texts(overrides, settings_changed)
    scenario = None
    of_scenario: tuple[Fault, ...] = ()
    location: Path | None = None
    replaced: Mapping[str, Path] = {}
    try:
        scenario = read_scenario(name_or_path, overrides)
        location, replaced = scenario.data, scenario.table_files
    except InvalidInput as error:
        of_scenario = error.faults
        found = _tables_meant(name_or_path, overrides)
        if found is not None:
            location, replaced = found
    label = str(name_or_path)
    if location is None:
        return Report(label, "", *_sorted_out(of_scenario), (), 0, None)
    checked = check_tables(location, replaced)
    if scenario is not None and checked.data is not None:
        of_scenario = (
            *scenario_faults(scenario, checked.data),
            *scenario_notes(scenario, checked.data),
            *_of_given_grants(scenario, checked.data),
        )
    faults, remarks = _sorted_out((*checked.faults, *of_scenario))
    inputs = input_status(checked.data.tables) if checked.data is not None else None
    return Report(label, str(location), faults, remarks, checked.tables_read, checked.rows_read, inputs)


def _of_given_grants(scenario: Scenario, data: DataSet) -> tuple[Fault, ...]:
    """Give what is wrong with the grants that the scenario takes from a file, and what is odd about them."""
    from allocator.scenario.grants_file import read_given

    if scenario.grants_file is None:
        return ()
    found: list[Fault] = []
    try:
        read_given(scenario.grants_file, data, warn=found.extend)
    except InvalidInput as error:
        found.extend(error.faults)
    return tuple(found)


def _tables_meant(name_or_path: str | Path, overrides: Sequence[str]) -> tuple[Path, dict[str, Path]] | None:
    """Give the tables that a scenario with faults names, and those read from other files; None where that cannot be
    told.
    """
    from allocator.scenario.layers import read_layers
    from allocator.scenario.paths import FoundPaths, is_file
    from allocator.shipped import shipped_scenarios

    try:
        layers = read_layers(shipped_scenarios().get(str(name_or_path), Path(name_or_path)), overrides)
    except InvalidInput:
        return None
    given, named = layers.values.get("data", DEFAULT_DATA), layers.values.get("tables", {})
    if not isinstance(given, str) or not isinstance(named, dict):
        return None
    paths = FoundPaths(layers.places)
    location = paths.data(given)
    if paths.faults:
        return None
    replaced = {
        table: layers.places["tables", table].folder / file for table, file in named.items() if isinstance(file, str)
    }
    return location, {table: file for table, file in replaced.items() if is_file(file)}


def _sorted_out(found: Sequence[Fault]) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    faults = tuple(fault for fault in found if fault.severity == "fault")
    return faults, tuple(fault for fault in found if fault.severity != "fault")


def _is_of(fault: Fault, table: str) -> bool:
    """Say whether a fault is in a table: 'effects.csv' or 'mine.xlsx, sheet effects' for the table effects."""
    return Path(fault.table).stem == table or fault.table.endswith(f"sheet {table}")
