"""`allocator verify`."""

from __future__ import annotations

import typer

from allocator.cli.options import AsJson, Run
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def verify(run: Run, as_json: AsJson = False) -> None:
    """Certify a run again, from its own files alone."""
    from allocator.analyses.verify import face
    from allocator.runs.verify.verify import verify as verify_run

    verification = verify_run(run)
    tell(verification, face.write, as_json=as_json)
    raise typer.Exit(0 if verification.certified else 1)
