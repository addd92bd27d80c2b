"""Every funding approach on the same data: how grants are shared out, by what is known when the years are planned.

The four cases of certainty: settlement (all budgets known), rolling (the whole horizon planned each year, on money
not promised), year_on_year_lasting (one year planned, counting what lasts), year_on_year (only the funded year counts).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from allocator.analyses.approaches.measures import Measures, Outcome, outcome_of
from allocator.analyses.named import INPUTS, OfScenario
from allocator.errors import UsageError
from allocator.register import DISTRIBUTIONS, distributions, goals
from allocator.register.distributions import HISTORICAL
from allocator.results import Result, doc, documented
from allocator.scenario.load import Scenario
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.names import did_you_mean
from allocator.tables.sources import InputStatus, input_status
from allocator.tolerances import NOTHING
from allocator.what_if.cases import Solved, better, light, solve_case

CertaintyCase = Literal["settlement", "rolling", "year_on_year_lasting", "year_on_year"]
CERTAINTIES: tuple[CertaintyCase, ...] = get_args(CertaintyCase)
YEARLY: tuple[CertaintyCase, ...] = ("year_on_year", "year_on_year_lasting", "rolling")


class ComparedMeasures(Measures):
    """The measures of an approach, and how it stands beside the others."""

    share_of_best: float | None = doc(
        "its goal over the best approach's, or the other way round where little is wanted; null where that has no "
        "meaning",
        "share of 1",
    )
    regret: float | None = doc("how far its goal is from the best approach's", "goal.unit")
    regret_person_years: float | None = doc("the same in young person-years", "young person-years")
    regret_pounds: float | None = doc("the same at goal.benefit_per_neet; null where that is 0", "£")
    leverage: float | None = doc(
        "mean relative change of a partnership's own grant when it alone reports 10 % more NEET; null where "
        "it was not asked for, or where one then has no plan",
        "share of 1",
    )


class Approach(Outcome, kw_only=True):
    """One approach; share_of_best, regret and leverage as ComparedMeasures, None where there is no plan."""

    distribution: str = doc("optimised, blend, historical, formula, equal or given")
    certainty: CertaintyCase = doc("settlement, rolling, year_on_year_lasting or year_on_year")
    share_of_best: float | None = None
    regret: float | None = None
    regret_person_years: float | None = None
    regret_pounds: float | None = None
    leverage: float | None = None

    @property
    @documented("the plan over all its years; null: no plan", name="measures")
    def compared(self) -> ComparedMeasures | None:
        """The measures with how the approach stands beside the others."""
        if self.measures is None:
            return None
        beside = ("share_of_best", "regret", "regret_person_years", "regret_pounds", "leverage")
        return ComparedMeasures(**vars(self.measures), **{name: getattr(self, name) for name in beside})


class YearGain(Result):
    """What one year gains."""

    year: str = doc("the year")
    reduction: float = doc("how many more are not NEET at its end than as before", "young people")


class Gain(Result):
    """What settling the best distribution brings over the approach as before, for one belief of yearly planners.

    Each part is the average over the two orders in which certainty and distribution can be changed; they add up.
    """

    certainty: CertaintyCase
    distribution: str = doc("the best distribution")
    total: float = doc("all that it brings, above 0 for better", "goal.unit")
    relative: float | None = doc("total over the goal as before; null where that is 0", "share of 1")
    by_certainty: float = doc("the part that certainty brings", "goal.unit")
    by_distribution: float = doc("the part that the distribution brings", "goal.unit")
    reductions: tuple[YearGain, ...] = doc("one year")
    shortfall: float = doc("change of the soft rules' shortfall", "shares added up")

    @property
    def certainty_share(self) -> float | None:
        """What certainty brings as a share of the goal as before."""
        return None if self.relative is None or self.total == 0 else self.relative * self.by_certainty / self.total


class Approaches(OfScenario):
    """All approaches asked for, distribution by distribution, and the split of the gain of the best."""

    approaches: tuple[Approach, ...] = doc("one distribution in one case of certainty")
    gains: tuple[Gain, ...]
    inputs: InputStatus = doc(INPUTS)

    @property
    @documented(
        "what settling the best distribution brings over the approach as before, by what yearly planners count",
        entry="<certainty> | | against shares as before planned so; an average over the two orders of change",
    )
    def gain(self) -> dict[str, Gain]:
        """The gains by what yearly planners count."""
        return {gain.certainty: gain for gain in self.gains}

    def of(self, distribution: str, certainty: str) -> Approach | None:
        """Give one approach; None where it was not asked for."""
        found = (a for a in self.approaches if (a.distribution, a.certainty) == (distribution, certainty))
        return next(found, None)

    @property
    def best(self) -> Approach | None:
        """The approach with the smallest shortfall and then the best goal; None where none has a plan."""
        return best_of(self.approaches, minimise=goals.named(self.measure).less_is_better)

    @property
    def closer(self) -> tuple[Approach, ...]:
        """The best, the same distribution planned a year at a time on what lasts, and the approach as before."""
        best = self.best
        distribution = best.distribution if best else ""
        wanted = (best, self.of(distribution, "year_on_year_lasting"), self.of(HISTORICAL.name, "year_on_year"))
        return tuple(dict.fromkeys(approach for approach in wanted if approach is not None and approach.measures))

    @property
    def certainty_range(self) -> tuple[float, float] | None:
        """The least and the most that certainty brings, as shares of the goal as before; None without two beliefs."""
        shares = [gain.certainty_share for gain in self.gains if gain.certainty_share is not None]
        return (min(shares), max(shares)) if len(shares) > 1 else None

    def main_table(self) -> dict[str, list[Any]]:
        """Give one row an approach, as columns; None is a blank. Targets are named scope, name and year."""
        rows = [_row_of(approach) for approach in self.approaches]
        names = dict.fromkeys(name for row in rows for name in row if name != "reason")
        return {name: [row.get(name) for row in rows] for name in (*names, "reason")}


def _row_of(approach: Approach) -> dict[str, Any]:
    row = approach.to_dict()
    measures = row.pop("measures") or {}
    targets = measures.pop("targets", ())
    years = row.pop("years")
    for name in ("reduction", "spent", "granted", "advisers"):
        row |= {f"{name}_{year['year']}": year[name] for year in years}
    row |= {name: value for name, value in measures.items() if name != "shortfall"}
    for target in targets:
        place = "_".join(filter(None, (target["scope"], target["name"], target["year"])))
        row |= {f"chance_{place}": target["chance"]}
    return row


def best_of(approaches: Sequence[Approach], *, minimise: bool) -> Approach | None:
    """Give the best of some approaches; of equals the first."""
    best: Approach | None = None
    for approach in approaches:
        if approach.goal is None or approach.shortfall is None:
            continue
        if best is None or better(
            (approach.shortfall, approach.goal), (best.shortfall or 0.0, best.goal or 0.0), minimise=minimise
        ):
            best = approach
    return best


def with_approach(s: Settings, distribution: str, certainty: CertaintyCase, years: int) -> Settings:
    """Give the settings with another approach, all else as it is, assumed_future too. years: how many.

    Assumed_future stays the scenario's. years: how many.
    """
    known = {
        "kind": "settlement" if certainty == "settlement" else "year_on_year",
        "planning_horizon": years if certainty == "rolling" else 1,
        "sees_tail": certainty in ("rolling", "year_on_year_lasting"),
    }
    return s.changed(certainty=known, grants={"distribution": distribution})


def compare_approaches(
    scenario: Scenario,
    data: DataSet,
    *,
    given: Floats | None = None,
    only: Sequence[str] = (),
    leverage: bool = False,
    jobs: int | None = 1,
    done: Callable[[int, int], None] | None = None,
) -> Approaches:
    """Solve every approach on the same data and measure it on the budgets that really come.

    given: [p, t] £ grants that are brought, for the distribution `given`, which is left out without them.
    only: distributions, cases of certainty, or both; all where none is named. jobs: processes, None for one a core.
    done: called with how many of how many solves have ended. Raises UsageError for an unknown name in only.
    """
    from allocator.what_if.pool import run_cases

    s, d = scenario.settings, light(data)
    wanted = _wanted(only, given is not None)
    possible: dict[tuple[str, str], Settings] = {
        pair: with_approach(s, *pair, len(d.years)) for pair in wanted if not _not_set(s, pair[0])
    }
    settled = list(possible)
    total = len(settled)
    if leverage:
        from allocator.analyses.approaches.leverage import leverages, solves_needed

        total += sum(solves_needed(d, distribution) for distribution, _ in settled)

    def told(ended: int, _of: int) -> None:
        if done is not None:
            done(ended, total)

    solved = run_cases(_measured, (d, given), [possible[pair] for pair in settled], jobs=jobs, done=told)
    found: dict[tuple[str, str], Measured] = dict(zip(settled, solved, strict=True))
    approaches = [_approach(s, pair, found.get(pair)) for pair in wanted]
    if leverage:
        grants = {pair: measured.grant for pair, measured in found.items() if measured.grant is not None}
        rates = leverages(d, possible, grants, given, jobs=jobs, done=lambda ended, of: told(len(settled) + ended, of))
        approaches = [replace(a, leverage=rates.get((a.distribution, a.certainty))) for a in approaches]
    compared = tuple(_compared(s, approaches))
    return Approaches(
        scenario.name,
        s.title,
        goals.told(s),
        _unit(s),
        compared,
        _gains(compared, minimise=goals.of(s).less_is_better),
        input_status(data.tables),
    )


def _unit(s: Settings) -> str:
    return goals.named(goals.told(s)).unit


def _wanted(only: Sequence[str], given: bool) -> list[tuple[str, CertaintyCase]]:  # noqa: FBT001 - a private helper of one call
    known = [*(name for name, one in DISTRIBUTIONS.items() if given or not one.from_file), *CERTAINTIES]
    for name in only:
        if name not in known:
            raise UsageError("only", f"found '{name}'", f"some of {', '.join(known)}", did_you_mean(name, known))
    distributions = [
        name for name in DISTRIBUTIONS if name in known and (name in only or not set(only) & {*DISTRIBUTIONS})
    ]
    certainties = [name for name in CERTAINTIES if name in only or not set(only) & {*CERTAINTIES}]
    return [(distribution, certainty) for distribution in distributions for certainty in certainties]


def _not_set(s: Settings, distribution: str) -> str:
    """Give what a distribution needs and the scenario does not say; blank where nothing is missing."""
    needs = [need for need in DISTRIBUTIONS[distribution].missing(s) if not DISTRIBUTIONS[distribution].from_file]
    return needs[-1].said if needs else ""


@dataclass(frozen=True, eq=False)
class Measured:
    """What comes back of one approach. grant: [p, t] £; None where there is no plan."""

    outcome: Outcome
    grant: Floats | None


def _measured(shared: tuple[DataSet, Floats | None], s: Settings) -> Measured:
    """Solve one approach: the work of one case, wherever it is done."""
    d, given = shared
    found = solve_case(d, s, given if distributions.of(s).from_file else None)
    return Measured(outcome_of(d, s, found), found.figures.grant if isinstance(found, Solved) else None)


def _approach(s: Settings, pair: tuple[str, CertaintyCase], found: Measured | None) -> Approach:
    outcome = Outcome("not_set", _not_set(s, pair[0])) if found is None else found.outcome
    return Approach(**vars(outcome), distribution=pair[0], certainty=pair[1])


def _compared(s: Settings, approaches: Sequence[Approach]) -> list[Approach]:
    """Give the approaches with their distance from the best of them."""
    minimise = goals.of(s).less_is_better
    best = best_of(approaches, minimise=minimise)
    if best is None or best.goal is None or best.measures is None:
        return list(approaches)
    compared = []
    for approach in approaches:
        if approach.goal is None or approach.measures is None:
            compared.append(approach)
            continue
        worse, better_one = (best.goal, approach.goal) if minimise else (approach.goal, best.goal)
        lost = best.measures.person_years - approach.measures.person_years
        compared.append(
            replace(
                approach,
                share_of_best=worse / better_one if better_one > 0 and _as_close(approach, best) else None,
                regret=better_one - worse,
                regret_person_years=lost,
                regret_pounds=lost * s.goal.benefit_per_neet if s.goal.benefit_per_neet > 0 else None,
            )
        )
    return compared


def _as_close(approach: Approach, best: Approach) -> bool:
    """Say whether an approach falls no further short of soft rules than the best, so that their goals can be
    compared.
    """
    return (approach.shortfall or 0.0) <= (best.shortfall or 0.0) + NOTHING


def _gains(approaches: Sequence[Approach], *, minimise: bool) -> tuple[Gain, ...]:
    """Give the split of the gain for each belief of yearly planners of which all four approaches have a plan."""
    best = best_of([a for a in approaches if a.certainty == "settlement"], minimise=minimise)
    if best is None:
        return ()
    found: dict[tuple[str, str], Approach] = {
        (a.distribution, a.certainty): a for a in approaches if a.goal is not None
    }
    gains = []
    for certainty in YEARLY:
        pairs = ((best.distribution, certainty), (HISTORICAL.name, "settlement"), (HISTORICAL.name, certainty))
        if all(pair in found for pair in pairs):
            gains.append(_gain(best, *(found[pair] for pair in pairs), minimise=minimise))
    return tuple(gains)


def _gain(best: Approach, yearly: Approach, settled: Approach, as_before: Approach, *, minimise: bool) -> Gain:
    """Give the split of the gain.

    best: the best distribution settled; yearly: the same planned year on year; settled: as before, but settled.
    """
    sign = -1.0 if minimise else 1.0
    a, b, c, e = (sign * (approach.goal or 0.0) for approach in (best, yearly, settled, as_before))
    return Gain(
        certainty=as_before.certainty,
        distribution=best.distribution,
        total=a - e,
        relative=(a - e) / abs(e) if e else None,
        by_certainty=((a - b) + (c - e)) / 2,
        by_distribution=((a - c) + (b - e)) / 2,
        reductions=tuple(
            YearGain(one.year, one.reduction - other.reduction)
            for one, other in zip(best.years, as_before.years, strict=True)
        ),
        shortfall=(best.shortfall or 0.0) - (as_before.shortfall or 0.0),
    )
