"""Every rule, in the order of docs/model.md: its units, its settings, when it acts, and how it is worded.

The rule's sentence and formula stand with its builder in programme/rules, its second formulation in recompute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from allocator.register import distributions
from allocator.register.quantities import LEAST, MOST, QUANTITIES, limit_of, quantity_of, side_of
from allocator.register.records import kept, value_of

if TYPE_CHECKING:
    from allocator.register.place import Place
    from allocator.register.records import Data, Settings

    Acts = Callable[[Settings], bool]

Kind = Literal["limit", "requirement", "balance"]
About = Literal["people", "advisers", "money", "grants", "outcomes"]
Axis = Literal["partnership", "year", "grade", "channel", "set", "group", "interventions", "scope"]

TENFOLD = 10.0  # a repair by more than this factor is none


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A setting that moves a rule's limit by degrees.

    setting: its dotted name. relax: the way that gives more room. furthest: how far a repair may go that way, as a
    multiple of what it is where times says so; None where the rule is not repaired by it alone. moves: the sides of
    the rule's rows, in proportion, or their coefficients. in_place: whether a programme that is solved can take
    another value of it.
    """

    setting: str
    relax: Literal["up", "down"]
    furthest: float | None
    times: bool = False
    moves: Literal["sides", "coefficients"] = "sides"
    in_place: bool = True


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a rule is told beside its sentence. Blank: by its name.

    Templates take {year}, {amount} (with its unit), {bare} (without), {share} and {times} (the value of its first
    lever, in per cent and as it is), {before} (last year's grant), {said} (a limit as its table has it), {first} and
    {last} (of what else names the row), {named} (interventions), {less} (what is taken off for earlier years),
    {distribution} and {counted_on}.
    fixes: what it does to a grant that it fixes. binds: what is limited, in a list of what binds. step: what its
    limit is moved by there, where that is no amount of its unit. thing: one of its limits, the noun first, where a
    sum counts them. line: what stands before an amount in a sum. own: its own amount, where the sum is in another
    unit.
    """

    fixes: str = ""
    binds: str = ""
    step: str = ""
    thing: str = ""
    line: str = ""
    own: str = ""

    @property
    def tell_apart(self) -> bool:
        """Whether a sum tells rows apart by what names them beside partnership and year."""
        return any(part in said for said in (self.thing, self.line) for part in ("{first}", "{last}"))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is true of a rule wherever it is spoken of.

    name: the name of its rows, its word in rules.off and in explanations. unit: of both sides, as everything but the
    problem itself shows them. over: what its key names. sense: how its sides compare; blank where the table says.
    kind: a limit; a requirement, which asks for at least an amount, may be made soft and has no row where nothing is
    asked; or a balance.
    about: what it is on. set_by: the settings and columns from which its amounts come; reads: what else it reads.
    levers: see Lever. acts: whether it has a limit and acts on the grants there are; there: whether the tables have
    something for it. can_be_off: whether rules.off takes it. group: a name that stands for several rules in lists.
    tightens: the decisions whose bounds follow from it. of_reductions: whether its sides are fewer young people NEET.
    rests_on_money: whether its sides follow from the money of a year. in_bounds: whether bounds can stand for its
    rows. last_year: -1 or 1 where it lets a grant fall or rise by its lever from last year's; else 0.
    leave_out: place in the order in which a search for a conflict leaves rules out, what partnerships share first,
    what the programme cannot do without last. shorten: place among those of which the search lets one fall short; 0:
    not among them. gives_unit: whether a sum that it is in is told in its unit. step: what its limit is moved by
    where it is asked what that would bring, in its unit; None where it is not asked. by_quantity: whether each row
    bounds a quantity that its place names, which then gives unit and step and says whether the row is on grants; such
    a row goes by a name that the table gives it. words: see Words.
    """

    name: str
    unit: str
    over: tuple[Axis, ...]
    sense: Literal["<=", ">=", "=", ""]
    kind: Kind
    about: About
    set_by: tuple[str, ...]
    reads: tuple[str, ...] = ()
    levers: tuple[Lever, ...] = ()
    acts: Acts = field(default=lambda _settings: True, repr=False)
    there: Callable[[Data, Settings], bool] = field(default=lambda _data, _settings: True, repr=False)
    can_be_off: bool = True
    group: str = ""
    tightens: frozenset[str] = frozenset()
    of_reductions: bool = False
    rests_on_money: bool = False
    in_bounds: bool = False
    last_year: Literal[-1, 0, 1] = 0
    leave_out: int = 55
    shorten: int = 0
    gives_unit: bool = False
    step: float | None = None
    by_quantity: bool = False
    words: Words = Words()

    def unit_at(self, place: Place) -> str:
        """Give the unit of the row at a place."""
        return quantity_of(place).unit if self.by_quantity else self.unit

    def sense_at(self, place: Place) -> str:
        """Give how the sides of the row at a place compare."""
        return {LEAST: ">=", MOST: "<="}.get(side_of(place), "=") if self.by_quantity else self.sense

    def step_at(self, place: Place) -> float | None:
        """Give what the limit of the row at a place is moved by where it is asked what that would bring."""
        return quantity_of(place).step if self.by_quantity else self.step

    def is_on_grants(self, place: Place) -> bool:
        """Say whether the row at a place can be kept, or broken, by grants alone."""
        return quantity_of(place).of_grants if self.by_quantity else self.about == "grants"

    def limits_one_grant(self, place: Place) -> bool:
        """Say whether the row at a place limits a single grant, where grants are free."""
        if self.by_quantity:
            return quantity_of(place).of_grants and place.of_one and bool(place.year)
        return self.on_single_grants

    def called(self, place: Place) -> str:
        """Give the rule as the row at a place is told of: its name, and what the table calls the limit."""
        return f"{self.name} {limit_of(place)}" if self.by_quantity else self.name

    @property
    def may_be_soft(self) -> bool:
        """Whether rules.soft takes it."""
        return self.kind == "requirement"

    @property
    def of_each(self) -> bool:
        """Whether it holds in each partnership by itself."""
        return "partnership" in self.over

    @property
    def by_channel(self) -> bool:
        """Whether each of its rows is of a channel, which has no name but its own."""
        return "channel" in self.over

    @property
    def of_the_country(self) -> bool:
        """Whether each of its rows is a year's, of all partnerships together."""
        return self.over == ("year",)

    @property
    def on_single_grants(self) -> bool:
        """Whether it limits each grant by itself, where grants are free."""
        return self.about == "grants" and self.of_each and self.kind == "limit"

    @property
    def limits_use(self) -> bool:
        """Whether it limits what a partnership can do with its money."""
        return self.kind == "limit" and self.can_be_off and self.of_each and self.about not in ("grants", "money")

    @property
    def bounds_one(self) -> bool:
        """Whether bounds of one partnership's decisions follow from it."""
        return self.of_each and (self.about == "grants" or bool(self.tightens))

    @property
    def entered_by(self) -> tuple[str, ...]:
        """Every setting and column that enters it."""
        return (*self.set_by, *self.reads)

    def in_force(self, settings: Settings) -> bool:
        """Say whether it is switched on, has a limit and acts on the grants there are."""
        return self.name not in settings.rules.off and self.acts(settings)

    def value(self, settings: Settings) -> Any:
        """Give the value of its first lever."""
        return value_of(settings, self.levers[0].setting)

    def level(self, settings: Settings, year: str) -> Any:
        """Give the value of its first lever in a year, where it goes by year; nothing in a year left out."""
        value = self.value(settings)
        return value.get(year, 0.0) if isinstance(value, dict) else value

    def of_last_year(self, settings: Settings) -> float:
        """Give the multiple of last year's grant that is its limit, where it is one on change."""
        return 1.0 + self.last_year * float(self.value(settings) or 0.0) if self.last_year else 1.0


RULES: dict[str, Rule] = {}


def add(rule: Rule) -> Rule:
    """Add a record. Raises ValueError for a name that is taken."""
    return kept(RULES, rule)


def rule_of(called: str) -> Rule | None:
    """Give the rule of a name that Rule.called gave: "floor", "limit protect_london"; None where it is no rule's."""
    return RULES.get(called.partition(" ")[0])


def names(wanted: Callable[[Rule], bool] = lambda _rule: True) -> tuple[str, ...]:
    """Give the names of the rules of which something is true, in the order of docs/model.md."""
    return tuple(rule.name for rule in RULES.values() if wanted(rule))


def groups() -> tuple[str, ...]:
    """Give the names that stand for several rules."""
    return tuple(dict.fromkeys(rule.group for rule in RULES.values() if rule.group))


def of_group(name: str) -> tuple[str, ...]:
    """Give the rules that a name in a list stands for: its own, or those of its group."""
    return names(lambda rule: rule.group == name) or (name,)


def several_of(rules: Iterable[str]) -> tuple[str, ...]:
    """Give the groups of which more than one of some rules is a part."""
    there = set(rules)
    return tuple(group for group in groups() if len(there.intersection(of_group(group))) > 1)


def entered_by(column: str) -> tuple[str, ...]:
    """Give the rules that a column or setting enters."""
    return names(lambda rule: column in rule.entered_by)


def set_by(setting: str) -> tuple[str, ...]:
    """Give the rules that a setting enters, whole or one year or place of it: workforce.qualified_share."2006-07"."""
    return names(lambda rule: any(setting == own or setting.startswith(f"{own}.") for own in rule.set_by))


def moved_by(setting: str) -> tuple[str, ...]:
    """Give the rules of which a setting is a lever."""
    return names(lambda rule: any(lever.setting == setting for lever in rule.levers))


def changed_in_place(setting: str) -> str | None:
    """Give the rule on the sides of whose rows alone a setting stands; None where it moves a coefficient, or is no
    lever.
    """
    for rule in RULES.values():
        for lever in rule.levers:
            if lever.setting == setting:
                return rule.name if lever.moves == "sides" and lever.in_place else None
    return None


def moves_with_money(data: Data, settings: Settings) -> bool:
    """Say whether other money moves a limit on free grants, so that what a year's money is worth is no single price."""
    own = LIMIT.in_force(settings) and any(QUANTITIES[row.of].of_money for row in data.limits)
    return distributions.of(settings).moves_with_money or (own and _grants_are_free(settings))


def names_in_force(settings: Settings) -> tuple[str, ...]:
    """Give the rules that can be off, are on, have a limit and act on the grants there are, whatever the tables
    hold.
    """
    return names(lambda rule: rule.can_be_off and rule.in_force(settings))


def with_rows(data: Data, settings: Settings) -> tuple[str, ...]:
    """Give the rules in force that have rows on these tables."""
    return tuple(name for name in names_in_force(settings) if RULES[name].there(data, settings))


def _is_set(setting: str) -> Acts:
    """Say whether a limit is set: neither left out nor an empty table of names."""
    return lambda settings: value_of(settings, setting) not in (None, {})


def _grants_are_free(settings: Settings) -> bool:
    return distributions.of(settings).free


def _both(*conditions: Acts) -> Acts:
    return lambda settings: all(condition(settings) for condition in conditions)


def _in_order(chosen: Iterable[Rule], place: Callable[[Rule], int]) -> tuple[str, ...]:
    return tuple(rule.name for rule in sorted(chosen, key=place))


def left_out_first() -> tuple[str, ...]:
    """Give the order in which a search for a conflict leaves rules out."""
    return _in_order(RULES.values(), lambda rule: rule.leave_out)


def fall_short_first() -> tuple[str, ...]:
    """Give the rules of which a search for a conflict lets one fall short, what a planner would first look at first."""
    return _in_order((rule for rule in RULES.values() if rule.shorten), lambda rule: rule.shorten)


def give_the_unit() -> tuple[str, ...]:
    """Give the rules that give a sum its unit, the first that are in it."""
    return _in_order((rule for rule in RULES.values() if rule.gives_unit), lambda rule: rule.shorten)


# The columns and the setting from which every reduction is worked out.
EFFECTS = (
    "effects.times",
    "partnerships.effect_multiplier",
    "interventions.persistence",
    "interventions.lag",
    "interventions.displacement",
    "client_groups.stays",
    "effects.effect",
    "returns.width",
    "returns.relative_effect",
)

# --- people ----------------------------------------------------------------------------------------------------------

ELIGIBLE = add(
    Rule(
        name="eligible",
        unit="young people",
        over=("partnership", "year", "set", "group"),
        sense="<=",
        kind="limit",
        about="people",
        set_by=("interventions.exclusive_set", "young_people.young_people"),
        there=lambda data, _settings: bool(data.exclusive_sets),
        leave_out=140,
        step=10.0,
        words=Words(
            binds="young people of '{last}'",
            line="young people of '{last}' in {year}",
            own="{bare} young people of '{last}' in {year}",
        ),
    )
)

CHANNEL = add(
    Rule(
        name="channel",
        unit="places",
        over=("partnership", "year", "channel"),
        sense="<=",
        kind="limit",
        about="people",
        set_by=("capacities.places",),
        reads=("interventions.channel",),
        there=lambda data, _settings: bool((data.capacity < float("inf")).any()),
        leave_out=150,
        step=10.0,
        words=Words(
            binds="{first} places",
            line="places that {first} has in {year}",
            own="{bare} places that {first} has in {year}",
        ),
    )
)

# --- advisers --------------------------------------------------------------------------------------------------------

HOURS = add(
    Rule(
        name="hours",
        unit="hours",
        over=("partnership", "year", "grade"),
        sense="<=",
        kind="limit",
        about="advisers",
        set_by=(
            "effects.adviser_hours",
            "interventions.min_grade",
            "grades.productive_hours",
            "grades.training_hours",
        ),
        can_be_off=False,
        leave_out=180,
    )
)

WORKFORCE = add(
    Rule(
        name="workforce",
        unit="FTE",
        over=("partnership", "year", "grade"),
        sense="=",
        kind="balance",
        about="advisers",
        set_by=("workforce.fte", "grades.attrition"),
        reads=("grades.recruitable",),
        can_be_off=False,
        leave_out=200,
        words=Words(
            line="advisers in post before {year}, less turnover",
            own="{amount} in post before {year}, less turnover",
        ),
    )
)

TRAINEES = add(
    Rule(
        name="trainees",
        unit="FTE",
        over=("partnership", "year", "grade"),
        sense="<=",
        kind="limit",
        about="advisers",
        set_by=(),
        can_be_off=False,
        leave_out=170,
        step=1.0,
        words=Words(binds="trainees"),
    )
)

RECRUITMENT = add(
    Rule(
        name="recruitment",
        unit="FTE",
        over=("partnership", "year"),
        sense="<=",
        kind="limit",
        about="advisers",
        set_by=("workforce.max_recruitment", "partnerships.start_up_posts"),
        reads=("workforce.fte",),
        levers=(Lever(setting="workforce.max_recruitment", relax="up", furthest=TENFOLD, moves="coefficients"),),
        acts=_is_set("workforce.max_recruitment"),
        tightens=frozenset({"recruits", "fte"}),
        leave_out=160,
        step=1.0,
        words=Words(
            binds="recruits",
            line="recruits allowed in {year}",
            own="{amount} that may be recruited in {year}",
        ),
    )
)

TRAINING_PLACES = add(
    Rule(
        name="training_places",
        unit="persons",
        over=("year",),
        sense="<=",
        kind="limit",
        about="advisers",
        set_by=("years.training_places",),
        tightens=frozenset({"training"}),
        leave_out=20,
        words=Words(line="the training places of {year}", own="{bare} training places of {year}"),
    )
)

HEADCOUNT = add(
    Rule(
        name="headcount",
        unit="FTE",
        over=("year",),
        sense="<=",
        kind="limit",
        about="advisers",
        set_by=("years.headcount_limit", "workforce.headcount_scale"),
        levers=(Lever(setting="workforce.headcount_scale", relax="up", furthest=TENFOLD, times=True),),
        tightens=frozenset({"fte"}),
        leave_out=10,
        words=Words(line="the limit on posts of {year}", own="{amount} in the limit on posts of {year}"),
    )
)

QUALIFIED = add(
    Rule(
        name="qualified",
        unit="FTE",
        over=("partnership", "year"),
        sense=">=",
        kind="limit",
        about="advisers",
        set_by=("workforce.qualified_share", "workforce.qualified_grade"),
        reads=("workforce.adviser_grade",),
        levers=(Lever(setting="workforce.qualified_share", relax="down", furthest=0.0, moves="coefficients"),),
        acts=_both(_is_set("workforce.qualified_grade"), _is_set("workforce.qualified_share")),
        leave_out=120,
        shorten=40,
        step=1.0,
        words=Words(binds="qualified share", step="one qualified FTE"),
    )
)

# --- money -----------------------------------------------------------------------------------------------------------

MONEY = add(
    Rule(
        name="money",
        unit="£",
        over=("partnership", "year"),
        sense="=",
        kind="balance",
        about="money",
        set_by=(
            "partnerships.fixed_cost",
            "interventions.unit_cost",
            "grades.salary",
            "grades.recruitment_cost",
            "grades.redundancy_cost",
            "grades.training_cost",
            "years.price_index",
            "years.pay_index",
            "prices.inflation",
            "prices.pay",
            "partnerships.area_cost_factor",
        ),
        can_be_off=False,
        leave_out=190,
        shorten=90,
        gives_unit=True,
        words=Words(line="fixed costs of {year}{less} are", own="{amount} of fixed costs in {year}{less}"),
    )
)

CARRY_FORWARD = add(
    Rule(
        name="carry_forward",
        unit="£",
        over=("partnership", "year"),
        sense="<=",
        kind="limit",
        about="money",
        set_by=("budget.carry_forward_limit",),
        levers=(Lever(setting="budget.carry_forward_limit", relax="up", furthest=1.0, moves="coefficients"),),
        tightens=frozenset({"carry"}),
        leave_out=60,
        step=100_000.0,
        words=Words(binds="carried into the next year"),
    )
)

NATIONAL = add(
    Rule(
        name="national",
        unit="£",
        over=("year",),
        sense="<=",
        kind="limit",
        about="grants",
        set_by=("years.budget", "budget.scale", "budget.reserve", "budget.by_year"),
        levers=(
            Lever(setting="budget.scale", relax="up", furthest=None),
            Lever(setting="budget.reserve", relax="down", furthest=None),
            Lever(setting="budget.by_year", relax="up", furthest=None),
        ),
        can_be_off=False,
        tightens=frozenset({"grant"}),
        rests_on_money=True,
        leave_out=30,
        shorten=50,
        gives_unit=True,
        words=Words(line="the money of {year} is", own="{amount} of money in {year}"),
    )
)

# --- grants ----------------------------------------------------------------------------------------------------------

FLOOR = add(
    Rule(
        name="floor",
        unit="£",
        over=("partnership", "year"),
        sense=">=",
        kind="limit",
        about="grants",
        set_by=("grants.floor",),
        reads=("partnerships.baseline_grant",),
        levers=(Lever(setting="grants.floor", relax="down", furthest=0.0),),
        acts=_both(_grants_are_free, _is_set("grants.floor")),
        leave_out=80,
        shorten=70,
        gives_unit=True,
        words=Words(
            fixes="the grant is {times} times the baseline grant at least",
            thing="floor of {times} × the baseline grant",
        ),
    )
)

CAP = add(
    Rule(
        name="cap",
        unit="£",
        over=("partnership", "year"),
        sense="<=",
        kind="limit",
        about="grants",
        set_by=("grants.cap",),
        reads=("partnerships.baseline_grant",),
        levers=(Lever(setting="grants.cap", relax="up", furthest=TENFOLD),),
        acts=_both(_grants_are_free, _is_set("grants.cap")),
        tightens=frozenset({"grant"}),
        leave_out=40,
        words=Words(
            fixes="the grant is {times} times the baseline grant at most",
            thing="cap of {times} × the baseline grant",
        ),
    )
)

MAX_FALL = add(
    Rule(
        name="max_fall",
        unit="£",
        over=("partnership", "year"),
        sense=">=",
        kind="limit",
        about="grants",
        set_by=("grants.max_fall",),
        reads=("partnerships.baseline_grant",),
        levers=(Lever(setting="grants.max_fall", relax="up", furthest=1.0, moves="coefficients"),),
        acts=_both(_grants_are_free, _is_set("grants.max_fall")),
        group="damping",
        last_year=-1,
        leave_out=72,
        shorten=80,
        words=Words(
            fixes="the grant may fall {share} from {before}",
            thing="grant that may fall {share} at most",
        ),
    )
)

MAX_RISE = add(
    Rule(
        name="max_rise",
        unit="£",
        over=("partnership", "year"),
        sense="<=",
        kind="limit",
        about="grants",
        set_by=("grants.max_rise",),
        reads=("partnerships.baseline_grant",),
        levers=(Lever(setting="grants.max_rise", relax="up", furthest=TENFOLD, moves="coefficients"),),
        acts=_both(_grants_are_free, _is_set("grants.max_rise")),
        group="damping",
        tightens=frozenset({"grant"}),
        last_year=1,
        leave_out=70,
        shorten=82,
        words=Words(
            fixes="the grant may rise {share} from {before}",
            thing="grant that may rise {share} at most",
        ),
    )
)

DISTRIBUTION = add(
    Rule(
        name="distribution",
        unit="£",
        over=("partnership", "year"),
        sense="=",
        kind="balance",
        about="grants",
        set_by=("grants.distribution", "grants.formula", "grants.file"),
        reads=(
            *("partnerships.baseline_grant", "partnerships.entry_grant", "partnerships.area_cost_factor"),
            *("young_people.young_people", "young_people.neet", "years.budget"),
        ),
        acts=lambda settings: not _grants_are_free(settings),
        can_be_off=False,
        tightens=frozenset({"grant"}),
        rests_on_money=True,
        in_bounds=True,
        leave_out=210,
        shorten=60,
        gives_unit=True,
        words=Words(fixes="the distribution sets the grant", thing="grant set by {distribution}{counted_on}"),
    )
)

FORMULA_FLOOR = add(
    Rule(
        name="formula_floor",
        unit="£",
        over=("partnership", "year"),
        sense=">=",
        kind="limit",
        about="grants",
        set_by=("grants.formula_share", "grants.formula"),
        reads=(
            *("partnerships.baseline_grant", "partnerships.entry_grant", "partnerships.area_cost_factor"),
            *("young_people.young_people", "young_people.neet", "years.budget"),
        ),
        levers=(Lever(setting="grants.formula_share", relax="down", furthest=0.0, in_place=False),),
        acts=lambda settings: distributions.of(settings).moves_with_money,
        rests_on_money=True,
        leave_out=90,
        words=Words(
            fixes="the grant is {times} times the formula's at least",
            thing="grant of {times} × the formula's",
        ),
    )
)

# --- outcomes --------------------------------------------------------------------------------------------------------

GUARANTEE = add(
    Rule(
        name="guarantee",
        unit="places",
        over=("partnership", "year", "group", "interventions"),
        sense=">=",
        kind="requirement",
        about="people",
        set_by=("guarantees.min_share",),
        reads=("young_people.young_people",),
        there=lambda data, _settings: bool(data.guarantees),
        leave_out=130,
        shorten=30,
        gives_unit=True,
        step=10.0,
        words=Words(
            binds="places guaranteed for '{first}'",
            thing="guarantee for '{first}' (places of {named})",
        ),
    )
)

CEILING = add(
    Rule(
        name="ceiling",
        unit="young people",
        over=("partnership", "year"),
        sense="<=",
        kind="limit",
        about="outcomes",
        set_by=("local.max_reduction",),
        reads=("young_people.neet", *EFFECTS),
        levers=(Lever(setting="local.max_reduction", relax="up", furthest=1.0),),
        acts=_is_set("local.max_reduction"),
        of_reductions=True,
        leave_out=50,
        step=1.0,
        words=Words(
            binds="most that may be reached",
            line="the most that may count as helped in {year}",
            own="{amount} that may be counted in {year}",
        ),
    )
)

LOCAL_MINIMUM = add(
    Rule(
        name="local_minimum",
        unit="young people",
        over=("partnership", "year"),
        sense=">=",
        kind="requirement",
        about="outcomes",
        set_by=("local.min_reduction",),
        reads=("young_people.neet", *EFFECTS),
        levers=(Lever(setting="local.min_reduction", relax="down", furthest=0.0, in_place=False),),
        acts=_is_set("local.min_reduction"),
        of_reductions=True,
        leave_out=100,
        shorten=20,
        gives_unit=True,
        step=1.0,
        words=Words(
            binds="least that must be reached",
            thing="minimum of {share} fewer NEET",
        ),
    )
)

TARGET = add(
    Rule(
        name="target",
        unit="young people",
        over=("scope", "year"),
        sense=">=",
        kind="requirement",
        about="outcomes",
        set_by=("targets.max_neet", "targets.reduction_share", "targets.national"),
        reads=("young_people.neet", "partnerships.region", *EFFECTS),
        there=lambda data, settings: bool(data.targets or settings.targets.national),
        of_reductions=True,
        leave_out=110,
        shorten=10,
        gives_unit=True,
        step=1.0,
        words=Words(
            binds="target",
            line="the target of {year}{less} asks for",
            own="{amount} that the target of {year}{less} asks for",
        ),
    )
)

# --- the planner's own -----------------------------------------------------------------------------------------------

LIMIT = add(
    Rule(
        name="limit",
        unit="£, places or FTE",
        over=("scope", "year"),
        sense="",
        kind="limit",
        about="grants",
        set_by=("limits.least", "limits.most"),
        reads=(
            "partnerships.region",
            "partnerships.baseline_grant",
            "partnerships.entry_grant",
            "young_people.young_people",
            "interventions.unit_cost",
            "years.price_index",
            "years.budget",
        ),
        there=lambda data, settings: any(
            _grants_are_free(settings) or not QUANTITIES[row.of].of_grants for row in data.limits
        ),
        rests_on_money=True,
        leave_out=95,
        shorten=35,
        gives_unit=True,
        by_quantity=True,
        words=Words(fixes="the grant is {said}"),
    )
)
