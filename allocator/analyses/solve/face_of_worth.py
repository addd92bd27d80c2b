"""The worth of more: what a step more and a step less of each national amount brings, and why a zero is a zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from rich.text import Text

from allocator import units
from allocator.analyses.solve.summary import Summary
from allocator.analyses.solve.worth import HOLDS
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn
from allocator.register import goals
from allocator.register.goals import CUMULATIVE
from allocator.register.rules import LIMIT
from allocator.runs.findings import Amount, GoalChange, Kind, Price, Worth
from allocator.runs.plan import REASONS, Plan
from allocator.scenario.amounts import base_year, price_index
from allocator.what_if.questions import Change

PARTS = ((0.1, "a tenth"), (0.01, "a hundredth"), (0.001, "a thousandth"))  # of a post, for small programmes
FEW_USED = 10.0  # posts or places: below it they are told with a decimal
Way = Literal["more", "less"]
SIDES: tuple[Way, ...] = ("more", "less")
LONGEST_MARK = 4  # letters of a unit beside each price: a longer one stands in the heading


def worth_lines(plan: Plan, _summary: Summary, width: int) -> list[Text]:
    """Give prices of the money of each year as a table, those of posts and training places in sentences."""
    if plan.reasons is None:
        said = "not worked out, nor why money is left: that was stopped, or took too long."
        return console.labelled("WORTH OF MORE", said, width) if REASONS in plan.unanswered else []
    worth = plan.reasons.worth
    priced = [price for price in worth.prices if price.of == "money" and price.year]
    if all(price.worth_nothing for price in priced):
        priced = []
    priced += [price for price in worth.prices if price.of != "money" and _told_apart(price, worth.measure)]
    if not priced:
        said = " ".join(sentences(worth))
        return console.labelled("WORTH OF MORE", said, width, hang=15) if said else []
    step, places = priced[0].step, _places(priced, worth.measure)
    columns = [
        TextColumn(f"{_step(priced[0])} {way}", tuple(_side(one, way, worth, places) for one in priced), signed=True)
        for way in SIDES
    ]
    if any(price.holds is not None for price in priced):
        heading = f"price holds within {units.percentage(HOLDS)} for"
        columns.append(TextColumn(heading, tuple(_holds(price) for price in priced), drop=3))
    labels = [_label(price, step) for price in priced]
    in_heading = not goals.named(worth.measure).in_pounds and not _beside(worth.measure)
    heading = f"WORTH OF MORE, {goals.named(worth.measure).words.short}" if in_heading else "WORTH OF MORE"
    if goals.named(worth.measure).in_pounds and worth.measure.startswith(goals.WEIGHTED):
        heading = f"WORTH OF MORE, {goals.WEIGHTED}£"
    lines = console.table(heading, labels, columns, width)
    if plan.solution.given_up:
        lines += console.paragraph("Of the best plan, before anything of the goal is given up.", width)
    for said in sentences(worth):
        lines += console.paragraph(said, width)
    return lines


def cost_of_the_next(plan: Plan, summary: Summary) -> str:
    """Say what the next young person, or year of one, costs, since an average says less: ``the next £25,112``.

    Blank for other goals, nor where money is left, so that of a step more less than all would be spent.
    """
    settings = plan.scenario.settings
    goal, told = goals.of(settings), goals.told(settings)
    money = plan.reasons.worth.of("money") if plan.reasons is not None else ()
    every = [price for price in money if not price.year] or (money if len(plan.data.years) == 1 else [])
    more = every[0].more if every else None
    left = summary.lapsed.total >= 1 or not all(price.reached and price.more and price.more.goal for price in money)
    if not goal.of_people or left or more is None or more.soft or more.goal <= 0:
        return ""
    kept = (1 + settings.goal.discount_rate) ** -np.arange(len(plan.data.years))
    cost = every[0].step * float((kept / price_index(plan.data, settings)).sum()) / more.goal
    if told == CUMULATIVE.name:
        return f"the next {units.pounds(cost)}"
    weighted = goals.WEIGHTED if told != goal.name else ""
    one = CUMULATIVE.words.short if goal is CUMULATIVE else "young person fewer NEET"
    return f"the next {weighted}{one} {units.pounds(cost)}"


def prices_told(plan: Plan) -> str:
    """Give which prices and which discount rate a cost is in."""
    data, rate = plan.data, plan.scenario.settings.goal.discount_rate
    base = base_year(data)
    prices = "base-year prices" if base is None else f"{data.years[base]} prices"
    return f"{prices}, discounted at {units.percentage(rate)}" if rate else prices


def sentences(worth: Worth) -> list[str]:
    """Give what the table does not say: every year together, sides that differ, soft rules, and why what is 0 is 0."""
    said = [*_every_year(worth), *_soft(worth)]
    money = [price for price in worth.of("money") if price.year]
    if money and all(price.worth_nothing for price in money):
        said.append(_money_is_worth_nothing(money, worth.measure))
    else:
        said += [_year_is_worth_nothing(price) for price in money if price.worth_nothing]
    if any(price.holds is None and not price.worth_nothing for price in money):
        said.append("How far these prices hold is not looked at where planning is year on year.")
    for amount, noun in (("posts", "post"), ("training", "training place")):
        said += _limits(worth.of(amount), noun, worth.measure)  # type: ignore[arg-type] # the two words are amounts
    return said


def spared(worth: Worth, *, short: bool) -> str:
    """Give what avoiding every redundancy would cost.

    Blank where there is none. short: whether soft rules fall short.
    """
    if worth.redundancies < 0.5:
        return ""
    side = worth.no_redundancies
    if side is None:
        if Change(no_redundancies=True).named(()) in worth.not_in_time:
            return "What the plan would lose without any redundancy was not found in time."
        return "Without any redundancy there is no plan."
    if side.soft > 0:
        more = " more" if short else ""
        return f"Without any redundancy soft rules would fall short by {_points(side)}{more} of what they ask."
    if side.goal == 0:
        return "Without any redundancy the plan would be as good."
    part = units.in_brackets(abs(side.goal / worth.goal)) if worth.goal else ""
    cost = amounts.told(side.goal, worth.measure)
    verb = "cost" if goals.named(worth.measure).less_is_better else "lose"
    return f"Without any redundancy the plan would {verb} {cost}{part}{' more' if verb == 'cost' else ''}."


def ended_by(plan: Plan, kind: Kind, verb: str) -> str:
    """Give the rule that keeps money unspent, as a sentence with a space before it; blank where no one rule does."""
    why = plan.reasons.of(kind) if plan.reasons is not None else None
    if why is None:
        return ""
    said = ""
    if why.rule:
        left = f"only {units.pounds_short(why.left)}" if why.left else "nothing"
        nor = "nor" if not why.left else "nor more"
        others = units.listed([rule_named(plan, rule) for rule in why.also], "or")
        also = f"; {nor} without {others}, each alone" if others else ""
        said = f" Without {rule_named(plan, why.rule)} {left} is {verb}{also}."
    if not why.less:
        return said
    return f"{said} Without {rule_named(plan, why.less)} {units.pounds_short(why.less_left)} is {verb}."


def rule_named(plan: Plan, rule: str) -> str:
    """Name a rule; the planner's own limits by the name that the table gives, where there is one."""
    if rule != LIMIT.name:
        return rule
    own = [limit.limit for limit in plan.data.limits]
    return f"{rule} {own[0]}" if len(own) == 1 else "the limits of the table limits"


