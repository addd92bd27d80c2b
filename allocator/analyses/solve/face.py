"""The summary that `allocator solve` prints: headline first, the unwelcome unprompted, section by section."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from rich.text import Text

from allocator import units
from allocator.analyses.evidence.pooling import pooled_pairs
from allocator.analyses.solve.face_of_caution import caution_lines
from allocator.analyses.solve.face_of_gains import movers_lines
from allocator.analyses.solve.face_of_rules import rules_lines
from allocator.analyses.solve.face_of_soft_rules import soft_lines
from allocator.analyses.solve.face_of_worth import (
    cost_of_the_next,
    ended_by,
    prices_told,
    rule_named,
    spared,
    worth_lines,
)
from allocator.analyses.solve.summary import AdviserYear, MoneyYear, ReductionYear, Summary, Unspent, summarise
from allocator.analyses.solve.unspent import MOST_GRANTS, moved
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn
from allocator.register import Goal, distributions, goals
from allocator.register.goals import CUMULATIVE
from allocator.register.rules import HEADCOUNT, RECRUITMENT, TARGET
from allocator.runs.findings import GoalChange, Worth
from allocator.runs.plan import AS_BEFORE, REASONS, Plan
from allocator.tolerances import SOLVED_TO
from allocator.what_if.cases import shortfall_of

FEW_PEOPLE = 10.0  # below it young people are told with a decimal
FEW_POSTS = 100.0  # below it posts are told with a decimal
WORTH_SAYING = 0.5  # FTE: fewer posts lost are not spoken of
QUIETER = 0.1  # of what moves: by how much less is worth a word
NEXT_TO_NOTHING = 1e-3  # of the goal: what moving grants brings is told as next to nothing below it
NOT_WORKED_OUT = "What shares as before would bring was not worked out: that was stopped, or took too long."
Section = Callable[["Plan", "Summary", int], list[Text]]


def write_first(plan: Plan) -> None:
    """Print what the plan is and how good it is known to be, before anything more is asked of it.

    On a terminal, where somebody waits, that is the plan itself: what it reaches, its money and its advisers.
    """
    width, summary = console.width_of(sys.stdout), summarise(plan)
    itself = _itself(plan, summary, width) if _waits() else []
    console.write([*_lines_of([headline], plan, summary, width), *itself])
    sys.stdout.flush()


def write(plan: Plan, run: Path | None) -> None:
    """Print the rest of the summary of a plan. run: its folder; None where it could not be written."""
    width = console.width_of(sys.stdout)
    summary = summarise(plan)
    said = (headline, reductions, money, advisers) if _waits() else (headline,)
    rest = [section for section in SECTIONS if section not in said]
    since = _told_since(plan, summary, width) if _waits() else []
    written = _written(plan, summary, run, width) if run is not None else []
    console.write([*since, *_lines_of(rest, plan, summary, width), *written])
    sys.stdout.flush()


def _waits() -> bool:
    return sys.stdout.isatty()


def _unasked(plan: Plan) -> Plan:
    """Give the plan as it stood when nothing more had been asked of it."""
    return replace(plan, reasons=None, as_before=None, unanswered=(AS_BEFORE, REASONS))


def _itself(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give what a plan of which nothing more was asked reaches, its money and its advisers."""
    said = [told for told in reduction_sentences(plan, summary) if told != NOT_WORKED_OUT]
    lines = [*_reduction_table(plan, summary, width), *console.paragraph(" ".join(said), width), Text("")]
    return [*lines, *_money_table(summary, width), Text(""), *advisers(plan, summary, width), Text("")]


