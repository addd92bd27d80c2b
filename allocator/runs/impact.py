"""What each kind of input bears on in a plan: the impact column of the assumptions log."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.recompute.figures import TOLERANCE, Recomputed
from allocator.register.rules import EFFECTS, entered_by
from allocator.units import counted, number, pounds

GOAL = "goal"
LABEL = "label"
_COSTS = ("fixed", "places", "salaries", "recruitment", "redundancy", "training")
_SPENDING = tuple(f"spend {use}" for use in _COSTS)

# What a column enters beside rules, which their records say: a label, the goal, a use of money ("spend …").
_BESIDE_RULES: Mapping[str, tuple[str, ...]] = {
    "partnerships.name": (LABEL,),
    "partnerships.region": (LABEL,),
    "partnerships.map_column": (LABEL,),
    "partnerships.map_row": (LABEL,),
    "partnerships.area_cost_factor": ("spend salaries",),
    "interventions.unit_cost": ("spend places",),
    "effects.max_uptake": (GOAL,),
    "grades.salary": ("spend salaries",),
    "grades.recruitment_cost": ("spend recruitment",),
    "grades.redundancy_cost": ("spend redundancy",),
    "grades.training_cost": ("spend training",),
    "partnerships.fixed_cost": ("spend fixed",),
    "years.price_index": _SPENDING,
    "years.pay_index": ("spend salaries",),
    "client_groups.name": (LABEL,),
    **dict.fromkeys(EFFECTS, (GOAL,)),
}


def bears_on(column: str) -> tuple[str, ...]:
    """Give what a column, such as years.budget, enters in a plan: label, goal, uses of money, then rules by name."""
    return (*_BESIDE_RULES.get(column, ()), *entered_by(column))


def impact_of(table: str, column: str, worked: Recomputed) -> str:
    """Give what an input bears on: money spent by it, the goal, the rules that act and how many rows are at their
    limit.
    """
    entered = bears_on(f"{table}.{column}")
    parts = ["a label"] if LABEL in entered else []
    uses = [word.removeprefix("spend ") for word in entered if word.startswith("spend ")]
    if uses:
        parts.append(f"{pounds(sum(float(worked.spend_by_use[use].sum()) for use in uses))} of spending")
    if GOAL in entered:
        parts.append("the goal")
    for rule in entered:
        families = [family for family in worked.rules if family.rule == rule]
        rows = sum(len(family.places) for family in families)
        if not rows:
            continue
        if all(family.sense == "=" for family in families):
            parts.append(f"{rule} ({counted(rows, 'row')})")
        else:
            at = sum(int((f.slack <= TOLERANCE * f.largest.clip(min=1.0)).sum()) for f in families)
            parts.append(f"{rule} ({number(at)} of {counted(rows, 'row')} at the limit)")
    return "; ".join(parts) or "nothing in this plan"