def still(plan: Plan) -> list[str]:
    """Say why no grant moves though grants are free; nothing where some do."""
    why = plan.reasons.of("nothing_moves") if plan.reasons is not None else None
    if why is None:
        return []
    if len(plan.data.partnerships) == 1:
        return ["There is one partnership: no money can move to another."]
    if "+" in why.rule:
        rules = units.listed([rule_named(plan, rule) for rule in why.rule.split("+")])
        held = f"{rules[0].upper()}{rules[1:]} together hold every grant where it is, none of them alone"
        return [f"{held}: without them grants would move."]
    if why.rule:
        rule = rule_named(plan, why.rule)
        return [f"{rule[0].upper()}{rule[1:]} holds every grant where it is; without that rule grants would move."]
    more = "save nothing" if goals.of(plan.scenario.settings).less_is_better else "bring no more"
    return [f"No one rule holds them: moving money would {more}."]


def _every_year(worth: Worth) -> list[str]:
    together = [price for price in worth.of("money") if not price.year and not price.worth_nothing]
    if not together or goals.named(worth.measure).less_is_better:
        return []
    price, measure = together[0], worth.measure
    step = _step(price)
    told = []
    if price.more is not None:
        told.append(f"the next {step} in every year brings {_said(price.more, measure)}")
    if price.less is not None:
        told.append(f"{step} less in every year would lose {_said(price.less, measure)}")
    elif f"{price.question} less" not in worth.not_in_time:
        told.append(f"with {step} less in every year there is no plan")
    if not told:
        return []
    said = "; ".join(told)
    return [f"{said[0].upper()}{said[1:]}."]


