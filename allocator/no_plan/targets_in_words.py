"""How far targets can be reached, in words: never told as more than it is."""

from __future__ import annotations

from collections.abc import Sequence

from allocator import units
from allocator.no_plan.reach import Aim, Without

MOST_TOLD = 5


def aims_in_words(aims: Sequence[Aim]) -> str:
    """Say what targets ask: ``at most 21,974 of 22,808 fewer NEET at the end of 2005-06``; of many targets those that
    are missed.
    """
    missed = [aim for aim in aims if not aim.met]
    told = []
    for aim in (missed or aims)[:MOST_TOLD]:
        where = f" in {aim.name}" if aim.name else ""
        required = units.people(aim.required)
        reached = required if aim.met else units.people(int(aim.reached + 1e-6))
        told.append(f"{reached} of {required} fewer NEET{where} at the end of {aim.year}")
    more = len(missed) - MOST_TOLD
    rest = f", and {units.counted(more, 'more target')}" if more > 0 else ""
    return f"{'at most ' if missed else ''}{units.listed(told)}{rest}" if told else "nothing"


def asked_in_words(aims: Sequence[Aim]) -> str:
    """Say what targets ask for: ``19,007 fewer NEET at the end of 2005-06``."""
    told = [
        f"{units.people(aim.required)} fewer NEET{f' in {aim.name}' if aim.name else ''} at the end of {aim.year}"
        for aim in aims[:MOST_TOLD]
    ]
    more = len(aims) - MOST_TOLD
    return units.listed([*told, units.counted(more, "more target")] if more > 0 else told)


def without_in_words(without: Without) -> str:
    """Say what a rule's absence brings: ``without channel it is met``, or how far it then goes."""
    rules = units.listed(without.rules)
    return f"without {rules} it is met" if without.met else f"without {rules} {aims_in_words(without.aims)}"
