"""Rules on the young people served: who can be, where there is room, and who has to be."""

from __future__ import annotations

import numpy as np

from allocator.programme.builders import Rows, rule
from allocator.programme.terms import Terms, joined
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
    served, served_group = x.served_intervention, x.served_group
    for name, members in d.exclusive_sets:
        for g, group in enumerate(d.client_groups):
            places = x.places_where((served_group == g) & np.isin(served, list(members)))
            for p, partnership in enumerate(d.partnerships):
                for t in x.now.years:
                    yield (
                        Place(partnership, d.years[t], detail=(name, group)),
                        x.total(places(p, t)) <= float(d.young_people[p, t, g]),
                    )


@rule(CHANNEL)
def channel(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """A school, provider or other channel serves no more young people than it has places for.

        sum[i delivered through c, g, b] places[p, t, i, g, b]  <=  places[p, c, t]

    for every row of the capacities table; without a row there is no limit.
    """
    for c, name in enumerate(d.channels):
        places = x.places_where(d.channel[x.served_intervention] == c)
        for p, partnership in enumerate(d.partnerships):
            for t in x.now.years:
                if np.isfinite(d.capacity[p, c, t]):
                    yield (
                        Place(partnership, d.years[t], detail=(name,)),
                        x.total(places(p, t)) <= float(d.capacity[p, c, t]),
                    )


@rule(HOURS)
def hours(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Advisers of a grade and of those above it have the hours that work of that grade and above takes.

        sum[i: min_grade >= r, g, b] adviser_hours[i, g] * places[p, t, i, g, b]
            <=  sum[a >= r] (productive_hours[a] * fte[p, t, a] - training_hours[a] * training[p, t, a])

    for every grade r, partnership p and year t. A higher grade may do a lower grade's work, never the reverse;
    with a ladder of grades these nested rows say exactly that.
    """
    each = d.adviser_hours[x.served_intervention, x.served_group]
    for r, grade in enumerate(d.grades):
        work = x.places_where((d.min_grade[x.served_intervention] >= r) & (each != 0), each)
        for p, partnership in enumerate(d.partnerships):
            for t in x.now.years:
                there = Terms(x.of("fte", p, t)[r:], -d.productive_hours[r:])
                learning = Terms(x.of("training", p, t)[r:-1], d.training_hours[r:-1])
                hours = x.total(joined([work(p, t), there, learning]))
                yield Place(partnership, d.years[t], detail=(grade,)), hours <= 0.0


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
        named = np.isin(x.served_intervention, list(promise.interventions))
        places = x.places_where(named & (x.served_group == g))
        for p, partnership in enumerate(d.partnerships):
            yield (
                Place(partnership, d.years[t], detail=(d.client_groups[g], promise.named)),
                x.total(places(p, t)) >= float(promise.min_share * d.young_people[p, t, g]),
            )
