"""The face of `allocator bridge`: what each difference moved of the goal, then of the grants that changed most."""

from __future__ import annotations

import re
import sys

from rich.text import Text

from allocator import units
from allocator.analyses.bridge.shares import Bridge
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn

TITLE = "WHAT MOVED THE GOAL"
MOST_SHOWN = 10
WIDEST_HEADING = 14


def write(found: Bridge) -> None:
    """Print the bridge."""
    console.write(bridge_lines(found, console.width_of(sys.stdout)))


def bridge_lines(found: Bridge, width: int) -> list[Text]:
    """Give the two ends, the shares of the goal, the partnerships whose grants changed most."""
    lines = [console.between(f"From {found.first} to {found.second}", "", width)]
    lines += [*_ends(found, width), Text("")]
    if not found.differences:
        lines += console.paragraph("Nothing differs on which a plan rests.", width, indent=0)
    elif found.missing:
        lines += _missing(found, width)
    else:
        lines += [*_goal(found, width), Text(""), *_grants(found, width)]
    lines += console.labelled("EVIDENCE", amounts.assumed(len(found.inputs.assumed), found.inputs.total), width)
    return lines


def _ends(found: Bridge, width: int) -> list[Text]:
    if found.before is None or found.after is None:
        none = found.first if found.before is None else found.second
        return console.paragraph(f"! {none} has no plan.", width, indent=0, hang=2, style="yellow")
    one, other = (amounts.said(value, found.measure, 1) for value in (found.before, found.after))
    said = f"{one} to {other}: {amounts.change(found.after - found.before, found.measure, 1)}."
    explained = console.paragraph(amounts.explained(found.measure), width, indent=0, style="dim")
    return console.paragraph(said, width, indent=0, hang=2) + explained


def _missing(found: Bridge, width: int) -> list[Text]:
    many = f"{units.number(len(found.missing))} of {units.number(found.mixtures)} mixtures"
    said = f"No shares are given: {many} of the differences have no plan, so that their order cannot be averaged over."
    lines = console.paragraph(said, width, indent=0, hang=2, style="yellow")
    for mixture in found.missing:
        brought = units.listed(mixture.groups) if mixture.groups else "none of the differences"
        lines += console.paragraph(f"with {brought}: {mixture.reason}", width, hang=4)
    if found.merge:
        lines += console.paragraph("Differences that need each other can be taken together:", width, indent=0)
        lines.append(Text(f"  --group '{found.merge}'"))
    return [*lines, Text("")]


def _goal(found: Bridge, width: int) -> list[Text]:
    """Give each group's share of the change of the goal, the whole below."""
    groups = found.groups
    whole = (found.after or 0.0) - (found.before or 0.0)
    changes = [*(group.goal for group in groups), whole]
    columns = [TextColumn("goal", tuple(amounts.change(value, found.measure, 1) for value in changes), signed=True)]
    shortfall = (found.shortfall_after or 0.0) - (found.shortfall_before or 0.0)
    if any(abs(group.shortfall) > 1e-6 for group in groups):
        short = [*(group.shortfall for group in groups), shortfall]
        columns.append(
            TextColumn("soft rules'\nshortfall", tuple(units.signed(value, 3) for value in short), signed=True)
        )
    labels = [*(group.name.replace("+", " + ") for group in groups), "together"]
    what = TextColumn("", (*(group.said for group in groups), "the whole change"), left=True)
    label_width = max(len(TITLE), 2 + max(map(len, labels)))
    beside = label_width + sum(column.width + column.gap for column in (*columns, what)) <= width
    lines = console.table(TITLE, labels, [*columns, what] if beside else columns, width)
    if not beside:  # what differs is then said below, where it wraps
        for group in groups:
            said = group.said if "+" in group.name else f"{group.name}: {group.said}"
            lines += console.paragraph(said, width, hang=4)
    said = (
        f"Each share is the average over all orders in which the differences can be brought in; all {found.mixtures} "
        "mixtures were solved, and the shares add up to the whole change."
    )
    return lines + console.paragraph(said, width, style="dim")


def _grants(found: Bridge, width: int) -> list[Text]:
    shown = [one for one in found.partnerships if abs(one.change) >= 1][:MOST_SHOWN]
    if not shown:
        return [*console.labelled("GRANTS", "none moves.", width), Text("")]
    moved = [sum(abs(one.shares[n]) for one in shown) for n in range(len(found.groups))]
    least_first = sorted(range(len(moved)), key=lambda n: (moved[n], -n))
    columns = [
        TextColumn(
            _heading(group.name),
            tuple(units.signed(one.shares[n] / 1000) for one in shown),
            drop=1 + least_first.index(n),
            name=group.name,
            signed=True,
        )
        for n, group in enumerate(found.groups)
    ]
    columns.append(TextColumn("whole\n£k", tuple(units.signed(one.change / 1000) for one in shown), signed=True))
    names = [one.name for one in shown]
    lines = console.table("WHOSE POUNDS, £k all years", names, columns, width)
    if len(found.partnerships) > len(shown):
        said = (
            f"{units.counted(len(found.partnerships), 'partnership')} in all; --json and -o give every grant and share."
        )
        lines += console.paragraph(said, width, style="dim")
    return [*lines, Text("")]


def _heading(name: str) -> str:
    """Give a group's name on lines that keep a column narrow, broken after a dot, a plus sign or a space."""
    lines = [""]
    for part in re.findall(r"[^ .+]*[ .+]?", name):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > WIDEST_HEADING:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)
