"""`allocator show`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.cli.options import AsJson, Run
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def show(
    run: Run,
    partnership: Annotated[str | None, typer.Option("--partnership", metavar="P", help="One partnership.")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="R", help="One region.")] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--table", metavar="T", help="The rows of one table: grants, advisers, places, reductions, money or rules."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print what a run gives to a partnership, a region or all."""
    from allocator.analyses.show import face
    from allocator.analyses.show.allocation import allocation
    from allocator.outputs import altered

    altered.warn([run])
    result = allocation(run, partnership=partnership, region=region, table=table)
    tell(result, face.write, as_json=as_json)
