"""The grant that each authority begins with, made of what it spent; and whether the amounts can be pounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, pstdev

from allocator.imports.dfe.reading.spend import Spent
from allocator.units import number, pounds

# Spending on all services for young people for each aged 16 or 17: England's is near £350 a year, authorities' run from
# some tens to some thousands. A median outside of this range is no amount in pounds.
USUAL = 350.0  # £ a year
LEAST, MOST = 20.0, 7_000.0  # £ a year
LOOK = "look whether it is in thousands"
FAR_FROM_THE_OTHERS = 100  # times: one amount that is this much smaller or larger is in another unit


@dataclass(frozen=True)
class Baseline:
    """The grant that an authority begins with, £ cash, and how it was found.

    how: "reported" (a mean of all the years), "in part" (some years blank), "per head" (none reported, or only 0).
    reported: the amounts behind the mean, None where blank.
    """

    grant: float
    how: str
    reported: tuple[float | None, ...] = ()


def baselines(
    cohorts: Mapping[str, float], spent: Mapping[str, Spent] | None, per_head: float, years: Sequence[str] = ()
) -> dict[str, Baseline]:
    """Give the grant of each authority by its code: the mean of what it reported, else the national rate for each head.

    cohorts: persons by code. spent: by code, in the years; None without a file. per_head: £ for each of them, used
    where there is no spending file at all. Where an authority reported nothing, or 0 in every year, the rate is that of
    all who reported more than 0.
    """
    if spent is None:
        return {code: Baseline(per_head * cohort, "per head") for code, cohort in cohorts.items()}
    means: dict[str, float] = {}
    amounts: dict[str, tuple[float | None, ...]] = {}
    for code in cohorts:
        amounts[code] = tuple(spent[code].by_year.values()) if code in spent else (None,) * len(years)
        reported = [amount for amount in amounts[code] if amount is not None]
        if any(reported):
            means[code] = sum(reported) / len(reported)
    rate = sum(means.values()) / sum(cohorts[code] for code in means) if means else per_head
    found = {}
    for code, cohort in cohorts.items():
        if code in means:
            how = "in part" if None in amounts[code] else "reported"
            found[code] = Baseline(means[code], how, amounts[code])
        else:
            found[code] = Baseline(rate * cohort, "per head", amounts[code])
    return found


def odd_amounts(
    cohorts: Mapping[str, float], found: Mapping[str, Baseline], names: Mapping[str, str], years: Sequence[str]
) -> list[str]:
    """Give sentences on spending that looks like another unit than pounds: all of it, else an authority's or a year's.

    cohorts, found, names: by code. years: those of the amounts.
    """
    means = {code: one.grant for code, one in found.items() if one.how != "per head"}
    if not means:
        return []
    heads = {code: mean / cohorts[code] for code, mean in means.items()}
    middle = median(heads.values())
    if not LEAST <= middle <= MOST:
        mean = sum(means.values()) / sum(cohorts[code] for code in means)
        return [_whole_file(mean, list(heads.values()), list(means.values()))]
    said = []
    for code, head in heads.items():
        if head * FAR_FROM_THE_OTHERS < middle or head > middle * FAR_FROM_THE_OTHERS:
            amount = _for_each(head)
            said.append(f"{names[code]}: its spending is {amount}, that of the others {_for_each(middle)}; {LOOK}.")
            continue
        amounts = [amount for amount in found[code].reported if amount]
        usual = median(amounts)
        said += [
            f"{names[code]}: {pounds(amount)} in {year} beside {pounds(usual)} in its other years; {LOOK}."
            for year, amount in zip(years, found[code].reported, strict=True)
            if amount and not usual / FAR_FROM_THE_OTHERS < amount < usual * FAR_FROM_THE_OTHERS
        ]
    return said


def _whole_file(mean: float, heads: Sequence[float], means: Sequence[float]) -> str:
    """Give what the unit of a whole file may be: that which comes closest to what is usual for a young person.

    mean: what is spent for a young person in all, taken as pounds. heads, means: of each authority, for a young person
    and in all.
    """
    middle = median(heads)
    factors = {"thousands of pounds": 1_000.0, "millions of pounds": 1e6, "pence": 0.01}
    per_head = "amounts for each young person"
    meant = {**{words: middle * factor for words, factor in factors.items()}, per_head: median(means)}
    words = min(meant, key=lambda unit: _far(meant[unit]))
    scaled = min(factors, key=lambda unit: _far(meant[unit]))
    if all(LEAST <= meant[unit] <= MOST for unit in (scaled, per_head)):
        # Both can be meant. Amounts for each young person do not grow with the young people, all others do.
        words = per_head if _spread(means) < _spread(heads) else scaled
    factor = factors.get(words)
    fix = f"multiply by {number(factor)}" if factor and factor > 1 else "divide by 100"
    fix = fix if factor else "multiply each by the authority's young people"
    return (
        f"The spending comes to {_for_each(mean)} a year, where {_for_each(USUAL)} is usual: it looks like {words}. "
        f"Taken as pounds; to mend it, {fix} and import again."
    )


def _far(for_each: float) -> float:
    """Give how far spending for a young person is from what is usual."""
    return abs(math.log(for_each / USUAL))


def _spread(amounts: Sequence[float]) -> float:
    """Give how far amounts lie apart: the standard deviation of their logarithms."""
    return pstdev([math.log(amount) for amount in amounts])


def _for_each(amount: float) -> str:
    said = f"£{amount:,.0f}" if amount >= 1 else f"{amount * 100:.2g}p"
    return f"{said} a young person"


def clashing(spent: Mapping[str, Spent], numbers: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """Give sentences on authorities that stand in the spending with a code of theirs and the number of another.

    numbers, names: of each authority by its code.
    """
    owner = {of: code for code, of in numbers.items() if of}
    said = []
    for code, one in spent.items():
        other = owner.get(one.number, code)
        if one.code == code and one.number != numbers[code] and other != code:
            said.append(
                f"{names[code]}: stands in the spending with the number {one.number} of {names[other]}; "
                f"its code is what was gone by."
            )
    return said
