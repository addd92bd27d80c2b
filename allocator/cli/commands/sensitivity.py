"""`allocator sensitivity`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Jobs, Overrides, Side
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def sensitivity(
    side: Side = DEFAULT_SCENARIO,
    ranges: Annotated[
        Path | None,
        typer.Option("--ranges", metavar="FILE.csv", help="Move these inputs alone: columns input, low, high."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every input, and all that turns.")] = False,
    jobs: Jobs = None,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Say which inputs a plan rests on: each is moved both ways by itself.

    Of a run, it is added to its assumptions log as sensitivity.md.
    """
    from allocator import api
    from allocator.analyses.sensitivity import face, log
    from allocator.cli import stop
    from allocator.outputs import altered, progress
    from allocator.what_if.side import is_run

    altered.warn([side])
    with progress.bar("inputs") as done:
        found = api.sensitivity(side, overrides or (), ranges=ranges, jobs=jobs, done=done)
    tell(found, partial(face.write, every=every), as_json=as_json)
    if ranges is None and is_run(side):
        kept = log.keep(side, found)
        stop.has_written(kept)
        if not as_json:
            face.write_kept(kept)
