"""The library: what a notebook calls and what each command calls once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.analyses.draws import FEWEST, OF_EVIDENCE, OF_RISK
from allocator.errors import InvalidInput, NoPlan, NotWritten, RunError, SolverError, UsageError
from allocator.register import distributions
from allocator.register.rules import TARGET
from allocator.results import Result
from allocator.runs import plan as plans
from allocator.runs.plan import certified_stages, judge
from allocator.scenario.against_data import scenario_faults
from allocator.scenario.canonical import Overrides, as_texts
from allocator.scenario.distributions import read_given
from allocator.scenario.load import Scenario, read_scenario
from allocator.scenario.settings import Settings
from allocator.scenario.toml import OVERRIDES
from allocator.solving.session import Session
from allocator.solving.settlement import plan_data, solve_data
from allocator.tables import read_data
from allocator.tables.dataset import DataSet, Floats
from allocator.time_left import within
from allocator.what_if.in_time import bound
from allocator.what_if.questions import what_if
from allocator.what_if.shares_as_before import figures_as_before, with_historical_grants

if TYPE_CHECKING:  # each is loaded by the function that gives it, so that a command loads its own alone
    import pandas as pd

    from allocator.analyses.approaches.every_approach import Approaches
    from allocator.analyses.bridge.shares import Bridge
    from allocator.analyses.compare.comparison import Comparison
    from allocator.analyses.evidence.evidence import Evidence
    from allocator.analyses.explain.explanation import Explanation
    from allocator.analyses.explain.firmness_of_all import Ranges
    from allocator.analyses.explain.rule_costs import RuleCosts
    from allocator.analyses.report.notebook import Charts
    from allocator.analyses.report.written import Opened, Written
    from allocator.analyses.risk.risk import Risk
    from allocator.analyses.score.scored import Score
    from allocator.analyses.sensitivity.sensitivity import Sensitivity
    from allocator.analyses.solve.least_money import LeastMoney
    from allocator.analyses.sweep.grid import Sweep
    from allocator.faults import Fault
    from allocator.runs.verify.verify import Verification
    from allocator.what_if.side import Side


Progress = Callable[[int, int], None]  # how many of how many solves have ended
Warn = Callable[[tuple["Fault", ...]], None]
Named = str | Path | Scenario  # a scenario: its file, its name in models/, or one read
Planned = Named | plans.Plan  # a run or a plan, or else a scenario
Tables = str | Path | Mapping[str, Any] | DataSet | None

MOST_OF_A_NAME = 1000  # default run folders of one second
NOT_WRITTEN = "What was found is printed. Make room, or name another file with `output`."

# What the functions below take alike:
# overrides, settings: settings to change, ["grants.floor=0.95"], {"grants.floor": 0.95} or grants__floor=0.95; of a
#     scenario: a run keeps those that it was solved with.
# data: what is planned with in place of the scenario's own: a folder, workbook or shipped name; pandas frames by
#     table, which take the place of those tables alone; or a data set already read.
# jobs: processes to solve on; 1, where nothing is said, stays in this one, None takes one a core. A script that asks
#     for more than 1 needs the usual `if __name__ == "__main__":`.
# done: called with how many of how many solves have ended.


@dataclass(frozen=True, eq=False, repr=False)
class Plan(plans.Plan):
    """A plan with what a notebook does with one.

    run: the folder that it was loaded from; None for one that was solved.
    """

    run: Path | None = None

    def save(self, folder: str | Path, *, force: bool = False, command: str = "") -> Path:
        """Write the run folder, and give its path. force: replace a run that is there. command: for its records.

        Raises RunError where it cannot be written.
        """
        from allocator.outputs import json  # kept as --json prints it
        from allocator.runs.files import WORTH
        from allocator.runs.write import write_run

        kept = {WORTH: f"{json.text(self.reasons.to_dict())}\n".encode()} if self.reasons is not None else {}
        return write_run(self, Path(folder), force=force, command=command, extra=kept)

    def verify(self, *, again: bool = False) -> Verification:
        """Certify it again from files alone: those that it was loaded from, or those that save would write.

        again: solve it once more as well, and compare the grants.
        """
        from allocator.analyses.verify.verification import verify

        if self.run is not None:
            return verify(self.run, again=again)
        with TemporaryDirectory() as folder:
            return verify(self.save(Path(folder).resolve() / "run"), again=again)

    def explain(self, partnership: str) -> Explanation:
        """Say why a partnership gets what the plan gives it. partnership: its key or name."""
        return explain(self, partnership)

    def firmness(self, *, jobs: int | None = 1, done: Progress | None = None) -> Ranges:
        """Find the range of every grant in plans that keep nine tenths of what moving grants brings."""
        return firmness(self, jobs=jobs, done=done)

    def rule_costs(self, *, done: Progress | None = None) -> RuleCosts:
        """Find what each rule costs, switched off alone."""
        return rule_costs(self, done=done)

    def report(
        self,
        output: str | Path,
        *,
        each: bool = False,
        docx: bool = False,
        contact: str = "",
        more: Sequence[str | Result] = (),
        jobs: int | None = 1,
        static: bool = False,
        force: bool = False,
        done: Progress | None = None,
    ) -> Written:
        """Write it as a page, a workbook, charts or statements; arguments and errors as report."""
        return report(
            self,
            output,
            each=each,
            docx=docx,
            contact=contact,
            more=more,
            jobs=jobs,
            static=static,
            force=force,
            done=done,
        )

    @cached_property
    def chart(self) -> Charts:
        """Its charts by name, to show in a notebook: plan.chart.map(), plan.chart.changes()."""
        from allocator.analyses.report.notebook import Charts

        return Charts(self)


def load(run: str | Path) -> Plan:
    """Read a plan back from its run folder: worked out again from the run's own tables, and certified again.

    Its as_before is None: a run does not keep what other grants would bring. What a file of it holds is taken as it
    stands; verify says whether it is what was written.
    Raises RunError where the folder is no whole run, InvalidInput where its tables have faults.
    """
    from allocator.runs.read import RunFolder
    from allocator.runs.verify.later import certified, given_up, left_out

    folder = RunFolder(run)
    settings, data, given = folder.settings, folder.data, folder.given
    judged = [certified(folder, proof) for proof in folder.proofs]
    proofs, certificates = tuple(proof for proof, _ in judged), tuple(found for _, found in judged)
    lost = given_up(folder, certificates)
    solution = replace(folder.solution, proofs=proofs, given_up=lost, left_out=left_out(folder))
    worked = judge(data, settings, solution.figures, given)
    reasons = folder.reasons(worked.goal)
    return Plan(folder.scenario, data, solution, worked, certificates, None, given, reasons, run=folder.run)


def open_scenario(
    scenario: Named = "settlement",
    overrides: Overrides = (),
    *,
    data: Tables = None,
    warn: Warn | None = None,
    **settings: Any,
) -> tuple[Scenario, DataSet]:
    """Read and check a scenario and its data.

    warn: called with what is suspicious without stopping a plan, where there is any.
    Raises InvalidInput with every fault of the tables, or of the scenario; UsageError where there is no such file.
    """
    read = _scenario(scenario, overrides, settings, data)
    remarks: list[Fault] = []
    tables = _tables(read, data, remarks)
    if read.settings.risk.evidence == "pooled":
        from allocator.analyses.evidence.pooling import with_pooled_effects

        tables = with_pooled_effects(tables)
    of_scenario = scenario_faults(read, tables)
    faults = tuple(fault for fault in of_scenario if fault.severity == "fault")
    if faults:
        raise InvalidInput(faults, in_scenario=True)
    warnings = tuple(remark for remark in (*remarks, *of_scenario) if remark.severity == "warning")
    if warnings and warn is not None:
        warn(warnings)
    return read, tables


def _scenario(scenario: Named, overrides: Overrides, settings: Mapping[str, Any], data: Tables) -> Scenario:
    texts = as_texts(overrides, settings)
    if isinstance(data, str | Path):
        texts = (*texts, *as_texts({"data": data}))
    if isinstance(scenario, Scenario):
        return scenario.with_(texts) if texts else scenario
    return read_scenario(scenario, texts)


def _tables(read: Scenario, data: object, remarks: list[Fault]) -> DataSet:
    if isinstance(data, DataSet):
        return data
    from allocator.tables.frames import as_files

    if not isinstance(data, str | Path | Mapping | None):
        wanted = "a folder, a workbook, frames by table, or a data set read"
        raise UsageError("data", f"found {type(data).__name__}", wanted)
    with as_files(data if isinstance(data, Mapping) else {}) as (_, files):
        return read_data(read.data, {**read.table_files, **files}, remarks=remarks)


def solve(
    scenario: Named = "settlement",
    overrides: Overrides = (),
    *,
    data: Tables = None,
    reasons: bool = False,
    warn: Warn | None = None,
    done: Progress | None = None,
    found: Callable[[Plan], None] | None = None,
    **settings: Any,
) -> Plan:
    """Find the best plan of a scenario, work it out again from the tables, certify it, and find what shares as before
    bring.

    reasons: whether it is asked again what more would be worth and why money is unspent (plan.reasons). That goes on
    from where the plan stands, which only HiGHS can: with another solver there are none.
    warn: as open_scenario takes it, before anything is solved. done: called while reasons are sought for no plan.
    found: called with the plan as soon as it is found and certified, before anything is asked of it; nothing that is
    asked then costs the plan: what finds no answer in time is left out.
    Raises InvalidInput, UsageError, NoPlan (no plan keeps the rules: which, and what would help) and SolverError.
    """
    read, tables = open_scenario(scenario, overrides, data=data, warn=warn, **settings)
    s, given = read.settings, given_grants(read, tables, warn=warn)
    with _why_no_plan(tables, s, given, read, done):
        solution, planned = solve_data(tables, s, given)
    worked = judge(tables, s, solution.figures, given)
    # The solver lets other threads run while it solves: the certificate is worked out beside what is asked of it.
    with ThreadPoolExecutor(max_workers=1) as beside:
        certificates = beside.submit(certified_stages, solution)
        if found is not None:
            unasked = (plans.AS_BEFORE, plans.REASONS)
            found(Plan(read, tables, solution, worked, certificates.result(), None, given, None, unasked))
        answered = as_before = None
        unanswered = []
        seconds = bound(planned)  # for all reasons together, and for shares as before: what takes longer is left out
        if reasons and s.solver.name == Session.solver:
            from allocator.analyses.solve.beside_the_plan import reasons_of  # only who wants them

            try:
                with within(seconds):
                    answered = reasons_of(tables, s, planned, worked, given, read.overrides)
            except SolverError:
                unanswered.append(plans.REASONS)
        try:
            with within(seconds):
                as_before = figures_as_before(tables, s, planned)  # last, since it leaves the programmes changed
        except SolverError:
            unanswered.append(plans.AS_BEFORE)
    reference = judge(tables, with_historical_grants(s), as_before) if as_before is not None else None
    found_beside = (reference, given, answered, tuple(unanswered))
    return Plan(read, tables, solution, worked, certificates.result(), *found_beside)


def least_money(
    scenario: Named = "settlement",
    overrides: Overrides = (),
    *,
    meet: str = TARGET.name,
    data: Tables = None,
    warn: Warn | None = None,
    done: Progress | None = None,
    **settings: Any,
) -> LeastMoney:
    """Find the least added money with which a scenario's targets are met; see analyses.solve.least_money.least_money.

    meet: the rule to be met; raises UsageError for another than target.
    """
    from allocator.analyses.solve.least_money import least_money as least

    if meet != TARGET.name:
        raise UsageError("meet", f"found '{meet}'", TARGET.name, "Other rules are met, or there is no plan.")
    read, tables = open_scenario(scenario, overrides, data=data, warn=warn, **settings)
    s, given = read.settings, given_grants(read, tables)
    with _why_no_plan(tables, s, given, read, done):
        return least(tables, s, given, done=done)


@contextmanager
def _why_no_plan(
    data: DataSet, s: Settings, given: Floats | None, read: Scenario | None, done: Progress | None = None
) -> Iterator[None]:
    """Give a refusal of what is done here its reasons. read: the scenario, to which a repair can be applied."""
    try:
        yield
    except NoPlan as none:
        from allocator.no_plan.diagnosis import with_reasons  # only where there is no plan

        why = with_reasons(none, data, s, given, lambda other, f: judge(data, other, f, given).goal, done)
        why.scenario = read
        raise why from none


def given_grants(scenario: Scenario, data: DataSet, *, warn: Warn | None = None) -> Floats | None:
    """Read the grants that the scenario's file gives, [p, t] £; None where its distribution is not `given`."""
    if not distributions.of(scenario.settings).from_file or scenario.grants_file is None:
        return None
    return read_given(scenario.grants_file, data, warn=warn)


