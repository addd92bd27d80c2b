"""Whether every figure that a run publishes beside its decisions is what the decisions give."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from allocator.recompute.certificate import StageCertificate
from allocator.recompute.figures import PENNY, Recomputed
from allocator.runs.files import SCENARIO, columns_table
from allocator.runs.frames import COLUMNS, Table, tables_of
from allocator.runs.plan import summary_of
from allocator.runs.read import RunFolder
from allocator.runs.verify.figures import AGREES, apart
from allocator.tables.write import csv_bytes
from allocator.units import number

LARGE = 1e-11  # sums of large numbers agree to this, relative: other machines add up in other orders
GOAL_AGREES = 1e-6  # the goal worked out again and the certified one, relative to the larger of 1 and the goal
_PLACE = ("rule", "partnership", "year", "grade", "intervention", "client_group", "band", "detail")


def published_differences(folder: RunFolder, worked: Recomputed, certificates: Sequence[StageCertificate]) -> list[str]:
    """Find every cell of plan/*.csv and every value of summary.json that the decisions and the tables do not give."""
    wrong = list(_summary(folder, worked, certificates))
    expected = tables_of(folder.data, folder.figures, worked, folder.prices)
    for name, table in expected.items():
        wrong += _cells(name, folder.table(name), table)
    if folder.content("plan/columns.csv") != csv_bytes(columns_table()):
        wrong.append("plan/columns.csv does not describe the columns")
    goals = [c.goal for c in certificates if c.stage == "goal" and c.goal is not None]
    settings = folder.settings
    if settings.certainty.kind == "settlement" and goals:
        certified = float(goals[0]) + worked.goal_constant
        if abs(certified - worked.sought) > GOAL_AGREES * max(1.0, abs(worked.sought)):
            goal, proved = apart(worked.sought, certified, 6)
            wrong.append(f"the goal is {goal} from the tables and {proved} as certified")
    return wrong


def _cells(name: str, found: Table, expected: Table) -> Iterator[str]:
    counts = (len(next(iter(found.values()))), len(next(iter(expected.values()))))
    if counts[0] != counts[1]:
        yield f"plan/{name}.csv has {counts[0]:,} rows, the plan gives {counts[1]:,}"
        return
    for column in COLUMNS[name]:
        units = found["unit"] if column.unit == "unit" else [column.unit] * counts[0]
        for n, (one, other) in enumerate(zip(found[column.name], expected[column.name], strict=True)):
            if one == other:
                continue
            if one is not None and other is not None and column.unit:
                size = max(1.0, abs(other))
                if name == "rules" and column.name == "slack":  # a small difference of two sides that may be large
                    size = max(size, abs(expected["left"][n]), abs(expected["right"][n]))
                if abs(one - other) <= (PENNY if units[n].startswith("£") else AGREES * size):
                    continue
            place = " ".join(str(expected[key][n]) for key in _PLACE if key in expected and expected[key][n] != "")
            said, given = _both(one, other)
            yield f"plan/{name}.csv, row {n + 2}, {place}, {column.name}: {said}, the plan gives {given}"


def _summary(folder: RunFolder, worked: Recomputed, certificates: Sequence[StageCertificate]) -> Iterator[str]:
    found = folder.json("summary.json")
    expected = summary_of(
        found["scenario"]["name"],
        hashlib.sha256(folder.content(SCENARIO)).hexdigest(),
        folder.settings,
        folder.data,
        folder.figures,
        worked,
        certificates,
        folder.stages,
    )
    yield from _values(found, expected.to_dict(), "")
    yield from _stages(folder, worked, certificates)


def _stages(folder: RunFolder, worked: Recomputed, certificates: Sequence[StageCertificate]) -> Iterator[str]:
    """Check that what each stage is said to have reached is what its certificate bounds, and what the plan gives."""
    settled = folder.settings.certainty.kind == "settlement"
    bounds = {(c.stage, c.year): float(c.bound) for c in certificates if c.bound is not None}
    for stage in folder.stages:
        name, value = stage.stage, stage.value
        if value is None:
            continue
        proved = bounds.get((name, stage.year))
        if name == "goal":
            proved = proved + worked.goal_constant if proved is not None and settled else None
        elif name == "then" and not settled:
            proved = None
        elif name in ("again", "spend") and settled:
            proved = worked.sought if name == "again" else float(worked.spend.sum())
        if proved is not None and abs(value - proved) > 2.0 * GOAL_AGREES * max(1.0, abs(proved)):
            said, given = apart(value, proved, 6)
            yield f"summary.json, stages, {name}: {said}, by its certificate and the plan {given}"


def _values(found: Any, expected: Any, place: str) -> Iterator[str]:
    if isinstance(expected, dict):
        if not isinstance(found, dict) or list(found) != list(expected):
            yield f"summary.json{place} has other keys than a summary"
            return
        label = expected.get("partnership", expected.get("year", ""))
        for key, value in expected.items():
            yield from _values(found[key], value, f"{place}, {label} {key}" if label else f"{place}, {key}")
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            yield f"summary.json{place} has another number of entries"
            return
        for one, other in zip(found, expected, strict=True):
            yield from _values(one, other, place)
    elif isinstance(expected, float) and isinstance(found, int | float) and not isinstance(found, bool):
        if abs(found - expected) > max(AGREES, LARGE * abs(expected)):
            yield _differs(place, found, expected)
    elif found != expected or type(found) is not type(expected):
        yield _differs(place, found, expected)


def _differs(place: str, found: Any, expected: Any) -> str:
    said, given = _both(found, expected)
    return f"summary.json{place}: {said}, the rows give {given}"


def _both(found: Any, expected: Any) -> tuple[str, str]:
    """Give what is published and what it should be: of two numbers as many digits as tell them apart."""
    if _is_number(found) and _is_number(expected):
        return apart(found, expected, 0 if float(found).is_integer() and float(expected).is_integer() else 6)
    return _said(found), _said(expected)


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _said(value: Any) -> str:
    if _is_number(value):
        return number(value, 0 if float(value).is_integer() else 6)
    return "a blank" if value is None else repr(value)[:60]
