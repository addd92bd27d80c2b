"""Every goal: in which unit it is counted, which way it goes, and how an amount of it is worded.

The goal's sentence and formula stand with its builder in programme/goals.py, its second formulation in recompute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from allocator.register.records import kept

if TYPE_CHECKING:
    from allocator.register.records import Settings


@dataclass(frozen=True, kw_only=True)
class GoalWords:
    """How amounts of a goal are told.

    heading: of an axis or a column of its values, with the unit they are shown in. scale: what a value is multiplied
    by to be shown in that unit. places: decimals there. column: that unit after "goal, ". short: the unit of an
    amount in a sentence; "£" for pounds. mark: the unit after a change in a table. fewer: what less of it is called.
    reached: what a plan reaches, with {amount}, {over}, {last}, {discounted}, {unweighted} (blank
    where nothing is weighted) and {least} (those whose share is smallest) in their places. label: what stands before.
    """

    heading: str
    column: str
    short: str
    mark: str
    fewer: str
    reached: str
    label: str = "NEET REDUCTION"
    scale: float = 1.0
    places: int = 0


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What is made as large, or as small, as it can be.

    unit: of its values. sense: whether more is better. settings: those that count in it alone. of_people: whether it
    counts young people or their years. counts: what it is made of and of nothing else, so that it can be worked out
    under other effects: the person-years of all who were helped or those fewer NEET at the end of the last year (in
    pounds, what these are worth less what is spent), what is spent, or the smallest of the partnerships' shares;
    blank for a goal of another shape. then: whether of its best plans, among which it does not tell, the one is
    sought that reduces most in all.
    """

    name: str
    unit: str
    sense: Literal["max", "min"]
    words: GoalWords
    settings: tuple[str, ...] = ()
    of_people: bool = False
    counts: Literal["", "person_years", "last_year", "spending", "smallest_share"] = ""
    then: bool = False

    @property
    def in_pounds(self) -> bool:
        """Whether it is an amount of money."""
        return self.unit == "£"

    @property
    def less_is_better(self) -> bool:
        """Whether it is made as small as can be."""
        return self.sense == "min"

    @property
    def smallest_of_all(self) -> bool:
        """Whether it is the smallest of the partnerships' shares: a column of its own, and rows that go by its name."""
        return self.counts == "smallest_share"

    @property
    def of_effects(self) -> bool:
        """Whether it is a sum of what effects bring, so that draws of them can be weighed in it."""
        return self.counts in ("person_years", "last_year")


GOALS: dict[str, Goal] = {}


def add(goal: Goal) -> Goal:
    """Add a record. Raises ValueError for a name that is taken."""
    return kept(GOALS, goal)


CUMULATIVE = add(
    Goal(
        name="cumulative",
        unit="young person-years",
        sense="max",
        of_people=True,
        counts="person_years",
        words=GoalWords(
            heading="Young person-years reached",
            column="young person-years",
            short="ypy",
            mark="ypy",
            fewer="fewer",
            reached="{amount} young person-years (ypy) {over}{unweighted}",
        ),
    )
)

FINAL_YEAR = add(
    Goal(
        name="final_year",
        unit="young people",
        sense="max",
        of_people=True,
        counts="last_year",
        then=True,
        words=GoalWords(
            heading="Young people fewer NEET at the end of the last year",
            column="young people",
            short="young people",
            mark="",
            fewer="fewer",
            reached="{amount} young people fewer NEET at the end of {last}{unweighted}",
        ),
    )
)

BENEFIT = add(
    Goal(
        name="benefit",
        unit="£",
        sense="max",
        settings=("goal.benefit_per_neet",),
        counts="person_years",
        words=GoalWords(
            heading="Net present value, £m",
            column="£m",
            short="£",
            mark="£m",
            fewer="less",
            label="NET BENEFIT",
            reached="{amount} net present value (base-year prices{discounted}){unweighted}",
            scale=1e-6,
            places=1,
        ),
    )
)

LEAST_COST = add(
    Goal(
        name="least_cost",
        unit="£",
        sense="min",
        counts="spending",
        then=True,
        words=GoalWords(
            heading="Cost, £m",
            column="£m",
            short="£",
            mark="£m",
            fewer="less",
            label="LEAST COST",
            reached="{amount} spent, as little as can be (base-year prices{discounted})",
            scale=1e-6,
            places=1,
        ),
    )
)

FAIREST = add(
    Goal(
        name="fairest",
        unit="share of NEET young people",
        sense="max",
        counts="smallest_share",
        then=True,
        words=GoalWords(
            heading="Smallest share by which NEET falls, %",
            column="% of NEET young people",
            short="points",
            mark="points",
            fewer="less",
            reached="{amount} fewer NEET at the end of {last} in {least}",
            scale=100.0,
            places=2,
        ),
    )
)


def of(settings: Settings) -> Goal:
    """Give the goal of a scenario."""
    return GOALS[settings.goal.measure]


def is_cautious(settings: Settings) -> bool:
    """Say whether the worst draws of the effects count in the goal beside the central ones."""
    return bool(settings.risk.attitude == "cvar" and settings.risk.cvar_weight > 0)


WEIGHTED = "weighted "


def told(settings: Settings) -> str:
    """Give the name under which amounts of a scenario's goal are told: weighted, where it counts weights that are not
    1.
    """
    measure: str = settings.goal.measure
    weighed = "{unweighted}" in GOALS[measure].words.reached and any(w != 1 for w in settings.goal.weights.values())
    return WEIGHTED + measure if weighed else measure


def named(name: str) -> Goal:
    """Give the goal of a name, or of one that told gives: its words then say weighted wherever they name a unit."""
    if name in GOALS:
        return GOALS[name]
    goal = GOALS[name.removeprefix(WEIGHTED)]
    words = goal.words
    unit = "" if goal.in_pounds else WEIGHTED
    return replace(
        goal,
        name=name,
        unit=unit + goal.unit,
        words=replace(
            words,
            heading=f"{WEIGHTED.capitalize()}{words.heading[0].lower()}{words.heading[1:]}",
            column=WEIGHTED + words.column,
            short=unit + words.short,
            mark=f"{unit}{words.mark}".rstrip(),
            reached=words.reached.replace("{amount} ", f"{{amount}} {WEIGHTED}").replace("(ypy)", "(weighted ypy)"),
        ),
    )
