"""Runs as a forger would write them: every file agrees with every other and the manifest is made for them."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import highspy
import numpy as np

from allocator.runs.problem import read_mps
from allocator.runs.verify.figures import MONEY, PUBLISHED
from allocator.runs.write import write_run
from allocator.solving.solution import Figures
from tests.helpers.builders import make_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from allocator.runs.plan import Plan
    from allocator.solving.solution import StageProof

    Change = Callable[[highspy.Highs, StageProof], StageProof | None]


def forged_run(plan: Plan, target: Path, change: Change, *, without_soft: bool = False) -> Path:
    """A run of a plan whose goal stage's problem was changed and solved again, so that its certificate holds.

    without_soft: the soft stage's proof is left out.
    """
    kept = [proof for proof in plan.solution.proofs if proof.stage == "goal" or not without_soft]
    proofs = tuple(forged_proof(proof, change) if proof.stage == "goal" else proof for proof in kept)
    goal = proofs[-1]
    proofs = tuple(replace(proof, plan=goal.plan) for proof in proofs)
    solution = replace(plan.solution, proofs=proofs, figures=figures_of(plan, goal))
    return write_run(make_plan(plan.scenario, plan.data, solution, given=plan.given), target)


def forged_proof(proof: StageProof, change: Change) -> StageProof:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem.mps"
        file.write_bytes(proof.text)
        solver = highspy.Highs()
        solver.silent()
        assert solver.readModel(str(file)) == highspy.HighsStatus.kOk
        proof = change(solver, proof) or proof
        assert solver.run() == highspy.HighsStatus.kOk
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found = solver.getSolution()
        assert solver.writeModel(str(file)) == highspy.HighsStatus.kOk
        text = file.read_bytes()
    problem = read_mps(text)
    values = np.clip(np.array(found.col_value), problem.lower, problem.upper) + 0.0
    return replace(proof, problem=problem, plan=values, duals=np.array(found.row_dual), text=text)


def figures_of(plan: Plan, proof: StageProof) -> Figures:
    """The figures of the columns of a settlement's problem."""
    d = plan.data
    axes = {
        "partnership": d.partnerships,
        "year": d.years,
        "grade": d.grades,
        "intervention": d.interventions,
        "client_group": d.client_groups,
        "band": tuple(str(b + 1) for b in range(d.width.shape[1])),
    }
    found = {name: np.zeros_like(getattr(plan.figures, name)) for name in PUBLISHED}
    for key, value in zip(proof.columns, proof.plan.tolist(), strict=True):
        words = dict(zip(PUBLISHED[key[0]][2], key[1:], strict=True)) if key[0] in PUBLISHED else {}
        if words and all(word in axes[axis] for axis, word in words.items()):  # a forger may make up names
            place = tuple(axes[axis].index(word) for axis, word in words.items())
            found[key[0]][place] = value * (1000 if key[0] in MONEY else 1)
    return Figures(**found)
