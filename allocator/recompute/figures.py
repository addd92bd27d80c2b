"""Every figure of a plan again, from the tables and the plan alone.

Plain arithmetic in the symbols of docs/model.md. It shares no code with the rules of the programme and imports
neither PuLP nor a solver, so that what a plan is said to yield rests on two formulations that must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocator.recompute.caution import sought, tail_of
from allocator.recompute.goals import Reached, goal_of
from allocator.recompute.reductions import reductions
from allocator.recompute.rules import RuleRow, RuleRows, rule_rows
from allocator.register import goals
from allocator.register.place import PARTNERSHIP
from allocator.results import Brief, Result, doc
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats

__all__ = ["TOLERANCE", "Breach", "Recomputed", "RuleRow", "RuleRows", "Shortfall", "recompute"]

PENNY = 0.01  # £: money agrees to the penny
TOLERANCE = 1e-6  # relative to the larger of 1 and the largest term of a row: the same as the certificate's


class Shortfall(Result):
    """How far a soft rule that asks for something is from being kept.

    scope: national, region or partnership. name: blank, the region, or the partnership; of a guarantee followed
    by its client group and interventions ("norfolk|at_risk|mentoring+work_taster").
    required, shortfall: in the rule's own unit, of the whole reduction or all the places, standing ones included.
    """

    rule: str = doc("its rule")
    scope: str = doc("national, region or partnership")
    name: str = doc("the region or partnership; blank where national")
    year: str = doc("the year at whose end it is asked for")
    required: float = doc("what is asked for", "unit of the rule")
    shortfall: float = doc("by how much the plan is short of it", "unit of the rule")


@dataclass(frozen=True)
class Breach:
    """A figure outside its own limits: below 0, more places than uptake allows, training in the top grade …"""

    figure: str
    key: tuple[str, ...]
    found: float
    limit: float
    violation: float  # relative to the larger of 1 and the limit


@dataclass(frozen=True, eq=False, repr=False)
class Recomputed(Brief):
    """What a plan yields and how it stands to every rule, worked out from the tables and its figures.

    Indexed p partnership, t year, a grade as in DataSet. Money in pounds, cash of that year.
    """

    money: Floats  # [t] £ available
    spend: Floats  # [p, t] £
    spend_by_use: dict[str, Floats]  # fixed, places, salaries, recruitment, redundancy, training: [p, t] £ each
    turnover: Floats  # [p, t, a] FTE who leave by themselves
    reduction: Floats  # [p, T + tail_years] young people fewer NEET at the end of each year, of the ages counted
    price_index: Floats  # [t] prices as a multiple of the base year's
    lasting: Floats  # [p, T + tail_years] the same of all who were helped, whatever their age by then
    goal: float  # in unit, constants included, at the central effects
    unit: str  # of the goal
    tail: float | None  # the mean of its worst draws, where the plan is a cautious one
    sought: float  # what was made as good as can be: the goal, or what it and its tail weigh together
    goal_constant: float  # what no decision changes in the goal: fixed costs
    rules: tuple[RuleRows, ...]  # one entry a rule in force, in the order of docs/model.md
    shortfalls: tuple[Shortfall, ...]  # every soft row that asks for something, in the order of the rules
    breaches: tuple[Breach, ...]  # figures outside their own limits by more than the tolerance
    worst_bound: float  # the largest violation of a figure's own limits

    @cached_property
    def rows(self) -> tuple[RuleRow, ...]:
        """One RuleRow for every row of every rule in force."""
        return tuple(row for family in self.rules for row in family.rows)

    @property
    def violation(self) -> float:
        """The largest relative violation of a rule that must hold, or of a figure's own limits."""
        hard = [float(family.violation.max()) for family in self.rules if not family.soft and len(family.places)]
        return max([self.worst_bound, *hard])

    @property
    def pounds_out(self) -> float:
        """The largest violation of a rule in money, in pounds."""
        return max(
            (
                float(max(0.0, -family.slack.min()))
                for family in self.rules
                if family.unit == "£" and len(family.places)
            ),
            default=0.0,
        )

    @property
    def kept(self) -> bool:
        """Whether every rule that must hold is kept, to the tolerance of the certificate, and money to the penny."""
        return self.violation <= TOLERANCE and self.pounds_out <= PENNY