def _soft(worth: Worth) -> list[str]:
    """Say where a change first makes soft rules fall less or more short, of which the goal alone says too little."""
    moved = [p for p in worth.prices if any(side is not None and side.soft for side in (p.more, p.less))]
    if not moved:
        return []
    told = []
    for price in [p for p in moved if p.of == "money" and not p.year] or moved:
        when = f"in {price.year}" if price.year else "in every year"
        for words, side in ((f"{_step(price)} more {when}", price.more), (f"{_step(price)} less {when}", price.less)):
            if side is not None and side.soft:
                how = "less" if side.soft < 0 else "more"
                told.append(f"with {words} by {_points(side)} {how}")
    points = "points are hundredths of what each asks for, added up"
    return [f"Soft rules come first ({points}): they fall short {units.listed(told)}."]


def _points(side: GoalChange) -> str:
    """Say by how much the sum of shortfalls changes: hundredths of what a rule asks for, never told as nothing."""
    text = units.number(100 * abs(side.soft), 2)
    return f"{'less than 0.01' if text == '0' else text} points"


def _money_is_worth_nothing(money: Sequence[Price], measure: str) -> str:
    nothing = "More money saves nothing" if goals.named(measure).less_is_better else "More money brings nothing"
    if goals.named(measure).smallest_of_all:
        nothing = "More money does not raise the smallest share, though it may bring more in all"
    used = sum(price.used for price in money)
    limit = sum(price.limit for price in money)
    if used < limit - 1:
        left = f"{units.pounds_short(limit - used, 2)} of {units.pounds_short(limit, 2)}"
        return f"{nothing}: {left} is not used as it is."
    return f"{nothing}: what limits the goal is not money."


def _year_is_worth_nothing(price: Price) -> str:
    left = price.limit - price.used
    why = f"{units.pounds_short(left, 2)} of it is not used" if left > 1 else "what limits the goal is not money"
    return f"Money of {price.year} is worth nothing more or less: {why}."


