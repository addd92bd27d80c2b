"""The section of a page in which its reader asks what if, and what the page needs for it."""

import math
from contextlib import suppress

from allocator.analyses.report.facts import Facts
from allocator.analyses.report.page import LEGEND, measure_of, tiles_of
from allocator.errors import InvalidInput, UsageError
from allocator.outputs.browser.bundle import bundled, packed
from allocator.outputs.browser.part import CheckHere, Control, ControlGroup, WhatIf
from allocator.outputs.page import Section
from allocator.programme.builders import RULE_BUILDERS
from allocator.register import RULES, goals
from allocator.runs.files import GIVEN, SCENARIO, TABLES
from allocator.runs.grant_change import CLASSES
from allocator.runs.plan import Plan
from allocator.scenario.distributions import baseline_shares
from allocator.scenario.load import read_scenario
from allocator.shipped import shipped_scenarios
from allocator.tables.dataset import DataSet
from allocator.what_if.in_the_page import SolvableProblem, solvable
from allocator.what_if.sliders import Slider

KEY = "what-if"
SOLVE = ("allocator", "solve")
HEADING = "What if"
# England's problem has 201,000 coefficients and answers within a second; more would keep a reader waiting.
MOST_COEFFICIENTS = 600_000
LEGENDS = (
    ("budget", "Money of each year"),
    ("rule", "Limits"),
    ("effect", "How well interventions work"),
    ("give_up", "What may be given up"),
)
SAID = (
    "Move a setting, or type it, and the plan is made again here, in your browser: nothing is sent anywhere. "
    "What you see is beside the certified run and changes nothing in it."
)
CHECK = (
    "This button takes the run's own problem, plan and prices out of this page, works the certificate out in exact "
    "arithmetic, solves the goal afresh, and holds the figures that the page shows against the plan."
)
GIVE_UP = "Share of the goal that fewer redundancies and quieter grants may cost; here for fewer redundancies alone."


def what_if_of(facts: Facts, name: str) -> tuple[Section, tuple[CheckHere, ...]]:
    """Give the section, and what belongs to the section on checking: nothing where the run cannot be solved in a page.

    name: of the run, as readers know it.
    """
    found = solvable(facts.plan)
    if isinstance(found, str):
        return Section(KEY, HEADING, (found,)), ()
    if found.arrays["value"].size > MOST_COEFFICIENTS:
        said = "The plan is too large to be made again in a page: what-ifs are asked of the command."
        return Section(KEY, HEADING, (said,)), ()
    part = WhatIf(_groups(facts, found), _facts(facts, found, name), packed(bundled(found.header, found.arrays)), SAID)
    return Section(KEY, HEADING, (part,)), (CheckHere(CHECK),)


def _groups(facts: Facts, found: SolvableProblem) -> tuple[ControlGroup, ...]:
    of_kind = {
        kind: tuple(
            _control(facts.plan.data, n, slider) for n, slider in enumerate(found.sliders) if slider.kind == kind
        )
        for kind, _ in LEGENDS
    }
    first = ("budget", "rule")  # what most readers look for stands open
    return tuple(ControlGroup(legend, of_kind[kind], kind in first) for kind, legend in LEGENDS if of_kind[kind])


def shown_per(slider: Slider) -> float:
    """Give what a setting is multiplied by to be shown: £ as £m, shares as per cent, times as they are."""
    return {"budget": 1e-6, "effect": 1.0}.get(slider.kind, 100.0)


def unit_of(slider: Slider) -> str:
    """Give the unit in which a setting is shown."""
    return {"budget": "£m", "effect": "times", "give_up": "% of the goal"}.get(slider.kind, "%")


