"""What `allocator sensitivity` prints: a tornado, where something turns, and who would turn from gain to loss."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from allocator import units
from allocator.analyses.sensitivity.sensitivity import (
    CERTAINTY,
    GRANTS_MOVED,
    InputMoved,
    Moved,
    Sensitivity,
    Switch,
)
from allocator.outputs import console, yardsticks
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn
from allocator.register import goals

MOST_SHOWN = 15  # inputs, unless all are asked for
MOST_TURNS = 12
NOTHING_TURNS = "Nothing turns: neither a headline nor a target, wherever that was looked for."
MOST_NAMED = 6
THOUSAND = 1_000  # from here on a value is shown whole
HALF = 6  # cells of a bar on either side
MOST_PLACES = 6  # decimals of a change
CLOSE = 0.01  # of the way to the end of a range: what turns nearer is told to
LEAST = 1e-3  # of the goal: an input that moves less stands among those that move next to nothing


def write(found: Sensitivity, *, every: bool = False) -> None:
    """Print what a plan rests on; every: every input, and not those alone on which most rests."""
    console.write(sensitivity_lines(found, console.width_of(sys.stdout), every=every))


def write_kept(log: Path) -> None:
    """Say which part of a run's assumptions log has it."""
    said = f"{log}, a part of the run's assumptions log outside its manifest"
    console.write(console.labelled("WRITTEN", said, console.width_of(sys.stdout)))


def sensitivity_lines(found: Sensitivity, width: int, *, every: bool = False) -> list[Text]:
    """Give the tornado, what turns and where, who turns, and what was not moved."""
    lines = [console.between("What the plan rests on", found.side, width)]
    lines += console.paragraph(headline(found), width, indent=0)
    if not found.moved:
        return [*lines, *console.paragraph("No input is named as assumed or derived: nothing was moved.", width)]
    lines += [Text(""), *_tornado(found, width, every=every), Text(""), *_turns(found, width, every=every)]
    lines += [*_partnerships(found, width), *_still(found, width)]
    rests = amounts.assumed(len(found.inputs.assumed), found.inputs.total)
    return [*lines, Text(""), *console.labelled("EVIDENCE", rests, width)]


def headline(found: Sensitivity) -> str:
    """Give what is reached, and what moving grants and certainty bring, as inputs stand."""
    said = f"{amounts.said(found.value, found.measure)} as its inputs stand."
    costs = goals.named(found.measure).less_is_better
    for words, ahead in (("Moving grants", found.moving_grants), ("Certainty", found.certainty)):
        if ahead is None:
            continue
        if not amounts.is_something(ahead, found.measure):
            said += f" {words} brings next to nothing."
            continue
        does = ("saves" if ahead > 0 else "costs") if costs else "brings"
        change = "" if costs else " more" if ahead > 0 else " less"
        than = "shares as before" if words == "Moving grants" else "planning year on year"
        said += (
            f" {words} {does} {amounts.said(ahead, found.measure)}{change}{' against' if costs else ' than'} {than}."
        )
    if found.moving_grants is not None and found.moving_grants < 0:
        said += f" {yardsticks.MAY_REACH_LESS}"
    if any(ahead is not None and ahead < 0 for ahead in (found.moving_grants, found.certainty)):
        said += " Soft rules go before the goal: a plan that does worse by the goal may keep them more closely."
    return said


def moved_to(one: InputMoved, to: float) -> str:
    """Give a place of an input in words: ``×0.90``, ``−1.0 s.e.``, or the value itself."""
    if one.measured_in == "multiple":
        return f"×{units.number(to, 2)}"
    if one.measured_in == "standard errors":
        return f"{units.signed(to, 1)} s.e."
    return units.number(to) if abs(to) >= THOUSAND else f"{to:.5g}".replace("-", units.MINUS)


