"""What a plan comes to, as a department asks for it: by year, against shares as before, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

from allocator.analyses.approaches.measures import person_years_of, spending_of
from allocator.analyses.solve.gains import Movers, fixed_by, movers
from allocator.recompute.rules import qualified_share
from allocator.register import RULES, distributions
from allocator.register.place import NATIONAL, PARTNERSHIP, REGION
from allocator.register.rules import QUALIFIED, TARGET, names
from allocator.runs.findings import YearOfPlan
from allocator.runs.plan import Plan, judge, years_of
from allocator.scenario.distributions import grants_as_before
from allocator.tables.sources import InputStatus, input_status
from allocator.tolerances import AT_THE_LIMIT, NOTHING


@dataclass(frozen=True)
class ReductionYear:
    """Young people fewer NEET at the end of one year, nationally."""

    year: str
    reduction: float
    share: float | None  # of those NEET without the programme; None where there are none
    as_before: float | None  # with shares as before; None where those have no plan
    required: float | None  # by a national target
    met: bool


@dataclass(frozen=True)
class MoneyYear:
    """The money of one year, £ cash."""

    year: str
    available: float
    granted: float
    spent: float
    carried: float
    lapsed: float


@dataclass(frozen=True)
class AdviserYear:
    """Advisers of one year, FTE; year is blank for those in post at the start, who have no movements."""

    year: str
    in_post: float
    joining: float
    turnover: float  # who leave of themselves
    redundant: float
    training: float
    qualified: float | None  # share of the advisers; None where no grade is named as qualified
    required: float | None  # the share asked for in that year


@dataclass(frozen=True)
class Unspent:
    """Money that partnerships carry into the next year or give back, £, and what holds their grants there."""

    total: float
    partnerships: tuple[tuple[str, float], ...]  # name and £, the largest first
    grant_rules: tuple[str, ...]  # that fix all these grants; empty where none fixes them all
    full: tuple[str, ...]  # other rules that bind in each of these partnerships and years


@dataclass(frozen=True)
class SoftRow:
    """One row of a rule that may fall short."""

    place: str  # the partnership's or region's name; blank for the nation
    year: str
    required: float  # young people, or places for a guarantee
    reached: float
    of: float | None  # those NEET without the programme; None for a guarantee

    @property
    def shortfall(self) -> float:
        """What is missing."""
        return max(self.required - self.reached, 0.0)


@dataclass(frozen=True)
class SoftRule:
    """A rule that may fall short, with the rows that do and the one that comes closest to it."""

    rule: str
    rows: tuple[SoftRow, ...]
    short: tuple[SoftRow, ...]  # the largest shortfall first

    @property
    def closest(self) -> SoftRow:
        """The row kept with the least to spare, as a share of what it requires."""
        return min(self.rows, key=lambda row: row.reached / row.required)


@dataclass(frozen=True)
class Summary:
    """All that the summary of a plan says, in base units."""

    reductions: tuple[ReductionYear, ...]
    goal: float
    unit: str
    goal_as_before: float | None
    broken_as_before: tuple[tuple[str, int], ...]  # rules on grants that shares as before break, in how many places
    person_years: float  # young person-years over the horizon and its tail, discounted, unweighted
    person_years_as_before: float | None  # the same with shares as before; None where those have no plan
    spending: float  # £ of base-year prices, discounted
    money: tuple[MoneyYear, ...]
    carried: Unspent
    lapsed: Unspent
    advisers: tuple[AdviserYear, ...]
    most_posts: tuple[float, float]  # in the year that uses most of its headcount limit: that share, and the posts
    redundancy_costs: tuple[float, ...]  # £ cash, by year
    movers: Movers
    soft: tuple[SoftRule, ...]
    inputs: InputStatus


def summarise(plan: Plan) -> Summary:
    """Give everything that the summary says, from the plan and its recomputation alone."""
    data, recomputed, figures = plan.data, plan.recomputed, plan.solution.figures
    settings = plan.scenario.settings
    years = years_of(data, settings, figures, recomputed)
    return Summary(
        reductions=_reductions(plan, years),
        goal=recomputed.goal,
        unit=recomputed.unit,
        goal_as_before=plan.as_before.goal if plan.as_before is not None else None,
        broken_as_before=_broken_as_before(plan),
        person_years=person_years_of(settings, recomputed),
        person_years_as_before=person_years_of(settings, plan.as_before) if plan.as_before is not None else None,
        spending=spending_of(data, settings, recomputed),
        money=tuple(
            MoneyYear(of.year, of.money, of.granted, of.spent, of.carried, of.lapsed) for t, of in enumerate(years)
        ),
        carried=_unspent(plan, "carry"),
        lapsed=_unspent(plan, "lapse"),
        advisers=_advisers(plan, years),
        most_posts=_most_posts(plan),
        redundancy_costs=tuple(float(cost) for cost in recomputed.spend_by_use["redundancy"].sum(axis=0)),
        movers=movers(plan),
        soft=_soft_rules(plan),
        inputs=input_status(data.tables),
    )


def _broken_as_before(plan: Plan) -> tuple[tuple[str, int], ...]:
    """Give which rules on grants shares as before would break, each with the number of partnerships.

    Such grants are no plan of the scenario, so that they may bring more than the best plan.
    """
    data, settings = plan.data, plan.scenario.settings
    if not distributions.of(settings).free or plan.as_before is None:
        return ()
    grants = grants_as_before(data, plan.recomputed.money, range(len(data.years)))
    worked = judge(data, settings, replace(plan.solution.figures, grant=grants))
    found: dict[str, set[str]] = {}
    for row in worked.rows:
        rule, at = RULES[row.rule], row.place
        if (rule.on_single_grants or rule.by_quantity) and rule.is_on_grants(at) and row.slack < -AT_THE_LIMIT:
            there = zip(data.partnerships, data.regions, strict=True)
            found.setdefault(rule.called(at), set()).update(p for p, region in there if at.covers(p, region))
    return tuple((rule, len(places)) for rule, places in found.items())


def _reductions(plan: Plan, years: tuple[YearOfPlan, ...]) -> tuple[ReductionYear, ...]:
    targets = {
        row.place.year: row for row in plan.recomputed.rows if row.rule == TARGET.name and row.place.scope == NATIONAL
    }
    found = []
    for t, of in enumerate(years):
        target = targets.get(of.year)
        as_before = float(plan.as_before.reduction[:, t].sum()) if plan.as_before is not None else None
        share = of.reduction / of.neet_without if of.neet_without > 0 else None
        required = target.right if target is not None else None
        met = target is not None and target.slack >= -NOTHING * max(1.0, target.right)
        found.append(ReductionYear(of.year, of.reduction, share, as_before, required, met))
    return tuple(found)


def _advisers(plan: Plan, years: tuple[YearOfPlan, ...]) -> tuple[AdviserYear, ...]:
    settings, at_the_start = plan.scenario.settings, plan.data.workforce
    qualified = qualified_share(plan.data, settings, at_the_start)
    found = [AdviserYear("", float(at_the_start.sum()), 0.0, 0.0, 0.0, 0.0, qualified, None)]
    for t, of in enumerate(years):
        turnover = float(plan.recomputed.turnover[:, t].sum())
        required = settings.workforce.qualified_share.get(of.year) if QUALIFIED.in_force(settings) else None
        moved = (of.recruits, turnover, of.redundancies, of.training)
        found.append(AdviserYear(of.year, of.advisers, *moved, of.qualified_share, required))
    return tuple(found)


def _most_posts(plan: Plan) -> tuple[float, float]:
    limits = plan.data.headcount_limit * plan.scenario.settings.workforce.headcount_scale
    in_post = plan.solution.figures.fte.sum(axis=(0, 2))
    used = [(float(posts / limit), float(posts)) for posts, limit in zip(in_post, limits, strict=True) if limit > 0]
    return max(used, default=(0.0, float(in_post.max())))


def _unspent(plan: Plan, kind: str) -> Unspent:
    """Say who carries money on, or gives it back, and which rules hold in all of the partnerships and years
    concerned.
    """
    data = plan.data
    amounts = getattr(plan.solution.figures, kind)
    by_partnership = amounts.sum(axis=1)
    total = float(by_partnership.sum())
    order = sorted(range(len(data.partnerships)), key=lambda p: (-by_partnership[p], data.partnerships[p]))
    named = tuple(
        (data.partnership_names[p], float(by_partnership[p])) for p in order if by_partnership[p] > AT_THE_LIMIT
    )
    places = {
        (data.partnerships[p], data.years[t])
        for p in order
        for t in range(len(data.years))
        if amounts[p, t] > AT_THE_LIMIT
    }
    if not places:
        return Unspent(total, (), (), ())
    fixed = fixed_by(plan) or {}
    rules = [set(fixed.get(place, ())) for place in places]
    common = tuple(sorted(set.intersection(*rules)))
    return Unspent(total, named, common, _full_at(plan, places))


def _full_at(plan: Plan, places: set[tuple[str, str]]) -> tuple[str, ...]:
    """Give the rules that limit what can be done and bind in every one of these partnerships and years."""
    region_of = dict(zip(plan.data.partnerships, plan.data.regions, strict=True))
    bound: dict[str, set[tuple[str, str]]] = {rule: set() for rule in names(lambda rule: rule.limits_use)}
    for row in plan.recomputed.rows:
        rule, at = RULES[row.rule], row.place
        limits = rule.limits_use or (rule.by_quantity and not rule.is_on_grants(at))
        if limits and row.slack <= NOTHING * max(1.0, abs(row.right)):
            there = {(p, year) for p, year in places if at.covers(p, region_of[p]) and at.year in ("", year)}
            bound.setdefault(rule.called(at), set()).update(there)
    return tuple(rule for rule, there in bound.items() if places <= there)


def _soft_rules(plan: Plan) -> tuple[SoftRule, ...]:
    data, settings = plan.data, plan.scenario.settings.rules
    named = dict(zip(data.partnerships, data.partnership_names, strict=True))
    without = _neet_by_place(plan)
    found: dict[str, list[SoftRow]] = {}
    for row in plan.recomputed.rows:
        if row.rule not in settings.soft or row.right <= 0:
            continue
        at = row.place
        scope = at.scope or PARTNERSHIP
        if RULES[row.rule].of_reductions:
            where = at.partnership or "".join(at.detail)
            of, shown = without[scope, where, at.year], named.get(where, where)
        else:
            of, shown = None, ", ".join([named[at.partnership], *at.detail[:1]])
        found.setdefault(row.rule, []).append(SoftRow(shown, at.year, row.right, row.left, of))
    rules = []
    for rule in settings.soft:
        rows = found.get(rule, [])
        short = [row for row in rows if row.shortfall > NOTHING * max(1.0, row.required)]
        short.sort(key=lambda row: -row.shortfall)
        if rows:
            rules.append(SoftRule(rule, tuple(rows), tuple(short)))
    return tuple(rules)


def _neet_by_place(plan: Plan) -> dict[tuple[str, str, str], float]:
    """Give those NEET without the programme, by scope, place and year."""
    data = plan.data
    found: dict[tuple[str, str, str], float] = {}
    for t, year in enumerate(data.years):
        found[NATIONAL, "", year] = float(data.neet[:, t].sum())
        for p, partnership in enumerate(data.partnerships):
            count = float(data.neet[p, t].sum())
            region = (REGION, data.regions[p], year)
            found[PARTNERSHIP, partnership, year] = count
            found[region] = found.get(region, 0.0) + count
    return found