def solve_and_write(
    scenario: Named = "settlement",
    overrides: Overrides = (),
    *,
    folder: Path | None = None,
    force: bool = False,
    command: str = "",
    warn: Warn | None = None,
    done: Progress | None = None,
    found: Callable[[Plan], None] | None = None,
    tell: Callable[[Plan, Path | None], None] | None = None,
) -> tuple[Plan, Path]:
    """Solve a scenario with its reasons and write the run folder; give the plan and the folder.

    folder: the run folder, `runs/<scenario>-<time>` where left out, with a number after it where another has that
    name. force: replace one that is there. warn, done, found: as solve. tell: called with the plan and its run folder
    once it is there, None where it cannot be written. Whatever ends what is asked of the plan, Ctrl-C too, the plan
    that was found is written and told first.
    Raises as solve, RunError where the folder is refused before anything is solved, NotWritten where it cannot be
    written afterwards.
    """
    from allocator.runs.write import check_target

    if folder is not None:
        check_target(folder, force=force)
    kept: list[Plan] = []

    def keep(plan: Plan) -> None:
        kept.append(plan)
        if found is not None:
            found(plan)

    try:
        kept.append(solve(scenario, overrides, reasons=True, warn=warn, done=done, found=keep))
    finally:
        if kept:
            try:
                target = _write(kept[-1], folder, force=force, command=command)
            except KeyboardInterrupt:  # it is kept all the same; who presses it again ends the process at once
                _write(kept[-1], folder, force=force, command=command)
                raise
            except RunError as error:
                if tell is not None:
                    tell(kept[-1], None)
                raise NotWritten(error.place, error.found, error.fix, kept[-1]) from error
            if tell is not None:
                tell(kept[-1], target)
    return kept[-1], target