def _tornado(found: Sensitivity, width: int, *, every: bool) -> list[Text]:
    something = [one for one in found.moved if one.swing >= LEAST * abs(found.value)]
    rows = found.moved if every else something[:MOST_SHOWN]

    def change(reached: float | None) -> str:
        return change_in_words(found, reached)

    largest = max((abs(reached - found.value) for one in rows for reached in _stands(one)), default=0.0)
    columns = [
        TextColumn("moved", tuple(moved_in_words(one) for one in rows), drop=5),
        TextColumn("as it\nstands:\nlow", tuple(change(one.low.stands) for one in rows), signed=True),
        TextColumn("high", tuple(change(one.high.stands) for one in rows), signed=True),
        TextColumn("", tuple(_bar(found, one, largest) for one in rows), drop=3, left=True),
        TextColumn("best\nplan:\nlow", tuple(change(one.low.best) for one in rows), drop=2, signed=True),
        TextColumn("best\nplan:\nhigh", tuple(change(one.high.best) for one in rows), drop=2, signed=True),
        TextColumn("moves\n£m", tuple(most_pounds(one) for one in rows), drop=1),
        TextColumn("turn", tuple(most_turned(one) for one in rows), drop=4),
    ]
    lines = console.table("ONE INPUT MOVED", [label(one) for one in rows], columns, width)
    said = (
        f"Changes of the goal, in {goals.named(found.measure).words.column}. {how_moved(found)}, one at a time. "
        "As it stands: the plan's grants stand; its places and posts too where only what comes of them is other, else "
        "partnerships do their best within the grants. Moves: what the best plan then gives to others, at the end "
        "where that is more. Turn: partnerships that then turn from gain to loss on shares as before, or back. "
        "First comes what changes most from one end to the other, as it stands or at its best."
    )
    said += about_stars(rows) + about_worse(found, rows)
    lines += console.paragraph(said, width, style="dim")
    less = len(found.moved) - len(rows)
    if less:
        next_to_nothing = len(found.moved) - len(something)
        said = f"{units.counted(less, 'more input')}; "
        if next_to_nothing:
            said += f"{units.number(next_to_nothing)} of these by less than a thousandth of the goal; "
        said += "--all shows every one."
        lines += console.paragraph(said, width, style="dim")
    return lines + _without_plan(found, width)


def how_moved(found: Sensitivity) -> str:
    """Give how far inputs are moved: by what the tables say of them, or as a file of ranges asked."""
    if all(one.name == one.input for one in found.moved):
        return "Inputs are moved to the ends of the ranges asked for"
    return "Effects are moved by a standard error (s.e.) either way, all else by 10 per cent or its own standard error"


def about_stars(rows: Sequence[InputMoved]) -> str:
    """Give what a star says, where one is shown; blank where the data set does not say what is assumed."""
    statuses = {one.status for one in rows} - {""}
    if "derived" not in statuses:
        return " All of them are assumed." if statuses == {"assumed"} else ""
    return " * derived; others are assumed." if statuses <= {"derived", "assumed"} else " * derived."


def about_worse(found: Sensitivity, rows: Sequence[InputMoved]) -> str:
    """Give why a best plan can do worse by the goal than the plan as it stands; blank where none does."""
    sign = -1.0 if goals.named(found.measure).less_is_better else 1.0
    worse = any(
        end.stands is not None and end.best is not None and sign * (end.stands - end.best) >= LEAST * abs(found.value)
        for one in rows
        for end in _ends(one)
    )
    return (
        " Where the best plan does worse than the plan as it stands, it keeps soft rules more closely (a target that "
        "the plan as it stands would then miss): these go before the goal."
        if worse
        else ""
    )


def change_in_words(found: Sensitivity, reached: float | None) -> str:
    """Give what is reached less than, or more than, as inputs stand, in decimals that tell a thousandth of it."""
    least = amounts.scaled(LEAST * abs(found.value), found.measure)
    places = goals.named(found.measure).words.places
    more = min(max(places, math.ceil(-math.log10(least))), MOST_PLACES) - places if least > 0 else 0
    return units.DASH if reached is None else amounts.change(reached - found.value, found.measure, more)


def moved_in_words(one: InputMoved) -> str:
    """Give how far an input is moved: ``±10 %``, ``±1 s.e.``, or from where to where."""
    if one.measured_in == "standard errors" and -one.low.to == one.high.to:
        return f"±{one.high.to:g} s.e."
    if one.measured_in == "multiple" and abs(one.low.to + one.high.to - 2.0) < 1e-9:
        return f"±{units.percentage(one.high.to - 1.0)}"
    return f"{moved_to(one, one.low.to)} to {moved_to(one, one.high.to)}"


def label(one: InputMoved) -> str:
    """Give an input's name, with a star where it is derived."""
    name = one.name if one.name == one.input else f"{one.name[:1].upper()}{one.name[1:]}"
    return f"{name}{' *' if one.status == 'derived' else ''}"


def _stands(one: InputMoved) -> list[float]:
    return [reached for reached in (one.low.stands, one.high.stands) if reached is not None]


def _bar(found: Sensitivity, one: InputMoved, largest: float) -> str:
    changes = [reached - found.value for reached in _stands(one)] or [0.0]
    left = console.bar(min(*changes, 0.0), largest, HALF)[:HALF]
    return left + console.bar(max(*changes, 0.0), largest, HALF)[HALF:]


def _ends(one: InputMoved) -> tuple[Moved, Moved]:
    return one.low, one.high