def recompute(
    data: DataSet,
    settings: Settings,
    figures: Figures,
    *,
    set_grants: Floats | None = None,
    formula: Floats | None = None,
) -> Recomputed:
    """Work out what a plan for the whole horizon yields, and judge it by every rule in force.

    set_grants: [p, t] £, where the distribution sets the grants. formula: [p, t] £, the formula's grants, where
    the distribution is blend. Raises ValueError where the distribution needs one of them and it is not given.
    A plan made year on year is judged as a whole, on all its reductions.
    """
    money = money_available(data, settings)
    by_use, indexed = spend_by_use(data, settings, figures), indexes(data, settings)
    spend = sum(by_use.values(), np.zeros_like(figures.grant))
    turnover = leavers(data, figures)
    fallen = reductions(data, settings, figures, settings.goal.tail_years)
    rules = rule_rows(
        data,
        settings,
        figures,
        money,
        indexed,
        by_use,
        fallen.counted,
        fallen.largest,
        set_grants=set_grants,
        formula=formula,
    )
    breaches, worst_bound = _bounds(data, figures)
    years, tail = range(len(data.years)), settings.goal.tail_years
    reached = Reached(data, settings, figures, fallen.counted, fallen.lasting, spend, indexed[0], years, tail)
    goal = goal_of(reached)
    worst = tail_of(reached, goal)
    return Recomputed(
        money=money,
        spend=spend,
        spend_by_use=by_use,
        turnover=turnover,
        reduction=fallen.counted,
        price_index=indexed[0],
        lasting=fallen.lasting,
        goal=goal,
        tail=worst,
        sought=sought(settings, goal, worst),
        unit=goals.named(goals.told(settings)).unit,
        goal_constant=_constant(data, settings, figures, fallen.counted, by_use["fixed"]),
        rules=rules,
        shortfalls=_shortfalls(rules),
        breaches=breaches,
        worst_bound=worst_bound,
    )


def _constant(d: DataSet, s: Settings, f: Figures, reduction: Floats, fixed: Floats) -> float:
    """Give the goal of a plan that decides nothing, of which only fixed costs are left."""
    nothing = type(f)(**{name: np.zeros_like(amounts) for name, amounts in vars(f).items()})
    none = np.zeros_like(reduction)
    return goal_of(Reached(d, s, nothing, none, none, fixed, indexes(d, s)[0], range(len(d.years)), s.goal.tail_years))


def money_available(d: DataSet, s: Settings) -> Floats:
    """Give money[t] = budget[t] · scale − reserve, in £; the scenario's budget in place of the table's where it has
    one.
    """
    budget = [s.budget.by_year[year] if year in s.budget.by_year else d.budget[t] for t, year in enumerate(d.years)]
    scale = s.budget.scale
    of_year = [scale.get(year, 1.0) for year in d.years] if isinstance(scale, dict) else [scale] * len(d.years)
    available: Floats = np.array(budget, dtype=np.float64) * np.array(of_year) - s.budget.reserve
    return available


def indexes(d: DataSet, s: Settings) -> tuple[Floats, Floats]:
    """Give prices and pay of each year as multiples of the base year's, [t] each, as the scenario or else the table
    says.
    """
    base = np.flatnonzero(d.price_index == 1)
    on = np.arange(len(d.years)) - (base[0] if len(base) else 0)
    price = d.price_index if s.prices.inflation is None else np.power(1.0 + s.prices.inflation, on)
    pay = np.where(np.isfinite(d.pay_index), d.pay_index, price)
    return price, pay if s.prices.pay is None else np.power(1.0 + s.prices.pay, on)


