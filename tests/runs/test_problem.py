from __future__ import annotations

from dataclasses import fields

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.errors import RunError
from allocator.runs.problem import read_mps

INF = float("inf")
GOOD = b"""NAME
OBJSENSE
  MAX
ROWS
 N  Obj
 L  r0
 N  r1
 E  r2
 G  r3
COLUMNS
    c0        Obj       0.1
    c0        r0        1
    c0        r3        -2.5
    c1        Obj       0
    c2        r0        3
    c2        r1        1e-05
    c2        r2        4
RHS
    RHS_V     Obj       -7
    RHS_V     r0        10
    RHS_V     r2        0.25
RANGES
    RANGE     r0        4
    RANGE     r3        2
BOUNDS
 UP BOUND     c0        8
 FR BOUND     c1
 MI BOUND     c2
 UP BOUND     c2        3
ENDATA
"""


def test_every_section_is_read_as_the_format_says():
    lp = read_mps(GOOD)
    assert lp.maximise
    assert lp.cost.tolist() == [0.1, 0, 0]
    assert lp.lower.tolist() == [0, -INF, -INF]
    assert lp.upper.tolist() == [8, INF, 3]
    assert lp.row_lower.tolist() == [6, -INF, 0.25, 0]
    assert lp.row_upper.tolist() == [10, INF, 0.25, 2]
    assert lp.starts.tolist() == [0, 2, 3, 4, 5]
    assert lp.index.tolist() == [0, 2, 2, 2, 0]
    assert lp.value.tolist() == [1, 3, 1e-05, 4, -2.5]


def written(lp: highspy.Highs, folder) -> bytes:
    file = folder / "written.mps"
    lp.writeModel(str(file))
    return file.read_bytes()


def silent() -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    return solver


def drawn(seed: int) -> highspy.Highs:
    """A problem with every kind of row and bound, full mantissas, empty rows and columns."""
    rng = np.random.default_rng(seed)
    columns, rows = 40, 30

    def number() -> float:
        return float(rng.normal() * 10.0 ** rng.integers(-8, 7))

    solver = silent()
    for j in range(columns):
        low, high = sorted((number(), number()))
        box = [(0, abs(high)), (low, high), (-highspy.kHighsInf, high), (low, highspy.kHighsInf), (low, low)]
        box += [(-highspy.kHighsInf, highspy.kHighsInf), (0, highspy.kHighsInf), (0, 0)]
        solver.addVar(*box[j % len(box)])
        if j % 3:
            solver.changeColCost(j, number())
    for i in range(rows):
        used = rng.choice(columns - 2, size=int(rng.integers(0, 8)), replace=False).astype(np.int32)
        low, high = sorted((number(), number()))
        side = [(-highspy.kHighsInf, high), (low, highspy.kHighsInf), (low, low), (low, high)]
        side += [(-highspy.kHighsInf, highspy.kHighsInf)]
        solver.addRow(*side[i % len(side)], len(used), used, np.array([number() for _ in used]))
    if seed % 2:
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    solver.changeObjectiveOffset(12.5)
    return solver


def by_rows(lp) -> list[dict[int, float]]:
    matrix = lp.a_matrix_
    starts, index, value = list(matrix.start_), list(matrix.index_), list(matrix.value_)
    rows: list[dict[int, float]] = [{} for _ in range(lp.num_row_)]
    for outer in range(len(starts) - 1):
        for k in range(starts[outer], starts[outer + 1]):
            i, j = (outer, index[k]) if matrix.format_ == highspy.MatrixFormat.kRowwise else (index[k], outer)
            rows[i][j] = value[k]
    return rows


@pytest.mark.parametrize("seed", range(8))
def test_what_the_solver_writes_is_read_to_the_last_bit(tmp_path, seed, capfd):
    solver = drawn(seed)
    lp, found = solver.getLp(), read_mps(written(solver, tmp_path))
    assert found.maximise == (lp.sense_ == highspy.ObjSense.kMaximize)
    assert found.cost.tolist() == list(lp.col_cost_)
    assert found.lower.tolist() == list(lp.col_lower_)
    assert found.upper.tolist() == list(lp.col_upper_)
    assert found.row_upper.tolist() == list(lp.row_upper_)
    for i, (read, held, high) in enumerate(zip(found.row_lower, lp.row_lower_, lp.row_upper_, strict=True)):
        if i % 5 == 3:  # two sides: the file holds the upper one and the width, so the lower one is rounded
            assert read == pytest.approx(held, rel=1e-15, abs=1e-15 * abs(high))
        else:
            assert read == held
    rows = [
        dict(zip(found.index[a:b].tolist(), found.value[a:b].tolist(), strict=True))
        for a, b in zip(found.starts[:-1], found.starts[1:], strict=True)
    ]
    assert rows == by_rows(lp)


HOSTILE = {
    "nothing": b"",
    "bytes": b"\xff\xfe\x00",
    "no end": GOOD.replace(b"ENDATA\n", b""),
    "no objective": GOOD.replace(b" N  Obj\n", b""),
    "no rows": b"NAME\nCOLUMNS\n    c0        Obj       1\nENDATA\n",
    "an unknown section": GOOD.replace(b"RANGES", b"SOS"),
    "sections in another order": GOOD.replace(b"BOUNDS", b"ROWS"),
    "an integer marker": GOOD.replace(b"    c1        Obj       0\n", b"    MARKER 'MARKER' 'INTORG'\n"),
    "an unknown row": GOOD.replace(b"    c2        r2        4", b"    c2        r9        4"),
    "an unknown column": GOOD.replace(b" FR BOUND     c1", b" FR BOUND     c9"),
    "an unknown bound": GOOD.replace(b" FR BOUND", b" BV BOUND"),
    "a row twice": GOOD.replace(b" G  r3", b" G  r0"),
    "a coefficient twice": GOOD.replace(b"    c2        r2        4", b"    c2        r0        4"),
    "a column in two places": GOOD.replace(b"    c2        r2        4", b"    c0        r2        4"),
    "a side twice": GOOD.replace(b"    RHS_V     r2        0.25", b"    RHS_V     r0        0.25"),
    "a range of a free row": GOOD.replace(b"    RANGE     r3", b"    RANGE     r1"),
    "not a number": GOOD.replace(b"0.25", b"nan"),
    "infinity": GOOD.replace(b"0.25", b"1e999"),
    "a number that is none": GOOD.replace(b"0.25", b"1_0"),
    "a very long number": GOOD.replace(b"0.25", b"1" * 5_000),
    "half a pair": GOOD.replace(b"    c0        r0        1", b"    c0        r0"),
    "another sense": GOOD.replace(b"  MAX", b"  BEST"),
    "text before any section": b" x y\n" + GOOD,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_the_solver_would_not_write_is_refused(text):
    with pytest.raises(RunError) as refused:
        read_mps(text, "problem.mps.gz")
    assert refused.value.place.startswith("problem.mps.gz")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=6), st.integers(0, 40))
def test_no_change_of_bytes_brings_anything_but_a_problem_or_a_refusal(at, put, cut):
    try:
        lp = read_mps(GOOD[:at] + put + GOOD[at + cut :])
    except RunError:
        return
    assert lp.starts[-1] == len(lp.index) == len(lp.value)
    assert all(np.isfinite(lp.value))
    assert all(len(getattr(lp, f.name)) == len(lp.cost) for f in fields(lp) if f.name in ("lower", "upper"))
