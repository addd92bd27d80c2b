"""`allocator init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import AsJson
from allocator.cli.telling import tell
from allocator.errors import UsageError

commands = typer.Typer()


@commands.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    excel: Annotated[
        bool,
        typer.Option("--excel", help="Write one workbook, the scenario a sheet of it, instead of CSV files."),
    ] = False,
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            metavar="NAME",
            help="The data set to begin with: connexions, england, small (four areas, two years), or blank.",
            show_default="connexions",
        ),
    ] = None,
    blank: Annotated[
        bool, typer.Option("--blank", help="Begin with headings alone, for your own figures: --data blank.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a working folder: tables and a scenario to edit."""
    from allocator.analyses.catalogue import face as library
    from allocator.analyses.init.starter import BLANK, start_folder
    from allocator.cli import stop

    if blank and data not in (None, BLANK):
        raise UsageError("--blank", f"--data {data} as well", "one of the two")
    started = start_folder(folder, BLANK if blank else data or "connexions", workbook=excel)
    stop.has_written(folder)
    tell(started, library.write_started, as_json=as_json)
