"""The assumptions that stand in for what the Department does not publish: a TOML file, every entry with its source."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from allocator.errors import UsageError
from allocator.faults import printable
from allocator.shipped import data_folder
from allocator.tables.columns import (
    Amount,
    Change,
    Hours,
    Positive,
    Prose,
    Share,
)
from allocator.tables.names import did_you_mean

SHIPPED = "england-assumptions.toml"
LARGEST_FILE = 1_000_000  # bytes
MOST_FAULTS = 10  # that are named

GROUPS = ("at_risk", "neet", "not_known", "universal")
Group = Literal["at_risk", "neet", "not_known", "universal"]
Source = Annotated[str, Field(min_length=1, max_length=10_000)]
Growth = Annotated[float, Field(gt=-1, le=1)]
YearPlanned = Annotated[int, Field(ge=1, le=50)]


class Section(BaseModel):
    """A section of the file: unknown keys are refused and nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class NumberOfYears(Section):
    """How many years are planned."""

    value: Annotated[int, Field(ge=1, le=20)]
    source: Source


class AYear(Section):
    """A growth a year, as a share."""

    value: Growth
    source: Source


class Of(Section):
    """A share."""

    value: Share
    source: Source


class Factor(Section):
    """A multiple or an amount, above 0."""

    value: Positive
    source: Source


class Years(Section):
    """The years planned, their money and limits."""

    number: NumberOfYears
    cash_growth: AYear
    price_growth: AYear
    cohort_growth: AYear
    headcount_limit: Factor  # of the posts at the start
    training_places: Of  # of the posts at the start


class Grants(Section):
    """What the baseline grant is made of."""

    per_head: Factor  # £ cash for each young person, without a spending file alone
    fixed_share: Of
    staff_share: Of


class ByGroup(Section):
    """A share of each client group."""

    neet: Of
    not_known: Of
    at_risk: Of
    universal: Of


class AreaCostFactor(Section):
    """Salaries as a multiple, by region."""

    elsewhere: Factor
    regions: dict[str, Factor] = {}


class EffectMultiplier(Section):
    """Effects as a multiple, everywhere."""

    everywhere: Factor


class Grade(Section):
    """A grade of the ladder, and its share of the posts at the start."""

    grade: str
    name: str
    rank: int
    salary: Positive
    productive_hours: Hours
    attrition: Share
    recruitment_cost: Amount
    redundancy_cost: Amount
    training_cost: Amount | None = None
    training_hours: Hours | None = None
    recruitable: bool
    share_of_posts: Share
    source: Source


class Qualified(Section):
    """The share of advisers who are to stand at a grade or above, by year planned (1 is the first)."""

    grade: str
    lowest_adviser: str
    shares: dict[str, Share]
    source: Source


class Intervention(Section):
    """A row of the table of interventions."""

    intervention: str
    name: str
    unit_cost: Amount
    min_grade: str
    channel: str
    exclusive_set: str | None = None
    persistence: Share
    lag: int
    displacement: Share = 0.0
    source: Source


class Effect(Section):
    """A row of the table of effects."""

    intervention: str
    client_group: Group
    effect: Change
    standard_error: Amount
    adviser_hours: Hours
    max_uptake: Share
    source: Source


class Return(Section):
    """A band of diminishing returns, the same for every intervention."""

    band: int
    width: Share
    relative_effect: Amount
    source: Source


class Capacity(Section):
    """Places that a channel has room for, as a share of the young people of some groups."""

    channel: str
    of: Annotated[list[Group], Field(min_length=1)]
    share: Amount
    growth: Growth  # a year, from the second on
    source: Source


class Guarantee(Section):
    """A minimum service in every year."""

    client_group: Group
    interventions: Annotated[list[str], Field(min_length=1)]
    min_share: Share
    source: Source


class AssumedTarget(Section):
    """A national fall in those NEET, in one of the years planned."""

    year: YearPlanned
    reduction_share: Share
    source: Source


class Study(Section):
    """A row of the table of studies."""

    study: str
    intervention: str
    client_group: Group
    effect: Change
    standard_error: Positive | None = None
    ci_low: Change | None = None
    ci_high: Change | None = None
    sample: Amount | None = None
    design: Prose | None = None
    year: int | None = None
    country: Prose | None = None
    cost_per_place: Amount | None = None
    relevance: Share
    source: Source


class Assumptions(Section):
    """All that is assumed; money in £ at the prices of the first year planned unless it says cash."""

    years: Years
    grants: Grants
    neet_without_programme: ByGroup  # who would be NEET at the end of the year
    stays: ByGroup  # who is still 16 or 17 a year on
    area_cost_factor: AreaCostFactor
    effect_multiplier: EffectMultiplier
    grades: Annotated[list[Grade], Field(min_length=1)]
    qualified: Qualified
    interventions: Annotated[list[Intervention], Field(min_length=1)]
    effects: Annotated[list[Effect], Field(min_length=1)]
    returns: list[Return] = []
    capacities: list[Capacity] = []
    guarantees: list[Guarantee] = []
    targets: list[AssumedTarget] = []
    studies: list[Study] = []

    @model_validator(mode="after")
    def _shares_and_years(self) -> Assumptions:
        posts = sum(grade.share_of_posts for grade in self.grades)
        if abs(posts - 1) > 1e-6:
            raise ValueError(f"the grades' share_of_posts add up to {posts:g}, wanted 1")
        count = self.years.number.value
        late = [str(target.year) for target in self.targets if target.year > count]
        late += [year for year in self.qualified.shares if not year.isdecimal() or not 1 <= int(year) <= count]
        if late:
            raise ValueError(
                f"year {late[0]} of targets or qualified.shares, wanted one of the years planned: 1–{count}"
            )
        return self


def read_assumptions(path: Path | None = None) -> tuple[Assumptions, bytes]:
    """Give the assumptions and the file as it is; the one that comes with the program where no path is given.

    Raises UsageError that names each entry that cannot be used.
    """
    file = data_folder() / SHIPPED if path is None else path
    label = printable(path.name) if path else SHIPPED
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UsageError(label, "a larger file than assumptions can be", f"at most {LARGEST_FILE:,} bytes")
        data = file.read_bytes()
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        fix = f"Copy {SHIPPED} from a data set that the import made, and edit that."
        raise UsageError(label, printable(said), "assumptions as UTF-8 TOML", fix) from None
    try:
        return Assumptions.model_validate(values), data
    except ValidationError as error:
        raise UsageError(label, _in_words(error), "assumptions as in the file that comes with the program") from None


def _in_words(error: ValidationError) -> str:
    """Give every entry at fault: its key, and what is wrong."""
    faults = []
    for fault in error.errors(include_url=False, include_context=False):
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            meant = did_you_mean(str(fault["loc"][-1]), Assumptions.model_fields) if len(fault["loc"]) == 1 else ""
            message = f"no such entry. {meant}".rstrip()
        elif fault["type"] == "missing":
            message = "missing"
        faults.append(f"{printable(key)}: {message}" if key else message)
    more = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
    return "; ".join(faults[:MOST_FAULTS]) + more
