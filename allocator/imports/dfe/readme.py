"""What goes with an imported data set: its README, its licence and its scenario."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence

from allocator.imports.dfe.account import Account, totals_sentence
from allocator.imports.dfe.assumptions import Assumptions
from allocator.imports.dfe.sources import PUBLICATION, SPENDING
from allocator.shipped import models_folder
from allocator.units import in_words, number

TILES_LICENCE = """
The places on the map (`map_column`, `map_row`) are after *UK upper-tier local authorities*, hexmaps, Open Innovations
(ODI Leeds), copyright 2017 Open Innovations, under the [MIT licence](https://opensource.org/license/mit).
"""
BASE = "england"  # the scenario that an imported one extends


def readme_text(account: Account) -> str:
    """Give the data set's README: what it is, the account, how to make it again."""
    parts = {
        **({"Look at": account.warned} if account.warned else {}),
        "Derived": account.derived,
        "Dropped": account.dropped,
        "Guessed": account.guessed,
    }
    sections = "\n".join(
        f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines) + "\n" for title, lines in parts.items()
    )
    files = "\n".join(f"| {name} | `{digest}` |" for name, digest in account.sources)
    first, last = account.planned[0], account.planned[-1]
    return f"""# Young people NEET at 16 and 17: local authorities of England, {first} to {last}

Made by `allocator import dfe-neet` from published figures of the Department for Education and from assumptions.
{totals_sentence(account.totals)}

Plan with it: `allocator solve scenario.toml`. `sources.csv` says of every column where it is from; `LICENCE.md` has the
attribution. To change an assumption, edit `assumptions.toml` and import again with `--assumptions`. Single figures can
be edited in the tables themselves: change their row of `sources.csv` too.

| file | SHA-256 |
|---|---|
{files}

{sections}
## Cautions

- The figures are management information of the authorities. How well they track their young people differs, and where
  many are not known fewer are known to be NEET: {number(account.totals.not_known)} are not known in all.
- Grants here stand in for grants. Spending on all services for young people changes much from year to year.
- What follows from an assumed figure is no finding.
"""


def licence_text(year: int, *, with_spending: bool, with_map: bool) -> str:
    """Give attribution and licence, to stand beside the data."""
    spending = f"- Department for Education, *{SPENDING}*.\n" if with_spending else ""
    tiles = TILES_LICENCE if with_map else ""
    return f"""# Attribution and licence

Contains public sector information licensed under the
[Open Government Licence v3.0](https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/):

- Department for Education, *{PUBLICATION}*, {year} and earlier years where `README.md` says so.
{spending}{tiles}
The Department for Education does not endorse this data set or what follows from it. Figures that are derived or assumed
are marked so in `sources.csv`.
"""


def scenario_text(planned: Sequence[str], a: Assumptions) -> str:
    """Give a scenario on the data set's own years that extends the one for England."""
    base = tomllib.loads((models_folder() / f"{BASE}.toml").read_text(encoding="utf-8"))
    theirs = base["workforce"]["qualified_share"]
    others = [year for year, share in theirs.items() if share != "none" and year not in planned]
    shares = {
        planned[int(year) - 1]: share for year, share in sorted(a.qualified.shares.items(), key=lambda e: int(e[0]))
    }
    years = "one year" if len(planned) == 1 else f"{in_words(len(planned))} years"
    lines = [f'"{year}" = "none"' for year in others] + [f'"{year}" = {share!r}' for year, share in shares.items()]
    return f"""# The question for today's England on this data set's own years; every other setting is that of `{BASE}`.

title = "Local authorities of England, {planned[0]} to {planned[-1]}"
question = "Who should get what over {years}, if the budgets are known?"
extends = "{BASE}"
data = "."

[workforce]
qualified_grade = {json.dumps(a.qualified.grade, ensure_ascii=False)}
adviser_grade = {json.dumps(a.qualified.lowest_adviser, ensure_ascii=False)}

[workforce.qualified_share]        # share of the advisers who have to stand at the qualified grade or above
{chr(10).join(lines)}
"""
