"""`allocator sign`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.cli.options import AsJson, Run
from allocator.cli.telling import tell

commands = typer.Typer()


@commands.command()
def sign(
    run: Run,
    role: Annotated[
        str, typer.Option("--as", metavar="ROLE", help="Who signs: commissioner, analyst, assurer or approver.")
    ],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The name that is signed with.")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was judged, in a sentence.")] = "",
    as_json: AsJson = False,
) -> None:
    """Sign off a certified run: a line in sign-off.md, outside what is signed."""
    from functools import partial

    from allocator.analyses.verify import face
    from allocator.cli import stop
    from allocator.runs.files import SIGN_OFF
    from allocator.runs.verify.sign import sign as sign_run

    signed = sign_run(run, role, name, note)
    stop.has_written(run / SIGN_OFF)
    tell(signed, partial(face.write_signed, run=run), as_json=as_json)
