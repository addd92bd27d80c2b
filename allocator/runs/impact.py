"""What each kind of input bears on in a plan: the impact column of the assumptions log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocator.recompute.figures import TOLERANCE
from allocator.units import counted, number, pounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from allocator.recompute.figures import Recomputed

GOAL = "goal"
LABEL = "label"
_OUTCOMES = (GOAL, "ceiling", "local_minimum", "target")
_COSTS = ("fixed", "places", "salaries", "recruitment", "redundancy", "training")
_SPENDING = tuple(f"spend {use}" for use in _COSTS)

# what a column enters: the goal, a use of money ("spend …"), rules by name; or it is a label, or nothing in a plan
BEARS_ON: Mapping[str, tuple[str, ...]] = {
    "partnerships.name": (LABEL,),
    "partnerships.region": (LABEL, "target"),
    "partnerships.map_column": (LABEL,),
    "partnerships.map_row": (LABEL,),
    "partnerships.baseline_grant": ("floor", "cap", "damping", "distribution", "formula_floor"),
    "partnerships.fixed_cost": ("spend fixed", "money"),
    "partnerships.area_cost_factor": ("spend salaries", "money"),
    "partnerships.effect_multiplier": _OUTCOMES,
    "young_people.young_people": ("eligible", "guarantee", "distribution", "formula_floor"),
    "young_people.neet": ("ceiling", "local_minimum", "target"),
    "interventions.unit_cost": ("spend places", "money"),
    "interventions.min_grade": ("hours",),
    "interventions.channel": ("channel",),
    "interventions.exclusive_set": ("eligible",),
    "interventions.persistence": _OUTCOMES,
    "interventions.lag": _OUTCOMES,
    "effects.effect": _OUTCOMES,
    "effects.standard_error": (),
    "effects.adviser_hours": ("hours",),
    "effects.max_uptake": (GOAL,),
    "returns.width": _OUTCOMES,
    "returns.relative_effect": _OUTCOMES,
    "grades.salary": ("spend salaries", "money"),
    "grades.productive_hours": ("hours",),
    "grades.attrition": ("workforce",),
    "grades.recruitment_cost": ("spend recruitment", "money"),
    "grades.redundancy_cost": ("spend redundancy", "money"),
    "grades.training_cost": ("spend training", "money"),
    "grades.training_hours": ("hours",),
    "grades.recruitable": ("workforce",),
    "workforce.fte": ("workforce", "recruitment"),
    "years.budget": ("national", "distribution", "formula_floor"),
    "years.headcount_limit": ("headcount",),
    "years.training_places": ("training_places",),
    "years.price_index": (*_SPENDING, "money"),
    "capacities.places": ("channel",),
    "guarantees.min_share": ("guarantee",),
    "targets.max_neet": ("target",),
    "targets.reduction_share": ("target",),
}


def impact_of(table: str, column: str, worked: Recomputed) -> str:
    """What an input bears on: money spent by it, the goal, the rules that act and how many rows are at their limit."""
    entered = BEARS_ON.get(f"{table}.{column}", ())
    parts = ["a label"] if LABEL in entered else []
    uses = [word.removeprefix("spend ") for word in entered if word.startswith("spend ")]
    if uses:
        parts.append(f"{pounds(sum(float(worked.spend_by_use[use].sum()) for use in uses))} of spending")
    if GOAL in entered:
        parts.append("the goal")
    for rule in entered:
        families = [family for family in worked.rules if family.rule == rule]
        rows = sum(len(family.keys) for family in families)
        if not rows:
            continue
        if families[0].sense == "=":
            parts.append(f"{rule} ({counted(rows, 'row')})")
        else:
            at = sum(int((f.slack <= TOLERANCE * f.largest.clip(min=1.0)).sum()) for f in families)
            parts.append(f"{rule} ({number(at)} of {counted(rows, 'row')} at the limit)")
    return "; ".join(parts) or "nothing in this plan"
