"""What a plan is measured by when it stands beside others: all from its figures and their recomputation."""

from __future__ import annotations

from collections.abc import Sequence
from math import erf, sqrt

import numpy as np

from allocator.analyses.named import STATUS
from allocator.recompute.figures import Recomputed
from allocator.register.place import NATIONAL
from allocator.register.rules import TARGET, names
from allocator.results import Result, doc
from allocator.runs.findings import YearOfPlan
from allocator.runs.grant_change import class_counts, class_of, together, year_grants
from allocator.runs.plan import years_of
from allocator.scenario.amounts import effect_times, price_index, targets
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats
from allocator.tolerances import NOTHING
from allocator.what_if.cases import Solved, Status, Unsolved, shortfall_of


class TargetMeasure(Result):
    """One target: what it asks for, what is reached at the central effects, and the chance that it is met."""

    scope: str = doc("national, region or partnership")
    name: str = doc("the region or partnership; blank where national")
    year: str = doc("the year at whose end it is asked for")
    required: float = doc("fewer NEET that it asks for", "young people")
    reached: float = doc("fewer NEET, at the central effects", "young people")
    chance: float = doc("chance that it is met", "share of 1")
    reduction_share: float | None = doc("the share that it names; null: it names a number", "share of 1")


class Measures(Result):
    """A plan over all its years.

    gini: each NEET young person counted once with the grant per NEET young person of their partnership, all years.
    mean_grant_change: mean of |grant / last year's − 1| over partnerships and years, the first against the baseline.
    """

    person_years: float = doc("over the horizon and its tail, discounted, unweighted", "young person-years")
    spending: float = doc("discounted", "£ of base-year prices")
    cost_per_person_year: float | None = doc("spending over person_years; null if 0", "£ of base-year prices")
    net_present_value: float | None = doc("at goal.benefit_per_neet; null where that is 0", "£ of base-year prices")
    benefit_cost_ratio: float | None = doc("at goal.benefit_per_neet; null where that is 0", "£ a £")
    targets: tuple[TargetMeasure, ...] = doc("one target")
    local_targets: int = doc("local minimums, and targets of a region or partnership")
    local_targets_met: int = doc("how many of them are met")
    smallest_share: float | None = doc("smallest of a partnership's NEET young people reached, last year", "share of 1")
    largest_share: float | None = doc("largest likewise", "share of 1")
    gini: float | None = doc("of the grants over NEET young people", "0 to 1")
    mean_grant_change: float | None = doc("mean size of a grant's change from one year to the next", "share of 1")
    large_falls: int = doc("whose grant falls by more than 5 % in some year", "partnerships")
    losing_on_last_year: int = doc("whose grant falls by more than 1 % in some year", "partnerships")
    gaining_on_shares: int = doc("whose grant of all years is over 1 % above shares as before", "partnerships")
    losing_on_shares: int = doc("whose grant of all years is over 1 % below shares as before", "partnerships")
    recruits: float = doc("joiners, all years", "FTE")
    redundancies: float = doc("paid-for leavers, all years", "FTE")
    qualified_share: float | None = doc("in the last year; null: no grade is named as qualified", "share of 1")
    shortfall: float = doc("of the soft rules, each as a share of what it requires", "shares added up")


class Outcome(Result):
    """What a case comes to. All None, and years empty, where it has no plan: status and reason then say why."""

    status: Status = doc(STATUS)
    reason: str = doc("why there is no plan; blank where there is one")
    goal: float | None = doc("what the plan reaches, constants included; null: no plan", "goal.unit", default=None)
    shortfall: float | None = doc(
        "of the soft rules, each as a share of what it requires; null: no plan", "shares added up", default=None
    )
    years: tuple[YearOfPlan, ...] = doc("one year, all partnerships together; none where there is no plan", default=())
    measures: Measures | None = doc("the plan over all its years; null: no plan", default=None)


def outcome_of(d: DataSet, s: Settings, found: Solved | Unsolved) -> Outcome:
    """Give what a solved case comes to, measured; or why it has no plan."""
    if isinstance(found, Unsolved):
        return Outcome(found.status, found.reason)
    years = years_of(d, s, found.figures, found.worked)
    measures = measures_of(d, s, found.figures, found.worked, years)
    return Outcome("optimal", "", found.goal, found.shortfall, years, measures)


def person_years_of(s: Settings, worked: Recomputed) -> float:
    """Give young person-years over the horizon and its tail, discounted, unweighted."""
    return float(worked.lasting.sum(axis=0) @ _discount(s, worked))


def spending_of(d: DataSet, s: Settings, worked: Recomputed) -> float:
    """Give spending in £ of base-year prices, discounted."""
    return float((worked.spend / price_index(d, s)).sum(axis=0) @ _discount(s, worked)[: len(d.years)])


def _discount(s: Settings, worked: Recomputed) -> Floats:
    """Give what a unit of each year counts for, [T + tail]."""
    years: Floats = np.arange(worked.reduction.shape[1], dtype=np.float64)
    return (1 + s.goal.discount_rate) ** -years


