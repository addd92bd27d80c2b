"""A plan's own problem with what a reader may move in it, as arrays: all that a page needs to solve it again.

The problem is the goal stage's of the run's proof, row by row and column by column as it was certified. The programme
is built once more, without solving, for the index: which row and column stands where, and what each setting moves.
"""

import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocator.programme.bounds import THOUSAND
from allocator.programme.builders import GOAL_BUILDERS
from allocator.programme.formulate import Programme, formulate
from allocator.programme.goals import fixed_part
from allocator.register import RULES
from allocator.register.goals import is_cautious
from allocator.register.rules import left_out_first, names
from allocator.runs.plan import Plan
from allocator.scenario.settings import Settings
from allocator.solving.session import Session
from allocator.solving.solution import LinearProblem, StageProof
from allocator.solving.stages import Stages
from allocator.what_if.sliders import Slider, effect_rows, sliders_of

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class SolvableProblem:
    """A problem to be solved again elsewhere. header: names and numbers; arrays: by name. sliders: in their order."""

    header: dict[str, Any]
    arrays: Arrays
    sliders: tuple[Slider, ...]


def solvable(plan: Plan) -> SolvableProblem | str:
    """Give the problem of a plan, or why there is none, as a sentence: year by year, with caution, or not proved."""
    settings = plan.scenario.settings
    if settings.certainty.kind != "settlement":
        return "It was planned year by year, each year on the one before: what-ifs are asked of the command."
    if is_cautious(settings):
        return "It counts how badly it could turn out, draw by draw of the effects: what-ifs are asked of the command."
    goal = next((proof for proof in plan.solution.proofs if proof.stage == "goal"), None)
    if goal is None:
        return f"{settings.solver.name} gave no exact problem to solve again."
    programme = formulate(plan.data, settings, given=plan.given)
    rows = tuple((rule, *place.words) for rule, place in programme.rows)
    if goal.rows[: len(rows)] != rows or not set(goal.columns) <= set(programme.decisions.keys):
        return "The run was made by another version: solve again for a page that does, too."
    return _packed(plan, programme, goal)


def _packed(plan: Plan, programme: Programme, goal: StageProof) -> SolvableProblem:
    d, s, x = plan.data, plan.scenario.settings, programme.decisions
    position = {key: number for number, key in enumerate(goal.columns)}
    column_of = np.array([position.get(key, -1) for key in x.keys], dtype=np.int64)
    sliders = sliders_of(programme)
    problem, entries = _with_entries(goal.problem, column_of, sliders)
    count = len(x.upper_bounds)
    arrays: Arrays = {
        **{name: getattr(problem, name) for name in ("cost", "lower", "upper", "row_lower", "row_upper")},
        **{name: getattr(problem, name) for name in ("starts", "index", "value")},
        "plan": goal.plan,
        "duals": goal.duals,
        "column_of": column_of[:count],
        "short": np.array([position[key] for key in x.keys[count:] if key[0] == "shortfall"], dtype=np.int64),
        "effect_rows": effect_rows(programme),
        "served_intervention": x.served_intervention,
        "served_gain": x.served_gain,
        "counted": x.counted[: len(d.years)].ravel(),
        "multiplier": d.effect_multiplier,
        **_of_bounds(programme),
        **_of_rows(plan, programme),
        **_basis(programme),
    }
    brings = _cost_of_effects(programme, column_of, len(problem.cost))
    if not np.array_equal(brings, problem.cost):
        arrays["cost_of_effects"] = brings
    for number, (slider, where) in enumerate(zip(sliders, entries, strict=True)):
        moves = slider.moves
        named = {"rows": moves.rows, "lower": moves.lower, "upper": moves.upper, "entries": where, "by": moves.entries}
        arrays |= {f"{name}{number}": array for name, array in named.items() if array.size}
    share = x.smallest_share
    header = {
        "maximise": problem.maximise,
        "constant": programme.goal_constant,
        "sizes": {"p": len(d.partnerships), "y": len(d.years), "k": len(x.served), "a": len(d.grades)},
        "holdsSoft": len(goal.rows) > len(programme.rows),
        "smallestShare": -1 if share is None else position[("smallest_share",)],
        "softMayCost": s.rules.soft_may_cost,
        "grantsSet": programme.grants_set is not None,
        "fixedPart": fixed_part(d, s, programme.now),
        "givenUp": goal.given_up or 0.0,
        "leaveOut": list(left_out_first()),
        "countryWide": names(lambda rule: rule.of_the_country),
        "inForce": {
            name: RULES[name].in_force(s) for name in names(lambda rule: rule.can_be_off and bool(rule.tightens))
        },
        "sliders": [_told(slider) for slider in sliders],
        "budgets": {"scale": [s.budget.scale_of(year) for year in d.years], "reserve": s.budget.reserve},
        "values": _values(s),
        **_names(plan, programme),
    }
    return SolvableProblem(header, arrays, sliders)


def _told(slider: Slider) -> dict[str, Any]:
    names = ("setting", "kind", "rule", "part", "value", "most")
    return {name: getattr(slider, name) for name in names}


def _values(s: Settings) -> dict[str, float | None]:
    """Give the settings on which bounds rest, where the reader does not move them."""
    return {
        "grants.cap": s.grants.cap,
        "grants.max_rise": s.grants.max_rise,
        "budget.carry_forward_limit": s.budget.carry_forward_limit,
        "workforce.max_recruitment": s.workforce.max_recruitment,
        "workforce.headcount_scale": s.workforce.headcount_scale,
        "goal.give_up": s.goal.give_up,
    }


