"""A grid over numeric settings and cells of the tables: one tidy row a case.

Warm where only right-hand sides change, cold elsewhere.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from math import isfinite
from pathlib import Path
from typing import Any

from allocator.analyses.named import OfScenario
from allocator.analyses.sweep.journal import Journal
from allocator.errors import InvalidInput, NoPlan, SolverError, UsageError
from allocator.programme.formulate import formulate
from allocator.programme.situation import at_the_start
from allocator.register import RULES, distributions, goals
from allocator.register.rules import DISTRIBUTION, changed_in_place, names
from allocator.results import Result, doc, documented
from allocator.scenario.amounts import money
from allocator.scenario.canonical import canonical_toml
from allocator.scenario.describe import names_cells
from allocator.scenario.distributions import set_grants
from allocator.scenario.invalid import inconsistent_settings
from allocator.scenario.load import Scenario, read_scenario
from allocator.scenario.settings import Settings
from allocator.scenario.toml import parse_override
from allocator.solving.stages import Stages
from allocator.tables.cells import Cells, cells_of, changed, faults_of
from allocator.tables.dataset import DataSet, Floats
from allocator.units import listed
from allocator.what_if.cases import Solved, Status, Unsolved, light, solve_case, unsolved

MOST_CASES = 100_000
DIGITS = 12  # significant digits of a step of a grid: 0.8 + 2 * 0.02 is 0.84


@dataclass(frozen=True)
class Axis:
    """One setting, or some cells of a table, and the values that it takes. key: dotted, as an override has it."""

    key: str
    path: tuple[str, ...]
    values: tuple[int | float, ...]

    @property
    def of_tables(self) -> bool:
        """Whether it is cells of a table, and no setting."""
        return names_cells(self.path)

    @property
    def rule(self) -> str | None:
        """The rule on whose right-hand sides alone the setting stands; None where a programme has to be rebuilt."""
        return None if self.of_tables else changed_in_place(".".join(self.path[:2]))


@dataclass(frozen=True)
class SweepRow:
    """One case. values: of the settings varied, in their order. Money in £ cash; reductions in young people."""

    values: tuple[int | float, ...]
    status: Status
    goal: float | None = None
    reductions: tuple[float, ...] = ()
    spent: tuple[float, ...] = ()
    shortfall: float | None = None
    reason: str = ""
    tail: float | None = None


class Case(Result):
    """One case as a row of the tidy table; a value of each setting varied, a figure of each year."""

    settings: Mapping[str, int | float] = doc(
        "the value of a setting or cell varied; where there is a * in its name, how many times what is there",
        "of the setting",
        name="<setting>",
    )
    status: Status = doc("optimal, infeasible or unsolved")
    goal: float | None = doc("what the plan reaches; null: no plan", "goal.unit")
    reductions: Mapping[str, float | None] = doc(
        "fewer NEET at the end of the year; null: no plan", "young people", name="reduction_<year>"
    )
    spent: Mapping[str, float | None] = doc("spent in the year; null: no plan", "£ cash", name="spent_<year>")
    shortfall: float | None = doc("of the soft rules; null: no plan", "shares added up")
    reason: str = doc("why there is no plan; blank where there is one")
    tail: float | None = doc(
        "the mean of the worst draws of the effects; null: no caution is asked for, or no plan", "goal.unit"
    )


class Sweep(OfScenario):
    """All cases in the order of the grid, the first setting changing slowest."""

    years: tuple[str, ...]
    axes: tuple[Axis, ...]
    rows: tuple[SweepRow, ...]

    @property
    @documented("one case, in the order of the grid", name="rows")
    def cases(self) -> tuple[Case, ...]:
        """The cases with the names of settings and years."""
        names = [axis.key for axis in self.axes]
        blank = (None,) * len(self.years)
        return tuple(
            Case(
                dict(zip(names, row.values, strict=True)),
                row.status,
                row.goal,
                dict(zip(self.years, row.reductions or blank, strict=True)),
                dict(zip(self.years, row.spent or blank, strict=True)),
                row.shortfall,
                row.reason,
                row.tail,
            )
            for row in self.rows
        )


def parse_axis(text: str) -> Axis:
    """Read KEY=A:B:N, N values evenly from A to B, or KEY=V,V,…; raises UsageError for anything else."""
    key, mark, said = text.partition("=")
    if not mark or not said.strip():
        raise _refused(text)
    try:
        path, _ = parse_override(f"{key}=0")
        if ":" in said:
            first, last, count = said.split(":")
            values = _evenly(_number(first), _number(last), int(count))
        else:
            values = tuple(_number(value) for value in said.split(","))
    except (ValueError, InvalidInput):
        raise _refused(text) from None
    if len(set(values)) < len(values):
        raise UsageError("vary", f"found a value twice in '{text}'", "each value once")
    return Axis(".".join(path), path, values)


def _refused(text: str) -> UsageError:
    wanted = "KEY=A:B:N (N values from A to B, at least 2) or KEY=V,V,…"
    fix = "Write a share as a number: 0.9, not 90 %." if "%" in text else "For example `vary=budget.scale=0.8:1.2:21`."
    return UsageError("vary", f"found '{text}'", wanted, fix)


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        value = float(text)
        if not isfinite(value):
            raise
        return value


def _evenly(first: float, last: float, count: int) -> tuple[int | float, ...]:
    """Give values as they would be typed: whole numbers where ends and steps are whole."""
    if count < 2 or count > MOST_CASES:
        raise ValueError(count)
    if isinstance(first, int) and isinstance(last, int) and (last - first) % (count - 1) == 0:
        step = (last - first) // (count - 1)
        return tuple(first + n * step for n in range(count))
    return tuple(float(f"{first + (last - first) * n / (count - 1):.{DIGITS}g}") for n in range(count))


def sweep_scenario(
    scenario: Scenario,
    data: DataSet,
    axes: Sequence[Axis],
    *,
    given: Floats | None = None,
    jobs: int | None = 1,
    scheduler: str | None = None,
    journal: Path | None = None,
    resume: bool = False,
    done: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Solve the scenario for every combination of the values, of settings and of cells of the tables.

    given: [p, t] £, for the distribution `given`. jobs: processes, None for one a core; scheduler: address of a Dask
    scheduler instead. journal: a file that keeps each case as it ends, and is taken away by its finish(); resume: go
    on from what it holds. done: called with how many of how many cases have ended. Raises InvalidInput for values that
    a setting or a cell does not take, UsageError for too many cases, one key twice, or a journal of another sweep.
    """
    from allocator.what_if.pool import run_cases

    cases = _cases(scenario, data, axes)
    kept: dict[int, SweepRow] = {}
    book: Journal | None = None
    if journal is not None:
        book = Journal(journal, _fingerprint(scenario, data, axes), resume=resume)
        kept = {number: _row_from(line) for number, line in book.lines.items() if number < len(cases)}
    families = _moved(axis.rule for axis in axes if axis.rule is not None)
    # those that share a programme one after another, so that it stays in the solver
    order = sorted((n for n in range(len(cases)) if n not in kept), key=lambda n: (cases[n][2], n))

    def ended(place: int, row: SweepRow) -> None:
        kept[order[place]] = row
        if book is not None:
            book.keep(order[place], _line_of(row))
        if done is not None:
            done(len(kept), len(cases))

    if done is not None:
        done(len(kept), len(cases))
    of_tables = {n: cells_of(axis.path, data) for n, axis in enumerate(axes) if axis.of_tables}
    shared = Shared(data if of_tables else light(data), given, families, of_tables)
    run_cases(solve_row, shared, [cases[n] for n in order], jobs=jobs, scheduler=scheduler, each=ended)
    s = scenario.settings
    rows = tuple(kept[n] for n in range(len(cases)))
    return Sweep(scenario.name, s.title, goals.told(s), goals.named(goals.told(s)).unit, data.years, tuple(axes), rows)


