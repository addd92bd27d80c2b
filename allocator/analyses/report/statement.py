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
from allocator.outputs.page import Cell, Heading, Page, Section, Table
from allocator.runs.grant_change import together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocator.analyses.report.facts import Facts

NEIGHBOURS = 6


@dataclass(frozen=True)
class Step:
    """One step from last year's grant to this year's: what it is, and its pounds."""

    said: str
    pounds: float


@dataclass(frozen=True)
class YearSteps:
    """How one year's grant came about. The steps begin with last year's grant and add up to whole pounds."""

    year: str
    steps: tuple[Step, ...]
    grant: float  # whole pounds


def steps_of(facts: Facts, p: int) -> tuple[YearSteps, ...]:
    """How each year's grant came about: last year, the change of the money, need, what rules hold, rounding.

    The money's step is what last year's grant would be at this year's total. The step of need is what the best plan moves
    here or away; where a rule leaves the grant no room, what the rule alone adds or takes is not known without solving,
    so it is named in the words of that step.
    """
    data, plan = facts.plan.data, facts.plan
    money = plan.recomputed.money
    found = []
    for t, one in enumerate(facts.grants[p]):
        before = float(money[t - 1]) if t else float(data.baseline_grant.sum())
        at_this_total = one.last_year * float(money[t]) / before if before > 0 else one.last_year
        rules = facts.fixed_by.get((data.partnerships[p], one_year(facts, t)), ())
        moved = one.grant - at_this_total
        said = "the best use of the money: a pound reduces NEET "
        said += ("more" if moved > 0 else "less") + " here than elsewhere"
        if rules:
            said += f", held by {units.listed(rules)}"
        steps = (
            Step("last year's grant" if t else "the baseline grant", one.last_year),
            Step("the same share of this year's money", at_this_total - one.last_year),
            Step(said, moved),
            Step("rounding to whole pounds", float(facts.rounded[p, t]) - one.grant),
        )
        found.append(YearSteps(one_year(facts, t), steps, float(facts.rounded[p, t])))
    return tuple(found)


def one_year(facts: Facts, t: int) -> str:
    """The name of a year by its position."""
    return facts.years[t]


def statement_of(facts: Facts, p: int, *, name: str, made: str, contact: str = "") -> Page:
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
        _how(facts, p),
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


def _how(facts: Facts, p: int) -> Section:
    parts: list[object] = []
    for of in steps_of(facts, p):
        rows = tuple(
            (
                Cell(step.said, mark="text"),
                Cell(
                    units.number(step.pounds)
                    if k == 0
                    else units.signed(step.pounds, 0 if abs(step.pounds) >= 0.5 else 2)
                ),
            )
            for k, step in enumerate(of.steps)
        )
        parts.append(
            Table(
                f"steps-{of.year}",
                f"{of.year}, step by step",
                (Heading("step", align="left"), Heading("£")),
                rows,
                totals=((Cell(f"your grant of {of.year}"), Cell(units.number(of.grant))),),
            )
        )
    return Section("how", "How the number came about", tuple(parts))


def _rule(facts: Facts, p: int) -> Section:
    key = facts.plan.data.partnerships[p]
    said = []
    for year in facts.years:
        rules = facts.fixed_by.get((key, year), ())
        said.append(
            f"{year}: {units.listed(rules)} {'leaves' if len(rules) == 1 else 'leave'} your grant no room."
            if rules
            else f"{year}: no rule fixed it; the next pound brings as much here as elsewhere."
        )
    return Section("rule", "Which rule fixed it", (tuple(said),))


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
        parts += ["What you stop doing, or do less of, from one year to the next:", tuple(stopped)]
    cut = plan.figures.redundancies[p].sum(axis=1)
    if cut.sum() >= 0.05:
        parts.append(
            "Redundancies: "
            + units.listed([f"{units.fte(float(n))} FTE in {facts.years[t]}" for t, n in enumerate(cut) if n >= 0.05])
            + "."
        )
    return Section("do", "What you are to do", tuple(parts))


def _stopped(facts: Facts, p: int, served: np.ndarray) -> list[str]:
    """What is served less than the year before, by a tenth or more, the largest first."""
    data, found = facts.plan.data, []
    for t in range(1, len(facts.years)):
        for i, name in enumerate(data.intervention_names):
            before, now = float(served[t - 1, i]), float(served[t, i])
            if before - now >= max(0.1 * before, 1.0):
                word = "stops" if now < 0.5 else f"falls from {units.people(before)} to {units.people(now)}"
                found.append(
                    (
                        before - now,
                        f"{name} {word} in {facts.years[t]}"
                        + (f" ({units.people(before)} the year before)." if now < 0.5 else "."),
                    )
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
