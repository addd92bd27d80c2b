"""What `allocator verify` prints: certified or not, and what each of the four checks found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from allocator.outputs import console

if TYPE_CHECKING:
    from rich.text import Text

    from allocator.runs.verify.verify import Check, Verification

PROVES = "Proves that the plan is best for these inputs and rules, not that the inputs are right."
PROVES_EACH_YEAR = (
    "Proves that each year's plan is the best by what was known that year, for these inputs and rules; not that the "
    "years together are, nor that the inputs are right."
)
REFUSES = "Do not use this plan: solve again, or restore the files as they were written."
_DETAIL = 17  # the column in which what was found begins


def write(verification: Verification) -> None:
    """Prints a verification on standard output."""
    console.write(verification_lines(verification, console.width_of(sys.stdout)))


def verification_lines(verification: Verification, width: int) -> list[Text]:
    """The verdict, one numbered paragraph a check, and what the verdict is worth."""
    certified = verification.certified
    said = f"{'Certified' if certified else 'NOT CERTIFIED'}: {verification.run}"
    lines = console.paragraph(said, width, indent=0, hang=2, style="bold" if certified else "bold red")
    for number, check in enumerate(verification.checks, start=1):
        lines += _check(number, check, width, certified=certified)
    proves = PROVES_EACH_YEAR if verification.year_on_year else PROVES
    lines += console.paragraph(proves if certified else REFUSES, width, indent=0, hang=2)
    return lines


def _check(number: int, check: Check, width: int, *, certified: bool) -> list[Text]:
    """A check's paragraph. Beside a failed one, those that passed say only that."""
    detail = check.detail if certified else "passed" if check.passed else f"FAILED  {check.detail}"
    lines = console.paragraph(f"{f'  {number} {check.check}':<{_DETAIL}}{detail}", width, indent=0, hang=_DETAIL)
    if not check.passed:
        lines[0].stylize("red", _DETAIL, _DETAIL + len("FAILED"))
    return lines
