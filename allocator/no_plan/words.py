"""The lines of a conflict's sum in words: what a limit is, in its own unit, and what it comes to in the sum's."""

from __future__ import annotations

import math
from dataclasses import dataclass

from allocator import units
from allocator.no_plan.limits_in_words import thing_in_words
from allocator.programme.formulate import Programme
from allocator.register import Place, Words, distributions
from allocator.register.rules import MONEY, NATIONAL, rule_of
from allocator.scenario.settings import Settings

FEWER_NEET = "fewer NEET"  # the unit of a sum of reductions
LIMITS_OF_UPTAKE = "limits of uptake"
ALL_YEARS = "all years"
SAME = 1e-6  # rates, relative to one another, that are told as one


@dataclass(frozen=True)
class Line:
    """What a line of the sum has to say.

    detail: the words of its rows' keys that tell them from others of the rule. count: its rows. amount: in unit, that
    of the sum; own: what the rows themselves say, in own_unit. rates: the least and the most of one row's amount to
    its own. asked: what is asked, else what there is. beside: whether other lines count for the same places.
    place: of the first of its rows.
    """

    rule: str
    detail: tuple[str, ...]
    years: tuple[str, ...]
    count: int
    amount: float
    unit: str
    own: float
    own_unit: str
    rates: tuple[float, float]
    asked: bool
    beside: bool
    place: Place

    @property
    def year(self) -> str:
        """Its years, in words."""
        return units.listed(self.years)

    def counts(self, times: float = 1.0) -> bool:
        """Say whether each of its rows counts so many times, in its own unit."""
        return self.unit == self.own_unit and all(abs(rate - times) <= SAME * times for rate in self.rates)


def said(programme: Programme, line: Line) -> str:
    """Give the line in words, up to its amount.

    What a rule says in the unit of the sum is told as it is. Of what counts at a rate, or in another unit, its own
    amount is told as well, and the rate.
    """
    rule = line.rule
    if not line.amount:
        return f"{rule} ties these together"
    record = rule_of(rule)
    if len(line.years) > 1 and record is not None and record.last_year:
        further = record.of_last_year(programme.settings) ** (len(line.years) - 1)
        if line.counts(further):
            first, *rest = line.years
            things = _plural(line.count, _filled(record.words.thing, programme, line))
            return f"{things} in {first} and again in {units.listed(rest)} {_add_up(line.count)}"
    elif line.counts():
        return _plainly(programme, line)
    return f"{_own(programme, line)}, {_rate(line)}, {_verb(line)}"


def believes(programme: Programme, year: str) -> bool:
    """Say whether the money of a year is what the plan of an earlier one takes it to be."""
    d, s, now = programme.data, programme.settings, programme.decisions.now
    return s.certainty.kind == "year_on_year" and d.years.index(year) > now.years[0]


def _planned(programme: Programme) -> str:
    """Give the first year planned."""
    return programme.data.years[programme.decisions.now.years[0]]


def believed_money(planned: str, year: str, s: Settings) -> str:
    """Give the money that the plan of one year counts on for a later one, in words."""
    return f"the money that the plan of {planned} counts on for {year}, {s.certainty.assumed_future:g} of its own, is"


# What no record words: the limits of the tables on who takes a place up.
_UPTAKE = Words(
    line="the most places that are taken up in {year}",
    own="{bare} places taken up at most in {year}",
)


def words_of(programme: Programme, line: Line) -> Words:
    """Give how the rule of a line is worded, a limit of the planner's own, or the limits of uptake."""
    if line.rule == LIMITS_OF_UPTAKE:
        return _UPTAKE
    record = rule_of(line.rule)
    if record is not None and record.by_quantity:
        thing = thing_in_words(programme.data, line.place)
        return Words(thing=thing.replace("{", "{{").replace("}", "}}"))
    return record.words if record is not None else Words()


