"""How records are kept: by name, in the order in which they are written down."""

from __future__ import annotations

from typing import Any, Protocol

Settings = Any  # of a scenario, which stand to the right of this package: sections with fields
Data = Any  # a DataSet, likewise


class Named(Protocol):
    """Whatever has a name to be found by."""

    @property
    def name(self) -> str:
        """The name."""


def kept[Record: Named](records: dict[str, Record], record: Record) -> Record:
    """Put a record among its like. Raises ValueError where there is one of its name."""
    if record.name in records:
        raise ValueError(f"there are two records of the name {record.name}")
    records[record.name] = record
    return record


def value_of(settings: Settings, setting: str) -> Any:
    """Give the value of a setting by its dotted name, such as grants.floor."""
    for part in setting.split("."):
        settings = getattr(settings, part)
    return settings
