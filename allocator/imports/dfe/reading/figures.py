"""What stands in the cells of official statistics: numbers, numbers with a mark, and symbols in place of numbers.

Sources of the symbols: the data guidance of the Department for Education's releases; the Government Statistical
Service's guidance on symbols in tables, in its older form (".." and dashes) and its present one ("[c]", "[low]").
"""

from __future__ import annotations

import re

from allocator.tables.reading.cells import GROUPED, PLAIN

# What stands in place of a number, and what it says.
SYMBOLS = {
    "c": "suppressed",
    "*": "suppressed",
    "**": "suppressed",
    "***": "suppressed",
    "~": "suppressed",
    "!": "suppressed",
    "#": "suppressed",
    "supp": "suppressed",
    "suppressed": "suppressed",
    "confidential": "suppressed",
    "w": "not recorded",
    "q": "unreliable",
    "z": "not applicable",
    ".": "not applicable",
    "x": "not available",
    ":": "not available",
    "..": "not available",
    "...": "not available",
    "…": "not available",
    "na": "not available",
    "n/a": "not available",
    "n.a.": "not available",
    "not available": "not available",
    "not applicable": "not applicable",
    "u": "unreliable",
    "": "blank",
}
# These are numbers: nothing, or less than half of the last digit shown.
ROUNDS_TO_ZERO = ("low", "k", "nil", "-", "–", "—", "−")
WHAT_IT_SAYS = {**SYMBOLS, **dict.fromkeys(ROUNDS_TO_ZERO, "nil or rounded to zero")}
# A mark beside a number: estimated, provisional, revised, a break in the series, unreliable; the number stands.
MARKED = re.compile(r"(.*\d)\s*(?:\[(?:e|p|r|b|u)\d?\]|\((?:e|p|r|b|u)\d?\)|(?:e|p|r|b|u))", re.IGNORECASE)


def symbol_of(cell: str) -> str | None:
    """Give the symbol that a cell holds, in small letters and without brackets; None where it holds something else."""
    bare = _bare(cell)
    return bare if bare in WHAT_IT_SAYS else None


def number_of(cell: str) -> float | None:
    """Give the number that a cell holds, without a mark beside it and commas between thousands; None where it holds
    none.
    """
    text = _spaces_gone(cell)
    if marked := MARKED.fullmatch(text):
        text = marked[1]
    text = text.replace("−", "-")
    if PLAIN.fullmatch(text) or GROUPED.fullmatch(text):
        return float(text.replace(",", ""))
    return None


def is_plain(cell: str) -> bool:
    """Say whether the cell is a number as programs write it, without marks and commas."""
    return bool(PLAIN.fullmatch(cell))


def _bare(cell: str) -> str:
    text = _spaces_gone(cell).casefold()
    return text[1:-1].strip() if len(text) > 2 and text[0] + text[-1] in ("[]", "()") else text


def _spaces_gone(cell: str) -> str:
    return cell.replace("\xa0", " ").replace("\u202f", " ").strip()
