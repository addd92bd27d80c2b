"""`allocator check` and `allocator init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
    from allocator.outputs import faults, json, library

    if dictionary:
        from allocator.tables.dictionary import dictionary as tables

        if as_json:
            json.write(library.dictionary_record(tables()))
        else:
            library.write_dictionary(tables())
        return
    from allocator.analyses.check import check_scenario

    report = check_scenario(scenario, overrides or ())
    if as_json:
        json.write(faults.report_record(report))
    else:
        faults.write_report(report, every=every)
    raise typer.Exit(1 if report.faults else 0)


@commands.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    excel: Annotated[
        bool, typer.Option("--excel", help="Write one workbook instead of a folder of CSV files.")
    ] = False,
    data: Annotated[str, typer.Option("--data", metavar="NAME", help="The data set to begin with.")] = "connexions",
    as_json: AsJson = False,
) -> None:
    """Make a working folder: tables and a scenario to edit."""
    from allocator.cli import stop
    from allocator.outputs import library
    from allocator.scenario.starter import start_folder

    started = start_folder(folder, data, workbook=excel)
    stop.has_written(folder)
    tell(started, library.write_started, as_json=as_json)
