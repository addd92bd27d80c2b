"""`allocator rules`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from allocator.cli.options import AsJson
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def rules(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help="One rule, in full.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the rules that a plan keeps, or one in full."""
    from allocator.analyses.catalogue import face as library
    from allocator.analyses.catalogue.rules import listed_rules

    tell(listed_rules(rule), partial(library.write_rules, in_full=rule is not None), as_json=as_json)
