"""What `solve` says unprompted beside the plan: what more would be worth, and why money is unspent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocator.analyses.solve.unspent import reasons
from allocator.analyses.solve.worth import worth
from allocator.runs.findings import Reasons
from allocator.what_if.questions import asked

if TYPE_CHECKING:
    from allocator.recompute.figures import Recomputed
    from allocator.scenario.settings import Settings
    from allocator.solving.planned import Planned
    from allocator.tables.dataset import DataSet, Floats


def reasons_of(
    d: DataSet, s: Settings, plans: tuple[Planned, ...], worked: Recomputed, given: Floats | None = None
) -> Reasons:
    """Ask a solved scenario again for its reasons.

    plans: as solve_data gave them, with nothing changed since; they are left so. worked: the plan worked out again.
    given: [p, t] £, where the distribution is given.
    """
    solved = asked(d, s, plans, given)
    prices = worth(solved, worked.goal)
    money_counts = not all(price.worth_nothing for price in prices.of("money"))
    return Reasons(prices, reasons(solved, worked, money_counts=money_counts))
