"""The finite upper bound of every decision, as tight as the rules in force make it without solving."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.programme.situation import Situation
from allocator.register.rules import CAP, CARRY_FORWARD, HEADCOUNT, MAX_RISE, RECRUITMENT, TRAINING_PLACES
from allocator.scenario.amounts import pay_index, price_index
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats

THOUSAND = 1000.0  # inside the programme money is in thousands of pounds: see docs/decisions


@dataclass(frozen=True, eq=False)
class UpperBounds:
    """The upper bound of every decision; every lower one is 0. Money in thousands of pounds; y counts planned years."""

    grant: Floats  # [p, y]
    carry: Floats  # [p, y]
    lapse: Floats  # [p, y]
    fte: Floats  # [p, y, a]
    recruits: Floats  # [p, y, a]
    redundancies: Floats  # [p, y, a]
    training: Floats  # [p, y, a]


def upper_bounds(d: DataSet, s: Settings, now: Situation, grants_set: Floats | None) -> UpperBounds:
    """Work out every bound, year after year. grants_set: [p, y] in pounds where the distribution sets them."""
    grant = _grant_bounds(d, s, now, grants_set)
    carry = np.zeros_like(grant)
    limited = CARRY_FORWARD.in_force(s)
    before = now.carried_in / THOUSAND
    room = np.zeros_like(grant)  # what can be spent at most
    for y in range(len(now.years)):
        room[:, y] = grant[:, y] + before
        if y + 1 < len(now.years):
            carry[:, y] = s.budget.carry_forward_limit * grant[:, y] if limited else room[:, y]
        before = carry[:, y]
    return UpperBounds(grant, carry, room, *_workforce_bounds(d, s, now, room))


def _grant_bounds(d: DataSet, s: Settings, now: Situation, grants_set: Floats | None) -> Floats:
    if grants_set is not None:
        return grants_set / THOUSAND
    grant = np.empty((len(d.partnerships), len(now.years)))
    before, new = now.grants_before / THOUSAND, d.baseline_grant == 0
    for y, t in enumerate(now.years):
        grant[:, y] = now.money_of(t) / THOUSAND
        if CAP.in_force(s) and s.grants.cap is not None:
            most = np.where(new, np.inf, s.grants.cap * d.baseline_grant / THOUSAND)
            grant[:, y] = np.minimum(grant[:, y], most)
        if MAX_RISE.in_force(s) and s.grants.max_rise is not None:
            most = np.where(new & (t == 0), np.inf, (1 + s.grants.max_rise) * before)
            grant[:, y] = np.minimum(grant[:, y], most)
        before = grant[:, y]
    return np.maximum(grant, 0.0)


def _workforce_bounds(d: DataSet, s: Settings, now: Situation, room: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Give bounds of fte, recruits, redundancies and training, each [p, y, a]."""
    shape = (len(d.partnerships), len(now.years), len(d.grades))
    fte, recruits, redundancies, training = (np.zeros(shape) for _ in range(4))
    growth = s.workforce.max_recruitment if RECRUITMENT.in_force(s) else None
    fte_before, trained = now.advisers_before, now.trainees_before
    total_before = fte_before.sum(axis=1)
    price, pay = price_index(d, s), pay_index(d, s)
    for y, t in enumerate(now.years):
        joined_from_below = np.concatenate([np.zeros((shape[0], 1)), trained[:, :-1]], axis=1)
        left = (1 - d.attrition) * (fte_before + joined_from_below)
        payable = np.maximum(room[:, y] - d.fixed_cost * price[t] / THOUSAND, 0.0)
        salary = d.salary[None, :] * (pay[t] * d.area_cost_factor)[:, None] / THOUSAND
        most = payable[:, None] / salary
        if HEADCOUNT.in_force(s):
            most = np.minimum(most, s.workforce.headcount_scale * d.headcount_limit[t])
        if growth is not None:
            joiners = growth * total_before + d.start_up_posts
            recruits[:, y] = np.where(d.recruitable, joiners[:, None], 0.0)
            total = (1 - d.attrition.min()) * total_before + joiners
            most = np.minimum(most, np.minimum(left + recruits[:, y], total[:, None]))
        else:
            most = np.where(d.recruitable, most, np.minimum(most, left))
            cost = d.recruitment_cost * price[t] / THOUSAND
            affordable = np.divide(
                payable[:, None], cost, out=np.full(most.shape, np.inf), where=np.broadcast_to(cost > 0, most.shape)
            )
            recruits[:, y] = np.where(d.recruitable, np.minimum(affordable, most + left), 0.0)
            total = most.sum(axis=1)
        fte[:, y] = most
        redundancies[:, y] = left
        training[:, y] = np.minimum(most, d.training_places[t]) if TRAINING_PLACES.in_force(s) else most
        training[:, y, -1] = 0.0
        fte_before, trained, total_before = fte[:, y], training[:, y], np.minimum(total, fte[:, y].sum(axis=1))
    return fte, recruits, redundancies, training