def _plainly(programme: Programme, line: Line) -> str:
    """Give a line whose amount is what its rule says."""
    rule, year, words = line.rule, line.year, words_of(programme, line)
    if words.thing:
        less = _less(programme, line) or ","
        thing = _filled(words.thing, programme, line)
        return f"{_plural(line.count, f'{thing}, {year or ALL_YEARS}')}{less} {_add_up(line.count)}"
    if rule == NATIONAL.name and believes(programme, year):
        return believed_money(_planned(programme), year, programme.settings)
    return _filled(words.line or rule, programme, line)


def _own(programme: Programme, line: Line) -> str:
    """Give what the rows of a line say, in their own unit: `1,768 places that provider has in 2006-07`."""
    rule, year, words = line.rule, line.year, words_of(programme, line)
    amount = units.with_unit(line.own, line.own_unit)
    if words.thing:
        less = _less(programme, line).removesuffix(",")  # a comma follows before the rate
        thing = _filled(words.thing, programme, line)
        return f"{amount} of {_plural(line.count, f'{thing}, {year or ALL_YEARS}')}{less}"
    if rule == NATIONAL.name and believes(programme, year):
        return f"{amount} that the plan of {_planned(programme)} counts on for {year}"
    return _filled(words.own or "{amount} of " + rule, programme, line)


def _filled(words: str, programme: Programme, line: Line) -> str:
    """Give words with what they leave open: docs in allocator/register."""
    s = programme.settings
    rule = rule_of(line.rule)
    value = rule.level(s, line.year) if rule is not None and rule.levers else None
    level = float(value) if isinstance(value, int | float) else 0.0
    counted_on = distributions.of(s).of_money and bool(line.years) and believes(programme, line.years[0])
    return words.format(
        amount=units.with_unit(line.own, line.own_unit),
        bare=units.number(line.own, 0 if line.own >= 100 or abs(line.own - round(line.own)) < SAME else 2),
        year=line.year,
        less=_less(programme, line),
        share=units.percentage(level),
        times=f"{level:g}",
        first=_called(programme, line, line.detail[0]) if line.detail else "",
        last=_called(programme, line, line.detail[-1]) if line.detail else "",
        named=units.listed([programme.data.called(i) for i in line.detail[-1].split("+")]) if line.detail else "",
        distribution=s.grants.distribution,
        counted_on=f" of what the plan of {_planned(programme)} counts on" if counted_on else "",
    )


def _called(programme: Programme, line: Line, key: str) -> str:
    """Give the name of what a row is on beside partnership and year; a channel has none but its own."""
    return key if (rule := rule_of(line.rule)) and rule.by_channel else programme.data.called(key)


def _less(programme: Programme, line: Line) -> str:
    """Say what earlier years leave, which planned year on year is taken off before it is asked."""
    now = programme.decisions.now
    rule = rule_of(line.rule)
    if rule is not None and rule.may_be_soft and rule.of_reductions and now.counted_before.any():
        return ", less what places of earlier years bring,"
    if line.rule == MONEY.name and now.carried_in.any() and line.years == (programme.data.years[now.years[0]],):
        return ", less what is carried in,"
    return ""


def _plural(count: int, thing: str) -> str:
    """Word a count: `47 floors of 0.9 × the baseline grant`, `the floor of 0.9 × the baseline grant`."""
    noun, _, rest = thing.partition(" ")
    return f"{count} {noun}s {rest}" if count > 1 else f"the {thing}"


def _add_up(count: int) -> str:
    return "add up to" if count > 1 else "is"


def _rate(line: Line) -> str:
    """Give what each unit of a line's own amount counts for in the sum."""
    least, most = line.rates
    average = " on average" if most - least > SAME * most else ""
    rate = line.amount / line.own
    if line.unit == line.own_unit:
        return f"times {_four_digits(rate)}{average}"
    if line.own_unit == "£":
        return f"at {_small(1000 * rate, line.unit)} for each £1,000{average}"
    return f"at {_small(rate, line.unit)} each{average}"


def _small(amount: float, unit: str) -> str:
    """Give an amount with four digits, for a rate."""
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
    word = {FEWER_NEET: "bring", "young people": "serve", "places": "serve"}.get(line.unit, "come to")
    return f"{word}{beyond} at most"
