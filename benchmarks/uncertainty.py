"""What it takes to ask how sure a plan is, against one `allocator.solve`, all in one run.

Sensitivity of every kind of input, the value of knowing each intervention's effects alone (EVPPI), and of knowing all
effects, by draws (EVPI). The bars are 60, 20 and 100 times one solve, on two cores:

    python benchmarks/uncertainty.py [SCENARIO] [--draws 200] [--jobs 2]

Two figures of each: seconds on the clock, which other work on the machine draws out, and seconds on processors of all
processes together, begun ones with all that they import included. Where nothing else runs, processes that share the
work evenly take a jobs-th of the second.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable

import allocator
from allocator import api
from allocator.analyses.evidence.evidence import value_of_evidence

SOLVES = 5  # of which the median counts


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and on processors, of this process and those that it begins."""
    clock, before = time.perf_counter(), _busy()
    work()
    clock = time.perf_counter() - clock
    for process in multiprocessing.active_children():
        process.join()  # what a process takes counts when it has ended
    return clock, _busy() - before


def _busy() -> float:
    of = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in of)


def measured(scenario: str, draws: int, jobs: int) -> dict[str, tuple[float, float]]:
    """Measure each, with solves before and after, so that a busy machine falls on all."""
    read, data = api.open_scenario(scenario)
    allocator.solve(scenario)  # once for nothing: modules are warm from here on
    solves = [taken(lambda: allocator.solve(scenario)) for _ in range(SOLVES // 2)]
    alone = taken(lambda: value_of_evidence(data, read.settings, draws=0, jobs=jobs))
    whole = taken(lambda: value_of_evidence(data, read.settings, draws=draws, jobs=jobs))
    sensitivity = taken(lambda: allocator.sensitivity(scenario, jobs=jobs))
    solves += [taken(lambda: allocator.solve(scenario)) for _ in range(SOLVES - len(solves))]
    return {
        "one allocator.solve": tuple(sorted(column)[len(solves) // 2] for column in zip(*solves, strict=True)),
        "every effect known alone": alone,
        f"all known, {draws} draws": tuple(both - one for both, one in zip(whole, alone, strict=True)),
        "sensitivity": sensitivity,
    }


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description="What is asked of uncertain inputs, against one solve.")
    options.add_argument("scenario", nargs="?", default="settlement")
    options.add_argument("--draws", type=int, default=200)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    found = measured(asked.scenario, asked.draws, asked.jobs)
    clock, busy = next(iter(found.values()))
    print(
        f"{asked.scenario}, {asked.jobs} processes {'clock':>14}{'times':>8}{'processors':>14}{'times':>8}{'shared':>8}"
    )
    for name, (seconds, on_processors) in found.items():
        times = on_processors / busy
        shared = times if name == "one allocator.solve" else times / asked.jobs
        print(f"{name:30} {seconds:8.2f} s{seconds / clock:8.1f}{on_processors:12.2f} s{times:8.1f}{shared:8.1f}")


if __name__ == "__main__":
    main()
