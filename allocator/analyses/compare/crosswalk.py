"""Which partnerships of two sides are the same though their names differ: merged, split, new or renamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from allocator.errors import InvalidInput, UsageError
from allocator.faults import FaultList
from allocator.tables.columns import Row, names, table_of
from allocator.tables.dataset import DataSet
from allocator.tables.names import did_you_mean
from allocator.tables.reading.folder import read_own

WANTED = "old=new+new, old+old=new, or a file with the columns old and new"


class Pair(Row):
    """Partnerships that are the same, a row for each pair; rows that share a name belong together."""

    old: str = names("a partnership of the first side: its key, or its name as shown")
    new: str = names("the partnership of the other side that it is, or is part of")


CROSSWALK = table_of("same", Pair, optional=True)


@dataclass(frozen=True)
class Same:
    """Partnerships of the first side that together are those of the other: keys or names as they were given."""

    old: tuple[str, ...]
    new: tuple[str, ...]


def read_crosswalk(given: Sequence[str]) -> tuple[Same, ...]:
    """Read which partnerships are the same, from pairs such as old=new+new and files with the columns old and new.

    Rows of a file that share a name belong together. Raises UsageError for what is neither and for a name in two,
    InvalidInput with the faults of a file.
    """
    found: list[Same] = []
    for text in given:
        if "=" not in text:
            found += _read(Path(text))
            continue
        old, _, new = text.partition("=")
        same = Same(*(tuple(name.strip() for name in side.split("+")) for side in (old, new)))
        if not all(same.old) or not all(same.new):
            raise UsageError("same", f"found '{text}'", WANTED)
        found.append(same)
    for side in ("old", "new"):
        named = [name for same in found for name in getattr(same, side)]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise UsageError("same", f"found {twice[0]} twice", f"each {side} partnership in one pair")
    return tuple(found)


def _read(file: Path) -> list[Same]:
    faults = FaultList({CROSSWALK.name: CROSSWALK.column_names}, {CROSSWALK.name: file.name})
    if not file.exists():
        raise UsageError("same", f"found '{file}', which is no file", WANTED)
    table = read_own(CROSSWALK, file, faults)
    if table is None or faults.stops:
        stopping = tuple(fault for fault in faults.in_order() if fault.severity == "fault")
        raise InvalidInput(stopping, in_scenario=False)
    joined: list[tuple[list[str], list[str]]] = []
    for _, old, new in table.rows("old", "new"):
        touching = [pair for pair in joined if old in pair[0] or new in pair[1]]
        merged: tuple[list[str], list[str]] = ([old], [new])
        for pair in touching:
            joined.remove(pair)
            for side, more in zip(merged, pair, strict=True):
                side[:0] = [name for name in more if name not in side]
        joined.append(merged)
    return [Same(tuple(old), tuple(new)) for old, new in joined]


def matched(first: DataSet, other: DataSet, same: Sequence[Same]) -> list[tuple[str, list[int], list[int]]]:
    """Give what can be set against each other: a name, and the partnerships' indices on the first and on the other
    side.

    What no pair of the crosswalk names goes by its key; one side's list is empty for a partnership of the other alone.
    Raises UsageError for a name that a side does not have.
    """
    found: list[tuple[str, list[int], list[int]]] = []
    for pair in same:
        old = [_index(first, name, "the first side") for name in pair.old]
        new = [_index(other, name, "the other side") for name in pair.new]
        was, now = (" + ".join(d.partnership_names[p] for p in indices) for d, indices in ((first, old), (other, new)))
        found.append((was if was == now else f"{was} → {now}", old, new))
    used_old, used_new = ({p for row in found for p in row[side]} for side in (1, 2))
    position = {key: p for p, key in enumerate(other.partnerships) if p not in used_new}
    for p, key in enumerate(first.partnerships):
        if p not in used_old:
            there = position.pop(key, None)
            d, index = (first, p) if there is None else (other, there)
            found.append((d.partnership_names[index], [p], [] if there is None else [there]))
    return found + [(other.partnership_names[p], [], [p]) for p in position.values()]


def _index(d: DataSet, name: str, where: str) -> int:
    for known in (d.partnerships, d.partnership_names):
        if name in known:
            return known.index(name)
    raise UsageError("same", f"found '{name}'", f"a partnership of {where}", did_you_mean(name, d.partnerships))
