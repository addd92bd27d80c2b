"""A scenario from its file, or from its name where it comes with the program, checked and with its paths found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from allocator.errors import InvalidInput, UsageError
from allocator.faults import Fault
from allocator.results import Brief
from allocator.scenario.canonical import Overrides, as_texts, canonical_toml
from allocator.scenario.invalid import (
    Key,
    Place,
    inconsistent_settings,
    invalid_settings,
    keys_at_fault,
    shown,
    without,
)
from allocator.scenario.layers import Layers, read_layers
from allocator.scenario.paths import FoundPaths, is_file
from allocator.scenario.settings import Settings
from allocator.scenario.toml import OVERRIDES
from allocator.shipped import shipped_scenarios
from allocator.tables.names import did_you_mean


@dataclass(frozen=True, repr=False)
class Scenario(Brief):
    """A scenario as read: its settings after `extends` and overrides, and the files that they name, found.

    name: of the scenario that comes with the program, or of the file without its ending.
    source: the scenario file. overrides: as KEY=VALUE. data: folder or workbook of the tables.
    data_label: the name of the shipped data set, or the path as given. table_files: by table, what is read in
    place of the data set's. grants_file: the grants of `given`, None where no file is named.
    sha256: of the canonical text of the settings. places: where each setting was made, by key.
    """

    name: str
    settings: Settings
    source: Path | None
    overrides: tuple[str, ...]
    data: Path
    data_label: str
    table_files: Mapping[str, Path]
    grants_file: Path | None
    sha256: str
    places: Mapping[Key, Place] = field(repr=False, compare=False)
    of_run: bool = False  # whether tables and grants are a run's own copies, which no setting names

    def canonical_toml(self) -> str:
        """Give every effective setting as TOML text; equal settings give equal text."""
        return canonical_toml(self.settings)

    def with_(self, overrides: Overrides = (), /, **settings: Any) -> Scenario:
        """Give the scenario with some settings changed, in the ways that read_scenario takes them.

        Raises InvalidInput for a setting that there is not, or a value that it does not take.
        """
        texts = (*self.overrides, *as_texts(overrides, settings))
        if not self.of_run:
            return read_scenario(self.source or self.name, texts)
        layers = read_layers(self.source or Path(), texts)
        changed, faults, _ = _checked(layers)
        if faults:
            raise InvalidInput(tuple(sorted(faults, key=_line)), in_scenario=True)
        digest = hashlib.sha256(canonical_toml(changed).encode()).hexdigest()
        return replace(self, settings=changed, overrides=texts, sha256=digest, places=layers.places)


def read_scenario(
    name_or_path: str | Path = "settlement", overrides: Overrides = (), /, **settings_changed: Any
) -> Scenario:
    """Read a scenario file, or one that comes with the program, with some settings changed.

    overrides: texts, `["grants.floor=0.95"]`, or values by key, `{"grants.floor": 0.95}`. Or as keywords:
    `grants__floor=0.95`.
    Raises UsageError where there is no such scenario; InvalidInput with every fault where it cannot be used, those
    that only its data show among them.
    """
    path = _scenario_file(name_or_path)
    overrides = as_texts(overrides, settings_changed)
    layers = read_layers(path, overrides)
    settings, faults, left_out = _checked(layers)
    paths = FoundPaths(layers.places)
    data = paths.data(settings.data)
    table_files: dict[str, Path] = {
        table: paths.file(("tables", table), file) for table, file in sorted(settings.tables.items())
    }
    grants_file = paths.file(("grants", "file"), settings.grants.file) if settings.grants.file else None
    scenario = Scenario(
        name=path.stem,
        settings=settings,
        source=path,
        overrides=overrides,
        data=data,
        data_label=settings.data,
        table_files=table_files,
        grants_file=grants_file,
        sha256=hashlib.sha256(canonical_toml(settings).encode()).hexdigest(),
        places=layers.places,
    )
    faults += paths.faults
    if faults:
        if not paths.faults:
            faults += _beside_its_data(scenario, left_out)
        raise InvalidInput(tuple(sorted(faults, key=_line)), in_scenario=True)
    return scenario


def _beside_its_data(scenario: Scenario, left_out: frozenset[Key]) -> tuple[Fault, ...]:
    """Give what the data show of a scenario that has faults already, so that all are told at once; nothing where the
    tables have faults of their own, or where it is not known which tables are meant."""
    from allocator.scenario.against_data import scenario_faults
    from allocator.tables.checking.all_checks import check_tables

    if any(key[0] in ("data", "tables") for key in left_out):
        return ()
    data = check_tables(scenario.data, scenario.table_files).data
    return () if data is None else scenario_faults(scenario, data, left_out)


def _line(fault: Fault) -> tuple[bool, str, int]:
    """Order faults file by file and line by line, those of overrides last."""
    return fault.table == OVERRIDES, fault.table, int(fault.row or 0)


def _scenario_file(name_or_path: object) -> Path:
    """Give the file of a scenario.

    A path where there is such a file, else a name of those that come with the program.
    """
    if not isinstance(name_or_path, str | Path):
        fix = "Of a plan, take plan.scenario." if hasattr(name_or_path, "scenario") else ""
        raise UsageError("", f"found {type(name_or_path).__name__}", "a scenario: its file, or its name", fix)
    given = str(name_or_path)
    path, shipped = Path(given), shipped_scenarios()
    if is_file(path):
        return path
    if given in shipped:
        return shipped[given]
    beside = [str(file) for file in (path / "scenario.toml", Path(f"{given}.toml")) if is_file(file)]
    fix = f"Did you mean '{beside[0]}'?" if beside else did_you_mean(path.stem, shipped)
    raise UsageError("", f"no scenario {shown(given)}", f"a file, or one of {', '.join(shipped)}", fix)


def _checked(layers: Layers) -> tuple[Settings, list[Fault], frozenset[Key]]:
    """Give the settings, every fault of theirs, and the keys at fault.

    Left out, so that the others can be checked too.
    """
    faults = list(layers.faults)
    try:
        settings = Settings.model_validate(layers.values)
        left_out: frozenset[Key] = frozenset()
    except ValidationError as error:
        faults += invalid_settings(error, layers.places)
        left_out = keys_at_fault(error)
        settings = Settings.model_validate({"title": "untitled", **without(layers.values, left_out)})
    return settings, faults + list(inconsistent_settings(settings, layers.places, left_out)), left_out
