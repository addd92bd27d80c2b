"""One side of a comparison: a scenario with its data, or a run with the plan that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeGuard

from allocator.runs.plan import Plan, judge
from allocator.scenario.load import Scenario
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats
from allocator.what_if.cases import Solved, Unsolved, solve_case


@dataclass(frozen=True, eq=False)
class Side:
    """What stands on one side. label: as it was named. given: [p, t] £, where the distribution is given.

    figures: the plan, where a run holds it; None for a scenario, which is solved when it is asked for. scenario: that.
    """

    label: str
    settings: Settings
    data: DataSet
    given: Floats | None = None
    figures: Figures | None = None
    scenario: Scenario | None = None

    def solved(self) -> Solved | Unsolved:
        """Give the plan and what it comes to: the run's own, or a new one."""
        if self.figures is None:
            return solve_case(self.data, self.settings, self.given)

        return Solved(self.figures, judge(self.data, self.settings, self.figures, self.given))


def side_of_scenario(scenario: Scenario, data: DataSet, given: Floats | None) -> Side:
    """Give a scenario as a side. given: as the scenario's grants file gives them."""
    return Side(scenario.name, scenario.settings, data, given, scenario=scenario)


def told_apart(sides: Sequence[Side], named: Sequence[object]) -> list[Side]:
    """Give the sides with labels that differ: of scenarios of one name as they were named, else with their places."""
    labels = [side.label for side in sides]
    labels = _where_twice(labels, [_as_named(name, label) for name, label in zip(named, labels, strict=True)])
    labels = _where_twice(labels, [f"{label} ({number})" for number, label in enumerate(labels, start=1)])
    return [replace(side, label=label) for side, label in zip(sides, labels, strict=True)]


def _where_twice(labels: list[str], others: list[str]) -> list[str]:
    """Give the labels, and in place of each that stands more than once the other one."""
    return [other if labels.count(label) > 1 else label for label, other in zip(labels, others, strict=True)]


def _as_named(name: object, label: str) -> str:
    """Give a file or folder as it was named; of anything else its label."""
    return str(name).removesuffix(".toml") if isinstance(name, str | Path) else label


def is_run(named: object) -> TypeGuard[str | Path]:
    """Say whether it is the path of a run folder."""
    from allocator.runs.files import MANIFEST

    return isinstance(named, str | Path) and Path(named, MANIFEST).is_file()


def side_of(run: str | Path | Plan) -> Side:
    """Give a run folder as a side, from its own copies of scenario and tables; or a plan that is at hand.

    Raises RunError where the folder cannot be read, UsageError for what is neither.
    """
    from allocator.runs.read import RunFolder

    if isinstance(run, Plan):
        return Side(run.scenario.name, run.scenario.settings, run.data, run.given, run.figures)
    folder = RunFolder(run)
    return Side(str(run), folder.settings, folder.data, folder.given, folder.figures)
