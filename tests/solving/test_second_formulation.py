"""The program against a second formulation of the model, on data sets drawn from seeds.

The second one is itself held against the answers of a third, in tests/drawn. Where an optimum is known to few digits
only, both are known to differ: by how much is found by solving the second with its optima held a little looser.
"""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from allocator.errors import NoPlan
from allocator.runs.plan import certified_stages, judge
from allocator.scenario.load import read_scenario
from allocator.solving.settlement import solve_data
from allocator.tables import read_data
from tests.helpers.drawn_data import draw, write
from tests.helpers.second_formulation import HOLD, NoPlanError, Second, StuckError

DRAWN = Path(__file__).parents[1] / "drawn"
# 151 is year on year with a first year in which nothing counts: the formulations go on from two of its equal plans.
FEW, MANY = range(24), [seed for seed in range(24, 174) if seed != 151]
# Relative to the larger of what the second formulation has and a least amount. In all its rounds `fairest` holds shares
# to a ten-thousandth, and year on year small differences travel.
TOLERANCE = {"soft": (1e-5, 1.0), "goal": (2e-6, 1e-3), "then": (2e-4, 1e-2)} | {
    "redundancies": (2e-4, 1.0),
    "change": (2e-4, 1.0),
}
ALL_ROUNDS, YEAR_ON_YEAR = 1e-2, 5e-3
UNSTEADY = 20  # times as much as the second formulation's own answer moves


@dataclass(frozen=True)
class Compared:
    """What one formulation makes of a case: None where it finds no plan."""

    values: dict[str, float] | None
    whole: bool = True  # every rule is kept, every stage certified and ended well


def by_the_program(folder, tables, scenario) -> Compared:
    read = read_scenario(write(folder, tables, scenario))
    data, s = read_data(read.data), read.settings
    try:
        solution, _ = solve_data(data, s)
    except NoPlan:
        return Compared(None)
    worked = judge(data, s, solution.figures)
    weights = np.array([s.goal.weights.get(p, 1.0) for p in data.partnerships])
    discount = (1 + s.goal.discount_rate) ** -np.arange(worked.lasting.shape[1])
    values = {
        "soft": sum(one.shortfall / one.required for one in worked.shortfalls if one.required > 0),
        "goal": worked.goal,
        "then": float(weights @ worked.lasting @ discount),
        "redundancies": float(solution.figures.redundancies.sum()),
        "first_year": float(worked.reduction[:, 0].sum()),
    }
    for stage in solution.stages:
        if stage.stage == "grants":
            values["change"] = stage.value
    ended = {stage.outcome for stage in solution.stages} <= {"optimal", "not needed"}
    certified = all(one.certified for one in certified_stages(solution))
    return Compared(values, worked.kept and ended and certified)


def by_the_second(tables, scenario, hold=HOLD) -> Compared:
    try:
        reached = Second(tables, scenario, hold).answer()
    except NoPlanError:
        return Compared(None)
    names = ("soft", "goal", "then", "redundancies", "change", "first_year")
    return Compared({name: float(getattr(reached, name)) for name in names})


def apart(scenario, found, expected) -> dict[str, float]:
    """By how many times its tolerance each number differs from what is expected."""
    tolerance = dict(TOLERANCE)
    if scenario.get("certainty", {}).get("kind") == "year_on_year":
        tolerance = {"goal": (YEAR_ON_YEAR, 1e-3), "first_year": (YEAR_ON_YEAR, 1e-2)}
    elif scenario["goal"].get("rounds") == "all":
        tolerance = {name: (max(ALL_ROUNDS, share), least) for name, (share, least) in tolerance.items()}
    if scenario["goal"]["measure"] in ("cumulative", "benefit"):
        tolerance.pop("then", None)  # no stage of theirs
    return {
        name: abs(found[name] - expected[name]) / (share * max(abs(expected[name]), least))
        for name, (share, least) in tolerance.items()
        if name in found
    }


def agree(folder, seed):
    tables, scenario = draw(seed)
    ours = by_the_program(folder, tables, scenario)
    try:
        second = by_the_second(tables, scenario)
    except StuckError:
        pytest.skip("the second formulation has no answer")
    assert (ours.values is None) == (second.values is None)
    if ours.values is None or second.values is None:
        return
    assert ours.whole
    differs = {name: times for name, times in apart(scenario, ours.values, second.values).items() if times > 1}
    if differs:
        looser = [by_the_second(tables, scenario, HOLD * share).values for share in (0.9, 1.1)]
        own = [apart(scenario, values, second.values) for values in looser if values is not None]
        differs = {name: times for name, times in differs.items() if times > UNSTEADY * max(o[name] for o in own)}
    assert not differs, (scenario, ours.values, second.values)


@pytest.mark.parametrize("case", ["case_09", "case_13", "case_24", "case_33", "case_36"])
def test_the_second_formulation_has_the_answers_of_a_third(case):
    folder = DRAWN / case
    tables = {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in sorted((folder / "tables").glob("*.csv"))
    }
    scenario = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
    found = Second(tables, scenario).answer()
    with (DRAWN / "expected.csv").open(encoding="utf-8") as file:
        (row,) = [row for row in csv.DictReader(file) if row["case"] == case]
    for column, value, least in (
        ("goal", found.goal, 0.0),
        ("shortfall", found.soft, 1.0),
        ("then", found.then, 0.0),
        ("redundancies", found.redundancies, 1.0),
        ("change", found.change, 1.0),
        ("first_year_reduction", found.first_year, 0.0),
    ):
        if row[column]:
            expected = float(row[column])
            assert value == pytest.approx(expected, abs=2e-6 * max(abs(expected), least)), column


@pytest.mark.parametrize("seed", FEW)
def test_both_formulations_agree(tmp_path, seed):
    agree(tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", MANY)
def test_both_formulations_agree_on_many_more(tmp_path, seed):
    agree(tmp_path, seed)


def test_what_is_drawn_has_all_that_the_model_has():
    drawn = [draw(seed) for seed in MANY]
    limits = {row["of"] for tables, _ in drawn for row in tables.get("limits", ())}
    assert len(limits) == 11
    assert {scenario["goal"]["measure"] for _, scenario in drawn} == {
        "cumulative", "final_year", "benefit", "least_cost", "fairest"
    }  # fmt: skip
    assert any(row["baseline_grant"] == 0 for tables, _ in drawn for row in tables["partnerships"])
    for section, key in (
        ("goal", "give_up"),
        ("goal", "rounds"),
        ("goal", "weights"),
        ("rules", "soft_may_cost"),
        ("prices", "inflation"),
        ("prices", "pay"),
        ("targets", "national"),
        ("certainty", "sees_tail"),
    ):
        assert any(key in scenario.get(section, {}) for _, scenario in drawn), key