def _write(plan: Plan, folder: Path | None, *, force: bool, command: str) -> Path:
    """Write a plan to the folder named, or to the first of its name and the time that is free."""
    if folder is not None:
        return plan.save(folder, force=force, command=command)
    first = Path("runs") / f"{plan.scenario.name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    for target in (first, *(first.with_name(f"{first.name}-{n}") for n in range(2, MOST_OF_A_NAME))):
        if target.exists():
            continue
        try:
            return plan.save(target, command=command)
        except RunError:
            if not target.exists():  # else another process took the name meanwhile: the next one is free
                raise
    raise RunError(str(first), "found that and all names after it taken", "a new folder", "Name one with `output`.")


# --- reasons: each reads a run's own copy of its inputs and solves them again ----------------------------------------


def explain(run: str | Path | plans.Plan, partnership: str) -> Explanation:
    """Say why a partnership gets what a run folder or a plan gives it; see analyses.explain.explain."""
    from allocator.analyses.explain.explanation import explain as explained

    return explained(run, partnership)


def firmness(run: str | Path | plans.Plan, *, jobs: int | None = 1, done: Progress | None = None) -> Ranges:
    """Find the range of every grant in good plans; see analyses.explain.firmness_of_all."""
    from allocator.analyses.explain.firmness_of_all import firmness_of_all
    from allocator.what_if.side import side_of

    side = side_of(run)
    return firmness_of_all(side.data, side.settings, side.given, jobs=jobs, done=done)


