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


@dataclass(frozen=True)
class Match:
    """What can be set against each other: partnerships by their index on the first and on the other side.

    One of the two is empty for a partnership of one side alone.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]

    def name(self, first: DataSet, other: DataSet) -> str:
        """Give the names on both sides, joined by an arrow where they differ; of a partnership by its key, the
        other's.
        """
        if not self.new:
            return _joined(first, self.old)
        now = _joined(other, self.new)
        keys = [first.partnerships[p] for p in self.old], [other.partnerships[p] for p in self.new]
        was = _joined(first, self.old) if self.old and keys[0] != keys[1] else now
        return was if was == now else f"{was} → {now}"


def _joined(d: DataSet, indices: tuple[int, ...]) -> str:
    return " + ".join(d.partnership_names[p] for p in indices)


def read_crosswalk(given: Sequence[str]) -> tuple[Same, ...]:
    """Read which partnerships are the same, from pairs such as old=new+new and files with the columns old and new.

    Raises UsageError for what is neither, InvalidInput with the faults of a file.
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
    return tuple(found)


def _read(file: Path) -> list[Same]:
    faults = FaultList({CROSSWALK.name: CROSSWALK.column_names}, {CROSSWALK.name: file.name})
    if not file.exists():
        raise UsageError("same", f"found '{file}', which is no file", WANTED)
    table = read_own(CROSSWALK, file, faults)
    if table is None or faults.stops:
        stopping = tuple(fault for fault in faults.in_order() if fault.severity == "fault")
        raise InvalidInput(stopping, in_scenario=False)
    return [Same((old,), (new,)) for _, old, new in table.rows("old", "new")]


def matched(first: DataSet, other: DataSet, same: Sequence[Same]) -> list[Match]:
    """Give what can be set against each other.

    Pairs that share a partnership, by key or by name, belong together. What no pair names goes by its key. A pair
    none of whose new names is on the other side is of another comparison (see refuse_unknown).
    Raises UsageError for a name that a side does not have.
    """
    found: list[Match] = []
    for pair in same:
        old = tuple(dict.fromkeys(_index(first, other, name, "old") for name in pair.old))
        if not any(_known(other, name) is not None for name in pair.new):
            continue
        together = Match(old, tuple(dict.fromkeys(_index(other, first, name, "new") for name in pair.new)))
        for touching in [one for one in found if {*one.old} & {*together.old} or {*one.new} & {*together.new}]:
            found.remove(touching)
            together = Match(
                tuple(dict.fromkeys((*touching.old, *together.old))),
                tuple(dict.fromkeys((*touching.new, *together.new))),
            )
        found.append(together)
    used_old, used_new = {p for one in found for p in one.old}, {p for one in found for p in one.new}
    position = {key: p for p, key in enumerate(other.partnerships) if p not in used_new}
    for p, key in enumerate(first.partnerships):
        if p not in used_old:
            there = position.pop(key, None)
            found.append(Match((p,), () if there is None else (there,)))
    return found + [Match((), (p,)) for p in position.values()]


def refuse_unknown(first: DataSet, others: Sequence[DataSet], same: Sequence[Same]) -> None:
    """Raise UsageError for a name that is on neither side, before anything is solved."""
    for other in others:
        matched(first, other, same)
    for pair in same:
        if not any(_known(other, name) is not None for other in others for name in pair.new):
            _index(others[0], first, pair.new[0], "new")


def _known(d: DataSet, name: str) -> int | None:
    """Give the index of a partnership by its key or its name."""
    return next((known.index(name) for known in (d.partnerships, d.partnership_names) if name in known), None)


def _index(d: DataSet, opposite: DataSet, name: str, side: str) -> int:
    index = _known(d, name)
    if index is not None:
        return index
    where = "the first side" if side == "old" else "another side"
    if _known(opposite, name) is not None:
        fix = "Old names are the first side's: name the sides, or the old and new names, the other way round."
    else:
        fix = did_you_mean(name, d.partnerships)
    raise UsageError("same", f"found '{name}' as {side}", f"a partnership of {where}", fix)