def _told_since(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give what was not known when the plan itself was printed: what shares as before bring, and reasons."""
    bare = _unasked(plan)
    before = summarise(bare)
    known = {*reduction_sentences(bare, before), *adviser_sentences(bare, before)} - {NOT_WORKED_OUT}
    lines = []
    if summary.goal_as_before is not None:
        years = [row.year for row in summary.reductions]
        lines += [*console.table("AGAINST SHARES AS BEFORE", years, _as_before_columns(summary), width)]
    told = [told for told in reduction_sentences(plan, summary) if told not in known]
    lines += console.paragraph(" ".join(told), width)
    more = [*money_sentences(plan, summary), *adviser_sentences(plan, summary)]
    said = " ".join(told for told in more if told not in known)
    return [*lines, Text(""), *console.labelled("REASONS", said, width), Text("")]


def summary_lines(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give all sections of the summary."""
    return _lines_of(SECTIONS, plan, summary, width)


def _lines_of(sections: Iterable[Section], plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give the lines of sections, with an empty one after each that says anything."""
    lines: list[Text] = []
    for section in sections:
        said = section(plan, summary, width)
        if said:
            lines += [*said, Text("")]
    return lines


def headline(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give title, question, and in one line how good the plan is known to be."""
    settings = plan.scenario.settings
    lines = [console.between(settings.title, plan.scenario.name, width)]
    if settings.question:
        lines += console.paragraph(settings.question, width, indent=0)
    if plan.scenario.overrides:
        said = f"Changed for this run: {', '.join(plan.scenario.overrides)}."
        lines += console.paragraph(said, width, indent=0, hang=2)
    if plan.certified and plan.gap is not None and plan.violation is not None:
        residue = f"(largest violation {units.size(plan.violation)}, gap {units.size(max(plan.gap, 0.0))})"
        lines += console.paragraph(f"{proved(plan, summary)} {residue}.", width, indent=0, hang=2)
    else:
        lines += console.paragraph(f"NOT CERTIFIED: {plan.why_uncertified}.", width, indent=0, hang=2, style="red")
    if "goal.benefit_per_neet" in goals.of(settings).settings and not settings.goal.benefit_per_neet:
        said = "! goal.benefit_per_neet is 0: the goal counts only what is spent, and no young person."
        lines += console.paragraph(said, width, indent=0, hang=2, style="yellow")
    if settings.solver.name != "HiGHS":
        unasked = "what more would be worth, and why money is left, only HiGHS tells"
        said = f"! Solved with {settings.solver.name}: {unasked}."
        lines += console.paragraph(said, width, indent=0, hang=2, style="yellow")
    for stage in plan.solution.stages:
        if stage.outcome not in ("optimal", "not needed"):
            year = f" {stage.year}" if stage.year else ""
            said = f"! Stage {stage.stage}{year} ended {stage.outcome}: the plan of the stage before it stands."
            lines += console.paragraph(said, width, indent=0, hang=2, style="yellow")
    return lines


def proved(plan: Plan, summary: Summary) -> str:
    """Give what the certificate proves, and no more.

    Of soft rules that fall short, and of years planned by themselves.
    """
    settings, goal = plan.scenario.settings, goals.of(plan.scenario.settings)
    yearly = settings.certainty.kind == "year_on_year"
    none_better = "none spends less" if goal.less_is_better else "none reaches more"
    if goal.smallest_of_all:
        none_better = "none gives the partnership with the least a larger share"
    if goals.is_cautious(settings):
        none_better = "none is better by the goal and its worst draws together"
    short = [row for rule in summary.soft for row in rule.short]
    if short:
        shares = units.number(sum(row.shortfall / row.required for row in short), 2)
        rows = (
            f"{units.counted(len(short), 'row')}, {shares} in all"
            if shares != "0"
            else units.counted(len(short), "row")
        )
        what = "by what was known in each year, soft rules" if yearly else "soft rules"
        cost = settings.rules.soft_may_cost
        least = "as little as can be" if cost is None or cost >= 1 else _bounded(cost)
        said = f"Certified: {what} fall short by {least} ({rows}, each as a share of what it asks)"
        return f"{said}, and of the plans that do so {none_better}"
    given = plan.solution.given_up
    if given and not yearly:
        (one,) = given
        better = "spends less" if goal.less_is_better else "reaches more"
        best = f"{better} than {amounts.said(one.best, goals.told(settings))}"
        return (
            f"Certified: no plan that keeps the rules {best}; of that this one gives up at most "
            f"{units.percentage(settings.goal.give_up)}, for fewer redundancies and quieter grants"
        )
    if yearly:
        return f"Certified, each year's plan by itself: of the plans by what was known that year {none_better}"
    if goal.smallest_of_all:
        return f"Optimal and certified: of the plans that keep the rules {none_better}"
    if goals.is_cautious(settings):
        return f"Optimal and certified: of the plans that keep the rules {none_better}"
    return "Optimal and certified: no plan that keeps the rules does better"


def _bounded(cost: float) -> str:
    """Give how closely soft rules are kept where they may cost no more than a share of the goal."""
    return f"as little as can be at a cost of at most {units.percentage(cost)} of the goal (rules.soft_may_cost)"


def reductions(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give young people fewer NEET at each year's end, against the target and against shares as before."""
    said = " ".join(reduction_sentences(plan, summary))
    return [*_reduction_table(plan, summary, width), *console.paragraph(said, width)]


def target_in_words(row: ReductionYear, places: int = 0) -> str:
    """Give a year's target and whether it is met; a dash where there is none."""
    if row.required is None:
        return units.DASH
    return f"{units.number(row.required, places)} {'met' if row.met else 'missed'}"


def _reduction_table(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give the goal reached, and of each year what stands at its end."""
    rows, places = summary.reductions, _places(summary)
    columns = [
        TextColumn("standing at\nend of year", tuple(units.number(row.reduction, places) for row in rows)),
        TextColumn(
            "of those NEET\nwithout it",
            tuple(units.or_dash(units.share, row.share) for row in rows),
        ),
    ]
    columns += _as_before_columns(summary)
    if any(row.required is not None for row in rows):
        columns.append(TextColumn("target", tuple(target_in_words(row, places) for row in rows)))
    label = goals.of(plan.scenario.settings).words.label
    lines = console.labelled(label, goal_in_words(plan, summary), width, hang=len(label) + 3)
    title = "" if label == CUMULATIVE.words.label else CUMULATIVE.words.label
    lines += console.table(title, [row.year for row in rows], columns, width)
    rises = any(units.number(row.reduction, places).startswith(units.MINUS) for row in rows)
    if unwelcome := _rises(plan, rises=rises):
        lines += console.paragraph(f"! {unwelcome}", width, hang=4, style="yellow")
    return lines


def _places(summary: Summary) -> int:
    """Give the decimals of young people: one where there are so few that whole ones would not tell them apart."""
    return 1 if 0 < max(abs(row.reduction) for row in summary.reductions) < FEW_PEOPLE else 0


def _as_before_columns(summary: Summary) -> list[TextColumn]:
    """Give what shares as before would bring by year, and the difference; nothing where they have no plan."""
    if summary.goal_as_before is None:
        return []
    rows = summary.reductions
    before = [row.as_before or 0.0 for row in rows]
    places = _places(summary)
    pairs = zip(rows, before, strict=True)
    more = (units.shown(row.reduction, places) - units.shown(value, places) for row, value in pairs)  # as printed
    return [
        TextColumn("with shares\nas before", tuple(units.number(value, places) for value in before)),
        TextColumn("difference", tuple(units.signed(change, places) for change in more), signed=True),
    ]


def reduction_sentences(plan: Plan, summary: Summary) -> list[str]:
    """Say what is given up, who is left out, what moving grants brings, what it costs, and whose own targets are
    met.
    """
    return [*_given_up(plan), *_left_out(plan), *_against_shares_as_before(plan, summary), *_own_targets(summary)]


def money(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give the money of each year, and who carries on or gives back what is not spent."""
    return [*_money_table(summary, width), *console.paragraph(" ".join(money_sentences(plan, summary)), width)]


def _money_table(summary: Summary, width: int) -> list[Text]:
    rows = summary.money
    places = max(2, units.places_of_millions(row.available for row in rows))
    all_granted = all(abs(row.available - row.granted) < 0.5e6 * 10.0**-places for row in rows)  # alike as shown

    def _shown(amount: float) -> str:
        return units.millions(amount, places)

    columns = [
        TextColumn("available", tuple(_shown(row.available) for row in rows), drop=1 if all_granted else 0),
        TextColumn("granted", tuple(_shown(row.granted) for row in rows)),
        TextColumn("spent", tuple(_shown(amount) for amount in _spent(rows, places))),
        TextColumn("carried", tuple(_shown(row.carried) for row in rows)),
        TextColumn("lapsed", tuple(_shown(row.lapsed) for row in rows)),
    ]
    return console.table("MONEY, £m", [row.year for row in rows], columns, width)


def _spent(rows: Sequence[MoneyYear], places: int) -> list[float]:
    """Give what is spent as what is printed beside it makes it, so that the columns add up: £."""
    found, carried_in = [], 0.0
    for row in rows:
        granted, carried, lapsed = (units.shown(part, places, 1e6) for part in (row.granted, row.carried, row.lapsed))
        found.append(units.adding_up(row.spent, granted + carried_in - carried - lapsed, places, 1e6))
        carried_in = carried
    return found


def money_sentences(plan: Plan, summary: Summary) -> list[str]:
    """Give who carries on or gives back money, and what is kept back, each with its reason."""
    said = [
        _unspent(
            plan,
            "Carried into the next year",
            summary.carried,
            ended_by(plan, "carried", "carried"),
            "Used a year earlier it would make the plan no better.",
        ),
        _unspent(plan, "Given back", summary.lapsed, ended_by(plan, "lapsed", "given back"), _no_use(plan)),
    ]
    kept_back = sum(row.available - row.granted for row in summary.money)
    if kept_back > 1:
        why = ended_by(plan, "not_granted", "kept back")
        said.append(f"{units.pounds_short(kept_back)} is not granted.{why}")
    if not said[1]:
        said[1] = "Nothing is given back."
    return [part for part in said if part]


def advisers(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give advisers in post, joining and leaving; losses are said, and how many posts are used."""
    start, *rows = summary.advisers
    every = [start, *rows]

    def moved(amounts: list[float]) -> tuple[str, ...]:
        return (units.DASH, *(units.fte(amount) for amount in amounts))

    columns = [
        TextColumn("in post", tuple(units.fte(row.in_post) for row in every)),
        TextColumn("joining", moved([row.joining for row in rows])),
        TextColumn("turnover", moved(_leaving(every))),
        TextColumn("redundant", moved([row.redundant for row in rows])),
        TextColumn("training", moved([row.training for row in rows]), drop=2),
    ]
    if any(row.qualified is not None for row in every):
        shares = tuple(units.or_dash(units.share, row.qualified) for row in every)
        columns.append(TextColumn("qualified", shares))
    if any(row.required is not None for row in rows):
        asked = tuple(units.or_dash(units.share, row.required) for row in every)
        columns.append(TextColumn("must be", asked, drop=1, name="the qualified share that there must be"))
    labels = ["at the start", *(row.year for row in rows)]
    lines = console.table("ADVISERS, FTE", labels, columns, width)
    for said in adviser_sentences(plan, summary):
        style = "yellow" if said.startswith("!") else ""
        lines += console.paragraph(said, width, indent=2, hang=4 if style else 2, style=style)
    return lines


def _leaving(rows: Sequence[AdviserYear]) -> list[float]:
    """Give turnover as what is printed beside it makes it, so that the columns add up: FTE."""
    found = []
    for before, row in pairwise(rows):
        start, joining, redundant, end = (
            units.shown(amount, 1) for amount in (before.in_post, row.joining, row.redundant, row.in_post)
        )
        found.append(units.adding_up(row.turnover, start + joining - redundant - end, 1))
    return found


def _offer(plan: Plan) -> str:
    """Say that one per cent of the goal buys an end to all redundancies, where the plan without them says so."""
    other = plan.reasons.otherwise if plan.reasons is not None else None
    if other is None or plan.scenario.settings.goal.give_up > 0 or other.redundancies or _brings_next_to_nothing(plan):
        return ""
    said = "So one per cent of the goal buys an end to all redundancies"
    now = moved(plan.data, plan.scenario.settings, plan.figures)
    grants = ""
    if other.moved is not None and other.moved < now - QUIETER * max(now, 1.0):
        hardly = "hardly move" if other.moved <= now / 2 else "move less"
        grants = f", and grants that {hardly} ({units.pounds_short(other.moved)} and not {units.pounds_short(now)})"
    return f"{said}{grants}: --set goal.give_up={other.give_up:g}."


def _brings_next_to_nothing(plan: Plan) -> bool:
    """Say whether grants may move, and moving them brings less than a thousandth of the goal."""
    if plan.as_before is None or not distributions.of(plan.scenario.settings).free:
        return False
    goal, before = plan.recomputed.goal, plan.as_before.goal
    return abs(goal - before) < NEXT_TO_NOTHING * abs(before)


def evidence(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give how much of what the plan rests on is assumed."""
    inputs = summary.inputs
    if not inputs.total:
        said = "The data set has no sources table: which inputs are assumed is not known."
    else:
        said = (
            f"{units.number(len(inputs.assumed))} of {units.number(inputs.total)} kinds of input are assumed in whole "
            f"or in part{', the effects among them' if 'effects.effect' in inputs.assumed else ''}; "
            f"{units.number(len(inputs.derived))} derived, {units.number(len(inputs.published))} published. "
            "What follows from them is no finding."
        )
    return console.labelled("EVIDENCE", " ".join([said, *_pooled(plan)]), width)


def _pooled(plan: Plan) -> list[str]:
    """Give which effects are pooled from studies, where that was asked, and that the others are not."""
    if plan.scenario.settings.risk.evidence != "pooled":
        return []
    d, pairs = plan.data, pooled_pairs(plan.data)
    if not pairs:
        return ["No effect has studies: all are those of the table (risk.evidence = pooled)."]
    named = [console.kept_together(f"{d.intervention_names[i]} ({d.client_groups[g]})") for i, g in pairs]
    rest = len(d.offers) - len(pairs)
    left = f"; {units.counted(rest, 'effect')} without studies {'keeps' if rest == 1 else 'keep'} that of the table"
    return [f"Pooled from studies: {units.listed(named)}{left if rest else ''} (risk.evidence = pooled)."]


# The order in which a planner reads. A new section is a function of (plan, summary, width) named here.
SECTIONS: tuple[Section, ...] = (
    *(headline, reductions, caution_lines, money, advisers, worth_lines, movers_lines),
    *(soft_lines, rules_lines, evidence),
)


def _written(plan: Plan, summary: Summary, run: Path, width: int) -> list[Text]:
    """Give where the run is, and what can be asked of it next."""
    lines = console.labelled("WRITTEN", f"{run}   solved in {units.seconds(plan.solution.seconds)}", width)
    first = summary.movers.movers[0].partnership
    folder = console.path_of(run)
    following = (
        ("explain", folder, first),
        ("show", folder, "--partnership", first),
        ("report", folder, "-o", console.path_of(f"{run.name}.html")),
        ("verify", folder),
    )
    return lines + console.commands("NEXT", [("allocator", *words) for words in following])


def goal_in_words(plan: Plan, summary: Summary) -> str:
    """Give the goal reached, in the words of its measure."""
    settings, years = plan.scenario.settings.goal, plan.data.years
    discounted = f", discounted at {units.percentage(settings.discount_rate)}" if settings.discount_rate else ""
    over = _over(plan)
    if settings.tail_years:
        over += f", {units.in_words(settings.tail_years)} of them without new places"
    goal = goals.named(goals.told(plan.scenario.settings))
    return goal.words.reached.format(
        amount=_amount(summary.goal, goal),
        over=over,
        last=years[-1],
        discounted=discounted,
        unweighted=_unweighted(plan, summary),
        least=_least_served(plan),
    )


def _least_served(plan: Plan) -> str:
    """Name the partnership with the smallest share, and how many more have no larger one as it is printed."""
    d, last = plan.data, len(plan.data.years) - 1
    without = d.neet[:, last].sum(axis=1)
    shares = {
        name: units.share(float(plan.recomputed.reduction[p, last] / without[p]), 2)
        for p, name in enumerate(d.partnership_names)
        if without[p] > 0 and d.partnerships[p] not in plan.solution.left_out
    }
    goal = units.share(plan.recomputed.goal, 2)
    least = [name for name, share in shares.items() if share == goal]
    if not least:
        return "the partnership with the least"
    first, *others = sorted(least)
    if not others:
        return f"{first}, which gets least"
    return f"{first} and {units.counted(len(others), 'other')}, who get least"


def _amount(value: float, goal: Goal) -> str:
    """Give a value of the goal before the words that say what it is."""
    if goal.in_pounds:
        return units.pounds_short(value)
    if goal.smallest_of_all:
        return units.share(value, 2)
    return units.number(value, 1 if 0 < abs(value) < FEW_PEOPLE else goal.words.places)


def _over(plan: Plan) -> str:
    """Say over how many years the goal counts: those planned, and its tail."""
    count = len(plan.data.years) + plan.scenario.settings.goal.tail_years
    return f"over {units.in_words(count)} year{'' if count == 1 else 's'}"


def _unweighted(plan: Plan, summary: Summary) -> str:
    """Give what a weighted goal comes to where everybody counts as one; blank where nothing is weighted."""
    settings = plan.scenario.settings
    if goals.told(settings) == settings.goal.measure:
        return ""
    if goals.of(settings).counts == "last_year":
        return f"; unweighted {units.people(summary.reductions[-1].reduction)}"
    if goals.of(settings).in_pounds:
        unweighted = settings.goal.benefit_per_neet * summary.person_years - summary.spending
        return f"; unweighted {units.pounds_short(unweighted)}"
    return f"; unweighted {units.people(summary.person_years)}"


def _given_up(plan: Plan) -> list[str]:
    """Give what of the best goal is given up for fewer redundancies and quieter grants, and what the setting allows."""
    told = goals.told(plan.scenario.settings)
    said = []
    for one in plan.solution.given_up:
        of = f" of {one.year}" if one.year else ""
        part = f" ({units.share(abs(one.given / one.best), 2)} of {amounts.said(one.best, told)})" if one.best else ""
        allowed = units.percentage(plan.scenario.settings.goal.give_up)
        said.append(
            f"Given up{of}: {amounts.said(one.given, told)}{part}, of {allowed} that goal.give_up allows, for fewer "
            "redundancies, then for grants that change less."
        )
    other = plan.reasons.otherwise if plan.reasons is not None else None
    if said and other is not None:
        now = moved(plan.data, plan.scenario.settings, plan.figures)
        made = round(float(plan.figures.redundancies.sum()))
        there = f"{units.number(made) if made else 'no'} {'redundancy' if made == 1 else 'redundancies'}"
        brought = f"It brought {there} in place of {units.number(other.redundancies)}"
        if distributions.of(plan.scenario.settings).free and other.moved is not None:
            brought += f"; of the grants {units.pounds_short(now)} moves in place of {units.pounds_short(other.moved)}"
        said.append(f"{brought}.")
    return said


def _left_out(plan: Plan) -> list[str]:
    """Say whom the smallest share leaves out, and why."""
    names = dict(zip(plan.data.partnerships, plan.data.partnership_names, strict=True))
    left = [names[key] for key in plan.solution.left_out]
    if not left:
        return []
    return [f"Left out of the smallest share, since nothing that is offered can help them: {units.listed(left)}."]


def _rises(plan: Plan, *, rises: bool) -> str:
    """Say that a reduction below zero is a rise, and what it means that no effect of the tables is above zero."""
    helps = bool((plan.data.effect > 0).any())
    if not rises:
        return "" if helps else "No effect of the tables is above 0: nothing that can be bought helps anybody."
    said = "Below zero is a rise: so many young people more are NEET than without the programme."
    return said if helps else f"{said} No effect of the tables is above 0: nothing that can be bought helps anybody."


def _against_shares_as_before(plan: Plan, summary: Summary) -> list[str]:
    """Give what moving grants brings, and what a young person-year costs on average."""
    settings = plan.scenario.settings
    sentences = []
    if distributions.of(settings).as_before:
        sentences.append("The grants are shares as before.")
    elif AS_BEFORE in plan.unanswered:
        sentences.append(NOT_WORKED_OUT)
    elif summary.goal_as_before is None:
        sentences.append("With shares as before no plan keeps the rules.")
    else:
        sentences.append(_gain(plan, summary.goal - summary.goal_as_before, summary.goal_as_before))
        sentences += _further_short(plan)
        if summary.broken_as_before and _worse_than_as_before(plan, summary.goal, summary.goal_as_before):
            broken = [f"{rule} in {units.counted(count, 'partnership')}" for rule, count in summary.broken_as_before]
            said = "But no plan of this scenario may keep to shares as before: they would break"
            sentences.append(f"{said} {units.listed(broken)}.")
    goal = goals.of(settings)
    if goal.smallest_of_all or goal.in_pounds:
        sentences += [*_in_all(plan, summary), *_fairness(plan, summary)]
    if summary.person_years > 0 and not goal.in_pounds:
        cost = units.pounds(summary.spending / summary.person_years)
        prices = prices_told(plan)
        weighted = goals.told(settings) != goal.name
        one = "young person-year, unweighted," if weighted else "ypy" if goal is CUMULATIVE else "young person-year"
        following = cost_of_the_next(plan, summary)
        beside = f", and {following}" if following else ""
        sentences.append(f"On average one {one} costs {cost}{beside} ({prices}).")
    return sentences


def _in_all(plan: Plan, summary: Summary) -> list[str]:
    """Give what the plan comes to for the country, where the goal is one partnership's share, or money."""
    said = f"In all the plan reaches {units.people(summary.person_years)} young person-years {_over(plan)}"
    if summary.person_years_as_before is None or distributions.of(plan.scenario.settings).as_before:
        return [f"{said}."]
    more = summary.person_years - summary.person_years_as_before
    if units.people(more) == "0":
        return [f"{said}, as with shares as before."]
    return [f"{said}, {units.people(abs(more))} {'more' if more > 0 else 'fewer'} than with shares as before."]


def _fairness(plan: Plan, summary: Summary) -> list[str]:
    """Give what the smallest share costs in all, against the plan that reaches most."""
    most = plan.reasons.most_in_all if plan.reasons is not None else None
    if most is None or not goals.of(plan.scenario.settings).smallest_of_all:
        return []
    lost = most - summary.person_years
    if units.people(lost) == "0":
        return ["Fairness costs nothing in all: no plan reaches more."]
    part = f" ({units.share(lost / most, 2)})" if most > 0 and units.share(lost / most, 2) != "0" else ""
    return [
        f"Fairness costs {units.people(lost)} of them{part}: the plan that reaches most reaches {units.people(most)}."
    ]


def _further_short(plan: Plan) -> list[str]:
    """Say by how much more or less soft rules would fall short with shares as before: they come before the goal."""
    if plan.as_before is None:
        return []
    points = 100 * (shortfall_of(plan.as_before) - shortfall_of(plan.recomputed))
    amount = units.number(abs(points), 2)
    if amount == "0":
        return []
    more = "more" if points > 0 else "less"
    said = f"with shares as before they would fall short by {amount} points {more} of what they ask"
    return [f"Soft rules come first: {said}."]


def _worse_than_as_before(plan: Plan, goal: float, as_before: float) -> bool:
    """Say whether shares as before would reach more: never, but where they break a rule of the scenario."""
    return goal > as_before if goals.of(plan.scenario.settings).less_is_better else goal < as_before


def _gain(plan: Plan, gain: float, before: float) -> str:
    """Give the difference that the plan's grants make to the goal, in its own unit."""
    goal = goals.of(plan.scenario.settings)
    if goal.smallest_of_all:
        return f"Shares as before would bring the least-served partnership {units.share(before, 2)}."
    cheaper = goal.less_is_better
    better = -gain if cheaper else gain
    amount = amounts.told(better, goals.told(plan.scenario.settings))
    if abs(better) <= SOLVED_TO * max(1.0, abs(before)) or not any(digit in "123456789" for digit in amount):
        return f"Shares as before would {'cost' if cheaper else 'bring'} as much."
    part = units.in_brackets(abs(better / before)) if before else ""
    if cheaper:
        return f"Moving grants {'saves' if better > 0 else 'costs'} {amount}{part} against shares as before."
    more = "more" if better > 0 else goal.words.fewer
    if better > 0 and _brings_next_to_nothing(plan):
        part = f" ({units.share(better / abs(before), 3)})"
        return f"Moving grants brings next to nothing here: {amount}{part} more than shares as before."
    return f"Moving grants brings {amount}{part} {more} than shares as before."


def _own_targets(summary: Summary) -> list[str]:
    """Give how many targets of regions and partnerships are met: the table has those of the nation."""
    found = next((rule for rule in summary.soft if rule.rule == TARGET.name), None)
    own = [row for row in found.rows if row.place] if found is not None else []
    if found is None or not own:
        return []
    missed = [row for row in found.short if row.place]
    if not missed:
        return [f"All {units.counted(len(own), 'target')} of regions and partnerships are met."]
    count = f"{units.number(len(missed))} of {units.counted(len(own), 'target')} of regions and partnerships"
    return [f"{count} {'is' if len(missed) == 1 else 'are'} missed: SOFT RULES names them."]


def _no_use(plan: Plan) -> str:
    """Say what it means that money is given back where no one rule ends that: no best plan buys anything with it."""
    goal = goals.of(plan.scenario.settings)
    if goal.less_is_better:
        return f"The goal, {goal.name}, has no use for it."
    if goal.in_pounds:
        return f"What it could buy there is worth no more than it costs (the goal, {goal.name})."
    return "What it could buy there would make the plan no better."


def _unspent(plan: Plan, verb: str, unspent: Unspent, reason: str, otherwise: str) -> str:
    """Give who carries on or gives back money, never without what holds it there.

    reason: the rule without which it would be spent, found by solving again; blank where there is no one such rule.
    otherwise: what is said where no rule holds it.
    """
    if unspent.total < 1 or not unspent.partnerships:
        return ""
    shown = [f"{name} {units.pounds_short(amount, 2)}" for name, amount in unspent.partnerships[:5]]
    more = len(unspent.partnerships) - len(shown)
    if more:
        shown.append(units.counted(more, "other"))
    said = f"{verb}: {units.pounds_short(unspent.total, 2)} ({'; '.join(shown)})."
    if plan.scenario.settings.grants.distribution in unspent.grant_rules:
        said += f" Their grants are set, not chosen ({units.listed(unspent.grant_rules)})."
    elif unspent.grant_rules:
        said += f" {units.listed(unspent.grant_rules)} fixed their grants of those years."
    if reason:
        return said + reason
    if unspent.full:
        said += f" What binds in all of them: {units.listed(unspent.full)}."
    return said if unspent.grant_rules or unspent.full else f"{said} {otherwise}"


def adviser_sentences(plan: Plan, summary: Summary) -> list[str]:
    """Say losses first, then how much of the posts is used, and what it would cost to make nobody redundant."""
    short = any(rule.short for rule in summary.soft)
    cost = spared(plan.reasons.worth, short=short) if plan.reasons is not None else ""
    return [*_posts(plan, summary), *([f"{cost} {_offer(plan)}".rstrip()] if cost else [])]


def _posts(plan: Plan, summary: Summary) -> list[str]:
    """Say losses first, then how much of the posts is used."""
    start, *rows = summary.advisers
    last = rows[-1]
    sentences = []
    lost = units.shown(start.in_post, 1) - units.shown(last.in_post, 1)
    if lost >= WORTH_SAYING:
        sentences.append(f"! {_posts_told(lost)} fewer in post in {last.year} than at the start")
    costs = zip(rows, summary.redundancy_costs, strict=True)
    cuts = [(row, cost) for row, cost in costs if row.redundant >= WORTH_SAYING]
    if cuts:
        said = units.listed([_redundancies_cost(row, cost) for row, cost in cuts])
        sentences = [f"{sentences[0]}; {said}" if sentences else f"! {said}"]
    sentences = [f"{sentence}." for sentence in sentences]
    share, posts = summary.most_posts
    limited = HEADCOUNT.in_force(plan.scenario.settings)
    reached = limited and share > 1 - 1e-6
    filled = _posts_told(posts)
    are = "post is" if filled in ("1", "1.0") else "posts are"
    part = f"{units.share(share, 0) if share >= 0.005 else 'under 1 %'} of the limit"
    said = f"At most {filled} {are} filled, {part if limited else 'and no limit on posts is on'}"
    why, recruiting = _why_posts_are_empty(plan, summary)
    if recruiting:
        sentences.append(recruiting)
    sentences.append("The limit on posts is reached." if reached else f"{said}{why}.")
    return sentences


def _posts_told(posts: float) -> str:
    """Give posts as a sentence has them: whole, or with a decimal where there are few."""
    return units.number(posts, 0 if posts >= FEW_POSTS else 1)


def _redundancies_cost(row: AdviserYear, cost: float) -> str:
    """Give what the redundancies of a year cost: ``699 redundancies in 2004-05 cost £6.2m``."""
    many = _posts_told(row.redundant)
    one = many in ("1", "1.0")
    said = f"{'1' if one else many} {'redundancy' if one else 'redundancies'} in {row.year}"
    return f"{said} {'costs' if one else 'cost'} {units.pounds_short(cost)}"


def _why_posts_are_empty(plan: Plan, summary: Summary) -> tuple[str, str]:
    """Give a clause on what is short in place of posts, and a sentence on recruits that stand at their limit.

    Money is what is short only where all of it is used and no rule costs more than £1m more a year brings; else it is
    said which rule costs most.
    """
    if plan.reasons is None:
        return "", ""
    worth, recruiting, dearest = plan.reasons.worth, plan.reasons.recruiting, plan.reasons.dearest
    unspent = summary.lapsed.total >= 1 or summary.carried.total >= 1
    at_limit = recruiting.without if recruiting is not None else None
    recruits = ""
    before = " (before anything of the goal is given up)" if plan.solution.given_up else ""
    if recruiting is not None and at_limit is not None and (at_limit.goal or at_limit.soft):
        where = f"in {units.number(recruiting.count)} of {units.counted(recruiting.of, 'partnership')}"
        most_of_all = dearest is not None and dearest.rule == RECRUITMENT.name
        none = ", and of the rules other than eligible, none costs more" if most_of_all else ""
        recruits = f"Recruits stand at their limit {where}; {_that_costs(at_limit, worth)}{before}{none}."
    most = max((abs(price.more.goal) for price in worth.of("money") if price.more is not None), default=0.0)
    costs = [change for change in (at_limit, dearest.without if dearest is not None else None) if change is not None]
    asked = plan.figures.grant.size <= MOST_GRANTS and HEADCOUNT.in_force(plan.scenario.settings)
    if asked and not unspent and most and all(not change.soft and abs(change.goal) <= most for change in costs):
        return ": money is short, not posts", recruits
    if dearest is None or dearest.rule == RECRUITMENT.name:
        return "", recruits
    rule, cost = rule_named(plan, dearest.rule), _costs(dearest.without, worth)
    return f". Of the rules other than eligible, {rule} costs most: {cost}{before}", recruits


def _that_costs(change: GoalChange, worth: Worth) -> str:
    return f"that costs {_costs(change, worth)}" if not change.soft else f"without that limit {_costs(change, worth)}"


def _costs(change: GoalChange, worth: Worth) -> str:
    """Give what a rule costs, by what the plan without it reaches more; soft rules before the goal."""
    if not change.soft:
        return amounts.told(change.goal, worth.measure)
    points = units.number(100 * abs(change.soft), 2)
    how = "less" if change.soft < 0 else "more"
    told = "less than 0.01" if points == "0" else points
    return f"soft rules would fall short by {told} points {how} of what they ask"
