"""One side of a comparison: a scenario with its data, or a run with the plan that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from allocator.errors import UsageError
from allocator.runs.plan import Plan
from allocator.scenario.load import Scenario
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats
from allocator.what_if.cases import Solved, Unsolved, solve_case


@dataclass(frozen=True, eq=False)
class Side:
    """What stands on one side. label: as it was named. given: [p, t] £, where the distribution is given.

    figures: the plan, where a run holds it; None for a scenario, which is solved when it is asked for.
    """

    label: str
    settings: Settings
    data: DataSet
    given: Floats | None = None
    figures: Figures | None = None

    def solved(self) -> Solved | Unsolved:
        """Give the plan and what it comes to: the run's own, or a new one."""
        if self.figures is None:
            return solve_case(self.data, self.settings, self.given)
        from allocator.runs.plan import judge

        return Solved(self.figures, judge(self.data, self.settings, self.figures, self.given))


def side_of_scenario(scenario: Scenario, data: DataSet, given: Floats | None) -> Side:
    """Give a scenario as a side. given: as the scenario's grants file gives them."""
    return Side(scenario.name, scenario.settings, data, given)


def told_apart(sides: Sequence[Side], named: Sequence[object]) -> list[Side]:
    """Give the sides with labels that differ: of scenarios of one name as they were named, else with their places."""
    labels = [side.label for side in sides]
    for labelled in ([_as_named(name) for name in named], range(1, len(sides) + 1)):
        twice = {label for label in labels if labels.count(label) > 1}
        labels = [
            label if label not in twice or more is None else f"{label} ({more})" if isinstance(more, int) else str(more)
            for label, more in zip(labels, labelled, strict=True)
        ]
    return [replace(side, label=label) for side, label in zip(sides, labels, strict=True)]


def _as_named(name: object) -> str | None:
    return str(name).removesuffix(".toml") if isinstance(name, str | Path) else None


def is_run(path: Path) -> bool:
    """Say whether a path is a run folder."""
    from allocator.runs.files import MANIFEST

    return path.is_dir() and (path / MANIFEST).is_file()


def side_of(run: str | Path | Plan) -> Side:
    """Give a run folder as a side, from its own copies of scenario and tables; or a plan that is at hand.

    Raises RunError where the folder cannot be read, UsageError for what is neither.
    """
    from allocator.runs.plan import Plan
    from allocator.runs.read import RunFolder

    if isinstance(run, Plan):
        return Side(run.scenario.name, run.scenario.settings, run.data, run.given, run.figures)
    if not isinstance(run, str | Path):
        raise UsageError("", f"found a {type(run).__name__}", "a run folder or a plan")
    folder = RunFolder(Path(run))
    return Side(str(run), folder.settings, folder.data, folder.given, folder.figures)
