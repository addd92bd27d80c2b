"""The settings of a scenario: what the planner decides, frozen, one class a section of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    Tag,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from allocator.register import DISTRIBUTIONS, GOALS
from allocator.register.distributions import OPTIMISED
from allocator.register.goals import CUMULATIVE
from allocator.register.rules import LOCAL_MINIMUM, TARGET, of_group
from allocator.tables.columns import TableName

# The upper ends are far beyond any real programme: they keep every product of two settings finite.
Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=10**13)]  # £
Factor = Annotated[float, Field(ge=0, le=10**6)]
Text = Annotated[str, Field(min_length=1)]
# One number for every year, or one for each of some years. The tags keep the two apart in what is said of a fault.
EVERY_YEAR, BY_YEAR = "(every year)", "(by year)"
Yearly = Annotated[
    Annotated[Factor, Tag(EVERY_YEAR)] | Annotated[dict[str, Factor], Tag(BY_YEAR)],
    Discriminator(lambda value: BY_YEAR if isinstance(value, dict) else EVERY_YEAR),
]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]


@dataclass(frozen=True)
class NameIn:
    """A type's note: a text that names one of some records, of those there are when it is read."""

    records: Mapping[str, object]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take a text, and then one of the names; else give the error that a list of words would give."""

        def known(name: str) -> str:
            if name not in self.records:
                raise PydanticCustomError("literal_error", "no such name")
            return name

        return core_schema.no_info_after_validator_function(known, handler(source))


def _every_rule(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give the rules that are listed, each of a group by its own name."""
    return tuple(rule for name in names for rule in of_group(name))


RuleNames = Annotated[Names, AfterValidator(_every_rule)]


class Section(BaseModel):
    """A section of the scenario file: unknown keys are refused and nothing changes after reading.

    The word "none" stands for a limit that is not in force, and takes an entry out of a table of names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _take_none(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        taken = dict(values)
        for name, field in cls.model_fields.items():
            value = values.get(name)
            if NoneType in get_args(field.annotation):
                if value == "none":
                    taken[name] = None
            elif isinstance(field.default, dict) and value == "none":
                taken[name] = {}
            if isinstance(value, dict) and not _is_section(field.annotation):
                taken[name] = {key: entry for key, entry in value.items() if entry != "none"}
        return taken


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


class Goal(Section):
    """What is to be as large, or as small, as it can be."""

    measure: Annotated[str, NameIn(GOALS)] = CUMULATIVE.name
    discount_rate: Annotated[float, Field(ge=0, le=1)] = 0.035  # a year, real
    tail_years: Annotated[int, Field(ge=0, le=50)] = 0  # years after the last in which reductions only persist
    benefit_per_neet: Amount = 0.0  # £, base-year prices, a young person not NEET for a year
    weights: dict[str, Factor] = {}  # equity weight by partnership; 1 where left out
    give_up: Share = 0.0  # share of the goal that fewer redundancies and quieter grants may cost
    rounds: Literal["first", "all"] = "first"  # fairest: raise the smallest share alone, or then each next one too


class Budget(Section):
    """How much money there is."""

    scale: Yearly = 1.0  # or by year; a year left out counts 1
    reserve: Amount = 0.0  # £ a year held back
    carry_forward_limit: Share = 0.0  # share of the year's grant
    by_year: dict[str, Amount] = {}  # £ cash, in place of the years table's

    def scale_of(self, year: str) -> float:
        """Give what the year's budget is multiplied by."""
        return self.scale.get(year, 1.0) if isinstance(self.scale, dict) else self.scale


class Formula(Section):
    """A needs formula: the weights of three shares."""

    young_people: Factor = 0.0
    neet: Factor = 0.0
    baseline: Factor = 0.0
    area_costs: bool = True
    minimum_change: Annotated[float, Field(ge=-1, le=1)] | None = None  # on last year's formula grant


