"""A scenario from its file, or from its name where it comes with the program, checked and with its paths found."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from allocator.errors import InvalidInput, UsageError
from allocator.scenario.canonical import canonical_toml
from allocator.scenario.layers import read_layers
from allocator.scenario.refusals import Key, Place, inconsistent_settings, invalid_settings, refused_at, shown
from allocator.scenario.settings import Settings
from allocator.shipped import data_folder, shipped_data_sets, shipped_scenarios
from allocator.tables.names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from allocator.tables.faults import Fault


@dataclass(frozen=True)
class Scenario:
    """A scenario as read: its settings after `extends` and --set, and the files that they name, found.

    name: of the scenario that comes with the program, or of the file without its ending.
    source: the scenario file. overrides: as given with --set. data: folder or workbook of the tables.
    data_label: the name of the shipped data set, or the path as given. table_files: by table, what is read in
    place of the data set's. grants_file: the grants of `given`, None where no file is named.
    places: where each setting was made, by key. sha256: of the canonical text of the settings.
    """

    name: str
    settings: Settings
    source: Path | None
    overrides: tuple[str, ...]
    data: Path
    data_label: str
    table_files: Mapping[str, Path]
    grants_file: Path | None
    places: Mapping[Key, Place] = field(repr=False, compare=False)
    sha256: str

    def canonical_toml(self) -> str:
        """Every effective setting as TOML text; equal settings give equal text."""
        return canonical_toml(self.settings)


def read_scenario(name_or_path: str | Path = "settlement", overrides: Sequence[str] = ()) -> Scenario:
    """Reads a scenario file, or one that comes with the program, and changes the settings given as KEY=VALUE.

    Raises UsageError where there is no such scenario; InvalidInput with every fault where it cannot be used.
    """
    path = _scenario_file(name_or_path)
    layers = read_layers(path, overrides)
    try:
        settings = Settings.model_validate(layers.values)
    except ValidationError as error:
        raise InvalidInput(layers.faults + invalid_settings(error, layers.places), in_scenario=True) from None
    found = _Paths(layers.places)
    faults = [*layers.faults, *inconsistent_settings(settings, layers.places)]
    data = found.data(settings.data)
    table_files = {table: found.file(("tables", table), file) for table, file in sorted(settings.tables.items())}
    grants_file = found.file(("grants", "file"), settings.grants.file) if settings.grants.file else None
    faults += found.faults
    if faults:
        raise InvalidInput(tuple(faults), in_scenario=True)
    return Scenario(
        name=path.stem,
        settings=settings,
        source=path,
        overrides=tuple(overrides),
        data=data,
        data_label=settings.data,
        table_files=table_files,
        grants_file=grants_file,
        places=layers.places,
        sha256=hashlib.sha256(canonical_toml(settings).encode()).hexdigest(),
    )


def _scenario_file(name_or_path: str | Path) -> Path:
    """The file of a scenario: a path where there is such a file, else a name of those that come with the program."""
    given = str(name_or_path)
    path, shipped = Path(given), shipped_scenarios()
    if os.path.isfile(path):
        return path
    if given in shipped:
        return shipped[given]
    beside = [str(file) for file in (path / "scenario.toml", Path(f"{given}.toml")) if os.path.isfile(file)]
    fix = f"Did you mean '{beside[0]}'?" if beside else did_you_mean(path.stem, shipped)
    raise UsageError("", f"no scenario {shown(given)}", f"a file, or one of {', '.join(shipped)}", fix)


class _Paths:
    """Finds the files that settings name, each from the folder of the file that names it, and gathers faults."""

    def __init__(self, places: Mapping[Key, Place]) -> None:
        self.places = places
        self.faults: list[Fault] = []

    def data(self, given: str) -> Path:
        """The folder or workbook of a data set; a path goes before a name that comes with the program."""
        shipped = shipped_data_sets()
        if ("data",) not in self.places:
            return data_folder() / given
        path = self.places["data",].folder / given
        if os.path.isdir(path) or os.path.isfile(path):
            return path
        if given not in shipped:
            wanted = f"a folder of tables, a workbook, or one of {', '.join(shipped)}"
            fix = did_you_mean(given, shipped)
            self.faults.append(refused_at(self.places, "setting-file", ("data",), shown(given), wanted, fix))
        return shipped.get(given, path)

    def file(self, key: Key, given: str) -> Path:
        """A file that a setting names."""
        path = self.places[key].folder / given
        if not os.path.isfile(path):
            self.faults.append(refused_at(self.places, "setting-file", key, shown(given), f"a file; {path} is none"))
        return path
