"""A scenario file, all that it extends and what overrides change, laid one over the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allocator.errors import InvalidInput, UsageError
from allocator.faults import Fault
from allocator.scenario.invalid import Key, Place, refusal, refused_at, shown
from allocator.scenario.paths import is_file
from allocator.scenario.sheet import is_workbook, label, parse_sheet
from allocator.scenario.toml import MAX_BYTES, OVERRIDES, Parsed, nested_keys, parse, parse_override
from allocator.shipped import shipped_scenarios
from allocator.tables.names import did_you_mean

MAX_CHAIN = 20  # files that extend one another


@dataclass(frozen=True)
class Layers:
    """The values of a scenario after `extends` and overrides, and where each was set.

    places: by key; the empty key is the scenario file itself.
    faults: those that leave all else readable: slips of the pen in the files, and settings given as overrides.
    """

    values: dict[str, Any]
    places: dict[Key, Place]
    faults: tuple[Fault, ...]


def read_layers(path: Path, overrides: Sequence[str]) -> Layers:
    """Read a file, what it extends and the overrides.

    Raises UsageError where the file cannot be read, InvalidInput where it, or one that it extends, is no TOML.
    """
    values: dict[str, Any] = {}
    places: dict[Key, Place] = {}
    faults: list[Fault] = []
    for file in reversed(_chain(path)):
        values = lay_over(values, file.values)
        places |= file.places
        faults += file.faults
    for override in overrides:
        try:
            key, value = parse_override(override)
        except InvalidInput as error:
            faults += error.faults
            continue
        place = Place(OVERRIDES, None, Path())
        if key[0] == "extends":
            faults.append(refusal("unknown-setting", OVERRIDES, None, key, "extends", "a setting", _EXTEND_IN_FILE))
            continue
        for name in reversed(key):
            value = {name: value}
        values = lay_over(values, value)
        places |= dict.fromkeys(nested_keys(value), place)
    return Layers(values, places, tuple(faults))


_EXTEND_IN_FILE = "Name the scenario that is extended, or write a file that extends it."


def lay_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values below with those above laid over them, table by table, key by key."""
    laid = dict(below)
    for name, value in above.items():
        under = laid.get(name)
        laid[name] = lay_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return laid


@dataclass(frozen=True)
class _File:
    path: Path
    values: dict[str, Any]
    places: dict[Key, Place] = field(repr=False)
    faults: tuple[Fault, ...]


def _chain(path: Path) -> list[_File]:
    """Give the file and all that it extends, itself first."""
    chain = [_read(path)]
    while (extended := chain[-1].values.pop("extends", None)) is not None:
        above = chain[-1]
        below = _extended(above, extended)
        if any(below.resolve() == file.path.resolve() for file in chain):
            fix = "A scenario cannot extend itself, directly or through others."
            raise _refused(above, "scenario-cycle", shown(extended), "a scenario that does not extend this one", fix)
        if len(chain) > MAX_CHAIN:
            raise _refused(above, "scenario-cycle", f"a chain of more than {MAX_CHAIN} files", "a shorter one", "")
        try:
            chain.append(_read(below))
        except UsageError as error:
            raise _refused(above, "unknown-scenario", shown(extended), error.wanted, error.found) from None
    return chain


def _extended(above: _File, extended: Any) -> Path:
    shipped = shipped_scenarios()
    if not isinstance(extended, str):
        wanted = "the name of a scenario file, as text in quotes"
        raise _refused(above, "setting-type", shown(extended), wanted, "")
    beside = above.path.parent / extended
    if is_file(beside):
        return beside
    if extended in shipped:
        return shipped[extended]
    wanted = f"a file, or one of {', '.join(shipped)}"
    raise _refused(above, "unknown-scenario", shown(extended), wanted, did_you_mean(Path(extended).stem, shipped))


def _refused(file: _File, code: str, found: str, wanted: str, fix: str) -> InvalidInput:
    return InvalidInput((refused_at(file.places, code, ("extends",), found, wanted, fix),), in_scenario=True)


def _read(path: Path) -> _File:
    name, parsed = (label(path), parse_sheet(path)) if is_workbook(path) else (path.name, _parsed_toml(path))
    places = {key: Place(name, line, path.parent) for key, line in parsed.lines.items()}
    return _File(path, parsed.values, {(): Place(name, None, path.parent), **places}, parsed.faults)


def _parsed_toml(path: Path) -> Parsed:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
        raise UsageError(str(path), found, "a scenario file that can be read") from None
    return parse(raw, path.name)
