"""Rules on the young people served: who can be, where there is room, and who has to be."""

from __future__ import annotations

import numpy as np
from pulp import lpSum_vars, lpSum_vars_coefs

from allocator.programme.builders import Rows, rule
from allocator.programme.variables import Decisions
from allocator.register.place import Place
from allocator.register.rules import CHANNEL, ELIGIBLE, GUARANTEE, HOURS
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet


@rule(ELIGIBLE)
def eligible(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Nobody takes up two interventions of one exclusive set in the same year.

        sum[i in E, b] places[p, t, i, g, b]  <=  young_people[p, g, t]

    for every exclusive set E, client group g, partnership p and year t.
    """
    for name, members in d.exclusive_sets:
        for g, group in enumerate(d.client_groups):
            served = [(i, b) for i, offered, b in x.served if offered == g and i in members]
            for p, partnership in enumerate(d.partnerships):
                for t in x.now.years:
                    yield (
                        Place(partnership, d.years[t], detail=(name, group)),
                        lpSum_vars(x.places[p, t, i, g, b] for i, b in served) <= float(d.young_people[p, t, g]),
                    )


@rule(CHANNEL)
def channel(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """A school, provider or other channel serves no more young people than it has places for.

        sum[i delivered through c, g, b] places[p, t, i, g, b]  <=  places[p, c, t]

    for every row of the capacities table; without a row there is no limit.
    """
    for c, name in enumerate(d.channels):
        served = [(i, g, b) for i, g, b in x.served if d.channel[i] == c]
        for p, partnership in enumerate(d.partnerships):
            for t in x.now.years:
                if np.isfinite(d.capacity[p, c, t]):
                    yield (
                        Place(partnership, d.years[t], detail=(name,)),
                        lpSum_vars(x.places[p, t, i, g, b] for i, g, b in served) <= float(d.capacity[p, c, t]),
                    )


@rule(HOURS)
def hours(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Advisers of a grade and of those above it have the hours that work of that grade and above takes.

        sum[i: min_grade >= r, g, b] adviser_hours[i, g] * places[p, t, i, g, b]
            <=  sum[a >= r] (productive_hours[a] * fte[p, t, a] - training_hours[a] * training[p, t, a])

    for every grade r, partnership p and year t. A higher grade may do a lower grade's work, never the reverse;
    with a ladder of grades these nested rows say exactly that.
    """
    grades = range(len(d.grades))
    for r in grades:
        work = [(i, g, b, float(d.adviser_hours[i, g])) for i, g, b in x.served if d.min_grade[i] >= r]
        for p, partnership in enumerate(d.partnerships):
            for t in x.now.years:
                terms = [(x.places[p, t, i, g, b], time) for i, g, b, time in work if time]
                terms += [(x.fte[p, t, a], -float(d.productive_hours[a])) for a in grades[r:]]
                terms += [(x.training[p, t, a], float(d.training_hours[a])) for a in grades[r:-1]]
                yield Place(partnership, d.years[t], detail=(d.grades[r],)), lpSum_vars_coefs(terms) <= 0.0


@rule(GUARANTEE)
def guarantee(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """A share of a group is served by at least one of the interventions named, in every partnership.

        sum[i named, b] places[p, t, i, g, b]  >=  min_share * young_people[p, g, t]

    for every row of the guarantees table and every partnership p.
    """
    for promise in d.guarantees:
        t, g = promise.year, promise.client_group
        if t not in x.now.years:
            continue
        served = [(i, b) for i, offered, b in x.served if offered == g and i in promise.interventions]
        for p, partnership in enumerate(d.partnerships):
            yield (
                Place(partnership, d.years[t], detail=(d.client_groups[g], promise.named)),
                lpSum_vars(x.places[p, t, i, g, b] for i, b in served)
                >= float(promise.min_share * d.young_people[p, t, g]),
            )
