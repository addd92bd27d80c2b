"""A refusal of the library in the words of the command line: what is an argument there is an option here."""

from __future__ import annotations

import copy
import re
from dataclasses import replace

from allocator.errors import AllocatorError, InvalidInput
from allocator.faults import Fault

# The options whose names are not those of the arguments.
OTHERS = {
    "overrides": "--set",
    "output": "-o",
    "together": "--group",
    "role": "--as",
    "data_set": "--data",
    "more": "--with",
}
ARGUMENTS = (
    *(
        "chart",
        "draws",
        "first_year",
        "force",
        "jobs",
        "meet",
        "name",
        "note",
        "only",
        "resume",
        "same",
        "scheduler",
        "table",
        "vary",
    ),
    *OTHERS,
)
_IN_A_SENTENCE = re.compile(r"`(\w+)(?:=([^`]*))?`")


def option(argument: str) -> str:
    """Give the option that is an argument of the library; what is none stays as it is."""
    if argument not in ARGUMENTS:
        return argument
    return OTHERS.get(argument, f"--{argument.replace('_', '-')}")


def as_typed[Refused: AllocatorError](error: Refused) -> Refused:
    """Give the same refusal, with options in place of the arguments that it names."""
    said = copy.copy(error)
    said.place, said.fix, said.wanted = option(error.place), _typed(error.fix), _typed(error.wanted)
    if isinstance(said, InvalidInput):
        said.faults = faults_as_typed(said.faults)
    return said


def faults_as_typed(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Give the same faults, with options in place of the arguments that they name."""
    return tuple(replace(fault, table=option(fault.table), fix=_typed(fault.fix)) for fault in faults)


def _typed(sentence: str) -> str:
    """Put options in place of arguments: `force` is --force, `jobs=1` is --jobs 1; what stands between other marks
    stays.
    """

    def typed(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name not in ARGUMENTS:
            return found.group()
        return f"{option(name)} {value}" if value else option(name)

    return _IN_A_SENTENCE.sub(typed, sentence)
