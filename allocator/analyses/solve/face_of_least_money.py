"""What `solve --meet target` prints: how far the targets go, the least added money, or what is in the way."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence

from rich.text import Text

from allocator import units
from allocator.analyses.solve.least_money import LeastMoney
from allocator.no_plan.targets_in_words import aims_in_words, asked_in_words
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts

MOST_TOLD = 5


def write(found: LeastMoney, scenario: str, overrides: Sequence[str]) -> None:
    """Print the answer. scenario, overrides: as they were typed, for the command that solves with the money."""
    console.write(least_money_lines(found, scenario, overrides, console.width_of(sys.stdout)))


def least_money_lines(found: LeastMoney, scenario: str, overrides: Sequence[str], width: int) -> list[Text]:
    """Say how far the targets can be reached, what money it takes, and what stands in the way where no money does
    it.
    """
    if found.total == 0:
        said = f"All targets can be met as it is, and no money need be added. Asked for: {asked_in_words(found.aims)}."
        return console.labelled("MONEY FOR THE TARGET", said, width, hang=22)
    said = f"With the money there is {aims_in_words(found.aims)} can be reached, all rules kept."
    lines = console.labelled("MONEY FOR THE TARGET", said, width, hang=22)
    if found.added is not None:
        return lines + _added(found, scenario, overrides, width)
    said = f"with ten times as much {aims_in_words(found.with_any)} can be reached"
    lines += console.paragraph(f"No money in the years up to it meets it: {said}.", width)
    if not found.in_the_way:
        said = "No one rule and no two, switched off, would let money meet it."
        return lines + console.paragraph(said, width)
    together = len(found.in_the_way[0].rules) > 1
    said = "The two rules" if together else "The rule"
    plural = len(found.in_the_way) > 1
    lines += console.paragraph(
        f"{said}{' ' if together else 's ' if plural else ' '}that, beside money, "
        f"stand{'' if together or plural else 's'} in the way"
        f"{' (any one of these lines)' if plural else ''}:",
        width,
    )
    for without in found.in_the_way[:MOST_TOLD]:
        takes = "" if without.added is None else f", for {units.pounds_short(without.added)} more"
        takes = ", with the money there is" if without.added == 0 else takes
        lines += console.paragraph(
            f"without {units.listed(without.rules)} it can be met{takes}", width, indent=4, hang=6
        )
    more = len(found.in_the_way) - MOST_TOLD
    return lines + (console.paragraph(f"{units.number(more)} more: --json has all.", width) if more > 0 else [])


def _added(found: LeastMoney, scenario: str, overrides: Sequence[str], width: int) -> list[Text]:
    added = found.added or ()
    by_year = [
        f"{units.pounds(more)} in {year} ({_part(more / there) if there else 'all of it'})"
        for year, more, there in zip(found.years, added, found.there, strict=True)
        if more > 0
    ]
    total = f"{units.pounds(sum(added))} more is the least with which it is met: {units.listed(by_year)}."
    reaches = "" if found.goal is None else f" The plan then reaches {amounts.said(found.goal, found.measure)}."
    lines = console.paragraph(f"{total}{reaches}", width)
    parts = [part for setting in (*overrides, *found.settings) for part in ("--set", setting)]
    lines += console.paragraph(shlex.join(["allocator", "solve", scenario, *parts]), width, indent=4, hang=6)
    return lines


def _part(share: float) -> str:
    text = units.share(share, 2)
    return "under 0.01 %" if text == "0" else text
