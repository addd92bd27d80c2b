"""The decisions of the programme: every variable, its index, its bound and its unit."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocator.programme.bounds import THOUSAND, UpperBounds
from allocator.programme.situation import Situation
from allocator.programme.terms import Terms, total
from allocator.scenario.amounts import pay_index, planned_effects, price_index
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats, Integers

if TYPE_CHECKING:
    from pulp import LpAffineExpression, LpProblem, LpVariable


Index = tuple[int, ...]

SMALLEST_COEFFICIENT = 1e-9  # below it the solver would drop a coefficient without a word, so it is left out here

UNITS = {
    "places": "young people",
    "fte": "FTE",
    "recruits": "FTE",
    "redundancies": "FTE",
    "training": "FTE",
    "grant": "£ thousand",
    "carry": "£ thousand",
    "lapse": "£ thousand",
    "smallest_share": "share of NEET young people",
    "exposure": "young people or their years, a unit of effect",
    "spending": "young person-years",
    "tail": "young people or their years",
    "below": "young people or their years",
    "shortfall": "the unit of its rule",
}


@cache
def plain(word: str) -> str:
    """Give a word in letters that every solver's file format takes."""
    return re.sub(r"[^A-Za-z0-9_.]", "_", word) or "_"


def safe_names(names: Iterable[str]) -> list[str]:
    """Give each name in letters that every solver's file format takes, and no two alike."""
    taken: set[str] = set()
    safe = []
    for name in names:
        candidate, count = plain(name), 1
        while candidate in taken:
            count += 1
            candidate = f"{plain(name)}.{count}"
        taken.add(candidate)
        safe.append(candidate)
    return safe


@dataclass(frozen=True)
class Caution:
    """The variables of a goal that weighs its worst draws; see programme/caution.py."""

    exposures: tuple[LpVariable, ...]  # by pair of DataSet.offers
    spending: LpVariable | None  # what of the goal no effect changes; None where there is nothing of it
    tail: LpVariable
    below: tuple[LpVariable, ...]  # by draw


