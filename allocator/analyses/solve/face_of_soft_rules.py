"""The rules that may fall short: which are kept and by how much, and by name and amount those that are not."""

from __future__ import annotations

from rich.text import Text

from allocator import units
from allocator.analyses.solve.beside_the_plan import OFFERED
from allocator.analyses.solve.summary import SoftRow, SoftRule, Summary
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.register import goals
from allocator.runs.findings import GoalChange
from allocator.runs.plan import Plan

MOST_NAMED = 5
FEW = 10.0  # young people or places asked for: below it they are told with a decimal


def soft_lines(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give one paragraph on the soft rules: kept ones with what they have to spare, the others first and by name."""
    if not summary.soft:
        return []
    lines: list[Text] = []
    label = "SOFT RULES"
    for said in short_sentences(summary):
        lines += console.labelled(label, said, width)
        label = ""
    if closeness := what_closeness_costs(plan, summary):
        lines += console.paragraph(closeness, width, indent=12)
    if kept := kept_sentence(summary):
        lines += console.labelled(label, kept, width)
    return lines


def short_sentences(summary: Summary) -> list[str]:
    """Give each soft rule that falls short, by how much and where."""
    return [f"{rule.rule}: {_short(rule)}" for rule in summary.soft if rule.short]


def kept_sentence(summary: Summary) -> str:
    """Give the soft rules that are kept, with what they have to spare; blank where none is."""
    kept = [rule for rule in summary.soft if not rule.short]
    opening = "kept: " if len(kept) < len(summary.soft) else "all kept: "
    return opening + "; ".join(_kept(rule) for rule in kept) + "." if kept else ""


def what_closeness_costs(plan: Plan, summary: Summary) -> str:
    """Give what coming as close as can be costs, and what is held back from it.

    Blank where all are kept, or not asked.
    """
    short = [rule for rule in summary.soft if rule.short]
    if not short or plan.reasons is None or plan.reasons.closeness is None:
        return ""
    held, bounded = plan.reasons.held_back, plan.reasons.bounded
    said = [_cost(plan, plan.reasons.closeness.goal, short)]
    said += [_held_back(plan, held)] if held is not None else []
    said += [_bounded(plan, bounded)] if bounded is not None else []
    return " ".join(said)


def _kept(rule: SoftRule) -> str:
    """Say who keeps it: ``target 2005-06 by 1,979 young people``, or ``local_minimum by all 47, the closest Tees Valley
    at 10.8 %``.
    """
    closest = rule.closest
    if len(rule.rows) == 1:
        where = f" {closest.place}" if closest.place else ""
        spare = _count(closest.reached - closest.required, rule)
        return f"{rule.rule}{where} {closest.year} {'exactly' if spare == '0' else f'by {spare} {_unit(closest)}'}"
    name = closest.place or "the country"
    if closest.of:
        asked = {round(row.required / row.of, 9) for row in rule.rows if row.of}
        level = f" ({units.percentage(asked.pop())})" if len(asked) == 1 else ""
        when = f" {closest.year}" if len({row.year for row in rule.rows}) > 1 else ""
        said = f"{rule.rule}{level} by all {units.number(len(rule.rows))}, the closest {name}{when} at "
        return said + units.share(closest.reached / closest.of)
    reached, required = _count(closest.reached, rule), _count(closest.required, rule)
    said = f"{rule.rule} by all {units.number(len(rule.rows))}, the closest {name} {closest.year} with {reached} "
    return f"{said}{_unit(closest)} of {required} asked for"


def _short(rule: SoftRule) -> str:
    """Say who falls short: ``22 of 47 fall short, by 2,083 young people: Greater Manchester 363 of 1,828 …``."""
    total = _count(sum(row.shortfall for row in rule.short), rule)
    named = [
        f"{row.place or 'the country'}{f' {row.year}' if len({r.year for r in rule.rows}) > 1 else ''} "
        f"{_count(row.shortfall, rule)} of {_count(row.required, rule)}"
        for row in rule.short[:MOST_NAMED]
    ]
    more = " …" if len(rule.short) > MOST_NAMED else "."
    falls = "falls" if len(rule.short) == 1 else "fall"
    count = f"{units.number(len(rule.short))} of {units.number(len(rule.rows))}"
    return f"{count} {falls} short, by {total} {_unit(rule.short[0])}: {'; '.join(named)}{more}"


def _cost(plan: Plan, more: float, short: list[SoftRule]) -> str:
    """Say what it costs: ``Coming this close costs 3,248 ypy: without local_minimum the plan reaches 86,321.``"""
    measure, goal = goals.told(plan.scenario.settings), plan.recomputed.goal
    better = -more if goals.named(measure).less_is_better else more
    if better <= 0:
        return "Coming this close costs nothing."
    rules = units.listed([rule.rule for rule in short], "or")
    verb = "spends" if goals.named(measure).less_is_better else "reaches"
    said = f"without {rules} the plan {verb} {amounts.said(goal + more, measure)}"
    return f"Coming this close costs {amounts.told(better, measure)}: {said}."


def _held_back(plan: Plan, change: GoalChange) -> str:
    """Give what rules.soft_may_cost holds back.

    How much closer the soft rules could be come to, and what that costs.
    """
    settings = plan.scenario.settings
    measure = goals.told(settings)
    verb = "cost" if goals.named(measure).less_is_better else "lose"
    closer = units.number(-change.soft, 3)
    said = f"Without rules.soft_may_cost ({units.percentage(settings.rules.soft_may_cost or 0.0)} of the goal)"
    return (
        f"{said} they would fall short by {closer} less, each as a share of what it asks and added up, and the plan "
        f"would {verb} {amounts.told(change.goal, measure)} more."
    )


def _bounded(plan: Plan, change: GoalChange) -> str:
    """Offer to bound what coming close may cost: how much further short the rules then fall, and what that brings."""
    measure = goals.told(plan.scenario.settings)
    verb = "save" if goals.named(measure).less_is_better else "reach"
    further = units.number(change.soft, 3)
    further = "less than 0.001" if further == "0" else further
    return (
        f"--set rules.soft_may_cost={OFFERED:g} bounds that to {units.percentage(OFFERED)} of the goal: they would "
        f"fall short by {further} more, each as a share of what it asks and added "
        f"up, and the plan would {verb} {amounts.told(change.goal, measure)} more."
    )


def _count(amount: float, rule: SoftRule) -> str:
    """Give young people or places, with a decimal where the rule asks for few everywhere."""
    return units.number(amount, 1 if max(row.required for row in rule.rows) < FEW else 0)


def _unit(row: SoftRow) -> str:
    return "places" if row.of is None else "young people"
