"""The library: what a notebook calls and what each command calls once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from allocator.errors import InvalidInput, NoPlan, RunError, UsageError
from allocator.register import distributions
from allocator.register.rules import TARGET
from allocator.runs.plan import Plan, certified_stages, judge
from allocator.scenario.against_data import scenario_faults
from allocator.scenario.distributions import read_given
from allocator.scenario.load import Scenario, read_scenario
from allocator.solving.session import Session
from allocator.solving.settlement import plan_data, solve_data
from allocator.tables import read_data
from allocator.what_if.shares_as_before import figures_as_before, with_historical_grants

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from allocator.analyses.approaches.every_approach import Approaches
    from allocator.analyses.bridge.shares import Bridge
    from allocator.analyses.compare.comparison import Comparison
    from allocator.analyses.explain.explanation import Explanation
    from allocator.analyses.explain.firmness_of_all import Ranges
    from allocator.analyses.explain.rule_costs import RuleCosts
    from allocator.analyses.score.scored import Score
    from allocator.analyses.solve.least_money import LeastMoney
    from allocator.analyses.sweep.grid import Sweep
    from allocator.faults import Fault
    from allocator.tables.dataset import DataSet, Floats
    from allocator.what_if.side import Side

    Progress = Callable[[int, int], None]  # how many of how many solves have ended
    Warn = Callable[[tuple[Fault, ...]], None]

MOST_OF_A_NAME = 1000  # default run folders of one second
NOT_WRITTEN = "What was found is printed. Make room, or name another file with -o."


def open_scenario(
    scenario: str | Path | Scenario = "settlement", overrides: Sequence[str] = (), *, warn: Warn | None = None
) -> tuple[Scenario, DataSet]:
    """A scenario and its data, read and checked.

    scenario: a file, the name of one in models/, or a scenario already read. overrides: as --set takes them.
    warn: called with what is suspicious without stopping a plan, where there is any.
    Raises InvalidInput with every fault of the tables, or of the scenario; UsageError where there is no such file.
    """
    _refuse_what_is_no_scenario(scenario)
    read = scenario if isinstance(scenario, Scenario) else read_scenario(scenario, overrides)
    remarks: list[Fault] = []
    data = read_data(read.data, read.table_files, remarks=remarks)
    of_scenario = scenario_faults(read, data)
    faults = tuple(fault for fault in of_scenario if fault.severity == "fault")
    if faults:
        raise InvalidInput(faults, in_scenario=True)
    warnings = tuple(remark for remark in (*remarks, *of_scenario) if remark.severity == "warning")
    if warnings and warn is not None:
        warn(warnings)
    return read, data


def solve(
    scenario: str | Path | Scenario = "settlement",
    overrides: Sequence[str] = (),
    *,
    reasons: bool = False,
    warn: Warn | None = None,
    done: Progress | None = None,
) -> Plan:
    """The best plan of a scenario, worked out again from the tables, its certificate and what shares as before bring.

    reasons: whether it is asked again what more would be worth and why money is unspent (plan.reasons). That goes on
    from where the plan stands, which only HiGHS can: with another solver there are none.
    warn: as open_scenario takes it, before anything is solved. done: called while reasons are sought for no plan.
    Raises InvalidInput, UsageError, NoPlan (no plan keeps the rules: which, and what would help) and SolverError.
    """
    read, data = open_scenario(scenario, overrides, warn=warn)
    s, given = read.settings, given_grants(read, data)
    try:
        solution, plans = solve_data(data, s, given)
    except NoPlan as none:
        from allocator.no_plan.diagnosis import with_reasons  # only where there is no plan

        raise with_reasons(none, data, s, given, lambda other, f: judge(data, other, f, given).goal, done) from none
    worked = judge(data, s, solution.figures, given)
    # The solver lets other threads run while it solves: the certificate is worked out beside what is asked of it.
    with ThreadPoolExecutor(max_workers=1) as beside:
        certificates = beside.submit(certified_stages, solution)
        found = None
        if reasons and s.solver.name == Session.solver:
            from allocator.analyses.solve.beside_the_plan import reasons_of  # only who wants them

            found = reasons_of(data, s, plans, worked, given, read.overrides)
        as_before = figures_as_before(data, s, plans)  # last, since it leaves the programmes changed
    reference = judge(data, with_historical_grants(s), as_before) if as_before is not None else None
    return Plan(read, data, solution, worked, certificates.result(), reference, given, found)


def least_money(
    scenario: str | Path | Scenario = "settlement",
    overrides: Sequence[str] = (),
    *,
    meet: str = TARGET.name,
    warn: Warn | None = None,
    done: Progress | None = None,
) -> LeastMoney:
    """The least added money with which a scenario's targets are met; see analyses.solve.least_money.least_money.

    meet: the rule to be met; raises UsageError for another than target.
    """
    from allocator.analyses.solve.least_money import least_money as least

    if meet != TARGET.name:
        raise UsageError("--meet", f"found '{meet}'", TARGET.name, "Other rules are met, or there is no plan.")

    read, data = open_scenario(scenario, overrides, warn=warn)
    return least(data, read.settings, given_grants(read, data), done=done)


def _refuse_what_is_no_scenario(named: object) -> None:
    if not isinstance(named, Scenario | str | Path):
        fix = "Of a plan, take plan.scenario." if isinstance(named, Plan) else ""
        raise UsageError("", f"found a {type(named).__name__}", "a scenario: its file, its name, or one read", fix)


def given_grants(scenario: Scenario, data: DataSet) -> Floats | None:
    """The grants that the scenario's file gives, [p, t] £; None where its distribution is not `given`."""
    if not distributions.of(scenario.settings).from_file or scenario.grants_file is None:
        return None
    return read_given(scenario.grants_file, data)