def measures_of(d: DataSet, s: Settings, figures: Figures, worked: Recomputed, years: Sequence[YearOfPlan]) -> Measures:
    """Give everything that a plan is measured by, beside what needs other plans. years: as years_of gives them."""
    person_years, spending = person_years_of(s, worked), spending_of(d, s, worked)
    benefit = s.goal.benefit_per_neet * person_years
    last = len(d.years) - 1
    neet = d.neet[:, last].sum(axis=1)
    shares = worked.reduction[neet > 0, last] / neet[neet > 0]
    asked = names(lambda rule: rule.kind == "requirement" and rule.of_reductions)
    local = [row for row in worked.rows if row.rule in asked and row.place.scope != NATIONAL and row.right > 0]
    grants = year_grants(d, figures.grant, worked.money, worked.price_index)
    on_shares = class_counts([together(by_year).relative_change for by_year in grants])
    falls = [[r for year in by_year if (r := year.relative_on_last_year) is not None] for by_year in grants]
    lowest = [class_of(min(changes)) for changes in falls if changes]
    return Measures(
        person_years=person_years,
        spending=spending,
        cost_per_person_year=spending / person_years if person_years > 0 else None,
        net_present_value=benefit - spending if s.goal.benefit_per_neet > 0 else None,
        benefit_cost_ratio=benefit / spending if s.goal.benefit_per_neet > 0 and spending > 0 else None,
        targets=_targets(d, s, figures, worked) if TARGET.in_force(s) else (),
        local_targets=len(local),
        local_targets_met=sum(row.slack >= -NOTHING * max(1.0, row.right) for row in local),
        smallest_share=float(shares.min()) if len(shares) else None,
        largest_share=float(shares.max()) if len(shares) else None,
        gini=gini(figures.grant.sum(axis=1), d.neet.sum(axis=(1, 2))),
        mean_grant_change=_mean_change(d, figures.grant),
        large_falls=sum(low == 0 for low in lowest),
        losing_on_last_year=sum(low <= 1 for low in lowest),
        gaining_on_shares=sum(on_shares[3:]),
        losing_on_shares=sum(on_shares[:2]),
        recruits=sum(year.recruits for year in years),
        redundancies=sum(year.redundancies for year in years),
        qualified_share=years[-1].qualified_share,
        shortfall=shortfall_of(worked),
    )


def exposure(d: DataSet, figures: Figures, partnerships: Sequence[int], t: int) -> Floats:
    """Give the young people through whom each effect tells at the end of year t, [i, g]: the reduction is its sum with
    effect.

    Places up to t, times the partnership's multiplier, the band's relative effect and what of them is still counted.
    """
    relative = np.where(np.nan_to_num(d.effect)[:, :, None] < 0, 1.0, d.relative_effect[:, None, :])
    scope = list(partnerships)
    told = np.zeros(d.effect.shape)
    for year in range(t + 1):
        age = t - year - d.lag
        still = (d.persistence[:, None] * d.stays) ** np.maximum(age, 0)[:, None] * (age >= 0)[:, None]
        places = np.einsum("pigb,p->igb", figures.places[scope, year], d.effect_multiplier[scope])
        told += (places * relative).sum(axis=2) * still
    return told * (1.0 - d.displacement)[:, None]


def chance_of(d: DataSet, told: Floats, required: float) -> float:
    """Give the chance that the reduction of an exposure [i, g] is at least required: exact, no draws.

    Errors of the effects are normal, independent between interventions, and one standardised draw serves all groups
    of an intervention; the reduction is linear in the effects, so it is normal too. That a draw cannot go beyond ±1
    is left out: no effect is near it.
    """
    mean = float((told * np.nan_to_num(d.effect)).sum())
    spread = (told * np.nan_to_num(d.standard_error)).sum(axis=1)
    deviation = float(np.sqrt((spread**2).sum()))
    if deviation == 0:
        return float(mean >= required - NOTHING * max(1.0, abs(required)))
    return 0.5 * (1.0 + erf((mean - required) / (deviation * sqrt(2.0))))


def _targets(d: DataSet, s: Settings, figures: Figures, worked: Recomputed) -> tuple[TargetMeasure, ...]:
    neet = d.neet.sum(axis=2)
    found = []
    for aim in targets(d, s):
        scope = list(aim.partnerships)
        without = float(neet[scope, aim.year].sum())
        required = without - aim.max_neet if aim.max_neet is not None else (aim.reduction_share or 0.0) * without
        reached = float(worked.reduction[scope, aim.year].sum())
        told = effect_times(d, s)[:, None] * exposure(d, figures, scope, aim.year)
        chance = chance_of(d, told, required)
        found.append(
            TargetMeasure(aim.scope, aim.name, d.years[aim.year], required, reached, chance, aim.reduction_share)
        )
    return tuple(found)


def gini(amounts: Floats, people: Floats) -> float | None:
    """Give the Gini coefficient of amounts over people, each person counted with their place's amount a person.

    0: every person's place has the same for each. None where there are no people or no amounts.
    Places without people are left out: there is no amount a person there.
    """
    there = people > 0
    amounts, people = amounts[there], people[there]
    if not len(people) or amounts.sum() <= 0:
        return None
    order = np.argsort(amounts / people, kind="stable")
    held = np.concatenate([[0.0], np.cumsum(amounts[order])]) / amounts.sum()
    count = np.diff(np.concatenate([[0.0], np.cumsum(people[order])])) / people.sum()
    return float(1.0 - (count * (held[1:] + held[:-1])).sum()) + 0.0


def _mean_change(d: DataSet, grant: Floats) -> float | None:
    before = np.column_stack([d.baseline_grant, grant[:, :-1]])
    there = before > 0
    return float(np.abs(grant[there] / before[there] - 1).mean()) if there.any() else None
