"""What `allocator verify` prints: certified or not, and what each of the four checks found."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.text import Text

from allocator.outputs import console
from allocator.runs.verify.sign_offs import SignOff
from allocator.runs.verify.verify import Check, Verification

# How wide the claim is, by what narrows it: no wider than the proof.
CLAIMS = {
    "year_on_year": "each year's plan is the best by what was known that year, not that the years together are",
    "soft": "of the plans that fall short of the soft rules by as little, none is better",
    "cautious": "the goal weighs the mean of the worst draws of the effects as the scenario says",
    "weighted": "the goal counts partnerships by the scenario's weights",
}
PROVES = "Proves that no plan that keeps the rules is better for these inputs by more than the gap"
INPUTS = "It does not prove that the inputs are right."
REFUSES = "Do not use this plan: solve again, or restore the files as they were written."
_DETAIL = 17  # the column in which what was found begins


def write(verification: Verification) -> None:
    """Print a verification on standard output."""
    console.write(verification_lines(verification, console.width_of(sys.stdout)))


def verification_lines(verification: Verification, width: int) -> list[Text]:
    """Give the verdict, one numbered paragraph a check, and what the verdict is worth."""
    certified = verification.certified
    said = f"{'Certified' if certified else 'NOT CERTIFIED'}: {verification.run}"
    lines = console.paragraph(said, width, indent=0, hang=2, style="bold" if certified else "bold red")
    for number, check in enumerate(verification.checks, start=1):
        lines += _check(number, check, width, certified=certified)
    if not certified:
        return lines + console.paragraph(REFUSES, width, indent=0, hang=2)
    narrower = [CLAIMS[claim] for claim in verification.claims]
    proves = [f"{'; '.join([PROVES, *narrower])}. {INPUTS}", f"Not checked: {verification.unchecked}."]
    proves += [f"{sentence[:1].upper()}{sentence[1:]}." for sentence in verification.signed]
    for sentence in proves:
        lines += console.paragraph(sentence, width, indent=0, hang=2)
    return lines


def write_signed(signed: SignOff, run: Path) -> None:
    """Print what was signed, and the digest to keep elsewhere."""
    said = f"{run}: {signed.sentence()}. Digest {signed.digest}."
    console.write(console.paragraph(said, console.width_of(sys.stdout), indent=0, hang=2))


def _check(number: int, check: Check, width: int, *, certified: bool) -> list[Text]:
    """Give a check's paragraph. Beside a failed one, those that passed say only that."""
    detail = check.detail if certified else "passed" if check.passed else f"FAILED  {check.detail}"
    lines = console.paragraph(f"{f'  {number} {check.check}':<{_DETAIL}}{detail}", width, indent=0, hang=_DETAIL)
    if not check.passed:
        lines[0].stylize("red", _DETAIL, _DETAIL + len("FAILED"))
    return lines
