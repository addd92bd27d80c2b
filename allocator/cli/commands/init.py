"""`allocator init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import AsJson
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    excel: Annotated[
        bool,
        typer.Option("--excel", help="Write one workbook, the scenario a sheet of it, instead of CSV files."),
    ] = False,
    data: Annotated[
        str,
        typer.Option(
            "--data", metavar="NAME", help="The data set to begin with: connexions, england, small, or blank for none."
        ),
    ] = "connexions",
    as_json: AsJson = False,
) -> None:
    """Make a working folder: tables and a scenario to edit."""
    from allocator.analyses.catalogue import face as library
    from allocator.analyses.init.starter import start_folder
    from allocator.cli import stop

    started = start_folder(folder, data, workbook=excel)
    stop.has_written(folder)
    tell(started, library.write_started, as_json=as_json)
