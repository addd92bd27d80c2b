"""What a plan comes to, and what it may carry beside: what more would be worth, and why money is unspent."""

from __future__ import annotations

from typing import Literal

from allocator.recompute.figures import Shortfall
from allocator.results import Result, doc, documented

Amount = Literal["money", "posts", "training"]
UNITS: dict[Amount, str] = {"money": "£", "posts": "FTE", "training": "persons"}
Kind = Literal["carried", "lapsed", "not_granted", "nothing_moves"]


class GoalChange(Result):
    """What a change brings. soft: change of the sum of shortfalls, each a share of its requirement."""

    goal: float = doc("change of the goal", "goal.unit")
    soft: float = doc("change of what soft rules fall short by", "shares added up", name="shortfall")


class Price(Result):
    """What one step more and one step less of a national amount would bring."""

    of: Amount = doc("money, posts or training")
    year: str = doc("the year; blank: the same step in every year")
    step: float = doc("how much more and less", ".unit")
    more: GoalChange | None = doc("what a step more changes; null: no plan")
    less: GoalChange | None = doc("what a step less changes; null: no plan")
    holds: tuple[float, float] | None = doc(
        "how far the price stays within 2 per cent; null: not looked for",
        ".unit",
        entry="two numbers: how much less (0 or below), how much more",
    )
    limit: float = doc("the amount there is", ".unit")
    used: float = doc("how much of it is used; of money, granted and not given back", ".unit")

    @property
    def question(self) -> str:
        """The amount and the year, as Worth.not_in_time names them."""
        return f"{self.of} {self.year or 'every year'}"

    @property
    @documented("£, FTE or persons: unit of step, holds, limit and used")
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


class Worth(Result):
    """Two-sided prices of money, headcount and training places, and what sparing every redundancy would cost.

    goal: the plan's, constants included; each change is the goal with the change less it.
    """

    measure: str
    goal: float
    prices: tuple[Price, ...] = doc("one national amount in one year, a step more and a step less, each solved")
    redundancies: float = doc("redundancies of the plan, all years", "FTE")
    no_redundancies: GoalChange | None = doc(
        "what sparing all of them changes; null: no plan, or there are none", name="without_redundancies"
    )
    not_in_time: tuple[str, ...] = doc(
        "a question beside the plan that found no answer in the time there was, such as `money 2004-05 more` or "
        "`without redundancies`: null then says only that",
        default=(),
    )

    def why_none(self, question: str) -> str:
        """Say why a question has no answer: there is no plan, or none was found in time."""
        return "not found in time" if question in self.not_in_time else "no plan"

    def of(self, amount: Amount) -> tuple[Price, ...]:
        """Give the prices of one amount, every year in order, for money followed by all years together."""
        return tuple(price for price in self.prices if price.of == amount)


class Why(Result):
    """A reason that a planner would ask for."""

    kind: Kind = doc("carried, lapsed, not_granted or nothing_moves")
    amount: float = doc("the money concerned, all years", "£ cash")
    rule: str = doc(
        "the rule that, switched off alone, ends it; of grants that stay as they are, several joined by +: together "
        "they hold them, none alone; blank: none does"
    )
    left: float = doc("what is left of the amount without that rule, a thousandth at most", "£ cash", default=0.0)
    also: tuple[str, ...] = doc("another rule that, switched off alone, ends it as well", default=())
    less: str = doc(
        "a rule that, switched off alone, leaves less of it: one changed for this run, or, where none ends it, the one "
        "that leaves least; blank: none",
        default="",
    )
    less_left: float = doc("what is left of the amount without that rule", "£ cash", default=0.0)


class AtLimit(Result):
    """Partnerships that take on as many as they may in some year."""

    count: int = doc("that take on as many as they may in some year", "partnerships")
    of: int = doc("all there are", "partnerships")
    without: GoalChange | None = doc("what the plan would reach more without that limit; null: no plan")


