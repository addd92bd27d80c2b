"""No plan: the sum that shows which rules cannot hold together, and repairs as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from allocator import units
from allocator.errors import CELL, ConflictTerm, NoPlan, Repair
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.register import goals
from allocator.register.quantities import EXACT, LEAST, MOST


def no_plan_lines(error: NoPlan, width: int) -> list[Text]:
    """Say why there is no plan.

    A sum, what to do, and each repair with what it then reaches and its line in the file.
    """
    year = "" if error.stage == "rules" else f" of {error.stage}"
    heading = f"No plan keeps all the rules{year}."
    lines = console.paragraph(heading, width, indent=0, hang=2, style="red")
    for said in error.reached:
        lines += console.paragraph(said, width, hang=4)
    if error.reached and not error.sums:
        said = "solve --sums shows the chain of sums behind it."
        lines += console.paragraph(said, width, style="dim")
    elif error.conflict and all(part.said for part in error.conflict):  # else nobody looked for its sum
        lines += _sum(error.conflict, width)
    elif _sentence(error.found) != heading:
        lines += console.paragraph(_sentence(error.found), width)
    if error.fix:
        lines += console.paragraph(error.fix, width)
    if error.repairs:
        lines += _repairs(error.repairs, width)
    lines.append(Text("Nothing was written.", style="dim"))
    return lines


def _sum(conflict: Sequence[ConflictTerm], width: int) -> list[Text]:
    """Give what is asked, what there is, and what is short, one under the other; what only ties them together last."""
    counted = [part for part in conflict if part.amount]
    ties = list(dict.fromkeys(part.rule for part in conflict if not part.amount))
    rows = [(part.rule, _said(part), units.with_unit(part.amount, part.unit)) for part in counted]
    if counted:
        short = sum(part.amount if part.asked else -part.amount for part in counted)
        rows.append(("", "short by", units.with_unit(short, counted[0].unit)))
    indent, figure = 4 + max((len(rule) for rule, _, _ in rows), default=0), max((len(r[2]) for r in rows), default=0)
    lines: list[Text] = []
    room = min(width - indent - figure - 2, max((cell_len(said) for _, said, _ in rows), default=0))
    for rule, said, amount in rows:
        wrapped = console.paragraph(said if rule else said.rjust(room), room, indent=0) or [Text("")]
        for number, line in enumerate(wrapped):
            last = number == len(wrapped) - 1
            head = f"  {rule if number == 0 else '':<{indent - 2}}"
            words = line.plain.rjust(room) if not rule else line.plain.ljust(room)
            lines.append(Text(f"{head}{words}  {amount.rjust(figure) if last else ''}", style="" if rule else "bold"))
    if ties:
        lines += console.paragraph(f"tied together by {units.listed(ties)}", width, indent=indent)
    return lines


def _said(part: ConflictTerm) -> str:
    said, year = part.said, part.year
    where = part.place.removesuffix(f", {year}")
    return said if where in ("", year) or where.endswith("partnerships") else f"{where}: {said}"


def _repairs(repairs: tuple[Repair, ...], width: int) -> list[Text]:
    """Give a repair as it is typed and never broken, what it does, in a second line where there is no room, and what it
    reaches."""
    rows = [(typed(repair.setting, repair.to), _in_words(repair), _reached(repair)) for repair in repairs]
    label, words, figure = (max(cell_len(row[column]) for row in rows) for column in range(3))
    heading = "Any one of these makes a plan possible; each was solved:"
    needed = 2 + label + 2 + words + 2 + max(figure, len("reaches"))
    told = needed <= width
    width = min(width, max(needed, len(heading) + 9))
    lines = [Text(heading + "reaches".rjust(max(width - len(heading), 9)))]
    for command, said, reached in rows:
        line = f"  {command:<{label}}  {said}"
        if not told:
            lines.append(Text(f"  {command}"))
            line = f"    {said}"
        lines.append(Text(line + reached.rjust(max(width - cell_len(line), len(reached) + 2))))
    line = in_file(repairs[0].setting, repairs[0].to)
    where = "In the table limits" if repairs[0].setting.startswith(CELL) else "In the scenario file"
    return lines + console.paragraph(f"{where}:  {line}", width, indent=0)


def typed(setting: str, to: Any) -> str:
    """Give a repair as it is typed in a shell, or what to write into the table limits."""
    if setting.startswith(CELL):
        name, side = _cell(setting)
        return f"in limits, {name}: {side} = {value(to)}"
    text = f"{setting}={value(to)}"
    plain = all(sign.isalnum() or sign in "._=-" for sign in text)
    return f"--set {text}" if plain else f"--set '{text}'"


def in_file(setting: str, to: Any) -> str:
    """Give a repair as its section and line in the scenario file, or its row and column in the table limits."""
    if setting.startswith(CELL):
        name, side = _cell(setting)
        return f"row {name}, column {side}: {value(to)}"
    *sections, key = _keys(setting)
    return f"[{'.'.join(sections)}]  {key} = {value(to, in_file=True)}"


def value(to: Any, *, in_file: bool = False) -> str:
    """Give a value as TOML has it; a bare word on the command line."""
    if isinstance(to, bool):
        return str(to).lower()
    if isinstance(to, list | tuple):
        return "[" + ", ".join(f'"{item}"' for item in to) + "]"
    if isinstance(to, str):
        return f'"{to}"' if in_file else to
    return f"{to:.10g}" if isinstance(to, float) and abs(to) < 1e9 else str(to)


def _cell(setting: str) -> tuple[str, str]:
    """Give the limit and the column of a repair in the table limits; both columns where it is fixed."""
    name, _, side = setting.removeprefix(CELL).rpartition(".")
    return name, f"{LEAST} and {MOST}" if side == EXACT else side


def _keys(setting: str) -> list[str]:
    head, quote, entry = setting.partition('."')
    return [*head.split("."), f'"{entry}'] if quote else head.split(".")


def _in_words(repair: Repair) -> str:
    """Give what a repair does: how far a setting goes up or down, or which rule is let go."""
    setting, before, to = repair.setting, repair.before, repair.to
    if setting.startswith(CELL):
        return f"instead of {value(before)}"
    *_, key = _keys(setting)
    if setting == "rules.off":
        return f"{_new(before, to)} off; the other rules still hold"
    if setting == "rules.soft":
        return f"{_new(before, to)} may fall short"
    if not isinstance(before, int | float) or not isinstance(to, int | float):
        return f"instead of {before}"
    if setting.startswith("budget.by_year"):
        name = key.strip('"')
        return f"{units.pounds(to - before)} more in {name}"
    if setting in ("budget.scale", "workforce.headcount_scale") and before > 0:
        if to >= 2 * before:
            return f"{units.number(to / before, 2)} times as much in every year"
        return f"{units.share((to - before) / before, 2)} more in every year"
    if setting.startswith("budget.scale.") and before > 0:
        name = key.strip('"')
        return f"{units.share((to - before) / before, 2)} more in {name}"
    if setting == "budget.reserve":
        return f"{units.pounds(before - to)} a year less held back"
    if abs(to - before) >= 1:  # so many points that nobody would read them as a step
        return f"{key.strip(chr(34))} {value(to)} instead of {value(before)}"
    way = "down" if to < before else "up"
    return f"{key.strip(chr(34))} {way} by {units.number(100 * abs(to - before), 2)} points"


def _new(before: Any, to: Any) -> str:
    return units.listed([str(name) for name in to if name not in before])


def _reached(repair: Repair) -> str:
    measure = repair.measure
    if not measure:
        return units.number(repair.goal)
    sign = "−" if repair.goal < 0 and goals.named(measure).in_pounds else ""
    return f"{sign}{amounts.said(repair.goal, measure)}"


def _sentence(text: str) -> str:
    said = f"{text[:1].upper()}{text[1:]}"
    return said if said.endswith((".", "?", "!")) else f"{said}."