def rule_costs(run: str | Path | plans.Plan, *, done: Progress | None = None) -> RuleCosts:
    """Find what each rule of a run or a plan costs, switched off alone; see analyses.explain.rule_costs."""
    from allocator.analyses.explain.rule_costs import rule_costs as costs
    from allocator.what_if.side import side_of

    side = side_of(run)
    planned = plan_data(side.data, side.settings, side.given)[1]
    return costs(what_if(side.data, side.settings, planned, side.given), done)


def report(
    run: str | Path | plans.Plan,
    output: str | Path,
    *,
    each: bool = False,
    docx: bool = False,
    contact: str = "",
    more: Sequence[str | Result] = (),
    jobs: int | None = 1,
    static: bool = False,
    force: bool = False,
    done: Progress | None = None,
) -> Written:
    """Write a run or a plan as a page (FILE.html), a submission (brief.html), a workbook (FILE.xlsx) or charts (DIR).

    What the run does not hold is asked of its scenario again: prices, what rules cost, shares as before.
    each: in place of these a statement for each partnership, in a folder. docx: a Word document beside each.
    contact: who to ask, as statements say it. more: further sections of the page and its charts, as results of
    approaches, sensitivity, risk, evidence and firmness, or as these names, which then are asked; statements say how
    firm grants are by the last two.
    jobs: processes for that, None for one a core.
    static: a page without the part that solves again. force: replace what is there.
    done: called with how many of how many
    pieces have ended, of one thing after another.
    Raises UsageError, before any work, where nothing can be written there.
    """
    from allocator.analyses.report.loaded import facts_of
    from allocator.analyses.report.more import firmness_in, refuse_unknown, results_of, sections_of
    from allocator.analyses.report.written import kind_of, write_report

    target = Path(output)
    kind = kind_of(target, each=each, docx=docx, force=force)
    refuse_unknown(more, kind)
    plan, name = _plan_and_name(run)
    results = results_of(plan, more, name=name, jobs=jobs, done=done)
    facts = facts_of(plan, done, costs=kind in ("page", "brief", "charts"))
    sections, firm = sections_of(results), firmness_in(results)
    return write_report(
        facts,
        target,
        kind,
        name=name,
        docx=docx,
        contact=contact,
        static=static,
        more=sections,
        firm=firm,
        done=done,
    )


