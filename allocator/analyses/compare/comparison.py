"""Plans side by side: totals, then the partnerships that gain and lose most against the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from allocator import units
from allocator.analyses.approaches.measures import Outcome, outcome_of
from allocator.analyses.bridge.differences import differences
from allocator.analyses.compare.crosswalk import Match, Same, matched, refuse_unknown
from allocator.analyses.named import INPUTS, GoalReached
from allocator.errors import UsageError
from allocator.register import goals
from allocator.results import Result, doc, documented
from allocator.runs.grant_change import class_counts
from allocator.runs.plan import judge
from allocator.scenario.settings import Risk
from allocator.tables.dataset import DataSet
from allocator.tables.sources import InputStatus, input_status
from allocator.what_if.cases import Solved, Unsolved, light
from allocator.what_if.side import Side


class Draws(Result):
    """Draws of the effects, and how many of them are the worst."""

    level: float = doc("those below this share of all draws are the worst", "share of 1")
    count: int = doc("how many are drawn")
    seed: int = doc("the same seed draws the same")
    common: float = doc("correlation of the errors of two interventions' effects", "-1 to 1")


class Compared(Outcome, kw_only=True):
    """One side."""

    label: str = doc("what it was named by")
    title: str = doc("title of the scenario")
    measure: str
    unit: str
    worst: float | None = doc(
        "mean of the worst draws of the effects; of a side that is not cautious, in the draws of the first that is; "
        "null: no side is cautious, the goal is not one of effects, or no plan",
        "goal.unit",
        default=None,
    )
    draws: Draws | None = doc("the draws that worst is of; null where that is", default=None)

    @property
    @documented("the goal", name="goal")
    def goal_reached(self) -> GoalReached:
        """The goal and what is reached of it."""
        return GoalReached(self.measure, self.unit, self.goal)


class Changed(Result):
    """A partnership, or some that are the same on both sides, with its grants of all years."""

    name: str = doc("its name")
    region: str = doc("its region")
    first: float | None = doc("its grant on the first side; null: none", "£ cash, all years")
    other: float | None = doc("its grant on this side; null: none", "£ cash, all years")
    partnership: str = doc("key, of several joined by +, on the other side; on the first where that has none")

    @property
    @documented("other less first", "£ cash, all years")
    def change(self) -> float:
        """What it gets more on the other side, £; below 0 for less."""
        return (self.other or 0.0) - (self.first or 0.0)

    @property
    @documented("change over first; null where that is 0, or a side lacks it", "share of 1")
    def relative_change(self) -> float | None:
        """The change as a share of what the first side gives; None where that is nothing, or a side lacks it."""
        return self.change / self.first if self.first and self.other is not None else None


class Differs(Result):
    """What the plans rest on and is not the same on both sides."""

    what: str = doc("a setting, rule or table")
    how: str = doc("how it differs")


class Against(Result):
    """One side against the first: every partnership, the largest change first.

    classes: of those that both sides have, as grant_change.CLASSES.
    """

    label: str = doc("what the side was named by")
    changes: tuple[Changed, ...] = doc(
        "a partnership, or those that are said to be the same; largest change first", name="partnerships"
    )
    classes: tuple[int, ...]
    first: float = doc("all grants of the first side", "£ cash, all years")
    other: float = doc("all grants of this side", "£ cash, all years")
    moved: float = doc("what one partnership gains and another loses", "£ cash, all years")
    only_first: tuple[str, ...] = doc("name of a partnership that the first side alone has")
    only_other: tuple[str, ...] = doc("name of a partnership that this side alone has")
    differs: tuple[Differs, ...] = doc("what the plans rest on and is not the same on both sides")

    @property
    @documented("all grants together, above 0 where this side has more", "£ cash, all years")
    def more(self) -> float:
        """£ of all grants together, above 0 where this side has more."""
        return self.other - self.first


class Comparison(Result):
    """All sides, and each of them but the first against it where both have a plan.

    alike: the same years and tail, discounted at one rate.
    """

    sides: tuple[Compared, ...] = doc("a run or scenario, in the order given")
    against: tuple[Against, ...] = doc(
        "a side but the first, against the first; both have a plan", name="against_first"
    )
    alike: bool = doc("whether young person-years mean the same on all sides", name="person_years_alike")
    inputs: InputStatus = doc(f"of the first side: {INPUTS}")


def compare_sides(
    sides: Sequence[Side],
    *,
    same: Sequence[Same] = (),
    jobs: int | None = 1,
    done: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Put two or more sides beside each other; scenarios are solved, runs are taken as they are.

    same: partnerships of the first side that are others on the other sides; what is not named there goes by its key.
    jobs: processes, None for one a core. done: called with how many of how many have ended.
    Raises UsageError for less than two.
    """
    from allocator.what_if.pool import run_cases

    if len(sides) < 2:
        raise UsageError("compare", f"found {len(sides)}", "two or more runs or scenarios")
    refuse_unknown(sides[0].data, [side.data for side in sides[1:]], same)
    lighter = [replace(side, data=light(side.data)) for side in sides]
    solved = run_cases(_solved, None, lighter, jobs=jobs, done=done)
    cautious = next((side.settings.risk for side in sides if side.settings.risk.attitude != "neutral"), None)
    compared = tuple(_compared(side, found, cautious) for side, found in zip(lighter, solved, strict=True))
    first, *others = zip(sides, solved, strict=True)
    against = tuple(
        _against(first[0], first[1], side, found, same)
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


def _compared(side: Side, found: Solved | Unsolved, cautious: Risk | None) -> Compared:
    """Measure a side. cautious: how the first side that is cautious looks at draws; None where none is."""
    s = side.settings
    risk = s.risk if s.risk.attitude != "neutral" else cautious
    worst = None if risk is None or isinstance(found, Unsolved) else _worst(side, found, risk)
    return Compared(
        **vars(outcome_of(side.data, s, found)),
        label=side.label,
        title=s.title,
        measure=goals.told(s),
        unit=goals.named(goals.told(s)).unit,
        worst=worst,
        draws=None if worst is None or risk is None else Draws(risk.cvar_level, risk.draws, risk.seed, risk.common),
    )


def _worst(side: Side, plan: Solved, risk: Risk) -> float | None:
    """Give the mean of a plan's worst draws: its own where it is cautious, else in the draws of another side."""
    if side.settings.risk == risk:
        return plan.worked.tail
    cautious = side.settings.model_copy(update={"risk": risk})
    return judge(side.data, cautious, plan.figures, side.given).tail


def _against(first: Side, first_plan: Solved, other: Side, other_plan: Solved, same: Sequence[Same]) -> Against:
    old, new = (plan.figures.grant.sum(axis=1) for plan in (first_plan, other_plan))
    changes = []
    matches = matched(first.data, other.data, same)
    for match in matches:
        d, there = (other.data, match.new) if match.new else (first.data, match.old)
        changes.append(
            Changed(
                match.name(first.data, other.data),
                d.regions[there[0]],
                float(old[list(match.old)].sum()) if match.old else None,
                float(new[list(match.new)].sum()) if match.new else None,
                "+".join(d.partnerships[p] for p in there),
            )
        )
    changes.sort(key=lambda one: (-abs(one.change), one.name))
    gained = sum(one.change for one in changes if one.change > 0)
    lost = -sum(one.change for one in changes if one.change < 0)
    return Against(
        other.label,
        tuple(changes),
        class_counts([one.relative_change for one in changes]),
        float(old.sum()),
        float(new.sum()),
        min(gained, lost),
        tuple(sorted(one.name for one in changes if one.other is None)),
        tuple(sorted(one.name for one in changes if one.first is None)),
        _differs(first, other, matches),
    )


def _differs(first: Side, other: Side, matches: Sequence[Match]) -> tuple[Differs, ...]:
    """Give what the two plans rest on and is not the same, each with how it differs: whose grants, before all else."""
    measures = first.settings.goal.measure, other.settings.goal.measure
    goal = (Differs("goal.measure", " → ".join(measures)),) if measures[0] != measures[1] else ()
    if goal:  # all else is told for one goal
        first = replace(first, settings=first.settings.changed(goal={"measure": measures[1]}))
    whose = _whose(first.data, other.data, matches)
    return whose + goal + tuple(Differs(group.name, group.said) for group in differences(first, other))


def _whose(first: DataSet, other: DataSet, matches: Sequence[Match]) -> tuple[Differs, ...]:
    """Give the partnerships that are merged, split, renamed, new or no longer there; nothing where all are alike."""
    told: dict[str, list[str]] = {}
    for match in matches:
        keys = tuple(first.partnerships[p] for p in match.old), tuple(other.partnerships[p] for p in match.new)
        if keys[0] != keys[1]:
            told.setdefault(_what_became(match), []).append(match.name(first, other))
    if not told:
        return ()
    said = "; ".join(f"{what}: {units.listed(names)}" for what, names in told.items())
    return (Differs("partnerships", f"{len(first.partnerships)} → {len(other.partnerships)} ({said})"),)


def _what_became(match: Match) -> str:
    old, new = len(match.old), len(match.new)
    if not old or not new:
        return "new" if new else "no longer there"
    if old == new:
        return "renamed" if old == 1 else "redrawn"
    return "merged" if old > new else "split"
