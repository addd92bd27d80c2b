"""Finds the scenarios and data sets that come with the program, in a checkout or in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def models_folder() -> Path:
    """Give the folder of the scenarios that come with the program, one TOML file each."""
    return _shipped("models")


def data_folder() -> Path:
    """Give the folder of the data sets that come with the program, one folder each."""
    return _shipped("data")


def shipped_scenarios() -> dict[str, Path]:
    """Give every scenario that comes with the program, by name, in alphabetical order."""
    return {path.stem: path for path in sorted(models_folder().glob("*.toml"))}


def shipped_data_sets() -> dict[str, Path]:
    """Give every data set that comes with the program, by name, in alphabetical order."""
    return {path.parent.name: path.parent for path in sorted(data_folder().glob("*/years.csv"))}


def _shipped(name: str) -> Path:
    in_wheel = _PACKAGE / "_shipped" / name
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / name
