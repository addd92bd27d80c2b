"""The decisions of the programme: every variable, its index, its bound and its unit."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

import numpy as np
from pulp import LpVariable

from allocator.programme.boxes import THOUSAND, Boxes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulp import LpProblem

    from allocator.programme.situation import Situation
    from allocator.scenario.settings import Settings
    from allocator.tables.dataset import DataSet, Floats

Index = tuple[int, ...]
Term = tuple[LpVariable, float]

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
    "shortfall": "the unit of its rule",
}


def safe_names(names: Iterable[str]) -> list[str]:
    """Each name in letters that every solver's file format takes, and no two alike."""
    taken: set[str] = set()
    safe = []
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_.]", "_", name) or "_"
        candidate, count = plain, 1
        while candidate in taken:
            count += 1
            candidate = f"{plain}.{count}"
        taken.add(candidate)
        safe.append(candidate)
    return safe


class Decisions:
    """Every decision variable, by index: p partnership, t year, i intervention, g group, b band, a grade.

    Each family is a dict from its index to the variable, for the planned years; all are at least 0.
    keys holds the words of every column, in the order in which the variables were made.
    gain[i, g, b] is the effect of a place at once; lasting(i, k) the share that stands k years on.
    """

    def __init__(
        self,
        problem: LpProblem,
        d: DataSet,
        s: Settings,
        now: Situation,
        box: Boxes,
        grants_set: Floats | None,
        formula: Floats | None,
    ) -> None:
        """grants_set and formula: [p, y] in pounds; None where grants are free, or the distribution is no blend."""
        self.now = now
        self.grants_set = grants_set
        self.formula = formula
        self.smallest_share: LpVariable | None = None  # made by the goal `fairest`
        self.keys: list[tuple[str, ...]] = []
        self._problem = problem
        self._names: dict[str, str] = {}
        for names in (d.partnerships, d.years, d.interventions, d.client_groups, d.grades):
            self._names.update(zip(names, safe_names(names), strict=True))
        width = max(int(d.bands.max()), 1)
        self._bands = tuple(str(b + 1) for b in range(width))
        self._names.update(zip(self._bands, self._bands, strict=True))

        # for a negative effect every band counts whole, else a linear programme would fill the last band first
        relative = np.where(d.effect[:, :, None] < 0, 1.0, d.relative_effect[:, None, :])
        self.gain: Floats = d.effect[:, :, None] * relative
        self._lasting = [
            _lasting(float(d.persistence[i]), int(d.lag[i]), len(d.years) + s.goal.tail_years + 1)
            for i in range(len(d.interventions))
        ]

        self.served = tuple((i, g, b) for i, g in d.offers for b in range(int(d.bands[i])))
        partnerships, years = range(len(d.partnerships)), now.years
        uppers = self.uppers(d, box)
        ptigb = [(p, t, i, g, b) for p in partnerships for t in years for i, g, b in self.served]
        words: list[tuple[str, ...]] = [
            (d.partnerships[p], d.years[t], d.interventions[i], d.client_groups[g], self._bands[b])
            for p, t, i, g, b in ptigb
        ]
        self.places = self._family("places", ptigb, words, uppers["places"])
        pta = [(p, t, a) for p in partnerships for t in years for a in range(len(d.grades))]
        words = [(d.partnerships[p], d.years[t], d.grades[a]) for p, t, a in pta]
        self.fte = self._family("fte", pta, words, uppers["fte"])
        self.recruits = self._family("recruits", pta, words, uppers["recruits"])
        self.redundancies = self._family("redundancies", pta, words, uppers["redundancies"])
        self.training = self._family("training", pta, words, uppers["training"])
        pt = [(p, t) for p in partnerships for t in years]
        words = [(d.partnerships[p], d.years[t]) for p, t in pt]
        self.grant = self._family("grant", pt, words, uppers["grant"])
        self.carry = self._family("carry", pt, words, uppers["carry"])
        self.lapse = self._family("lapse", pt, words, uppers["lapse"])

    def uppers(self, d: DataSet, box: Boxes) -> dict[str, Floats]:
        """The upper bounds of each family's variables, in the order in which they are made."""
        i, g, b = (np.array([index[k] for index in self.served], dtype=np.int64) for k in range(3))
        people = d.young_people[:, list(self.now.years)][:, :, g]
        return {
            "places": (people * (d.width[i, b] * d.max_uptake[i, g])).ravel(),
            "fte": box.fte.ravel(),
            "recruits": box.recruits.ravel(),
            "redundancies": box.redundancies.ravel(),
            "training": box.training.ravel(),
            "grant": box.grant.ravel(),
            "carry": box.carry.ravel(),
            "lapse": box.lapse.ravel(),
        }

    def seen_with(self, now: Situation, grants_set: Floats | None, formula: Floats | None) -> Decisions:
        """The same variables in another situation of the same years."""
        other = copy.copy(self)
        other.now, other.grants_set, other.formula = now, grants_set, formula
        return other

    def _family(
        self, name: str, indices: Sequence[Index], words: Sequence[tuple[str, ...]], uppers: Iterable[float]
    ) -> dict[Index, LpVariable]:
        """Make one variable an index, named family|word|word, boxed between 0 and its upper bound."""
        safe = self._names
        pattern = name + "|%s" * len(words[0]) if words else name
        made = self._problem.add_variable_dict(pattern, [tuple(safe[w] for w in row) for row in words], 0.0)
        family = dict(zip(indices, made.values(), strict=True))
        for variable, upper in zip(family.values(), uppers, strict=True):
            variable.upBound = float(upper)
        self.keys.extend((name, *row) for row in words)
        return family

    def add(self, name: str, key: tuple[str, ...], lower: float, upper: float) -> LpVariable:
        """Make one more variable: a shortfall, or the smallest share."""
        label = "|".join(re.sub(r"[^A-Za-z0-9_.]", "_", word) for word in (name, *key))
        self.keys.append((name, *key))
        return self._problem.add_variable(f"{label}|{len(self.keys)}", lower, upper)

    def fte_before(self, p: int, t: int, a: int) -> LpVariable | float:
        """Advisers in post in the year before t: a decision, or what the plan starts from."""
        return self.fte[p, t - 1, a] if t > self.now.years[0] else float(self.now.advisers_before[p, a])

    def training_before(self, p: int, t: int, a: int) -> LpVariable | float:
        """Advisers who trained in the year before t."""
        return self.training[p, t - 1, a] if t > self.now.years[0] else float(self.now.trainees_before[p, a])

    def carry_before(self, p: int, t: int) -> LpVariable | float:
        """Money carried into t, in thousands of pounds."""
        return self.carry[p, t - 1] if t > self.now.years[0] else float(self.now.carried_in[p]) / THOUSAND

    def grant_before(self, p: int, t: int) -> LpVariable | float:
        """The grant of the year before t, in thousands of pounds."""
        return self.grant[p, t - 1] if t > self.now.years[0] else float(self.now.grants_before[p]) / THOUSAND

    def lasting(self, i: int, years_on: int) -> float:
        """The share of intervention i's effect that stands so many years after the place."""
        return self._lasting[i][years_on]

    def reduction(self, d: DataSet, p: int, t: int) -> list[Term]:
        """Terms of the reduction standing at the end of t, of the places of the planned years up to t."""
        multiplier = float(d.effect_multiplier[p])
        terms = []
        for s in range(self.now.years[0], min(t, self.now.last) + 1):
            for i, g, b in self.served:
                coefficient = multiplier * float(self.gain[i, g, b]) * self._lasting[i][t - s]
                if abs(coefficient) >= SMALLEST_COEFFICIENT:
                    terms.append((self.places[p, s, i, g, b], coefficient))
        return terms


def _lasting(persistence: float, lag: int, horizon: int) -> list[float]:
    """The share of an effect standing 0, 1, 2 … years after the place: nothing before the lag, then persistence^k."""
    return [0.0 if k < lag else persistence ** (k - lag) for k in range(horizon)]