def _moved(rules: Iterable[str]) -> tuple[str, ...]:
    """Give the rules whose sides move with those of others: all that rest on the money where one does."""
    families = {*rules}
    if any(RULES[rule].rests_on_money for rule in families):
        families |= {*names(lambda rule: rule.rests_on_money)}
    return tuple(sorted(families))


Task = tuple[tuple[int | float, ...], "Settings", str]  # values, settings, the programme that it shares; blank: none


def _cases(scenario: Scenario, data: DataSet, axes: Sequence[Axis]) -> list[Task]:
    """Give every combination, its settings checked, with the name of the programme that it shares with others."""
    if len({axis.path for axis in axes}) < len(axes) or not axes:
        raise UsageError("vary", "found one setting twice" if axes else "found none", "each setting once")
    count = 1
    for axis in axes:
        count *= len(axis.values)
    if count > MOST_CASES:
        raise UsageError("vary", f"found {count:,} cases", f"at most {MOST_CASES:,}")
    _check_each(scenario, data, axes)
    cases: list[Task] = []
    for values in product(*(axis.values for axis in axes)):
        laid = [(axis, value) for axis, value in zip(axes, values, strict=True) if not axis.of_tables]
        s = Settings.model_validate(_laid(scenario.settings, laid))
        # a programme is rebuilt for each year planned, and blend's own floor moves with the money
        shares = s.certainty.kind == "settlement" and not distributions.of(s).moves_with_money
        alike = _laid(s, ((axis, axis.values[0]) for axis in axes if axis.rule is not None))
        cells = [value for axis, value in zip(axes, values, strict=True) if axis.of_tables]
        programme = f"{cells or ''}{canonical_toml(Settings.model_validate(alike))}"
        cases.append((values, s, programme if shares else ""))
    return cases