def _control(d: DataSet, number: int, slider: Slider) -> Control:
    per = shown_per(slider)
    value, most = slider.value * per, slider.most * per
    if slider.kind == "budget":
        step = 10.0 ** math.floor(math.log10(value) - 2.5)
        low, high = value * 0.8, value * 1.2
        label, hint = f"Budget of {slider.part}", ""
    elif slider.kind == "effect":
        label, hint = d.intervention_names[d.interventions.index(slider.part)], ""
        low, high, step = 0.0, max(2.0, 2 * value), 0.05
    elif slider.kind == "give_up":
        label, hint = "Give up", GIVE_UP
        low, high, step = 0.0, max(5.0, 2 * value), 0.1
    else:
        around = max(25.0, value / 2)
        label, hint = slider.rule.replace("_", " ").capitalize(), RULE_BUILDERS[slider.rule].sentence
        low, high, step = max(0.0, value - around), min(most, value + around), 0.5
    # the slider stands on whole steps; from its own value on, so that the run's is one of them
    low = value - math.floor((value - low) / step + 1e-9) * step
    return Control(
        f"{KEY}-{number}",
        label,
        hint,
        unit_of(slider),
        _plain(value),
        _plain(low),
        _plain(high),
        "0",
        _plain(most),
        _plain(step),
    )


def _plain(value: float) -> str:
    """Give a number as an input takes it, without the noise of its last digits."""
    return f"{value:.12g}"


def _facts(facts: Facts, found: SolvableProblem, name: str) -> dict[str, object]:
    plan, d = facts.plan, facts.plan.data
    tiles = {tile.href.removeprefix("#p-"): tile for tile in tiles_of(facts)}
    goal = goals.named(measure_of(facts))
    shares = [baseline_shares(d, t).tolist() for t in range(len(d.years))]
    return {
        "run": name,
        "years": list(d.years),
        "partnerships": [
            {
                "key": key,
                "name": d.partnership_names[p],
                "region": d.regions[p],
                "share": [shares[t][p] for t in range(len(d.years))],
                "baseline": float(d.baseline_grant[p]),
                "grant": [round(float(amount)) for amount in facts.rounded[p]],
                **({"tile": [tiles[key].code, tiles[key].column, tiles[key].row]} if key in tiles else {}),
            }
            for p, key in enumerate(d.partnerships)
        ],
        "order": list(facts.order),
        "classes": list(CLASSES),
        "legend": [list(one) for one in LEGEND],
        "goal": {
            "heading": goal.words.heading,
            "short": goal.words.short,
            "scale": goal.words.scale,
            "places": goal.words.places,
            "pounds": goal.in_pounds,
            "lessIsBetter": goal.less_is_better,
        },
        "reached": plan.recomputed.goal,
        "rules": {rule: _of_rule(rule) for rule in found.header["rules"]},
        "controls": [
            {
                "key": f"{KEY}-{n}",
                "setting": slider.setting,
                "kind": slider.kind,
                "part": slider.part,
                "value": slider.value,
                "per": shown_per(slider),
                "unit": unit_of(slider),
            }
            for n, slider in enumerate(found.sliders)
        ],
        **_command(plan, name),
        "toml": plan.scenario.canonical_toml(),
    }


def _command(plan: Plan, name: str) -> dict[str, object]:
    """Give what makes the run's plan again on the command line: the words of a command, and what it sets.

    A scenario that comes with the program goes by its name, with what was set. Another is solved from the run's folder,
    which holds it with all that was set, and its tables: the file that it was made from may have changed since.
    """
    scenario = plan.scenario
    if scenario.name in shipped_scenarios():
        with suppress(InvalidInput, UsageError):  # what was set may name a file that is here no more
            if read_scenario(scenario.name, scenario.overrides).sha256 == scenario.sha256:
                return {"command": [*SOLVE, scenario.name], "overrides": list(scenario.overrides)}
    if not scenario.of_run:  # a plan that was never written
        file = scenario.source.name if scenario.source else scenario.name
        return {"command": [*SOLVE, file], "overrides": list(scenario.overrides)}
    own = [f"data={name}/{TABLES}"]
    own += [f"tables.{table}={name}/{TABLES}/{table}.csv" for table in sorted(scenario.settings.tables)]
    if scenario.settings.grants.file:
        own.append(f"grants.file={name}/{GIVEN}")
    return {"command": [*SOLVE, f"{name}/{SCENARIO}"], "overrides": own}


def _of_rule(rule: str) -> dict[str, object]:
    if rule not in RULES:
        return {"sentence": "", "pounds": False}
    return {"sentence": RULE_BUILDERS[rule].sentence, "pounds": RULES[rule].unit == "£"}
