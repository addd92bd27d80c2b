"""Verifies a run folder without trusting the program that wrote it, the rules it was built from, or a solver.

Four checks, each made whatever the others say: the files are those that were written; the certificate holds in
exact arithmetic; the plan, worked out again from the tables, keeps the rules and is the solution's; and every
total that the run publishes is what its rows give.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from allocator.errors import AllocatorError
from allocator.recompute.certificate import StageCertificate
from allocator.recompute.figures import Recomputed
from allocator.register import distributions
from allocator.register.goals import is_cautious
from allocator.register.goals import of as goal_of
from allocator.results import Result, doc, documented
from allocator.runs.contents import not_its_own
from allocator.runs.files import OUTSIDE
from allocator.runs.plan import judge
from allocator.runs.read import RunFolder
from allocator.runs.verify.added import said_of_effects
from allocator.runs.verify.figures import differences_from_solution, rules_broken
from allocator.runs.verify.later import certified, may_be_given_up, stages_due
from allocator.runs.verify.made_again import not_as_made_again, own_problems, unchecked
from allocator.runs.verify.problem import problem_differences
from allocator.runs.verify.sign_offs import sign_offs
from allocator.runs.verify.totals import published_differences
from allocator.units import counted, number, pounds, size

CHECKS = ("files", "certificate", "recomputed", "totals")
CANNOT_BE_JUDGED = "the files of the run cannot be judged"
SHOWN = 4  # findings named in a check's detail; the rest are counted


class Check(Result):
    """One check of a run."""

    check: str = doc("files, certificate, recomputed or totals")
    passed: bool = doc("whether it passed")
    detail: str = doc("what was found, in a sentence")


class Verification(Result):
    """All checks of a run. It proves that the plan is best for its inputs and rules, not that the inputs are right.

    claims: how wide that is: "year_on_year" (of each year's plan by itself), "soft" (of the plans that fall short by
    as little), "cautious" (by a part of the goal and its worst draws), "weighted" (with the weights of the scenario).
    gap: how much better a plan could be at most, of the goal; None where it is not certified. unchecked: what of the
    run no check says anything of. litter: files that a desktop left in the folder. signed: who signed it, and whether
    it is still what was signed.
    """

    @property
    @documented("whether every check passed")
    def certified(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    run: Path
    checks: tuple[Check, ...] = doc("one check")
    claims: tuple[str, ...] = doc("what narrows the claim: year_on_year, soft, cautious, weighted", default=())
    gap: float | None = doc("how much better a plan could be at most; null: not certified", "of the goal", default=None)
    unchecked: str = doc("what of the run no check says anything of; blank where it is not certified", default="")
    litter: tuple[str, ...] = doc("files that a desktop left in the folder, which are no part of the run", default=())
    signed: tuple[str, ...] = doc("a sign-off, and whether it is of this run", default=())


def verify(run: str | Path) -> Verification:
    """Check a run folder. Raises RunError where there is no such folder; all else that is wrong is a failed check."""
    judged = Judged(RunFolder(run))
    made = tuple(judged.check(name) for name in CHECKS)
    if not all(check.passed for check in made):
        return Verification(judged.folder.run, made)  # what is claimed of a run that is not sound is nothing
    folder = judged.folder
    return Verification(
        folder.run,
        made,
        claims=judged.claims(),
        gap=max(certificate.gap for certificate in judged.certificates),
        unchecked=unchecked(folder),
        litter=folder.contents.litter,
        signed=tuple(one.sentence() for one in sign_offs(folder)),
    )


def _named(wrong: Sequence[str]) -> str:
    more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return "; ".join(wrong[:SHOWN]) + more


class Judged:
    """A run folder and what is worked out from it, once."""

    def __init__(self, folder: RunFolder) -> None:
        """Look at nothing yet: each part is worked out when a check asks for it."""
        self.folder = folder

    def check(self, name: str) -> Check:
        """Make one of CHECKS, whatever the others say."""
        try:
            wrong, good = getattr(self, name)()
        except AllocatorError as error:
            wrong, good = [error.sentence()], ""
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a run's files is a check that failed
            wrong, good = [f"{CANNOT_BE_JUDGED} ({type(error).__name__}: {str(error)[:200]})"], ""
        return Check(name, not wrong, _named(wrong) if wrong else good)

    @cached_property
    def certificates(self) -> tuple[StageCertificate, ...]:
        """The certificate of every stage of every year planned."""
        return tuple(certified(self.folder, proof)[1] for proof in self.folder.proofs)

    @cached_property
    def worked(self) -> Recomputed:
        """The plan as the tables and the decisions give it."""
        return judge(self.folder.data, self.folder.settings, self.folder.figures, self.folder.given)

    def files(self) -> tuple[list[str], str]:
        """Check every file against the manifest and the closed list, and the manifest against its own last line."""
        wrong = list(self.folder.altered)
        there = [path for path in self.folder.paths if path not in OUTSIDE]
        if not wrong:
            given = distributions.of(self.folder.settings).from_file
            wrong = not_its_own(there, own_problems(self.folder), given=given)
            tuple(sign_offs(self.folder))  # raises where it is no sign-off
            said_of_effects(self.folder)
        litter = f"; left by a desktop and no part of it: {', '.join(self.folder.contents.litter[:SHOWN])}"
        said = f"{len(there)} of {len(there)} as in the manifest (SHA-256)"
        return wrong, said + (litter if self.folder.contents.litter else "")

    def claims(self) -> tuple[str, ...]:
        """Give what narrows the claim that no plan is better: as Verification has it."""
        settings = self.folder.settings
        narrower = {
            "year_on_year": settings.certainty.kind == "year_on_year",
            "soft": any(family.soft for family in self.worked.rules),
            "cautious": is_cautious(settings),
            "weighted": any(weight != 1 for weight in settings.goal.weights.values()),
        }
        return tuple(claim for claim, holds in narrower.items() if holds)

    def certificate(self) -> tuple[list[str], str]:
        """Check the certificate of every stage of every year planned, in exact arithmetic."""
        settings, proofs = self.folder.settings, self.folder.proofs
        years = self.folder.data.years if settings.certainty.kind == "year_on_year" else ("",)
        stages = {(proof.stage, proof.year) for proof in proofs}
        wrong = [
            f"the goal stage {year} has no proof".replace("  ", " ") for year in years if ("goal", year) not in stages
        ]
        for proof in proofs:
            if proof.stage == "goal":
                due = [stage for stage in stages_due(self.folder, proof) if (stage, proof.year) not in stages]
                wrong += [f"the {stage} stage {proof.year} has no proof".replace("  ", " ") for stage in due]
        wrong += [f"{c.stage} stage {c.year}".strip() + f": {c.why}" for c in self.certificates if not c.certified]
        if wrong:
            return wrong, ""
        worst = max(c.violation for c in self.certificates)
        goals = [c for c in self.certificates if c.stage == "goal"]
        if len(goals) > 1:
            gap = max(c.gap for c in goals)
            said = f"{len(goals)} years, no plan of any is better by more than {size(gap)}"
            return [], f"{said} of its goal; largest violation {size(worst)}"
        bound, unit = float(goals[0].bound or 0), self.worked.unit
        beyond = "costs less than" if goal_of(settings).less_is_better else "exceeds"
        fixed = " before fixed costs" if self.worked.goal_constant else ""
        amount = f"£{number(bound, 2)}" if unit == "£" else f"{number(bound, 1 if abs(bound) >= 1000 else 4)} {unit}"
        goal = next(proof for proof in proofs if proof.stage == "goal")
        lost = may_be_given_up(self.folder, goal, bound)
        reaches = "this one gives up no more of it than the scenario allows" if lost else "this one reaches it"
        said = f"no plan {beyond} {amount}{fixed}, {reaches}"
        room = "" if lost else f" (gap {size(max(goals[0].gap, 0.0))} of the goal)"
        return [], f"{said}{room}; largest violation {size(worst)}"

    def recomputed(self) -> tuple[list[str], str]:
        """Check the plan as the tables alone give it, and against the solution."""
        folder, worked = self.folder, self.worked
        wrong = [
            *differences_from_solution(folder),
            *rules_broken(worked),
            *problem_differences(folder, self.certificates),
        ]
        rows = sum(len(family.places) for family in worked.rules)
        rules = len({family.rule for family in worked.rules})
        return wrong, f"{rules} rules, {number(rows)} rows, from the tables alone; money to the penny"

    def totals(self) -> tuple[list[str], str]:
        """Check every published figure that is not a decision against the decisions."""
        wrong = published_differences(self.folder, self.worked, self.certificates)
        wrong += not_as_made_again(self.folder, self.worked, self.certificates)
        whole = sum(int(v) for v in self.folder.table("grants")["grant_rounded"])
        years = counted(len(self.folder.data.years), "year")
        agrees = "every published total, the logs and the manifest's settings agree"
        return wrong, f"{agrees}; whole pounds of {years} add up to {pounds(whole)}"
