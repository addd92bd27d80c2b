"""What a plan yields under other values of its uncertain inputs, in bulk: many draws at once, by matrix products.

Places are as planned. counted and lasts as in docs/model.md, so that what a plan reaches is linear in its effects, and
all draws are one product where only these are uncertain. A negative effect keeps its bands and a positive one too,
whatever the draw; what is drawn ends where its column ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator import units
from allocator.errors import UsageError
from allocator.recompute.figures import indexes, money_available, spend_by_use
from allocator.recompute.goals import compared
from allocator.register import GOALS, goals
from allocator.register.place import Place
from allocator.scenario.amounts import KINDS, Kind, planned_effects, planned_errors, standardised, targets
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats, Integers

BLOCK = 2_000  # draws that are worked out together where more than effects are uncertain


@dataclass(frozen=True)
class Aim:
    """A target: whose it is, of which year, and what it asks."""

    place: Place
    year: int
    members: tuple[int, ...]
    most_neet: float | None
    share: float | None


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What comes of some draws, [draw] each. goal: in its unit. targets: by how much each is exceeded, [draw, target].

    spend: £ cash of all years. last: young people fewer NEET at the end of the last year.
    """

    goal: Floats
    targets: Floats
    spend: Floats
    last: Floats


class Uncertain:
    """A plan and its uncertain inputs; the errors of all kinds stand beside each other, in the order of kinds."""

    def __init__(self, d: DataSet, s: Settings, figures: Figures) -> None:
        """Take the plan apart; nothing is solved. Raises UsageError for a goal that its effects do not say all of."""
        if not goals.of(s).counts:
            known = [goal.name for goal in GOALS.values() if goal.counts]
            raise UsageError("risk", f"found the goal {s.goal.measure}", units.listed(known, "or"), "")
        self.d, self.s, self.figures = d, s, figures
        self.pairs: Integers = np.array(d.offers)
        i, g = self.pairs.T
        self.effects, self.errors = planned_effects(d, s)[i, g], planned_errors(d, s)[i, g]
        relative = np.where(self.effects[:, None] < 0, 1.0, d.relative_effect[i])  # [pair, b]
        # a unit of effect at once, by partnership, year of the place and pair
        served = np.einsum("ptkb,kb->ptk", figures.places[:, :, i, g, :], relative)
        self.base: Floats = served * (1.0 - d.displacement)[i]
        self.years, self.tail = len(d.years), s.goal.tail_years
        self.weights = np.array([s.goal.weights.get(p, 1.0) for p in d.partnerships])
        counts: dict[Kind, int] = {
            "effects": len(d.interventions) if self.errors.any() else 0,
            "persistence": len(d.interventions) if d.persistence_se.any() else 0,
            "effect_multiplier": len(d.partnerships) if d.effect_multiplier_se.any() else 0,
            "unit_cost": len(d.interventions) if d.unit_cost_se.any() else 0,
            "neet": len(d.partnerships) if np.nan_to_num(d.neet_se).any() else 0,
        }
        self.counts = {kind: counts[kind] for kind in KINDS if counts[kind]}

    @property
    def linear(self) -> bool:
        """Whether nothing but effects is uncertain."""
        return set(self.counts) <= {"effects"} and not goals.of(self.s).smallest_of_all

    @cached_property
    def aims(self) -> tuple[Aim, ...]:
        """Every target, those of the scenario in place of the table's, in the order of their places."""
        found = [
            Aim(
                Place.of_scope(aim.scope, aim.name, self.d.years[aim.year]),
                aim.year,
                aim.partnerships,
                aim.max_neet,
                aim.reduction_share,
            )
            for aim in targets(self.d, self.s)
        ]
        return tuple(sorted(found, key=lambda aim: (aim.place.scope, aim.place.words)))

    def drawn(self, draws: int, common: float) -> Floats:
        """Draw the standardised errors of every uncertain input, [draw, input]."""
        parts = [standardised(draws, n, common, self.s.risk.seed, kind) for kind, n in self.counts.items()]
        return np.concatenate(parts, axis=1) if parts else np.zeros((draws, 0))

    def outcomes(self, errors: Floats) -> Outcomes:
        """Give what comes of some draws of all errors, [draw, input]."""
        if self.linear:
            return self._by_product(errors)
        blocks = [self._worked(errors[n : n + BLOCK]) for n in range(0, max(len(errors), 1), BLOCK)]
        columns = zip(*((one.goal, one.targets, one.spend, one.last) for one in blocks), strict=True)
        return Outcomes(*(np.concatenate(parts) for parts in columns))

    # --- one product, where only effects are uncertain -----------------------------------------------------------

    @cached_property
    def _unit(self) -> tuple[Floats, Floats, Floats]:
        """What a unit of each effect adds to the goal, to each target's reduction, and to that of the last year."""
        one = np.eye(len(self.pairs))
        reached, counted = self._reached(one, None, None)
        return reached, self._by_aim(counted, len(one)), counted[self.years - 1].sum(axis=1)

    def _by_aim(self, counted: dict[int, Floats], draws: int) -> Floats:
        """Add up who is counted in the scope of each target at the end of its year, [draw, target]."""
        by_aim = np.zeros((draws, len(self.aims)))
        for n, aim in enumerate(self.aims):
            by_aim[:, n] = counted[aim.year][:, list(aim.members)].sum(axis=1)
        return by_aim

    def _by_product(self, errors: Floats) -> Outcomes:
        effects = self._effects(errors)
        goal, by_aim, last = self._unit
        spend = np.full(len(errors), self._spend.sum())
        required = np.array([self._required(aim, self.d.neet[None])[0] for aim in self.aims])
        reached = effects @ np.column_stack([goal, by_aim, last])
        targets = reached[:, 1:-1] - required
        return Outcomes(self._goal(reached[:, 0], np.zeros(len(errors))), targets, spend, reached[:, -1])

    # --- all of it ------------------------------------------------------------------------------------------------

    def _parts(self, errors: Floats) -> dict[Kind, Floats]:
        ends = np.cumsum([0, *self.counts.values()])
        return {kind: errors[:, ends[n] : ends[n + 1]] for n, kind in enumerate(self.counts)}

    def _effects(self, errors: Floats) -> Floats:
        drawn = self._parts(errors).get("effects")
        if drawn is None:
            return np.broadcast_to(self.effects, (len(errors), len(self.effects)))
        effects: Floats = np.clip(self.effects + self.errors * drawn[:, self.pairs[:, 0]], -1.0, 1.0)
        return effects

    def _worked(self, errors: Floats) -> Outcomes:
        d, parts = self.d, self._parts(errors)
        persistence = multiplier = None
        if "persistence" in parts:
            persistence = np.clip(d.persistence + d.persistence_se * parts["persistence"], 0.0, 1.0)
        if "effect_multiplier" in parts:
            drawn = d.effect_multiplier + d.effect_multiplier_se * parts["effect_multiplier"]
            multiplier = np.maximum(drawn, 0.0)
        reached, counted = self._reached(self._effects(errors), persistence, multiplier)
        neet = d.neet[None]
        if "neet" in parts:
            drawn = d.neet + np.nan_to_num(d.neet_se) * parts["neet"][:, :, None, None]
            neet = np.clip(drawn, 0.0, d.young_people)
        more = np.zeros((len(errors), self.years))  # £ cash
        if "unit_cost" in parts:
            costs = np.maximum(d.unit_cost + d.unit_cost_se * parts["unit_cost"], 0.0) - d.unit_cost
            places = np.einsum("ptigb->ti", self.figures.places)
            more = (costs @ places.T) * indexes(d, self.s)[0]
        targets = self._by_aim(counted, len(errors))
        for n, aim in enumerate(self.aims):
            targets[:, n] -= self._required(aim, neet)
        last = counted[self.years - 1]
        if goals.of(self.s).smallest_of_all:
            there = compared(d, self.s, range(self.years))
            shares = last[:, there] / np.maximum(neet[:, there, self.years - 1].sum(axis=2), 1e-9)
            goal = shares.min(axis=1) if there.any() else np.zeros(len(errors))
        else:
            real = (more / indexes(d, self.s)[0]) @ self._discount[: self.years]
            goal = self._goal(reached, real)
        return Outcomes(goal, targets, self._spend.sum() + more.sum(axis=1), last.sum(axis=1))

    def _reached(
        self, effects: Floats, persistence: Floats | None, multiplier: Floats | None
    ) -> tuple[Floats, dict[int, Floats]]:
        """Give what the goal counts of people, [draw], and who is counted at the end of years, by year [draw, p]."""
        d, (i, g) = self.d, self.pairs.T
        still = d.persistence[i][None] if persistence is None else persistence[:, i]  # [draw or 1, pair]
        places = self.base.reshape(len(d.partnerships), -1)  # [p, (t, pair)]
        times = d.effect_multiplier[None] if multiplier is None else multiplier

        def left_of(share: Floats, year: int) -> Floats:
            """Give what stands of the places of each year at the end of another, [draw or 1, t, pair]."""
            age = year - np.arange(self.years)[:, None] - d.lag[i]
            return np.where(age >= 0, share[:, None, :] ** np.maximum(age, 0), 0.0)

        def by_partnership(stands: Floats) -> Floats:
            each = (stands * effects[:, None, :]).reshape(len(effects), -1)
            return (each @ places.T) * times

        wanted = {aim.year for aim in self.aims} | {self.years - 1}
        counted = {year: by_partnership(left_of(still * d.stays[g], year)) for year in sorted(wanted)}
        if goals.of(self.s).counts == "last_year":
            return counted[self.years - 1] @ self.weights, counted
        whole = sum(
            (self._discount[year] * left_of(still, year) for year in range(self.years + self.tail)),
            np.zeros((1, self.years, len(i))),
        )
        return by_partnership(whole) @ self.weights, counted

    @cached_property
    def _discount(self) -> Floats:
        years: Floats = np.arange(self.years + self.tail, dtype=np.float64)
        return (1.0 + self.s.goal.discount_rate) ** -years

    @cached_property
    def _spend(self) -> Floats:
        """[t] £ cash of the plan as it stands."""
        spend: Floats = sum(spend_by_use(self.d, self.s, self.figures).values(), np.zeros_like(self.figures.grant))
        return spend.sum(axis=0)

    def _goal(self, reached: Floats, more: Floats) -> Floats:
        """Give the goal of what is reached; more: £ of base-year prices, discounted, that are spent besides."""
        goal = goals.of(self.s)
        if not goal.in_pounds:
            return reached
        cost = float((self._spend / indexes(self.d, self.s)[0]) @ self._discount[: self.years]) + more
        if goal.of_effects:
            return self.s.goal.benefit_per_neet * reached - cost
        return cost

    def _required(self, aim: Aim, neet: Floats) -> Floats:
        """Give the fall that a target asks for, [draw]. neet: [draw, p, t, g]."""
        total: Floats = neet[:, list(aim.members), aim.year].sum(axis=(1, 2))
        return total - aim.most_neet if aim.most_neet is not None else (aim.share or 0.0) * total

    @property
    def money(self) -> float:
        """£ cash that there is in all years."""
        return float(money_available(self.d, self.s).sum())
