"""The sentences of an explanation, each with its number and unit: the one place where they are worded."""

from __future__ import annotations

from math import ceil, floor, log10

from allocator import units
from allocator.analyses.explain.break_even import BreakEven
from allocator.analyses.explain.explanation import Binding, Explanation, Limit, Year
from allocator.analyses.explain.facts import EndOfLoss, Fact
from allocator.analyses.explain.firmness import ALIKE, WITHIN, Firmness
from allocator.outputs import goal_amounts as amounts
from allocator.outputs import yardsticks
from allocator.register import goals
from allocator.register.goals import CUMULATIVE
from allocator.register.rules import DISTRIBUTION, rule_of
from allocator.runs.findings import GoalChange

MOST_SHOWN = 6  # lines of what binds and of what is not bought; the rest is counted
SIGNIFICANT = 6  # digits at most that tell two effects apart
NOTHING = "nothing"
WHAT_AN_EFFECT_IS = (
    "An effect: young people fewer NEET for each one served, as the table effects has it. Solved just below and above."
)
# Where more money would do better on one side, since a plan that is best has no better one beside it.
NO_BETTER_MOVED = "Moved from one to the other it would bring no more: what it brings now or a rule stands against it."
APART = 1.2  # times
ONE_OF_MANY = 0.01  # of what plans that keep nine tenths give up: what is less is told as nothing
SAME = 0.01  # relative change of the grant within which it counts as firm


def headline(e: Explanation) -> str:
    """Give what it gets over all years, on both yardsticks."""
    span = "in one year" if len(e.years) == 1 else f"over {units.in_words(len(e.years))} years"
    place = f"{e.name}, {e.region}" if e.region else e.name
    got = f"{place}: {units.pounds_short(e.grant, 2)} {span}"
    last_year = yardsticks.on_last_year(e.years, [year.year for year in e.years])
    return f"{got}, {yardsticks.on_shares(e)}; {last_year}."


def why_this_number(e: Explanation) -> list[tuple[str, str]]:
    """Give for each year what fixed its grant: the year and the sentence."""
    return [(year.year, _why(e, year)) for year in e.years]


def about_the_place(e: Explanation) -> str:
    """Say what is not as in the country at the margin, and the grant were each of these the country's."""
    if not e.facts:
        return ""
    told = "; ".join(fact_in_words(fact, e.multiplier_source) for fact in e.facts)
    said = f"{told[0].upper()}{told[1:]}."
    grants = {_total(fact.grant) for fact in e.facts if fact.grant is not None}
    if grants == {_total(e.grant)}:
        one = "Were any one of these" if len(e.facts) > 1 else "Were this"
        return f"{said} {one} the country's, the grant would be {_total(e.grant)} still."
    asked = [f"{_total(fact.grant)} with its {fact.fact}" for fact in e.facts if fact.grant is not None]
    one = "Were one of these" if len(asked) > 1 else "Were this"
    return f"{said} {one} the country's, the grant would be {units.listed(asked, 'or')}." if asked else said


def what_would_end_the_loss(e: Explanation) -> str:
    """Give the smallest change of each fact alone that ends a loss on shares as before.

    Blank where nothing was asked.
    """
    ending = [_end(end) for end in e.ends_of_loss if end.needed is not None]
    others = [end.fact for end in e.ends_of_loss if end.needed is None]
    said = f"Any one of these alone ends the loss on shares as before: {'; '.join(ending)}." if ending else ""
    if others:
        does = "does" if ending else "ends the loss on shares as before by itself"
        said += f" No {units.listed(others, 'or')} up to twice what it is {does}."
    return said.strip()


def what_else_binds(e: Explanation) -> list[tuple[str, str, str]]:
    """Give what binds beside the grant, with what one step more and one step less of its limit would bring."""
    return [(_binding(e, row), _change(row.more, e), _change(row.less, e)) for row in e.binding[:MOST_SHOWN]]


def how_many_more_bind(e: Explanation) -> str:
    """Give how many lines what_else_binds leaves out; blank where none."""
    more = len(e.binding) - MOST_SHOWN
    return f"{units.counted(more, 'more limit')} {'binds' if more == 1 else 'bind'} for less." if more > 0 else ""


