"""The model once more, written from docs/model.md alone: the tables straight into matrices, each stage solved cold.

It shares no code with the program: rows of the CSV files and the keys of the scenario file go in; scipy's linprog
solves; the squares of the stage grants are cut from below by tangents until both bounds meet. Money is in thousands
of pounds. What the program may differ by is known by solving with the optima held a little looser (`hold`).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

HOLD, SMALLEST = 1e-7, 1e-2
SET = ("formula", "historical", "equal", "given")
ON_GRANTS = ("grant", "share_of_money", "to_baseline", "to_last_year", "to_shares_as_before", "per_young_person")
DISTANCE = 1e-8  # of the bounds of the squares, relative to the sum
ROUNDS = 120

Row = tuple[dict[tuple[Any, ...], float], float, float]


class NoPlanError(Exception):
    """No plan keeps the rules."""


class StuckError(Exception):
    """The solver has no answer, so that nothing can be compared."""


@dataclass
class Reached:
    """What a plan comes to, all of the final plan but `soft`, which is the first stage's own."""

    soft: float
    goal: float
    then: float
    redundancies: float
    change: float
    grants: np.ndarray  # [p, t] £ thousand
    first_year: float  # reduction counted at the end of the first year
    shares: list[float] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    again: float = 0.0


def number(value: Any, default: float = 0.0) -> float:
    return default if value in (None, "") else float(value)


