"""What a plan may carry beside its figures: what more would be worth, and why money is unspent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Amount = Literal["money", "posts", "training"]
UNITS: dict[Amount, str] = {"money": "£", "posts": "FTE", "training": "persons"}
Kind = Literal["carried", "lapsed", "not_granted", "nothing_moves"]


@dataclass(frozen=True)
class Side:
    """What a change brings. goal: change of the goal, in its unit. soft: change of the sum of shortfalls."""

    goal: float
    soft: float

    def as_dict(self) -> dict[str, Any]:
        """The two changes, for JSON."""
        return {"goal": self.goal, "shortfall": self.soft}


@dataclass(frozen=True)
class Price:
    """What one step more and one step less of a national amount would bring.

    year: blank for the same step in every year. step: in the unit of the amount. more, less: None where there is no
    plan with it. holds: how much less (below 0) and more, in the amount's unit, the price stays within 2 per cent;
    None where it was not looked for. limit, used: the amount there is, and how much of it the plan uses
    (of money: what is granted and not given back).
    """

    of: Amount
    year: str
    step: float
    more: Side | None
    less: Side | None
    holds: tuple[float, float] | None
    limit: float
    used: float

    @property
    def unit(self) -> str:
        """Unit of step, holds, limit and used."""
        return UNITS[self.of]

    @property
    def reached(self) -> bool:
        """Whether all of the amount is used."""
        return self.used >= self.limit * (1 - 1e-6)

    @property
    def worth_nothing(self) -> bool:
        """Whether neither side changes anything."""
        return all(side is not None and side.goal == side.soft == 0 for side in (self.more, self.less))

    def as_dict(self) -> dict[str, Any]:
        """The price with its documented keys, for JSON."""
        return {
            "of": self.of,
            "year": self.year,
            "unit": self.unit,
            "step": self.step,
            "more": None if self.more is None else self.more.as_dict(),
            "less": None if self.less is None else self.less.as_dict(),
            "holds": None if self.holds is None else list(self.holds),
            "limit": self.limit,
            "used": self.used,
        }


@dataclass(frozen=True)
class Worth:
    """Two-sided prices of money, headcount and training places, and what sparing every redundancy would cost.

    goal: the plan's, constants included; each change is the goal with the change less it. redundancies: FTE in the
    plan. no_redundancies: None where no plan is without them, or there are none.
    """

    measure: str
    goal: float
    prices: tuple[Price, ...]
    redundancies: float
    no_redundancies: Side | None

    def of(self, amount: Amount) -> tuple[Price, ...]:
        """The prices of one amount, every year in order, for money followed by all years together."""
        return tuple(price for price in self.prices if price.of == amount)

    def as_dict(self) -> dict[str, Any]:
        """The prices with their documented keys, for JSON and the run folder."""
        spared = None if self.no_redundancies is None else self.no_redundancies.as_dict()
        return {
            "prices": [price.as_dict() for price in self.prices],
            "redundancies": self.redundancies,
            "without_redundancies": spared,
        }


@dataclass(frozen=True)
class Why:
    """A reason that a planner would ask for. amount: £ concerned, of all years. rule: the rule that, switched off
    alone, ends it; blank where none does. left: what is left of the amount without the rule, a thousandth at most.
    also: other rules of which each alone, switched off, ends it as well.
    """

    kind: Kind
    amount: float
    rule: str
    left: float = 0.0
    also: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The reason with its documented keys, for JSON."""
        return {"kind": self.kind, "amount": self.amount, "rule": self.rule, "left": self.left, "also": list(self.also)}


@dataclass(frozen=True)
class AtLimit:
    """Partnerships that take on as many as they may in some year. count: of them. of: all partnerships.

    without: what the plan reaches more without that limit; None where there is no plan.
    """

    count: int
    of: int
    without: Side | None

    def as_dict(self) -> dict[str, Any]:
        """The count and its cost with their documented keys, for JSON."""
        return {"count": self.count, "of": self.of, "without": None if self.without is None else self.without.as_dict()}


@dataclass(frozen=True)
class Reasons:
    """Two-sided prices, and the reason for each kind of unspent money.

    closeness: what the plan would reach more without the soft rules that fall short: what coming as close to them as
    can be costs; None where all are kept. recruiting: None where recruits stand at their limit nowhere.
    """

    worth: Worth
    why: tuple[Why, ...]
    closeness: Side | None = None
    recruiting: AtLimit | None = None

    def of(self, kind: Kind) -> Why | None:
        """The reason for one kind; None where there is nothing to give one for."""
        return next((why for why in self.why if why.kind == kind), None)

    def as_dict(self) -> dict[str, Any]:
        """Both with their documented keys, for JSON and the run folder."""
        return {
            **self.worth.as_dict(),
            "why": [why.as_dict() for why in self.why],
            "closeness": None if self.closeness is None else self.closeness.as_dict(),
            "recruiting": None if self.recruiting is None else self.recruiting.as_dict(),
        }
