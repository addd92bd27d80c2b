"""The lines of a conflict's sum in words: what a limit is, in its own unit, and what it comes to in the sum's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator import units

if TYPE_CHECKING:
    from allocator.programme.formulate import Programme
    from allocator.programme.register import Key
    from allocator.scenario.settings import Settings

FEWER_NEET = "fewer NEET"  # the unit of a sum of reductions
LIMITS_OF_UPTAKE = "limits of uptake"
SAME = 1e-6  # rates, relative to one another, that are told as one


@dataclass(frozen=True)
class Line:
    """What a line of the sum has to say.

    detail: the words of its rows' keys that tell them from others of the rule. count: its rows. amount: in unit, that
    of the sum; own: what the rows themselves say, in own_unit. rates: the least and the most of one row's amount to
    its own. asked: what is asked, else what there is. beside: whether other lines count for the same places.
    """

    rule: str
    detail: Key
    years: tuple[str, ...]
    count: int
    amount: float
    unit: str
    own: float
    own_unit: str
    rates: tuple[float, float]
    asked: bool
    beside: bool

    @property
    def year(self) -> str:
        """Its years, in words."""
        return units.listed(self.years)

    def counts(self, times: float = 1.0) -> bool:
        """Whether each of its rows counts so many times, in its own unit."""
        return self.unit == self.own_unit and all(abs(rate - times) <= SAME * times for rate in self.rates)


def said(programme: Programme, line: Line) -> str:
    """The line in words, up to its amount.

    What a rule says in the unit of the sum is told as it is. Of what counts at a rate, or in another unit, its own
    amount is told as well, and the rate.
    """
    s, rule = programme.settings, line.rule
    if not line.amount:
        return f"{rule} ties these together"
    if len(line.years) > 1 and rule == "damping":
        further = _change(s, line.detail[0]) ** (len(line.years) - 1)
        if line.counts(further):
            first, *rest = line.years
            things = _plural(line.count, f"grant that may {_by(s, line.detail[0])}")
            return f"{things} in {first} and again in {units.listed(rest)} {_add_up(line.count)}"
    elif line.counts():
        return _plainly(programme, line)
    return f"{_own(programme, line)}, {_rate(line)}, {_verb(line)}"


def believes(programme: Programme, year: str) -> bool:
    """Whether the money of a year is what the plan of an earlier one takes it to be."""
    d, s, now = programme.data, programme.settings, programme.decisions.now
    return s.certainty.kind == "year_on_year" and d.years.index(year) > now.years[0]


def _planned(programme: Programme) -> str:
    """The first year planned."""
    return programme.data.years[programme.decisions.now.years[0]]


def believed_money(planned: str, year: str, s: Settings) -> str:
    """The money that the plan of one year counts on for a later one, in words."""
    return f"the money that the plan of {planned} counts on for {year}, {s.certainty.assumed_future:g} of its own, is"


def _plainly(programme: Programme, line: Line) -> str:
    """A line whose amount is what its rule says."""
    s, rule, year = programme.settings, line.rule, line.year
    if rule in (*_OF_GRANTS, "damping", "local_minimum", "guarantee"):
        less = _less(programme, line) or ","
        return f"{_plural(line.count, f'{_things(programme, line)}, {year}')}{less} {_add_up(line.count)}"
    if rule == "national" and believes(programme, year):
        return believed_money(_planned(programme), year, s)
    if rule == "channel":
        return f"places that {line.detail[0]} has in {year}"
    if rule == "eligible":
        return f"young people who are {line.detail[-1]} in {year}"
    return _WORDS.get(rule, rule).format(year=year, less=_less(programme, line))


_OF_GRANTS = ("floor", "cap", "formula_floor", "distribution")
_WORDS = {
    "national": "the money of {year} is",
    "money": "fixed costs of {year}{less} are",
    "target": "the target of {year}{less} asks for",
    "workforce": "advisers in post before {year}, less turnover",
    "recruitment": "recruits allowed in {year}",
    "headcount": "the limit on posts of {year}",
    "training_places": "the training places of {year}",
    "ceiling": "the most that may count as helped in {year}",
    LIMITS_OF_UPTAKE: "the most places that are taken up in {year}",
}


def _own(programme: Programme, line: Line) -> str:
    """What the rows of a line say, in their own unit: `1,768 places that provider has in 2006-07`."""
    rule, year = line.rule, line.year
    amount = units.with_unit(line.own, line.own_unit)
    bare = units.number(line.own, 0 if line.own >= 100 or abs(line.own - round(line.own)) < SAME else 2)
    if rule in (*_OF_GRANTS, "damping", "local_minimum", "guarantee"):
        less = _less(programme, line).removesuffix(",")  # a comma follows before the rate
        return f"{amount} of {_plural(line.count, f'{_things(programme, line)}, {year}')}{less}"
    if rule == "national" and believes(programme, year):
        return f"{amount} that the plan of {_planned(programme)} counts on for {year}"
    if rule == "channel":
        return f"{bare} places that {line.detail[0]} has in {year}"
    if rule == "eligible":
        return f"{bare} young people who are {line.detail[-1]} in {year}"
    words = _OWN.get(rule, "{amount} of " + rule)
    return words.format(amount=amount, bare=bare, year=year, less=_less(programme, line))


_OWN = {
    "national": "{amount} of money in {year}",
    "money": "{amount} of fixed costs in {year}{less}",
    "target": "{amount} that the target of {year}{less} asks for",
    "workforce": "{amount} in post before {year}, less turnover",
    "recruitment": "{amount} that may be recruited in {year}",
    "headcount": "{amount} in the limit on posts of {year}",
    "training_places": "{bare} training places of {year}",
    "ceiling": "{amount} that may be counted in {year}",
    LIMITS_OF_UPTAKE: "{bare} places taken up at most in {year}",
}


def _things(programme: Programme, line: Line) -> str:
    """One of the things that the rows of a rule are about, its noun first."""
    s = programme.settings
    match line.rule:
        case "floor" | "cap":
            return f"{line.rule} of {getattr(s.grants, line.rule) or 0:g} × the baseline grant"
        case "damping":
            return f"grant that may {_by(s, line.detail[0])}"
        case "formula_floor":
            return f"grant of {s.grants.formula_share or 0:g} × the formula's"
        case "distribution":
            counted_on = s.grants.distribution != "given" and believes(programme, line.year)
            of = f" of what the plan of {_planned(programme)} counts on" if counted_on else ""
            return f"grant set by {s.grants.distribution}{of}"
        case "local_minimum":
            return f"minimum of {100 * (s.local.min_reduction or 0):g} % fewer NEET"
        case _:
            group, named = line.detail
            return f"guarantee for {group} (places of {named.replace('+', ', ')})"


def _by(s: Settings, setting: str) -> str:
    if setting == "max_fall":
        return f"fall {100 * (s.grants.max_fall or 0):g} % at most"
    return f"rise {100 * (s.grants.max_rise or 0):g} % at most"


def _change(s: Settings, setting: str) -> float:
    """What is left of a grant after one year's fall, or rise, at the limit."""
    return 1.0 - (s.grants.max_fall or 0.0) if setting == "max_fall" else 1.0 + (s.grants.max_rise or 0.0)


