"""Which authority of one file is which of another: by code, else by number, and never two of them the same one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from allocator.imports.dfe.reading.figures import symbol_of

# The Department's own number of an authority, such as 831, outlives a new code of the Office for National Statistics.
NUMBER = re.compile(r"[1-9]\d\d")


class HasCode(Protocol):
    """Whatever has a code and a number; "" where it has none."""

    @property
    def code(self) -> str:
        """The code, such as E06000015."""

    @property
    def number(self) -> str:
        """The Department's number, such as 831."""


def code_in(cell: str) -> str:
    """Give the code in a cell; "" where a placeholder stands in its place, which is nobody's."""
    return cell.strip().upper() if symbol_of(cell) is None else ""


def number_in(cell: str) -> str:
    """Give the Department's number in a cell; "" where it holds none."""
    text = cell.strip().removesuffix(".0")
    return text if NUMBER.fullmatch(text) else ""


def same_authorities[A: HasCode](those: Iterable[HasCode], others: Sequence[A]) -> dict[str, A]:
    """Match authorities: by the code of each of those, the one of the others that is the same.

    A code goes first. A number joins who is left on both sides, where one alone has it on either side.
    """
    those = list(those)
    by_code = {other.code: other for other in others if other.code}
    found = {one.code: by_code[one.code] for one in those if one.code in by_code}
    left = [other for other in others if not (other.code and other.code in found)]
    on_this_side = Counter(one.number for one in those)
    on_the_other = Counter(other.number for other in others)
    by_number = {other.number: other for other in left if other.number and on_the_other[other.number] == 1}
    for one in those:
        if one.code not in found and one.number in by_number and on_this_side[one.number] == 1:
            found[one.code] = by_number[one.number]
    return found