def most_pounds(one: InputMoved) -> str:
    """Give what moves to other partnerships at the end where that is more, £m; a dash where neither end has a plan."""
    moved = [end.pounds for end in _ends(one) if end.pounds is not None]
    return units.millions(max(moved), 1) if moved else units.DASH


def most_turned(one: InputMoved) -> str:
    """Give how many partnerships turn at the end where these are more."""
    return units.number(max(len(end.turned) for end in _ends(one)))


def _without_plan(found: Sensitivity, width: int) -> list[Text]:
    """Give what has no plan at an end, or cannot be kept to there, is no small thing."""
    none = [
        console.kept_together(f"{one.name} {moved_to(one, end.to)}")
        for one in found.moved
        for end in _ends(one)
        if end.best is None
    ]
    if not none:
        return []
    return console.paragraph(f"! No plan keeps the rules with {units.listed(none)}.", width, hang=4, style="yellow")


def _turns(found: Sensitivity, width: int, *, every: bool) -> list[Text]:
    """Give the switching values: those inside their range first, then the nearest beyond."""
    turns = nearest_turns(found, None)
    shown = turns if every else turns[:MOST_TURNS]
    if not shown:
        return console.labelled("TURNS", NOTHING_TURNS, width)
    columns = [
        TextColumn("what turns", tuple(at.of for _, at in shown), left=True),
        TextColumn("at", tuple(at_in_words(one, at.at) for one, at in shown)),
        TextColumn("of its\nrange", tuple(f"{far_in_words(one, at.at)} times" for one, at in shown), drop=1),
    ]
    lines = console.table("WHERE SOMETHING TURNS", [label(one) for one, _ in shown], columns, width)
    lines += console.paragraph(about_turns(), width, style="dim")
    if len(turns) > len(shown):
        lines += console.paragraph(f"{units.number(len(turns) - len(shown))} more lie further out.", width, style="dim")
    return lines


def nearest_turns(found: Sensitivity, most: int | None = MOST_TURNS) -> list[tuple[InputMoved, Switch]]:
    """Give where something turns, by how far the input has to move; at most so many."""
    turns = [(one, at) for one in found.moved for at in one.switches]
    return sorted(turns, key=lambda turn: far(turn[0], turn[1].at))[:most]


def about_turns() -> str:
    """Give what it is that turns, and how far it is looked for."""
    return (
        f"The plan as it stands is held against the plan with shares as before ({GRANTS_MOVED}), the plan made year on "
        f"year, where yearly plans count what lasts ({CERTAINTY}), and the targets. Of its range: 1 is the end of it, "
        "what is less lies inside. A headline of less than a thousandth of the goal is not followed. Costs, and what "
        "may be done, are not followed past their range."
    )


def far(one: InputMoved, at: float) -> float:
    """Give how far something turns, as a multiple of the way to the end of the range."""
    end = one.low.to if at < one.centre else one.high.to
    return (at - one.centre) / (end - one.centre) if end != one.centre else float("inf")


def far_in_words(one: InputMoved, at: float) -> str:
    """Give how far something turns, with the decimals that keep what is near from being told as nothing."""
    way = far(one, at)
    if 0 < way < CLOSE:
        return f"under {CLOSE:g}"
    return units.number(way, 1 if way >= 1 else 2)


def at_in_words(one: InputMoved, at: float) -> str:
    """Give where an input is when something turns, with the decimals that tell it apart."""
    if one.measured_in == "multiple":
        return f"×{units.number(at, 3)}"
    if one.measured_in == "standard errors":
        return f"{units.signed(at, 2)} s.e."
    return moved_to(one, at)


def _partnerships(found: Sensitivity, width: int) -> list[Text]:
    return console.labelled("WHO TURNS", who_turns(found), width)


def who_turns(found: Sensitivity) -> str:
    """Say whose grants turn from gain to loss on shares as before, or back, by how many inputs do that."""
    counts = Counter(p for one in found.moved for p in {*one.low.turned, *one.high.turned})
    if not counts:
        return "Nobody turns from gain to loss on shares as before, or back."
    most = counts.most_common(MOST_NAMED)
    named = [console.kept_together(f"{found.names[p]} ({units.counted(n, 'input')})") for p, n in most]
    more = len(counts) - len(named)
    said = units.listed(named) if not more else f"{', '.join(named)} and {units.number(more)} more"
    return f"From gain to loss on shares as before, or back: {said}."


def _still(found: Sensitivity, width: int) -> list[Text]:
    if not found.still:
        return []
    said = f"Names, whole numbers, shares that add up to 1 and what is 0 throughout: {', '.join(found.still)}."
    return console.labelled("NOT MOVED", said, width)