def _check_each(scenario: Scenario, data: DataSet, axes: Sequence[Axis]) -> None:
    """Check each value alone, so that what a setting does not take is said as an override is."""
    from pydantic import ValidationError

    from allocator.scenario.against_data import scenario_faults

    for axis in axes:
        if axis.of_tables:
            _check_cells(cells_of(axis.path, data), axis, data)
            continue
        read: Scenario | None = None
        for value in axis.values:
            said = (*scenario.overrides, f"{_quoted(axis.path)}={value!r}")
            try:
                settings = Settings.model_validate(_laid(scenario.settings, [(axis, value)]))
            except (ValidationError, KeyError, TypeError):  # reading it says what is wrong
                read, settings = None, scenario.settings
            if read is None:  # the others of its values are of its kind, and their settings are checked alone
                read = read_scenario(scenario.source or scenario.name, said)
                settings = read.settings
            read = replace(read, settings=settings)
            faults = list(inconsistent_settings(settings, read.places, frozenset()))
            faults += [fault for fault in scenario_faults(read, data) if fault.severity == "fault"]
            # money that a reserve takes below nothing is a case without a plan, not a mistake
            faults = [fault for fault in faults if fault.code != "negative-money"]
            if faults:
                raise InvalidInput(tuple(faults), in_scenario=True)


def _check_cells(cells: Cells, axis: Axis, data: DataSet) -> None:
    """Let each value pass through the door of the tables; its faults are those of the axis."""
    for value in axis.values:
        faults = faults_of(data, [(cells, cells.values(data, value))])
        if faults:
            first = faults[0]
            found = f"with {value:g} the tables have a fault: {first.place}: found {first.found}"
            raise UsageError(f"vary {axis.key}", found, first.wanted, first.fix)


def _quoted(path: tuple[str, ...]) -> str:
    return ".".join(f'"{part}"' for part in path)


def _laid(s: Settings, changes: Any) -> dict[str, Any]:
    """Give the settings as plain values with some of them changed."""
    values = s.model_dump()
    for axis, value in changes:
        section = values
        for name in axis.path[:-1]:
            if not isinstance(section[name], dict):  # one number for every year, where another is given for one
                section[name] = {}
            section = section[name]
        section[axis.path[-1]] = value
    return values


def _fingerprint(scenario: Scenario, data: DataSet, axes: Sequence[Axis]) -> str:
    """Give what a journal's cases rest on: settings, tables and grid."""
    said = repr((scenario.canonical_toml(), dict(data.tables), [(axis.path, axis.values) for axis in axes]))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


# --- one case, wherever it is worked on ------------------------------------------------------------------------------

_kept = threading.local()  # the last programme of each thread, still in the solver, and the last tables changed


