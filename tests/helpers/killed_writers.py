"""Writes runs in processes that are killed meanwhile: `python -m tests.helpers.killed_writers FOLDER ROUNDS SEED`.

Each round has a folder of its own. In an even round every run is new (run-0, run-1 …), in an odd one each replaces
the one before (run). What is then found is for the test to judge.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from allocator.runs.write import write_run
from tests.runs.conftest import solved


def write_for_ever(plan, folder, *, force):
    number = 0
    while True:
        write_run(plan, folder / ("run" if force else f"run-{number}"), force=force)
        number += 1


def main(folder, rounds, seed):
    (folder / "inputs").mkdir()
    plan = solved(folder / "inputs")
    began = time.perf_counter()
    write_run(plan, folder / "inputs" / "run")
    takes = time.perf_counter() - began
    draw = random.Random(seed)
    for number in range(rounds):
        place = folder / f"round-{number}"
        place.mkdir()
        if number % 2:
            write_run(plan, place / "run")
        child = os.fork()
        if not child:
            write_for_ever(plan, place, force=bool(number % 2))
        time.sleep(draw.uniform(0, 3 * takes))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
