"""What a row of the table limits may bound: each quantity with its unit, and what a limit on it is a multiple of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from allocator.register.records import kept

if TYPE_CHECKING:
    from allocator.register.place import Place

Of = Literal[
    "grant",
    "share_of_money",
    "to_baseline",
    "to_last_year",
    "to_shares_as_before",
    "per_young_person",
    "place_spending",
    "places",
    "advisers",
    "recruits",
    "redundancies",
]
Side = Literal["least", "most", "exact"]
LEAST: Side = "least"
MOST: Side = "most"
EXACT: Side = "exact"  # least and most at once
EVERY, TOTAL = "every", "total"  # years of a limit: each by itself, and their sum
_STEPS = {"£": 100_000.0, "FTE": 1.0, "places": 10.0}


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """What is bounded.

    name: as the table has it. unit: of both sides of its rows. of_grants: whether it is of grants, so that it acts
    only where grants are free. of_money: whether its limit is a share of a year's money. multiple: whether its limit
    is a multiple and no amount. per: what an amount is for each of. takes: the columns that narrow it down. noun:
    what it is, its noun first. level: what its limit is, with {times} and {share} for a multiple, blank for an amount.
    """

    name: Of
    unit: Literal["£", "FTE", "places"]
    of_grants: bool = False
    of_money: bool = False
    multiple: bool = False
    takes: frozenset[str] = frozenset()
    noun: str
    level: str = ""

    @property
    def step(self) -> float:
        """What a limit on it is moved by where it is asked what that would bring, in its unit."""
        return _STEPS[self.unit]

    def told(self, amount: float, said: str) -> str:
        """Give a limit on it in words. said: the amount with its unit, where it is no multiple."""
        return self.level.format(times=f"{amount:g}", share=f"{100 * amount:g} %", amount=said) if self.level else said


QUANTITIES: dict[str, Quantity] = {}


def _add(quantity: Quantity) -> Quantity:
    return kept(QUANTITIES, quantity)


GRANT = _add(Quantity(name="grant", unit="£", of_grants=True, noun="grant"))
SHARE_OF_MONEY = _add(
    Quantity(
        name="share_of_money",
        unit="£",
        of_grants=True,
        of_money=True,
        multiple=True,
        noun="grant",
        level="{share} of the money",
    )
)
TO_BASELINE = _add(
    Quantity(
        name="to_baseline",
        unit="£",
        of_grants=True,
        multiple=True,
        noun="grant",
        level="{times} × the baseline grant",
    )
)
TO_LAST_YEAR = _add(
    Quantity(
        name="to_last_year", unit="£", of_grants=True, multiple=True, noun="grant", level="{times} × last year's grant"
    )
)
TO_SHARES_AS_BEFORE = _add(
    Quantity(
        name="to_shares_as_before",
        unit="£",
        of_grants=True,
        of_money=True,
        multiple=True,
        noun="grant",
        level="{times} × shares as before",
    )
)
PER_YOUNG_PERSON = _add(
    Quantity(
        name="per_young_person",
        unit="£",
        of_grants=True,
        takes=frozenset({"client_group"}),
        noun="grant",
        level="{amount} a young person",
    )
)
PLACE_SPENDING = _add(
    Quantity(name="place_spending", unit="£", takes=frozenset({"intervention"}), noun="sum spent on places")
)
PLACES = _add(
    Quantity(name="places", unit="places", takes=frozenset({"intervention", "client_group"}), noun="number of places")
)
ADVISERS = _add(Quantity(name="advisers", unit="FTE", noun="number of advisers"))
RECRUITS = _add(Quantity(name="recruits", unit="FTE", noun="number of recruits"))
REDUNDANCIES = _add(Quantity(name="redundancies", unit="FTE", noun="number of redundancies"))


# The key of a limit's row ends in its name, its quantity and its side.
def limit_of(place: Place) -> str:
    """Give the name of the limit whose row stands at a place."""
    return place.detail[-3]


def quantity_of(place: Place) -> Quantity:
    """Give what the row of a limit bounds, by its place."""
    return QUANTITIES[place.detail[-2]]


def side_of(place: Place) -> Side:
    """Say on which side the row at a place bounds."""
    return next(side for side in (LEAST, MOST, EXACT) if side == place.detail[-1])
