"""A grant that is changed by a pound in every file at once, by the program's own writer: still not certified."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from tests.helpers.builders import make_plan


def failed(run):
    return {check.check: check.detail for check in verify(run).checks if not check.passed}


def rewritten(plan, target, figures, proofs):
    """The run as it would be had these figures been solved: summary, tables, logs and manifest agree."""
    solution = replace(plan.solution, figures=figures, proofs=proofs)
    return write_run(make_plan(plan.scenario, plan.data, solution), target)


CELLS = [(p, t, pound) for p in range(2) for t in range(2) for pound in (1.0, -1.0)]


@pytest.mark.parametrize(("p", "t", "pound"), CELLS)
def test_in_every_published_file(plan, tmp_path, p, t, pound):
    change = np.zeros_like(plan.figures.grant)
    change[p, t] = pound
    figures = replace(plan.figures, grant=plan.figures.grant + change, lapse=plan.figures.lapse + change)
    wrong = failed(rewritten(plan, tmp_path / "run", figures, plan.solution.proofs))
    assert "files" not in wrong
    place = f"{plan.data.partnerships[p]} {plan.data.years[t]}, grant"
    assert f"plan/grants.csv, row {2 + 2 * p + t}, {place}" in wrong["recomputed"]


@pytest.mark.parametrize(("p", "t", "pound"), CELLS)
def test_in_the_solution_as_well(plan, tmp_path, p, t, pound):
    # the money of the year is all granted: a pound more breaks it, a pound less in a grant and not in what it pays for
    change = np.zeros_like(plan.figures.grant)
    change[p, t] = pound
    figures = replace(plan.figures, grant=plan.figures.grant + change)
    key = ("grant", plan.data.partnerships[p], plan.data.years[t])
    proofs = []
    for proof in plan.solution.proofs:
        values = proof.plan.copy()
        values[proof.columns.index(key)] += pound / 1000
        proofs.append(replace(proof, plan=values))
    wrong = failed(rewritten(plan, tmp_path / "run", figures, tuple(proofs)))
    assert "files" not in wrong
    assert f"money {plan.data.partnerships[p]} {plan.data.years[t]}" in wrong["recomputed"]
