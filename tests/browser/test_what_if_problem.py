"""The problem that a page states for any setting moved is the one that the program builds from that setting."""

import numpy as np
import pytest

from allocator import api
from allocator.analyses.init.starter import start_folder
from allocator.outputs.browser.bundle import bundled, packed
from allocator.programme.formulate import formulate
from allocator.solving.stages import Stages
from allocator.what_if.in_the_page import solvable
from tests.helpers.browsers import launched, take, with_modules

SAME = 1e-11  # relative: the page and the program round the same sums in another order


@pytest.fixture(scope="module")
def page():
    with launched() as browser:
        yield with_modules(browser)


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory):
    started = start_folder(tmp_path_factory.mktemp("what_if") / "mine", "small", workbook=False)
    return str(started.folder / started.scenario)


def dense(starts, index, value, rows, columns):
    """The first rows of a matrix with every place of it, one row after another."""
    matrix = np.zeros((rows, columns))
    of = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    index, value = np.asarray(index), np.asarray(value)
    there = of < rows
    matrix[of[there], index[there]] = value[there]
    return matrix.ravel()


def native(plan, setting, value):
    """Bounds, sides, costs and coefficients of the program's own problem with a setting moved."""
    settings = plan.scenario.with_((f"{setting}={value!r}",)).settings
    stages = Stages(formulate(plan.data, settings, given=plan.given), "HiGHS", 60.0)
    problem, rows = stages.session.problem(), len(stages.programme.rows)
    return {
        "cost": problem.cost,
        "lower": problem.lower,
        "upper": problem.upper,
        "rowLower": problem.row_lower[:rows],
        "rowUpper": problem.row_upper[:rows],
        "matrix": dense(problem.starts, problem.index, problem.value, rows, len(problem.cost)),
    }


STATED = """(values) => {
  const told = {};
  for (const [name, numbers] of Object.entries(stated(B, values)))
    if (ArrayBuffer.isView(numbers))
      told[name] = Array.from(numbers, (one) => Number.isFinite(one) ? one : one > 0 ? 1e300 : -1e300);
  return told;
}"""


def in_the_page(page, values, rows):
    """The same of the problem as the page states it."""
    told = page.evaluate(STATED, values)
    sides = {name: told[name][:rows] for name in ("rowLower", "rowUpper")}
    matrix = dense(told["starts"], told["index"], told["value"], rows, len(told["cost"]))
    return {**{name: told[name] for name in ("cost", "lower", "upper")}, **sides, "matrix": matrix}


CASES = {
    "settlement": (),
    "set by shares as before": ("grants.distribution=historical",),
    "fairest": ("goal.measure=fairest",),
    "a benefit": ("goal.measure=benefit", "goal.benefit_per_neet=3000"),
    "effects multiplied": ("effects.times={mentoring = 1.2}",),
    "no recruitment limit, no carry forward": ('workforce.max_recruitment="none"', "budget.carry_forward_limit=0"),
}


def values_of(slider):
    """Three values of a setting, of which one is 0 where that says something."""
    most = min(slider.most, 1e12)
    low = 0.0 if slider.kind in ("effect", "give_up") or slider.rule in ("floor", "max_fall") else slider.value * 0.8
    return (low, min(slider.value * 1.15 + 0.001, most), min(slider.value * 1.4 + 0.01, most))


@pytest.mark.parametrize("overrides", CASES.values(), ids=CASES)
def test_every_setting_moves_what_the_program_moves(page, scenario_file, overrides):
    plan = api.solve(scenario_file, overrides)
    found = solvable(plan)
    take(page, packed(bundled(found.header, found.arrays)))
    kinds = {slider.kind for slider in found.sliders}
    assert {"budget", "effect", "give_up"} <= kinds
    for slider in found.sliders:
        for value in values_of(slider):
            wanted = native(plan, slider.setting, value)
            told = in_the_page(page, {slider.setting: value}, len(wanted["rowLower"]))
            for name, numbers in wanted.items():
                finite = np.clip(numbers, -1e300, 1e300)
                where = f"{slider.setting}={value}: {name}"
                np.testing.assert_allclose(told[name], finite, rtol=SAME, atol=1e-9, err_msg=where)
