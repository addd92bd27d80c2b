"""The few ways in which the program says no, each with where, found, wanted and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self

from allocator.faults import Fault
from allocator.results import Result, doc


class AllocatorError(Exception):
    """Something is wrong with what the program was given.

    place: where it was found. found: what stood there. wanted: what would have been right.
    fix: what to do. Every part is one plain sentence or clause; empty where it would say nothing.
    """

    exit_status = 2

    def __init__(self, place: str, found: str, wanted: str = "", fix: str = "") -> None:
        """Take the four parts; sentence() puts them together."""
        self.place, self.found, self.wanted, self.fix = place, found, wanted, fix
        super().__init__(self.sentence())

    def __reduce__(self) -> tuple[Any, ...]:
        """Come whole from another process: the parts are no arguments that the class could be called with again."""
        return _restored, (type(self), self.args), self.__dict__

    def sentence(self) -> str:
        """Give the four parts as one line of prose."""
        said = f"{self.place}: {self.found}" if self.place else self.found
        if self.wanted:
            said += f", wanted {self.wanted}"
        if not said.endswith((".", "?", "!")):
            said += "."
        return f"{said} {self.fix}" if self.fix else said


def _restored(kind: type[AllocatorError], args: tuple[Any, ...]) -> AllocatorError:
    return kind.__new__(kind, *args)


class UsageError(AllocatorError):
    """The command was given words that it cannot use: a file that is not there, an unknown name."""


class InvalidInput(AllocatorError):  # noqa: N818 - the planner's word for it
    """The tables or the scenario have faults; all of them are carried.

    faults: every fault found, in the order of the tables, then by row.
    in_scenario: whether a fault is in the scenario or its settings (exit status 2), else in the tables (1).
    """

    def __init__(self, faults: tuple[Fault, ...], *, in_scenario: bool) -> None:
        """Take every fault, at least one; the first stands for all where there is room for one line."""
        self.faults = faults
        self.exit_status = 2 if in_scenario else 1
        first = faults[0]
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        super().__init__(first.place, f"found {first.found}{more}", first.wanted, first.fix)


class ConflictTerm(Result, kw_only=True):
    """A line of the sum that shows why rules cannot hold together.

    All rows of one rule in one year, or a bound that is no rule. partnership: its key where the rows are of one alone.
    rows: how many they are.
    """

    rule: str = doc("the rule, or what limits a decision")
    partnership: str = ""
    place: str = doc("where, in words")
    rows: int = 1
    amount: float = doc("asked for or there; 0 where it only ties others together", ".unit")
    unit: str = doc("unit of the amount")
    asked: bool = doc("whether the amount is asked for, else it is what there is")
    said: str = doc("the amount in words; blank where nobody looked for its sum")
    year: str = doc("the year; both, where falls of two years come together")
    bound: bool = doc("whether it is no rule but a limit of the tables", default=False)


class Changeable(Protocol):
    """A scenario that can be changed."""

    def with_(self, overrides: Mapping[str, Any], /) -> Self:
        """Give the scenario with some settings changed."""


CELL = "limits."  # how a repair begins that is no setting but a cell of the table limits: limits.NAME.least
SettingValue = float | str | list[str]


class Repair(Result):
    """One change that makes a plan possible, solved."""

    setting: str = doc("the setting; limits.NAME.COLUMN: a cell of the table limits (exact: least and most at once)")
    before: SettingValue = doc("what it is", "of the setting", name="from", entry="a name, where the setting is a list")
    to: SettingValue = doc("what it has to be", "of the setting", entry="a name, where the setting is a list")
    goal: float = doc("what the plan then reaches", "as measure counts it")
    measure: str = doc(
        "cumulative, final_year, benefit, least_cost or fairest; weighted before it where weights are not all 1"
    )

    def apply[Scenario: Changeable](self, scenario: Scenario) -> Scenario:
        """Give the scenario with this change, which has a plan. Raises UsageError for a cell of a table."""
        if self.setting.startswith(CELL):
            fix = "Change it in the table, and read the data set again."
            raise UsageError("", f"found {self.setting}, a cell of the table limits", "a setting", fix)
        return scenario.with_({self.setting: self.to})

    def __str__(self) -> str:
        """Give the setting, what it has to be, and what it is."""
        return f"{self.setting} = {_plain(self.to)} instead of {_plain(self.before)}"


def _plain(value: SettingValue) -> SettingValue:
    """Give a whole number without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class NoPlan(AllocatorError):  # noqa: N818 - an answer, not a mistake
    """No plan keeps all the rules.

    stage: the name of the stage that had none ("rules", or a year where planning is year on year).
    conflict: what cannot hold together. repairs: changes that make a plan possible, each of which can be applied.
    reached: where a target cannot be met, a sentence on how far it can be reached, and one for each rule, or each two,
    without which it goes further. sums: whether the chain of sums behind such a target is to be shown all the same.
    scenario: the one that has none, to apply a repair to; None where no scenario was named.
    """

    sums = False
    scenario: Any = None

    exit_status = 1

    def __init__(
        self,
        stage: str,
        found: str,
        *,
        conflict: tuple[ConflictTerm, ...] = (),
        repairs: tuple[Repair, ...] = (),
        reached: tuple[str, ...] = (),
        fix: str = "",
    ) -> None:
        """Say where there is no plan and, where they are known, the conflict and its repairs."""
        self.stage, self.conflict, self.repairs, self.reached = stage, conflict, repairs, reached
        super().__init__(stage, found, "", fix)

    def sentence(self) -> str:
        """Give what cannot hold together, and what would make a plan possible."""
        said = super().sentence()
        if not self.repairs:
            return said
        return f"{said} Any one of these makes a plan possible: {'; '.join(map(str, self.repairs))}."


class SolverError(AllocatorError):
    """The solver stopped without an answer: out of time, or numerically stuck."""

    exit_status = 1


class NotWritten(AllocatorError):  # noqa: N818 - the work is done, the file alone is missing
    """A result was found and its file cannot be written. result: what was found, so that it is not lost with it."""

    def __init__(self, path: str, found: str, fix: str, result: Any) -> None:
        """Say which file, what was in the way and what to do, and keep the result."""
        self.result = result
        super().__init__(path, found, "", fix)


class RunError(AllocatorError):
    """A run folder cannot be read, written or trusted."""
