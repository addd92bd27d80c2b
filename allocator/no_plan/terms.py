"""The sum that shows why rules cannot hold together: what is asked, what there is, and what is short.

The rows of a conflict, each times its multiplier, add up to a contradiction. The multipliers are scaled so that the
sum is in the unit of what a planner would look at: of a requirement, where there is one, else pounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocator.errors import ConflictTerm
from allocator.no_plan.words import FEWER_NEET, LIMITS_OF_UPTAKE, Line, said
from allocator.programme.formulate import Programme
from allocator.register import RULES, Place
from allocator.register.rules import give_the_unit, rule_of
from allocator.solving.session import pounds
from allocator.solving.solution import LinearProblem
from allocator.tables.dataset import DataSet, Floats, Integers
from allocator.units import listed

MOST_NAMED = 3  # partnerships in one line of the sum


def terms_of(
    programme: Programme,
    problem: LinearProblem,
    columns: tuple[tuple[str, ...], ...],
    rows: Integers,
    multipliers: Floats,
    lower: Floats,
    upper: Floats,
) -> tuple[tuple[ConflictTerm, ...], float, str]:
    """Give the terms, how much is short, and the unit. lower, upper: the bounds within which the rows cannot be kept.

    Without multipliers that show it (the solver gave none) the terms have no amounts, and nothing is short.
    """
    sum_ = _contradiction(problem, rows, multipliers, lower, upper)
    scale, unit = _scale(programme, rows, multipliers, sum_.asked)
    found: dict[_Group, list[_Part]] = {}
    chains = _chains(programme, rows, sum_.asked)
    for row, amount, side in zip(rows.tolist(), (sum_.asked * scale).tolist(), sum_.sides.tolist(), strict=True):
        rule, at = programme.rows[row]
        chain = chains.get((rule, at.partnership), ())
        if not amount and chain:
            continue  # told with the year that its chain begins in
        own = pounds(abs(side)) if _unit(rule, at) == "£" else abs(side)
        group = _group(rule, at, chain, asked=amount > 0, ties=not amount)
        found.setdefault(group, []).append(_Part(at, abs(amount), own))
    for column in np.flatnonzero(sum_.bounds):
        kind, *words = columns[column]
        at = _place_of(programme.data, words)
        name = LIMITS_OF_UPTAKE if kind == "places" else f"limits of {kind}"
        group = _Group(name, (), (at.year,), asked=False)
        part = _Part(at, float(sum_.bounds[column] * scale), float(upper[column]), bool(sum_.beside[column]))
        found.setdefault(group, []).append(part)
    terms = [_term(programme, group, parts, unit) for group, parts in found.items()]
    terms.sort(key=lambda term: (not term.asked, term.amount == 0, -term.amount))
    return tuple(terms), sum_.short * scale, unit


@dataclass(frozen=True)
class _Group:
    """Rows that are one line: of a rule, with what tells them apart of what names them, in these years."""

    rule: str
    detail: tuple[str, ...]
    years: tuple[str, ...]
    asked: bool


@dataclass(frozen=True)
class _Part:
    """A row, or a bound, of a line. amount: in the unit of the sum. own: its side, in its own.

    beside: whether other lines count for what it bounds as well.
    """

    place: Place
    amount: float
    own: float
    beside: bool = False


@dataclass(frozen=True, eq=False)
class _Sum:
    """A contradiction, unscaled. asked: what each row asks (above 0) or gives. sides: theirs, before the multiplier.

    bounds: what the bound of each column gives. beside: where rows that give count for the column too. short: what is
    asked less what there is.
    """

    asked: Floats
    sides: Floats
    bounds: Floats
    beside: np.ndarray[tuple[int], np.dtype[np.bool_]]
    short: float


def called(rule: str, at: Place) -> str:
    """Give the family that a row is of: its rule, or one limit of the planner's own; a goal's rows go by the goal."""
    return RULES[rule].called(at) if rule in RULES else rule


def _group(rule: str, at: Place, chain: tuple[str, ...], *, asked: bool, ties: bool) -> _Group:
    if ties:  # what only ties others together is told once
        return _Group(called(rule, at), (), (), asked)
    record = RULES.get(rule)
    apart = record is not None and (record.words.tell_apart or record.by_quantity)
    return _Group(called(rule, at), at.detail if apart else (), chain or tuple(filter(None, (at.year,))), asked)


def _chains(programme: Programme, rows: Integers, asked: Floats) -> dict[tuple[str, str], tuple[str, ...]]:
    """Give the years of the falls, or rises, that follow on one from a grant that is known, by rule and partnership."""
    found: dict[tuple[str, str], list[str]] = {}
    begun: set[tuple[str, str]] = set()
    for row, amount in zip(rows.tolist(), asked.tolist(), strict=True):
        rule, at = programme.rows[row]
        if rule in RULES and RULES[rule].last_year:
            chain = (rule, at.partnership)
            found.setdefault(chain, []).append(at.year)
            if amount:
                begun.add(chain)
    years = programme.data.years
    return {chain: tuple(sorted(of_one, key=years.index)) for chain, of_one in found.items() if chain in begun}


def _contradiction(problem: LinearProblem, rows: Integers, multipliers: Floats, lower: Floats, upper: Floats) -> _Sum:
    row_of = np.repeat(np.arange(len(problem.starts) - 1), np.diff(problem.starts))
    none = np.zeros(len(rows))
    best = _Sum(none, none, np.zeros(len(lower)), np.zeros(len(lower), dtype=np.bool_), 0.0)
    for sign in (1.0, -1.0):  # which sign a solver gives them is its own affair
        y = np.zeros(len(problem.row_lower))
        y[rows] = sign * multipliers[rows]
        largest = float(np.abs(y).max(initial=0.0))
        y[np.abs(y) <= 1e-9 * largest] = 0.0
        side = np.where(y > 0, problem.row_lower, problem.row_upper)
        if not largest or not np.isfinite(side[y != 0]).all():
            continue
        side = np.where(y != 0, side, 0.0)
        asked = y * side
        terms = problem.value * y[row_of]
        pull = np.bincount(problem.index, terms, minlength=len(lower))
        size = np.bincount(problem.index, np.abs(terms), minlength=len(lower))
        pull[np.abs(pull) <= 1e-9 * size] = 0.0
        if not np.isfinite(upper[pull > 0]).all():
            continue
        bounds = np.where(pull > 0, pull * np.where(pull > 0, upper, 0.0), pull * lower)
        short = float(asked.sum() - bounds.sum())
        if short > best.short:
            against = np.bincount(problem.index, np.minimum(terms, 0.0), minlength=len(lower))
            best = _Sum(asked[rows], side[rows], bounds, against < -1e-9 * size, short)
    return best


def _scale(programme: Programme, rows: Integers, multipliers: Floats, amounts: Floats) -> tuple[float, str]:
    """Give what to multiply by so that the rows that give the unit count once, and that unit."""
    keys = [programme.rows[row] for row in rows.tolist()]
    used = np.abs(multipliers[rows])
    order = [*give_the_unit(), *dict.fromkeys(name for name, _ in keys)]
    for rule in order:
        own = [(float(used[k]), k) for k, (name, _) in enumerate(keys) if name == rule and amounts[k] and used[k] > 0]
        if own:
            largest, k = max(own)
            unit = _unit(*keys[k])
            return (pounds(1.0) if unit == "£" else 1.0) / largest, unit
    return 1.0, ""


def _unit(rule: str, at: Place) -> str:
    """Give the unit of a row's sides as the sum tells it; places, for a bound."""
    if rule not in RULES:
        return "places"
    return FEWER_NEET if RULES[rule].of_reductions else RULES[rule].unit_at(at)


