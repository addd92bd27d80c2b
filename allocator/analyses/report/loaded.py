"""A run as a report tells it: read back from its folder, worked out again, and asked what its files do not hold."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from allocator.analyses.explain.rule_costs import RuleCost, RuleCosts
from allocator.analyses.report.facts import Facts
from allocator.analyses.solve.beside_the_plan import reasons_of
from allocator.analyses.solve.worth import side_of
from allocator.errors import RunError
from allocator.register.rules import several_of, with_rows
from allocator.runs.files import SCENARIO, TABLES
from allocator.runs.plan import Plan, certified_stages, judge
from allocator.runs.read import RunFolder
from allocator.scenario.load import Scenario
from allocator.solving.session import Session
from allocator.solving.settlement import plan_data
from allocator.solving.solution import Solution, StageRecord
from allocator.tolerances import NOTHING
from allocator.what_if.questions import Change, asked
from allocator.what_if.shares_as_before import figures_as_before, with_historical_grants

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from allocator.what_if.questions import Asked

MOST_SECONDS = 60.0  # for what the rules cost: rules that are not reached in it are named as not asked


def plan_of(run: Path) -> Plan:
    """Read a plan back from its run folder: worked out again from the run's own tables, and certified again.

    What a file of it holds is taken as it stands; verify says whether it is what was written.
    Raises RunError where the folder is no whole run, InvalidInput where its tables have faults.
    """
    folder = RunFolder(run)
    solution, manifest = folder.json("solution.json"), folder.manifest
    try:
        stages = tuple(StageRecord(**stage, seconds=0.0) for stage in solution["stages"])
        found = Solution(
            folder.figures,
            folder.proofs,
            folder.prices,
            stages,
            str(solution["solver"]),
            float(manifest["times"]["seconds"]),
            str(solution["why_uncertified"]),
        )
        scenario = Scenario(
            name=str(manifest["scenario"]),
            settings=folder.settings,
            source=run / SCENARIO,
            overrides=tuple(map(str, manifest["overrides"])),
            data=run / TABLES,
            data_label=str(manifest["data"]),
            table_files={},
            grants_file=None,
            sha256=str(manifest["settings_sha256"]),
            places={},
        )
    except (KeyError, TypeError, ValueError) as error:
        fix = "Restore the file, or solve again."
        raise RunError(str(run), "found a run that is not whole", "the files that were written", fix) from error
    worked = judge(folder.data, folder.settings, folder.figures, folder.given)
    return Plan(scenario, folder.data, found, worked, certified_stages(found), None, folder.given)


def facts_of(plan: Plan, done: Callable[[int, int], None] | None = None, *, costs: bool = True) -> Facts:
    """The facts of a plan, with what its run does not hold.

    That is what shares as before would bring and, where costs says so, what a step more would bring and what rules
    cost. The scenario is solved once more and asked from there, which only HiGHS can: with another solver there are
    neither prices nor costs. done: called with how many of how many rules have been asked.
    Raises NoPlan and SolverError where the scenario cannot be solved again.
    """
    data, settings = plan.data, plan.scenario.settings
    _, planned = plan_data(data, settings, plan.given)
    found = None
    if costs and settings.solver.name == Session.solver:
        solved = asked(data, settings, planned, plan.given)
        found = _costs(plan, solved, done)
        if plan.reasons is None:
            plan = replace(plan, reasons=reasons_of(data, settings, planned, plan.recomputed, plan.given))
    if plan.as_before is None:
        figures = figures_as_before(data, settings, planned)  # last, since it leaves the programmes changed
        if figures is not None:
            plan = replace(plan, as_before=judge(data, with_historical_grants(settings), figures))
    return Facts(plan, found)


def _costs(plan: Plan, solved: Asked, done: Callable[[int, int], None] | None) -> RuleCosts:
    """What each rule costs that leaves no room somewhere: one that leaves room everywhere costs nothing."""
    tight = {row.rule for row in plan.recomputed.rows if row.slack <= NOTHING * max(1.0, abs(row.right))}
    rules = [rule for rule in with_rows(plan.data, plan.scenario.settings) if rule in tight]
    rules += several_of(rules)
    until, costs = time.monotonic() + MOST_SECONDS, []
    for n, rule in enumerate(rules, start=1):
        if time.monotonic() > until:
            break
        costs.append(RuleCost(rule, side_of(solved, solved.reached(Change(off=rule)))))
        if done is not None:
            done(n, len(rules))
    return RuleCosts(plan.scenario.settings.goal.measure, tuple(costs))
