"""`allocator report` and `allocator export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from allocator.cli.options import AsJson, Force, Jobs, Run
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def report(
    run: Run,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE|DIR",
            help="FILE.html: a page; brief.html: a submission of two pages; FILE.xlsx: a workbook; DIR: each chart as "
            "SVG and PNG.",
        ),
    ],
    each: Annotated[
        bool, typer.Option("--each", help="In place of these: a statement for each partnership, in DIR, and a list.")
    ] = False,
    docx: Annotated[bool, typer.Option("--docx", help="With --each: a Word document beside each statement.")] = False,
    contact: Annotated[
        str, typer.Option("--contact", metavar="TEXT", help="With --each: who to ask, as statements say it.")
    ] = "",
    more: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="NAME",
            help="What another analysis says of the run, too: approaches, sensitivity, risk, evidence or firmness with "
            "a page or charts, evidence or firmness with --each. It is made first, which takes its time. May be "
            "repeated.",
        ),
    ] = None,
    jobs: Jobs = None,
    static: Annotated[
        bool, typer.Option("--static", help="A page without the part that solves again in its reader's browser.")
    ] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Make a page, a workbook, charts or statements of a run."""
    _write(
        run,
        output,
        each=each,
        docx=docx,
        contact=contact,
        more=more or (),
        jobs=jobs,
        static=static,
        force=force,
        as_json=as_json,
    )


@commands.command()
def export(
    run: Run,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE.xlsx", help="The workbook. [default: RUN.xlsx, beside the run]"),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Make the workbook of a run."""
    target = output or run.resolve().with_name(f"{run.resolve().name}.xlsx")
    _write(run, target, force=force, as_json=as_json)


def _write(
    run: Path,
    output: Path,
    *,
    each: bool = False,
    docx: bool = False,
    contact: str = "",
    more: Sequence[str] = (),
    jobs: int | None = 1,
    static: bool = False,
    force: bool = False,
    as_json: bool = False,
) -> None:
    from allocator import api
    from allocator.analyses.report import face
    from allocator.cli import stop
    from allocator.outputs import altered, progress

    altered.warn([run])
    with progress.bar("report") as done:
        written = api.report(
            run,
            output,
            each=each,
            docx=docx,
            contact=contact,
            more=more,
            jobs=jobs,
            static=static,
            force=force,
            done=done,
        )
    stop.has_written(output)
    tell(written, face.write, as_json=as_json)