def _limits(prices: Sequence[Price], noun: str, measure: str) -> list[str]:
    """Say why posts or training places are worth nothing: how many are used at most, of how many."""
    idle = [price for price in prices if not _told_apart(price, measure)]
    if not idle:
        return []
    most = max(idle, key=lambda price: price.used / price.limit if price.limit > 0 else 0.0)
    step = _step(most)
    years = "" if len(idle) == len(prices) else f" in {units.listed([price.year for price in idle])}"
    used = units.number(most.used, 1 if most.used < FEW_USED else 0)
    there = units.number(most.limit, 1 if most.limit < FEW_USED and most.limit != round(most.limit) else 0)
    why = f"{used} of {there} {noun}s {'is' if used == '1' else 'are'} used at most"
    if most.reached:
        why = f"all {there} are used, but the last brings next to nothing"
    verb = "changes" if most.step <= 1 else "change"
    nothing = "nothing" if all(price.worth_nothing for price in idle) else "next to nothing"
    return [f"{step} more or fewer{years} {verb} {nothing}: {why}."]


def _places(priced: Sequence[Price], measure: str) -> int:
    """Give the decimals beyond those of the goal's words that it takes for the largest of some prices not to be 0."""
    words = goals.named(measure).words
    sides = [side for price in priced for side in (price.more, price.less) if side is not None]
    largest = max((abs(side.goal) * words.scale for side in sides), default=0.0)
    return next((more for more in range(1, 6) if largest >= 10.0 ** -(words.places + more)), 1)


def _side(price: Price, way: Way, worth: Worth, places: int) -> str:
    side, measure = price.more if way == "more" else price.less, worth.measure
    if side is None:
        return worth.why_none(f"{price.question} {way}")
    goal = goals.named(measure)
    if goal.in_pounds:
        return units.with_sign(side.goal, units.pounds_short(abs(side.goal), 2))
    text = amounts.change(side.goal, measure, places)
    beside = _beside(measure)
    return text if text == "0" or not beside else f"{text} {beside}"


def _beside(measure: str) -> str:
    """Give the unit that stands beside each price; blank where it is long, and stands in the heading."""
    mark = goals.named(measure).words.mark
    return mark if len(mark) <= LONGEST_MARK else ""


def _told_apart(price: Price, measure: str) -> bool:
    """Say whether a price is more than nothing on a side as the table would tell it."""
    goal = goals.named(measure)
    sides = [side for side in (price.more, price.less) if side is not None]
    if len(sides) < 2 or any(side.soft for side in sides):
        return True
    if goal.in_pounds:
        return any(units.pounds_short(abs(side.goal), 2) != "£0" for side in sides)
    return any(amounts.change(side.goal, measure, 1) != "0" for side in sides)


def _said(side: GoalChange, measure: str) -> str:
    words = goals.named(measure).words
    if words.mark == words.short and not words.places:
        text = units.number(abs(side.goal), 1)
        return amounts.rate(side.goal, measure) if text == "0" else f"{text} {words.short}"
    return amounts.told(side.goal, measure)


def _holds(price: Price) -> str:
    if price.holds is None:
        return units.DASH
    less, more = price.holds
    if less == more == 0:
        return f"not for {_step(price)}"
    return f"{_at(less)} to {_at(more, plus=True)}"


def _at(amount: float, *, plus: bool = False) -> str:
    text = units.pounds_short(amount, 0)
    return units.with_sign(amount, text) if plus and amount else text


def _step(price: Price) -> str:
    if price.of == "money":
        return units.pounds_short(price.step, 0)
    noun = "post" if price.of == "posts" else "training place"
    if price.step < 1:
        part = next((word for size, word in PARTS if abs(price.step - size) < size / 10), f"{price.step:g}")
        return f"{part[0].upper()}{part[1:]} of a {noun}"
    count = units.in_words(int(price.step)) if price.step == int(price.step) else f"{price.step:g}"
    return f"{count[0].upper()}{count[1:]} {noun if price.step == 1 else noun + 's'}"


def noun(price: Price) -> str:
    """Give what a price is of, as a noun."""
    nouns: dict[Amount, str] = {"money": "money", "posts": "posts", "training": "training places"}
    return nouns[price.of]


def _label(price: Price, step: float) -> str:
    label = f"{noun(price)} of {price.year}"
    return label if price.of == "money" and price.step == step else f"{label}, {_step(price).lower()}"
