"""`allocator rules`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.cli.options import AsJson

commands = typer.Typer()


@commands.command()
def rules(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help="One rule, in full.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the rules that a plan keeps, or one in full."""
    from allocator.analyses.catalogue import face as library
    from allocator.analyses.catalogue.rules import listed_rules
    from allocator.outputs import json

    found = listed_rules(rule)
    if as_json:
        json.write({"rules": [entry.as_dict() for entry in found]})
    else:
        library.write_rules(found, in_full=rule is not None)
