"""The face of `allocator score`: rules broken, what is reached, the gap to the best, the nearest that keeps them."""

from __future__ import annotations

import sys

from rich.text import Text

from allocator import units
from allocator.analyses.catalogue.rules import listed_rules
from allocator.analyses.score.scored import Broken, Nearest, Score
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn
from allocator.register import goals
from allocator.register.rules import rule_of

MOST_NAMED = 5


def write(found: Score) -> None:
    """Print the score."""
    console.write(score_lines(found, console.width_of(sys.stdout)))


def score_lines(found: Score, width: int) -> list[Text]:
    """Give all sections of the score."""
    lines = [console.between(found.title, found.scenario, width)]
    if found.file:
        lines += console.paragraph(f"Scored: {found.file}", width, indent=0, hang=2)
    lines += [*_headline(found, width), Text("")]
    lines += [*_broken(found, width), Text("")]
    if found.years:
        lines += [*_years(found, width), Text("")]
    lines += _nearest(found, width)
    lines += console.paragraph(amounts.explained(found.measure), width, indent=0, style="dim")
    lines += console.labelled("EVIDENCE", amounts.assumed(len(found.inputs.assumed), found.inputs.total), width)
    return lines


def _headline(found: Score, width: int) -> list[Text]:
    if found.goal is None:
        said = f"Partnerships cannot work within these grants: {found.reason}."
        return console.paragraph(said, width, indent=0, hang=2, style="yellow")
    reached = (
        f"With partnerships doing their best within them, the grants reach {amounts.said(found.goal, found.measure)}"
    )
    if found.best_goal is None:
        return console.paragraph(
            f"{reached}. The scenario itself has no plan to compare with.", width, indent=0, hang=2
        )
    gap = found.gap or 0.0
    part = f" ({units.share(abs(gap / found.best_goal))})" if found.best_goal else ""
    if amounts.said(gap, found.measure) == amounts.said(0.0, found.measure):
        said = f"{reached}, as much as the best plan."
    elif gap > 0:
        said = f"{reached}: {amounts.said(gap, found.measure)}{part} worse than the best plan{_in_pounds(found)}."
    else:
        said = f"{reached}: {amounts.said(gap, found.measure)}{part} better than the best plan, by breaking its rules."
    lines = console.paragraph(said, width, indent=0, hang=2)
    if found.shortfall:
        best = found.best_shortfall or 0.0
        short = (
            f"Soft rules fall short by {units.number(found.shortfall, 2)} (each as a share of what it requires, added "
        )
        lines += console.paragraph(
            f"! {short}up), with the best plan by {units.number(best, 2)}.", width, style="yellow"
        )
    return lines


def _in_pounds(found: Score) -> str:
    if goals.named(found.measure).in_pounds:
        return ""
    if found.gap_pounds is not None:
        return f", which would reach as much with {units.pounds_short(found.gap_pounds)} less money"
    if found.least_pounds is not None:
        least = units.pounds_short(found.least_pounds)
        return f", which would reach more with {least} less money; with less still no plan keeps the rules"
    return ""


def _broken(found: Score, width: int) -> list[Text]:
    """Give each rule that is broken, the largest breaches named."""
    if not found.broken:
        kept = "every rule of the scenario is kept" if found.goal is not None else "no rule on grants is broken"
        return console.labelled("RULES", f"{kept}{_to_the_pound(found)}.", width)
    lines = []
    label = "RULES"
    sentences = {rule.name: rule.sentence.rstrip(".") for rule in listed_rules().rules}
    for rule in dict.fromkeys(row.rule for row in found.broken):
        rows = sorted((row for row in found.broken if row.rule == rule), key=lambda row: -row.by)
        count = units.counted(len(rows), "place")
        named = "; ".join(_breach(row) for row in rows[:MOST_NAMED])
        more = f"; {units.counted(len(rows) - MOST_NAMED, 'more', 'more')}" if len(rows) > MOST_NAMED else ""
        record = rule_of(rule)
        says = f" ({sentences[record.name]})" if record is not None else ""
        lines += console.labelled(label, f"{rule}{says} is broken in {count}: {named}{more}.", width)
        label = ""
    if found.to_the_pound:
        lines += console.labelled("", f"Else every rule is kept{_to_the_pound(found)}.", width)
    return lines


def _to_the_pound(found: Score) -> str:
    """Give which rules are kept but for the rounding of whole pounds."""
    rules = list(dict.fromkeys(row.rule for row in found.to_the_pound))
    if not rules:
        return ""
    largest = max(row.by for row in found.to_the_pound)
    count = units.counted(len(found.to_the_pound), "place")
    said = f"£{units.number(largest, 2)} at most, in {count}"
    return f", {units.listed(rules)} to the pound ({said}, which is the rounding of whole pounds)"


def _breach(row: Broken) -> str:
    where = " ".join(part for part in (row.place, row.year, row.detail) if part)
    if row.unit == "£":
        return f"{where} by {units.pounds(row.by)} ({units.pounds(row.found)}, limit {units.pounds(row.limit)})"
    figures = f"{units.number(row.found, 1)}, limit {units.number(row.limit, 1)}"
    return f"{where} by {units.number(row.by, 1)} {row.unit} ({figures})"


def _years(found: Score, width: int) -> list[Text]:
    years = found.years
    columns = [
        TextColumn("granted £m", tuple(units.millions(year.granted) for year in years)),
        TextColumn("spent £m", tuple(units.millions(year.spent) for year in years)),
        TextColumn("fewer NEET\nat year's end", tuple(units.people(year.reduction) for year in years)),
        TextColumn("advisers\nFTE", tuple(units.fte(year.advisers) for year in years)),
        TextColumn("redundant", tuple(units.fte(year.redundancies) for year in years)),
    ]
    return console.table("WHAT IS REACHED", [year.year for year in years], columns, width)


def _nearest(found: Score, width: int) -> list[Text]:
    nearest = found.nearest
    if nearest is None:
        return console.labelled("NEAREST", "no plan at all keeps the rules of the scenario.", width)
    if not nearest.grants:
        return console.labelled("NEAREST", "the grants brought are within the rules as they are.", width)
    reached = f"; it reaches {amounts.said(nearest.goal, found.measure)}" if nearest.goal is not None else ""
    said = (
        f"the nearest plan that keeps the rules changes {units.counted(len(nearest.grants), 'grant')} by "
        f"{units.pounds_short(nearest.moved, 2)} in all{reached}."
    )
    return [*console.labelled("NEAREST", said, width), *_moved(nearest, width), Text("")]


def _moved(nearest: Nearest, width: int) -> list[Text]:
    shown = nearest.grants[:MOST_NAMED]
    columns = [
        TextColumn("year", tuple(grant.year for grant in shown), left=True),
        TextColumn("brought £", tuple(units.number(grant.brought) for grant in shown)),
        TextColumn("nearest £", tuple(units.number(grant.nearest) for grant in shown)),
        TextColumn("change £", tuple(units.signed(grant.nearest - grant.brought) for grant in shown), signed=True),
    ]
    lines = console.table("", [grant.name for grant in shown], columns, width)
    if len(nearest.grants) > MOST_NAMED:
        lines += console.paragraph(f"and {units.number(len(nearest.grants) - MOST_NAMED)} more", width, style="dim")
    return lines