def given_back(e: Explanation) -> str:
    """Give what of its grants it gives back; blank where that is nothing."""
    years = [(year.year, year.given_back) for year in e.years if year.given_back >= 1]
    if not years:
        return ""
    parts = units.listed([f"{units.pounds_short(amount_back)} of {year}" for year, amount_back in years])
    goal = goals.named(e.measure)
    if not (goal.of_people or goal.smallest_of_all):
        return f"It gives back {parts}: the goal, {e.settings.goal.measure}, has no use for it here."
    return f"It gives back {parts}: under the rules that money buys nothing more here."


def redundancies(e: Explanation) -> list[str]:
    """Give who is made redundant, when, of how many."""
    said = []
    before = e.advisers_at_the_start
    for year in e.years:
        made = [(name, fte) for name, fte in year.redundancies.items() if fte >= 0.05]
        total = sum(year.redundancies.values())
        if made:
            who = units.listed([f"{name} {units.fte(fte)}" for name, fte in made])
            said.append(
                f"Of {units.fte(before)} FTE in post {units.fte(total)} are made redundant in {year.year}: {who}."
            )
        before = year.advisers
    return said


def not_bought(e: Explanation) -> list[tuple[str, str]]:
    """Give what is not bought, and the effect from which it would be."""
    return [(_pair(e, row), _effects(row)) for row in e.not_bought[:MOST_SHOWN]]


def how_many_more_are_not_bought(e: Explanation) -> str:
    """Give how many lines not_bought leaves out; blank where none."""
    more = len(e.not_bought) - MOST_SHOWN
    return f"{units.counted(more, 'more is', 'more are')} further away." if more > 0 else ""


def how_firm(e: Explanation) -> list[str]:
    """Give the range of the grant in good plans and what four other amounts would lose, then a verdict in front."""
    if not e.firmness:
        return ["The distribution sets the grant: the plan has no choice in it."]
    said = [_verdict(e)]
    for firm in e.firmness:
        said += [_range(firm), *_others(firm, e)]
    return said


def what_would_change_it(e: Explanation) -> str:
    """Give the grant were effects here other multiples of the nation's; blank where grants are set."""
    if not e.at_multiplier:
        return ""
    told = []
    for multiplier, grant in sorted(((at.multiplier, at.grant) for at in e.at_multiplier), reverse=True):
        got = "no plan" if grant is None else _total(grant)
        told.append(f"{got} with {_multiplied(multiplier / e.multiplier if e.multiplier else 0.0, multiplier)}")
    now = f"Effects here count {e.multiplier:g} times those of the tables. Were that another number, the grant would be"
    if {None if at.grant is None else _total(at.grant) for at in e.at_multiplier} == {_total(e.grant)}:
        tried = sorted(at.multiplier for at in e.at_multiplier)
        return f"{now} {_total(e.grant)} still, from {tried[0]:.2f} to {tried[-1]:.2f} times."
    said = f"{now} {'; '.join(told)}."
    if nothing_hangs_on_it(e) or not moves(e):
        return said
    grants = [at.grant for at in e.at_multiplier if at.grant is not None]
    gains = [grant > e.shares_as_before for grant in grants]
    word = "gain" if e.grant > e.shares_as_before else "loss"
    steady = len(grants) == len(e.at_multiplier) and all(gain == (e.grant > e.shares_as_before) for gain in gains)
    return f"{said} {f'It stays a {word}' if steady else f'It is not always a {word}'}."


def moves(e: Explanation) -> bool:
    """Say whether the grant is more or less than on shares as before, as it is told."""
    return units.pounds_short(abs(e.change), 2) != "£0"


def nothing_hangs_on_it(e: Explanation) -> bool:
    """Say whether no other amount that was tried would lose anything, so that plans as good have other grants."""
    tried = [(firm, other.lost) for firm in e.firmness for other in firm.others if other.lost is not None]
    return bool(tried) and not any(_is_something(lost, firm, e.measure) for firm, lost in tried)


