"""`allocator compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.cli.options import AsJson, Jobs, Overrides
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def compare(
    sides: Annotated[list[str], typer.Argument(metavar="A B", help="Run folders or scenarios, two or more.")],
    same: Annotated[
        list[str] | None,
        typer.Option(
            "--same",
            metavar="OLD=NEW+NEW",
            help="Partnerships that are the same on both sides under other names, merged or split; or a CSV file or "
            "workbook with the columns old and new. May be repeated.",
        ),
    ] = None,
    jobs: Jobs = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Put runs or scenarios side by side: totals, and who gains and loses."""
    from allocator import api
    from allocator.analyses.compare import face
    from allocator.outputs import altered, progress

    altered.warn(sides)
    with progress.bar("compare") as done:
        found = api.compare(*sides, overrides=overrides or (), same=same or (), jobs=jobs, done=done)
    tell(found, face.write, as_json=as_json)
