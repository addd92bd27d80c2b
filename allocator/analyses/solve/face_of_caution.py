"""What the summary says of a cautious plan: what it reaches in its worst draws, and what caution costs and brings."""

from __future__ import annotations

from rich.text import Text

from allocator import units
from allocator.analyses.solve.summary import Summary
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.register import goals
from allocator.runs.plan import Plan


def caution_lines(plan: Plan, _summary: Summary, width: int) -> list[Text]:
    """Give a paragraph; nothing where no caution is asked for."""
    risk, tail = plan.scenario.settings.risk, plan.recomputed.tail
    if tail is None:
        return []
    measure = goals.told(plan.scenario.settings)
    worst = f"the worst {units.percentage(1.0 - risk.cvar_level)} of {units.number(risk.draws)} draws of the effects"
    said = (
        f"In {worst} (seed {risk.seed}) the plan reaches {signed(tail, measure)} on average. That counts "
        f"{units.percentage(risk.cvar_weight)} in what is made as good as can be, the goal at the central effects the "
        "rest; what more money or posts are worth is counted so, too."
    )
    price = plan.reasons.caution if plan.reasons is not None else None
    if price is not None:
        lost, won = price.neutral - plan.recomputed.goal, price.tail - price.neutral_tail
        if not amounts.is_something(lost, measure) and not amounts.is_something(won, measure):
            said += " The neutral plan reaches as much, both at the central effects and in the worst draws."
        else:
            part = f" ({units.share(lost / price.neutral, 2)})" if price.neutral > 0 else ""
            said += (
                f" Caution costs {amounts.said(lost, measure)}{part} at the central effects, and brings "
                f"{amounts.said(won, measure)} in the worst draws."
            )
    return console.labelled("CAUTION", said, width)


def signed(value: float, measure: str) -> str:
    """Give an amount of the goal, with a minus where the worst draws take away."""
    return f"{units.MINUS if value < 0 else ''}{amounts.said(value, measure)}"