class Tables:
    """The tables as dictionaries of numbers; years as listed, grades by rank."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        rows = tables
        self.years = [str(row["year"]) for row in rows["years"]]
        self.year = {row["year"]: row for row in rows["years"]}
        self.partnerships = {row["partnership"]: row for row in rows["partnerships"]}
        self.groups = list(dict.fromkeys(row["client_group"] for row in rows["young_people"]))
        self.people = {
            (row["partnership"], row["client_group"], self.years.index(row["year"])): float(row["young_people"])
            for row in rows["young_people"]
        }
        self.neet_of = {
            (row["partnership"], row["client_group"], self.years.index(row["year"])): float(row["neet"])
            for row in rows["young_people"]
        }
        self.grades = sorted(rows["grades"], key=lambda row: float(row["rank"]))
        self.grade = [row["grade"] for row in self.grades]
        self.posts = {(row["partnership"], row["grade"]): float(row["fte"]) for row in rows["workforce"]}
        self.interventions = {row["intervention"]: row for row in rows["interventions"]}
        self.effects = {(row["intervention"], row["client_group"]): row for row in rows["effects"]}
        self.stays = {row["client_group"]: number(row["stays"], 1.0) for row in rows.get("client_groups", ())}
        self.bands: dict[str, list[tuple[float, float]]] = {i: [(1.0, 1.0)] for i in self.interventions}
        for i in {row["intervention"] for row in rows.get("returns", ())}:
            listed = sorted(
                (float(row["band"]), float(row["width"]), float(row["relative_effect"]))
                for row in rows["returns"]
                if row["intervention"] == i
            )
            self.bands[i] = [(width, relative) for _, width, relative in listed]
        self.capacities = rows.get("capacities", [])
        self.guarantees = rows.get("guarantees", [])
        self.targets = rows.get("targets", [])
        self.limits = rows.get("limits", [])

    def neet(self, p: str, t: int) -> float:
        return sum(self.neet_of[p, g, t] for g in self.groups)

    def young(self, p: str, t: int, group: str | None = None) -> float:
        return sum(self.people[p, g, t] for g in self.groups if group in (None, g))

    def members(self, scope: str, name: str) -> list[str]:
        if scope == "national":
            return list(self.partnerships)
        if scope == "partnership":
            return [name]
        return [p for p, row in self.partnerships.items() if row["region"] == name]


@dataclass
class State:
    """What the years before the first planned leave behind."""

    grants: dict[str, float]  # £ thousand
    carried: dict[str, float]
    posts: dict[tuple[str, str], float]
    trainees: dict[tuple[str, str], float]
    served: dict[tuple[Any, ...], float] = field(default_factory=dict)  # places of years carried out


class Second:
    """One data set and scenario, with the amounts that follow from both."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]], scenario: dict[str, Any], hold: float = HOLD) -> None:
        self.d, self.s, self.hold = Tables(tables), scenario, hold
        d = self.d
        goal = self.of("goal")
        self.measure = goal.get("measure", "cumulative")
        self.rate, self.tail = float(goal.get("discount_rate", 0.035)), int(goal.get("tail_years", 0))
        self.benefit = float(goal.get("benefit_per_neet", 0.0))
        self.weights, self.give_up = goal.get("weights", {}), float(goal.get("give_up", 0.0))
        self.rounds = goal.get("rounds", "first")
        rules = self.of("rules")
        off = set(rules.get("off", []))
        self.off = off | ({"max_fall", "max_rise"} if "damping" in off else set())
        self.soft = set(rules.get("soft", ["target", "local_minimum"]))
        self.soft_may_cost = rules.get("soft_may_cost")
        self.distribution = self.of("grants").get("distribution", "optimised")
        self.free = self.distribution not in SET
        self.money = [self._money(t) for t in range(len(d.years))]
        listed = [float(d.year[y]["price_index"]) for y in d.years]
        base = listed.index(1.0) if 1.0 in listed else 0
        prices = self.of("prices")
        on = np.arange(len(d.years), dtype=float) - base
        self.price = list((1 + prices["inflation"]) ** on) if "inflation" in prices else listed
        tabled = [number(d.year[y].get("pay_index"), self.price[t]) for t, y in enumerate(d.years)]
        self.pay = list((1 + prices["pay"]) ** on) if "pay" in prices else tabled
        self.offers = [(i, g, b) for (i, g) in d.effects for b in range(len(d.bands[i]))]

    def of(self, section: str) -> dict[str, Any]:
        return self.s.get(section, {})

    def limit_of(self, section: str, key: str) -> Any:
        value = self.of(section).get(key)
        return None if value == "none" else value

    def _money(self, t: int) -> float:
        """£ thousand."""
        budget, year = self.of("budget"), self.d.years[t]
        scale = budget.get("scale", 1.0)
        scale = scale.get(year, 1.0) if isinstance(scale, dict) else scale
        amount = budget.get("by_year", {}).get(year, float(self.d.year[year]["budget"]))
        return (amount * scale - budget.get("reserve", 0.0)) / 1e3

    # --- what distributions and effects come to --------------------------------------------------------------------

    def baselines(self, t: int) -> dict[str, float]:
        """The shares of the money as before."""
        b = {
            p: float(row["baseline_grant"]) or number(row.get("entry_grant")) for p, row in self.d.partnerships.items()
        }
        if not any(b.values()):
            b = {p: self.d.young(p, t) for p in b}
        total = sum(b.values())
        return {p: value / total for p, value in b.items()}

    def formula(self, years: list[int], money: dict[int, float], before: dict[str, float]) -> dict[Any, float]:
        d, how = self.d, self.of("grants").get("formula", {})
        grants, last = {}, before
        for t in years:
            need = dict.fromkeys(d.partnerships, 0.0)
            for weight, amounts in (
                (how.get("young_people", 0.0), {p: d.young(p, t) for p in need}),
                (how.get("neet", 0.0), {p: d.neet(p, t) for p in need}),
                (how.get("baseline", 0.0), self.baselines(t)),
            ):
                total = sum(amounts.values())
                if weight:
                    need = {p: need[p] + weight * amounts[p] / total for p in need}
            if how.get("area_costs", True):
                need = {p: need[p] * float(d.partnerships[p]["area_cost_factor"]) for p in need}
            total = sum(need.values())
            this = {p: money[t] * need[p] / total for p in need}
            change = how.get("minimum_change")
            if change not in (None, "none"):
                low = {p: (1 + change) * last[p] for p in this}
                if sum(low.values()) > money[t] * (1 + 1e-9):
                    raise NoPlanError
                above = [p for p in this if this[p] > low[p]]
                left = money[t] - sum(low.values())
                more = sum(this[p] - low[p] for p in above)
                this = {p: low[p] + (this[p] - low[p]) * left / more if p in above else low[p] for p in this}
            grants.update({(p, t): this[p] for p in this})
            last = this
        return grants

    def gain(self, p: str, i: str, g: str, b: int) -> float:
        effect = float(self.d.effects[i, g]["effect"])
        relative = 1.0 if effect < 0 else self.d.bands[i][b][1]
        displaced = number(self.d.interventions[i].get("displacement"))
        return effect * (1 - displaced) * float(self.d.partnerships[p]["effect_multiplier"]) * relative

    def stands(self, p: str, i: str, g: str, b: int, after: int, *, counted: bool) -> float:
        row = self.d.interventions[i]
        later = after - int(float(row["lag"]))
        if later < 0:
            return 0.0
        lasts = float(row["persistence"]) * (self.d.stays.get(g, 1.0) if counted else 1.0)
        return float(self.gain(p, i, g, b) * lasts**later)

    def standing(self, state: State, p: str, t: int, *, counted: bool) -> float:
        """What places of years carried out still come to at the end of t."""
        return sum(
            self.stands(p, i, g, b, t - s, counted=counted) * places
            for (q, s, i, g, b), places in state.served.items()
            if q == p
        )

    # --- one plan --------------------------------------------------------------------------------------------------

    def plan(self, years: list[int], money: dict[int, float], state: State, tail: int) -> tuple[dict, Reached]:
        return OnePlan(self, years, money, state, tail).solved()

    def start(self) -> State:
        d = self.d
        return State(
            {p: float(row["baseline_grant"]) / 1e3 for p, row in d.partnerships.items()},
            dict.fromkeys(d.partnerships, 0.0),
            {(p, a): d.posts[p, a] for p in d.partnerships for a in d.grade},
            {(p, a): 0.0 for p in d.partnerships for a in d.grade},
        )

    def answer(self) -> Reached:
        """The whole: raises NoPlanError where there is none."""
        d, certainty = self.d, self.of("certainty")
        every = list(range(len(d.years)))
        if self.distribution == "historical" and not any(
            float(r["baseline_grant"]) or number(r.get("entry_grant")) for r in d.partnerships.values()
        ):
            raise NoPlanError
        if certainty.get("kind", "settlement") == "settlement":
            return self.plan(every, dict(enumerate(self.money)), self.start(), self.tail)[1]
        if (
            len(every) > 1
            and "limit" not in self.off
            and any(row["year"] == "total" and (self.free or row["of"] not in ON_GRANTS) for row in d.limits)
        ):
            raise NoPlanError
        state, came, first = self.start(), {}, None
        for t in every:
            years = every[t : t + int(certainty.get("planning_horizon", 1))]
            believed = {k: self.money[t] * (1.0 if k == t else certainty.get("assumed_future", 1.0)) for k in years}
            values, reached = self.plan(years, believed, state, self.tail if certainty.get("sees_tail") else 0)
            first = reached.first_year if first is None else first
            came.update({key: v for key, v in values.items() if len(key) > 2 and key[2] == t})
            state = State(
                {p: values["grant", p, t] for p in d.partnerships},
                {p: values["carry", p, t] for p in d.partnerships},
                {(p, a): values["fte", p, t, a] for p in d.partnerships for a in d.grade},
                {(p, a): values["training", p, t, a] for p in d.partnerships for a in d.grade},
                {**state.served, **{key[1:]: v for key, v in values.items() if key[:1] == ("places",) and key[2] == t}},
            )
        whole = OnePlan(self, every, dict(enumerate(self.money)), self.start(), self.tail, rows=False)
        return whole.judged({**dict.fromkeys(whole.upper, 0.0), **came}, 0.0, first)


