"""A sweep of 21 budgets that solves on from case to case, against 21 solves of their own; and every approach.

Both sides are in this process, so that only the way of solving differs. A cold solve reads and checks the scenario
and its tables, builds the programme and solves every stage; it leaves out what certifies the plan, as the sweep does.
Cold solves and sweeps take turns, so that a busy moment falls on both. Run it on a machine that does nothing else:

    python benchmarks/sweep_warm.py [SCENARIO] [--vary KEY=A:B:N] [--rounds 3] [--approaches]
"""

import argparse
import statistics
import time

from allocator import api
from allocator.analyses.sweep.grid import Axis, parse_axis, sweep_scenario
from allocator.solving.settlement import plan_data, solve_data
from allocator.what_if.pool import cores


def cold_solves(scenario: str, axis: Axis) -> tuple[float, ...]:
    """Solve each case by itself, from its files on; gives the stages' goals, without constants."""
    goals = []
    for value in axis.values:
        read, data = api.open_scenario(scenario, [f"{axis.key}={value!r}"])
        _, (planned,) = plan_data(data, read.settings)
        goals.append(planned.best.goal)
    return tuple(goals)


def warm_sweep(scenario: str, axis: Axis) -> int:
    """The same cases as a sweep, on one process; gives how many have a plan."""
    read, data = api.open_scenario(scenario)
    return sum(row.status == "optimal" for row in sweep_scenario(read, data, [axis]).rows)


def timed(work) -> tuple[float, float]:
    """Seconds from start to end, and on a processor."""
    began, before = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - before


def report(name: str, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Print and give the medians."""
    columns = [list(column) for column in zip(*taken, strict=True)]
    middle = [statistics.median(column) for column in columns]
    spans = [f"{m:7.2f} ({min(column):.2f} to {max(column):.2f})" for m, column in zip(middle, columns, strict=True)]
    print(f"{name:28} {spans[0]:28} {spans[1]}")
    return middle[0], middle[1]


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description="A warm sweep against as many cold solves.")
    asked.add_argument("scenario", nargs="?", default="settlement")
    asked.add_argument("--vary", default="budget.scale=0.97:1.03:21")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--approaches", action="store_true", help="measure `approaches` against one library solve too")
    options = asked.parse_args()
    axis = parse_axis(options.vary)
    read, data = api.open_scenario(options.scenario)
    solve_data(data, read.settings)  # once for nothing: modules and files are warm from here on
    cold, warm = [], []
    for _ in range(options.rounds):
        cold.append(timed(lambda: cold_solves(options.scenario, axis)))
        warm.append(timed(lambda: warm_sweep(options.scenario, axis)))
    print(f"{options.scenario}, {options.vary}: median of {options.rounds} in seconds (least to most)")
    print(f"{'':28} {'from start to end':28} on a processor")
    slow, fast = report(f"{len(axis.values)} cold solves", cold), report("one warm sweep", warm)
    print(f"{'times faster':28} {slow[0] / fast[0]:7.1f} {'':20} {slow[1] / fast[1]:7.1f}")
    if options.approaches:
        one = [timed(lambda: solve_data(data, read.settings)) for _ in range(options.rounds)]
        alone = [timed(lambda: api.approaches(options.scenario)) for _ in range(options.rounds)]
        shared = [timed(lambda: api.approaches(options.scenario, jobs=cores())) for _ in range(options.rounds)]
        single = report("one library solve", one)
        in_one, on_all = report("approaches, one process", alone), report(f"approaches, {cores()} processes", shared)
        print(f"{'times one solve':28} {in_one[0] / single[0]:7.1f} and {on_all[0] / single[0]:.1f} (start to end)")


if __name__ == "__main__":
    main()
