"""The parts of a page that solve again: what a reader may move, and the button that checks the plan."""

from dataclasses import dataclass
from typing import Any

from allocator.outputs.browser import program
from allocator.outputs.browser.bundle import as_json


@dataclass(frozen=True)
class Control:
    """A slider and the number beside it. hint: a sentence on what it moves. shown in unit; low, high: of the slider.

    least, most: what the number takes.
    """

    key: str
    label: str
    hint: str
    unit: str
    shown: str
    low: str
    high: str
    least: str
    most: str
    step: str


@dataclass(frozen=True)
class ControlGroup:
    """Controls under one legend."""

    legend: str
    controls: tuple[Control, ...]
    opened: bool = False


@dataclass(frozen=True)
class WhatIf:
    """The section that solves again. facts: what the script needs to show answers. problem: the bundle, packed.

    said: what stands there for a reader without scripts.
    """

    groups: tuple[ControlGroup, ...]
    facts: dict[str, Any]
    problem: str
    said: str

    @property
    def facts_as_json(self) -> str:
        """The facts as they stand in a script element."""
        return as_json(self.facts)

    @property
    def worker(self) -> str:
        """What runs beside the page, packed."""
        return program.worker_script()

    @property
    def solver(self) -> str:
        """The solver, packed."""
        return program.solver_binary()


@dataclass(frozen=True)
class CheckHere:
    """The button that works the certificate out in the page, and solves afresh. said: what stands beside it."""

    said: str