def solve_and_write(
    scenario: str | Path = "settlement",
    overrides: Sequence[str] = (),
    *,
    folder: Path | None = None,
    force: bool = False,
    command: str = "",
    warn: Warn | None = None,
    done: Progress | None = None,
) -> tuple[Plan, Path]:
    """Solve a scenario with its reasons and write the run folder; gives the plan and the folder.

    folder: the run folder, `runs/<scenario>-<time>` where left out, with a number after it where another has that
    name. force: replace one that is there. warn, done: as solve.
    Raises as solve, and RunError where the folder cannot be written, before anything is solved if it is there.
    """
    from allocator.outputs import json  # kept as --json prints it
    from allocator.runs.files import WORTH
    from allocator.runs.write import check_target, write_run

    if folder is not None:
        check_target(folder, force=force)
    plan = solve(scenario, overrides, reasons=True, warn=warn, done=done)
    kept = {WORTH: f"{json.text(plan.reasons.as_dict())}\n".encode()} if plan.reasons is not None else {}
    if folder is not None:
        return plan, write_run(plan, folder, force=force, command=command, extra=kept)
    first = Path("runs") / f"{plan.scenario.name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    for target in (first, *(first.with_name(f"{first.name}-{n}") for n in range(2, MOST_OF_A_NAME))):
        if target.exists():
            continue
        try:
            return plan, write_run(plan, target, command=command, extra=kept)
        except RunError:
            if not target.exists():  # else another process took the name meanwhile: the next one is free
                raise
    raise RunError(str(first), "found that and all names after it taken", "a new folder", "Name one with -o.")


# --- reasons: each reads a run's own copy of its inputs and solves them again ----------------------------------------


def explain(run: str | Path | Plan, partnership: str) -> Explanation:
    """Why a partnership gets what a run folder or a plan gives it; see analyses.explain.explain."""
    from allocator.analyses.explain.explanation import explain as explained

    return explained(run, partnership)


def firmness(run: str | Path | Plan, *, jobs: int | None = None, done: Progress | None = None) -> Ranges:
    """The range of every grant in good plans; see analyses.explain.firmness. jobs: None for one a core."""
    from allocator.analyses.explain.firmness_of_all import firmness_of_all
    from allocator.what_if.side import side_of

    side = side_of(run)
    return firmness_of_all(side.data, side.settings, side.given, jobs=jobs, done=done)


def rule_costs(run: str | Path | Plan, *, done: Progress | None = None) -> RuleCosts:
    """What each rule of a run or a plan costs, switched off alone; see analyses.rule_costs.rule_costs."""
    from allocator.analyses.explain.rule_costs import rule_costs as costs
    from allocator.what_if.questions import asked
    from allocator.what_if.side import side_of

    side = side_of(run)
    plans = plan_data(side.data, side.settings, side.given)[1]
    return costs(asked(side.data, side.settings, plans, side.given), done)


# --- approaches and comparisons: each opens what is named and makes one analysis of it -------------------------------
# jobs: processes to solve on, None for one a core.


def approaches(
    scenario: str | Path | Scenario = "settlement",
    overrides: Sequence[str] = (),
    *,
    only: Sequence[str] = (),
    leverage: bool = False,
    jobs: int | None = 1,
    output: Path | None = None,
    force: bool = False,
    done: Progress | None = None,
) -> Approaches:
    """Every distribution in every case of certainty on the same data; see analyses.approaches.compare_approaches.

    output: a CSV file, one row an approach. force: replace one that is there.
    Raises NotWritten, with what was found, where the file cannot be written after all.
    """
    from allocator.analyses.approaches.every_approach import compare_approaches
    from allocator.outputs.table_file import keeping, refuse_occupied, write_table

    refuse_occupied(output, force=force)
    read, data = open_scenario(scenario, overrides)
    given = read_given(read.grants_file, data) if read.grants_file is not None else None
    found = compare_approaches(read, data, given=given, only=only, leverage=leverage, jobs=jobs, done=done)
    if output is not None:
        with keeping(found, output, NOT_WRITTEN):
            write_table(output, found.table())
    return found


