"""The limits of a planner's own in words: what each is on, and how much it says."""

from __future__ import annotations

from allocator import units
from allocator.register import Place
from allocator.register.quantities import EXACT, LEAST, MOST, limit_of, quantity_of, side_of
from allocator.tables.dataset import DataSet, Limit

# How a limit is told by its side: after a multiple, and of an amount.
_SIDES = {"least": ("at least", "asked for"), "most": ("at most", "allowed"), "exact": ("exactly", "that is fixed")}


def limit_at(d: DataSet, place: Place) -> Limit:
    """Give the limit whose row stands at a place."""
    return next(own for own in d.limits if own.limit == limit_of(place))


def level_at(d: DataSet, place: Place) -> float:
    """Give the amount or multiple that the table gives for the row at a place."""
    own = limit_at(d, place)
    level = own.most if side_of(place) == "most" else own.least
    assert level is not None  # noqa: S101 - a side without an amount has no row
    return level


def level_in_words(d: DataSet, place: Place) -> str:
    """Give how much the row at a place says: ``0.99 × shares as before at least``, ``£2,000,000 exactly``."""
    quantity, level = quantity_of(place), level_at(d, place)
    group = _narrowed(d, limit_at(d, place)) if quantity.level else ""
    return f"{quantity.told(level, units.with_unit(level, quantity.unit))}{group} {_SIDES[side_of(place)][0]}"


def sides_in_words(d: DataSet, called: str) -> str:
    """Give all that a limit says, by the name that its rows are told by: ``£1 at least and £2 at most``."""
    name = called.partition(" ")[2]
    own = next(own for own in d.limits if own.limit == name)
    sides = [EXACT] if own.least == own.most else [LEAST] * (own.least is not None) + [MOST] * (own.most is not None)
    return units.listed([level_in_words(d, Place(detail=(name, own.of, side))) for side in sides])


def thing_in_words(d: DataSet, place: Place) -> str:
    """Give what the row at a place is, noun first.

    ``grant of at least 0.99 × shares as before``, ``grant asked for``.
    """
    quantity, own = quantity_of(place), limit_at(d, place)
    of, (at_least, asked) = _narrowed(d, own), _SIDES[side_of(place)]
    if not quantity.level:
        return f"{quantity.noun}{of} {asked}"
    level = level_at(d, place)
    return f"{quantity.noun} of {at_least} {quantity.told(level, units.with_unit(level, quantity.unit))}{of}"


def _narrowed(d: DataSet, own: Limit) -> str:
    """Give the intervention and group that a limit is on alone, to follow its noun."""
    parts = []
    if own.intervention is not None:
        parts.append(f" of {_plain(d.interventions[own.intervention])}")
    if own.client_group is not None:
        parts.append(f" for {_plain(d.client_groups[own.client_group])}")
    return "".join(parts)


def _plain(key: str) -> str:
    return key.replace("_", " ")
