"""Why a partnership gets what it gets: the rule that fixed each grant, what binds, what is not bought, how firm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from allocator.analyses.explain.break_even import BreakEven, Effects, break_evens
from allocator.analyses.explain.facts import EndOfLoss, Fact, ends_of_a_loss, facts, settled
from allocator.analyses.explain.firmness import RANGE, Firmness, firmness
from allocator.errors import NoPlan, RunError, UsageError
from allocator.no_plan.limits_in_words import level_in_words
from allocator.recompute.figures import money_available
from allocator.recompute.reductions import reductions
from allocator.register import RULES, Place, distributions, goals
from allocator.register.rules import DISTRIBUTION, NATIONAL
from allocator.results import Result, doc
from allocator.runs.findings import GoalChange
from allocator.runs.grant_change import Grant, YearGrant, together, year_grants
from allocator.runs.plan import Plan
from allocator.scenario.amounts import base_year, price_index
from allocator.scenario.distributions import grants_as_before
from allocator.scenario.settings import Settings
from allocator.solving.planned import Planned
from allocator.solving.settlement import plan_data
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet
from allocator.tables.names import did_you_mean
from allocator.what_if.fixed import STEP, Holder, fixed_grants, holders, step_within
from allocator.what_if.probe import Probe
from allocator.what_if.shares_as_before import figures_as_before
from allocator.what_if.side import side_of

LOSS = 0.0005  # of the grants on shares as before: what is told as no change is no loss
MULTIPLIERS = (1.1, 0.9)  # effects here, as multiples of those of the tables and, again, of what they are here


class Limit(Result):
    """A rule that fixes a grant: what a step more and a step less room would bring."""

    rule: str = doc("the rule; where grants are set, the distribution; several, which fix it together, joined by +")
    limit: float = doc("the grant that it leaves", "£ cash")
    more_room: GoalChange | None = doc("what a step more room changes; null: no plan")
    less_room: GoalChange | None = doc("what a step less room changes; null: no plan")
    said: tuple[str, ...] = doc("a limit as the table limits has it, rule by rule; blank for other rules", default=())
    sense: str = doc("how the grant compares with it: >=, <= or =", default="=")
    over: str = doc("what it is on together with this grant; blank: this grant alone", default="")
    then: float | None = doc(
        "what a step more room brings in all at the rate of the first pound, where it brings the goal nothing; null: "
        "it brings that",
        "young person-years",
        default=None,
    )

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules, each by its name."""
        return tuple(self.rule.split("+"))


class Year(YearGrant, kw_only=True):
    """One year of the partnership."""

    year: str = doc("the year")
    grant_real: float = doc("its grant", "£ of base-year prices")
    given_back: float = doc("what it neither spends of its grant nor may carry on", "£ cash")
    step: float = doc("by which the year's money and the limits on its grant are moved for the following", "£ cash")
    advisers: float = doc("advisers in post", "FTE")
    neet_without: float = doc("NEET at the year's end without the programme", "young people")
    reduction: float = doc("fewer NEET at the year's end", "young people")
    reduction_as_before: float | None = doc("the same with shares as before; null: no such plan", "young people")
    limits: tuple[Limit, ...] = doc("a rule that fixes the grant")
    here: GoalChange | None = doc(
        "what a step more money changes if granted here; null: a rule fixed the grant, or no plan"
    )
    elsewhere: GoalChange | None = doc("what it changes if granted elsewhere; null as here")
    redundancies: Mapping[str, float] = doc(
        "paid-for leavers by the name of the grade", entry="<grade> | FTE | of one grade"
    )


class Binding(Result):
    """Another rule of the partnership that binds."""

    rule: str = doc("the rule")
    year: str = doc("the year")
    detail: str = doc("the rest of what names the row: group, channel, grade …")
    unit: str = doc("unit of limit and step")
    limit: float = doc("the limit", ".unit")
    step: float = doc("by how much it is moved", ".unit")
    more: GoalChange | None = doc("what a step more changes; null: no plan")
    less: GoalChange | None = doc("what a step less changes; null: no plan")


