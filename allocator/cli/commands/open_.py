"""`allocator open`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.cli.options import AsJson, Run
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command("open")
def open_(
    run: Run,
    static: Annotated[
        bool, typer.Option("--static", help="A page without the part that solves again in its reader's browser.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the page of a run in the browser."""
    from allocator import api
    from allocator.analyses.report import face
    from allocator.outputs import altered, progress

    altered.warn([run])
    with progress.bar("report") as done:
        opened = api.open_report(run, static=static, done=done)
    tell(opened, face.write_opened, as_json=as_json)
