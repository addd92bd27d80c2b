"""Names that are written in several ways: those of a table's keys are taken as the key has them, labels are faults.

Capitals and spaces carry no meaning. A key has a table of its own, which says how it is written; a region, a channel,
an exclusive set or a client group has none, so that two ways of writing it would be two labels, each with its part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from allocator.faults import FaultList, shown
from allocator.tables.columns import TABLES
from allocator.tables.names import (
    difference,
    has_lookalikes,
    label_sameness,
    loose_sameness,
    one_letter_apart,
    sameness,
)

if TYPE_CHECKING:
    from allocator.tables.reading.typed import Typed

Place = tuple[str, str]  # a table and its column
JOINED = "interventions"  # the column whose cells join names by +
# The columns of each label that no table of its own lists; those of client groups are found by what they refer to.
LABELS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    ("region", (("partnerships", "region"),)),
    ("exclusive_set", (("interventions", "exclusive_set"),)),
    ("channel", (("interventions", "channel"), ("capacities", "channel"))),
    ("client_group", (("young_people", "client_group"),)),
)
# Labels are compared with one another up to so many.
MOST_COMPARED = 300
KEYS = ("partnerships", "years", "interventions", "grades")
SCOPED = ("targets", "limits")  # tables whose name is a region's or a partnership's, as scope says


def unify(tables: Mapping[str, Typed], faults: FaultList) -> None:
    """Give every name one way of writing: near-twin for labels and keys that have two, spelling for what is taken."""
    for label, places in LABELS:
        # Client groups are named in many tables: what is a slip there, and no other spelling, is told as such.
        same = sameness if label == "client_group" else label_sameness
        uses = [*places, *(_referring("young_people") if label == "client_group" else ())]
        _unify_label(label, [_Column(tables, *place) for place in uses] + _scoped(tables, label), same, faults)
    _take_groups_by_name(tables, faults)
    for name in KEYS:
        key = TABLES[name].keys[0]
        own = _Column(tables, name, key)
        _unify_label(key, [own], sameness, faults)
        known = {**_shown_names(tables, name, key), **{sameness(value): value for value in own.values()}}
        loosely = _known_loosely(own)
        for column in [_Column(tables, *place) for place in _referring(name)] + _scoped(tables, key):
            _take(column, known, faults)
            _take(column, loosely, faults, loose_sameness)


def _known_loosely(own: _Column) -> dict[str, str]:
    """Give the key of each name without its underscores and hyphens, where one alone is left so."""
    counts = Counter(map(loose_sameness, own.values()))
    return {loose: value for value in own.values() if counts[loose := loose_sameness(value)] == 1}


def _shown_names(tables: Mapping[str, Typed], table: str, key: str) -> dict[str, str]:
    """Give the key of each name as it is shown, Tyne and Wear of tyne_and_wear, where one alone is called so."""
    if "name" not in TABLES[table].column_names:
        return {}
    pairs = [(sameness(name), code) for _, name, code in tables[table].rows("name", key) if name and code]
    counts = Counter(name for name, _ in pairs)
    return {name: code for name, code in pairs if counts[name] == 1}


def _take_groups_by_name(tables: Mapping[str, Typed], faults: FaultList) -> None:
    """Take client groups by what client_groups calls them, where the two are not groups of young_people each.

    Word by word: atrisk beside a group called At risk may as well be a slip for at_risk.
    """
    own = _Column(tables, "young_people", "client_group")
    there = own.values()
    rows = tables["client_groups"].rows("name", "client_group")
    pairs = [(_words_of(name), code) for _, name, code in rows if name and code]
    counts = Counter(name for name, _ in pairs)
    in_use = set(map(_words_of, there))
    known = {name: code for name, code in pairs if counts[name] == 1 and (name not in in_use or code not in there)}
    for column in [own, *(_Column(tables, *place) for place in _referring("young_people"))]:
        _take(column, known, faults, same_as=_words_of)


def _words_of(name: str) -> str:
    return " ".join(name.casefold().split())


def _referring(table: str) -> list[Place]:
    return [(name, column.name) for name, other in TABLES.items() for column in other.columns if column.refers == table]


def _scoped(tables: Mapping[str, Typed], scope: str) -> list[_Column]:
    """Give the columns of names that are regions, or partnerships, in the rows that say so."""
    if scope not in ("region", "partnership"):
        return []
    return [_Column(tables, name, "name", scope) for name in SCOPED if name in TABLES]


class _Column:
    """The names of a column, with their rows; only those of a scope where one is given."""

    def __init__(self, tables: Mapping[str, Typed], table: str, column: str, scope: str = "") -> None:
        self.table, self.column = table, column
        self._typed = tables[table]
        scopes = self._typed.columns["scope"] if scope else ()
        self._at = [at for at, value in enumerate(scopes) if value == scope] if scope else None

    def _positions(self) -> Sequence[int]:
        return range(len(self._typed.numbers)) if self._at is None else self._at

    def uses(self) -> Iterator[tuple[int, str]]:
        """Give every name with its row's number."""
        cells = self._typed.columns[self.column]
        for at in self._positions():
            if isinstance(cells[at], str):
                for part in cells[at].split("+") if self.column == JOINED else (cells[at],):
                    yield self._typed.numbers[at], part.strip()

    def values(self) -> set[str]:
        """Give every name that stands in it."""
        return {value for _, value in self.uses()}

    def write(self, change: Callable[[str], str]) -> None:
        """Write every name anew."""
        cells = self._typed.columns[self.column]
        for at in self._positions():
            cells[at] = self._written(cells[at], change)
        ragged = self._typed.ragged.get(self.column)
        if ragged is not None:
            ragged[:] = [self._written(cell, change) for cell in ragged]

    def _written(self, cell: Any, change: Callable[[str], str]) -> Any:
        if not isinstance(cell, str):
            return cell
        if self.column != JOINED:
            return change(cell)
        parts = [part.strip() for part in cell.split("+")]
        changed = [change(part) for part in parts]
        return cell if changed == parts else "+".join(changed)