def points_explained(e: Explanation) -> str:
    """Give what points of soft rules are, where some change of them is told; else blank."""
    sides = [side for row in e.binding for side in (row.more, row.less)]
    for year in e.years:
        sides += [year.here, year.elsewhere]
        sides += [side for limit in year.limits for side in (limit.more_room, limit.less_room)]
    if not any(side is not None and side.soft for side in sides):
        return ""
    return "Soft rules come first: points are hundredths of what each asks for, added up."


def caution_explained(e: Explanation) -> str:
    """Give what amounts of a cautious goal count; blank where the plan is a neutral one."""
    if not goals.is_cautious(e.settings):
        return ""
    weight = e.settings.risk.cvar_weight
    central, worst = units.percentage(1.0 - weight), units.percentage(weight)
    return (
        f"The plan is a cautious one: what more or less would bring or lose counts {central} as at the central effects "
        f"and {worst} as in the worst draws of them."
    )


def _is_something(lost: float, firm: Firmness, measure: str) -> bool:
    """Say whether what another amount loses is more than 0 as a large programme's is told, or than a thousandth of what
    moving grants brings, however small the programme.
    """
    return amounts.is_something(lost, measure) or (firm.given_up is not None and lost > ONE_OF_MANY * firm.given_up > 0)


def _total(grant: float) -> str:
    """Give a grant of some years, with decimals enough to see a small partnership's change."""
    return units.pounds_short(grant, 1 if abs(grant) >= 1e7 else 2)


def _multiplied(of_here: float, multiplier: float) -> str:
    """Name another effect multiplier, and what it is of the one here where that is a tenth more or less."""
    said = f"{multiplier:.2f}"
    if abs(abs(of_here - 1) - 0.1) < 1e-4:
        return f"{said} (10 % {'more' if of_here > 1 else 'less'})"
    return said


def amount(value: float, measure: str, places: int = 1) -> str:
    """Give an amount of the goal, without a sign, in the unit of its measure."""
    goal, size = goals.named(measure), abs(value)
    decimals = places + max(goal.words.places - 1, 0)
    if goal.in_pounds:
        return f"{units.pounds_short(size, decimals)}{amounts.weighted(measure)}"
    return f"{units.number(size * goal.words.scale, decimals)} {goal.words.short}"


def _lost(value: float, firm: Firmness, measure: str) -> str:
    """Give what another amount loses: nothing, where that is what it comes to."""
    return amounts.told(value, measure) if _is_something(value, firm, measure) else NOTHING


def _why(e: Explanation, year: Year) -> str:
    if year.limits:
        return " ".join(_limit(e, year, limit) for limit in year.limits)
    step = units.pounds(year.step)
    here, elsewhere = _brings(year.here, e), _brings(year.elsewhere, e)
    if here == elsewhere == NOTHING:
        then = "reaches most in all and then " if goals.named(e.measure).then else ""
        taken = f"of plans as good the one that {then}changes grants least was taken"
        return f"The margin: the next {step} would buy nothing here or elsewhere; {taken}."
    if year.here is None:
        return f"The margin: {step} more cannot be granted here; elsewhere it would buy {elsewhere}."
    if any(side is not None and side.soft for side in (year.here, year.elsewhere)):
        one, other = _would(year.here, e), _would(year.elsewhere, e)
        apart = f" {NO_BETTER_MOVED}" if _apart(year) else ""
        return f"The margin: with {step} more here {one}; elsewhere {other}.{apart}"
    apart = f" {NO_BETTER_MOVED}" if _apart(year) else ""
    return f"The margin: the next {step} would buy {here} here and {elsewhere} elsewhere.{apart}"


def _apart(year: Year) -> bool:
    """Say whether a step more does so much better on one side that a reader asks why nothing is moved there."""
    if year.here is None or year.elsewhere is None:
        return False
    of_soft = bool(year.here.soft or year.elsewhere.soft)
    one, other = sorted(abs(side.soft if of_soft else side.goal) for side in (year.here, year.elsewhere))
    return other > APART * one


def _grant_before(e: Explanation, year: Year) -> str:
    """Give the grant from which a year's may rise or fall: the baseline grant, then that of the year before."""
    years = [one.year for one in e.years]
    t, amount_before = years.index(year.year), units.pounds(year.last_year)
    return f"{amount_before} in {years[t - 1]}" if t else f"the baseline grant of {amount_before}"


