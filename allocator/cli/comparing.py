"""`allocator approaches`, `score`, `compare` and `bridge`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Force, Jobs, Overrides, Scenario
from allocator.cli.telling import tell, told_anyway

commands = typer.Typer()

Side = Annotated[str, typer.Argument(metavar="A", help="A run folder, a scenario file, or the name of a scenario.")]


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
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.csv", help="Write a row an approach as CSV too.")
    ] = None,
    force: Force = False,
    jobs: Jobs = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Compare every way of sharing out grants, planned with and without certainty."""
    from allocator import api
    from allocator.outputs import approaches as face
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


@commands.command()
def score(
    scenario: Scenario,
    grants: Annotated[Path, typer.Argument(metavar="GRANTS.csv", help="A file with partnership, year and grant in £.")],
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Score grants that are brought: rules broken, what they reach, the nearest plan."""
    from allocator import api
    from allocator.outputs import score as face

    found = api.score(scenario, grants, overrides or ())
    tell(found, face.write, as_json=as_json)
    raise typer.Exit(0 if found.status == "optimal" else 1)


@commands.command()
def compare(
    sides: Annotated[list[str], typer.Argument(metavar="A B...", help="Run folders or scenarios, two or more.")],
    jobs: Jobs = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Put runs or scenarios side by side: totals, and who gains and loses."""
    from allocator import api
    from allocator.outputs import altered, progress
    from allocator.outputs import compare as face

    altered.warn(sides)
    with progress.bar("compare") as done:
        found = api.compare(*sides, overrides=overrides or (), jobs=jobs, done=done)
    tell(found, face.write, as_json=as_json)


@commands.command()
def bridge(
    first: Side,
    second: Annotated[str, typer.Argument(metavar="B", help="Another, to which the bridge leads.")],
    together: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="NAME+NAME", help="Take differences together. May be repeated."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.csv", help="Write every grant's shares as CSV too.")
    ] = None,
    force: Force = False,
    jobs: Jobs = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Tell which difference between two scenarios or runs moved whose pounds."""
    from allocator import api
    from allocator.outputs import altered, progress
    from allocator.outputs import bridge as face

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