@dataclass(frozen=True, eq=False)
class Shared:
    """What all cases share. families: rules whose right-hand sides move between cases of one programme.

    cells: of the tables, by the number of the axis that varies them; the data set is light where there are none.
    """

    data: DataSet
    given: Floats | None
    families: tuple[str, ...]
    cells: Mapping[int, Cells]

    def tables_of(self, values: tuple[int | float, ...]) -> DataSet:
        """Give the data set of a case; that of the last one on this thread where it is the same."""
        if not self.cells:
            return self.data
        chosen = tuple(values[n] for n in self.cells)
        last: tuple[Shared, tuple[int | float, ...], DataSet] | None = getattr(_kept, "tables", None)
        if last is not None and last[0] is self and last[1] == chosen:
            return last[2]
        changes = [(cells, cells.values(self.data, values[n])) for n, cells in self.cells.items()]
        if len(changes) > 1:  # each value is checked alone, and not what they are together
            faults = faults_of(self.data, changes)
            if faults:
                raise NoPlan("tables", f"do not fit each other: {faults[0].place}: found {faults[0].found}")
        found = light(changed(self.data, changes))
        _kept.tables = self, chosen, found
        return found


def solve_row(shared: Shared, case: Task, *, name_rules: bool = True) -> SweepRow:
    """Solve one case: warm where the last case on this thread had the same programme.

    name_rules: where a programme in the solver has no plan, say which rules cannot hold together; it takes about as
    long as the case itself.
    """
    given, families = shared.given, shared.families
    values, s, programme = case
    try:
        d = shared.tables_of(values)
    except NoPlan as failure:
        return _row(values, unsolved(failure))
    for year, pounds in zip(d.years, money(d, s), strict=True):
        if pounds < 0:
            return SweepRow(values, "infeasible", reason=f"{year}: budget.reserve is more than the money")
    if not programme:
        return _row(values, solve_case(d, s, given))
    try:
        return _row(values, _solve_warm(d, s, given, programme, families, name_rules=name_rules))
    except (NoPlan, SolverError) as failure:
        return _row(values, unsolved(failure))


def _solve_warm(
    d: DataSet, s: Settings, given: Floats | None, programme: str, families: tuple[str, ...], *, name_rules: bool
) -> Solved:
    """Solve on in the programme that is in the solver, or build it where it is another one."""
    from allocator.runs.plan import judge
    from allocator.solving.planned import plan_as_it_stands

    last: tuple[DataSet, Floats | None, str, Stages] | None = getattr(_kept, "last", None)
    if last is not None and last[0] is d and last[1] is given and last[2] == programme:
        stages = last[3]
        now = at_the_start(d, s)
        grants = set_grants(d, s, now.money, now.grants_before, now.years, given)
        rules = families if grants is None else (*families, DISTRIBUTION.name)
        stages.restate(rules, settings=s, now=now, grants_set=grants)
    else:
        stages = Stages(formulate(d, s, given=given), s.solver.name, s.solver.time_limit)
        _kept.last = (d, given, programme, stages)
    try:
        figures = plan_as_it_stands(stages).figures
    except NoPlan as none:
        if name_rules:
            raise NoPlan(none.stage, none.found + _which(stages)) from none
        raise
    except SolverError:
        _kept.last = None  # it may stand half-way through its stages
        raise
    return Solved(figures, judge(d, s, figures, given))


def _which(stages: Stages) -> str:
    """Give which rules of a programme cannot hold together, and in which years; blank where that cannot be said."""
    from allocator.no_plan.conflict import find_conflict

    conflict = None
    if stages.session.solver == "HiGHS":
        with suppress(SolverError):
            conflict = find_conflict(stages)
    if conflict is None:
        return ""
    years = f" in {listed(conflict.years)}" if conflict.years else ""
    rules = listed(conflict.families)
    return f"; {rules} cannot {'hold together' if len(conflict.families) > 1 else 'be kept'}{years}"


def _row(values: tuple[int | float, ...], solved: Solved | Unsolved) -> SweepRow:
    if isinstance(solved, Unsolved):
        return SweepRow(values, solved.status, reason=solved.reason)
    years = solved.worked.spend.shape[1]
    return SweepRow(
        values,
        "optimal",
        solved.goal,
        tuple((solved.worked.reduction[:, :years].sum(axis=0) + 0.0).tolist()),
        tuple((solved.worked.spend.sum(axis=0) + 0.0).tolist()),
        solved.shortfall + 0.0,
        tail=solved.worked.tail,
    )


def _line_of(row: SweepRow) -> list[Any]:
    return [row.values, row.status, row.goal, row.reductions, row.spent, row.shortfall, row.reason, row.tail]


def _row_from(line: list[Any]) -> SweepRow:
    values, status, goal, reductions, spent, shortfall, reason, tail = line
    return SweepRow(tuple(values), status, goal, tuple(reductions), tuple(spent), shortfall, reason, tail)