class GrantAt(Result):
    """The grant over all years, were effects here another multiple."""

    multiplier: float = doc("that multiple", "multiple")
    grant: float | None = doc("the grant over all years; null: no plan", "£ cash")


class Explanation(Grant, kw_only=True):
    """Everything that explains one partnership's grants. grant, shares_as_before: over all years.

    multiplier_source: status and quality of the effect multiplier; blank where the data do not say.
    """

    partnership: str = doc("key of the partnership")
    name: str = doc("its name")
    region: str = doc("its region")
    measure: str
    base_year: str
    years: tuple[Year, ...] = doc("one of its years")
    multiplier: float = doc("what effects count here", "multiple", name="effect_multiplier")
    multiplier_source: str
    advisers_at_the_start: float
    binding: tuple[Binding, ...] = doc("another rule that binds here and whose limit is worth something")
    not_bought: tuple[BreakEven, ...] = doc("an intervention that is not bought here for a client group")
    firmness: tuple[Firmness, ...] = doc(RANGE)
    at_multiplier: tuple[GrantAt, ...] = doc(
        "the grant were effects here another multiple; none where grants are set", name="grant_at_multiplier"
    )
    facts: tuple[Fact, ...] = doc("a fact of the partnership that is not the country's; none where grants are set")
    ends_of_loss: tuple[EndOfLoss, ...] = doc(
        "the smallest change of one fact that ends a loss on shares as before; none where there is no loss, grants are "
        "set, or each year is planned by itself"
    )
    settings: Settings
    called: Callable[[str], str]  # the name of a client group, intervention or grade by its key


def explain(run: str | Path | Plan, partnership: str) -> Explanation:
    """Explain a partnership's grants of a run or plan, from its own copy of the inputs, solved again where asked.

    partnership: its key or name. Raises UsageError where there is none of that name, RunError where the run cannot
    be read, or where solving its inputs again gives other grants.
    """
    side = side_of(run)
    d, s, given = side.data, side.settings, side.given
    p = partnership_index(d, partnership)
    figures, plans = plan_data(d, s, given)
    if side.figures is not None:
        _refuse_other_grants(side.label, d, side.figures, figures, p)
    fixing = [_fixing(plan, p) for plan in plans]
    probes = [Probe(plan, d.partnerships[p]) for plan in plans]
    limits, bindings, unused, firm, shifted = [], [], [], [], None
    for probe, fixed in zip(probes, fixing, strict=True):
        limits += [_limits(probe, p, t, fixed.get(t, (None, ()))) for t in probe.carried_out]
        bindings += list(_bindings(probe, p))
        effects = Effects(probe, p)
        unused += list(break_evens(effects))
        found = firmness(probe, p)
        firm += [found] if found is not None else []
        if s.certainty.kind == "settlement" and distributions.of(s).free:
            shifted = tuple(GrantAt(m, _grant_at(effects, p, m)) for m in _multipliers(d, p))
    apart = facts(effects, p, ask=shifted is not None) if distributions.of(s).free else ()
    before = grants_as_before(d, money_available(d, s), range(len(d.years)))[p].sum()
    lost = float(before - figures.grant[p].sum())
    ends = (
        ends_of_a_loss(effects, p, float(before) - lost, float(before))
        if shifted is not None and lost >= LOSS * before
        else ()
    )
    if shifted is None:
        free = distributions.of(s).free
        shifted = tuple(GrantAt(m, _grants_planned_at(d, s, p, m)) for m in _multipliers(d, p)) if free else ()
    as_before = figures_as_before(d, s, plans)  # last, since it leaves the programmes changed
    prices = price_index(d, s)
    both = year_grants(d, figures.grant, money_available(d, s), prices)[p]
    neet = d.neet.sum(axis=2)
    counted_now = reductions(d, s, figures, 0).counted
    counted_then = reductions(d, s, as_before, 0).counted if as_before is not None else None
    years = tuple(
        Year(
            **vars(both[t]),
            year=year,
            grant_real=float(figures.grant[p, t] / prices[t]),
            given_back=float(figures.lapse[p, t]),
            step=step_within(STEP, float(figures.grant[p, t])),
            advisers=float(figures.fte[p, t].sum()),
            neet_without=float(neet[p, t]),
            reduction=float(counted_now[p, t]),
            reduction_as_before=float(counted_then[p, t]) if counted_then is not None else None,
            limits=limits[t][0],
            here=limits[t][1],
            elsewhere=limits[t][2],
            redundancies=dict(zip(d.grade_names, figures.redundancies[p, t].tolist(), strict=True)),
        )
        for t, year in enumerate(d.years)
    )
    base = base_year(d)
    return Explanation(
        **vars(together(years)),
        partnership=d.partnerships[p],
        name=d.partnership_names[p],
        region=d.regions[p],
        measure=goals.told(s),
        base_year="" if base is None else d.years[base],
        years=years,
        multiplier=float(d.effect_multiplier[p]),
        multiplier_source=_source(d, "partnerships", "effect_multiplier"),
        advisers_at_the_start=float(d.workforce[p].sum()),
        binding=tuple(sorted(bindings, key=lambda row: -_size(row))),
        not_bought=tuple(unused),
        firmness=tuple(firm),
        at_multiplier=shifted,
        facts=apart,
        ends_of_loss=ends,
        settings=s,
        called=d.called,
    )


