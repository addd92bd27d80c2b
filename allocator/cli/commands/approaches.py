"""`allocator approaches`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Force, Jobs, Overrides, Scenario, csv_file
from allocator.cli.telling import tell, told_anyway

commands = typer.Typer()


@commands.command()
def approaches(
    scenario: Scenario = DEFAULT_SCENARIO,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="A distribution or a case of certainty. May be repeated."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Print every measure of every approach.")] = False,
    leverage: Annotated[
        bool, typer.Option("--leverage", help="How much reporting more NEET moves a grant: many more solves.")
    ] = False,
    output: Annotated[Path | None, csv_file("a row an approach")] = None,
    force: Force = False,
    jobs: Jobs = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Compare every way of sharing out grants, planned with and without certainty."""
    from allocator import api
    from allocator.analyses.approaches import face
    from allocator.outputs import progress

    tells = partial(face.write, every=every or leverage)
    with told_anyway(tells, as_json=as_json), progress.bar("approaches") as done:
        found = api.approaches(
            scenario,
            overrides or (),
            only=only or (),
            leverage=leverage,
            jobs=jobs,
            output=output,
            force=force,
            done=done,
        )
    tell(found, tells, as_json=as_json)
