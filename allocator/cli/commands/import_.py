"""`allocator import`: a data set from published figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import AsJson
from allocator.cli.telling import tell

commands = typer.Typer()
importing = typer.Typer()
commands.add_typer(importing, name="import")


@importing.callback()
def published_figures() -> None:
    """Start a data set from published figures."""


@importing.command("dfe-neet")
def dfe_neet(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="The Department for Education's CSV of those NEET at 16 and 17 by local authority; of several years, "
            "for each authority's trend.",
        ),
    ],
    folder: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The folder to make.")],
    spend: Annotated[
        Path | None,
        typer.Option(
            "--spend",
            metavar="FILE",
            help="Spending on services for young people, £: the baseline grants. A CSV with new_la_code (or la_code) "
            "and old_la_code (or la_number), and a column a year (spend_2024_25) or a row a year (time_period, "
            "gross_expenditure).",
        ),
    ] = None,
    assumptions: Annotated[
        Path | None,
        typer.Option("--assumptions", metavar="FILE", help="Your copy of assumptions.toml, in place of the program's."),
    ] = None,
    growth: Annotated[
        bool, typer.Option("--growth", help="Let each cohort go on growing as it did between the files.")
    ] = False,
    first_year: Annotated[
        str, typer.Option("--first-year", metavar="YEAR", help="The first year to plan, such as 2026-27.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Start a data set of local authorities from the Department for Education's figures."""
    from allocator.cli import stop
    from allocator.imports.dfe import face as imported
    from allocator.imports.dfe.data_set import import_dfe_neet

    made = import_dfe_neet(files, folder, spend=spend, assumptions=assumptions, growth=growth, first_year=first_year)
    stop.has_written(folder)
    tell(made, imported.write, as_json=as_json)
