"""What is wrong with a scenario beside its data set: names that the data do not have, and money below nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from allocator.faults import Fault
from allocator.register import RULES, distributions, goals
from allocator.register.records import value_of
from allocator.register.rules import TARGET
from allocator.scenario.invalid import MOST_FAULTS, Key, refused_at, shown
from allocator.scenario.sheet import SHEET, has_sheet, is_workbook
from allocator.tables.checking.comparison import THOUSANDS_FROM, nearest_unit
from allocator.tables.dataset import DataSet
from allocator.tables.names import did_you_mean

if TYPE_CHECKING:
    from allocator.scenario.load import Scenario

# Multiples of a grant, a budget or the advisers in post, and from where to where they can only be per cents: nobody
# has twenty times the money, and no per cent near 100 has more than three digits. Thousands are budget.scale's.
MULTIPLES: tuple[Key, ...] = (
    ("budget", "scale"),
    ("grants", "floor"),
    ("grants", "cap"),
    ("certainty", "assumed_future"),
    ("workforce", "headcount_scale"),
)
PER_CENT_FROM, PER_CENT_TO = 20, 999
# Shares that may be above 1, and from where they look like per cents: nobody's grant is three times last year's.
SHARES: tuple[tuple[Key, float], ...] = (
    (("grants", "max_rise"), 2.0),
    (("grants", "formula_share"), 1.5),
    (("workforce", "max_recruitment"), 3.0),
    (("local", "max_reduction"), 1.5),
    (("local", "min_reduction"), 1.0),
)
HIGHEST_WEIGHT = 20  # of a partnership beside others of 1
LOWEST_BENEFIT = 500  # £ a young person and year: what is said of it in thousands is less
LOWEST_RESERVE = 1e-4  # of the smallest budget


def scenario_faults(scenario: Scenario, data: DataSet, left_out: frozenset[Key] = frozenset()) -> tuple[Fault, ...]:
    """Find every fault of a scenario that only its data set shows, at the line of the setting.

    left_out: keys at fault, which the settings do not have: what is worked out from their section is not judged.
    """
    sections = {key[0] for key in left_out}
    return (
        *_unknown_names(scenario, data),
        *_grades_out_of_order(scenario, data),
        *(() if "budget" in sections else _negative_money(scenario, data)),
        *(() if "grants" in sections else _nothing_to_share(scenario, data)),
        *(() if "budget" in sections else _budgets_in_thousands(scenario, data)),
        *_per_cents(scenario),
        *_amounts(scenario, data),
        *_beyond_reach(scenario, data),
        *_no_base_year(scenario, data),
        *_contradictions(scenario),
        *_limits_over_years(scenario, data),
    )


def _unknown_names(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    settings = scenario.settings
    tables: tuple[tuple[Key, Collection[str], tuple[str, ...], str], ...] = (
        (("goal", "weights"), settings.goal.weights, data.partnerships, "partnership"),
        (("effects", "times"), settings.effects.times, data.interventions, "intervention"),
        (("budget", "by_year"), settings.budget.by_year, data.years, "year"),
        (("budget", "scale"), _by_year(settings.budget.scale), data.years, "year"),
        (("grants", "formula_share"), _by_year(settings.grants.formula_share), data.years, "year"),
        (("targets", "national"), settings.targets.national, data.years, "year"),
        (("workforce", "qualified_share"), settings.workforce.qualified_share, data.years, "year"),
    )
    for table, names, valid, kind in tables:
        known = frozenset(valid)
        for name in islice((name for name in names if name not in known), MOST_FAULTS):
            yield _unknown(scenario, (*table, name), name, valid, kind)
    for part in ("qualified_grade", "adviser_grade"):
        grade = getattr(settings.workforce, part)
        if grade is not None and grade not in data.grades:
            yield _unknown(scenario, ("workforce", part), grade, data.grades, "grade")


def _by_year(value: float | dict[str, float] | None) -> dict[str, float]:
    """Give what a setting says for single years, where it does."""
    return value if isinstance(value, dict) else {}


def _unknown(scenario: Scenario, key: Key, name: str, valid: tuple[str, ...], kind: str) -> Fault:
    wanted = f"a {kind} of the data set {shown(scenario.data_label)}"
    return refused_at(scenario.places, "unknown-name", key, shown(name), wanted, did_you_mean(name, valid))


def _grades_out_of_order(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    qualified, adviser = scenario.settings.workforce.qualified_grade, scenario.settings.workforce.adviser_grade
    if qualified not in data.grades or adviser not in data.grades:
        return
    if data.grades.index(qualified) < data.grades.index(adviser):
        wanted = f"{shown(adviser)}, the adviser_grade, or a grade above it"
        yield refused_at(scenario.places, "grade-order", ("workforce", "qualified_grade"), shown(qualified), wanted)


def _negative_money(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    from allocator.scenario.amounts import money

    budget = scenario.settings.budget
    for year, pounds in zip(data.years, money(data, scenario.settings), strict=True):
        if pounds < 0:
            found = f"£{budget.reserve:,.0f} held back"
            wanted = f"at most £{pounds + budget.reserve:,.0f}, the money of {year}"
            yield refused_at(scenario.places, "negative-money", ("budget", "reserve"), found, wanted)


def _budgets_in_thousands(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    """Report a year's money a hundredth or less of the baseline grants, or of the pay of those in post."""
    budget = scenario.settings.budget
    due = max(float(data.baseline_grant.sum()), float((data.workforce * data.salary).sum()))
    for year, pounds in budget.by_year.items():
        if year in data.years and 0 < pounds * budget.scale_of(year) * THOUSANDS_FROM <= due:
            unit = nearest_unit(pounds, due)
            found, key = f"£{pounds:,.10g} looks like {unit.words}", ("budget", "by_year", year)
            yield refused_at(scenario.places, unit.code, key, found, "", "Give pounds.")