def _place_of(d: DataSet, words: Sequence[str]) -> Place:
    """Give the partnership and year that the words of a decision name."""
    return Place(words[0] if words else "", next((word for word in reversed(words) if word in d.years), ""))


def _term(programme: Programme, group: _Group, parts: list[_Part], unit: str) -> ConflictTerm:
    rule, year = group.rule, listed(group.years)
    d = programme.data
    where = list(dict.fromkeys(part.place.partnership for part in parts))
    one = where[0] if len(where) == 1 else ""
    names = dict(zip(d.partnerships, d.partnership_names, strict=True))
    record, first = rule_of(rule), parts[0].place
    if record is not None and not record.of_each and not (record.by_quantity and first.of_one):
        detail = first.region if record.by_quantity else first.detail
        scope = [first.scope, *filter(None, where), *detail] if len(parts) == 1 else []
        place = ", ".join(filter(None, [*scope, year]))
    else:
        who = ", ".join(names[key] for key in where) if len(where) <= MOST_NAMED else f"{len(where)} partnerships"
        place = f"{who}, {year}" if year else who
    amount = sum(part.amount for part in parts)
    own = sum(part.own for part in parts)
    rates = [part.amount / part.own for part in parts if part.own]
    line = Line(
        rule=rule,
        detail=group.detail,
        years=group.years,
        count=len(parts),
        amount=amount,
        unit=unit,
        own=own,
        own_unit=_unit(record.name if record is not None else rule, first),
        rates=(min(rates, default=0.0), max(rates, default=0.0)),
        asked=group.asked,
        beside=any(part.beside for part in parts),
        place=first,
    )
    return ConflictTerm(
        rule=rule,
        partnership=one,
        year=year,
        place=place,
        rows=len(parts),
        amount=amount,
        unit=unit,
        asked=group.asked,
        said=said(programme, line),
        bound=rule not in RULES,
    )
