"""What evidence is worth, against one library solve, in one process: every intervention known alone, and all drawn.

Times on a processor, so that what else the machine does counts little. Each is measured once:

    python benchmarks/value_of_evidence.py [SCENARIO] [--draws 200]
"""

import argparse
import time

from allocator import api
from allocator.analyses.evidence.evidence import direction, value_of_evidence
from allocator.analyses.evidence.revalued import Revalued
from allocator.solving.settlement import solve_data


def timed(work) -> float:
    """Seconds on a processor."""
    before = time.process_time()
    work()
    return time.process_time() - before


def each_alone(data, settings) -> int:
    """Every uncertain intervention's effects known (EVPPI); gives how many solves that took."""
    asked = Revalued(data, settings)
    return sum(
        asked.along(direction(asked, i)).best.solves
        for i in range(len(data.interventions))
        if asked.errors[asked.pairs[:, 0] == i].any()
    )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description="The value of evidence against one library solve.")
    options.add_argument("scenario", nargs="?", default="settlement")
    options.add_argument("--draws", type=int, default=200)
    asked = options.parse_args()
    read, data = api.open_scenario(asked.scenario)
    solve_data(data, read.settings)  # once for nothing: modules are warm from here on
    one = min(timed(lambda: solve_data(data, read.settings)) for _ in range(3))
    solves: list[int] = []
    alone = timed(lambda: solves.append(each_alone(data, read.settings)))
    whole = timed(lambda: value_of_evidence(data, read.settings, draws=asked.draws))
    print(f"one library solve                {one:7.2f} s")
    print(f"each alone, {solves[0]:4} solves         {alone:7.2f} s  {alone / one:6.1f} times")
    print(f"{asked.draws:4} draws of all               {whole - alone:7.2f} s  {(whole - alone) / one:6.1f} times")


if __name__ == "__main__":
    main()
