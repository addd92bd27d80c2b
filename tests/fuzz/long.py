"""The long run: `uv run python -m tests.fuzz.long --inputs 100000 [--seed 1]`.

Mutated files for every target in turn. An input that raises something of Python's own, takes longer than SECONDS,
more memory than BYTES, or leaves a file behind, ends the run; it is kept under its digest in the folder that is
named then. Status 0 where there is none.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.helpers.fuzz_targets import Targets
from tests.helpers.mutate import mutated

SECONDS = 10  # of processor time an input may take
# How many of a hundred inputs but for those of runs go to each kind of target: CSV tables are judged fastest.
SHARES = {"table": 56, "saved": 14, "scenario": 7, "override": 6, "grants": 6, "sheet": 4, "dfe": 4, "workbook": 3}
BYTES = 4_000_000_000  # of address space the whole run may take


class TooLongError(BaseException):
    """No answer in time. It is no Exception, so that nothing takes it for a file that cannot be judged."""


def too_long(_signal: int, _frame: object) -> None:
    raise TooLongError(f"no answer within {SECONDS} seconds")


def fuzz(
    folder: Path, inputs: int, seed: int, *, runs: bool = False, minutes: float = 0.0
) -> tuple[Counter[tuple[str, bool]], float]:
    """Try so many inputs; how many of each kind of target were taken and refused, and the longest that one took.

    runs: of run folders alone. minutes: how long at most; 0 for as long as it takes.

    Raises AssertionError for the first finding, with the file that holds it.
    """
    targets, draw = Targets(folder / "files"), random.Random(seed)
    names = sorted(targets.calls)
    doors = {kind: [name for name in names if name.split()[0] == kind] for kind in SHARES}
    of_run = [name for name in names if name.startswith("run ")]
    input_tables = [name for name in of_run if "/tables/" in name]
    run_files = sorted(set(of_run) - set(input_tables))
    seen: Counter[tuple[str, bool]] = Counter()
    longest = 0.0
    signal.signal(signal.SIGPROF, too_long)  # of processor time: others may be at work as well
    ends = time.monotonic() + 60 * minutes
    for number in range(inputs):
        if minutes and time.monotonic() > ends:
            break
        # one input in ten is a run's; of those few are more than another file, or a table that has to be read anew
        of_runs = runs or number % 10 == 0
        if of_runs:
            name = draw.choice(draw.choices((["run"], input_tables, run_files), (4, 10, 86))[0])
        else:
            name = draw.choice(doors[draw.choices(list(SHARES), list(SHARES.values()))[0]])
        data = mutated(targets.calls[name][1], draw)
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            taken = targets.call(name, data)
            assert number % 1000 or not targets.intruders(), targets.intruders()
        except BaseException as error:
            kept = folder / hashlib.sha256(data).hexdigest()[:16]
            kept.write_bytes(data)
            raise AssertionError(f"input {number} of {name}, kept as {kept}: {error!r}") from error
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        longest = max(longest, time.process_time() - began)
        seen[name.split()[0], taken] += 1
        if number % 10_000 == 9_999:
            print(f"{number + 1:,} inputs", file=sys.stderr, flush=True)
    assert not targets.intruders(), targets.intruders()
    for why, count in targets.run.not_judged.most_common():
        print(f"{count:,} runs: {why}", file=sys.stderr)
    return seen, longest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", action="store_true", help="files of run folders alone, with their manifest made anew")
    parser.add_argument("--minutes", type=float, default=0.0, help="how long at most")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, resource.RLIM_INFINITY))
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    began = time.perf_counter()
    seen, longest = fuzz(folder, chosen.inputs, chosen.seed, runs=chosen.runs, minutes=chosen.minutes)
    print(
        f"{sum(seen.values()):,} inputs, seed {chosen.seed}, {time.perf_counter() - began:,.0f} s, "
        f"longest {longest:.2f} s"
    )
    for kind in sorted({kind for kind, _ in seen}):
        print(f"  {kind:<10} {seen[kind, True]:>8,} taken {seen[kind, False]:>8,} refused")


if __name__ == "__main__":
    main()
