"""Every table and column: kind, unit, range and meaning, declared once as row models.

Reading, checking, writing and the data dictionary all take from here what a table looks like. A value that may be
blank has a type "or None". Money says its prices; a share says of what. Source: the design of the input tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from allocator.register.quantities import Of

# No amount may be larger: beyond it a double no longer holds every penny of a sum.
LARGEST = 1e13
LONGEST_NAME = 200  # characters


class Row(BaseModel):
    """A row of a table, as typed values; unknown columns are refused and nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def names(meaning: str, refers: str = "") -> Any:
    """Give a column that is part of the table's key; refers: the table whose key it names, where it names one."""
    return Field(description=meaning, json_schema_extra={"key": True, "refers": refers})


def holds(meaning: str, unit: str = "", refers: str = "", plausible: tuple[float, float] | None = None) -> Any:
    """Give a column outside the key, with its unit; refers as in names, plausible as in Column."""
    extra: dict[str, Any] = {"unit": unit, "refers": refers, "plausible": plausible}
    return Field(description=meaning, json_schema_extra=extra)


def may_hold(
    meaning: str,
    unit: str,
    *,
    left_out: float | None,
    means: str = "",
    plausible: tuple[float, float] | None = None,
) -> Any:
    """Give a column that may be left out, or have blank cells.

    Either stands for left_out, which means says in words.
    """
    extra: dict[str, Any] = {"unit": unit, "refers": "", "means": means or f"{left_out:g}", "plausible": plausible}
    return Field(default=left_out, description=meaning, json_schema_extra=extra)


Amount = Annotated[float, Field(ge=0, le=LARGEST)]
Positive = Annotated[float, Field(gt=0, le=LARGEST)]
Share = Annotated[float, Field(ge=0, le=1)]
Change = Annotated[float, Field(ge=-1, le=1)]
Hours = Annotated[float, Field(ge=0, le=8784)]  # no year has more
# Text of any length, on several lines too; every other text is a name, short and on one line.
Prose = Annotated[str, Field(max_length=1_000_000)]
Joined = Annotated[str, Field(max_length=20_000)]
Tile = Annotated[int, Field(ge=0, le=1000)]
TableName = Literal[
    "partnerships",
    "young_people",
    "client_groups",
    "interventions",
    "effects",
    "returns",
    "grades",
    "workforce",
    "years",
    "capacities",
    "guarantees",
    "targets",
    "limits",
    "studies",
    "sources",
]


class Partnership(Row):
    """The partnerships that money is shared out among."""

    partnership: str = names("the partnership's code")
    name: str = holds("its name as shown")
    region: str = holds("the region that it lies in")
    baseline_grant: Amount = holds(
        "grant paid in the year before the first; 0: a new partnership, which had none",
        "£ a year, cash",
        plausible=(5_000, 1e9),
    )
    entry_grant: Amount = may_hold(
        "what a new partnership's share of the money as before is reckoned from", "£ a year, cash", left_out=0.0
    )
    start_up_posts: Amount = may_hold(
        "advisers who may join in a year beyond max_recruitment", "FTE a year", left_out=0.0
    )
    fixed_cost: Amount = holds(
        "management, premises: what does not change with places", "£ a year, base-year prices", plausible=(1_000, 1e9)
    )
    area_cost_factor: Positive = holds(
        "salaries here as a multiple of those in the grades table", "1 = none", plausible=(0.5, 3)
    )
    effect_multiplier: Amount = holds(
        "effects here as a multiple of those in the effects table", "1 = none", plausible=(0.05, 10)
    )
    effect_multiplier_se: Amount = may_hold("standard error of effect_multiplier", "multiple", left_out=0.0)
    map_column: Tile | None = holds("column of its square on the tile map, from the left", "squares")
    map_row: Tile | None = holds("row of its square on the tile map, from the top", "squares")


class YoungPeople(Row):
    """How many young people there are, and how many would be NEET without the programme."""

    partnership: str = names("the partnership", "partnerships")
    client_group: str = names("the client group; any names serve")
    year: str = names("the financial year", "years")
    young_people: Amount = holds("young people in the group", "persons")
    neet: Amount = holds("those who would be NEET at the end of the year without the programme", "persons")
    neet_se: Amount = may_hold("standard error of neet", "young people", left_out=0.0)


class ClientGroup(Row):
    """The client groups by name, and who of them is still counted later; where a group has no row all are."""

    client_group: str = names("the client group", "young_people")
    name: str = holds("its name as shown")
    stays: Share = holds("those who are still of the ages counted a year on", "share of the group")


