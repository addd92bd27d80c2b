"""What more or less of the national amounts is worth: the goal solved again on both sides, never one dual.

Where soft rules fall short the smallest shortfall comes first, so each side says how the shortfall changes, too.
"""

from __future__ import annotations

import math

import numpy as np

from allocator.register import goals
from allocator.register.rules import HEADCOUNT, TRAINING_PLACES
from allocator.runs.findings import Amount, GoalChange, Price, Worth
from allocator.scenario.amounts import money
from allocator.tables.dataset import Floats
from allocator.tolerances import SOLVED_TO
from allocator.what_if.questions import Change, Reached, WhatIf, gained

LADDER = (2, 3, 4, 5)  # steps at which a price is looked at again
HOLDS = 0.02  # a price holds as far as it stays within this share

LARGEST_STEP: dict[Amount, float] = {"money": 1e6, "posts": 10.0, "training": 100.0}
MOST_OF_A_YEAR: dict[Amount, float] = {"money": 0.01, "posts": 0.01, "training": 0.1}  # share that a step may be


def worth(what_if: WhatIf, goal: float) -> Worth:
    """Solve again with a step more and a step less of every national amount, each year. Leaves what_if as it was.

    goal: the plan's, constants included: what a planner is told, and what a share of the goal is a share of.
    """
    d, s, figures = what_if.data, what_if.settings, what_if.figures
    rows: list[tuple[Amount, Floats, Floats]] = [
        ("money", money(d, s), (figures.grant - figures.lapse).sum(axis=0)),
        ("posts", d.headcount_limit * s.workforce.headcount_scale, figures.fte.sum(axis=(0, 2))),
        ("training", d.training_places, figures.training.sum(axis=(0, 2))),
    ]
    off: dict[Amount, str] = {"posts": HEADCOUNT.name, "training": TRAINING_PLACES.name}
    prices = []
    for amount, limits, used in rows:
        if off.get(amount) in s.rules.off:
            continue
        step = step_of(amount, limits)
        by_year = enumerate(zip(limits.tolist(), used.tolist(), strict=True))
        prices += [_price(what_if, amount, t, step, limit, part) for t, (limit, part) in by_year]
        if amount == "money" and len(d.years) > 1:
            prices.append(_price(what_if, amount, None, step, float(limits.sum()), float(used.sum())))
    made = float(figures.redundancies.sum())
    any_made = made > SOLVED_TO * max(1.0, float(figures.fte.sum()))
    spared = what_if.reached(Change(no_redundancies=True)) if any_made else None
    return Worth(
        measure=goals.told(s),
        goal=goal,
        prices=tuple(prices),
        redundancies=made,
        no_redundancies=side_of(what_if, spared),
    )


def step_of(amount: Amount, limits: Floats) -> float:
    """Give a step: £1m, ten posts or 100 training places; for small programmes the power of ten that is no more than a
    share.
    """
    smallest = min((float(limit) for limit in limits if limit > 0), default=math.inf)
    if not math.isfinite(smallest):
        return LARGEST_STEP[amount]
    return min(LARGEST_STEP[amount], 10.0 ** math.floor(math.log10(smallest * MOST_OF_A_YEAR[amount]) + 1e-9))


def side_of(what_if: WhatIf, reached: Reached | None) -> GoalChange | None:
    """Give what a plan reaches, less what the plan as it stands reaches; None where there is no plan."""
    return None if reached is None else gained(what_if.base, reached)


def _price(what_if: WhatIf, amount: Amount, t: int | None, step: float, limit: float, used: float) -> Price:
    year = "" if t is None else what_if.data.years[t]
    if amount != "money" and limit - used > step:
        # A limit that is not reached stands in nobody's way: the plan stays within it, and it stays the best one.
        nothing = GoalChange(0.0, 0.0)
        return Price(amount, year, step, nothing, nothing, None, limit, used)
    more, less = (what_if.reached(_change(what_if, amount, t, way * step)) for way in (1, -1))
    holds = None
    if amount == "money" and t is not None and what_if.settings.certainty.kind == "settlement":
        holds = (_holds(what_if, t, -step, less), _holds(what_if, t, step, more))
    sides = [side_of(what_if, reached) for reached in (more, less)]
    return Price(amount, year, step, sides[0], sides[1], holds, limit, used)


def _change(what_if: WhatIf, amount: Amount, t: int | None, added: float) -> Change:
    amounts = np.full(len(what_if.data.years), added if t is None else 0.0)
    if t is not None:
        amounts[t] = added
    by_year = tuple(amounts.tolist())
    match amount:
        case "money":
            return Change(money=by_year)
        case "posts":
            return Change(posts=by_year)
        case "training":
            return Change(training=by_year)


def _holds(what_if: WhatIf, t: int, step: float, first: Reached | None) -> float:
    """Give how far, in £ with its sign, a pound is worth the same as here, to 2 per cent.

    What a pound is worth at a distance is the price there, where one can be read; else what the last step brought.
    """
    here = what_if.base
    if first is None:
        return 0.0
    if here.prices:
        return _holds_by_prices(what_if, t, step, first)
    base = (first.goal - here.goal) / step
    held, before = 0.0, here
    for times in (1, *LADDER):
        there = first if times == 1 else what_if.reached(_change(what_if, "money", t, times * step))
        if there is None:
            break
        brought = (there.goal - before.goal) / (times * step - held)
        if abs(brought - base) > HOLDS * abs(base):
            break
        held, before = times * step, there
    return held


def _holds_by_prices(what_if: WhatIf, t: int, step: float, first: Reached) -> float:
    """Give how far the price is the same, by halving: more money never makes the next pound worth more."""
    base = what_if.base.prices[t]

    def same(reached: Reached | None) -> bool:
        if reached is None or not reached.prices:
            return False
        return abs(reached.prices[t] - base) <= HOLDS * abs(base)

    if not same(first):
        return 0.0
    nearest, farthest = 0, len(LADDER)
    while nearest < farthest:
        middle = (nearest + farthest) // 2
        if same(what_if.reached(_change(what_if, "money", t, LADDER[middle] * step))):
            nearest = middle + 1
        else:
            farthest = middle
    return step * (LADDER[nearest - 1] if nearest else 1)
