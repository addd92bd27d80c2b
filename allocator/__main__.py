"""The program as a process: `allocator`, or `python -m allocator`. Ctrl-C is answered from first to last."""

import os
import sys

from allocator.cli import stop


def main() -> None:
    """Run the command that the process was given, and end the process with its exit status."""
    # The sums here are short: threads of numpy's linear algebra only take the solver's processor from it (worth of
    # more: 0.8 s instead of 1.8 s on two processors). It is read when numpy is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with stop.answered():
        with stop.ends_at_once():
            from allocator.cli.app import run
        status = run(sys.argv[1:])
    stop.end(status)


if __name__ == "__main__":
    main()
