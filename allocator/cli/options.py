"""The arguments and options that commands share, each declared once with its one help text."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

Scenario = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario file, a workbook with a sheet scenario, or the name of one that `allocator models` lists.",
    ),
]
Run = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder that `allocator solve` wrote.")]
Side = Annotated[str, typer.Argument(metavar="RUN", help="A run folder, a scenario file, or the name of a scenario.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one setting for this run, such as budget.scale=0.97. May be repeated; the last wins.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, help="Processes to solve on. [default: one a core]"),
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="Solve on a running Dask cluster, tcp://HOST:PORT."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines and nothing else.")]
DEFAULT_SCENARIO = "settlement"


def csv_file(writes: str) -> Any:
    """Give the option that names a CSV file for the main table. writes: what it holds, such as `a row a case`."""
    return typer.Option("-o", "--output", metavar="FILE.csv", help=f"Write {writes} as CSV too.")


def typed(context: typer.Context) -> str:
    """Give the command as it was typed, for a run's records."""
    return shlex.join(["allocator", *context.find_root().obj])
