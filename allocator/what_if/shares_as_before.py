"""What shares as before would bring: the same scenario with `historical` grants."""

from __future__ import annotations

from allocator.errors import NoPlan
from allocator.register.distributions import GIVEN, HISTORICAL
from allocator.register.rules import DISTRIBUTION, names
from allocator.scenario.distributions import set_grants
from allocator.scenario.settings import Settings
from allocator.solving.planned import Planned, plan_as_it_stands
from allocator.solving.settlement import plan_data
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet
from allocator.what_if.questions import within


def with_historical_grants(s: Settings) -> Settings:
    """Give the same settings with the money of each year shared out as it is now."""
    return s.changed(grants={"distribution": HISTORICAL.name})


def with_given_grants(s: Settings) -> Settings:
    """Give the same settings with grants that are decided, and given."""
    return s.changed(grants={"distribution": GIVEN.name})


def rules_on_grants() -> tuple[str, ...]:
    """Give the rules that other grants restate: those on single grants, by quantity, and the distribution."""
    return (*names(lambda rule: rule.on_single_grants or rule.by_quantity), DISTRIBUTION.name)


def figures_as_before(d: DataSet, s: Settings, plans: tuple[Planned, ...]) -> Figures | None:
    """Give the plan with shares as before, in pounds; None where no plan keeps the rules with them.

    Raises SolverError where none is found in the time that the plans' sessions allow.

    plans: as solve_data gave them. A settlement's programme is changed in place and solved again from where it
    stands, and is left changed; planning year on year is solved afresh, since each year rests on the one before.
    """
    historical = with_historical_grants(s)
    try:
        if s.certainty.kind != "settlement":
            return plan_data(d, within(historical, plans))[0]
        stages = plans[0].stages
        now = stages.programme.now
        granted = set_grants(d, historical, now.money, now.grants_before, now.years)
        stages.restate(rules_on_grants(), settings=historical, grants_set=granted)
        return plan_as_it_stands(stages).figures
    except NoPlan:
        return None