def open_report(run: str | Path | plans.Plan, *, static: bool = False, done: Progress | None = None) -> Opened:
    """Write the page of a run or a plan to a temporary folder and show it in the browser; arguments as report."""
    from allocator.analyses.report.loaded import facts_of
    from allocator.analyses.report.written import open_page, require_page

    require_page("open")
    plan, name = _plan_and_name(run)
    return open_page(facts_of(plan, done), name=name, static=static)


def _plan_and_name(run: str | Path | plans.Plan) -> tuple[plans.Plan, str]:
    """Give a plan with the name that readers of its report type: of the folder, never where on a machine it stands."""
    if isinstance(run, plans.Plan):
        folder = run.run if isinstance(run, Plan) else None
        return run, run.scenario.name if folder is None else folder.name
    folder = Path(run)
    return load(folder), folder.resolve().name if folder.is_absolute() or ".." in folder.parts else str(folder)


# --- approaches and comparisons: each opens what is named and makes one analysis of it -------------------------------


def approaches(
    scenario: Named = "settlement",
    overrides: Overrides = (),
    *,
    data: Tables = None,
    only: Sequence[str] = (),
    leverage: bool = False,
    jobs: int | None = 1,
    output: str | Path | None = None,
    force: bool = False,
    done: Progress | None = None,
    **settings: Any,
) -> Approaches:
    """Solve every distribution in every case of certainty on the same data; see analyses.approaches.every_approach.

    output: a CSV file, one row an approach. force: replace one that is there.
    Raises NotWritten, with what was found, where the file cannot be written after all.
    """
    from allocator.analyses.approaches.every_approach import compare_approaches
    from allocator.outputs.table_file import refuse_occupied, write_result

    refuse_occupied(output, force=force)
    read, tables = open_scenario(scenario, overrides, data=data, **settings)
    given = read_given(read.grants_file, tables) if read.grants_file is not None else None
    found = compare_approaches(read, tables, given=given, only=only, leverage=leverage, jobs=jobs, done=done)
    write_result(found, output, NOT_WRITTEN)
    return found


def score(
    scenario: Named,
    grants: str | Path | pd.DataFrame | Mapping[str, Any],
    overrides: Overrides = (),
    *,
    data: Tables = None,
    warn: Warn | None = None,
    **settings: Any,
) -> Score:
    """Score grants that are brought against a scenario; see analyses.score.scored.

    grants: a CSV file, or a frame, with the columns partnership, year and grant (£ cash).
    warn: as open_scenario takes it; also what is suspicious in the grants, such as thousands.
    Raises InvalidInput with every fault of the grants: unknown or missing partnerships and years, bad amounts.
    """
    from allocator.analyses.score.scored import score_grants
    from allocator.tables.frames import write_frame

    read, tables = open_scenario(scenario, overrides, data=data, warn=warn, **settings)
    if isinstance(grants, str | Path):
        return score_grants(read, tables, read_given(Path(grants), tables, warn=warn), file=str(grants))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "grants.csv"
        write_frame(grants, file)
        return score_grants(read, tables, read_given(file, tables, warn=warn))


