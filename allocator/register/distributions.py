"""Every distribution: who decides how the money of a year is shared out, and what it takes to say so.

The function that sets the grants stands in scenario/distributions.py, with the distribution's sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.register.records import kept, value_of

if TYPE_CHECKING:
    from allocator.register.records import Settings


@dataclass(frozen=True)
class Need:
    """A setting without which a distribution sets no grants.

    setting: its dotted name. wanted: what to give it, after "found no …". said: that it is missing, as `approaches`
    says it. there: whether the settings have it.
    """

    setting: str
    wanted: str
    said: str
    there: Callable[[Settings], bool]


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """A way to share out the money of each year.

    free: whether the grants are the programme's to choose. of_formula: whether the needs formula has a part in it.
    of_money: whether the grants it sets are shares of the year's money. from_file: whether they are read from a file.
    shares_people: whether they are shares of the young people of each year. as_before: whether the shares of each
    year's money stay as they are.
    """

    name: str
    free: bool = False
    of_formula: bool = False
    of_money: bool = True
    from_file: bool = False
    as_before: bool = False
    shares_people: bool = False
    needs: tuple[Need, ...] = ()

    @property
    def moves_with_money(self) -> bool:
        """Whether other money moves a limit on free grants, so that a programme has to be stated anew for it."""
        return self.free and self.of_formula

    def missing(self, settings: Settings) -> tuple[Need, ...]:
        """Give what it needs and the settings do not have."""
        return tuple(need for need in self.needs if not need.there(settings))


DISTRIBUTIONS: dict[str, Distribution] = {}


def add(distribution: Distribution) -> Distribution:
    """Add a record. Raises ValueError for a name that is taken."""
    return kept(DISTRIBUTIONS, distribution)


def _weighted(settings: Settings) -> bool:
    formula = settings.grants.formula
    return bool(formula.young_people + formula.neet + formula.baseline)


WEIGHTS = Need(
    "grants.formula", "a positive young_people, neet or baseline", "needs a weight above 0 in grants.formula", _weighted
)
FORMULA_SHARE = Need(
    "grants.formula_share",
    "a share of the formula's",
    "needs grants.formula_share",
    lambda settings: value_of(settings, "grants.formula_share") is not None,
)
FILE = Need(
    "grants.file",
    "the file of the grants",
    "needs grants.file",
    lambda settings: value_of(settings, "grants.file") is not None,
)

OPTIMISED = add(Distribution(name="optimised", free=True))
BLEND = add(Distribution(name="blend", free=True, of_formula=True, needs=(FORMULA_SHARE, WEIGHTS)))
HISTORICAL = add(Distribution(name="historical", as_before=True))
FORMULA = add(Distribution(name="formula", of_formula=True, needs=(WEIGHTS,)))
EQUAL = add(Distribution(name="equal", shares_people=True))
GIVEN = add(Distribution(name="given", of_money=False, from_file=True, needs=(FILE,)))


def of(settings: Settings) -> Distribution:
    """Give the distribution of a scenario."""
    return DISTRIBUTIONS[settings.grants.distribution]