def partnership_index(d: DataSet, named: str) -> int:
    """Give the index of a partnership by key or name. Raises UsageError, with what it may have been, where there is
    none.
    """
    if named in d.partnerships:
        return d.partnerships.index(named)
    if named in d.partnership_names:
        return d.partnership_names.index(named)
    close = did_you_mean(named, d.partnerships)
    raise UsageError("", f"no partnership '{named}'", "", close)


def _refuse_other_grants(run: str, d: DataSet, kept: Figures, again: Figures, p: int) -> None:
    for t, year in enumerate(d.years):
        if abs(float(kept.grant[p, t] - again.grant[p, t])) > 1:
            found = f"solving its inputs again gives £{again.grant[p, t]:,.0f}, the run has £{kept.grant[p, t]:,.0f}"
            where = f"{run}, {d.partnerships[p]} {year}"
            raise RunError(where, found, "the same grant", "Solve again with this version, and explain that run.")


def _fixing(plan: Planned, p: int) -> dict[int, tuple[float | None, tuple[tuple[Holder, ...], ...]]]:
    """Give by year the rows that fix a partnership's grant, those that do only together as one; none at the margin.

    Before them what room there brings in all, where it brings the goal nothing.
    """
    d = plan.stages.programme.data
    held = holders(plan, d.partnerships[p])
    found: dict[int, tuple[float | None, tuple[tuple[Holder, ...], ...]]] = {}
    for fixed in fixed_grants(plan, d.partnerships[p]):
        t = d.years.index(fixed.year)
        rows = tuple(one for one in held[p, t] if one.called in fixed.rules and one.side == fixed.side)
        found[t] = (fixed.then, (rows,) if fixed.together else tuple((one,) for one in rows))
    return found


def _limits(
    probe: Probe, p: int, t: int, fixing: tuple[float | None, Sequence[tuple[Holder, ...]]]
) -> tuple[tuple[Limit, ...], GoalChange | None, GoalChange | None]:
    """Give the rules that fix a grant, or what the margin brings here and elsewhere."""
    programme = probe.programme
    d, s = programme.data, programme.settings
    place = Place(d.partnerships[p], d.years[t])
    step = step_within(STEP, probe.grant(p, t))
    money = probe.row(NATIONAL, Place(year=d.years[t]))
    if not distributions.of(s).free:
        row = probe.row(DISTRIBUTION, place)
        moved = [{r: way * step for r in (row, money) if r is not None} for way in (1, -1)]
        more, less = (probe.side(rows) for rows in moved)
        return (Limit(s.grants.distribution, probe.grant(p, t), more, less),), None, None
    found = []
    then, held = fixing
    for rows in held:
        ways = {one.row: -step if probe.asks(one.row) else step for one in rows}
        more_room, less_room = (probe.side({row: way * room for row, room in ways.items()}) for way in (1, -1))
        said = tuple(level_in_words(d, one.place) if one.of_table else "" for one in rows)
        called = "+".join(one.called for one in rows)
        over = _over(d, rows[0].place)
        found.append(Limit(called, probe.grant(p, t), more_room, less_room, said, rows[0].side, over, then))
    if found or money is None:
        return tuple(found), None, None
    column = int(probe.grant_columns(p, [t])[0])
    grant = probe.grant(p, t)
    here = probe.side({money: step}, {column: (grant + step, float("inf"))})
    return (), here, probe.side({money: step}, {column: (0.0, grant)})


