"""The data set: one frozen object in canonical order, as arrays, checked at the door and trusted behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from allocator.results import Brief

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Guarantee:
    """A minimum service: places of these interventions for this group, as a share of its young people."""

    year: int  # index into DataSet.years
    client_group: int  # index into DataSet.client_groups
    interventions: tuple[int, ...]  # those named that are offered to the group
    min_share: float
    named: str  # the interventions as the table names them, which tells two rows of a year and group apart


@dataclass(frozen=True)
class Target:
    """A limit on NEET young people, or a share by which they are to fall, in one year."""

    scope: str  # "national", "region" or "partnership"
    name: str  # blank where national
    year: int  # index into DataSet.years
    max_neet: float | None
    reduction_share: float | None
    partnerships: tuple[int, ...]  # those in its scope


@dataclass(frozen=True)
class Limit:
    """A limit of the planner's own on a quantity of docs/model.md, rule 16."""

    limit: str  # its name
    scope: str  # "national", "region" or "partnership"
    name: str  # blank where national
    each: bool  # whether it holds for every partnership of the scope by itself, else for their sum
    year: str  # a year, "every" or "total"
    periods: tuple[tuple[int, ...], ...]  # years that are added up, indices into DataSet.years: one row each
    of: str  # the quantity
    intervention: int | None  # index into DataSet.interventions; None for all
    client_group: int | None  # index into DataSet.client_groups; None for all
    least: float | None
    most: float | None
    partnerships: tuple[int, ...]  # those in its scope

    @property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """The partnerships that are added up, one row each."""
        return tuple((p,) for p in self.partnerships) if self.each else (self.partnerships,)


@dataclass(frozen=True, eq=False, repr=False)
class DataSet(Brief):
    """Everything that the tables say, checked, in canonical order.

    Partnerships, interventions, client groups and channels are sorted by key; years stand as the years
    table lists them; grades by rank, lowest first. Every array is read-only and indexed by position:
    p partnership, t year, i intervention, g client group, b band, a grade, c channel.
    Where an intervention is not offered to a group, effect[i, g] and its like are nan; where an
    intervention has fewer bands than another, width[i, b] is 0.
    """

    source: str  # the folder, workbook or shipped name that it was read from
    # keys
    partnerships: tuple[str, ...]
    years: tuple[str, ...]
    interventions: tuple[str, ...]
    client_groups: tuple[str, ...]
    grades: tuple[str, ...]
    channels: tuple[str, ...]
    # partnerships, by p
    partnership_names: tuple[str, ...]
    regions: tuple[str, ...]
    baseline_grant: Floats  # £ a year; 0: a new partnership
    entry_grant: Floats  # £ a year that a new one's share is reckoned from
    start_up_posts: Floats  # FTE a year who may join beyond max_recruitment
    fixed_cost: Floats  # £ a year, base-year prices
    area_cost_factor: Floats
    effect_multiplier: Floats
    effect_multiplier_se: Floats  # its standard error; 0: certain, as in all columns of this kind
    map_column: tuple[int | None, ...]
    map_row: tuple[int | None, ...]
    # years, by t
    budget: Floats  # £ cash
    headcount_limit: Floats  # FTE
    training_places: Floats  # persons
    price_index: Floats  # 1 = base year
    pay_index: Floats  # 1 = base year; nan where pay goes as prices do
    # people, by p, t, g
    young_people: Floats  # persons
    neet: Floats  # persons NEET at the end of the year without the programme
    neet_se: Floats  # its standard error
    # client groups, by g
    client_group_names: tuple[str, ...]
    stays: Floats  # share of those of the ages counted who still are a year on
    # interventions, by i
    intervention_names: tuple[str, ...]
    unit_cost: Floats  # £ a place, base-year prices, without adviser time
    unit_cost_se: Floats  # its standard error
    min_grade: Integers  # index into grades
    channel: Integers  # index into channels
    exclusive_sets: tuple[tuple[str, tuple[int, ...]], ...]  # name of the set, its interventions
    persistence: Floats  # share that lasts each further year
    persistence_se: Floats  # its standard error
    lag: Integers  # years
    displacement: Floats  # share of the effect that others lose
    # what is offered to whom, by i, g; offers lists the pairs in order
    offers: tuple[tuple[int, int], ...]
    effect: Floats  # fall in the probability of being NEET per young person served
    standard_error: Floats
    adviser_hours: Floats  # hours a place
    max_uptake: Floats  # share of the group
    # bands of diminishing returns, by i, b; bands[i] is how many an intervention has
    bands: Integers
    width: Floats  # shares, adding up to 1 for each intervention
    relative_effect: Floats
    # grades, by a, lowest rank first
    grade_names: tuple[str, ...]
    salary: Floats  # £ an FTE with on-costs, base-year prices
    productive_hours: Floats  # hours a year
    attrition: Floats  # share that leaves in a year
    recruitment_cost: Floats  # £
    redundancy_cost: Floats  # £
    training_cost: Floats  # £, 0 for the top grade
    training_hours: Floats  # hours, 0 for the top grade
    recruitable: npt.NDArray[np.bool_]
    # advisers in post at the start, by p, a
    workforce: Floats  # FTE
    # places that a channel has room for, by p, c, t; inf where no row of capacities limits it
    capacity: Floats
    guarantees: tuple[Guarantee, ...]
    targets: tuple[Target, ...]
    limits: tuple[Limit, ...]
    # every table as read, in canonical order: a tuple of rows, each a dict from column to typed value
    # (str, float, int, bool, or None for a blank)
    tables: Mapping[str, tuple[Mapping[str, Any], ...]]

    def called(self, key: str) -> str:
        """Give the name of a client group, intervention or grade by its key; the key in words where it has none."""
        for keys, names in (
            (self.client_groups, self.client_group_names),
            (self.interventions, self.intervention_names),
            (self.grades, self.grade_names),
        ):
            if key in keys and names[keys.index(key)] != key:
                return names[keys.index(key)]
        return key.replace("_", " ")

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table as a pandas frame, with the columns of its file; what was changed in them can be read again."""
        from allocator.tables.frames import frames_of

        return frames_of(self.tables)
