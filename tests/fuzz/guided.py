"""Coverage-guided fuzzing: `uv run --group fuzz python -m tests.fuzz.guided --seconds 25`.

Each target gets its share of the time; which bytes are tried next depends on the code that the last ones reached.
Status 1, with the input, for whatever is no answer of the program's own. Where atheris is not installed it says so
and ends with status 3: tests.fuzz.long and the Hypothesis tests then stand alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

NO_FUZZER = 3
TARGETS = ("scenario", "override", "grants", "table young_people", "table effects", "table targets", "workbook")
LONGEST = {"workbook": 20_000}  # bytes of an input; 4,000 for the others
FILES = ("allocator.tables", "allocator.scenario", "allocator.errors")  # whose code guides the search


def guide(target: str, seconds: int, folder: Path) -> None:
    """Fuzz one target in this process, which libFuzzer then ends."""
    import atheris

    with atheris.instrument_imports(include=list(FILES)):
        from tests.helpers.fuzz_targets import Targets

        targets = Targets(folder / "files")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "seed").write_bytes(targets.calls[target][1])
    words = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=3000", "-print_final_stats=1"]
    words += [f"-max_len={LONGEST.get(target, 4_000)}", f"-artifact_prefix={folder}/", "-len_control=0", "-seed=1"]
    words.append(str(corpus))

    def once(data: bytes) -> None:
        targets.call(target, data)

    atheris.Setup([sys.argv[0], *words], once)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=25, help="for all targets together")
    parser.add_argument("--target", choices=TARGETS, help="fuzz this one, in this process")
    chosen = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: no coverage-guided fuzzing")
        return NO_FUZZER
    if chosen.target:
        guide(chosen.target, chosen.seconds, Path(tempfile.mkdtemp(prefix="guided-")))
    for target in TARGETS:
        share = max(1, chosen.seconds // len(TARGETS))
        words = [sys.executable, "-m", "tests.fuzz.guided", "--seconds", str(share), "--target", target]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=share + 120)
        if done.returncode:
            print(f"{target}: FAILED\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
            return 1
        tried = re.search(r"number_of_executed_units: *(\d+)", done.stderr)
        print(f"{target}: {tried[1] if tried else 'unknown number of'} inputs in {share} s, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
