"""A submission of two pages for who decides: what is asked for, what it who loses, how sure it is."""

from __future__ import annotations

from typing import Any

from allocator import units
from allocator.analyses.report import charts
from allocator.analyses.report.facts import Facts, losers_and_gainers
from allocator.analyses.report.page import achieves_chart, assumed, claim, goal_sentence, key_facts, measure_of
from allocator.analyses.solve.face import reduction_sentences
from allocator.analyses.solve.gains import Mover
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import Chart, Page, Section

MOST_SHOWN = 10  # gainers and losers in the chart, the largest changes


def brief_of(facts: Facts, *, name: str, made: str) -> Page:
    """Give the submission as a page. name: of the run. made: the date, as text."""
    settings = facts.plan.scenario.settings
    sections = (
        Section("issue", "The issue", tuple(one for one in (settings.question, _asked(facts)) if one)),
        Section(
            "brings",
            "What the plan brings",
            (
                key_facts(facts),
                " ".join(reduction_sentences(facts.plan, facts.summary)),
                achieves_chart(facts, table=False),
            ),
        ),
        _who(facts),
        Section("risks", "What to know before deciding", (tuple(_risks(facts)),)),
        Section("sure", "How sure it is", (claim(facts), assumed(facts))),
    )
    return Page(
        f"Submission: {settings.title}",
        f"{name} · {units.horizon(facts.years)} · made {made}",
        (f"The plan reaches {goal_sentence(facts)}.",),
        sections,
        (f"Made by allocator from the run {name}; allocator verify {name} checks every figure.",),
        f"{settings.title} · {name} · {'certified' if facts.plan.certified else 'NOT CERTIFIED'}",
        contents=False,
    )


def _asked(facts: Facts) -> str:
    granted = sum(row.granted for row in facts.summary.money)
    partnerships = units.counted(len(facts.plan.data.partnerships), "partnership")
    return f"{units.pounds_short(granted)} is to be granted to {partnerships}, {units.horizon(facts.years)}."


def _who(facts: Facts) -> Section:
    found = facts.movers
    lose, gain = losers_and_gainers(found)
    said = (
        f"{units.pounds_short(found.moved)} moves ({units.share(found.moved_share)} of the money). On shares as "
        f"before, each year's money by baseline share, {units.counted(lose, 'partnership')} "
        f"{'loses' if lose == 1 else 'lose'} more than 1 per cent and {units.number(gain)} "
        f"{'gains' if gain == 1 else 'gain'} more than that."
    )
    largest = [mover for mover in found.movers if mover.relative_change is not None][:MOST_SHOWN]
    if not largest:
        return Section("who", "Who gains and who loses", (said,))
    chart = Chart(
        "movers-chart",
        f"The {units.in_words(len(largest))} that change most in pounds",
        f"Change of all years' grants on shares as before, per cent, {units.horizon(facts.years)}",
        charts.movers(sorted(map(_bar, largest), key=lambda bar: -bar["change"]), "change on shares as before"),
        None,
    )
    return Section("who", "Who gains and who loses", (said, chart))


def _bar(mover: Mover) -> dict[str, Any]:
    change = mover.relative_change or 0.0
    return {"name": mover.name, "change": change, "said": units.signed_share(change)}


def _risks(facts: Facts) -> list[str]:
    """Give the unwelcome, unprompted: posts lost, targets missed, money unspent, rules short, the dearest rule."""
    summary = facts.summary
    said = [
        f"The target of {row.year} is missed by {units.people(row.required - row.reduction)} young people."
        for row in summary.reductions
        if row.required is not None and not row.met
    ]
    start, *years = summary.advisers
    fewer, cut = start.in_post - years[-1].in_post, sum(row.redundant for row in years)
    if fewer >= 0.5:
        said.append(f"{units.number(fewer)} fewer advisers are in post in {years[-1].year} than at the start.")
    if cut >= 0.5:
        cost = units.pounds_short(sum(summary.redundancy_costs))
        said.append(f"{units.counted(round(cut), 'redundancy', 'redundancies')} cost {cost}.")
    unspent = sum(row.lapsed for row in summary.money)
    if unspent >= 1:
        said.append(f"{units.pounds_short(unspent)} is given back.")
    short = sum(len(rule.short) for rule in summary.soft)
    if short:
        said.append(f"Rules that may fall short do so in {units.counted(short, 'row')}.")
    if facts.dearest is not None:
        rule, goal = facts.dearest
        measure = measure_of(facts)
        said.append(f"The dearest rule is {rule}: without it the plan would reach {amounts.said(goal, measure)} more.")
    return said or ["Every target is met, no post is lost and all money is spent."]