def compare(
    *named: Planned,
    overrides: Overrides = (),
    same: Sequence[str] = (),
    jobs: int | None = 1,
    done: Progress | None = None,
    **settings: Any,
) -> Comparison:
    """Put runs, plans or scenarios side by side; see analyses.compare.comparison.

    overrides, settings: of the scenarios among them. same: which partnerships are the same, as
    analyses.compare.crosswalk says.
    """
    from allocator.analyses.compare.comparison import compare_sides
    from allocator.analyses.compare.crosswalk import read_crosswalk

    crosswalk = read_crosswalk(same)
    return compare_sides(_sides(named, overrides, settings), same=crosswalk, jobs=jobs, done=done)


def bridge(
    first: Planned,
    second: Planned,
    overrides: Overrides = (),
    *,
    together: Sequence[str] = (),
    jobs: int | None = 1,
    output: str | Path | None = None,
    force: bool = False,
    done: Progress | None = None,
    **settings: Any,
) -> Bridge:
    """Find which difference between two runs, plans or scenarios moved whose pounds; see analyses.bridge.shares.

    overrides, settings: of the scenarios among them. output: a CSV file, one row a grant and group. force: replace
    one that is there.
    Raises NotWritten, with what was found, where the file cannot be written after all.
    """
    from allocator.analyses.bridge.shares import bridge_sides
    from allocator.outputs.table_file import refuse_occupied, write_result

    refuse_occupied(output, force=force)
    one, other = _sides((first, second), overrides, settings)
    found = bridge_sides(one, other, together=together, jobs=jobs, done=done)
    write_result(found, output, NOT_WRITTEN)
    return found


def sweep(
    scenario: Named,
    vary: Sequence[str] | Mapping[str, Sequence[float]],
    overrides: Overrides = (),
    *,
    data: Tables = None,
    jobs: int | None = 1,
    scheduler: str | None = None,
    output: Path | None = None,
    resume: bool = False,
    force: bool = False,
    done: Progress | None = None,
    **settings: Any,
) -> Sweep:
    """Solve a scenario over a grid of settings; see analyses.sweep.grid.

    vary: values by setting, {"budget.scale": [0.9, 1.0]}, or texts, KEY=A:B:N or KEY=V,V,…. output: a CSV file of the
    rows, written whole at the end; until then a journal beside it keeps what is finished, from which resume goes on.
    force: replace one that is there. scheduler: the address of a Dask scheduler, whose workers then solve.
    Raises NotWritten, with all cases, where the file cannot be written after all.
    """
    from allocator.analyses.sweep.grid import parse_axis, sweep_scenario
    from allocator.analyses.sweep.journal import Journal, journal_of
    from allocator.outputs.table_file import refuse_occupied, write_result

    output = None if output is None else Path(output)
    if isinstance(vary, Mapping):
        vary = [f"{name}={','.join(map(str, np.atleast_1d(values)))}" for name, values in vary.items()]
    axes = [parse_axis(text) for text in vary]
    if output is None and resume:
        raise UsageError("resume", "found no file to go on from", "the file of a sweep", "Name it with `output`.")
    if output is not None and resume and not force and output.is_file() and not journal_of(output).exists():
        found_whole = "found a whole file and no cases kept beside it"
        fix = "It is finished: `force` begins it anew."
        raise UsageError(str(output), found_whole, "a sweep that was cut off", fix)
    refuse_occupied(output, force=force)
    read, tables = open_scenario(scenario, overrides, data=data, **settings)
    try:
        found = sweep_scenario(
            read,
            tables,
            axes,
            given=given_grants(read, tables),
            jobs=jobs,
            scheduler=scheduler,
            journal=journal_of(output) if output is not None else None,
            resume=resume,
            done=done,
        )
    except InvalidInput as error:
        # The overrides are sound, or the scenario could not have been opened: the fault is that of a value varied.
        faults = (replace(f, table="vary") if f.table == OVERRIDES else f for f in error.faults)
        raise InvalidInput(tuple(faults), in_scenario=True) from None
    if output is not None:
        book = journal_of(output)
        write_result(found, output, f"{book} keeps every case: make room and go on with `resume`.")
        Journal.finish(book)
    return found


