"""Rules on the advisers: how they stay, leave, join, train, and how many there may be."""

from __future__ import annotations

from pulp import lpSum, lpSum_vars, lpSum_vars_coefs

from allocator.programme.builders import Rows, rule
from allocator.programme.variables import Decisions
from allocator.register.place import Place
from allocator.register.rules import HEADCOUNT, QUALIFIED, RECRUITMENT, TRAINEES, TRAINING_PLACES, WORKFORCE
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet


@rule(WORKFORCE)
def workforce(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Advisers in post are those who stayed, those who rose by training, and joiners less redundancies.

        fte[p, t, a]  =  (1 - attrition[a]) * (fte[p, t-1, a] - training[p, t-1, a] + training[p, t-1, a-])
                         + recruits[p, t, a] - redundancies[p, t, a]

    for every partnership p, year t and grade a, with a- the grade below; fte[p, 0, a] from the workforce table.
    """
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            for a, grade in enumerate(d.grades):
                stayed = x.fte_before(p, t, a) - x.training_before(p, t, a)
                if a > 0:
                    stayed = stayed + x.training_before(p, t, a - 1)
                yield (
                    Place(partnership, d.years[t], detail=(grade,)),
                    x.fte[p, t, a] - x.recruits[p, t, a] + x.redundancies[p, t, a]
                    == (1.0 - float(d.attrition[a])) * stayed,
                )


@rule(TRAINEES)
def trainees(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No more advisers train than are in post.

        training[p, t, a]  <=  fte[p, t, a]

    for every partnership p, year t and grade a but the highest.
    """
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            for a, grade in enumerate(d.grades[:-1]):
                yield Place(partnership, d.years[t], detail=(grade,)), x.training[p, t, a] - x.fte[p, t, a] <= 0.0


@rule(RECRUITMENT)
def recruitment(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """A partnership recruits no more than a share of the advisers it had the year before, and its start-up posts.

        sum[a] recruits[p, t, a]  <=  max_recruitment * sum[a] fte[p, t-1, a] + start_up_posts[p]

    for every partnership p and year t; fte[p, 0, a] are the advisers in post at the start.
    """
    share = s.workforce.max_recruitment
    if share is None:
        return
    grades = range(len(d.grades))
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            most = share * lpSum(x.fte_before(p, t, a) for a in grades) + float(d.start_up_posts[p])
            yield Place(partnership, d.years[t]), lpSum_vars(x.recruits[p, t, a] for a in grades) <= most


@rule(TRAINING_PLACES)
def training_places(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No more advisers train in a year than there are training places in the country.

        sum[p, a] training[p, t, a]  <=  training_places[t]

    for every year t.
    """
    everywhere = [(p, a) for p in range(len(d.partnerships)) for a in range(len(d.grades) - 1)]
    for t in x.now.years:
        yield (
            Place(year=d.years[t]),
            lpSum_vars(x.training[p, t, a] for p, a in everywhere) <= float(d.training_places[t]),
        )


@rule(HEADCOUNT)
def headcount(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No more advisers are in post in the country than the limit for the year.

        sum[p, a] fte[p, t, a]  <=  headcount_scale * headcount_limit[t]

    for every year t.
    """
    everywhere = [(p, a) for p in range(len(d.partnerships)) for a in range(len(d.grades))]
    for t in x.now.years:
        limit = s.workforce.headcount_scale * float(d.headcount_limit[t])
        yield Place(year=d.years[t]), lpSum_vars(x.fte[p, t, a] for p, a in everywhere) <= limit


@rule(QUALIFIED)
def qualified(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """In the years named, a share of each partnership's advisers has the qualified grade or a higher one.

        sum[a >= qualified_grade] fte[p, t, a]  >=  qualified_share[t] * sum[a >= adviser_grade] fte[p, t, a]

    for every partnership p and every year t with a qualified_share. Grades below adviser_grade do not count.
    """
    if s.workforce.qualified_grade is None:
        return
    lowest = d.grades.index(s.workforce.adviser_grade) if s.workforce.adviser_grade is not None else 0
    trained = d.grades.index(s.workforce.qualified_grade)
    grades = range(len(d.grades))
    for t in x.now.years:
        if d.years[t] not in s.workforce.qualified_share:
            continue
        share = s.workforce.qualified_share[d.years[t]]
        weight = [float(a >= trained) - share * float(a >= lowest) for a in grades]
        for p, partnership in enumerate(d.partnerships):
            terms = [(x.fte[p, t, a], weight[a]) for a in grades if weight[a]]
            yield Place(partnership, d.years[t]), lpSum_vars_coefs(terms) >= 0.0