def spend_by_use(d: DataSet, s: Settings, f: Figures) -> dict[str, Floats]:
    """Give spending by use, [p, t] in £ of that year.

    Base prices times price_index, salaries times pay and area costs.
    """
    price, pay = indexes(d, s)
    return {
        "fixed": d.fixed_cost[:, None] * price,
        "places": np.einsum("ptigb,i->pt", f.places, d.unit_cost) * price,
        "salaries": np.einsum("pta,a->pt", f.fte, d.salary) * pay * d.area_cost_factor[:, None],
        "recruitment": np.einsum("pta,a->pt", f.recruits, d.recruitment_cost) * price,
        "redundancy": np.einsum("pta,a->pt", f.redundancies, d.redundancy_cost) * price,
        "training": np.einsum("pta,a->pt", f.training, d.training_cost) * price,
    }


def stock_before(d: DataSet, f: Figures) -> Floats:
    """Give advisers who would be in post if nobody left or joined, [p, t, a]: last year's, moved up where they
    trained.
    """
    before = np.concatenate([d.workforce[:, None, :], f.fte[:, :-1, :]], axis=1)
    trained = np.concatenate([np.zeros_like(f.training[:, :1, :]), f.training[:, :-1, :]], axis=1)
    moved_up = np.concatenate([np.zeros_like(trained[:, :, :1]), trained[:, :, :-1]], axis=2)
    stock: Floats = before - trained + moved_up
    return stock


def leavers(d: DataSet, f: Figures) -> Floats:
    """Give the FTE who leave by themselves, [p, t, a]: attrition of those who would be in post."""
    return d.attrition * stock_before(d, f)


def _shortfalls(rules: tuple[RuleRows, ...]) -> tuple[Shortfall, ...]:
    found = []
    for family in rules:
        if not family.soft:
            continue
        for row in family.rows:
            at = row.place
            name = "|".join(filter(None, (at.partnership, *at.detail)))
            found.append(Shortfall(row.rule, at.scope or PARTNERSHIP, name, at.year, row.right, max(0.0, -row.slack)))
    return tuple(found)


def _bounds(d: DataSet, f: Figures) -> tuple[tuple[Breach, ...], float]:
    """Give figures outside their own limits: 0, uptake, the top grade, grades not recruited, the last year's carry."""
    offered = np.isfinite(d.effect)
    uptake = np.where(offered, d.max_uptake, 0.0)
    most_places = np.einsum("ib,ig,ptg->ptigb", d.width, uptake, d.young_people)
    no_top = np.where(np.arange(len(d.grades)) < len(d.grades) - 1, np.inf, 0.0)
    carry = np.full(f.carry.shape, np.inf)
    carry[:, -1] = 0.0
    bands = tuple(str(b + 1) for b in range(d.width.shape[1]))
    pta = (d.partnerships, d.years, d.grades)
    limits: list[tuple[str, Floats, Floats, tuple[tuple[str, ...], ...]]] = [
        ("places", f.places, most_places, (d.partnerships, d.years, d.interventions, d.client_groups, bands)),
        ("fte", f.fte, np.full(f.fte.shape, np.inf), pta),
        ("recruits", f.recruits, np.broadcast_to(np.where(d.recruitable, np.inf, 0.0), f.recruits.shape), pta),
        ("redundancies", f.redundancies, np.full(f.redundancies.shape, np.inf), pta),
        ("training", f.training, np.broadcast_to(no_top, f.training.shape), pta),
        ("grant", f.grant, np.full(f.grant.shape, np.inf), pta[:2]),
        ("carry", f.carry, carry, pta[:2]),
        ("lapse", f.lapse, np.full(f.lapse.shape, np.inf), pta[:2]),
    ]
    breaches, worst = [], 0.0
    for name, value, most, axes in limits:
        over = (value - most) / np.maximum(1.0, np.where(np.isfinite(most), most, 1.0))
        violation = np.maximum(np.maximum(over, -value), 0.0)
        worst = max(worst, float(violation.max(initial=0.0)))
        for index in zip(*np.nonzero(violation > TOLERANCE), strict=True):
            limit = 0.0 if value[index] < 0 else float(most[index])
            key = tuple(words[i] for words, i in zip(axes, index, strict=True))
            breaches.append(Breach(name, key, float(value[index]), limit, float(violation[index])))
    return tuple(breaches), worst