class Decisions:
    """Every decision variable, by index: p partnership, t year, i intervention, g group, b band, a grade.

    Each family is a dict from its index to the variable, for the planned years; all are at least 0.
    keys holds the words of every column, in the order in which the variables were made.
    price_index[t] and pay_index[t] are those that the settings give for every year of the data.
    gain[i, g, b] is the effect of a place at once, less what others lose by it; counted[k, n] and lasts[k, n] the
    share of it that stands k years on, for the n-th of the places served: of those still of the ages counted, and of
    all who were helped.
    """

    def __init__(
        self,
        problem: LpProblem,
        d: DataSet,
        s: Settings,
        now: Situation,
        upper: UpperBounds,
        grants_set: Floats | None,
        formula: Floats | None,
    ) -> None:
        """Make every variable.

        grants_set and formula: [p, y] in pounds; None where grants are free, or the distribution is no blend.
        """
        self.now = now
        self.price_index, self.pay_index = price_index(d, s), pay_index(d, s)
        self.grants_set = grants_set
        self.formula = formula
        self.smallest_share: LpVariable | None = None  # made by the goal `fairest`
        self.caution: Caution | None = None  # made where the goal weighs its worst draws
        self.keys: list[tuple[str, ...]] = []
        self._problem = problem
        bands = tuple(str(b + 1) for b in range(max(int(d.bands.max()), 1)))
        self._words: dict[str, Sequence[str]] = dict(
            zip("ptigba", (d.partnerships, d.years, d.interventions, d.client_groups, bands, d.grades), strict=True)
        )
        self._safe: dict[str, Sequence[str]] = {letter: safe_names(words) for letter, words in self._words.items()}

        # for a negative effect every band counts whole, else a linear programme would fill the last band first
        effect = planned_effects(d, s)[:, :, None]
        relative = np.where(effect < 0, 1.0, d.relative_effect[:, None, :])
        unit = (1.0 - d.displacement)[:, None, None] * relative
        self.gain: Floats = effect * unit

        self.served = tuple((i, g, b) for i, g in d.offers for b in range(int(d.bands[i])))
        partnerships, years = range(len(d.partnerships)), now.years
        uppers = self.uppers(d, upper)
        ptigb = [(p, t, i, g, b) for p in partnerships for t in years for i, g, b in self.served]
        pta = [(p, t, a) for p in partnerships for t in years for a in range(len(d.grades))]
        pt = [(p, t) for p in partnerships for t in years]
        self.ids: dict[str, Integers] = {}  # the numbers of each family's variables, in order: for sums in bulk
        self.places = self._family("places", "ptigb", ptigb, uppers)
        self.fte = self._family("fte", "pta", pta, uppers)
        self.recruits = self._family("recruits", "pta", pta, uppers)
        self.redundancies = self._family("redundancies", "pta", pta, uppers)
        self.training = self._family("training", "pta", pta, uppers)
        self.grant = self._family("grant", "pt", pt, uppers)
        self.carry = self._family("carry", "pt", pt, uppers)
        self.lapse = self._family("lapse", "pt", pt, uppers)

        # the places by number: [p, y, k], k the place of (i, g, b) among those served
        shape = (len(d.partnerships), len(years), len(self.served))
        self.place_ids = self.ids["places"].reshape(shape)
        i, g, b = (np.array([index[k] for index in self.served], dtype=np.int64) for k in range(3))
        self.place_uppers = uppers["places"]  # by number: places are the first variables made
        self.upper_bounds: Floats = np.concatenate(list(uppers.values()))  # by number, of the families above
        self.served_intervention: Integers = i
        self.served_group: Integers = g
        self.served_gain: Floats = self.gain[i, g, b]
        self.served_unit: Floats = unit[i, g, b]  # the same of an effect of 1
        horizon = len(d.years) + s.goal.tail_years + 1
        self.lasts = _lasting_shares(d.persistence[i], d.lag[i], horizon)
        self.counted = _lasting_shares(d.persistence[i] * d.stays[g], d.lag[i], horizon)

    def uppers(self, d: DataSet, upper: UpperBounds) -> dict[str, Floats]:
        """Give the upper bounds of each family's variables, in the order in which they are made."""
        i, g, b = (np.array([index[k] for index in self.served], dtype=np.int64) for k in range(3))
        people = d.young_people[:, list(self.now.years)][:, :, g]
        return {
            "places": (people * (d.width[i, b] * d.max_uptake[i, g])).ravel(),
            "fte": upper.fte.ravel(),
            "recruits": upper.recruits.ravel(),
            "redundancies": upper.redundancies.ravel(),
            "training": upper.training.ravel(),
            "grant": upper.grant.ravel(),
            "carry": upper.carry.ravel(),
            "lapse": upper.lapse.ravel(),
        }

    def seen_with(
        self, d: DataSet, s: Settings, now: Situation, grants_set: Floats | None, formula: Floats | None
    ) -> Decisions:
        """Give the same variables in another situation of the same years, with the prices that the settings now
        give.
        """
        other = copy.copy(self)
        other.now, other.grants_set, other.formula = now, grants_set, formula
        other.price_index, other.pay_index = price_index(d, s), pay_index(d, s)
        return other

    def _family(
        self, name: str, letters: str, indices: Sequence[Index], uppers: dict[str, Floats]
    ) -> dict[Index, LpVariable]:
        """Make one variable an index, named family|word|word, between 0 and its upper bound."""
        words, labels = (self._named(names, letters, indices) for names in (self._words, self._safe))
        made = self._problem.add_variable_dict(name + "|%s" * len(letters), labels, 0.0)
        family = dict(zip(indices, made.values(), strict=True))
        for variable, upper in zip(family.values(), uppers[name].tolist(), strict=True):
            variable.upBound = upper
        self.ids[name] = np.array([variable.id for variable in family.values()], dtype=np.int64)
        self.keys.extend((name, *key) for key in words)
        return family

    @staticmethod
    def _named(names: dict[str, Sequence[str]], letters: str, indices: Sequence[Index]) -> list[tuple[str, ...]]:
        """Give the names of each index."""
        by_letter = zip(letters, zip(*indices, strict=True), strict=False)  # without an index there are no parts
        parts = [map(names[letter].__getitem__, part) for letter, part in by_letter]
        return list(zip(*parts, strict=True))

    def add(self, name: str, key: tuple[str, ...], lower: float, upper: float) -> LpVariable:
        """Make one more variable: a shortfall, or the smallest share."""
        label = "|".join([plain(word) for word in (name, *key)])
        self.keys.append((name, *key))
        return self._problem.add_variable(f"{label}|{len(self.keys)}", lower, upper)

    def of(self, family: str, p: int, t: int) -> Integers:
        """Give the numbers of a family's variables of one partnership and year: of fte, one a grade."""
        count = len(self.ids[family]) // (len(self.place_ids) * len(self.now.years))
        first = (p * len(self.now.years) + t - self.now.years[0]) * count
        return self.ids[family][first : first + count]

    def places_where(self, which: NDArray[np.bool_], coefficients: Floats | None = None) -> Callable[[int, int], Terms]:
        """Give the places of any partnership and year, by [p, t], of the served that count.

        which: [n] for each of those served. coefficients: [n] of a place; 1 where left out.
        """
        of_all = self.place_ids[:, :, which]
        each = np.ones(of_all.shape[2]) if coefficients is None else coefficients[which]
        return lambda p, t: Terms(of_all[p, t - self.now.years[0]], each)

    def fte_before(self, p: int, t: int, a: int) -> LpVariable | float:
        """Give the advisers in post in the year before t: a decision, or what the plan starts from."""
        return self.fte[p, t - 1, a] if t > self.now.years[0] else float(self.now.advisers_before[p, a])

    def training_before(self, p: int, t: int, a: int) -> LpVariable | float:
        """Give the advisers who trained in the year before t."""
        return self.training[p, t - 1, a] if t > self.now.years[0] else float(self.now.trainees_before[p, a])

    def carry_before(self, p: int, t: int) -> LpVariable | float:
        """Give money carried into t, in thousands of pounds."""
        return self.carry[p, t - 1] if t > self.now.years[0] else float(self.now.carried_in[p]) / THOUSAND

    def grant_before(self, p: int, t: int) -> LpVariable | float:
        """Give the grant of the year before t, in thousands of pounds."""
        return self.grant[p, t - 1] if t > self.now.years[0] else float(self.now.grants_before[p]) / THOUSAND

    def reduction(self, d: DataSet, p: int, t: int, gain: Floats | None = None) -> Terms:
        """Give the reduction counted at the end of t, of the places of the planned years up to t.

        gain: of each of the places served, in place of served_gain.
        """
        ids, coefficients = [], []
        of_each = self.served_gain if gain is None else gain
        for y, s in enumerate(range(self.now.years[0], min(t, self.now.last) + 1)):
            effect = float(d.effect_multiplier[p]) * of_each * self.counted[t - s]
            written = np.abs(effect) >= SMALLEST_COEFFICIENT
            ids.append(self.place_ids[p, y, written])
            coefficients.append(effect[written])
        return Terms(np.concatenate(ids), np.concatenate(coefficients))

    def total(self, terms: Terms) -> LpAffineExpression:
        """Give terms as an expression, for a row or a goal."""
        return total(self._problem, terms)


def _lasting_shares(share: Floats, lag: Integers, horizon: int) -> Floats:
    """Give the share of each effect that lasts 0, 1, 2 … years after the place, [k, n].

    0 before the lag, then share^k.
    """
    years = np.arange(horizon)[:, None] - lag
    return np.where(years >= 0, share ** np.maximum(years, 0), 0.0)
