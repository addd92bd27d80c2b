"""What `allocator verify` finds out: the checks of a run folder and, with --again, what solving it once more gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from allocator.errors import AllocatorError
from allocator.recompute.figures import PENNY
from allocator.runs.read import RunFolder
from allocator.runs.verify import verify as checks
from allocator.runs.verify.verify import SHOWN, Check, Verification
from allocator.units import counted, number, pounds

CHECK = "again"
AGREES = 1.0  # £: grants that differ by no more are the same; another machine's solver ends in another last digit


def verify(run: str | Path, *, again: bool = False) -> Verification:
    """Check a run folder, and with again solve it once more and compare the grants as one check more.

    Raises RunError where there is no such folder; all else that is wrong is a failed check. Without again no solver
    is imported.
    """
    found = checks.verify(run)
    if not again:
        return found
    more = (*found.checks, _solved_again(RunFolder(found.run)))
    if not more[-1].passed:
        return Verification(found.run, more)  # what is claimed of a run that is not sound is nothing
    return replace(found, checks=more)


def _solved_again(folder: RunFolder) -> Check:
    """Say whether no grant is another by more than AGREES; which are, and by how much, where some are."""
    from allocator.solving.settlement import solve_data  # to check a run needs no solver

    try:
        found = folder.figures.grant
        solution, _ = solve_data(folder.data, folder.settings, folder.given)
    except AllocatorError as error:
        return Check(CHECK, passed=False, detail=f"it cannot be solved once more: {error.sentence()}")
    anew = solution.figures.grant
    apart = np.abs(found - anew)
    largest = float(apart.max())
    if largest <= AGREES:
        same = largest <= PENNY
        said = "every grant is the same to the penny" if same else f"no grant differs by more than {_amount(largest)}"
        return Check(CHECK, passed=True, detail=f"solved once more: {said}")
    d, wrong = folder.data, np.argwhere(apart > AGREES)
    order = sorted(map(tuple, wrong.tolist()), key=lambda place: -apart[place])
    named = [
        f"{d.partnerships[p]} {d.years[t]} {pounds(found[p, t])}, by the new plan {pounds(anew[p, t])}"
        for p, t in order[:SHOWN]
    ]
    more = f"; and {number(len(order) - SHOWN)} more" if len(order) > SHOWN else ""
    made_by = f"The run was made by {folder.manifest['program']} with {folder.manifest['solver']}"
    detail = f"{counted(len(order), 'grant')} of {found.size} differ: {'; '.join(named)}{more}. {made_by}"
    return Check(CHECK, passed=False, detail=detail)


def _amount(difference: float) -> str:
    return f"£{number(difference, 2)}"
