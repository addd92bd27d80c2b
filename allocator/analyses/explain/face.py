"""The explanation of one partnership, as prose and two small tables; and the firmness of all, or what rules cost."""

from __future__ import annotations

import sys

from rich.text import Text

from allocator import units
from allocator.analyses.explain import sentences as words
from allocator.analyses.explain.explanation import Explanation
from allocator.analyses.explain.firmness_of_all import Ranges
from allocator.analyses.explain.rule_costs import RuleCosts
from allocator.outputs import console, yardsticks
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn

BESIDE = 60  # characters that two effects and the places of other years take beside what is not bought


def write(explanation: Explanation) -> None:
    """Print an explanation."""
    console.write(explain_lines(explanation, console.width_of(sys.stdout)))


def write_firmness(ranges: Ranges) -> None:
    """Print the range of every grant."""
    console.write(firmness_lines(ranges, console.width_of(sys.stdout)))


def write_rules(costs: RuleCosts) -> None:
    """Print what each rule costs."""
    console.write(rule_lines(costs, console.width_of(sys.stdout)))


def explain_lines(e: Explanation, width: int) -> list[Text]:
    """Give all sections, each with its heading."""
    lines = console.paragraph(words.headline(e), width, indent=0, style="bold")
    lines += [Text(""), *_years(e, width)]
    lines.append(Text("WHY THIS NUMBER", style="bold"))
    for year, said in words.why_this_number(e):
        lines += console.paragraph(f"{year}  {said}", width, indent=2, hang=4 + len(year))
    lines += console.paragraph(words.about_the_place(e), width)
    lines += console.paragraph(words.given_back(e), width)
    lines += _binding(e, width)
    lines += _not_bought(e, width)
    verdict, *firm = words.how_firm(e)
    lines += console.labelled("HOW FIRM", verdict, width, hang=10)
    for said in firm:
        lines += console.paragraph(said, width, hang=4)
    changed = words.what_would_change_it(e)
    lines += console.labelled("WHAT WOULD CHANGE IT", changed, width, hang=22) if changed else []
    return lines + console.paragraph(words.what_would_end_the_loss(e), width, indent=22)


def firmness_lines(ranges: Ranges, width: int) -> list[Text]:
    """Give the range of every partnership's grant in plans that keep nine tenths of what moving brings."""
    found = ranges.rows
    labels = [ranges.names[row.partnership] + (f", {row.year}" if row.year else "") for row in found]
    columns = [
        TextColumn("grant £m", tuple(units.millions(row.grant) for row in found)),
        TextColumn("smallest", tuple(units.millions(row.smallest) for row in found)),
        TextColumn("largest", tuple(units.millions(row.largest) for row in found)),
        TextColumn("lowest allowed", tuple(units.millions(row.lowest) for row in found), drop=1),
        TextColumn("highest allowed", tuple(units.millions(row.highest) for row in found), drop=1),
    ]
    lines = console.table("In plans that keep nine tenths of what moving grants brings, £m", labels, columns, width)
    if not found:
        lines = console.paragraph("The distribution sets every grant: the plan has no choice in them.", width, indent=0)
    return lines


def rule_lines(found: RuleCosts, width: int) -> list[Text]:
    """Give what the plan would reach more with one rule off at a time; rules that cost nothing in one line."""
    costs, measure = found.rows, found.measure
    dear = [cost for cost in costs if cost.without is None or cost.without.goal or cost.without.soft]
    free = [cost.rule for cost in costs if cost not in dear]
    goals = tuple("no plan" if c.without is None else amounts.change(c.without.goal, measure, 1) for c in dear)
    softs = tuple("no plan" if c.without is None else units.signed(100 * c.without.soft, 2) for c in dear)
    columns = [TextColumn(f"{amounts.heading(measure).lower()},\nchange", goals, signed=True)]
    if any(cost.without is not None and cost.without.soft for cost in dear):
        columns.append(TextColumn("soft rules short, points", softs))
    lines = console.table("With one rule off, all others on", [cost.rule for cost in dear], columns, width)
    lines += console.paragraph(amounts.explained(measure), width, style="dim")
    lines += console.paragraph("`allocator rules` says what each is.", width, style="dim")
    if free:
        lines += console.paragraph(f"Nothing changes without {units.listed(free, 'or')}.", width)
    return lines


def _years(e: Explanation, width: int) -> list[Text]:
    years = e.years
    real = f"{e.base_year or 'base-year'}\nprices £m"
    columns = [
        *yardsticks.columns(years, years[0].year),
        TextColumn(real, tuple(units.millions(year.grant_real) for year in years), drop=1),
        TextColumn("advisers\nFTE", tuple(units.fte(year.advisers) for year in years)),
        TextColumn(
            "fewer NEET\nat year's end\n(of those\nwithout it)",
            tuple(_reduction(year.reduction, year.neet_without) for year in years),
        ),
    ]
    then = [year.reduction_as_before for year in years]
    if all(value is not None for value in then):
        columns.append(TextColumn("on shares\nas before", tuple(units.people(value or 0.0) for value in then)))
    lines = console.table("", [year.year for year in years], columns, width)
    said = " ".join(filter(None, [amounts.explained(e.measure), words.points_explained(e), words.caution_explained(e)]))
    return lines + console.paragraph(said, width, style="dim")


def _reduction(reduction: float, without: float) -> str:
    share = f" ({units.share(reduction / without)})" if without > 0 else ""
    return f"{units.people(reduction)}{share}"


def _binding(e: Explanation, width: int) -> list[Text]:
    rows = words.what_else_binds(e)
    lines: list[Text] = []
    if rows:
        columns = (
            TextColumn("one step\nmore", tuple(more for _, more, _ in rows), signed=True),
            TextColumn("one step\nless", tuple(less for _, _, less in rows), signed=True),
        )
        lines = console.table("WHAT ELSE BINDS HERE", [label for label, _, _ in rows], columns, width)
    for said in [words.how_many_more_bind(e), *words.redundancies(e)]:
        lines += console.paragraph(said, width) if said else []
    return lines


def _not_bought(e: Explanation, width: int) -> list[Text]:
    rows = words.not_bought(e)
    if not rows:
        return []
    lines = [Text("NOT BOUGHT, AND THE EFFECT FROM WHICH IT WOULD BE", style="bold")]
    lines += console.paragraph(words.WHAT_AN_EFFECT_IS, width, style="dim")
    longest = max(len(label) for label, _ in rows) + 3
    beside = longest + BESIDE <= width
    for label, said in rows:
        told = f"{label:<{longest}}{said}" if beside else f"{label}: {said}"
        lines += console.paragraph(told, width, hang=2 + longest if beside else 4)
    more = words.how_many_more_are_not_bought(e)
    return lines + (console.paragraph(more, width) if more else [])
