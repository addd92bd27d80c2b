"""What an import made, as a person reads it: totals first, then what was derived, dropped and guessed."""

from __future__ import annotations

import sys

from rich.text import Text

from allocator.imports.dfe.account import totals_sentence
from allocator.imports.dfe.data_set import Imported
from allocator.outputs import console
from allocator.units import counted, horizon


def write(made: Imported) -> None:
    """Print the account of an import and what to do next."""
    console.write(lines(made, console.width_of(sys.stdout)))


def lines(made: Imported, width: int) -> list[Text]:
    """Give the account for a width: every sentence of it, since each is about figures that somebody will rely on."""
    size = f"{made.folder}: {counted(made.partnerships, 'authority', 'authorities')}, {horizon(made.years)}"
    said = console.labelled("MADE", size, width)
    said += console.labelled("TOTALS", totals_sentence(made.account.totals), width)
    for title, sentences in (
        ("LOOK AT", made.account.warned),
        ("DERIVED", made.account.derived),
        ("DROPPED", made.account.dropped),
        ("GUESSED", made.account.guessed),
    ):
        for number, sentence in enumerate(sentences):
            said += console.labelled(title if number == 0 else "", sentence, width)
    scenario = console.path_of(made.folder / "scenario.toml")
    return said + console.commands("NEXT", [("allocator", word, scenario) for word in ("check", "solve")])
