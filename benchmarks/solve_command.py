"""The whole `allocator solve` command against a bare Python process that reads and solves the same problem file.

All are whole processes, started in turn, with bytecode that was compiled before. The command writes its run folder,
certifies the plan, compares it with the grants in force and asks what more money, posts and training would be worth;
the third process does the same but for that last question; the bare one does nothing but solve. Run it on a machine
that does nothing else:

    python benchmarks/solve_command.py [SCENARIO] [--runs 7]
"""

import argparse
import gzip
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

BARE = """
import sys
import highspy
solver = highspy.Highs()
solver.setOptionValue("output_flag", False)
solver.readModel(sys.argv[1])
solver.run()
print(solver.getInfo().objective_function_value)
"""
PLAIN = """
import sys
from pathlib import Path
from allocator.api import solve
from allocator.runs.write import write_run
write_run(solve(sys.argv[1]), Path(sys.argv[2]), force=True, command="")
"""
COMMAND = Path(sys.executable).with_name("allocator")


def seconds(words: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """How long a process takes from its start to its end, and how long of it on a processor.

    The second hangs less on what else the machine does. Raises CalledProcessError where the process fails.
    """
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, busy


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description="The solve command against a bare solve of the same problem.")
    asked.add_argument("scenario", nargs="?", default="settlement")
    asked.add_argument("--runs", type=int, default=7)
    options = asked.parse_args()
    # without it every process would compile all modules again
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as folder:
        run, problem = Path(folder) / "run", Path(folder) / "problem.mps"
        processes = {
            "bare solve": [sys.executable, "-c", BARE, str(problem)],
            "whole command": [str(COMMAND), "solve", options.scenario, "-o", str(run), "--force"],
            "without the worth of more": [sys.executable, "-c", PLAIN, options.scenario, str(run)],
        }
        seconds(processes["whole command"], environment)
        with gzip.open(run / "problem.mps.gz") as packed, problem.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        for words in processes.values():  # once for nothing: bytecode and files are warm from here on
            seconds(words, environment)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in processes}
        for _ in range(options.runs):  # in turn, so that a busy moment falls on all
            for name, words in processes.items():
                taken[name].append(seconds(words, environment))
    print(f"{options.scenario}: median of {options.runs} in seconds (least to most), and times the bare solve")
    print(f"{'':26} {'from start to end':30} on a processor")
    base = [statistics.median(column) for column in zip(*taken["bare solve"], strict=True)]
    for name, runs in taken.items():
        columns = [list(column) for column in zip(*runs, strict=True)]
        middle = [statistics.median(column) for column in columns]
        shown = [
            f"{m:6.2f} ({min(column):.2f} to {max(column):.2f}) {m / b:5.1f}"
            for m, column, b in zip(middle, columns, base, strict=True)
        ]
        print(f"{name:26} {shown[0]:30} {shown[1]}")


if __name__ == "__main__":
    main()
