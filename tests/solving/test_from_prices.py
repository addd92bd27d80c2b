"""A start found by prices is next to the optimum that the simplex finds alone, and decides nothing."""

import csv
from pathlib import Path

import numpy as np
import pytest

from allocator import api
from allocator.errors import NoPlan
from allocator.programme.formulate import formulate
from allocator.solving.from_prices import SHARED, about, first_basis, separate
from allocator.solving.session import Session
from allocator.solving.solution import LinearProblem

DRAWN = Path(__file__).parents[1] / "drawn"
FEW = {"least": 2, "sample": 12}  # so that the 47 are enough
NOT_ENDED = 1e-6  # seconds, in which nothing is solved


def of_terms(rows, columns):
    """A problem in which each row counts 1 of some columns."""
    lengths = [len(row) for row in rows]
    return LinearProblem(
        maximise=False,
        cost=np.arange(columns, dtype=float),
        lower=np.zeros(columns),
        upper=np.full(columns, 9.0),
        row_lower=-np.arange(len(rows), dtype=float),
        row_upper=np.full(len(rows), 5.0),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        index=np.concatenate([np.array(row) for row in rows]),
        value=np.ones(sum(lengths)),
    )


def test_what_counts_columns_of_two_partnerships_or_of_nobody_is_shared():
    #                           about 0    about 1  about 1    nobody     about 0: column 4 is in nobody's own rows
    problem = of_terms([[0, 1], [2], [2, 3], [0, 2, 4], [1, 4]], 5)
    parts = separate(problem, np.array([0, 1, 1, SHARED, 0]))
    assert parts.count == 2
    assert parts.of_column.tolist() == [0, 0, 1, 1, 0]
    assert parts.of_row.tolist() == [0, 1, 1, SHARED, 0]
    between = separate(of_terms([[0, 1], [2], [1, 2]], 3), np.array([0, 1, 1]))
    assert between.of_column.tolist() == [0, SHARED, 1]
    assert between.of_row.tolist() == [SHARED, 1, SHARED]


def test_a_restricted_problem_has_its_rows_and_columns_in_the_order_asked():
    part = of_terms([[0, 1], [2], [2, 3], [0, 2, 4]], 5).part(np.array([3, 2]), np.array([2, 4]))
    assert part.cost.tolist() == [2.0, 4.0]
    assert part.row_lower.tolist() == [-3.0, -2.0]
    assert part.starts.tolist() == [0, 2, 3]
    assert part.index.tolist() == [0, 1, 0]


def prepared(scenario, *overrides):
    """A session of a shipped scenario, and the partnership that each row is about."""
    read, data = api.open_scenario(scenario, overrides)
    programme = formulate(data, read.settings)
    of_row = [data.partnerships.index(at.partnership) if at.partnership else SHARED for _, at in programme.rows]
    assert about(programme.rows, data.partnerships).tolist() == of_row
    return Session(programme), np.array(of_row)


@pytest.mark.parametrize("scenario", ["settlement", "equal_share", "planned_growth", "least_cost", "england"])
def test_from_it_a_few_steps_lead_to_the_optimum_found_without_it(scenario):
    cold, of_row = prepared(scenario, "rules.soft=[]", 'rules.off=["target"]')
    alone = cold.solve()
    session, _ = prepared(scenario, "rules.soft=[]", 'rules.off=["target"]')
    start = first_basis(session.problem, of_row, seconds=60.0, **FEW)
    session.start_at(start.columns, start.rows)
    found = session.solve()
    assert found.outcome == "optimal"
    assert found.objective == pytest.approx(alone.objective, rel=1e-9)
    assert found.iterations < alone.iterations / 4


def test_none_is_sought_where_it_brings_nothing():
    session, of_row = prepared("settlement")
    assert first_basis(session.problem, of_row, seconds=60.0) is None  # too few partnerships
    assert first_basis(session.problem, of_row, seconds=NOT_ENDED, **FEW) is None  # no part ends in time
    everywhere = np.full(len(of_row), SHARED)
    everywhere[:2] = [0, 46]
    assert first_basis(session.problem, everywhere, seconds=60.0, **FEW) is None  # nothing is anybody's own


@pytest.fixture
def from_prices(monkeypatch):
    """Every goal begins from prices, however few the partnerships; what was found, None where nothing was."""
    starts = []

    def sought(*problem, seconds):
        starts.append(first_basis(*problem, seconds=seconds, least=2, sample=1))
        return starts[-1]

    monkeypatch.setattr("allocator.solving.stages.first_basis", sought)
    return starts


def test_the_reference_plan_is_the_same_from_it(from_prices):
    plan = api.solve("settlement")
    assert from_prices[0] is not None
    assert plan.certified
    assert plan.recomputed.goal == pytest.approx(87_360.52, rel=2e-6)


with (DRAWN / "expected.csv").open(encoding="utf-8") as file:
    EXPECTED = list(csv.DictReader(file))


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["case"])
def test_a_drawn_case_reaches_what_is_expected_from_it(row, from_prices):
    if row["status"] == "infeasible":
        with pytest.raises(NoPlan):
            api.solve(DRAWN / row["case"] / "scenario.toml")
        return
    plan = api.solve(DRAWN / row["case"] / "scenario.toml")
    assert plan.certified
    assert plan.recomputed.goal == pytest.approx(
        float(row["goal"]), rel=2e-6 if row["certainty"] == "settlement" else 5e-3
    )
