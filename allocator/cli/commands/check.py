"""`allocator check`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from allocator.cli.as_typed import faults_as_typed
from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Overrides, Scenario
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def check(
    scenario: Scenario = DEFAULT_SCENARIO,
    dictionary: Annotated[
        bool, typer.Option("--dictionary", help="Print what every table and column means instead.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Print every fault, not ten of a kind.")] = False,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """List all faults of the tables and the scenario."""
    from allocator.analyses.catalogue import face as library
    from allocator.analyses.check import face

    if dictionary:
        from allocator.tables.dictionary import dictionary as tables

        tell(tables(), library.write_dictionary, as_json=as_json)
        return
    from allocator.analyses.check.report import check_scenario

    report = check_scenario(scenario, overrides or ())
    report = replace(report, faults=faults_as_typed(report.faults), remarks=faults_as_typed(report.remarks))
    tell(report, partial(face.write_report, every=every), as_json=as_json)
    raise typer.Exit(1 if report.faults else 0)