class Intervention(Row):
    """What can be bought for young people."""

    intervention: str = names("the intervention's code; without +, which joins names in guarantees")
    name: str = holds("its name as shown")
    unit_cost: Amount = holds(
        "cost of a place without adviser time", "£ a place, base-year prices", plausible=(0.5, 100_000)
    )
    min_grade: str = holds("the lowest grade of adviser that may do it", refers="grades")
    channel: str = holds("the channel that it is delivered through")
    exclusive_set: str | None = holds("a young person has one intervention of the set at most in a year")
    persistence: Share = holds("share of the effect that lasts each further year", "share")
    lag: Annotated[int, Field(ge=0, le=50)] = holds("years until the effect is felt", "years")
    displacement: Share = may_hold("part of the effect that others lose", "share of the effect", left_out=0.0)
    unit_cost_se: Amount = may_hold("standard error of unit_cost", "£ a place, base-year prices", left_out=0.0)
    persistence_se: Amount = may_hold("standard error of persistence", "share", left_out=0.0)


class Effect(Row):
    """Which intervention is offered to which client group, what it does and what it takes."""

    intervention: str = names("the intervention", "interventions")
    client_group: str = names("the client group that it is offered to", "young_people")
    effect: Change = holds("fall in the probability of being NEET per young person served", "probability")
    standard_error: Amount = holds("standard error of the effect", "probability", plausible=(0, 0.25))
    adviser_hours: Hours = holds("adviser time that a place takes", "hours a place", plausible=(0.02, 400))
    max_uptake: Share = holds("the most of the group that can be served", "share of the group")
    source: Prose | None = holds("where the effect comes from")


class Return(Row):
    """Diminishing returns: what further places of an intervention are worth; one whole band where left out."""

    intervention: str = names("the intervention", "interventions")
    band: Annotated[int, Field(ge=1, le=100)] = names("1, 2, … in the order in which the bands fill")
    width: Share = holds("the band's share of all places that can be taken up; they add up to 1", "share")
    relative_effect: Amount = holds(
        "the effect here as a multiple; not rising from band to band", "1 = in full", plausible=(0, 3)
    )


class Grade(Row):
    """The ladder of adviser grades."""

    grade: str = names("the grade's code")
    name: str = holds("its name as shown")
    rank: Annotated[int, Field(ge=0, le=1000)] = holds("place on the ladder; 1 is the lowest", "rank")
    salary: Positive = holds("pay with on-costs", "£ an FTE, base-year prices", plausible=(5_000, 300_000))
    productive_hours: Annotated[float, Field(gt=0, le=8784)] = holds(
        "hours with young people", "hours a year", plausible=(275, 2_500)
    )
    attrition: Share = holds("share of those in post that leaves in a year", "share of the grade", plausible=(0, 0.8))
    recruitment_cost: Amount = holds("cost of recruiting", "£ an FTE, base-year prices", plausible=(20, 200_000))
    redundancy_cost: Amount = holds("cost of making redundant", "£ an FTE, base-year prices", plausible=(100, 300_000))
    training_cost: Amount | None = holds(
        "cost of training to the next grade; blank for the top", "£, base-year prices", plausible=(20, 100_000)
    )
    training_hours: Hours | None = holds("hours the training takes; blank for the top", "hours", plausible=(30, 8_784))
    recruitable: bool = holds("whether advisers of this grade can be recruited")


class Workforce(Row):
    """The advisers in post at the start."""

    partnership: str = names("the partnership", "partnerships")
    grade: str = names("the grade", "grades")
    fte: Amount = holds("advisers in post at the start", "FTE")


class Year(Row):
    """The years planned, in order, with their money and limits."""

    year: str = names("the financial year, such as 2004-05; in ascending order")
    budget: Amount = holds("money of the year", "£, cash", plausible=(10_000, 1e12))
    headcount_limit: Amount = holds("the most advisers in post over all partnerships", "FTE")
    training_places: Amount = holds("the most advisers who can train in the year", "persons", plausible=(0.5, LARGEST))
    price_index: Positive = holds(
        "prices of the year as a multiple of the base year's", "1 = base year", plausible=(0.5, 2.4)
    )
    pay_index: Positive | None = may_hold(
        "salaries of the year as a multiple of the base year's",
        "1 = base year",
        left_out=None,
        means="as price_index",
        plausible=(0.5, 2.4),
    )


