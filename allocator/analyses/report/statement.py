"""A statement for one partnership: what it gets, how the number came about, and what it is to do. One or two pages.

The steps add up: from last year's grant to this one's, each with its pounds. A winner's and a loser's statement have the
same words in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from allocator import units
from allocator.analyses.report.page import base_year, claim
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import Cell, Heading, Page, Section, Table
from allocator.register import RULES
from allocator.register.rules import DISTRIBUTION
from allocator.runs.grant_change import together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocator.analyses.report.facts import Facts
    from allocator.analyses.report.ladder import Ladder
    from allocator.tables.dataset import Floats

NEIGHBOURS = 6
ROOM = 100_000.0  # £: the step in which a rule's worth is told


@dataclass(frozen=True)
class Step:
    """One step from last year's grant to this year's: what it is, and its pounds."""

    said: str
    pounds: int


@dataclass(frozen=True)
class YearSteps:
    """How one year's grant came about. The steps begin with last year's grant and add up to whole pounds."""

    year: str
    steps: tuple[Step, ...]
    grant: int


def steps_of(facts: Facts, ladder: Ladder, p: int) -> tuple[YearSteps, ...]:
    """How each year's grant came about, from last year's to this year's whole pounds, step by step.

    Each step is in whole pounds; what that leaves over is in the last one, so that the steps add up.
    """
    found = []
    money, data = facts.plan.recomputed.money, facts.plan.data
    for t, one in enumerate(facts.grants[p]):
        year = facts.years[t]
        before = float(money[t - 1]) if t else float(data.baseline_grant.sum())
        of_this_money = one.last_year * float(money[t]) / before if before > 0 else one.last_year
        steps = [Step(f"your grant of {facts.years[t - 1]}" if t else "the baseline grant", round(one.last_year))]
        at = one.last_year
        share = f"the same share of the money of {year}"
        for said, reached in ((share, of_this_money), *_from_share_to_grant(facts, ladder, p, t)):
            if round(reached - at):
                steps.append(Step(said, round(reached - at)))
                at = reached
        whole = round(float(facts.rounded[p, t]))
        steps.append(Step("rounding: all grants add up to the money", whole - sum(step.pounds for step in steps)))
        found.append(YearSteps(year, tuple(steps), whole))
    return tuple(found)


def _from_share_to_grant(facts: Facts, ladder: Ladder, p: int, t: int) -> list[tuple[str, float]]:
    """The steps after the share of the money, each with the grant that it leads to."""
    if not ladder.grants:
        distribution = facts.plan.scenario.settings.grants.distribution.replace("_", " ")
        return [(f"what the distribution sets: {distribution}", float(facts.plan.figures.grant[p, t]))]
    reached = [float(grants[p, t]) for grants in ladder.grants]
    need = "need: what a pound brings here by NEET, effects and costs, before any rule on grants"
    names = [f"{rule}, for all: {in_words(facts, rule, p, t)}" for rule in ladder.rules]
    return list(zip([need, *names], reached, strict=True))


def in_words(facts: Facts, rule: str, p: int, t: int) -> str:
    """What a rule does to a grant, in the words of its record: ``the grant may fall 5 % from £1,000,000``."""
    record = RULES.get(rule, DISTRIBUTION)
    level = float(record.value(facts.plan.scenario.settings) or 0.0) if record.levers else 0.0
    last = units.pounds(facts.grants[p][t].last_year)
    before = f"{last} in {facts.years[t - 1]}" if t else f"the baseline grant of {last}"
    said = record.words.fixes or "the rule leaves it no room"
    return said.format(share=units.percentage(level), times=f"{level:g}", before=before)


def statement_of(facts: Facts, ladder: Ladder, p: int, *, name: str, made: str, contact: str = "") -> Page:
    """The statement of one partnership. name: of the run. contact: who to ask; left out where blank."""
    data = facts.plan.data
    title = f"{data.partnership_names[p]}: your grant for {units.horizon(facts.years)}"
    whole = together(facts.grants[p])
    change = (
        "the same as"
        if units.signed(whole.change) == "0"
        else f"{units.pounds(abs(whole.change))} ({units.share(abs(whole.relative_change or 0.0))}) {'more' if whole.change > 0 else 'less'} than"
    )
    lead = (
        f"{units.pounds(round(whole.grant))} over {units.counted(len(facts.years), 'year')}, {change} your share of the money as before.",
        claim(facts.plan),
    )
    sections = [
        _what_you_get(facts, p),
        _how(facts, ladder, p),
        _rule(facts, p),
        _to_do(facts, p),
        _taken(facts, p),
        _neighbours(facts, p),
        _ask(name, contact, data.partnerships[p]),
    ]
    return Page(
        title,
        f"{data.regions[p]} · {name} · made {made}",
        lead,
        tuple(sections),
        (f"Made by allocator from the run {name}.",),
        f"{title} · {name} · {'certified' if facts.plan.certified else 'NOT CERTIFIED'}",
        contents=False,
        links=(("All partnerships", "index.html"),),
    )


def _what_you_get(facts: Facts, p: int) -> Section:
    base = base_year(facts.plan)
    rows = tuple(
        (
            Cell(facts.years[t]),
            Cell(units.number(one.grant)),
            Cell(units.signed(one.change_on_last_year)),
            Cell(
                units.or_dash(
                    None if one.relative_on_last_year is None else units.signed_share(one.relative_on_last_year)
                )
            ),
            Cell(units.or_dash(None if one.real_on_last_year is None else units.signed_share(one.real_on_last_year))),
            Cell(units.signed(one.change)),
            Cell(units.number(float(facts.real[p, t]))),
            Cell(units.fte(float(facts.plan.figures.fte[p, t].sum()))),
            Cell(units.people(float(facts.reduction[p, t]))),
        )
        for t, one in enumerate(facts.grants[p])
    )
    heads = (
        Heading("year", align="left"),
        Heading("grant", "£"),
        Heading("on last year", "£"),
        Heading("on last year", "%"),
        Heading("in real terms", "%"),
        Heading("on shares as before", "£"),
        Heading("grant", f"£, {base} prices"),
        Heading("advisers", "FTE"),
        Heading("fewer NEET", "at year's end"),
    )
    return Section("get", "What you get", (Table("get-table", "Your grant", heads, rows, wide=True),))


def _how(facts: Facts, ladder: Ladder, p: int) -> Section:
    parts: list[object] = []
    for t, of in enumerate(steps_of(facts, ladder, p)):
        rows = tuple(
            (Cell(step.said, mark="text"), Cell(units.signed(step.pounds) if k else units.number(step.pounds)))
            for k, step in enumerate(of.steps)
        )
        total = (Cell(f"your grant of {of.year}"), Cell(units.number(of.grant)))
        heads = (Heading("step", align="left"), Heading("£"))
        parts.append(Table(f"steps-{t + 1}", f"{of.year}, step by step", heads, rows, totals=(total,)))
    if ladder.rules:
        parts.append(
            f"Rules are put on in this order, for all partnerships at once: {units.listed(ladder.rules)}. A rule moves "
            "a grant that it does not fix where it fixes others, since what they keep or lose is found here or spent here."
        )
    return Section("how", "How the number came about", tuple(parts))


def _rule(facts: Facts, p: int) -> Section:
    return Section("rule", "Which rule fixed it, and how firm it is", (tuple(fixed_by(facts, p)), *_firm(facts, p)))


def fixed_by(facts: Facts, p: int) -> list[str]:
    """A sentence a year: the rule that fixed the grant, in the words of the one concerned, and what it is worth."""
    key, said = facts.plan.data.partnerships[p], []
    for t, year in enumerate(facts.years):
        rules = facts.fixed_by.get((key, year), ())
        for rule in rules:
            said.append(f"{year}: {rule} fixed it: {in_words(facts, rule, p, t)}.{_worth(facts, rule, key, year)}")
        if not rules:
            said.append(f"{year}: no rule fixed it; the next pound brings as much here as elsewhere.")
    return said


def _worth(facts: Facts, rule: str, key: str, year: str) -> str:
    """What room in a rule's row would bring, by the plan's prices; blank where that is nothing."""
    price = facts.prices.get((rule, key, year), 0.0)
    measure = facts.plan.scenario.settings.goal.measure
    if rule not in RULES or not amounts.is_something(price * ROOM, measure):
        return ""
    brings = amounts.said(price * ROOM, measure)
    less_or_more, where = ("less", "elsewhere") if RULES[rule].sense == ">=" else ("more", "here")
    return f" Without it you would get {less_or_more}: {units.pounds_short(ROOM)} {less_or_more} would bring {brings} {where}."


def _firm(facts: Facts, p: int) -> list[str]:
    """How far the amount can be relied on: what all would lose with shares as before, and where the range is told."""
    summary, data = facts.summary, facts.plan.data
    said = []
    if summary.goal_as_before is not None and summary.goal:
        measure = facts.plan.scenario.settings.goal.measure
        lost = abs(summary.goal - summary.goal_as_before)
        part = units.share(lost / abs(summary.goal), 2)
        said.append(
            f"Were every grant its share as before, the country would reach {amounts.said(lost, measure)} ({part}) "
            "less. The smaller that is, the less firm is any single amount; which range of grants is as good for you "
            f"says allocator explain, for {data.partnerships[p]}."
        )
    return said


def _to_do(facts: Facts, p: int) -> Section:
    plan, data = facts.plan, facts.plan.data
    posts = tuple(
        (
            Cell(data.grade_names[a]),
            Cell(units.fte(float(data.workforce[p, a]))),
            *(Cell(units.fte(float(plan.figures.fte[p, t, a]))) for t in range(len(facts.years))),
        )
        for a in range(len(data.grades))
    )
    by_intervention = plan.figures.places[p].sum(axis=(2, 3))  # [t, i]
    offered = [i for i in range(len(data.interventions)) if by_intervention[:, i].sum() > 0.5]
    places = tuple(
        (
            Cell(data.intervention_names[i]),
            *(Cell(units.people(float(by_intervention[t, i]))) for t in range(len(facts.years))),
        )
        for i in offered
    )
    years = tuple(Heading(year) for year in facts.years)
    parts: list[object] = [
        Table(
            "posts", "Advisers in post, FTE", (Heading("grade", align="left"), Heading("at the start"), *years), posts
        ),
        Table("places", "Young people served", (Heading("intervention", align="left"), *years), places),
    ]
    stopped = _stopped(facts, p, by_intervention)
    if stopped:
        parts += ["What you stop doing, or do less of, against the year before:", tuple(stopped)]
    cut = plan.figures.redundancies[p].sum(axis=1)
    if cut.sum() >= 0.05:
        parts.append(
            "Redundancies: "
            + units.listed([f"{units.fte(float(n))} FTE in {facts.years[t]}" for t, n in enumerate(cut) if n >= 0.05])
            + "."
        )
    return Section("do", "What you are to do", tuple(parts))


def _stopped(facts: Facts, p: int, served: Floats) -> list[str]:
    """What is done less than the year before: posts by grade, and places by a tenth or more, the largest first.

    Of the first year only the posts at the start are known, not what was served before it.
    """
    plan, data, found = facts.plan, facts.plan.data, []
    for a, grade in enumerate(data.grade_names):
        posts = [float(data.workforce[p, a]), *plan.figures.fte[p, :, a].tolist()]
        for year, before, now in zip(facts.years, posts, posts[1:], strict=False):
            if before - now >= max(0.1 * before, 0.5):
                found.append((before - now, f"{grade}: from {units.fte(before)} to {units.fte(now)} FTE in {year}."))
    for t in range(1, len(data.years)):
        for i, name in enumerate(data.intervention_names):
            before, now = float(served[t - 1, i]), float(served[t, i])
            if before - now >= max(0.1 * before, 1.0):
                reached = "to none" if now < 0.5 else f"to {units.people(now)}"
                found.append(
                    (before - now, f"{name}: from {units.people(before)} {reached} young people in {facts.years[t]}.")
                )
    return [said for _, said in sorted(found, key=lambda one: -one[0])]


def _taken(facts: Facts, p: int) -> Section:
    data = facts.plan.data
    status = {f"{row['table']}.{row['column']}": row["status"] for row in data.tables.get("sources", ())}
    facts_taken = (
        (
            "NEET without the programme",
            units.listed([f"{units.people(float(facts.neet[p, t]))} in {year}" for t, year in enumerate(facts.years)]),
            "young_people.neet",
        ),
        (
            "what an effect counts here",
            f"{units.number(float(data.effect_multiplier[p]), 2)} times",
            "partnerships.effect_multiplier",
        ),
        ("area costs", f"{units.number(float(data.area_cost_factor[p]), 2)} times", "partnerships.area_cost_factor"),
        ("fixed costs", f"{units.pounds(float(data.fixed_cost[p]))} a year", "partnerships.fixed_cost"),
        ("advisers at the start", f"{units.fte(float(data.workforce[p].sum()))} FTE", "workforce.fte"),
    )
    rows = tuple(
        (Cell(what), Cell(value, mark="text"), Cell(status.get(source, units.DASH)))
        for what, value, source in facts_taken
    )
    return Section(
        "taken",
        "What was taken about you",
        (
            Table(
                "taken-table",
                "Facts and where they stand",
                (Heading("fact", align="left"), Heading("value", align="left"), Heading("status")),
                rows,
            ),
            "Tell us where one of these is wrong: it can be changed and the plan solved again.",
        ),
    )


def _neighbours(facts: Facts, p: int) -> Section:
    """Those nearest by need: NEET as a share of young people."""
    data = facts.plan.data
    need = facts.neet.sum(axis=1) / np.maximum(facts.young_people.sum(axis=1), 1e-9)
    nearest: Sequence[int] = sorted(range(len(need)), key=lambda q: (abs(need[q] - need[p]), data.partnerships[q]))[
        : NEIGHBOURS + 1
    ]
    rows = []
    for q in sorted(nearest, key=lambda q: data.partnership_names[q]):
        whole = together(facts.grants[q])
        rows.append(
            (
                Cell(data.partnership_names[q] + (" (you)" if q == p else "")),
                Cell(data.regions[q], mark="text"),
                Cell(units.share(float(need[q]))),
                Cell(units.number(whole.grant / max(float(facts.neet[q].sum()), 1e-9))),
                Cell(
                    units.or_dash(None if whole.relative_change is None else units.signed_share(whole.relative_change))
                ),
            )
        )
    heads = (
        Heading("partnership", align="left"),
        Heading("region", align="left"),
        Heading("NEET", "of young people"),
        Heading("grant", "£ a NEET young person and year"),
        Heading("on shares as before", "%"),
    )
    return Section(
        "neighbours",
        "Nearest neighbours by need",
        (Table("neighbours-table", "Partnerships with a need like yours, by name", heads, tuple(rows)),),
    )


def _ask(name: str, contact: str, key: str) -> Section:
    parts: list[object] = [contact] if contact else []
    parts.append(
        (
            f"allocator explain {name} {key} gives the reasons in full.",
            f"allocator verify {name} checks every figure without a solver.",
        )
    )
    return Section("ask", "Who to ask and how to check" if contact else "How to check", tuple(parts))
