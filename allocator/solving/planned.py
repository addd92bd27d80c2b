"""A programme solved through all its stages, still in the solver, and its plan in pounds, people and FTE."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.programme.formulate import Programme
from allocator.scenario.settings import Settings
from allocator.solving.later_stages import Settled, settle
from allocator.solving.session import pounds
from allocator.solving.solution import Figures
from allocator.solving.stages import Best, Stages
from allocator.tables.dataset import Floats


@dataclass(frozen=True, eq=False)
class Planned:
    """A programme solved through all its stages, still in the solver.

    settled: what the stages after the goal made of the best plans. figures: of the planned years alone, in pounds.
    """

    stages: Stages
    best: Best
    settled: Settled
    figures: Figures

    @property
    def values(self) -> Floats:
        """Of every column of the solver, money in £ thousand."""
        return self.settled.values


def plan_programme(programme: Programme, s: Settings, year: str = "") -> Planned:
    """Solve a programme through all its stages; year as in Stages. Raises NoPlan and SolverError."""
    return plan_as_it_stands(Stages(programme, s.solver.name, s.solver.time_limit, year))


def plan_as_it_stands(stages: Stages) -> Planned:
    """Solve what is in the solver, perhaps changed since it was last solved, through all its stages."""
    best = stages.best()
    settled = settle(stages, best)
    return Planned(stages, best, settled, figures_of(stages, settled.values))


def figures_of(stages: Stages, columns: Floats) -> Figures:
    """Give the plan of the planned years in pounds, indexed as Figures says but for the planned years alone."""
    programme = stages.programme
    d, x, values = programme.data, programme.decisions, stages.values_by_key(columns)
    count = (len(d.partnerships), len(x.now.years))
    places = np.zeros((*count, len(d.interventions), len(d.client_groups), max(int(d.bands.max(initial=1)), 1)))
    if x.served:
        i, g, b = np.array(x.served).T
        places[:, :, i, g, b] = values[x.place_ids]

    def read(family: str, *shape: int) -> Floats:
        return values[x.ids[family]].reshape(shape)

    return Figures(
        places=places,
        fte=read("fte", *count, len(d.grades)),
        recruits=read("recruits", *count, len(d.grades)),
        redundancies=read("redundancies", *count, len(d.grades)),
        training=read("training", *count, len(d.grades)),
        grant=pounds(read("grant", *count)),
        carry=pounds(read("carry", *count)),
        lapse=pounds(read("lapse", *count)),
    )