def _less(programme: Programme, line: Line) -> str:
    """What earlier years leave, planned year on year, is taken off before it is asked."""
    now = programme.decisions.now
    if line.rule in ("target", "local_minimum") and now.standing.any():
        return ", less what places of earlier years bring,"
    if line.rule == "money" and now.carried_in.any() and line.years == (programme.data.years[now.years[0]],):
        return ", less what is carried in,"
    return ""


def _plural(count: int, thing: str) -> str:
    """`47 floors of 0.9 × the baseline grant`, `the floor of 0.9 × the baseline grant`."""
    noun, _, rest = thing.partition(" ")
    return f"{count} {noun}s {rest}" if count > 1 else f"the {thing}"


def _add_up(count: int) -> str:
    return "add up to" if count > 1 else "is"


def _rate(line: Line) -> str:
    """What each unit of a line's own amount counts for in the sum."""
    least, most = line.rates
    average = " on average" if most - least > SAME * most else ""
    rate = line.amount / line.own
    if line.unit == line.own_unit:
        return f"times {_four_digits(rate)}{average}"
    if line.own_unit == "£":
        return f"at {_small(1000 * rate, line.unit)} for each £1,000{average}"
    return f"at {_small(rate, line.unit)} each{average}"


def _small(amount: float, unit: str) -> str:
    """An amount with four digits, for a rate."""
    digits = _four_digits(amount)
    return f"£{digits}" if unit == "£" else f"{digits} {unit}"


def _four_digits(amount: float) -> str:
    if amount >= 1000:
        return units.number(amount)
    text = f"{amount:.{3 - math.floor(math.log10(amount))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _verb(line: Line) -> str:
    beyond = ", beyond what other lines count," if line.beside and line.rule == LIMITS_OF_UPTAKE else ""
    if line.asked:
        return "take at least"
    word = {FEWER_NEET: "bring", "young people": "serve"}.get(line.unit, "come to")
    return f"{word}{beyond} at most"
