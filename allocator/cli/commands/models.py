"""`allocator models`."""

from __future__ import annotations

import typer

from allocator.cli.options import AsJson
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def models(as_json: AsJson = False) -> None:
    """List the scenarios that come with the program."""
    from allocator.analyses.catalogue import face as library
    from allocator.analyses.catalogue.scenarios import shipped_models

    tell(shipped_models(), library.write_models, as_json=as_json)
