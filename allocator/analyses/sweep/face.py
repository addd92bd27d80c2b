"""The face of `allocator sweep`: one line a case."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from allocator import units
from allocator.analyses.sweep.grid import Sweep, SweepRow
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn

MOST_NAMED = 6  # cases of one reason that are named
MOST_SHOWN = 60  # cases that are printed; the file has them all
NARROW = 12  # characters at which a heading is broken
SAID = {"optimal": "", "infeasible": "no plan", "unsolved": "no answer"}


def write(found: Sweep, *, output: Path | None = None, chart: Path | None = None) -> None:
    """Print the cases, and where they were written and drawn."""
    width = console.width_of(sys.stdout)
    lines = sweep_lines(found, width)
    written = " and ".join(str(path) for path in (output, chart) if path is not None)
    if written:
        lines += console.labelled("WRITTEN", written, width)
    console.write(lines)


def sweep_lines(found: Sweep, width: int) -> list[Text]:
    """Give the goal, reductions and spending of each case; those without a plan with their reason."""
    rows = found.rows[:MOST_SHOWN]
    lines = [console.between(found.title, found.scenario, width)]
    varied = [
        TextColumn(_heading(axis.key), tuple(f"{row.values[n]:,}" for row in rows)) for n, axis in enumerate(found.axes)
    ]
    columns = [
        TextColumn(
            "\n".join(textwrap.wrap(amounts.heading(found.measure).split(" at ")[0], NARROW)),
            tuple(SAID[row.status] if row.goal is None else amounts.figure(row.goal, found.measure) for row in rows),
        ),
        *_tails(found, rows),
        *(
            TextColumn(
                f"fewer\nNEET\n{year}",
                tuple(units.people(row.reductions[t]) if row.reductions else "" for row in rows),
                drop=1 if t + 1 < len(found.years) else 0,
            )
            for t, year in enumerate(found.years)
        ),
        TextColumn(
            "spent £m\nall years", tuple(units.millions(sum(row.spent), 1) if row.spent else "" for row in rows), drop=2
        ),
    ]
    if any(row.shortfall for row in rows):
        short = tuple("" if row.shortfall is None else units.number(row.shortfall, 2) for row in rows)
        columns.append(TextColumn("soft\nshortfall", short))
    lines += console.table("", [""] * len(rows), [*varied, *columns], width)
    if len(found.rows) > MOST_SHOWN:
        lines += console.paragraph(f"and {units.number(len(found.rows) - MOST_SHOWN)} more cases", width, style="dim")
    return lines + _without_plan(found, width)


def _tails(found: Sweep, rows: Sequence[SweepRow]) -> list[TextColumn]:
    """Give the mean of the worst draws, where some case asks for caution."""
    if all(row.tail is None for row in rows):
        return []
    cells = tuple("" if row.tail is None else amounts.figure(row.tail, found.measure) for row in rows)
    return [TextColumn("in the\nworst draws", cells)]


def _heading(key: str) -> str:
    """Give a setting's key on lines that keep a column narrow, broken after its section and between words."""
    section, dot, name = key.partition(".")
    lines = [section + dot]
    for part in name.replace("_", "_ ").split():
        if len(lines) == 1 or len(lines[-1]) + len(part) > NARROW:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _without_plan(found: Sweep, width: int) -> list[Text]:
    reasons: dict[str, list[str]] = {}
    for row in found.rows:
        if row.reason:
            values = (f"{axis.key}={value:g}" for axis, value in zip(found.axes, row.values, strict=True))
            reasons.setdefault(row.reason, []).append(" with ".join(values))
    return [
        line
        for reason, cases in reasons.items()
        for line in console.paragraph(
            f"! {units.counted(len(cases), 'case')} of {len(found.rows)} ({_named(cases)}): {reason}.",
            width,
            hang=4,
            style="yellow",
        )
    ]


def _named(cases: list[str]) -> str:
    """Give the values of a few cases, the rest counted."""
    more = len(cases) - MOST_NAMED
    return ", ".join(cases[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
