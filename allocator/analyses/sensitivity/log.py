"""Adds to a run's assumptions log what the answer does when each input moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from allocator.analyses.sensitivity.sensitivity import InputMoved, Moved, Sensitivity
from allocator.outputs import goal_amounts as amounts
from allocator.runs.files import EFFECTS_LOG
from allocator.runs.logs import markdown_table
from allocator.runs.read import RunFolder
from allocator.runs.verify.added import effects_log, put_beside
from allocator.units import listed

COLUMNS = ("input", "status", "moved to", "the plan as it stands reaches", "the best plan reaches", "targets met")
NO_PLAN = "no plan"
SCALES = {"value": "", "multiple": " times what stands there", "standard errors": " standard errors from there"}


def keep(run: str | Path, found: Sensitivity) -> Path:
    """Write what was found of a run into it, outside its manifest, and give the file's path.

    Raises RunError where it cannot be written, or the run is not the one that was written.
    """
    folder = RunFolder(run)
    return put_beside(folder.run, EFFECTS_LOG, effects_log(folder, list(_lines(found))))


def _lines(found: Sensitivity) -> Iterator[str]:
    yield f"The plan reaches {amounts.said(found.value, found.measure)} as its inputs stand."
    yield "Each input is moved down and up by itself, those first on which most rests; all else stays."
    yield ""
    yield from markdown_table(COLUMNS, (_row(found, moved) for moved in found.moved))
    if found.still:
        yield ""
        why = "names, whole numbers, shares that add up to 1 or nothing"
        yield f"Not moved, since they are {why}: {listed(found.still)}."


def _row(found: Sensitivity, moved: InputMoved) -> list[Any]:
    ends = (moved.low, moved.high)
    return [
        f"{moved.name} ({moved.input})",
        moved.status,
        f"{_ends(f'{end.to:.6g}' for end in ends)}{SCALES[moved.measured_in]}",
        _ends(_reached(found, end.stands) for end in ends),
        _ends(_reached(found, end.best) for end in ends),
        _ends(_met(end) for end in ends),
    ]


def _ends(both: Iterable[str]) -> str:
    low, high = both
    return low if low == high else f"{low} and {high}"


def _reached(found: Sensitivity, value: float | None) -> str:
    if value is None:
        return NO_PLAN
    return f"{'−' if value < 0 else ''}{amounts.said(value, found.measure)}"


def _met(end: Moved) -> str:
    return "none is set, or no plan" if end.met is None else "all" if end.met else "not all"
