"""The door: files in, one checked DataSet out; behind it the code trusts the data."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from allocator.faults import Fault
    from allocator.tables.dataset import DataSet


def read_data(
    location: str | Path,
    replaced: Mapping[str, Path] = MappingProxyType({}),
    *,
    remarks: list[Fault] | None = None,
) -> DataSet:
    """The data set in a folder of CSV files or a workbook (.xlsx, .ods).

    replaced: tables read from another file, by name. remarks: takes the warnings and notes.
    Raises InvalidInput with every fault that was found.
    """
    from allocator.errors import InvalidInput
    from allocator.tables.checking.all_checks import check_tables

    checked = check_tables(Path(location), replaced)
    if checked.data is None:
        raise InvalidInput(tuple(f for f in checked.faults if f.severity == "fault"), in_scenario=False)
    if remarks is not None:
        remarks += checked.faults
    return checked.data