class Grants(Section):
    """How the money is shared out."""

    distribution: Annotated[str, NameIn(DISTRIBUTIONS)] = OPTIMISED.name
    floor: Factor | None = None  # share of baseline_grant
    cap: Factor | None = None  # share of baseline_grant
    max_fall: Share | None = None  # from one year to the next
    max_rise: Factor | None = None  # from one year to the next
    formula_share: Yearly | None = None  # needed by blend alone; or by year, 0 in a year left out
    file: Text | None = None  # needed by given alone
    formula: Formula = Formula()


class Certainty(Section):
    """Which budgets are known when a year is planned."""

    kind: Literal["settlement", "year_on_year"] = "settlement"
    planning_horizon: Annotated[int, Field(ge=1, le=50)] = 1  # years
    assumed_future: Factor = 1.0  # later years' money as a multiple of this year's
    sees_tail: bool = False


class Workforce(Section):
    """How the advisers may change."""

    max_recruitment: Factor | None = None  # share of the advisers in post the year before
    headcount_scale: Factor = 1.0
    qualified_grade: Text | None = None
    adviser_grade: Text | None = None  # grades below it do not count as advisers; the lowest where left out
    qualified_share: dict[str, Share] = {}  # by year; years left out have no such rule


class Prices(Section):
    """How prices and pay move, in place of the tables' indexes."""

    inflation: Annotated[float, Field(ge=-0.5, le=1)] | None = (
        None  # a year, of all costs; of pay too, without an index
    )
    pay: Annotated[float, Field(ge=-0.5, le=1)] | None = None  # a year, of salaries


class Effects(Section):
    """How well interventions work, beside what the tables say."""

    times: dict[str, Factor] = {}  # by intervention: all its effects and their standard errors times this


class Targets(Section):
    """National targets, in place of the table's of that year."""

    national: dict[str, Share] = {}  # fall of NEET young people by year, share of those there would be


class Local(Section):
    """What may and must be reached in each partnership."""

    max_reduction: Factor | None = 1.0  # ceiling, share of the NEET young people; None: no ceiling
    min_reduction: Factor | None = None  # share, in the last year


class Rules(Section):
    """Which rules may fall short and which are off."""

    soft: RuleNames = (TARGET.name, LOCAL_MINIMUM.name)
    off: RuleNames = ()
    soft_may_cost: Share | None = None  # share of the goal that coming closer to soft rules may cost at most


class Risk(Section):
    """How uncertain effects are treated."""

    attitude: Literal["neutral", "cvar"] = "neutral"
    evidence: Literal["effects", "pooled"] = "effects"
    cvar_level: Annotated[float, Field(gt=0, lt=1)] = 0.9
    cvar_weight: Share = 0.5
    draws: Annotated[int, Field(ge=1, le=1_000_000)] = 1000
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    common: Share = 0.3  # correlation of the errors of two interventions' effects


class Solver(Section):
    """The solver and how long it may take."""

    name: Text = "HiGHS"
    time_limit: Annotated[float, Field(gt=0, le=10**9)] = 600.0  # seconds


class Settings(Section):
    """A whole scenario's settings, after `extends` and overrides, as the programme sees them."""

    title: Text
    question: str = ""
    data: Text = "connexions"  # folder, workbook, or name of a data set that comes with the program
    goal: Goal = Goal()
    budget: Budget = Budget()
    grants: Grants = Grants()
    certainty: Certainty = Certainty()
    workforce: Workforce = Workforce()
    prices: Prices = Prices()
    effects: Effects = Effects()
    targets: Targets = Targets()
    local: Local = Local()
    rules: Rules = Rules()
    tables: dict[TableName, Text] = {}  # a table's name to the file that it is read from instead
    risk: Risk = Risk()
    solver: Solver = Solver()

    def changed(self, **sections: Mapping[str, Any]) -> Settings:
        """Give the settings with some values of some sections changed: changed(grants={"floor": 0.9}). They are not
        checked again.
        """
        update = {name: getattr(self, name).model_copy(update=values) for name, values in sections.items()}
        return self.model_copy(update=update)
