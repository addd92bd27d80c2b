"""`allocator solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Overrides, Scenario, typed

commands = typer.Typer()


@commands.command()
def solve(
    context: typer.Context,
    scenario: Scenario = DEFAULT_SCENARIO,
    run: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="RUN", help="The run folder to write. [default: runs/SCENARIO-TIME]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run folder that is there.")] = False,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Find the best plan, prove it, and write a run folder."""
    from allocator import api
    from allocator.analyses.solve import face as summary
    from allocator.cli import stop
    from allocator.outputs import faults, json

    plan, folder = api.solve_and_write(
        scenario, overrides or (), folder=run, force=force, command=typed(context), warn=faults.write_warnings
    )
    stop.has_written(folder)
    if as_json:
        reasons = plan.reasons.as_dict() if plan.reasons is not None else None
        json.write({**plan.summary(), "worth": reasons, "run": str(folder)})
    else:
        summary.write(plan, folder)
    if not plan.certified:
        raise typer.Exit(1)
