"""`allocator score`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import AsJson, Overrides, Scenario
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def score(
    scenario: Scenario,
    grants: Annotated[
        Path, typer.Argument(metavar="GRANTS", help="A CSV file or workbook with partnership, year and grant in £.")
    ],
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Score grants that are brought: rules broken, what they reach, the nearest plan."""
    from allocator import api
    from allocator.analyses.score import face
    from allocator.outputs import faults

    found = api.score(scenario, grants, overrides or (), warn=faults.write_warnings)
    tell(found, face.write, as_json=as_json)
    raise typer.Exit(0 if found.status == "optimal" else 1)
