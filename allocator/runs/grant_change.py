"""A grant beside the one in force in its place, and what they differ by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Grant:
    """A grant and the one in force, of a year or of several together: £ cash."""

    grant: float
    in_force: float

    @property
    def change(self) -> float:
        """The difference, £: above 0 for a gain."""
        return self.grant - self.in_force

    @property
    def relative_change(self) -> float | None:
        """The difference as a share of the grant in force; None where that is nothing."""
        return self.change / self.in_force if self.in_force > 0 else None


def together(grants: Collection[Grant]) -> Grant:
    """Several grants as one."""
    return Grant(sum(one.grant for one in grants), sum(one.in_force for one in grants))
