"""`allocator sweep`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import AsJson, Force, Jobs, Overrides, Scenario, Scheduler, csv_file
from allocator.cli.telling import tell, told_anyway

commands = typer.Typer()


@commands.command()
def sweep(
    scenario: Scenario,
    vary: Annotated[
        list[str],
        typer.Option(
            "--vary", metavar="KEY=A:B:N", help="A setting: N values from A to B, or V,V,... May be repeated."
        ),
    ],
    output: Annotated[Path | None, csv_file("a row a case")] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", metavar="FILE.svg", help="Draw the frontier, as .svg or .png.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from a sweep that was cut off.")] = False,
    force: Force = False,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Solve a scenario over a grid of settings."""
    from allocator import api
    from allocator.analyses.sweep import chart as sweep_chart
    from allocator.analyses.sweep import face
    from allocator.analyses.sweep.journal import journal_of
    from allocator.cli import stop
    from allocator.outputs import progress

    sweep_chart.refuse(chart, vary, force=force)
    stop.goes_on_from(journal_of(output) if output is not None else None)
    with told_anyway(face.write, as_json=as_json), progress.bar("sweep") as done:
        found = api.sweep(
            scenario,
            vary,
            overrides or (),
            jobs=jobs,
            scheduler=scheduler,
            output=output,
            resume=resume,
            force=force,
            done=done,
        )
    stop.has_written(output)
    if chart is not None:
        with told_anyway(partial(face.write, output=output), as_json=as_json):
            sweep_chart.draw(found, chart)
    tell(found, partial(face.write, output=output, chart=chart), as_json=as_json)
