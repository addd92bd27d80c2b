"""The files and folders that settings name, found from the folder of the file that names them."""

from __future__ import annotations

import os
from pathlib import Path

from allocator.faults import Fault
from allocator.scenario.invalid import Key, Places, refused_at, shown
from allocator.shipped import shipped_data_sets
from allocator.tables.names import did_you_mean


def is_file(path: Path) -> bool:
    """Say whether there is an ordinary file of this name, whatever the name is."""
    return os.path.isfile(path)  # noqa: PTH113 -- Path.is_file of Python 3.12 raises where a name is too long


def is_folder(path: Path) -> bool:
    """Say whether there is a folder of this name, whatever the name is."""
    return os.path.isdir(path)  # noqa: PTH112 -- as is_file


class FoundPaths:
    """Finds what settings name; whatever is not there becomes one of `faults`."""

    def __init__(self, places: Places) -> None:
        """Take where each setting was made, places; what nobody set comes with the program."""
        self.faults: list[Fault] = []
        self._places = places

    def data(self, given: str) -> Path:
        """Give the folder or workbook of a data set; a path goes before the name of one that comes with the program."""
        shipped = shipped_data_sets()
        path = self._path(("data",), given)
        if path is not None and (is_folder(path) or is_file(path)):
            return path
        if given in shipped:
            return shipped[given]
        wanted = f"a folder of tables, a workbook, or one of {', '.join(shipped)}"
        fix = _backslash_taken(given) or did_you_mean(given, shipped)
        self.faults.append(refused_at(self._places, "setting-file", ("data",), shown(given), wanted, fix))
        return Path(given)

    def file(self, key: Key, given: str) -> Path:
        """Give a file that a setting names."""
        path = self._path(key, given)
        if path is not None and is_file(path):
            return path
        wanted = "a file" if path is None else f"a file; there is no {shown(str(path))}"
        fix = _backslash_taken(given)
        self.faults.append(refused_at(self._places, "setting-file", key, shown(given), wanted, fix))
        return Path(given)

    def _path(self, key: Key, given: str) -> Path | None:
        place = self._places.get(key)
        return None if place is None else place.folder / given


def _backslash_taken(given: str) -> str:
    r"""Give what to do where a path holds a tab or a line break: TOML reads "C:\new\tables" so."""
    if given.isprintable():
        return ""
    return "A backslash in double quotes stands for another sign: write the path in single quotes, or with /."
