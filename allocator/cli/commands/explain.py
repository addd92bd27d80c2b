"""`allocator explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from allocator.cli.options import AsJson, Run
from allocator.cli.telling import tell
from allocator.errors import UsageError

commands = typer.Typer()


@commands.command()
def explain(
    run: Run,
    partnership: Annotated[
        str | None, typer.Argument(metavar="PARTNERSHIP", help="A partnership's key, such as black_country, or name.")
    ] = None,
    firmness: Annotated[
        bool, typer.Option("--firmness", help="In place of one partnership: the range of every grant in good plans.")
    ] = False,
    rules: Annotated[
        bool, typer.Option("--rules", help="In place of one partnership: what each rule costs, switched off alone.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes of --firmness. [default: all cores]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say why a partnership gets what a run gives it."""
    from allocator import api
    from allocator.analyses.explain import face
    from allocator.outputs import altered, progress

    if (partnership is not None) + firmness + rules != 1:
        raise UsageError("allocator explain", "found none or several of them", "PARTNERSHIP, --firmness or --rules", "")
    altered.warn([run])
    if firmness:
        with progress.bar("partnerships") as done:
            ranges = api.firmness(run, jobs=jobs, done=done)
        tell(ranges, face.write_firmness, as_json=as_json)
    elif rules:
        with progress.bar("rules") as done:
            costs = api.rule_costs(run, done=done)
        tell(costs, face.write_rules, as_json=as_json)
    else:
        found = api.explain(run, str(partnership))
        tell(found, face.write, as_json=as_json)
