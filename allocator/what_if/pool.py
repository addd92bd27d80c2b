"""Many cases over the cores of this machine, or over a Dask cluster: the same results in the same order.

A worker that is lost costs its cases again and nothing else. What the cases share goes to each worker once.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import sys
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, resource_tracker
from typing import Any

from allocator.cores import cores
from allocator.errors import SolverError, UsageError

MOST_LOSSES = 3  # times in a row that workers may be lost without a case finished
CONNECTING = 10.0  # seconds that a scheduler may take to answer

Work = Callable[[Any, Any], Any]


def run_cases[Case, Result](
    work: Callable[[Any, Case], Result],
    shared: Any,
    cases: Sequence[Case],
    *,
    jobs: int | None = 1,
    scheduler: str | None = None,
    done: Callable[[int, int], None] | None = None,
    each: Callable[[int, Result], None] | None = None,
) -> tuple[Result, ...]:
    """Do work(shared, case) for every case, and give the results in the order of the cases.

    work: a function of a module. shared, cases and results have to be picklable where they go to other processes.
    jobs: processes on this machine, None for one a core; 1 stays in this one. A script that asks for more needs the
    usual `if __name__ == "__main__":`, since each process reads it. scheduler: the address of a running Dask
    scheduler, whose workers have this program; jobs then says nothing. done: called with how many of how many have
    ended. each: called here with number and result of each case as it ends, in any order.
    Raises what work raises, UsageError where no scheduler answers, SolverError where workers are lost again and again.
    """
    jobs = cores() if jobs is None else jobs
    if not isinstance(jobs, int) or jobs < 1:
        raise UsageError("jobs", f"found {jobs}", "a whole number, at least 1")
    results: dict[int, Any] = {}
    if scheduler is not None:
        ended = _on_cluster(work, shared, cases, scheduler)
    elif jobs == 1 or len(cases) < 2:
        ended = ((number, work(shared, case)) for number, case in enumerate(cases))
    else:
        ended = _on_cores(work, shared, cases, min(jobs, len(cases)))
    with contextlib.closing(ended):
        for number, result in ended:
            results[number] = result
            if each is not None:
                each(number, result)
            if done is not None:
                done(len(results), len(cases))
    return tuple(results[number] for number in range(len(cases)))


# --- this machine ----------------------------------------------------------------------------------------------------

_shared: Any = None  # of a worker process: what all its cases share


def _begin(packed: bytes) -> None:
    """Begin a worker process: take what all cases share; Ctrl-C is for the process that began it (see _starting)."""
    global _shared  # noqa: PLW0603 - what the pool's initializer leaves for its cases has no other place
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _shared = unpacked(packed)


def _work_here(work: Work, case: Any) -> Any:
    return work(_shared, case)


def packed(shared: Any) -> bytes:
    """Give what all cases share, as it goes to a worker."""
    return zlib.compress(pickle.dumps(shared), 1)


def unpacked(content: bytes) -> Any:
    """Give what packed() packed; only ever what this program packed itself."""
    return pickle.loads(zlib.decompress(content))  # noqa: S301 - packed by this program for its own worker


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    """Keep processes begun within from hearing Ctrl-C, and from importing from the working folder, from their first
    moment on.

    A terminal sends Ctrl-C to all of them, and each would have something to say; whoever began them ends them.
    """
    with _away_from_the_working_folder():
        if not hasattr(signal, "pthread_sigmask"):  # Windows: until _begin they hear it
            yield
            return
        _begin_tracker()  # which would lift the mask if it were begun along with the first process
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_tracker() -> None:
    """Begin the process that clears up after all others, silent: what is left when the user stops is cleared away."""
    before = os.environ.get(_WARNINGS)
    os.environ[_WARNINGS] = "ignore"
    try:
        resource_tracker.ensure_running()
    finally:
        if before is None:
            del os.environ[_WARNINGS]
        else:
            os.environ[_WARNINGS] = before


_WARNINGS = "PYTHONWARNINGS"
_SAFE = "PYTHONSAFEPATH"  # which keeps Python from putting the working folder first among the places of modules


@contextlib.contextmanager
def _away_from_the_working_folder() -> Iterator[None]:
    """Keep processes begun within from taking modules out of the working folder: a planner's files may come from
    anybody.
    """
    before, places = os.environ.get(_SAFE), list(sys.path)
    os.environ[_SAFE] = "1"
    sys.path[:] = [place for place in places if place]  # "" is the working folder; a process is told its parent's path
    try:
        yield
    finally:
        sys.path[:] = places
        if before is None:
            del os.environ[_SAFE]
        else:
            os.environ[_SAFE] = before


def _on_cores(work: Work, shared: Any, cases: Sequence[Any], jobs: int) -> Generator[tuple[int, Any]]:
    """Give number and result of each case as it ends; a pool that lost a worker is begun anew with the cases left."""
    content = packed(shared)
    waiting = dict(enumerate(cases))
    losses = 0
    while waiting:
        # Not forked: the solver's and numpy's threads do not survive a fork.
        with _away_from_the_working_folder():  # the process that keeps track of what processes share begins here
            pool = ProcessPoolExecutor(min(jobs, len(waiting)), get_context("spawn"), _begin, (content,))
        others = set(active_children())
        lost = False
        losses += 1
        try:
            with _starting():
                numbers = {pool.submit(_work_here, work, case): number for number, case in waiting.items()}
            for future in as_completed(numbers):
                try:
                    result = future.result()
                except BrokenProcessPool:
                    lost = True  # others may have ended before it
                    continue
                losses = 0
                del waiting[numbers[future]]
                yield numbers[future], result
        except BaseException:  # a case's error, Ctrl-C, or nobody who wants the rest
            for process in set(active_children()) - others:
                process.terminate()
            raise
        finally:
            # Waited for: one still ending when Python itself ends may be woken over a pipe that it has just closed.
            pool.shutdown(wait=True, cancel_futures=True)
        if lost and losses >= MOST_LOSSES:
            raise _lost()


def _lost() -> SolverError:
    return SolverError(
        "workers",
        f"{MOST_LOSSES} were lost one after another without a case finished",
        "",
        "Look whether there is too little memory; `jobs=1` takes the least.",
    )


# --- a Dask cluster --------------------------------------------------------------------------------------------------


def _work_there(work: Work, content: bytes, case: Any) -> Any:
    """Give one case on a cluster's worker, which keeps the last shared thing that it unpacked."""
    kept = _unpacked_there.get(content)
    if kept is None:
        kept = unpacked(content)
        _unpacked_there.clear()
        _unpacked_there[content] = kept
    return work(kept, case)


_unpacked_there: dict[bytes, Any] = {}


def _on_cluster(work: Work, shared: Any, cases: Sequence[Any], scheduler: str) -> Generator[tuple[int, Any]]:
    """Give number and result of each case as a running cluster ends it; the scheduler gives lost cases to others."""
    try:
        dask: Any = importlib.import_module("distributed")
    except ImportError:
        raise UsageError(
            "scheduler", "Dask is not installed", "the extra `cluster`", "pip install 'neet-allocator[cluster]'"
        ) from None
    try:
        client = dask.Client(scheduler, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        found = f"no scheduler answers at {scheduler!r}"
        raise UsageError("scheduler", found, "the address of a running one, such as tcp://127.0.0.1:8786") from error
    with contextlib.closing(client):
        # bytes that are an argument of a task: a worker that comes late, or takes over, gets them like any other
        content = client.submit(bytes, packed(shared), pure=False)
        numbers = {
            client.submit(_work_there, work, content, case, pure=False): number for number, case in enumerate(cases)
        }
        try:
            for future in dask.as_completed(list(numbers), loop=client.loop):
                yield numbers[future], future.result()
        except dask.KilledWorker:
            raise _lost() from None
        finally:
            client.cancel(list(numbers))
