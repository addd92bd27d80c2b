"""The arguments and options that commands share, each declared once with its one help text."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

Scenario = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario file, a workbook with a sheet scenario, or the name of one that `allocator models` lists.",
    ),
]
Run = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder that `allocator solve` wrote.")]
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
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines and nothing else.")]
DEFAULT_SCENARIO = "settlement"


def typed(context: typer.Context) -> str:
    """The command as it was typed, for a run's records."""
    return shlex.join(["allocator", *context.find_root().obj])
