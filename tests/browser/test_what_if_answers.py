"""What a page answers is what the command answers: the run's goal, and what-ifs drawn at random."""

import base64
import random
from importlib.resources import files

import pytest

from allocator import api
from allocator.analyses.init.starter import start_folder
from allocator.outputs.browser.bundle import bundled, packed
from allocator.programme.formulate import formulate
from allocator.solving.stages import Stages
from allocator.what_if.in_the_page import solvable
from tests.helpers.browsers import launched, take, with_modules

DRAWS = 12  # a fixed, modest number; benchmarks/what_ifs_in_a_page.py asks as many as it is told
FEW = 5
SEED = 17


def drawn(sliders, number):
    """Settings moved at random, one to four at once, as far as a reader would."""
    dice = random.Random(f"{SEED}-{number}")
    chosen = dice.sample(sliders, dice.randint(1, 4))
    return {slider.setting: value_of(slider, dice) for slider in chosen}


def value_of(slider, dice):
    if slider.kind == "budget":
        return round(slider.value * dice.uniform(0.96, 1.1))
    if slider.kind == "effect":
        return round(dice.uniform(0.0, 2.0), 2)
    if slider.kind == "give_up":
        return round(dice.uniform(0.0, 0.02), 4)
    return min(round(slider.value * dice.uniform(0.7, 1.3), 3), slider.most)


def native(plan, values):
    """The goal that the command reaches with these settings, constants included; None where there is no plan."""
    settings = plan.scenario.with_(tuple(f"{setting}={value!r}" for setting, value in values.items())).settings
    programme = formulate(plan.data, settings, given=plan.given)
    try:
        best = Stages(programme, "HiGHS", 600.0).best()
    except api.NoPlan:
        return None
    return best.goal + programme.goal_constant


def started(page, found):
    """The solver in a page with the worker's modules, and its first answer."""
    vendor = files("allocator.outputs.browser") / "vendor"
    page.add_script_tag(content=vendor.joinpath("highs.js").read_text(encoding="utf-8"))
    take(page, packed(bundled(found.header, found.arrays)))
    page.evaluate(
        """async ([bundle, solver]) => {
             const bytes = Uint8Array.from(atob(solver), (letter) => letter.charCodeAt(0)).buffer;
             globalThis.first = await answers.start({bundle: await unpacked(bundle), solver: bytes, loader: Module});
           }""",
        [
            packed(bundled(found.header, found.arrays)),
            base64.b64encode(vendor.joinpath("highs.wasm").read_bytes()).decode(),
        ],
    )
    return page.evaluate("({goal: first.goal, outcome: first.outcome, memory: first.memory, run: first.run.goal})")


def answer(page, values):
    """Outcome, goal, seconds and memory of a what-if."""
    return page.evaluate(
        "(values) => { const {outcome, goal, seconds, memory} = answers.solve({values});"
        " return {outcome, goal, seconds, memory}; }",
        values,
    )


KINDS = {
    "as it is": (),
    "soft rules that fall short": ("local.min_reduction=0.5",),
    "soft rules that may cost little": ("local.min_reduction=0.5", "rules.soft_may_cost=0.01"),
    "soft rules that may cost nothing": ("local.min_reduction=0.5", "rules.soft_may_cost=0"),
    "no soft rule": ("rules.soft=[]",),
    "the fairest": ("goal.measure=fairest",),
    "the least spending": ("goal.measure=least_cost",),
    "set by the formula": ("grants.distribution=formula",),
}


@pytest.mark.parametrize("overrides", KINDS.values(), ids=KINDS)
def test_answers_are_those_of_the_command_for_every_kind_of_plan(tmp_path, overrides):
    started_in = start_folder(tmp_path / "mine", "small", workbook=False)
    plan = api.solve(str(started_in.folder / started_in.scenario), overrides)
    found = solvable(plan)
    with launched() as browser:
        page = with_modules(browser)
        assert started(page, found)["goal"] == pytest.approx(native(plan, {}), rel=1e-9)
        for number in range(FEW):
            values = drawn(found.sliders, number)
            wanted, told = native(plan, values), answer(page, values)
            assert (wanted is None) == (told["outcome"] == "infeasible"), values
            if wanted is not None:
                assert told["goal"] == pytest.approx(wanted, rel=1e-6), values
        page.evaluate("answers.solve({values: {}})")
        assert page.evaluate("answers.check().agrees")


@pytest.mark.parametrize(
    ("overrides", "why"),
    [(("certainty.kind=year_on_year",), "year by year"), (("risk.attitude=cvar",), "draw by draw")],
)
def test_a_plan_that_no_page_solves_again_says_why(tmp_path, overrides, why):
    started_in = start_folder(tmp_path / "mine", "small", workbook=False)
    assert why in solvable(api.solve(str(started_in.folder / started_in.scenario), overrides))


@pytest.mark.slow
def test_answers_are_those_of_the_command():
    plan = api.solve("settlement")
    found = solvable(plan)
    with launched() as browser:
        page = with_modules(browser)
        first = started(page, found)
        assert first["outcome"] == "optimal"
        assert first["goal"] == pytest.approx(native(plan, {}), rel=1e-9)
        assert first["run"] == pytest.approx(plan.recomputed.goal, rel=1e-9)
        for number in range(DRAWS):
            values = drawn(found.sliders, number)
            wanted, told = native(plan, values), answer(page, values)
            if wanted is None:
                assert told["outcome"] == "infeasible", values
            else:
                assert told["goal"] == pytest.approx(wanted, rel=1e-6), values


@pytest.mark.slow
def test_memory_stays_bounded_over_five_hundred_changes(tmp_path):
    mine = start_folder(tmp_path / "mine", "small", workbook=False)
    found = solvable(api.solve(str(mine.folder / mine.scenario)))
    with launched() as browser:
        page = with_modules(browser)
        started(page, found)
        sizes = [answer(page, drawn(found.sliders, number))["memory"] for number in range(500)]
    assert max(sizes) <= 2 * sizes[0]
