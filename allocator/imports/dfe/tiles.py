"""Where each authority stands on the tile map of England that comes with the program."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache

from allocator.shipped import data_folder

TILES = "england-tiles.csv"
SOURCE = (
    "after UK upper-tier local authorities, hexmaps, Open Innovations (ODI Leeds), MIT licence; Cumberland, "
    "Westmorland and Furness, North and West Northamptonshire placed by hand"
)


@cache
def tiles() -> Mapping[str, tuple[int, int]]:
    """Give the column and row of each authority by its plain name; row 0 is at the top."""
    with (data_folder() / TILES).open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return {_plain(row["name"]): (int(row["map_column"]), int(row["map_row"])) for row in rows}


def places_of(names: Sequence[str]) -> list[tuple[int, int]] | None:
    """Give the column and row of each name; None where one has no tile, or two the same: such a map would mislead."""
    found = [tiles()[_plain(name)] for name in names if _plain(name) in tiles()]
    return found if len(set(found)) == len(names) else None


def without_a_tile(names: Sequence[str]) -> tuple[str, ...]:
    """Give the names that stand on no tile, in their order."""
    return tuple(name for name in names if _plain(name) not in tiles())


def _plain(name: str) -> str:
    """Give a name without what spellings of it differ in: case, punctuation, `&`, and what kind of authority it is."""
    words = re.sub(r"[^a-z ]", "", name.lower().replace("&", "and").replace("-", " ")).split()
    kept = [word for word in words if word not in _KINDS]
    return " ".join(kept) or name


_KINDS = {"council", "borough", "county", "city", "of", "the", "upon", "royal", "london"}
