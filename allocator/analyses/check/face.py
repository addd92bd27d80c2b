"""What `allocator check` prints: every fault and remark, then what was looked at and found good."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.text import Text

from allocator import units
from allocator.analyses.check.report import Report
from allocator.outputs import console
from allocator.outputs.faults import fault_lines, remark_lines


def write_report(report: Report, *, every: bool) -> None:
    """Print a check's report on standard output; every: all faults, not ten of a code."""
    console.write(report_lines(report, console.width_of(sys.stdout), every=every))


def report_lines(report: Report, width: int, *, every: bool = False) -> list[Text]:
    """Give a check's report: each fault, each remark, and a closing line on what was looked at."""
    lines = fault_lines(report.faults, width, rest="--all shows them", every=every)
    lines += remark_lines(report.remarks, width)
    lines += console.paragraph(_closing(report), width, indent=0, hang=2, style="red" if report.faults else "bold")
    if report.inputs is not None and report.inputs.total and not report.faults:
        lines += console.paragraph(inputs_sentence(report), width, indent=0, hang=2)
    return lines


def inputs_sentence(report: Report) -> str:
    """Give how many of the input columns are assumed, derived and published."""
    inputs = report.inputs
    if inputs is None or not inputs.total:
        return "The data set has no sources table, so it is not known which inputs are assumed."
    return (
        f"Of {units.number(inputs.total)} kinds of input {units.number(len(inputs.assumed))} are assumed in whole or "
        f"in part ({units.share(len(inputs.assumed) / inputs.total, 0)}), {units.number(len(inputs.derived))} derived "
        f"and {units.number(len(inputs.published))} published."
    )


def _closing(report: Report) -> str:
    """Give what was looked at, and how much of it has no fault."""
    looked_at = "the scenario"
    if report.tables:
        tables = units.counted(len(report.tables), "table")
        looked_at = f"{tables}, {units.counted(report.rows, 'row')} and the scenario"
    warnings = sum(remark.severity == "warning" for remark in report.remarks)
    counts: Iterable[str] = [units.counted(len(report.faults), "fault") if report.faults else "No fault"]
    if warnings:
        counts = [*counts, units.counted(warnings, "warning")]
    said = f"{', '.join(counts)} in {looked_at}"
    if report.faults and report.tables:
        sound = report.tables_without_fault
        said += f"; {units.counted(sound, 'table')} {'has' if sound == 1 else 'have'} no fault"
    return f"{said}."