class OnePlan:
    """The linear programme of some years, and its stages. A variable is a tuple: its name, and where it stands."""

    def __init__(
        self, second: Second, years: list[int], money: dict[int, float], state: State, tail: int, *, rows: bool = True
    ) -> None:
        self.m, self.d, self.years, self.money, self.state, self.tail = second, second.d, years, money, state, tail
        self.last = years[-1]
        self.upper: dict[tuple[Any, ...], float] = {}
        self.rows: list[Row] = []
        self.short: dict[tuple[Any, ...], float] = {}  # each shortfall and its requirement
        self.stages: dict[str, float] = {}
        self._variables()
        if rows:
            self._rules()

    def _variables(self) -> None:
        d = self.d
        for p in d.partnerships:
            for t in self.years:
                for i, g, b in self.m.offers:
                    uptake = float(d.effects[i, g]["max_uptake"])
                    self.upper["places", p, t, i, g, b] = d.bands[i][b][0] * uptake * d.people[p, g, t]
                for n, a in enumerate(d.grade):
                    self.upper["fte", p, t, a] = np.inf
                    joins = str(d.grades[n]["recruitable"]).lower() == "true"
                    self.upper["recruits", p, t, a] = np.inf if joins else 0.0
                    self.upper["redundancies", p, t, a] = np.inf
                    self.upper["training", p, t, a] = 0.0 if n == len(d.grade) - 1 else np.inf
                self.upper["grant", p, t] = np.inf
                self.upper["carry", p, t] = 0.0 if t == self.last else np.inf
                self.upper["lapse", p, t] = np.inf

    def add(self, terms: dict[tuple[Any, ...], float], least: float = -np.inf, most: float = np.inf) -> None:
        self.rows.append((terms, least, most))

    def ask(self, rule: str, where: tuple[Any, ...], terms: dict[tuple[Any, ...], float], required: float) -> None:
        """A requirement that may be soft; one that is met already has no row."""
        if required <= 1e-9:
            return
        if rule in self.m.soft:
            name = ("shortfall", rule, *where)
            self.upper[name], self.short[name] = np.inf, required
            terms = {**terms, name: 1.0}
        self.add(terms, required)

    def before(self, family: str, p: str, t: int, *rest: str) -> tuple[dict[tuple[Any, ...], float], float]:
        """A quantity of the year before, as terms and a constant."""
        if t > self.years[0]:
            return {(family, p, t - 1, *rest): 1.0}, 0.0
        there = {"fte": self.state.posts, "training": self.state.trainees}.get(family)
        if there is not None:
            return {}, there[p, rest[0]]
        return {}, {"grant": self.state.grants, "carry": self.state.carried}[family][p]

    def counted(self, p: str, t: int) -> dict[tuple[Any, ...], float]:
        terms = {}
        for s in self.years:
            for i, g, b in self.m.offers:
                share = self.m.stands(p, i, g, b, t - s, counted=True)
                if share:
                    terms["places", p, s, i, g, b] = share
        return terms

    def spend(self, p: str, t: int) -> dict[tuple[Any, ...], float]:
        """£ thousand, beside fixed costs."""
        d, price = self.d, self.m.price[t] / 1e3
        pay = self.m.pay[t] * float(d.partnerships[p]["area_cost_factor"]) / 1e3
        terms = {("places", p, t, i, g, b): price * float(d.interventions[i]["unit_cost"]) for i, g, b in self.m.offers}
        for row in d.grades:
            a = row["grade"]
            terms["fte", p, t, a] = pay * float(row["salary"])
            terms["recruits", p, t, a] = price * float(row["recruitment_cost"])
            terms["redundancies", p, t, a] = price * float(row["redundancy_cost"])
            terms["training", p, t, a] = price * number(row["training_cost"])
        return terms

    def fixed(self, p: str, t: int) -> float:
        return float(self.d.partnerships[p]["fixed_cost"]) * self.m.price[t] / 1e3

    # --- the rules -------------------------------------------------------------------------------------------------

    def _rules(self) -> None:
        for rule in (
            self.eligible,
            self.channel,
            self.hours,
            self.workforce,
            self.recruitment,
            self.national_limits,
            self.qualified,
            self.money_rules,
            self.grant_rules,
            self.guarantee,
            self.outcomes,
            self.limit,
        ):
            rule()

    def on(self, rule: str) -> bool:
        return rule not in self.m.off

    def eligible(self) -> None:
        d = self.d
        for exclusive in {row["exclusive_set"] for row in d.interventions.values()} - {None, ""}:
            inside = [i for i, row in d.interventions.items() if row["exclusive_set"] == exclusive]
            for p, g, t in d.people:
                served = {("places", p, t, i, h, b): 1.0 for i, h, b in self.m.offers if h == g and i in inside}
                if t in self.years and self.on("eligible"):
                    self.add(served, most=d.people[p, g, t])

    def channel(self) -> None:
        for row in self.d.capacities:
            p, t = row["partnership"], self.d.years.index(row["year"])
            if t in self.years and self.on("channel"):
                through = [x for x in self.m.offers if self.d.interventions[x[0]]["channel"] == row["channel"]]
                self.add({("places", p, t, *x): 1.0 for x in through}, most=float(row["places"]))

    def hours(self) -> None:
        d = self.d
        for p in d.partnerships:
            for t in self.years:
                for rank in range(len(d.grade)):
                    terms = {}
                    for i, g, b in self.m.offers:
                        if d.grade.index(d.interventions[i]["min_grade"]) >= rank:
                            terms["places", p, t, i, g, b] = float(d.effects[i, g]["adviser_hours"])
                    for row in d.grades[rank:]:
                        terms["fte", p, t, row["grade"]] = -float(row["productive_hours"])
                        terms["training", p, t, row["grade"]] = number(row["training_hours"])
                    self.add(terms, most=0.0)

    def workforce(self) -> None:
        d = self.d
        for p in d.partnerships:
            for t in self.years:
                for n, row in enumerate(d.grades):
                    a, stay = row["grade"], 1 - float(row["attrition"])
                    terms: dict[tuple[Any, ...], float] = {
                        ("fte", p, t, a): 1.0,
                        ("recruits", p, t, a): -1.0,
                        ("redundancies", p, t, a): 1.0,
                    }
                    known = 0.0
                    parts = [("fte", a, 1.0), ("training", a, -1.0)]
                    if n:
                        parts.append(("training", d.grade[n - 1], 1.0))
                    for family, grade, sign in parts:
                        was, constant = self.before(family, p, t, grade)
                        known += stay * sign * constant
                        terms.update(dict.fromkeys(was, -stay * sign))
                    self.add(terms, known, known)
                    self.add({("training", p, t, a): 1.0, ("fte", p, t, a): -1.0}, most=0.0)  # trainees
                    if t == self.years[0]:  # redundancies are of those who are left of last year's
                        self.upper["redundancies", p, t, a] = known

    def recruitment(self) -> None:
        share = self.m.limit_of("workforce", "max_recruitment")
        if share is None or not self.on("recruitment"):
            return
        for p, row in self.d.partnerships.items():
            for t in self.years:
                terms = {("recruits", p, t, a): 1.0 for a in self.d.grade}
                most = number(row.get("start_up_posts"))
                for a in self.d.grade:
                    was, constant = self.before("fte", p, t, a)
                    terms.update(dict.fromkeys(was, -share))
                    most += share * constant
                self.add(terms, most=most)

    def national_limits(self) -> None:
        d, scale = self.d, self.m.of("workforce").get("headcount_scale", 1.0)
        everyone = [(p, a) for p in d.partnerships for a in d.grade]
        for t in self.years:
            row = d.year[d.years[t]]
            if self.on("training_places"):
                self.add({("training", p, t, a): 1.0 for p, a in everyone}, most=float(row["training_places"]))
            if self.on("headcount"):
                self.add({("fte", p, t, a): 1.0 for p, a in everyone}, most=scale * float(row["headcount_limit"]))
            self.add({("grant", p, t): 1.0 for p in d.partnerships}, most=self.money[t])

    def qualified(self) -> None:
        how = self.m.of("workforce")
        if how.get("qualified_grade") is None or not self.on("qualified"):
            return
        trained = self.d.grade.index(how["qualified_grade"])
        lowest = self.d.grade.index(how["adviser_grade"]) if how.get("adviser_grade") else 0
        for year, share in how.get("qualified_share", {}).items():
            t = self.d.years.index(year)
            for p in self.d.partnerships if t in self.years else ():
                terms = {("fte", p, t, a): (n >= trained) - share * (n >= lowest) for n, a in enumerate(self.d.grade)}
                self.add(terms, least=0.0)

    def money_rules(self) -> None:
        share = self.m.of("budget").get("carry_forward_limit", 0.0)
        for p in self.d.partnerships:
            for t in self.years:
                was, constant = self.before("carry", p, t)
                terms = {("grant", p, t): 1.0, ("carry", p, t): -1.0, ("lapse", p, t): -1.0, **was}
                terms.update({name: -cost for name, cost in self.spend(p, t).items()})
                side = self.fixed(p, t) - constant
                self.add(terms, side, side)
                if self.on("carry_forward"):
                    self.add({("carry", p, t): 1.0, ("grant", p, t): -share}, most=0.0)

    def set_grants(self) -> dict[Any, float]:
        d = self.d
        if self.m.distribution == "formula":
            return self.m.formula(self.years, self.money, self.state.grants)
        if self.m.distribution == "historical":
            return {(p, t): self.money[t] * self.m.baselines(t)[p] for p in d.partnerships for t in self.years}
        total = {t: sum(d.young(p, t) for p in d.partnerships) for t in self.years}
        return {(p, t): self.money[t] * d.young(p, t) / total[t] for p in d.partnerships for t in self.years}

    def grant_rules(self) -> None:
        d, how = self.d, self.m.of("grants")
        if not self.m.free:
            for (p, t), amount in self.set_grants().items():
                self.add({("grant", p, t): 1.0}, amount, amount)
            return
        blend = self.m.distribution == "blend"
        formula = (
            self.m.formula(self.years, self.money, self.state.grants) if blend and self.on("formula_floor") else {}
        )
        floor, cap, fall, rise = (self.m.limit_of("grants", key) for key in ("floor", "cap", "max_fall", "max_rise"))
        for p, row in d.partnerships.items():
            baseline = float(row["baseline_grant"]) / 1e3
            for t in self.years:
                grant = {("grant", p, t): 1.0}
                if formula:
                    share = how["formula_share"]
                    share = share.get(d.years[t], 0.0) if isinstance(share, dict) else share
                    self.add(grant, least=share * formula[p, t])
                if baseline and floor is not None and self.on("floor"):
                    self.add(grant, least=floor * baseline)
                if baseline and cap is not None and self.on("cap"):
                    self.add(grant, most=cap * baseline)
                if not baseline and t == 0:
                    continue
                was, constant = self.before("grant", p, t)
                if fall is not None and self.on("max_fall"):
                    self.add({**grant, **dict.fromkeys(was, fall - 1)}, least=(1 - fall) * constant)
                if rise is not None and self.on("max_rise"):
                    self.add({**grant, **dict.fromkeys(was, -1 - rise)}, most=(1 + rise) * constant)

    def guarantee(self) -> None:
        for n, row in enumerate(self.d.guarantees):
            t, g, named = self.d.years.index(row["year"]), row["client_group"], row["interventions"].split("+")
            if t not in self.years or not self.on("guarantee"):
                continue
            for p in self.d.partnerships:
                served = {("places", p, t, i, h, b): 1.0 for i, h, b in self.m.offers if h == g and i in named}
                self.ask("guarantee", (n, p), served, float(row["min_share"]) * self.d.people[p, g, t])

    def outcomes(self) -> None:
        d = self.d
        local = self.m.of("local")
        most, least = local.get("max_reduction", 1.0), self.m.limit_of("local", "min_reduction")
        for p in d.partnerships:
            for t in self.years:
                done = self.m.standing(self.state, p, t, counted=True)
                if most != "none" and self.on("ceiling"):
                    room = most * d.neet(p, t) - done
                    self.add(self.counted(p, t), most=0.0 if -1e-6 * max(1.0, done) < room < 0 else room)
                if least is not None and t == len(d.years) - 1 and self.on("local_minimum"):
                    self.ask("local_minimum", (p,), self.counted(p, t), self.to_do(least * d.neet(p, t), done))
        aims = {(row["scope"], row["name"] or "", row["year"]): row for row in d.targets}
        for year, share in self.m.of("targets").get("national", {}).items():
            aims["national", "", year] = {"max_neet": None, "reduction_share": share}
        for (scope, name, year), row in aims.items():
            t = d.years.index(year)
            if t not in self.years or not self.on("target"):
                continue
            members = d.members(scope, name)
            neet = sum(d.neet(p, t) for p in members)
            required = (
                neet - float(row["max_neet"])
                if row["max_neet"] not in (None, "")
                else float(row["reduction_share"]) * neet
            )
            terms: dict[tuple[Any, ...], float] = {}
            for p in members:
                terms.update(self.counted(p, t))
            done = sum(self.m.standing(self.state, p, t, counted=True) for p in members)
            self.ask("target", (scope, name, year), terms, self.to_do(required, done))

    @staticmethod
    def to_do(required: float, done: float) -> float:
        """What is left to do; what is but the rounding of earlier years' solutions is nothing."""
        left = required - done
        return 0.0 if done and abs(left) <= 1e-6 * max(1.0, required) else left

    def limit(self) -> None:
        d = self.d
        for row in d.limits if self.on("limit") else ():
            if row["of"] in ON_GRANTS and not self.m.free:
                continue
            every = [[t] for t in range(len(d.years))]
            periods = {"every": every, "total": [list(range(len(d.years)))]}.get(row["year"])
            if periods is None:
                periods = [[d.years.index(row["year"])]]
            members = d.members(row["scope"], row["name"] or "")
            each = str(row["each"]).lower() == "true"
            for years in periods:
                if not set(years) <= set(self.years):
                    continue
                for inside in [[p] for p in members] if each else [members]:
                    self._limit(row, inside, years)

    def _limit(self, row: dict[str, Any], inside: list[str], years: list[int]) -> None:
        d, of = self.d, row["of"]
        group, only = row["client_group"] or None, row["intervention"] or None
        least, most = row["least"], row["most"]
        where = [(p, t) for p in inside for t in years]
        terms: dict[tuple[Any, ...], float] = {}
        multiple: dict[tuple[Any, ...], float] = {}
        known = 1.0
        if of in ON_GRANTS:
            terms = {("grant", p, t): 1.0 for p, t in where}
            known, multiple = self._multiple(of, where, years, group)
            if not known and not multiple:
                return
        elif of in ("places", "place_spending"):
            for p, t in where:
                for i, g, b in self.m.offers:
                    if group in (None, g) and only in (None, i):
                        price = self.m.price[t] * float(d.interventions[i]["unit_cost"]) / 1e3
                        terms["places", p, t, i, g, b] = 1.0 if of == "places" else price
            known = 1.0 if of == "places" else 1e-3
        else:
            family = {"advisers": "fte"}.get(of, of)
            terms = {(family, p, t, a): 1.0 for p, t in where for a in d.grade}
        for side, sign in ((least, 1.0), (most, -1.0)):
            if side not in (None, ""):
                level = float(side)
                both = {name: sign * value for name, value in terms.items()}
                for name in multiple:
                    both[name] = both.get(name, 0.0) - sign * level
                self.add(both, least=sign * level * known)

    def _multiple(
        self, of: str, where: list[tuple[str, int]], years: list[int], group: str | None
    ) -> tuple[float, dict[tuple[Any, ...], float]]:
        """What a limit on grants is a multiple of: a constant and terms."""
        d, before = self.d, [self.before("grant", p, t) for p, t in where]
        constants = {
            "grant": lambda: 1e-3,
            "share_of_money": lambda: sum(self.money[t] for t in years),
            "to_baseline": lambda: sum(float(d.partnerships[p]["baseline_grant"]) / 1e3 for p, _ in where),
            "to_shares_as_before": lambda: sum(self.money[t] * self.m.baselines(t)[p] for p, t in where),
            "per_young_person": lambda: sum(d.young(p, t, group) for p, t in where) / 1e3,
            "to_last_year": lambda: sum(constant for _, constant in before),
        }
        terms = {name: 1.0 for was, _ in before for name in was} if of == "to_last_year" else {}
        return constants[of](), terms

    # --- the goals -------------------------------------------------------------------------------------------------

    def discount(self, t: int) -> float:
        return float((1 + self.m.rate) ** -t)

    def cumulative(self) -> dict[tuple[Any, ...], float]:
        terms = {}
        for p in self.d.partnerships:
            weight = self.m.weights.get(p, 1.0)
            for s in self.years:
                for i, g, b in self.m.offers:
                    terms["places", p, s, i, g, b] = weight * sum(
                        self.discount(t) * self.m.stands(p, i, g, b, t - s, counted=False)
                        for t in range(s, self.last + self.tail + 1)
                    )
        return terms

    def real_spend(self) -> dict[tuple[Any, ...], float]:
        """£ of base-year prices, discounted, beside fixed costs."""
        terms: dict[tuple[Any, ...], float] = {}
        for p in self.d.partnerships:
            for t in self.years:
                real = 1e3 * self.discount(t) / self.m.price[t]
                terms.update({name: real * cost for name, cost in self.spend(p, t).items()})
        return terms

    def real_fixed(self) -> float:
        return sum(
            1e3 * self.discount(t) / self.m.price[t] * self.fixed(p, t) for p in self.d.partnerships for t in self.years
        )

    def goal(self) -> tuple[dict[tuple[Any, ...], float], bool]:
        if self.m.measure == "final_year":
            terms: dict[tuple[Any, ...], float] = {}
            for p in self.d.partnerships:
                weight = self.m.weights.get(p, 1.0)
                terms.update({name: weight * share for name, share in self.counted(p, self.last).items()})
            return terms, True
        if self.m.measure == "cumulative":
            return self.cumulative(), True
        if self.m.measure == "least_cost":
            return self.real_spend(), False
        if self.m.measure == "benefit":
            worth = {name: self.m.benefit * value for name, value in self.cumulative().items()}
            for name, cost in self.real_spend().items():
                worth[name] = worth.get(name, 0.0) - cost
            return worth, True
        self.upper["smallest",] = np.inf
        return {("smallest",): 1.0}, True

    def compared(self) -> list[str]:
        """The partnerships that fairest is about."""
        return [
            p
            for p in self.d.partnerships
            if self.d.neet(p, self.last) > 0
            and any(share > 0 and self.upper[name] > 0 for name, share in self.counted(p, self.last).items())
        ]

    def share_row(self, p: str, least: float | None = None) -> Row:
        """That a partnership's share is at least the smallest, or at least an amount."""
        neet = self.d.neet(p, self.last)
        done = self.m.standing(self.state, p, self.last, counted=True)
        if least is None:
            return {**self.counted(p, self.last), ("smallest",): -neet}, -done, np.inf
        return self.counted(p, self.last), least * neet - done, np.inf

    # --- the stages ------------------------------------------------------------------------------------------------

    def solve(
        self, cost: dict[tuple[Any, ...], float], held: list[Row], *, maximise: bool, fixed: dict | None = None
    ) -> tuple[float, np.ndarray]:
        """The optimum and the plan; the rows are the rules and what is held."""
        names = {name: n for n, name in enumerate(self.upper)}
        c = np.zeros(len(names))
        for name, value in cost.items():
            c[names[name]] += -value if maximise else value
        largest = np.abs(c).max(initial=0.0) or 1.0
        less, less_side, exact, exact_side = self._matrices(names, held)
        bounds = np.array([(0.0, top) for top in self.upper.values()])
        for name in self.upper:
            if name[0] in ("smallest", "square"):
                bounds[names[name], 0] = -np.inf
        for name, value in (fixed or {}).items():
            bounds[names[name]] = value
        found = None
        for method, tolerance in (("highs-ds", 1e-9), ("highs-ds", 1e-7), ("highs-ipm", 1e-8), ("highs", 1e-7)):
            options = {"primal_feasibility_tolerance": tolerance, "dual_feasibility_tolerance": tolerance}
            found = linprog(
                c * (1e3 / largest),
                less if less.shape[0] else None,
                less_side if less.shape[0] else None,
                exact if exact.shape[0] else None,
                exact_side if exact.shape[0] else None,
                bounds=bounds,
                method=method,
                options=options,
            )
            if found.status in (0, 2):
                break
        if found is None or found.status not in (0, 2):
            raise StuckError(found.message if found is not None else "")
        if found.status == 2:
            raise NoPlanError
        value = float(found.fun) * largest / 1e3
        return (-value if maximise else value), found.x

    def _matrices(self, names: dict[tuple[Any, ...], int], held: list[Row]) -> list[Any]:
        """The rows as linprog takes them: those with one side and their sides, then the equations and theirs."""
        sides: dict[bool, list[tuple[dict[tuple[Any, ...], float], float]]] = {True: [], False: []}
        for terms, least, most in [*self.rows, *held]:
            if least == most:
                sides[True].append((terms, least))
                continue
            if np.isfinite(most):
                sides[False].append((terms, most))
            if np.isfinite(least):
                sides[False].append(({name: -value for name, value in terms.items()}, -least))
        matrices: list[Any] = []
        for equal in (False, True):
            at, values = [], []
            starts = [0]
            for terms, _ in sides[equal]:
                at += [names[name] for name in terms]
                values += terms.values()
                starts.append(len(at))
            shape = (len(sides[equal]), len(names))
            matrices += [csr_array((values, at, starts), shape=shape), np.array([side for _, side in sides[equal]])]
        return matrices

    def kept(self, cost: dict[tuple[Any, ...], float], optimum: float, worse: float, *, maximise: bool) -> Row:
        """A row that holds an optimum, but for what may be given up of it and the slack."""
        largest = max(map(abs, cost.values()), default=1.0) or 1.0
        terms = {name: value / largest for name, value in cost.items()}
        slack = self.m.hold * max(SMALLEST, abs(optimum))
        if maximise:
            return terms, (optimum - worse - slack) / largest, np.inf
        return terms, -np.inf, (optimum + worse + slack) / largest

    def solved(self) -> tuple[dict[tuple[Any, ...], float], Reached]:
        """All stages, one after another."""
        goal, most = self.goal()
        fairest = self.m.measure == "fairest"
        compared = self.compared() if fairest else []
        self.rows += [self.share_row(p) for p in compared]
        if fairest and not compared:
            self.upper["smallest",] = 0.0
        measured = self.real_fixed() * {"benefit": -1.0, "least_cost": 1.0}.get(self.m.measure, 0.0)
        held: list[Row] = []
        if self.short:
            self._soft(goal, held, measured, maximise=most)
        best, plan = self.solve(goal, held, maximise=most)
        worse = self.m.give_up * abs(best + measured)
        self.stages["goal"] = best
        then = self.cumulative() if self.m.measure in ("final_year", "least_cost", "fairest") else None
        shares: dict[str, float] = {}
        if fairest and self.m.rounds == "all":
            shares = self.leximin(compared, held)

        def hold_goal(give_up: float, worse: float) -> list[Row]:
            if shares:
                return [self.share_row(p, v - (1e-4 + give_up) * abs(v)) for p, v in shares.items()]
            return [self.kept(goal, best, worse, maximise=most)]

        reached, loosened = hold_goal(0.0, 0.0), hold_goal(self.m.give_up, worse)
        if then is not None:
            most_of_all, plan = self.solve(then, [*held, *reached], maximise=True)
            self.stages["then"] = most_of_all
            reached.append(self.kept(then, most_of_all, 0.0, maximise=True))
            loosened.append(self.kept(then, most_of_all, self.m.give_up * abs(most_of_all), maximise=True))
        held += loosened if self.m.give_up else reached
        dismissed = {name: 1.0 for name in self.upper if name[0] == "redundancies"}
        fewest, plan = self.solve(dismissed, held, maximise=False)
        self.stages["redundancies"] = fewest
        held.append(self.kept(dismissed, fewest, 0.0, maximise=False))
        grants: dict[tuple[Any, ...], tuple[float, float]] = {}
        if self.m.free:
            quiet = self.least_squares(held)
            grants = {name: (max(value - 1e-6, 0.0), value + 1e-6) for name, value in quiet.items()}
        if self.m.give_up:
            objectives = [(goal, most), *([(then, True)] if then is not None else [])]
            for cost, maximise in objectives:
                again, plan = self.solve(cost, held, maximise=maximise, fixed=grants)
                held.append(self.kept(cost, again, 0.0, maximise=maximise))
        _, plan = self.solve(self.last_cost(), held, maximise=False, fixed=grants)
        values = dict(zip(self.upper, plan.tolist(), strict=True))
        return values, self.judged(values, self.stages.get("soft", 0.0), None)

    def _soft(self, goal: dict, held: list[Row], measured: float, *, maximise: bool) -> None:
        cost = {name: 1.0 / required for name, required in self.short.items()}
        first: list[Row] = []
        if self.m.soft_may_cost is not None:
            free, _ = self.solve(goal, [], maximise=maximise)
            worse = self.m.soft_may_cost * abs(free + measured)
            first.append(self.kept(goal, free, worse, maximise=maximise))
        least, _ = self.solve(cost, first, maximise=False)
        self.stages["soft"] = least
        largest = max(cost.values())
        terms = {name: value / largest for name, value in cost.items()}
        held.append((terms, -np.inf, (least + self.m.hold * max(1.0, least)) / largest))

    def leximin(self, compared: list[str], held: list[Row]) -> dict[str, float]:
        """Raise the smallest share, hold those that can rise no further, and so on until none is left."""
        found: dict[str, float] = {}
        while len(found) < len(compared):
            waiting = [p for p in compared if p not in found]
            fixed = [self.share_row(p, v - 1e-7 * max(v, 1e-3)) for p, v in found.items()]
            kept = self.rows
            self.rows = self.rows[: len(self.rows) - len(compared)] + [self.share_row(p) for p in waiting]
            level, _ = self.solve({("smallest",): 1.0}, [*held, *fixed], maximise=True)
            self.rows = kept[: len(kept) - len(compared)]
            floor = [self.share_row(p, level - 1e-7 * max(level, 1e-3)) for p in waiting]
            stuck = []
            for p in waiting:
                most, _ = self.solve(self.counted(p, self.last), [*held, *fixed, *floor], maximise=True)
                done = self.m.standing(self.state, p, self.last, counted=True)
                if (most + done) / self.d.neet(p, self.last) <= level + 1e-5 * max(abs(level), 1e-3):
                    stuck.append(p)
            self.rows = kept
            found.update(dict.fromkeys(stuck or waiting, level))
        return found

    def squares(self) -> tuple[dict[tuple[Any, ...], float], dict[tuple[Any, ...], float]]:
        """The grants as before and what a change is measured against."""
        before = {(p, t): self.money[t] * self.m.baselines(t)[p] for p in self.d.partnerships for t in self.years}
        mean = {t: sum(before[p, t] for p in self.d.partnerships) / len(self.d.partnerships) for t in self.years}
        return before, {(p, t): max(value, 0.01 * mean[t]) for (p, t), value in before.items()}

    def least_squares(self, held: list[Row]) -> dict[tuple[Any, ...], float]:
        """The grants whose squares are least: tangents until the bound they give is what a plan comes to."""
        before, scale = self.squares()
        names = {at: ("square", *at) for at in before}
        cost = dict.fromkeys(names.values(), 1.0)
        self.upper.update(dict.fromkeys(names.values(), np.inf))
        cuts: list[Row] = [({name: 1.0}, 0.0, np.inf) for name in names.values()]
        points = [{at: before[at] * factor for at in before} for factor in (0.5, 0.9, 1.0, 1.1, 1.5)]
        best, quietest, bound = np.inf, {}, 0.0
        for _ in range(ROUNDS):
            for point in points:
                for at, x in point.items():
                    slope = 2 * (x - before[at]) / scale[at]
                    side = (x - before[at]) ** 2 / scale[at] - slope * x
                    size = max(1.0, abs(slope))
                    cuts.append(({names[at]: 1 / size, ("grant", *at): -slope / size}, side / size, np.inf))
            bound, plan = self.solve(cost, [*held, *cuts], maximise=False)
            values = dict(zip(self.upper, plan.tolist(), strict=True))
            point = {at: values["grant", *at] for at in before}
            total = sum((x - before[at]) ** 2 / scale[at] for at, x in point.items())
            if total < best:
                best, quietest = total, point
            if best - bound <= DISTANCE * max(1.0, best):
                break
            # between the last answer and the best, tangents close in from both sides
            points = [point, {at: (point[at] + quietest[at]) / 2 for at in point}]
        else:
            if best - bound > 1e-5 * max(1.0, best):
                raise StuckError(f"squares between {bound} and {best}")
        for name in names.values():
            del self.upper[name]
        self.stages["grants"] = best
        return {("grant", *at): x for at, x in quietest.items()}

    def last_cost(self) -> dict[tuple[Any, ...], float]:
        terms: dict[tuple[Any, ...], float] = {}
        for p in self.d.partnerships:
            for t in self.years:
                weight = 1 + 1e-3 * zlib.crc32(f"{p}|{self.d.years[t]}".encode()) / 2**32
                terms.update({name: weight * cost for name, cost in self.spend(p, t).items()})
                terms["carry", p, t] = 1e-6
                for i, g, b in self.m.offers:
                    terms["places", p, t, i, g, b] += 1e-5 * b
        return terms

    def judged(self, values: dict[tuple[Any, ...], float], soft: float, first: float | None) -> Reached:
        """What a plan comes to, by the goal's own measure, constants and all."""

        def total(terms: dict[tuple[Any, ...], float]) -> float:
            return sum(value * values[name] for name, value in terms.items())

        cumulative = total(self.cumulative()) + sum(
            self.discount(t) * self.m.weights.get(p, 1.0) * self.m.standing(self.state, p, t, counted=False)
            for p in self.d.partnerships
            for t in range(self.years[0], self.last + self.tail + 1)
        )
        counted = {
            (p, t): total(self.counted(p, t)) + self.m.standing(self.state, p, t, counted=True)
            for p in self.d.partnerships
            for t in (self.years[0], self.last)
        }
        shares = {p: counted[p, self.last] / self.d.neet(p, self.last) for p in self.compared()}
        spent = total(self.real_spend()) + self.real_fixed()
        goal = {
            "cumulative": cumulative,
            "final_year": sum(self.m.weights.get(p, 1.0) * counted[p, self.last] for p in self.d.partnerships),
            "benefit": self.m.benefit * cumulative - spent,
            "least_cost": spent,
            "fairest": min(shares.values(), default=0.0),
        }[self.m.measure]
        before, scale = self.squares()
        return Reached(
            soft,
            goal,
            cumulative,
            sum(value for name, value in values.items() if name[0] == "redundancies"),
            sum((values["grant", *at] - before[at]) ** 2 / scale[at] for at in before),
            np.array([[values["grant", p, t] for t in self.years] for p in self.d.partnerships]),
            sum(counted[p, self.years[0]] for p in self.d.partnerships) if first is None else first,
            sorted(shares.values()),
            self.stages,
        )