def _per_cents(scenario: Scenario) -> Iterator[Fault]:
    """Report multiples and shares of this and that so large that they can only be per cents."""
    settings = scenario.settings
    for key, least in (*((key, float(PER_CENT_FROM)) for key in MULTIPLES), *SHARES):
        given = getattr(getattr(settings, key[0]), key[1])
        every = {(*key, year): value for year, value in _by_year(given).items()} or {key: given}
        for place, value in every.items():
            if isinstance(value, int | float) and least <= value <= PER_CENT_TO and value != 1:
                found = f"{value:g} is {value:g} times, and looks like per cent"
                fix = f"Write {value / 100:g} for {value:g} per cent."
                yield refused_at(scenario.places, "looks-like-per-cent", place, found, "", fix)
    for partnership, weight in islice(settings.goal.weights.items(), MOST_FAULTS):
        if HIGHEST_WEIGHT < weight <= PER_CENT_TO:
            found, fix = (
                f"{weight:g}, where a partnership left out counts 1",
                f"Write {weight / 100:g} if that is meant.",
            )
            yield refused_at(scenario.places, "looks-like-per-cent", ("goal", "weights", partnership), found, "", fix)


def _amounts(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    """Report what is held back, or what a young person who is not NEET is worth, in thousands of pounds."""
    settings = scenario.settings
    smallest = float(data.budget.min())
    benefit, reserve = settings.goal.benefit_per_neet, settings.budget.reserve
    of_benefit = "goal.benefit_per_neet" in goals.of(settings).settings
    if of_benefit and 0 < benefit < LOWEST_BENEFIT:
        found = f"£{benefit:,.10g} for a young person not NEET for a year looks like thousands of pounds"
        key: Key = ("goal", "benefit_per_neet")
        yield refused_at(scenario.places, "looks-like-thousands", key, found, "", "Give pounds.")
    if of_benefit and benefit == 0:
        found = "0: no young person who is not NEET is worth anything, so that nothing is worth its money"
        fix = "Give goal.benefit_per_neet, in pounds of the base year."
        yield refused_at(scenario.places, "nothing-to-do", ("goal", "measure"), found, "", fix)
    if 0 < reserve < LOWEST_RESERVE * smallest:
        found = f"£{reserve:,.10g} held back of £{smallest:,.10g} looks like thousands of pounds"
        yield refused_at(scenario.places, "looks-like-thousands", ("budget", "reserve"), found, "", "Give pounds.")
    weights = settings.goal.weights
    if weights and all(weights.get(partnership) == 0 for partnership in data.partnerships):
        found = "0 for every partnership: nothing counts"
        yield refused_at(scenario.places, "nothing-to-do", ("goal", "weights"), found, "", "Give one a weight above 0.")


def _beyond_reach(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    """Report targets of a larger share than local.max_reduction lets any partnership reach."""
    settings = scenario.settings
    most = settings.local.max_reduction
    if most is None or not TARGET.in_force(settings):
        return
    for year, share in settings.targets.national.items():
        if share > most:
            found = f"{share:g} above local.max_reduction {most:g}: nothing can keep both"
            key: Key = ("targets", "national", year)
            yield refused_at(scenario.places, "contradiction", key, found, f"at most {most:g}", "Lower the target.")
    for row in data.tables.get("targets", ()):
        share = row["reduction_share"]
        if (
            share is not None
            and share > most
            and (row["scope"] != "national" or row["year"] not in settings.targets.national)
        ):
            who = "the country" if row["scope"] == "national" else row["name"]
            found = f"a target of {share:g} for {who} in {row['year']} above local.max_reduction {most:g}"
            key = ("local", "max_reduction")
            yield refused_at(scenario.places, "contradiction", key, found, "", "Lower the target or raise the limit.")
            return


def _no_base_year(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    """Report a rate of prices or pay without a year whose prices the tables' costs are in to begin from."""
    from allocator.scenario.amounts import base_year

    for key in ("inflation", "pay"):
        if getattr(scenario.settings.prices, key) is not None and base_year(data) is None:
            found = f"no year has a price_index of 1, so costs are taken to be at the prices of {data.years[0]}"
            fix = "Give the year whose prices the costs are in a price_index of 1."
            yield refused_at(scenario.places, "no-base-year", ("prices", key), found, "", fix)


def _contradictions(scenario: Scenario) -> Iterator[Fault]:
    """Report limits from below that lie above those from above, where rules keep both."""
    settings = scenario.settings
    acting = {setting for rule in RULES.values() if rule.in_force(settings) for setting in rule.set_by}
    for low, high in (("grants.floor", "grants.cap"), ("local.min_reduction", "local.max_reduction")):
        least, most = value_of(settings, low), value_of(settings, high)
        if {low, high} <= acting and least is not None and most is not None and least > most:
            found = f"{low} {least:g} above {high} {most:g}: nothing can keep both"
            fix = f"Lower {low} or raise {high}."
            yield refused_at(scenario.places, "contradiction", tuple(low.split(".")), found, f"at most {most:g}", fix)


def scenario_notes(scenario: Scenario, data: DataSet) -> tuple[Fault, ...]:
    """Give what is worth a word in a scenario beside its data set, and stops nothing."""
    return (*_never_counting(scenario, data), *_sheet_not_read(scenario))


def _sheet_not_read(scenario: Scenario) -> Iterator[Fault]:
    """Note a workbook of tables with a sheet of settings, where the scenario is another file."""
    if scenario.source != scenario.data and is_workbook(scenario.data) and has_sheet(scenario.data):
        found = f"the tables of {scenario.data.name}, whose sheet {SHEET} is not read: the settings are this file's"
        fix = f"Name the workbook itself in place of this file to plan with its sheet {SHEET}."
        yield refused_at(scenario.places, "sheet-not-read", ("data",), found, "", fix)


def _never_counting(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    """Note interventions whose effect, or whose lasting effect, comes after the last year that is counted."""
    tail = scenario.settings.goal.tail_years
    counted = len(data.years) + tail
    lag, lasting = data.lag, data.persistence > 0
    span = f"{counted} year{'s' if counted > 1 else ''}"
    within = f"the {span} counted ({len(data.years)} of the plan, {tail} of goal.tail_years)"
    late = [name for name, years in zip(data.interventions, lag, strict=True) if years >= counted]
    if late:
        years = max(int(years) for years in lag)
        span = f"{years} year{'s' if years > 1 else ''}"
        found = f"a lag of {span} for {_listed(late)}: its effect never counts within {within}"
        fix = "Raise goal.tail_years, or correct lag in interventions."
        code = "never-counts" if len(late) < len(data.interventions) else "nothing-to-do"
        yield refused_at(scenario.places, code, ("goal", "tail_years"), found, "", fix)
    last = [
        name
        for name, years, lasts in zip(data.interventions, lag, lasting, strict=True)
        if lasts and years == counted - 1
    ]
    if last:
        found = f"persistence for {_listed(last)}: it never counts within {within}"
        fix = "Raise goal.tail_years if later years are to count."
        yield refused_at(scenario.places, "never-counts", ("goal", "tail_years"), found, "", fix)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _limits_over_years(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    """Note a limit that adds up years of which, planning year on year, all but one are planned later."""
    from allocator.scenario.amounts import over_years

    if scenario.settings.certainty.kind == "settlement":
        return
    for own in over_years(data, scenario.settings):
        found = f"year_on_year, and a limit on all years together: {shown(own.limit)}"
        fix = 'Give the limit the year "every", or plan with the kind settlement.'
        yield refused_at(scenario.places, "limit-over-years", ("certainty", "kind"), found, "limits year by year", fix)


def _nothing_to_share(scenario: Scenario, data: DataSet) -> Iterator[Fault]:
    """Report years without young people where shares go by them; the tables themselves see to the baseline grants."""
    distribution, formula = distributions.of(scenario.settings), scenario.settings.grants.formula
    young_people_count = distribution.shares_people or (distribution.of_formula and formula.young_people > 0)
    neet_count = distribution.of_formula and formula.neet > 0
    for t, year in enumerate(data.years):
        for counts, numbers, kind in (
            (young_people_count, data.young_people, "young people"),
            (neet_count, data.neet, "NEET young people"),
        ):
            if counts and not numbers[:, t].any():
                wanted = f"some, for {shown(distribution.name)} grants are formed of shares of them"
                key = ("grants", "distribution")
                yield refused_at(scenario.places, "nothing-to-share", key, f"no {kind} in {year}", wanted)
