"""What every face of a report tells of a plan: each figure once, in base units, from the plan and its tables alone.

The page, the workbook, the statements and the charts format these and work nothing out, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator import units
from allocator.analyses.explain.rule_costs import RuleCosts
from allocator.analyses.solve.gains import Movers, fixed_by, movers
from allocator.analyses.solve.summary import Summary, summarise
from allocator.register import goals
from allocator.register.rules import several_of, with_rows
from allocator.runs.findings import Fixed
from allocator.runs.grant_change import YearGrant, year_grants
from allocator.runs.plan import Plan
from allocator.scenario.distributions import formula_shares
from allocator.tables.dataset import Floats
from allocator.tolerances import NOTHING

USES = (
    ("salaries", ("salaries",)),
    ("places", ("places",)),
    ("fixed costs", ("fixed",)),
    ("joining, leaving, training", ("recruitment", "redundancy", "training")),
)


@dataclass(frozen=True)
class Distance:
    """How far a year's grants are from the needs formula's.

    pounds: £ that would have to move: half the sum of the differences. moved: the same as a share of the money.
    within: how many partnerships are within 5 per cent of the formula's grant.
    """

    year: str
    pounds: float
    moved: float
    within: int


@dataclass(frozen=True, eq=False)
class Facts:
    """A plan with the figures that reports tell of it. costs: what each rule costs, where that was asked."""

    plan: Plan
    costs: RuleCosts | None = None

    @property
    def years(self) -> tuple[str, ...]:
        """The years of the data."""
        return self.plan.data.years

    @cached_property
    def summary(self) -> Summary:
        """What `solve` says of the plan."""
        return summarise(self.plan)

    @cached_property
    def movers(self) -> Movers:
        """Who gains and who loses."""
        return movers(self.plan)

    @cached_property
    def grants(self) -> tuple[tuple[YearGrant, ...], ...]:
        """Every grant beside both yardsticks, by partnership and year: whole pounds, as they are paid."""
        return year_grants(self.plan.data, self.rounded, self.plan.recomputed.money, self.price_index)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The partnerships by region and name, as positions in the data."""
        d = self.plan.data
        return tuple(sorted(range(len(d.partnerships)), key=lambda p: (d.regions[p], d.partnership_names[p])))

    @property
    def price_index(self) -> Floats:
        """Prices of each year in those of the base year, [t]."""
        return self.plan.recomputed.price_index

    @cached_property
    def reduction(self) -> Floats:
        """Young people fewer NEET at the end of each year, [p, t]."""
        return self.plan.recomputed.reduction[:, : len(self.years)]

    @cached_property
    def neet(self) -> Floats:
        """Young people who would be NEET without the programme, [p, t]."""
        return self.plan.data.neet.sum(axis=2)

    @cached_property
    def young_people(self) -> Floats:
        """All young people, [p, t]."""
        return self.plan.data.young_people.sum(axis=2)

    @cached_property
    def real(self) -> Floats:
        """Grants in base-year prices, £ [p, t]."""
        return self.rounded / self.price_index

    @cached_property
    def rounded(self) -> Floats:
        """Grants in whole pounds, [p, t]."""
        rounded = np.array(self.plan.tables["grants"]["grant_rounded"], dtype=float)
        return rounded.reshape(self.plan.figures.grant.shape)

    @cached_property
    def fixed_by(self) -> Mapping[tuple[str, str], tuple[str, ...]] | None:
        """The rules that fix a grant, by partnership and year; None where it was not asked."""
        return fixed_by(self.plan)

    @cached_property
    def fixed(self) -> dict[tuple[str, str], Fixed]:
        """What is told of a grant that rules fix, by partnership and year; none of grants that are set."""
        reasons = self.plan.reasons
        return {} if reasons is None else {(one.partnership, one.year): one for one in reasons.fixed}

    @cached_property
    def uses(self) -> tuple[tuple[str, tuple[float, ...]], ...]:
        """What the money is spent on, £ of base-year prices by year, the uses in order."""
        spent, price = self.plan.recomputed.spend_by_use, self.price_index
        return tuple(
            (
                name,
                tuple(float(sum(spent[part][:, t].sum() for part in parts) / price[t]) for t in range(len(self.years))),
            )
            for name, parts in USES
        )

    @cached_property
    def rules_by_cost(self) -> tuple[tuple[str, float], ...]:
        """What the plan reaches better without each rule that costs something, the dearest first; goal's own unit.

        Rules without which the soft rules fall less short cost more than the goal says: they are not in it.
        """
        if self.costs is None:
            return ()
        sign = -1.0 if goals.named(self.costs.measure).less_is_better else 1.0
        told = [
            (row.rule, sign * row.without.goal)
            for row in self.costs.rows
            if row.without is not None and not row.without.soft and sign * row.without.goal > 0
        ]
        return tuple(sorted(told, key=lambda row: -row[1]))

    @cached_property
    def tight_rules(self) -> tuple[str, ...]:
        """The rules in force that leave no room somewhere, and the groups of several of them: only these can cost."""
        tight = {row.rule for row in self.plan.recomputed.rows if row.slack <= NOTHING * max(1.0, abs(row.right))}
        rules = tuple(rule for rule in self._rules if rule in tight)
        return (*rules, *several_of(rules))

    @property
    def rules_with_room(self) -> tuple[str, ...]:
        """The rules in force that leave room everywhere: they cost nothing."""
        return tuple(rule for rule in self._rules if rule not in self.tight_rules)

    @property
    def rules_not_asked(self) -> tuple[str, ...]:
        """The rules that may cost something and were not asked."""
        asked = {row.rule for row in self.costs.rows} if self.costs is not None else set()
        return tuple(rule for rule in self.tight_rules if rule not in asked)

    @cached_property
    def _rules(self) -> tuple[str, ...]:
        return with_rows(self.plan.data, self.plan.scenario.settings)

    def value_of(self, table: str, column: str) -> str:
        """Give what a column of the inputs holds: its one value, the smallest to the largest, or how many texts."""
        values = [row.get(column) for row in self.plan.data.tables.get(table, ())]
        there = [value for value in values if value is not None and value != ""]
        if not there:
            return "left blank"
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in there):
            least, most = (f"{value:,.10g}".replace("-", "\u2212") for value in (min(there), max(there)))
            return least if least == most else f"{least} to {most}"
        texts = list(dict.fromkeys(str(value).lower() if isinstance(value, bool) else str(value) for value in there))
        return texts[0] if len(texts) == 1 else f"{units.number(len(texts))} different texts"

    @property
    def dearest(self) -> tuple[str, float] | None:
        """The rule that costs most; None where none costs anything, or it was not asked."""
        return next(iter(self.rules_by_cost), None)

    @cached_property
    def formula(self) -> Floats | None:
        """The needs formula's grants without a minimum, £ [p, t]; None where the scenario names no weights."""
        plan, formula = self.plan, self.plan.scenario.settings.grants.formula
        if not (formula.young_people or formula.neet or formula.baseline):
            return None
        shares = [formula_shares(plan.data, plan.scenario.settings, t) for t in range(len(self.years))]
        return np.stack(shares, axis=1) * plan.recomputed.money

    @cached_property
    def distances(self) -> tuple[Distance, ...]:
        """How far the grants are from the formula's, by year; empty where there is no formula."""
        if self.formula is None:
            return ()
        found = []
        for t, year in enumerate(self.years):
            grant, formula = self.plan.figures.grant[:, t], self.formula[:, t]
            pounds = float(np.abs(grant - formula).sum() / 2)
            moved = pounds / max(float(formula.sum()), 1e-9)
            found.append(
                Distance(year, pounds, moved, int((np.abs(grant - formula) <= 0.05 * formula * (1 + 1e-9)).sum()))
            )
        return tuple(found)


def losers_and_gainers(found: Movers) -> tuple[int, int]:
    """Give how many lose and how many gain more than one per cent on shares as before."""
    return found.on_shares[0] + found.on_shares[1], found.on_shares[3] + found.on_shares[4]
