"""A statement for one partnership: what it gets, how the number came about, and what it is to do. One or two pages.

The steps add up: from last year's grant to this one's, each with its pounds. A winner's and a loser's statement have
the same words in the same order.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocator import units
from allocator.analyses.evidence.evidence import GrantFirmness
from allocator.analyses.explain.facts import not_the_countrys
from allocator.analyses.explain.firmness import KEPT, Firmness
from allocator.analyses.explain.sentences import fact_in_words
from allocator.analyses.report.facts import Facts
from allocator.analyses.report.ladder import Ladder
from allocator.analyses.report.page import base_year, claim, measure_of
from allocator.no_plan.limits_in_words import sides_in_words
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import Command, Page, PageColumn, Section, Table, by_columns, words
from allocator.outputs.yardsticks import signed
from allocator.register import RULES, Rule, distributions, goals
from allocator.register.goals import CUMULATIVE
from allocator.register.rules import DISTRIBUTION, GUARANTEE, rule_of
from allocator.runs.findings import Fixed
from allocator.runs.grant_change import together
from allocator.tables.dataset import Floats

WHAT_WOULD_CHANGE_IT = (
    "What would change the number: another figure in this table, another rule above, or more money for all. Tell us "
    "where a figure is wrong: it can be changed and the plan solved again."
)
NEIGHBOURS = 6


@dataclass(frozen=True)
class Step:
    """One step from last year's grant to this year's. pounds: whole pounds of each year."""

    said: str
    pounds: tuple[int, ...]


@dataclass(frozen=True)
class Firm:
    """How firm a grant is. drawn: how many draws of the effects there are, and how it stands in them; None: not asked.

    ranges: from where to where it may lie in nearly as good plans, of all years or of each planned; none: not asked.
    """

    drawn: tuple[int, GrantFirmness] | None = None
    ranges: tuple[Firmness, ...] = ()


def steps_of(facts: Facts, ladder: Ladder, p: int) -> tuple[Step, ...]:
    """Give how each year's grant came about, from last year's to this year's whole pounds, step by step.

    Each step is in whole pounds; what that leaves over is in the last one, so that the steps add up to the grant.
    """
    money, data, years = facts.plan.recomputed.money, facts.plan.data, facts.grants[p]
    before = [float(data.baseline_grant.sum()), *money.tolist()[:-1]]
    last = [one.last_year for one in years]
    of_this_money = [
        was * float(now) / then if then > 0 else was for was, now, then in zip(last, money, before, strict=True)
    ]
    first = "last year's grant" + (" (the baseline grant, then your own)" if len(years) > 1 else " (the baseline)")
    steps, at = [Step(first, tuple(map(round, last)))], last
    for said, reached in (("the same share of this year's money", of_this_money), *_to_the_grant(facts, ladder, p)):
        moved = tuple(round(to - came) for to, came in zip(reached, at, strict=True))
        if any(moved):
            steps.append(Step(said, moved))
        at = reached
    whole = facts.rounded[p].tolist()
    rest = tuple(round(whole[t]) - sum(step.pounds[t] for step in steps) for t in range(len(years)))
    return (*steps, Step("rounding: all grants add up to the money", rest))


def _to_the_grant(facts: Facts, ladder: Ladder, p: int) -> list[tuple[str, list[float]]]:
    """Give the steps after the share of the money, each with the grants that it leads to."""
    if not ladder.grants:
        distribution = facts.plan.scenario.settings.grants.distribution.replace("_", " ")
        return [(f"what the distribution sets: {distribution}", facts.plan.figures.grant[p].tolist())]
    need = "need: what a pound brings here by NEET, effects and costs, before any rule on grants"
    names = [f"{rule}, for all: {_in_general(facts, rule)}" for rule in ladder.rules]
    return [(said, grants[p].tolist()) for said, grants in zip([need, *names], ladder.grants, strict=True)]


def _in_general(facts: Facts, rule: str) -> str:
    """Give what a rule does to a grant, in the words of its record, whichever the year."""
    settings = facts.plan.scenario.settings
    levels = {float(RULES[rule].level(settings, year) or 0.0) for year in facts.years if RULES[rule].levers}
    return _worded(RULES[rule], levels, "last year's")


def in_words(facts: Facts, rule: str, p: int, t: int) -> str:
    """Give what a rule does to a grant, in the words of its record: ``the grant may fall 5 % from £1,000,000``."""
    record = rule_of(rule) or DISTRIBUTION
    own = sides_in_words(facts.plan.data, rule) if record.by_quantity else ""
    levels = {float(record.level(facts.plan.scenario.settings, facts.years[t]) or 0.0)} if record.levers else set()
    last = units.pounds(facts.grants[p][t].last_year)
    before = f"{last} in {facts.years[t - 1]}" if t else f"the baseline grant of {last}"
    return _worded(record, levels, before, own)


def _worded(record: Rule, levels: set[float], before: str, own: str = "") -> str:
    shares = units.listed([units.percentage(level) for level in sorted(levels)], "or") or units.DASH
    times = units.listed([f"{level:g}" for level in sorted(levels)], "or") or units.DASH
    said = record.words.fixes or "the rule leaves it no room"
    return said.format(share=shares, times=times, before=before, said=own or "within its limits")


def statement_of(
    facts: Facts,
    ladder: Ladder,
    p: int,
    *,
    name: str,
    made: str,
    contact: str = "",
    firm: Mapping[str, Firm] | None = None,
) -> Page:
    """Give the statement of one partnership. name: of the run. contact: who to ask; left out where blank.

    firm: how firm each grant is, by partnership; None: not asked.
    """
    data = facts.plan.data
    title = f"{data.partnership_names[p]}: your grant for {units.horizon(facts.years)}"
    whole = together(facts.grants[p])
    change = (
        "the same as"
        if units.signed(whole.change) == "0"
        else f"{units.pounds(abs(whole.change))} ({units.share(abs(whole.relative_change or 0.0))}) "
        f"{'more' if whole.change > 0 else 'less'} than"
    )
    over = units.counted(len(facts.years), "year")
    lead = (
        f"{units.pounds(round(whole.grant))} over {over}, {change} your share of the money as before.",
        claim(facts),
    )
    sections = [
        _what_you_get(facts, p),
        _how(facts, ladder, p),
        _rule(facts, p, name, (firm or {}).get(data.partnerships[p], Firm())),
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
    years, served, posts = facts.grants[p], facts.reduction[p], facts.plan.figures.fte[p].sum(axis=1)
    table = by_columns(
        "get-table",
        "Your grant",
        words("year", facts.years),
        PageColumn("grant", "£", [units.number(one.grant) for one in years]),
        PageColumn("on last year", "£", [units.signed(one.change_on_last_year) for one in years]),
        PageColumn("on last year", "%", [signed(one.relative_on_last_year) for one in years]),
        PageColumn("in real terms", "%", [signed(one.real_on_last_year) for one in years]),
        PageColumn("on shares as before", "£", [units.signed(one.change) for one in years]),
        PageColumn(
            "grant", f"£, {base_year(facts.plan)} prices", [units.number(float(real)) for real in facts.real[p]]
        ),
        PageColumn("advisers", "FTE", [units.fte(float(fte)) for fte in posts]),
        PageColumn("fewer NEET", "at year's end", [units.people(float(fewer)) for fewer in served]),
        wide=True,
    )
    return Section("get", "What you get", (table,))


def _how(facts: Facts, ladder: Ladder, p: int) -> Section:
    steps = steps_of(facts, ladder, p)
    table = by_columns(
        "steps",
        "From last year's grant to this year's",
        words("step", [step.said for step in steps], total="your grant", mark="text"),
        *(_of_year(year, [step.pounds[t] for step in steps]) for t, year in enumerate(facts.years)),
    )
    parts: list[object] = [_because(facts, p), table]
    if ladder.rules:
        parts.append(
            f"Rules are put on in this order, for all partnerships at once: {units.listed(ladder.rules)}. A rule also "
            "moves grants that it does not fix: what others keep is found there, and what others lose goes there."
        )
        parts.append(_without_rules(facts, ladder, p))
    return Section("how", "How the number came about", tuple(parts))


def _of_year(year: str, pounds: list[int]) -> PageColumn:
    """Give the steps of a year: where it begins, what each changes, and their sum."""
    first, *changes = pounds
    return PageColumn(year, "£", [units.number(first), *map(units.signed, changes)], units.number(sum(pounds)))


def _because(facts: Facts, p: int) -> str:
    """Give what is not here as in the country, which is why a pound brings more or less."""
    apart = not_the_countrys(facts.plan.data, facts.plan.scenario.settings, p)
    if not apart:
        return "Need, effects and costs here are the country's."
    told = "; ".join(fact_in_words(fact) for fact in apart)
    return f"{told[0].upper()}{told[1:]}."


def _without_rules(facts: Facts, ladder: Ladder, p: int) -> str:
    """Give what the grant would be without the rules on grants, and without the last of them: both were solved."""
    whole, free, last = (
        units.pounds_short(float(grants.sum()), 2)
        for grants in (facts.rounded[p], ladder.grants[0][p], ladder.grants[-2][p])
    )
    alone = f", without {ladder.rules[-1]} alone {last}" if len(ladder.rules) > 1 and last != whole else ""
    return f"Without any of these rules your grant would be {free} over all years{alone}; as it is, {whole}."


def _rule(facts: Facts, p: int, name: str, firm: Firm) -> Section:
    return Section(
        "rule", "Which rule fixed it, and how firm it is", (tuple(fixed_by(facts, p)), *_firm(facts, p, name, firm))
    )


def fixed_by(facts: Facts, p: int) -> list[str]:
    """Give a sentence a year: the rule that fixed the grant, in the words of the one concerned, and what it is
    worth.
    """
    if facts.fixed_by is None:
        return ["Which rules fixed it was not asked."]
    key, said = facts.plan.data.partnerships[p], []
    for t, year in enumerate(facts.years):
        rules = facts.fixed_by.get((key, year), ())
        if not rules:
            said.append(f"{year}: no rule fixed it; the next pound brings as much here as elsewhere.")
            continue
        told = "; ".join(in_words(facts, rule, p, t) for rule in rules)
        found = facts.fixed.get((key, year))
        together = ", neither alone" if found is not None and found.together else ""
        said.append(f"{year}: {units.listed(rules)} fixed it{together}: {told}.{_worth(facts, found)}")
    return said


def _worth(facts: Facts, found: Fixed | None) -> str:
    """Give what room would bring at first; blank of a grant that is set, or by a limit on both sides."""
    if found is None or found.more_room is None:
        return ""
    than, where = ("less", "elsewhere") if found.side == ">=" else ("more", "here")
    without = f" Without {'them' if found.together else 'it'} you would get {than}"
    if found.then is not None:
        brings = amounts.rate(found.then, CUMULATIVE.name)
        return f"{without}: {units.pounds_short(found.step)} {than} would bring, at first, {brings} in all {where}."
    if found.more_room.soft:
        return f"{without}, and soft rules would fall less short."
    brings = amounts.rate(found.more_room.goal, measure_of(facts))
    return f"{without}: {units.pounds_short(found.step)} {than} would bring, at first, {brings} {where}."


def _firm(facts: Facts, p: int, name: str, firm: Firm) -> list[str]:
    """Give how far the amount can be relied on.

    What all would lose with shares as before, and how often it is a gain.
    """
    summary, data = facts.summary, facts.plan.data
    said = []
    for within in firm.ranges:
        low, high, this = (units.pounds_short(one, 2) for one in (within.smallest, within.largest, within.grant))
        when = f"the grant of {within.year}" if within.year else "your grant of all years"
        kept = f"keeps {units.percentage(KEPT)} of what moving grants brings"
        allowed = ", which is all that the rules allow" if within.all_that_is_allowed else ""
        said.append(
            f"In plans of which each {kept}, {when} lies from {low} to {high}{allowed}; in this one it is {this}."
        )
    if firm.drawn is not None:
        draws, row = firm.drawn
        said.append(
            f"In {units.number(round(draws * row.above))} of {units.number(draws)} draws of the effects your grant "
            f"is above your share of the money as before, in {units.number(round(draws * row.below))} below."
        )
    if distributions.of(facts.plan.scenario.settings).as_before:
        said.append("Every grant is its share as before: the plan chose none of them.")
    elif summary.goal_as_before is not None and summary.goal:
        measure = measure_of(facts)
        lost = abs(summary.goal - summary.goal_as_before)
        part = units.share(lost / abs(summary.goal), 2)
        verb = "spend" if goals.named(measure).less_is_better else "reach"
        more = "more" if summary.goal_as_before > summary.goal else "less"
        said.append(
            f"Were every grant its share as before, the country would {verb} {amounts.said(lost, measure)} ({part}) "
            f"{more}. The smaller that is, the less firm is any single amount. Which other grants of yours would be as "
            f"good is said by allocator explain {name} {data.partnerships[p]}."
        )
    return said


def _to_do(facts: Facts, p: int) -> Section:
    plan, data = facts.plan, facts.plan.data
    by_intervention = plan.figures.places[p].sum(axis=(2, 3))  # [t, i]
    offered = [i for i in range(len(data.interventions)) if by_intervention[:, i].sum() > 0.5]
    fte = plan.figures.fte[p]  # [t, a]
    parts: list[object] = [
        by_columns(
            "posts",
            "Advisers in post, FTE",
            words("grade", data.grade_names),
            PageColumn("at the start", "", [units.fte(float(posts)) for posts in data.workforce[p]]),
            *(PageColumn(year, "", [units.fte(float(one)) for one in fte[t]]) for t, year in enumerate(facts.years)),
        ),
        by_columns(
            "places",
            "Young people served",
            words("intervention", [data.intervention_names[i] for i in offered]),
            *(
                PageColumn(year, "", [units.people(float(by_intervention[t, i])) for i in offered])
                for t, year in enumerate(facts.years)
            ),
        ),
        *_guaranteed(facts, p),
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


def _guaranteed(facts: Facts, p: int) -> list[Table]:
    """Give what is promised to client groups here, and what the plan offers them; nothing where nothing is."""
    key = facts.plan.data.partnerships[p]
    promised = [
        row for row in facts.plan.recomputed.rows if row.rule == GUARANTEE.name and row.place.partnership == key
    ]
    if not promised:
        return []
    data = facts.plan.data
    names = dict(zip(data.interventions, data.intervention_names, strict=True))
    groups = dict(zip(data.client_groups, data.client_group_names, strict=True))
    whom = [f"{groups[row.place.detail[0]]}, {row.place.year}" for row in promised]
    of_what = (units.listed([names.get(one, one) for one in row.place.detail[1].split("+")], "or") for row in promised)
    return [
        by_columns(
            "guaranteed",
            "What is guaranteed",
            words("to whom and when", whom),
            words("of what", of_what, mark="text"),
            PageColumn("young people served", "", [units.people(row.left) for row in promised]),
            PageColumn("at least", "", [units.people(row.right) for row in promised]),
        )
    ]


def _stopped(facts: Facts, p: int, served: Floats) -> list[str]:
    """Give what is done less than the year before: posts by grade, and places by a tenth or more, the largest first.

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
                reached = "none" if now < 0.5 else units.people(now)
                found.append(
                    (
                        before - now,
                        f"{name}: from {units.people(before)} young people to {reached} in {facts.years[t]}.",
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
    table = by_columns(
        "taken-table",
        "Facts and where they stand",
        words("fact", [what for what, _, _ in facts_taken]),
        words("value", [value for _, value, _ in facts_taken], mark="text"),
        words("status", [status.get(source, units.DASH) for _, _, source in facts_taken], mark="word"),
    )
    return Section("taken", "What was taken about you", (table, WHAT_WOULD_CHANGE_IT))


def _neighbours(facts: Facts, p: int) -> Section:
    """Give those nearest by need: NEET as a share of young people."""
    data = facts.plan.data
    need = facts.neet.sum(axis=1) / np.maximum(facts.young_people.sum(axis=1), 1e-9)
    nearest = sorted(range(len(need)), key=lambda q: (abs(need[q] - need[p]), data.partnerships[q]))[: NEIGHBOURS + 1]
    shown = sorted(nearest, key=lambda q: data.partnership_names[q])
    whole = [together(facts.grants[q]) for q in shown]
    a_person = (one.grant / max(float(facts.neet[q].sum()), 1e-9) for q, one in zip(shown, whole, strict=True))
    table = by_columns(
        "neighbours-table",
        "Partnerships with a need like yours, by name",
        words("partnership", [data.partnership_names[q] + (" (you)" if q == p else "") for q in shown]),
        words("region", [data.regions[q] for q in shown], mark="text"),
        PageColumn("NEET", "of young people", [units.share(float(need[q])) for q in shown]),
        PageColumn("grant", "£ a NEET young person and year", map(units.number, a_person)),
        PageColumn("on shares as before", "%", [signed(one.relative_change) for one in whole]),
    )
    return Section("neighbours", "Nearest neighbours by need", (table,))


def _ask(name: str, contact: str, key: str) -> Section:
    parts: list[object] = [contact] if contact else []
    for said, command in (
        ("The reasons in full, and what would change them:", ("explain", name, key)),
        ("Every figure checked, without a solver:", ("verify", name)),
    ):
        parts += [said, Command(shlex.join(("allocator", *command)))]
    return Section("ask", "Who to ask and how to check" if contact else "How to check", tuple(parts))