# --- uncertainty: what is asked of a plan whose inputs are not sure ---------------------------------------------------


def evidence(
    named: Planned = "settlement",
    overrides: Overrides = (),
    *,
    draws: int = OF_EVIDENCE,
    jobs: int | None = 1,
    scheduler: str | None = None,
    done: Progress | None = None,
    **settings: Any,
) -> Evidence:
    """Find what better evidence on effects would bring to a run, a plan or a scenario; see analyses.evidence.evidence.

    draws: of all effects together, each solved. scheduler: the address of a Dask scheduler, whose workers then solve.
    Raises UsageError where the goal or the certainty has no such value, NoPlan and SolverError.
    """
    from allocator.analyses.evidence.evidence import value_of_evidence

    _refuse_few(draws)
    side = _side(named, overrides, settings)
    with _why_no_plan(side.data, side.settings, side.given, side.scenario):
        return value_of_evidence(
            side.data,
            side.settings,
            side.given,
            name=side.label,
            draws=draws,
            jobs=jobs,
            scheduler=scheduler,
            done=done,
        )


def risk(named: Planned = "settlement", overrides: Overrides = (), *, draws: int = OF_RISK, **settings: Any) -> Risk:
    """Find how sure a run, a plan or a scenario is: what it yields over many draws; see analyses.risk.risk.

    draws: of everything uncertain. Raises NoPlan and SolverError where there is no plan.
    """
    from allocator.analyses.risk.risk import risk_of

    _refuse_few(draws)
    side = _side(named, overrides, settings)
    with _why_no_plan(side.data, side.settings, side.given, side.scenario):
        return risk_of(side, draws=draws)


def _refuse_few(draws: int) -> None:
    if draws < FEWEST:
        raise UsageError("draws", f"found {draws}", f"at least {FEWEST}")


def sensitivity(
    named: Planned = "settlement",
    overrides: Overrides = (),
    *,
    ranges: str | Path | None = None,
    jobs: int | None = 1,
    done: Progress | None = None,
    **settings: Any,
) -> Sensitivity:
    """Find which inputs a run, a plan or a scenario rests on, each moved by itself; see
    analyses.sensitivity.sensitivity.

    ranges: a CSV file with the columns input, low and high, in place of every input that is assumed or derived.
    Raises NoPlan and SolverError where there is no plan, InvalidInput and UsageError for a file of ranges that cannot
    be used.
    """
    from allocator.analyses.sensitivity.inputs import read_ranges
    from allocator.analyses.sensitivity.sensitivity import sensitivity_of

    side = _side(named, overrides, settings)
    asked = () if ranges is None else read_ranges(Path(ranges), side.data, side.settings)
    with _why_no_plan(side.data, side.settings, side.given, side.scenario):
        return sensitivity_of(side, asked, jobs=jobs, done=done)


def _side(named: Planned, overrides: Overrides, settings: Mapping[str, Any]) -> Side:
    return _sides((named,), overrides, settings)[0]


def _sides(named: Sequence[Planned], overrides: Overrides, settings: Mapping[str, Any]) -> list[Side]:
    """Take runs, plans or scenarios as sides of a comparison, whose labels tell them apart.

    Raises UsageError for settings to change where all are runs or plans, which keep their own.
    """
    from allocator.what_if.side import is_run, side_of, side_of_scenario, told_apart

    changed, sides = as_texts(overrides, settings), []
    for one in named:
        if isinstance(one, plans.Plan) or is_run(one):
            sides.append(side_of(one))
        else:
            read, data = open_scenario(one, changed)
            sides.append(side_of_scenario(read, data, given_grants(read, data)))
    if changed and all(side.scenario is None for side in sides):
        fix = "A run keeps the settings that it was solved with: name its scenario."
        raise UsageError("overrides", f"found {changed[0]} for a run", "a scenario to change", fix)
    return told_apart(sides, named)