def _limit(e: Explanation, year: Year, limit: Limit) -> str:
    step, rule = units.pounds(year.step), rule_of(limit.rules[0]) or DISTRIBUTION
    said = "; ".join(_told(e, year, limit, n) for n in range(len(limit.rules)))
    more, less = _brings(limit.more_room, e), _brings(limit.less_room, e)
    if limit.then is not None:
        more = f"{more} to the goal and, at first, {amounts.rate(limit.then, CUMULATIVE.name)} in all"
    if limit.sense != "=" and limit.more_room is not None:
        of_soft = any(side is not None and side.soft for side in (limit.more_room, limit.less_room))
        at = units.pounds_short(limit.limit, 1 if limit.limit >= 1e7 else 2)
        up = limit.sense == ">="
        held, than = _holding(limit, at, up=up), "less" if up else "more"
        there = " elsewhere" if up else ""
        room = f"{step} {than} {'there' if limit.over else 'here' if up else 'room'}"
        moved = f"with {room} {_would(limit.more_room, e)}" if of_soft else f"{room} would bring {more}"
        if limit.over:
            return f"{held} ({said}); {moved}{there}."
        held = f"Without {units.listed(limit.rules)} you would get {than}: {held} ({said})"
        if up:
            return f"{held}; {moved}{there}."
        if of_soft:
            return f"{held}; {moved}, with {step} less {_would(limit.less_room, e)}."
        lost = "leaves no plan" if limit.less_room is None else f"would lose {less}"
        return f"{held}; {moved}, {step} less {lost}."
    if rule is DISTRIBUTION:
        told = f"{limit.rule} fixed it: {said}. With {step} more of it and of the money {_would(limit.more_room, e)}"
        return f"{told}; with {step} less {_would(limit.less_room, e)}."
    lost = "leaves no plan" if limit.less_room is None else f"would lose {less}"
    if limit.sense == "=" and limit.more_room is not None and limit.less_room is not None:
        other, one = (_change(side, e) for side in (limit.more_room, limit.less_room))
        return f"{limit.rule} fixed it: {said}. With {step} more the goal would change by {other}, with less by {one}."
    return f"{limit.rule} fixed it: {said}. {step} less room {lost}."


def _told(e: Explanation, year: Year, limit: Limit, n: int) -> str:
    """Give what one of the rules of a limit does to the grant, in the words of its record."""
    rule = rule_of(limit.rules[n]) or DISTRIBUTION
    level = float(rule.level(e.settings, year.year) or 0.0) if rule.levers else 0.0
    return (rule.words.fixes or "the rule leaves it no room").format(
        share=units.percentage(level),
        times=f"{level:g}",
        before=_grant_before(e, year),
        said=limit.said[n] if limit.said else "",
    )


def _holding(limit: Limit, at: str, *, up: bool) -> str:
    """Say that rules hold a grant up or down, alone, together, or with other grants."""
    way = "up" if up else "down"
    if limit.over:
        return f"{limit.rule[0].upper()}{limit.rule[1:]} holds {way} the grants of {limit.over} together"
    if len(limit.rules) > 1:
        both = "both" if len(limit.rules) == 2 else "all"
        return f"they {both} hold your grant {way} at {at}, so that neither alone does"
    return f"it holds your grant {way} at {at}"


def _would(side: GoalChange | None, e: Explanation) -> str:
    """Give what a change would do, as a clause: ``it would bring 2.3 ypy``, ``soft rules would fall 0.01 points less
    short``.
    """
    if side is None:
        return "there is no plan"
    if side.soft:
        return f"soft rules would fall {_points(side.soft)} {'less' if side.soft < 0 else 'more'} short"
    if not side.goal:
        return "nothing would change"
    better = (side.goal < 0) is goals.named(e.measure).less_is_better
    return f"it would {'bring' if better else 'lose'} {amount(side.goal, e.measure)}"


def _points(soft: float) -> str:
    """Give a change of what soft rules fall short by, in points, with as many decimals as show that it is one."""
    size = 100 * abs(soft)
    places = next((n for n in range(2, 7) if size >= 0.5 * 10.0**-n), 7)
    return f"{units.number(size, places)} points"