def score(scenario: str | Path | Scenario, grants: str | Path, overrides: Sequence[str] = ()) -> Score:
    """A file of grants scored against a scenario; see analyses.score.score_grants.

    Raises InvalidInput with every fault of the file: unknown or missing partnerships and years, bad amounts.
    """
    from allocator.analyses.score.scored import score_grants

    read, data = open_scenario(scenario, overrides)
    return score_grants(read, data, read_given(Path(grants), data), file=str(grants))


def compare(
    *named: str | Path | Scenario | Plan,
    overrides: Sequence[str] = (),
    same: Sequence[str] = (),
    jobs: int | None = 1,
    done: Progress | None = None,
) -> Comparison:
    """Runs, plans or scenarios side by side; see analyses.compare.compare_sides.

    overrides: of the scenarios among them. same: which partnerships are the same, as analyses.compare.crosswalk says.
    """
    from allocator.analyses.compare.comparison import compare_sides
    from allocator.analyses.compare.crosswalk import read_crosswalk

    crosswalk = read_crosswalk(same)
    return compare_sides([_side(name, overrides) for name in named], same=crosswalk, jobs=jobs, done=done)


def bridge(
    first: str | Path | Scenario | Plan,
    second: str | Path | Scenario | Plan,
    overrides: Sequence[str] = (),
    *,
    together: Sequence[str] = (),
    jobs: int | None = 1,
    output: Path | None = None,
    force: bool = False,
    done: Progress | None = None,
) -> Bridge:
    """Which difference between two runs, plans or scenarios moved whose pounds; see analyses.bridge.bridge_sides.

    output: a CSV file, one row a grant and group. force: replace one that is there.
    Raises NotWritten, with what was found, where the file cannot be written after all.
    """
    from allocator.analyses.bridge.shares import bridge_sides
    from allocator.outputs.table_file import keeping, refuse_occupied, write_table

    refuse_occupied(output, force=force)
    sides = _side(first, overrides), _side(second, overrides)
    found = bridge_sides(*sides, together=together, jobs=jobs, done=done)
    if output is not None:
        with keeping(found, output, NOT_WRITTEN):
            write_table(output, found.table())
    return found


def sweep(
    scenario: str | Path | Scenario,
    vary: Sequence[str],
    overrides: Sequence[str] = (),
    *,
    jobs: int | None = 1,
    scheduler: str | None = None,
    output: Path | None = None,
    resume: bool = False,
    force: bool = False,
    done: Progress | None = None,
) -> Sweep:
    """A scenario solved over a grid of settings; see analyses.sweep.sweep_scenario.

    vary: as --vary takes them, KEY=A:B:N or KEY=V,V,…. output: a CSV file of the rows, written whole at the end;
    until then a journal beside it keeps what is finished, from which resume goes on. force: replace one that is there.
    Raises NotWritten, with all cases, where the file cannot be written after all.
    """
    from allocator.analyses.sweep.grid import parse_axis, sweep_scenario
    from allocator.analyses.sweep.journal import Journal, journal_of
    from allocator.outputs.table_file import keeping, refuse_occupied, write_table

    axes = [parse_axis(text) for text in vary]
    if output is None and resume:
        raise UsageError("--resume", "found no file to go on from", "-o FILE.csv", "")
    if output is not None and resume and not force and output.is_file() and not journal_of(output).exists():
        found_whole = "found a whole file and no cases kept beside it"
        fix = "It is finished: --force begins it anew."
        raise UsageError(str(output), found_whole, "a sweep that was cut off", fix)
    refuse_occupied(output, force=force)
    read, data = open_scenario(scenario, overrides)
    try:
        found = sweep_scenario(
            read,
            data,
            axes,
            given=given_grants(read, data),
            jobs=jobs,
            scheduler=scheduler,
            journal=journal_of(output) if output is not None else None,
            resume=resume,
            done=done,
        )
    except InvalidInput as error:
        # The settings of --set are sound, or the scenario could not have been opened: the fault is --vary's.
        faults = (replace(f, table="--vary") if f.table == "--set" else f for f in error.faults)
        raise InvalidInput(tuple(faults), in_scenario=True) from None
    if output is not None:
        book = journal_of(output)
        with keeping(found, output, f"{book} keeps every case: make room and go on with --resume."):
            write_table(output, found.table())
        Journal.finish(book)
    return found


def _side(named: str | Path | Scenario | Plan, overrides: Sequence[str]) -> Side:
    """A run folder or a plan, or else a scenario, as a side of a comparison."""
    from allocator.what_if.side import is_run, side_of, side_of_scenario

    if isinstance(named, Plan) or (isinstance(named, str | Path) and is_run(Path(named))):
        return side_of(named)
    read, data = open_scenario(named, overrides)
    return side_of_scenario(read, data, given_grants(read, data))
