"""The door: files in, one checked DataSet out; behind it the code trusts the data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from allocator.faults import Fault
from allocator.shipped import shipped_data_sets

if TYPE_CHECKING:
    from allocator.tables.dataset import DataSet


def read_data(
    location: str | Path | Mapping[str, Any],
    replaced: Mapping[str, Path] = MappingProxyType({}),
    *,
    remarks: list[Fault] | None = None,
) -> DataSet:
    """Give the data set in a folder of CSV files or a workbook (.xlsx, .ods), one that comes with the program by its
    name, or pandas frames by table.

    replaced: tables read from another file, by name. remarks: takes the warnings and notes.
    Raises InvalidInput with every fault that was found.
    """
    if isinstance(location, str | Path):
        path = Path(location)
        return _read(path if path.exists() else shipped_data_sets().get(str(path), path), replaced, remarks)
    from allocator.tables.frames import as_files

    with as_files(location) as (folder, _):
        return _read(folder, replaced, remarks)


def _read(location: Path, replaced: Mapping[str, Path], remarks: list[Fault] | None) -> DataSet:
    from allocator.errors import InvalidInput
    from allocator.tables.checking.all_checks import check_tables

    checked = check_tables(location, replaced)
    if checked.data is None:
        raise InvalidInput(tuple(f for f in checked.faults if f.severity == "fault"), in_scenario=False)
    if remarks is not None:
        remarks += checked.faults
    return checked.data
