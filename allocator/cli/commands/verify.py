"""`allocator verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.cli.options import AsJson, Run
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def verify(
    run: Run,
    again: Annotated[
        bool, typer.Option("--again", help="Solve it once more as well, and compare the grants to the pound.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Certify a run again, from its own files alone."""
    from allocator.analyses.verify import face
    from allocator.analyses.verify.verification import verify as verify_run

    verification = verify_run(run, again=again)
    tell(verification, face.write, as_json=as_json)
    raise typer.Exit(0 if verification.certified else 1)
