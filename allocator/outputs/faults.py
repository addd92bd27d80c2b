"""What is wrong, as a person reads it and as JSON: faults of the input, no plan, and every other refusal."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from allocator import units
from allocator.errors import AllocatorError, ConflictTerm, InvalidInput, NoPlan, Repair, SolverError
from allocator.faults import Fault, Refusal
from allocator.outputs import console
from allocator.outputs.no_plan import no_plan_lines
from allocator.results import Result, doc

MOST_OF_A_CODE = 10  # faults of one code that are printed before they become a count


class Infeasible(Result):
    """That no plan keeps the rules."""

    status: str = doc("infeasible")
    stage: str = doc("rules, or the year where planning is year on year")
    conflict: tuple[ConflictTerm, ...] = doc("one of the rules that cannot hold together, with the sum that shows it")
    repairs: tuple[Repair, ...] = doc("a change that makes a plan possible, solved")
    reached: tuple[str, ...] = doc(
        "where a target cannot be met, how far it can be reached, and without which rules further"
    )


class Refused(Result):
    """Every other refusal."""

    status: str = doc("invalid, or unsolved where the solver gave no answer")
    faults: tuple[Refusal | Fault, ...] = doc("what is wrong")


def error_result(error: AllocatorError) -> Infeasible | Refused:
    """Give an error under the documented keys of ``--json``."""
    if isinstance(error, NoPlan):
        return Infeasible("infeasible", error.stage, error.conflict, error.repairs, error.reached)
    if isinstance(error, InvalidInput):
        return Refused("invalid", error.faults)
    status = "unsolved" if isinstance(error, SolverError) else "invalid"
    code = {"UsageError": "usage", "RunError": "run", "SolverError": "solver"}.get(type(error).__name__, "refused")
    return Refused(status, (Refusal(code, error.place, "", "", error.found, error.wanted, error.fix),))


def write_error(error: AllocatorError) -> None:
    """Print an error on standard error."""
    width = console.width_of(sys.stderr)
    if isinstance(error, InvalidInput):
        lines = fault_lines(error.faults, width)
        count = sum(fault.severity == "fault" for fault in error.faults)
        lines.append(Text(f"{units.counted(count, 'fault')}; nothing was written.", style="red"))
    elif isinstance(error, NoPlan):
        lines = no_plan_lines(error, width)
    else:
        said = console.shortened(error.sentence())
        # A place, such as a file's name, is shown as it is.
        said = said if error.place else _capital(said)
        lines = console.paragraph(said, width, indent=0, hang=2, style="red")
    console.write(lines, sys.stderr)


def write_warnings(warnings: Sequence[Fault]) -> None:
    """Print warnings on standard error, so that they are seen and no JSON is touched."""
    console.write(remark_lines(warnings, console.width_of(sys.stderr)), sys.stderr)


def remark_lines(remarks: Sequence[Fault], width: int) -> list[Text]:
    """Give warnings and notes, a paragraph each."""
    lines: list[Text] = []
    for remark in remarks:
        kind = "Warning" if remark.severity == "warning" else "Note"
        style = "yellow" if remark.severity == "warning" else "dim"
        lines += console.paragraph(f"{kind}: {remark.place}: {_said(remark)}", width, indent=0, hang=2, style=style)
    return lines


def fault_lines(
    faults: Sequence[Fault], width: int, *, rest: str = "--json gives all", every: bool = False
) -> list[Text]:
    """Number the faults: code and place, then what was found, wanted and what to do. Text wraps; it is no table.

    rest: how to see those beyond ten of a code.
    """
    lines: list[Text] = []
    seen: Counter[str] = Counter()
    digits = len(str(len(faults)))
    codes = max((len(fault.code) for fault in faults), default=0)
    for position, fault in enumerate(faults, start=1):
        seen[fault.code] += 1
        if seen[fault.code] > MOST_OF_A_CODE and not every:
            continue
        head = Text(f"{position:>{digits}}  ")
        head.append(fault.code.ljust(codes), style="red")
        head.append(f"  {fault.place}")
        lines.append(head)
        lines += console.paragraph(_said(fault), width, indent=digits + 2)
    for code, count in seen.items():
        if count > MOST_OF_A_CODE and not every:
            more = f"and {units.number(count - MOST_OF_A_CODE)} more of {code}; {rest}."
            lines += console.paragraph(more, width, indent=digits + 2)
    return lines


def _said(fault: Fault) -> str:
    """Give what was found, wanted and what to do, as one or two sentences."""
    found = console.shortened(fault.found)
    said = f"found {found}, wanted {fault.wanted}" if fault.wanted else found
    return f"{_sentence(said)} {fault.fix}".strip()


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