def _cost_of_effects(programme: Programme, column_of: NDArray[Any], size: int) -> NDArray[Any]:
    """Give what of the goal's costs follows from effects, by column: of a benefit, not what a place costs."""
    found = np.zeros(size)
    if programme.goal.smallest_of_all:  # whose effects stand in rows
        return found
    without = copy.copy(programme.decisions)
    without.served_gain = np.zeros_like(programme.decisions.served_gain)
    build = GOAL_BUILDERS[programme.goal.name].build
    for x, sign in ((programme.decisions, 1.0), (without, -1.0)):
        for variable, value in build(programme.data, programme.settings, x).items():
            if column_of[variable.id] >= 0:
                found[column_of[variable.id]] += sign * value
    return found


def _with_entries(
    problem: LinearProblem, column_of: NDArray[Any], sliders: tuple[Slider, ...]
) -> tuple[LinearProblem, list[NDArray[Any]]]:
    """Give the problem with a place for every coefficient that a slider moves, 0 where there was none; and those
    places.
    """
    rows = np.repeat(np.arange(len(problem.starts) - 1), np.diff(problem.starts))
    place = {at: n for n, at in enumerate(zip(rows.tolist(), problem.index.tolist(), strict=True))}
    wanted = [
        list(zip(slider.moves.entry_rows.tolist(), column_of[slider.moves.entry_columns].tolist(), strict=True))
        for slider in sliders
    ]
    missing = sorted({at for one in wanted for at in one if at not in place})
    if not missing:
        return problem, [np.array([place[at] for at in one], dtype=np.int64) for one in wanted]
    row = np.concatenate([rows, [at[0] for at in missing]])
    order = np.argsort(row, kind="stable")
    index = np.concatenate([problem.index, [at[1] for at in missing]])[order]
    value = np.concatenate([problem.value, np.zeros(len(missing))])[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(problem.starts) - 1))])
    place = {at: n for n, at in enumerate(zip(row[order].tolist(), index.tolist(), strict=True))}
    with_them = replace(problem, starts=starts, index=index, value=value)
    return with_them, [np.array([place[at] for at in one], dtype=np.int64) for one in wanted]


def _basis(programme: Programme) -> Arrays:
    """Give where the goal's own solve ends, so that a page need not go all the way; nothing with another solver."""
    solver = programme.settings.solver
    if solver.name != Session.solver:
        return {}
    stages = Stages(programme, solver.name, solver.time_limit)
    stages.best()
    columns, rows = stages.session.statuses()
    return {"basis_columns": columns, "basis_rows": rows}


def _of_bounds(programme: Programme) -> Arrays:
    """Give what the bounds of decisions are worked out from, money in thousands of pounds: see bounds.upper_bounds."""
    d, now, x = programme.data, programme.now, programme.decisions
    price, pay = x.price_index / THOUSAND, x.pay_index / THOUSAND
    granted = programme.grants_set
    return {
        "bound_money": now.money / THOUSAND,
        "bound_baseline": d.baseline_grant / THOUSAND,
        "bound_new": (d.baseline_grant == 0).astype(np.int64),
        "bound_granted": np.zeros(0) if granted is None else granted.ravel() / THOUSAND,
        "bound_fixed": np.outer(d.fixed_cost, price).ravel(),  # [p, y]
        "bound_salary": np.einsum("a,p,y->pya", d.salary, d.area_cost_factor, pay).ravel(),
        "bound_joining": np.outer(price, d.recruitment_cost).ravel(),  # [y, a]
        "bound_attrition": d.attrition,
        "bound_recruitable": d.recruitable.astype(np.int64),
        "bound_headcount": d.headcount_limit,
        "bound_training": d.training_places,
        "bound_start_up": d.start_up_posts,
        "bound_workforce": now.advisers_before.ravel(),
    }


def _of_rows(plan: Plan, programme: Programme) -> Arrays:
    """Give where each row stands: its rule, partnership, year and what else names it, as positions among names; -1
    none.
    """
    d = plan.data
    rules = {name: n for n, name in enumerate(dict.fromkeys(rule for rule, _ in programme.rows))}
    rests = {rest: n for n, rest in enumerate(dict.fromkeys(place.rest for _, place in programme.rows))}
    partnerships = {name: n for n, name in enumerate(d.partnerships)}
    years = {name: n for n, name in enumerate(d.years)}
    found = [
        (rules[rule], partnerships.get(place.partnership, -1), years.get(place.year, -1), rests[place.rest])
        for rule, place in programme.rows
    ]
    of = np.array(found, dtype=np.int64).reshape(-1, 4)
    names = ("row_rule", "row_partnership", "row_year", "row_rest")
    return {name: of[:, n].copy() for n, name in enumerate(names)}


def _names(plan: Plan, programme: Programme) -> dict[str, Any]:
    d = plan.data
    return {
        "rules": list(dict.fromkeys(rule for rule, _ in programme.rows)),
        "rests": list(dict.fromkeys(place.rest for _, place in programme.rows)),
        "partnerships": list(d.partnerships),
        "years": list(d.years),
        "interventions": list(d.interventions),
        "grades": list(d.grades),
    }
