"""How firm every partnership's grant is, over the cores of the machine."""

from __future__ import annotations

from collections.abc import Callable

from allocator.analyses.explain.firmness import RANGE, Firmness, firmness
from allocator.results import Result, doc
from allocator.scenario.settings import Settings
from allocator.solving.settlement import plan_data
from allocator.tables.dataset import DataSet, Floats
from allocator.what_if.pool import run_cases
from allocator.what_if.probe import Probe


class Ranges(Result):
    """The range of every grant in good plans, in the order of the partnerships; names: of each partnership."""

    rows: tuple[Firmness, ...] = doc(RANGE, name="firmness")
    names: dict[str, str]


def firmness_of_all(
    d: DataSet,
    s: Settings,
    given: Floats | None = None,
    *,
    jobs: int | None = 1,
    done: Callable[[int, int], None] | None = None,
) -> Ranges:
    """Solve the ranges of every partnership.

    jobs: processes, None for one a core. done: called with how many of how many have ended.
    """
    found = run_cases(_of_one, (d, s, given), range(len(d.partnerships)), jobs=jobs, done=done)
    rows = tuple(row for rows in found for row in rows)
    return Ranges(rows, dict(zip(d.partnerships, d.partnership_names, strict=True)))


_solved: tuple[object, list[Probe]] | None = None  # in each process: the programmes, solved once


def _of_one(shared: tuple[DataSet, Settings, Floats | None], p: int) -> tuple[Firmness, ...]:
    global _solved  # noqa: PLW0603 - solving the programme anew for every partnership would cost more than all else
    if _solved is None or _solved[0] is not shared:
        d, s, given = shared
        _solved = shared, [Probe(planned, d.partnerships[p]) for planned in plan_data(d, s, given)[1]]
    found = [firmness(probe, p, others=False) for probe in _solved[1]]
    return tuple(row for row in found if row is not None)
