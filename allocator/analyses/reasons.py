"""What `solve` says unprompted beside the plan: what more would be worth, and why money is unspent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocator.analyses.asked import asked
from allocator.analyses.unspent import Kind, Why, reasons
from allocator.analyses.worth import Worth, worth

if TYPE_CHECKING:
    from allocator.plan.recompute import Recomputed
    from allocator.scenario.settings import Settings
    from allocator.solving.planned import Planned
    from allocator.tables.dataset import DataSet, Floats


@dataclass(frozen=True)
class Reasons:
    """Two-sided prices, and the reason for each kind of unspent money."""

    worth: Worth
    why: tuple[Why, ...]

    def of(self, kind: Kind) -> Why | None:
        """The reason for one kind; None where there is nothing to give one for."""
        return next((why for why in self.why if why.kind == kind), None)

    def as_dict(self) -> dict[str, Any]:
        """Both with their documented keys, for JSON and the run folder."""
        return {**self.worth.as_dict(), "why": [why.as_dict() for why in self.why]}


def reasons_of(
    d: DataSet, s: Settings, plans: tuple[Planned, ...], worked: Recomputed, given: Floats | None = None
) -> Reasons:
    """Ask a solved scenario again for its reasons.

    plans: as solve_data gave them, with nothing changed since; they are left so. worked: the plan worked out again.
    given: [p, t] £, where the distribution is given.
    """
    solved = asked(d, s, plans, given)
    prices = worth(solved)
    money_counts = not all(price.worth_nothing for price in prices.of("money"))
    return Reasons(prices, reasons(solved, worked, money_counts=money_counts))