def _over(d: DataSet, place: Place) -> str:
    """Give what a limit is on together with one grant: ``London, 2004-05``; blank where it is on that grant alone."""
    if place.of_one and place.year:
        return ""
    whose = "all years" if place.of_one else "".join(place.region) or "all partnerships"
    if place.of_one or (place.year and len(d.years) > 1):
        return whose if place.of_one else f"{whose} in {place.year}"
    return whose if len(d.years) == 1 else f"{whose} in all years"


def _bindings(probe: Probe, p: int) -> Iterator[Binding]:
    """Give every other rule of the partnership that binds and whose limit is worth something on a side."""
    d = probe.programme.data
    name, years = d.partnerships[p], [d.years[t] for t in probe.carried_out]
    for (rule, at), row in list(probe.stages.row_of.items()):
        usual = RULES[rule].step_at(at) if rule in RULES else None
        of_others = RULES[rule].by_quantity if rule in RULES else False  # a limit may be on many together
        here = at.covers(name, d.regions[p]) if of_others else at.partnership == name
        in_year = at.year in years or (of_others and not at.year)
        if usual is None or not here or not in_year or not probe.binds(row) or RULES[rule].limits_one_grant(at):
            continue
        record = RULES[rule]
        limit = probe.limit(row)
        of_grant = record.unit_at(at) == "£" and not limit and at.year in years  # a share of it is the limit
        share = float(record.level(probe.programme.settings, at.year) or 0.0) if of_grant and record.levers else 0.0
        step = step_within(usual, share * probe.grant(p, d.years.index(at.year)) if share else limit)
        more, less = (probe.side({row: way * step}) for way in (1, -1))
        if any(side is None or side.goal or side.soft for side in (more, less)):
            detail = "|".join(at.detail)
            yield Binding(record.called(at), at.year, detail, record.unit_at(at), limit, step, more, less)


def _multipliers(d: DataSet, p: int) -> tuple[float, ...]:
    """Give the effect multipliers to ask about: a tenth more and less than here, and than in the tables; each once."""
    here = float(d.effect_multiplier[p])
    return tuple(dict.fromkeys(round(of * times, 6) for of in (here, 1.0) for times in MULTIPLIERS))


def _grant_at(effects: Effects, p: int, multiplier: float) -> float | None:
    """Give the settlement's grant over all years were effects here such a multiple, £; None where there is no plan."""
    now = float(effects.d.effect_multiplier[p])
    if now == 0:
        return _grants_planned_at(effects.d, effects.probe.programme.settings, p, multiplier)
    with effects.times(multiplier / now):
        return settled(effects, p)


def _grants_planned_at(d: DataSet, s: Settings, p: int, multiplier: float) -> float | None:
    """Give the same where the programme has to be made anew: planned year on year, or an effect that was nothing."""
    from dataclasses import replace

    effects = d.effect_multiplier.copy()
    effects[p] = multiplier
    try:
        _, plans = plan_data(replace(d, effect_multiplier=effects), s)
    except NoPlan:
        return None
    return sum(float(plan.figures.grant[p, : 1 if len(plans) > 1 else None].sum()) for plan in plans)


def _source(d: DataSet, table: str, column: str) -> str:
    rows = [row for row in d.tables.get("sources", ()) if row["table"] == table and row["column"] == column]
    return ", ".join(f"{row['status']}, {row['quality']} quality" for row in rows[:1])


def _size(row: Binding) -> float:
    return max((abs(side.goal) + abs(side.soft) for side in (row.more, row.less) if side is not None), default=0.0)
