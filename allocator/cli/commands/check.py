"""`allocator check`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.cli.options import DEFAULT_SCENARIO, AsJson, Overrides, Scenario

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
    from allocator.outputs import json

    if dictionary:
        from allocator.tables.dictionary import dictionary as tables

        if as_json:
            json.write(library.dictionary_record(tables()))
        else:
            library.write_dictionary(tables())
        return
    from allocator.analyses.check.report import check_scenario

    report = check_scenario(scenario, overrides or ())
    if as_json:
        json.write(face.report_record(report))
    else:
        face.write_report(report, every=every)
    raise typer.Exit(1 if report.faults else 0)
