"""`allocator bridge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import AsJson, Force, Jobs, Overrides, csv_file
from allocator.cli.telling import tell, told_anyway

commands = typer.Typer()

Side = Annotated[str, typer.Argument(metavar="A", help="A run folder, a scenario file, or the name of a scenario.")]


@commands.command()
def bridge(
    first: Side,
    second: Annotated[str, typer.Argument(metavar="B", help="Another, to which the bridge leads.")],
    together: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="NAME+NAME", help="Take differences together. May be repeated."),
    ] = None,
    output: Annotated[Path | None, csv_file("every grant's shares")] = None,
    force: Force = False,
    jobs: Jobs = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Tell which difference between two scenarios or runs moved whose pounds."""
    from allocator import api
    from allocator.analyses.bridge import face
    from allocator.outputs import altered, progress

    altered.warn([first, second])
    with told_anyway(face.write, as_json=as_json), progress.bar("bridge") as done:
        found = api.bridge(
            first,
            second,
            overrides or (),
            together=together or (),
            jobs=jobs,
            output=output,
            force=force,
            done=done,
        )
    tell(found, face.write, as_json=as_json)
    raise typer.Exit(1 if found.missing else 0)