def _brings(side: GoalChange | None, e: Explanation) -> str:
    if side is None:
        return "no plan"
    if side.soft:
        how = "less" if side.soft < 0 else "more"
        return f"soft rules falling {how} short by {_points(side.soft)}"
    said = amount(side.goal, e.measure)
    if any(digit in "123456789" for digit in said):
        return said
    return amounts.rate(side.goal, e.measure) if side.goal else NOTHING


def _change(side: GoalChange | None, e: Explanation) -> str:
    if side is None:
        return "no plan"
    if side.soft:
        return f"soft {units.with_sign(side.soft, _points(side.soft))}"
    return units.with_sign(side.goal, amount(side.goal, e.measure, 2))


def _binding(e: Explanation, row: Binding) -> str:
    rule, detail = rule_of(row.rule) or DISTRIBUTION, row.detail.split("|")
    told = rule.words
    first, last = (e.called(part) if not rule.by_channel else _plain(part) for part in (detail[0], detail[-1]))
    words = (told.binds or row.rule).format(first=first, last=last)
    words = f"{words} {row.year or 'all years'}"
    if told.step:
        return f"{words}, {told.step}"
    if row.unit == "£":
        return f"{words}, {units.pounds(row.step)}"
    step = units.in_words(int(row.step)) if row.step >= 1 else f"{row.step:g}"
    of = f" of {units.number(row.limit, _limit_places(row))}" if row.limit > 0 else ""
    unit = " FTE" if row.unit == "FTE" else ""
    return f"{words}, {step}{of}{unit}"


def _limit_places(row: Binding) -> int:
    """Give the decimals with which a small limit is not shown as less than a step of it."""
    return 0 if row.limit >= 10 else max(0, -floor(log10(row.step)))


def fact_in_words(fact: Fact, multiplier_source: str = "") -> str:
    """Give a fact beside the country's. multiplier_source: what the tables say of where the multiplier is from."""
    if fact.fact == "need":
        here, there = (units.people(1e6 * need) for need in (fact.here, fact.country))
        return f"{here} young people are NEET here for each £1m of last year's grant (the country {there})"
    if fact.fact == "fixed cost":
        here, there = units.share(fact.here), units.share(fact.country)
        return f"fixed costs take {here} of last year's grant (the country {there})"
    here, there = units.told_apart(fact.here, fact.country, 2)
    if fact.fact == "multiplier":
        source = f"; {multiplier_source}" if multiplier_source else ""
        return f"effects count {here} times here (the country {there}{source})"
    if fact.fact == "area costs":
        return f"advisers cost {here} times here (the country {there})"
    return f"a young person counts {here} times here (the country {there})"


def _end(end: EndOfLoss) -> str:
    """Give one change that ends a loss: by how much the fact would have to differ, and what it is."""
    needed = end.needed or 0.0
    part = needed / end.now - 1
    change = f"{units.share(abs(part), 0)} {'more' if part > 0 else 'less'}"
    if end.fact == "need":
        return f"{change} NEET young people here ({units.people(end.now)} in the first year now)"
    if end.fact == "multiplier":
        return f"effects that count {needed:.3g} times, {change} ({end.now:g} now)"
    return f"{change} fixed cost ({units.pounds_short(end.now, 2)} a year now)"


def _pair(e: Explanation, row: BreakEven) -> str:
    named = f"{e.called(row.intervention)}, for '{e.called(row.client_group)}'"
    return f"{named}, {row.year}" if row.year else named


def _effects(row: BreakEven) -> str:
    if row.needed is None:
        return f"{_effect(row.now)} now, bought at no effect up to 1"
    bought = [f"{units.people(places)} in {year}" for year, places in row.elsewhere.items() if round(places) >= 1]
    also = f" (places bought: {units.listed(bought)})" if bought else ""
    unsure = "" if row.checked else ", not confirmed"
    now, needed = _effect(row.now), _effect(row.needed)
    if now != needed:
        needed = units.number(_up(row.needed, _places(row.needed)), _places(row.needed))
    else:
        now, needed = units.told_apart(row.now, row.needed, _places(row.now), _most_places(row.now, row.needed))
    if now == needed:
        return f"{now} now, at its margin already{unsure}{also}"
    return f"{now} now, bought from {needed}{unsure}{also}"


