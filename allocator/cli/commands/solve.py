"""`allocator solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Overrides, Scenario, typed
from allocator.errors import NoPlan

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
    meet: Annotated[
        str | None,
        typer.Option(
            "--meet",
            metavar="RULE",
            help="target: add the least money, up to the year of the last, with which all targets are met, and solve "
            "with it; or say how far any money goes and which rules are in the way.",
        ),
    ] = None,
    sums: Annotated[
        bool, typer.Option("--sums", help="Where a target cannot be met, show the chain of sums that proves it.")
    ] = False,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Find the best plan, prove it, and write a run folder."""
    from allocator import api
    from allocator.analyses.solve import face as summary
    from allocator.analyses.solve import face_of_least_money as money
    from allocator.cli import stop
    from allocator.outputs import faults, json, progress

    changed, found = list(overrides or ()), None

    def tell(plan: api.Plan, folder: Path | None) -> None:
        """Print what was found as soon as it is kept, also where Ctrl-C ends what is asked of it or a disk is full."""
        stop.has_written(folder)
        if not as_json:
            summary.write(plan, folder)
        else:
            met: dict[str, Any] = {"meet": found.to_dict()} if found is not None else {}
            json.write({**met, **plan.to_dict(), "run": str(folder) if folder is not None else None})

    if meet is not None:
        with progress.bar("money for the target") as done:
            found = api.least_money(scenario, changed, meet=meet, done=done)
        if not as_json:
            money.write(found, scenario, changed)
        if found.added is None:
            if as_json:
                json.write({"status": "infeasible", "meet": found.to_dict()})
            raise typer.Exit(1)
        changed += found.settings
    try:
        with progress.bar("solve") as done:
            plan, _ = api.solve_and_write(
                scenario,
                changed,
                folder=run,
                force=force,
                command=typed(context),
                warn=faults.write_warnings,
                done=done,
                found=None if as_json else summary.write_first,
                tell=tell,
            )
    except NoPlan as none:
        none.sums = sums
        raise
    if not plan.certified:
        raise typer.Exit(1)