class Capacity(Row):
    """How many places a channel has room for; no row means no limit."""

    partnership: str = names("the partnership", "partnerships")
    channel: str = names("the channel, as in interventions")
    year: str = names("the financial year", "years")
    places: Amount = holds("the most places of all interventions through the channel", "places a year")


class Guarantee(Row):
    """Minimum service: places that every partnership has to offer a client group."""

    year: str = names("the financial year", "years")
    client_group: str = names("the client group", "young_people")
    interventions: Joined = names("the interventions that count, joined by +", "interventions")
    min_share: Share = holds("places as a share of the young people of the group", "share of the group")


class TargetRow(Row):
    """Limits on NEET young people, or falls to be reached; one of the two in a row."""

    scope: Literal["national", "region", "partnership"] = names("whom it holds for")
    name: str | None = names("the region or partnership; blank for national")
    year: str = names("the financial year at whose end it is to be met", "years")
    max_neet: Amount | None = holds("the most NEET young people in the scope", "persons")
    reduction_share: Share | None = holds("fall in NEET young people", "share of the scope's neet")


class LimitRow(Row):
    """Limits of the planner's own on grants, places or advisers, each by a name that explanations use."""

    limit: str = names("the limit's own name")
    scope: Literal["national", "region", "partnership"] = holds("for whom it holds")
    name: str | None = holds("the region or partnership; blank for national")
    each: bool = holds("true: each partnership of the scope by itself; false: all of them added up")
    year: str = holds("a financial year; every: each year by itself; total: all years added up")
    of: Of = holds("what it bounds")
    intervention: str | None = holds(
        "of place_spending and places: the intervention; blank: all", refers="interventions"
    )
    client_group: str | None = holds(
        "of per_young_person and places: the client group; blank: all", refers="young_people"
    )
    least: Amount | None = holds("the least it may be", "as of says")
    most: Amount | None = holds("the most it may be; the same as least: it is fixed", "as of says")


class Study(Row):
    """Published estimates of effects, on record beside those that plans are made with."""

    study: str = names("the study's code")
    intervention: str = names("the intervention that it speaks for", "interventions")
    client_group: str = names("the client group that it speaks for", "young_people")
    effect: Change = holds("the effect that it found", "probability")
    standard_error: Positive | None = holds("its standard error; blank where the interval is given", "probability")
    ci_low: Change | None = holds("lower end of the 95 per cent interval", "probability")
    ci_high: Change | None = holds("upper end of the 95 per cent interval", "probability")
    sample: Amount | None = holds("how many young people were studied", "persons")
    design: Prose | None = holds("how it was studied")
    year: Annotated[int, Field(ge=1900, le=2200)] | None = holds("year of publication", "year")
    country: Prose | None = holds("where")
    cost_per_place: Amount | None = holds("what a place cost there", "£ a place", plausible=(1, 1e6))
    relevance: Share = holds("how much it says about this programme", "share")
    source: Prose | None = holds("where it was published")


class Source(Row):
    """Where the inputs come from: of each column, or some rows of it, whether it is published or assumed."""

    table: TableName = names("the table")
    column: str = names("the column")
    part: Prose | None = names("which rows; blank: all")
    status: Literal["published", "derived", "assumed"] = holds("published, derived from what is, or assumed")
    source: Prose | None = holds("where it comes from")
    note: Prose | None = holds("what else to know")
    quality: Literal["high", "medium", "low"] = holds("how well founded it is")
    owner: Prose | None = may_hold("who answers for it", "", left_out=None, means="nobody is named")
    date: Prose | None = may_hold("when it was taken or last looked at", "", left_out=None, means="no day is named")


@dataclass(frozen=True)
class Column:
    """A column as reading, checking, writing and the dictionary see it.

    kind: "name", "text", "number", "whole number", "true/false" or "choice". low, high: the range of a number;
    above_low: low itself is out. longest: the most characters of a text.
    refers: the table whose names it uses. may_be_blank: a blank stands for left_out, which means says in words.
    may_be_left_out: the whole column may be, too.
    plausible: from where to where its figures lie in any programme that has been heard of; what lies outside is
    asked about, and none where nothing can be said.
    """

    name: str
    kind: str
    unit: str
    low: float | None
    high: float | None
    above_low: bool
    meaning: str
    key: bool
    may_be_blank: bool
    refers: str
    choices: tuple[str, ...]
    longest: int = LONGEST_NAME
    may_be_left_out: bool = False
    left_out: float | None = None
    means: str = "none"
    plausible: tuple[float, float] | None = None

    @property
    def is_money(self) -> bool:
        """Whether the unit is pounds."""
        return self.unit.startswith("£")

    @property
    def adds_up(self) -> bool:
        """Whether a sum over rows means something, so that a row may be found that is one."""
        return self.unit in ("persons", "FTE", "places a year") or self.unit.startswith(("£ a year", "£, cash"))

    def range_in_words(self) -> str:
        """Give the range as a fault and the dictionary say it: "from 0 to 1", "above 0", "at least 0"."""
        if self.low is None:
            return ""
        low, high = f"{self.low:g}".replace("-", "−"), f"{self.high:g}"
        if self.high == LARGEST:
            return f"above {low}" if self.above_low else f"at least {low}"
        return f"above {low} and at most {high}" if self.above_low else f"from {low} to {high}"


