"""`allocator models`."""

from __future__ import annotations

import typer

from allocator.cli.options import AsJson

commands = typer.Typer()


@commands.command()
def models(as_json: AsJson = False) -> None:
    """List the scenarios that come with the program."""
    from allocator.analyses.catalogue import face as library
    from allocator.analyses.catalogue.scenarios import shipped_models
    from allocator.outputs import json

    found = shipped_models()
    if as_json:
        json.write({"models": [model.as_dict() for model in found]})
    else:
        library.write_models(found)
