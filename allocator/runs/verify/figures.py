"""Whether a run's plan is the solution that was certified, and keeps the rules worked out from the tables."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import numpy as np

from allocator.recompute.figures import PENNY, TOLERANCE, Recomputed
from allocator.recompute.rules import THOUSAND
from allocator.runs.read import RunFolder
from allocator.solving.solution import StageProof
from allocator.units import number, told_apart

AGREES = 1e-9  # people and advisers agree to this, relative to the larger of 1 and the figure

# where each kind of decision is published: file, column, and the columns that name it
PUBLISHED = {
    "grant": ("grants", "grant", ("partnership", "year")),
    "carry": ("money", "carried", ("partnership", "year")),
    "lapse": ("money", "lapsed", ("partnership", "year")),
    "fte": ("advisers", "fte", ("partnership", "year", "grade")),
    "recruits": ("advisers", "recruits", ("partnership", "year", "grade")),
    "redundancies": ("advisers", "redundancies", ("partnership", "year", "grade")),
    "training": ("advisers", "training", ("partnership", "year", "grade")),
    "places": ("places", "places", ("partnership", "year", "intervention", "client_group", "band")),
}
MONEY = ("grant", "carry", "lapse")


def differences_from_solution(folder: RunFolder) -> list[str]:
    """Find every published decision that is not the certified solution's, with file, row, place and both figures."""
    solution: dict[tuple[str, ...], float] = {}
    for proof in folder.proofs:
        if proof.stage == "goal":
            solution.update(_carried_out(proof))
    wrong = []
    for name, (table, column, key_columns) in PUBLISHED.items():
        rows = folder.table(table)
        keys = zip(*(map(_word, rows[key_column]) for key_column in key_columns), strict=True)
        seen = set()
        for line, (key, found) in enumerate(zip(keys, rows[column], strict=True), 2):
            seen.add((name, *key))
            expected = solution.get((name, *key), 0.0)  # a column that no row and no goal uses is at 0
            if abs(found - expected) > (PENNY if name in MONEY else AGREES * max(1.0, abs(expected))):
                where = f"plan/{table}.csv, row {line}, {' '.join(key)}, {column}"
                said, given = _both(name, found, expected)
                wrong.append(f"{where}: {said}, the solution gives {given}")
        for key, expected in solution.items():
            if key[0] == name and key not in seen and expected != 0:
                wrong.append(f"plan/{table}.csv has no row for {' '.join(key[1:])}: the solution gives {expected:,.6g}")
    return wrong


def _carried_out(proof: StageProof) -> Iterator[tuple[tuple[str, ...], float]]:
    """Give the decisions that are carried out of one planned horizon, in pounds, people and FTE."""
    for key, value in zip(proof.columns, proof.plan.tolist(), strict=True):
        if key[0] in PUBLISHED and (not proof.year or key[2] == proof.year):
            yield key, value * THOUSAND if key[0] in MONEY else value


def _word(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def apart(found: float, expected: float, places: int) -> tuple[str, str]:
    """Give two figures with as many digits as show that they differ, places decimals at least; any numbers a file
    holds.
    """
    if isfinite(found) and isfinite(expected):
        return told_apart(found, expected, places)
    return f"{found:,.6g}", f"{expected:,.6g}"


def _both(name: str, found: float, expected: float) -> tuple[str, str]:
    """Give a decision as published and as solved, with as many digits as tell the two apart."""
    if name not in MONEY:
        return apart(found, expected, 6)
    finite = isfinite(found) and isfinite(expected)
    whole = finite and all(abs(value - round(value)) < PENNY for value in (found, expected))
    said, given = apart(found, expected, 0 if whole else 2)
    return f"£{said}", f"£{given}"


def rules_broken(worked: Recomputed) -> list[str]:
    """Find every row of a rule that must hold and does not; money to the penny, all else to the tolerance."""
    wrong = []
    for breach in worked.breaches:
        found, limit = apart(breach.found, breach.limit, 6)
        wrong.append(f"{breach.figure} {' '.join(breach.key)}: {found}, its limit is {limit}")
    for family in worked.rules:
        if family.soft:
            continue
        broken = family.violation > TOLERANCE
        if family.unit == "£":
            broken |= family.slack < -PENNY
        rows = (family.rows[n] for n in np.flatnonzero(broken))
        wrong += [f"{row.rule} {' '.join(row.place.words)}: {_sides(row.left, row.right, row.unit)}" for row in rows]
    return wrong


def _sides(left: float, right: float, unit: str) -> str:
    if unit == "£":
        return f"£{number(left, 2)} of £{number(right, 2)}"
    return "{} against {} {}".format(*apart(left, right, 6), unit)
