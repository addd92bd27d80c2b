"""`allocator risk`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.analyses.draws import OF_RISK
from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Overrides, Side
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def risk(
    side: Side = DEFAULT_SCENARIO,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", min=100, max=10_000_000, help="Draws of everything uncertain.")
    ] = OF_RISK,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Say how sure a plan is: what it yields over many draws of what is uncertain."""
    from allocator import api
    from allocator.analyses.risk import face
    from allocator.outputs import altered

    altered.warn([side])
    tell(api.risk(side, overrides or (), draws=draws), face.write, as_json=as_json)