@dataclass(frozen=True, eq=False)
class Table:
    """A table: its name, row model, columns in order, and whether a data set may be without it.

    There is one of each name, so that one is another only if it is the same; what is found for a table is kept by it.
    """

    name: str
    model: type[Row]
    optional: bool
    columns: tuple[Column, ...]

    @property
    def meaning(self) -> str:
        """What the table holds, in one sentence."""
        return (self.model.__doc__ or "").strip()

    @property
    def may_be_left_out(self) -> tuple[str, ...]:
        """The names of the columns that need not be there."""
        return tuple(column.name for column in self.columns if column.may_be_left_out)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the columns that make up the key."""
        return tuple(column.name for column in self.columns if column.key)

    @property
    def column_names(self) -> tuple[str, ...]:
        """All columns in order."""
        return tuple(column.name for column in self.columns)


KINDS = {str: "name", float: "number", int: "whole number", bool: "true/false"}


def _columns(model: type[Row]) -> tuple[Column, ...]:
    """Give the columns of a row model, from its fields."""
    found = []
    for name, field in model.model_fields.items():
        kinds, metadata, may_be_blank = _unwrapped(field.annotation, list(field.metadata))
        may_be_left_out = not field.is_required()
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        choices = get_args(kinds) if get_origin(kinds) is Literal else ()
        limits = {type(limit).__name__: getattr(limit, type(limit).__name__.lower(), None) for limit in metadata}
        kind = "choice" if choices else KINDS[kinds]
        if "MaxLen" in limits:
            kind = "text"
        low = limits.get("Gt", limits.get("Ge"))
        found.append(
            Column(
                name=name,
                kind=kind,
                unit=str(extra.get("unit", "")),
                low=low,
                high=limits.get("Le"),
                above_low="Gt" in limits,
                plausible=_pair(extra.get("plausible")),
                longest=next((limit.max_length for limit in metadata if hasattr(limit, "max_length")), LONGEST_NAME),
                meaning=field.description or "",
                key=bool(extra.get("key")),
                may_be_blank=may_be_blank or may_be_left_out,
                refers=str(extra.get("refers", "")),
                choices=tuple(str(choice) for choice in choices),
                may_be_left_out=may_be_left_out,
                left_out=field.default if may_be_left_out else None,
                means=str(extra.get("means", "none")),
            )
        )
    return tuple(found)


def _pair(within: Any) -> tuple[float, float] | None:
    return (float(within[0]), float(within[1])) if within else None


def _unwrapped(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any], bool]:
    """Give the bare type, the limits on it and whether it may be None, of a field's annotation."""
    inside = [part for part in get_args(annotation) if part is not NoneType]
    may_be_blank = NoneType in get_args(annotation)
    if may_be_blank:
        annotation = inside[0]
    if get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        for limits in more:
            metadata += getattr(limits, "metadata", [limits])
    return annotation, metadata, may_be_blank


def table_of(name: str, model: type[Row], *, optional: bool = False) -> Table:
    """Give the table of a row model."""
    return Table(name, model, optional, _columns(model))


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        table_of("partnerships", Partnership),
        table_of("young_people", YoungPeople),
        table_of("client_groups", ClientGroup, optional=True),
        table_of("interventions", Intervention),
        table_of("effects", Effect),
        table_of("returns", Return, optional=True),
        table_of("grades", Grade),
        table_of("workforce", Workforce),
        table_of("years", Year),
        table_of("capacities", Capacity, optional=True),
        table_of("guarantees", Guarantee, optional=True),
        table_of("targets", TargetRow, optional=True),
        table_of("limits", LimitRow, optional=True),
        table_of("studies", Study, optional=True),
        table_of("sources", Source, optional=True),
    )
}