def _up(value: float, places: int) -> float:
    """Round a break-even up, so that the intervention is bought at the figure printed."""
    return float(ceil(value * 10**places - 1e-6) / 10**places)


def _effect(value: float) -> str:
    """Give an effect with as many decimals as two significant digits take, four at least for small ones."""
    return units.number(value, _places(value))


def _most_places(one: float, other: float) -> int:
    """Give the decimals that show SIGNIFICANT digits of the larger of two effects, which may be nothing, or below
    it.
    """
    size = max(abs(one), abs(other))
    return SIGNIFICANT - 1 - floor(log10(size)) if size else _places(size)


def _places(effect: float) -> int:
    return 5 if abs(effect) < 0.001 else 4 if abs(effect) < 0.02 else 3


def _plain(key: str) -> str:
    return key.replace("_", " ").replace("+", ", ")


def _verdict(e: Explanation) -> str:
    firm = all(max(f.largest - f.grant, f.grant - f.smallest) <= SAME * max(f.grant, 1.0) for f in e.firmness)
    grants = [at.grant for at in e.at_multiplier if at.grant is not None]
    gain = e.grant > e.shares_as_before
    same = bool(grants) and all((grant > e.shares_as_before) == gain for grant in grants)
    stays = not moves(e)
    if firm:
        return "The amount is firm."
    if nothing_hangs_on_it(e):
        return "Not at all: plans as good give other amounts, and only the ties between them chose this one."
    if stays:
        return "The grant is that of shares as before; how far others are as good, these amounts say."
    return "The direction is firm, the amount is not." if same else "Neither the direction nor the amount is firm."


def _range(firm: Firmness) -> str:
    year = f" for {firm.year}" if firm.year else ""
    all_that = ", all that the rules allow," if firm.all_that_is_allowed and not firm.shortfall else ""
    lowest, highest = _ends(firm.lowest, firm.highest, firm.grant)
    without = f"Soft rules fall no further short {'with' if lowest == highest else 'from'}"
    allows = without if firm.shortfall else "The rules allow"
    to = lowest if lowest == highest else f"{lowest} to {highest}"
    said_already = firm.all_that_is_allowed if not firm.shortfall else lowest == highest == _total(firm.grant)
    allowed = "" if said_already else f" {allows} {to}."
    smallest, largest = _ends(firm.smallest, firm.largest, firm.grant)
    if smallest == largest:
        return f"Only {smallest}{year} fits a plan {_kept(firm)}.{allowed}"
    return f"Any grant{year} from {smallest} to {largest}{all_that} fits a plan {_kept(firm)}.{allowed}"


def _ends(one: float, other: float, grant: float) -> tuple[str, str]:
    """Give the ends of a range in words; both as the grant where they are not apart."""
    return (_total(grant), _total(grant)) if other - one < ALIKE else (_total(one), _total(other))


def _kept(firm: Firmness) -> str:
    if firm.given_up is None and firm.shortfall:
        return f"within {units.percentage(WITHIN)} of the best in which soft rules fall no further short"
    if firm.given_up is None:
        return f"within {units.percentage(WITHIN)} of the best (with shares as before there is none)"
    if not firm.given_up:
        return "that reaches as much (moving grants brings no more than shares as before, so none of it is given up)"
    return "that keeps nine tenths of what moving grants brings"


def _others(firm: Firmness, e: Explanation) -> list[str]:
    if not firm.others:
        return []
    told = []
    ends = {"lowest allowed", "highest allowed"} if firm.shortfall else set()  # as far as soft rules let it
    for other in sorted((one for one in firm.others if one.name not in ends), key=lambda one: one.amount):
        lost = "not allowed" if other.lost is None else _lost(other.lost, firm, e.measure)
        if other.soft:
            lost = f"soft rules {_points(other.soft)} further short"
        told.append(f"{other.name} {_total(other.amount)} {lost}")
    return [f"What other amounts would lose, all else at its best: {' · '.join(told)}."]