class Dearest(Result):
    """The rule that costs most of those that bind."""

    rule: str = doc("the rule")
    without: GoalChange = doc("what switching it off alone changes")


class Fixed(Result):
    """A grant that is what it is by rules: it stands at their limit, and room there would be worth something."""

    partnership: str = doc("key of the partnership")
    year: str = doc("the year")
    rules: tuple[str, ...] = doc("a rule that fixes it")
    side: str = doc("how the grant compares with their limit: >= (held up), <= (held down) or = (a limit that is both)")
    step: float = doc("the room that more_room is told for", "£ cash")
    more_room: GoalChange | None = doc(
        "what a step more room brings at the rate of the first pound; null: of a limit that is both"
    )
    together: bool = doc("whether no one of the rules does alone: they end at the same amount", default=False)
    then: float | None = doc(
        "what a step more room brings at that rate in all, where it brings the goal nothing; null: it brings that",
        "young person-years",
        default=None,
    )


class GivenUpOtherwise(Result):
    """What the same scenario comes to with another part of the goal given up for quiet."""

    give_up: float = doc("the part of the goal that may be given up", "share of 1")
    redundancies: float = doc("redundancies, all years", "FTE")
    moved: float | None = doc(
        "what one partnership gains and another loses on shares as before, all years; null: there are too many grants",
        "£ cash",
    )


class PriceOfCaution(Result):
    """What it costs and brings that the worst draws of the effects count, beside the neutral plan."""

    neutral: float = doc("what the neutral plan reaches at the central effects", "goal.unit")
    neutral_tail: float = doc("the mean of its worst draws", "goal.unit")
    tail: float = doc("the mean of this plan's worst draws", "goal.unit")


class Reasons(Result):
    """Two-sided prices, the reason for each kind of unspent money, and which rules fix which grant."""

    worth: Worth = doc("two-sided prices", inline=True)
    why: tuple[Why, ...] = doc("a reason for money that is unspent, or for grants that stay as they are")
    closeness: GoalChange | None = doc(
        "what the plan would reach more without soft rules that fall short; null: all are kept", default=None
    )
    recruiting: AtLimit | None = doc("recruits at their limit; null: in no partnership", default=None)
    fixed: tuple[Fixed, ...] = doc(
        "a grant that rules fix; one that is not there is at the margin, or set by the distribution", default=()
    )

    otherwise: GivenUpOtherwise | None = doc(
        "with nothing given up where the scenario gives some up; else with one per cent, where that ends all "
        "redundancies; null: not asked",
        default=None,
    )
    most_in_all: float | None = doc(
        "the most that any plan that keeps the rules reaches in all, where the goal is the smallest share; null: not "
        "asked",
        "young person-years",
        default=None,
    )
    held_back: GoalChange | None = doc(
        "what the plan would come to otherwise if soft rules might cost whatever it takes; null: rules.soft_may_cost "
        "holds nothing back",
        default=None,
    )
    bounded: GoalChange | None = doc(
        "what the plan would come to otherwise with rules.soft_may_cost = 0.01, where soft rules cost more than one "
        "per cent of the goal; null: not asked",
        default=None,
    )
    dearest: Dearest | None = doc(
        "the rule other than eligible that costs most, where posts are empty; null: none that binds costs anything, or "
        "not asked",
        default=None,
    )
    caution: PriceOfCaution | None = doc("what caution costs and brings; null: none is asked for", default=None)

    def of(self, kind: Kind) -> Why | None:
        """Give the reason for one kind; None where there is nothing to give one for."""
        return next((why for why in self.why if why.kind == kind), None)


# --- what a plan comes to, as summary.json of a run and `solve --json` have it ---


class PlannedScenario(Result):
    """The scenario of a plan."""

    name: str = doc("its name: that of the file, without its ending")
    title: str = doc("its title")
    sha256: str = doc("SHA-256 of the scenario as written into the run")


