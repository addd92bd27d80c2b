"""Plans side by side: totals, then the partnerships that gain and lose most against the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from allocator.analyses.approaches.measures import Outcome, outcome_of
from allocator.analyses.solve.gains import Mover, class_counts
from allocator.errors import UsageError
from allocator.tables.sources import InputStatus, input_status
from allocator.what_if.cases import Solved, light

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from allocator.tables.dataset import DataSet
    from allocator.what_if.cases import Unsolved
    from allocator.what_if.side import Side


@dataclass(frozen=True, kw_only=True)
class Compared(Outcome):
    """One side."""

    label: str
    title: str
    measure: str
    unit: str

    def as_dict(self) -> dict[str, Any]:
        """The side with its documented keys, for JSON."""
        goal = {"measure": self.measure, "value": self.goal, "unit": self.unit}
        return {"label": self.label, "title": self.title} | super().as_dict() | {"goal": goal}


@dataclass(frozen=True)
class Against:
    """One side against the first: every partnership that both have, the largest change first. Pounds, cash.

    movers: `in_force` there is the first side's grant. classes: as movers.CLASSES. moved: £ that one partnership
    gains and another loses. more: £ of all grants together, above 0 where this side has more.
    only_first, only_other: partnerships that one side alone has.
    """

    label: str
    movers: tuple[Mover, ...]
    classes: tuple[int, ...]
    moved: float
    more: float
    only_first: tuple[str, ...]
    only_other: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The partnerships with their documented keys, for JSON."""
        partnerships = [
            {
                "partnership": mover.partnership,
                "name": mover.name,
                "region": mover.region,
                "first": mover.in_force,
                "other": mover.grant,
                "change": mover.change,
                "relative_change": mover.relative_change,
            }
            for mover in self.movers
        ]
        return {
            "label": self.label,
            "moved": self.moved,
            "more": self.more,
            "partnerships": partnerships,
            "only_first": list(self.only_first),
            "only_other": list(self.only_other),
        }


@dataclass(frozen=True)
class Comparison:
    """All sides, and each of them but the first against it where both have a plan.

    alike: whether young person-years mean the same on all sides: the same years and tail, discounted at one rate.
    """

    sides: tuple[Compared, ...]
    against: tuple[Against, ...]
    alike: bool
    inputs: InputStatus  # of the first side

    def as_dict(self) -> dict[str, Any]:
        """The comparison with its documented keys, for JSON."""
        return {
            "sides": [side.as_dict() for side in self.sides],
            "person_years_alike": self.alike,
            "against_first": [against.as_dict() for against in self.against],
            "inputs": self.inputs.as_dict(),
        }


def compare_sides(
    sides: Sequence[Side], *, jobs: int | None = 1, done: Callable[[int, int], None] | None = None
) -> Comparison:
    """Put two or more sides beside each other; scenarios are solved, runs are taken as they are.

    jobs: processes, None for one a core. done: called with how many of how many have ended.
    Raises UsageError for less than two.
    """
    from allocator.what_if.pool import run_cases

    if len(sides) < 2:
        raise UsageError("compare", f"found {len(sides)}", "two or more runs or scenarios")
    lighter = [replace(side, data=light(side.data)) for side in sides]
    solved = run_cases(_solved, None, lighter, jobs=jobs, done=done)
    compared = tuple(_compared(side, found) for side, found in zip(sides, solved, strict=True))
    first, *others = zip(sides, solved, strict=True)
    against = tuple(
        _against(first[0], first[1], side, found)
        for side, found in others
        if isinstance(first[1], Solved) and isinstance(found, Solved)
    )
    counted = {
        (side.data.years, side.settings.goal.discount_rate, found.worked.reduction.shape[1])
        for side, found in zip(sides, solved, strict=True)
        if isinstance(found, Solved)
    }
    return Comparison(compared, against, len(counted) == 1, input_status(sides[0].data.tables))


def _solved(_shared: None, side: Side) -> Solved | Unsolved:
    return side.solved()


def _compared(side: Side, found: Solved | Unsolved) -> Compared:
    from allocator.recompute.figures import GOAL_UNITS

    s = side.settings
    return Compared(
        **vars(outcome_of(side.data, s, found)),
        label=side.label,
        title=s.title,
        measure=s.goal.measure,
        unit=GOAL_UNITS[s.goal.measure],
    )


def _against(first: Side, first_plan: Solved, other: Side, other_plan: Solved) -> Against:
    old, new = _grants(first.data, first_plan), _grants(other.data, other_plan)
    d = other.data
    movers = [
        Mover(
            sum(new[key]),
            sum(old[key]),
            partnership=key,
            name=d.partnership_names[p],
            region=d.regions[p],
            by_year=new[key],
            fixed_by="",
        )
        for p, key in enumerate(d.partnerships)
        if key in old
    ]
    movers.sort(key=lambda mover: (-abs(mover.change), mover.partnership))
    gained = sum(mover.change for mover in movers if mover.change > 0)
    lost = -sum(mover.change for mover in movers if mover.change < 0)
    return Against(
        other.label,
        tuple(movers),
        class_counts(movers),
        min(gained, lost),
        gained - lost,
        tuple(first.data.partnership_names[p] for p, key in enumerate(first.data.partnerships) if key not in new),
        tuple(d.partnership_names[p] for p, key in enumerate(d.partnerships) if key not in old),
    )


def _grants(d: DataSet, plan: Solved) -> dict[str, tuple[float, ...]]:
    return {key: tuple(plan.figures.grant[p].tolist()) for p, key in enumerate(d.partnerships)}