def _unify_label(label: str, columns: Sequence[_Column], same_as: Callable[[str], str], faults: FaultList) -> None:
    """Report near-twin: a name that is written in two ways; it goes on as the more common one."""
    counts = Counter(value for column in columns for _, value in column.uses())
    ways: dict[str, list[str]] = {}
    for value in counts:
        ways.setdefault(same_as(value), []).append(value)
    common: dict[str, str] = {}
    for same in ways.values():
        if len(same) > 1:
            best, *others = sorted(same, key=lambda value: (-counts[value], _oddness(value)))
            common.update(dict.fromkeys(others, best))
    _tell_slips(label, columns, counts, common, faults)
    if not common:
        return
    for other, best in common.items():
        table, column, row = _first(columns, other)
        in_table, _, at = _first(columns, best)
        beside = f"{faults.label(in_table)}, row {at}" if in_table != table else f"row {at}"
        times = f", {counts[other]:,} times" if counts[other] > 1 else ""
        alike = f"the same {label.replace('_', ' ')} {difference(other, best)}"
        found = f"{shown(other)}{times} beside {shown(best)} ({beside}): {alike}"
        wanted, fix = "one way of writing it", f"Write {shown(best)} everywhere, or names that differ in more."
        faults.add("near-twin", table, [row], column, found=found, wanted=wanted, fix=fix)
    for one in columns:
        one.write(lambda value: common.get(value, value))


def _oddness(value: str) -> tuple[bool, bool, bool]:
    """Give how unlike what is meant a way of writing looks.

    Letters of two alphabets, spaces that are no single plain ones, capitals throughout.
    """
    return has_lookalikes(value), "  " in value or not value.isprintable(), value.isupper()


def _tell_slips(
    label: str, columns: Sequence[_Column], counts: Counter[str], common: Mapping[str, str], faults: FaultList
) -> None:
    """Report one-letter: a rare label beside one of more rows that differs in a letter; it stays a label of its own."""
    own = columns[0].values()  # the other columns use them: what is not there is told as such
    names = [value for value in counts if value in own and value not in common]
    if len(names) > MOST_COMPARED:
        return
    names.sort(key=lambda value: -counts[value])
    for at, rare in enumerate(names):
        meant = next((name for name in names[:at] if one_letter_apart(rare, name)), None)
        if meant is None:
            continue
        table, column, row = _first(columns, rare)
        found = f"{shown(rare)} beside {shown(meant)}: two {label.replace('_', ' ')}s that differ in one letter"
        faults.add("one-letter", table, [row], column, found=found, fix=f"Write {shown(meant)} if that is meant.")


def _first(columns: Sequence[_Column], wanted: str) -> tuple[str, str, int]:
    return next((one.table, one.column, row) for one in columns for row, value in one.uses() if value == wanted)


def _take(
    column: _Column, known: Mapping[str, str], faults: FaultList, same_as: Callable[[str], str] = sameness
) -> None:
    """Report spelling: names that differ from their key in capitals or spaces, or are what it is called.

    known: the key of each name, as same_as gives it.
    """
    names = set(known.values())
    others = {
        value: known[same_as(value)] for value in column.values() if value not in names and same_as(value) in known
    }
    if not others:
        return
    rows = [(row, value) for row, value in column.uses() if value in others]
    row, value = rows[0]
    more = f", and {len(rows) - 1:,} more row{'s' if len(rows) > 2 else ''}" if len(rows) > 1 else ""
    found = f"{shown(value)}{more}, taken as {shown(others[value])}"
    faults.add("spelling", column.table, [row], column.column, found=found, wanted="")
    column.write(lambda name: others.get(name, name))
