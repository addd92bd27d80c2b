"""`allocator evidence`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.analyses.draws import OF_EVIDENCE
from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Jobs, Overrides, Scheduler, Side
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def evidence(
    side: Side = DEFAULT_SCENARIO,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", min=2, max=100_000, help="Draws of all effects, each solved.")
    ] = OF_EVIDENCE,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Say which evidence is worth having, and how much a plan claims too much."""
    from allocator import api
    from allocator.analyses.evidence import face
    from allocator.outputs import altered, progress

    altered.warn([side])
    with progress.bar("evidence") as done:
        found = api.evidence(side, overrides or (), draws=draws, jobs=jobs, scheduler=scheduler, done=done)
    tell(found, face.write, as_json=as_json)