class GoalOfPlan(Result):
    """The goal and what the plan reaches."""

    measure: str = doc(
        "cumulative, final_year, benefit, least_cost or fairest; weighted before it where weights are not all 1"
    )
    value: float = doc("what the plan reaches, constants included", "goal.unit")
    unit: str = doc("unit of the goal, and of everything whose unit is goal.unit")
    tail: float | None = doc(
        "the mean of its worst draws of the effects (risk.cvar_level); null: no caution is asked for", "goal.unit"
    )


class StageOfPlan(Result):
    """How a stage went and what it reached."""

    stage: str = doc("soft, goal, then, redundancies, grants, again or spend")
    year: str = doc("the year planned where planning is year on year, else blank")
    outcome: str = doc("optimal, not needed, or how it ended: then the plan of the stage before stands")
    value: float | None = doc(
        "its own optimum; null: it has none. soft: shares of what is required, added up; goal, again: goal.unit; "
        "then: young person-years; redundancies: FTE; grants: squares of the changes over their scale, added up, "
        "£ thousand; spend: £ cash",
        "by stage",
    )


class YearOfPlan(Result):
    """One year, all partnerships together."""

    year: str = doc("the year")
    money: float = doc("money to grant", "£ cash")
    granted: float = doc("granted", "£ cash")
    spent: float = doc("spent", "£ cash")
    carried: float = doc("unspent, carried into the next year", "£ cash")
    lapsed: float = doc("unspent, given back", "£ cash")
    neet_without: float = doc("NEET at the year's end without the programme", "young people")
    reduction: float = doc("fewer NEET at the year's end", "young people")
    advisers: float = doc("advisers in post", "FTE")
    recruits: float = doc("joiners", "FTE")
    redundancies: float = doc("paid-for leavers", "FTE")
    training: float = doc("in training", "FTE")
    qualified_share: float | None = doc("of the advisers; null: no grade is named as qualified", "share of 1")


class PartnershipYear(Result):
    """One partnership's year."""

    year: str = doc("the year")
    grant: float = doc("its grant", "£ cash")
    spent: float = doc("spent", "£ cash")
    carried: float = doc("unspent, carried into the next year", "£ cash")
    lapsed: float = doc("unspent, given back", "£ cash")
    advisers: float = doc("advisers in post", "FTE")
    neet_without: float = doc("NEET at the year's end without the programme", "young people")
    reduction: float = doc("fewer NEET at the year's end", "young people")


class PartnershipOfPlan(Result):
    """One partnership of a plan."""

    partnership: str = doc("key of the partnership")
    name: str = doc("its name")
    region: str = doc("its region")
    years: tuple[PartnershipYear, ...] = doc("one of its years")


class PlanSummary(Result):
    """What a plan comes to: status, certificate, goal, shortfalls, and its figures by year and partnership."""

    status: str = doc("optimal")
    certified: bool = doc("whether every stage is certified and the plan, worked out again, keeps every hard rule")
    gap: float | None = doc(
        "how much better a plan could be at most, over the larger of 1 and the goal; null: unknown", "relative"
    )
    violation: float | None = doc(
        "largest violation of a rule or limit, exact or worked out again; null: unknown", "relative"
    )
    scenario: PlannedScenario = doc("the scenario")
    goal: GoalOfPlan = doc("the goal")
    stages: tuple[StageOfPlan, ...] = doc("a stage that was due, in order")
    shortfalls: tuple[Shortfall, ...] = doc("a row of a soft rule")
    years: tuple[YearOfPlan, ...] = doc("one year, all partnerships together")
    partnerships: tuple[PartnershipOfPlan, ...] = doc("one partnership")


class SolvedPlan(PlanSummary):
    """A plan with its reasons, written to a run folder."""

    worth: Reasons | None = doc(
        "what more would be worth, why money is unspent; as worth.json of the run; null: not asked"
    )
    run: str = doc("the run folder")
