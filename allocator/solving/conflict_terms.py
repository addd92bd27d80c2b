"""The sum that shows why rules cannot hold together: what is asked, what there is, and what is short.

The rows of a conflict, each times its multiplier, add up to a contradiction. The multipliers are scaled so that the
sum is in the unit of what a planner would look at: of a requirement, where there is one, else pounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from allocator.programme.boxes import THOUSAND
from allocator.programme.register import RULES

if TYPE_CHECKING:
    from allocator.programme.formulate import Programme
    from allocator.programme.register import Key
    from allocator.solving.solution import LinearProblem
    from allocator.tables.dataset import DataSet, Floats, Integers

UPTAKE = "uptake"  # the name in a conflict of what no rule says: no more places than max_uptake allows
MOST_NAMED = 3  # partnerships in one line of the sum
NATIONAL = ("national", "headcount", "training_places")
# which rows give the sum its unit, the first that are there; then those in pounds
IN_UNITS_OF = ("target", "local_minimum", "guarantee", "national", "distribution", "floor", "money")


@dataclass(frozen=True)
class Term:
    """A line of the sum: all rows of one rule (and setting) in one year.

    setting: max_fall or max_rise for damping, else blank. partnership: its key where the rows are of one alone.
    place: in words. amount: in unit; 0 for a rule that only ties others together. asked: what is asked, else what
    there is. said: the amount in words.
    """

    rule: str
    setting: str
    partnership: str
    year: str
    place: str
    rows: int
    amount: float
    unit: str
    asked: bool
    said: str

    def as_dict(self) -> dict[str, object]:
        """The term with its documented keys, for JSON."""
        return {
            "rule": self.rule,
            "place": self.place,
            "amount": self.amount,
            "unit": self.unit,
            "asked": self.asked,
            "said": self.said,
            "year": self.year,
        }


def terms_of(
    programme: Programme,
    problem: LinearProblem,
    columns: tuple[tuple[str, ...], ...],
    rows: Integers,
    multipliers: Floats,
    lower: Floats,
    upper: Floats,
) -> tuple[tuple[Term, ...], float, str]:
    """The terms, how much is short, and the unit. lower, upper: the boxes in which the rows cannot be kept.

    Without multipliers that show it (the solver gave none) the terms have no amounts, and nothing is short.
    """
    amounts, boxes, short = _contradiction(problem, rows, multipliers, lower, upper)
    scale, unit = _scale(programme, rows, multipliers, amounts)
    found: dict[tuple[str, str, str, bool], list[tuple[Key, float]]] = {}
    for row, amount in zip(rows.tolist(), (amounts * scale).tolist(), strict=True):
        rule, key = programme.rows[row]
        setting = key[2] if rule == "damping" else ""
        year = _year(programme.data, key) if amount else ""  # what only ties others together is told once
        found.setdefault((rule, setting, year, amount > 0), []).append((key, abs(amount)))
    for column in np.flatnonzero(boxes):
        kind, *key = columns[column]
        name = UPTAKE if kind == "places" else kind
        found.setdefault((name, "", _year(programme.data, tuple(key)), False), []).append(
            (tuple(key), float(boxes[column] * scale))
        )
    terms = [_term(programme, name, members, unit) for name, members in found.items()]
    terms.sort(key=lambda term: (not term.asked, term.amount == 0, -term.amount))
    return tuple(terms), short * scale, unit


def _contradiction(
    problem: LinearProblem, rows: Integers, multipliers: Floats, lower: Floats, upper: Floats
) -> tuple[Floats, Floats, float]:
    """What each row asks (above 0) or gives, what the boxes give, and what is short, unscaled."""
    row_of = np.repeat(np.arange(len(problem.starts) - 1), np.diff(problem.starts))
    best = np.zeros(len(rows)), np.zeros(len(lower)), 0.0
    for sign in (1.0, -1.0):  # which sign a solver gives them is its own affair
        y = np.zeros(len(problem.row_lower))
        y[rows] = sign * multipliers[rows]
        largest = float(np.abs(y).max(initial=0.0))
        y[np.abs(y) <= 1e-9 * largest] = 0.0
        side = np.where(y > 0, problem.row_lower, problem.row_upper)
        if not largest or not np.isfinite(side[y != 0]).all():
            continue
        asked = np.where(y != 0, y * np.where(y != 0, side, 0.0), 0.0)
        terms = problem.value * y[row_of]
        pull = np.bincount(problem.index, terms, minlength=len(lower))
        size = np.bincount(problem.index, np.abs(terms), minlength=len(lower))
        pull[np.abs(pull) <= 1e-9 * size] = 0.0
        if not np.isfinite(upper[pull > 0]).all():
            continue
        boxes = np.where(pull > 0, pull * np.where(pull > 0, upper, 0.0), pull * lower)
        short = float(asked.sum() - boxes.sum())
        if short > best[2]:
            best = asked[rows], boxes, short
    return best


def _scale(programme: Programme, rows: Integers, multipliers: Floats, amounts: Floats) -> tuple[float, str]:
    """What to multiply by so that the rows that give the unit count once, and that unit."""
    names = [programme.rows[row][0] for row in rows.tolist()]
    used = np.abs(multipliers[rows])
    order = [*IN_UNITS_OF, *dict.fromkeys(names)]
    for rule in order:
        own = [used[k] for k, name in enumerate(names) if name == rule and amounts[k] and used[k] > 0]
        if own:
            unit = RULES[rule].unit
            in_pounds = unit == "£ thousand"
            return (THOUSAND if in_pounds else 1.0) / float(max(own)), "£" if in_pounds else unit
    return 1.0, ""


def _year(d: DataSet, key: Key) -> str:
    return next((word for word in reversed(key) if word in d.years), "")


def _term(programme: Programme, name: tuple[str, str, str, bool], members: list[tuple[Key, float]], unit: str) -> Term:
    rule, setting, year, asked = name
    d = programme.data
    where = list(dict.fromkeys(_partnership(rule, key) for key, _ in members))
    one = where[0] if len(where) == 1 else ""
    names = dict(zip(d.partnerships, d.partnership_names, strict=True))
    if rule == "target":
        place = ", ".join(filter(None, [*members[0][0][:2], year])) if len(members) == 1 else year
    elif rule in NATIONAL:
        place = year
    else:
        who = ", ".join(names[key] for key in where) if len(where) <= MOST_NAMED else f"{len(where)} partnerships"
        place = f"{who}, {year}" if year else who
    amount = sum(part for _, part in members)
    said = _said(programme, rule, setting, members, amount)
    return Term(rule, setting, one, year, place, len(members), amount, unit, asked, said)


def _partnership(rule: str, key: Key) -> str:
    if rule in NATIONAL or (rule == "target" and key[0] != "partnership"):
        return ""
    return key[1] if rule == "target" else key[0]


def _said(programme: Programme, rule: str, setting: str, members: list[tuple[Key, float]], amount: float) -> str:
    """The line in words, up to its amount."""
    s, key, count = programme.settings, members[0][0], len(members)
    year = _year(programme.data, key)
    if amount == 0:
        return f"{rule} ties these together"
    things = {
        "floor": f"floor of {s.grants.floor or 0:g} × the baseline grant",
        "cap": f"cap of {s.grants.cap or 0:g} × the baseline grant",
        "max_fall": f"grant that may fall {100 * (s.grants.max_fall or 0):g} % at most",
        "max_rise": f"grant that may rise {100 * (s.grants.max_rise or 0):g} % at most",
        "formula_floor": f"grant of {s.grants.formula_share or 0:g} × the formula's",
        "distribution": f"grant set by {s.grants.distribution}",
        "local_minimum": f"minimum of {100 * (s.local.min_reduction or 0):g} % fewer NEET",
    }
    if (setting or rule) in things:
        return _each(count, things[setting or rule], year)
    if rule == "guarantee":
        return _each(count, f"guarantee for {key[2]} (places of {key[3].replace('+', ', ')})", year)
    if rule in ("channel", "eligible"):
        which = f"places that {key[2]} has" if rule == "channel" else f"young people who are {key[-1]}"
        return f"{which} in {year}"
    return _WORDS.get(rule, rule).format(year=year)


_WORDS = {
    "national": "the money of {year} is",
    "money": "fixed costs of {year} are",
    "target": "the target of {year} asks for",
    "workforce": "advisers in post before {year}, less turnover",
    "recruitment": "recruits allowed in {year}",
    "headcount": "the limit on posts of {year}",
    "training_places": "the training places of {year}",
    "ceiling": "the most that may count as helped in {year}",
    "qualified": "advisers who have to be qualified in {year}",
    "carry_forward": "what may be carried out of {year}",
    UPTAKE: "the most who take up what is offered in {year}",
}


def _each(count: int, thing: str, year: str) -> str:
    """`47 floors of 0.9 × the baseline grant, 2004-05, add up to`, as a line with its amount behind it."""
    noun, _, rest = thing.partition(" ")
    return f"{count} {noun}s {rest}, {year}, add up to" if count > 1 else f"the {thing}, {year}, is"
