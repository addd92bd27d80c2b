"""A plan: what the solver found, every figure of it worked out again, and its certificate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.recompute.certificate import StageCertificate, certify
from allocator.recompute.figures import TOLERANCE, Recomputed, money_available, recompute
from allocator.recompute.rules import qualified_share
from allocator.register import goals
from allocator.results import WIDTH, few_lines
from allocator.runs.findings import (
    GoalOfPlan,
    PartnershipOfPlan,
    PartnershipYear,
    PlannedScenario,
    PlanSummary,
    Reasons,
    StageOfPlan,
    YearOfPlan,
)
from allocator.runs.frames import Table, tables_of
from allocator.scenario.distributions import formula_of_blend, set_grants
from allocator.scenario.load import Scenario
from allocator.scenario.settings import Settings
from allocator.solving.solution import ENDED_WELL, Figures, Solution
from allocator.tables.dataset import DataSet, Floats
from allocator.units import number

if TYPE_CHECKING:
    import pandas as pd


AS_BEFORE, REASONS = "shares as before", "what more would be worth"


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """A plan for the whole horizon: grants, advisers and places of every partnership and year.

    as_before: what the same scenario yields with shares as before (historical); None where that has no plan.
    given: [p, t] £, the grants that were brought, where the distribution is given.
    reasons: what more would be worth and why money is unspent; None where it was not asked again.
    unanswered: what was asked beside the plan and not found in time, AS_BEFORE or REASONS; that field is None then.
    The frames are tidy pandas DataFrames, one fact a row; plan/columns.csv of a run says each column's unit.
    """

    scenario: Scenario
    data: DataSet
    solution: Solution
    recomputed: Recomputed
    certificates: tuple[StageCertificate, ...]
    as_before: Recomputed | None = None
    given: Floats | None = None
    reasons: Reasons | None = None
    unanswered: tuple[str, ...] = ()

    @property
    def figures(self) -> Figures:
        """Every decision, in pounds, people and FTE."""
        return self.solution.figures

    @property
    def _outcomes(self) -> list[str]:
        return [stage.outcome for stage in self.solution.stages]

    @property
    def certified(self) -> bool:
        """Whether every stage ended well and is certified, and the plan, worked out again, keeps every hard rule."""
        return bool(proven(self.certificates, self.recomputed, self._outcomes)["certified"])

    @property
    def gap(self) -> float | None:
        """How much better a plan could be at most, relative to the larger of 1 and the goal; None if unknown."""
        gap: float | None = proven(self.certificates, self.recomputed, self._outcomes)["gap"]
        return gap

    @property
    def violation(self) -> float | None:
        """The largest violation of any rule or limit, in exact arithmetic or worked out again, relative."""
        violation: float | None = proven(self.certificates, self.recomputed, self._outcomes)["violation"]
        return violation

    @property
    def why_uncertified(self) -> str:
        """Why it is not certified, in a clause; blank where it is."""
        if self.certified:
            return ""
        reasons = [f"{c.stage} {c.year}".strip() + f": {c.why}" for c in self.certificates if not c.certified]
        reasons += [
            f"stage {s.stage} {s.year}".strip() + f" ended {s.outcome}, and the plan of the stage before stands"
            for s in self.solution.stages
            if s.outcome not in ENDED_WELL
        ]
        worked = self.recomputed
        if not worked.kept:
            relative = worked.violation > TOLERANCE
            by = f"{worked.violation:.1e}" if relative else f"£{number(worked.pounds_out, 2)}"
            solver = self.scenario.settings.solver.name
            numbers = "" if solver == "HiGHS" else f" from the numbers that {solver} gave"
            reasons.append(f"worked out again{numbers}, a rule is broken by {by}")
        return "; ".join([self.solution.why_uncertified, *reasons] if self.solution.why_uncertified else reasons)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The frames as plain columns: grants, advisers, places, reductions, money, rules."""
        return tables_of(self.data, self.figures, self.recomputed, self.solution.prices)

    @cached_property
    def grants(self) -> pd.DataFrame:
        """Grants by partnership and year, £ cash, beside last year and shares as before."""
        return self._frame("grants")

    @cached_property
    def advisers(self) -> pd.DataFrame:
        """Advisers by partnership, year and grade, FTE."""
        return self._frame("advisers")

    @cached_property
    def places(self) -> pd.DataFrame:
        """Young people served by partnership, year, intervention, client group and band; only what is above 0."""
        return self._frame("places")

    @cached_property
    def reductions(self) -> pd.DataFrame:
        """Young people fewer NEET at the end of each year, by partnership."""
        return self._frame("reductions")

    @cached_property
    def money(self) -> pd.DataFrame:
        """What comes in and where it goes, by partnership and year, £ cash."""
        return self._frame("money")

    @cached_property
    def rules(self) -> pd.DataFrame:
        """Every row of every rule that acts: both sides, the room left, and its price."""
        return self._frame("rules")

    def _frame(self, name: str) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self.tables[name])

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """All frames by name: grants, advisers, places, reductions, money, rules."""
        return {name: getattr(self, name) for name in self.tables}

    @property
    def frame(self) -> pd.DataFrame:
        """The frame that most ask for first: the grants."""
        return self.grants

    def to_dict(self) -> dict[str, Any]:
        """Give the plan under the documented keys of `solve --json`, but for the run folder."""
        reasons = None if self.reasons is None else self.reasons.to_dict()
        return {**self.summary().to_dict(), "worth": reasons}

    def __repr__(self) -> str:
        """Say in a few lines what it is, what it reaches and how certain that is."""
        worked, d = self.recomputed, self.data
        said = "certified" if self.certified else f"not certified: {self.why_uncertified}"
        years = f"{len(d.partnerships)} partnerships, {d.years[0]} to {d.years[-1]}"
        lines = [
            f"Plan of {self.scenario.name}: {self.scenario.settings.title}",
            f"  {years}; {number(float(worked.goal), 2)} {worked.unit}; {said}",
        ]
        if self.scenario.overrides:
            lines.append(f"  changed: {', '.join(self.scenario.overrides)}")
        lines.append(f"  frames: {', '.join(self.tables)}")
        return "\n".join(line if len(line) <= WIDTH else few_lines(line) for line in lines)

    def summary(self) -> PlanSummary:
        """Give its figures by year and partnership, unrounded."""
        return summary_of(
            self.scenario.name,
            self.scenario.sha256,
            self.scenario.settings,
            self.data,
            self.figures,
            self.recomputed,
            self.certificates,
            [StageOfPlan(s.stage, s.year, s.outcome, s.value) for s in self.solution.stages],
        )

    def _repr_html_(self) -> str:
        """Give what a notebook shows: title, certificate, goal, and one row a year."""
        summary = self.summary()
        shown = ("year", "money", "granted", "spent", "neet_without", "reduction", "advisers")
        head = "".join(f"<th scope='col'>{name.replace('_', ' ')}</th>" for name in shown)
        rows = "".join(
            f"<tr><th scope='row'>{escape(year.year)}</th>"
            + "".join(f"<td>{getattr(year, name):,.0f}</td>" for name in shown[1:])
            + "</tr>"
            for year in summary.years
        )
        said = "certified" if self.certified else f"not certified: {self.why_uncertified}"
        goal = f"{summary.goal.value:,.6g} {summary.goal.unit}"
        return (
            f"<p><b>{escape(self.scenario.settings.title)}</b><br>{escape(said)} · {escape(goal)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def certified_stages(solution: Solution) -> tuple[StageCertificate, ...]:
    """Give the certificate of every stage that has a proof."""
    return tuple(certify(proof) for proof in solution.proofs)


def judge(data: DataSet, settings: Settings, figures: Figures, given: Floats | None = None) -> Recomputed:
    """Recompute a plan, with the grants that its distribution sets. Raises NoPlan where a formula can set none."""
    grants, formula = _distributed(data, settings, figures, given)
    return recompute(data, settings, figures, set_grants=grants, formula=formula)


def _distributed(
    data: DataSet, settings: Settings, figures: Figures, given: Floats | None
) -> tuple[Floats | None, Floats | None]:
    """Give the grants that the distribution sets and, for blend, the formula's: [p, t] £; None where it sets none.

    Planned year on year, each year's minimum rests on the grants that were really paid the year before.
    """
    years, money = range(len(data.years)), money_available(data, settings)
    paid = np.concatenate([data.baseline_grant[:, None], figures.grant], axis=1)
    spans = [[t] for t in years] if settings.certainty.kind == "year_on_year" else [list(years)]
    grants = [set_grants(data, settings, money[span], paid[:, span[0]], span, given) for span in spans]
    formula = [formula_of_blend(data, settings, money[span], paid[:, span[0]], span) for span in spans]
    set_ones, floors = ([part for part in parts if part is not None] for parts in (grants, formula))
    return (
        np.concatenate(set_ones, axis=1) if set_ones else None,
        np.concatenate(floors, axis=1) if floors else None,
    )


def proven(certificates: Sequence[StageCertificate], worked: Recomputed, outcomes: Sequence[str]) -> dict[str, Any]:
    """Say whether a plan is certified, its gap and its largest violation; None for what no number says.

    outcomes: how each of its stages ended.
    """
    gap = max((c.gap for c in certificates), default=math.inf)
    violation = max([worked.violation, *(c.violation for c in certificates)])
    return {
        "certified": bool(certificates)
        and all(c.certified for c in certificates)
        and all(outcome in ENDED_WELL for outcome in outcomes)
        and worked.kept,
        "gap": gap if math.isfinite(gap) else None,
        "violation": violation if math.isfinite(violation) else None,
    }


def summary_of(
    name: str,
    sha256: str,
    settings: Settings,
    data: DataSet,
    figures: Figures,
    worked: Recomputed,
    certificates: Sequence[StageCertificate],
    stages: Sequence[StageOfPlan],
) -> PlanSummary:
    """Give the summary of a plan. name, sha256: of the scenario. stages: how each went."""
    by_partnership = {
        "grant": figures.grant,
        "spent": worked.spend,
        "carried": figures.carry,
        "lapsed": figures.lapse,
        "advisers": figures.fte.sum(axis=2),
        "neet_without": data.neet.sum(axis=2),
        "reduction": worked.reduction[:, : len(data.years)],
    }
    plain = {key: (numbers + 0.0).tolist() for key, numbers in by_partnership.items()}
    return PlanSummary(
        status="optimal",
        **proven(certificates, worked, [stage.outcome for stage in stages]),
        scenario=PlannedScenario(name, settings.title, sha256),
        goal=GoalOfPlan(goals.told(settings), worked.goal + 0.0, worked.unit, worked.tail),
        stages=tuple(stages),
        shortfalls=worked.shortfalls,
        years=years_of(data, settings, figures, worked),
        partnerships=tuple(
            PartnershipOfPlan(
                partnership,
                data.partnership_names[p],
                data.regions[p],
                tuple(
                    PartnershipYear(year=year, **{key: numbers[p][t] for key, numbers in plain.items()})
                    for t, year in enumerate(data.years)
                ),
            )
            for p, partnership in enumerate(data.partnerships)
        ),
    )


def years_of(d: DataSet, s: Settings, figures: Figures, worked: Recomputed) -> tuple[YearOfPlan, ...]:
    """Add up each year of a plan, all partnerships together."""
    by_year = {
        "granted": figures.grant.sum(axis=0),
        "spent": worked.spend.sum(axis=0),
        "carried": figures.carry.sum(axis=0),
        "lapsed": figures.lapse.sum(axis=0),
        "neet_without": d.neet.sum(axis=2).sum(axis=0),
        "reduction": worked.reduction[:, : len(d.years)].sum(axis=0),
        "advisers": figures.fte.sum(axis=2).sum(axis=0),
        **{key: getattr(figures, key).sum(axis=(0, 2)) for key in ("recruits", "redundancies", "training")},
    }
    return tuple(
        YearOfPlan(
            year=year,
            money=float(worked.money[t]),
            qualified_share=qualified_share(d, s, figures.fte[:, t]),
            **{key: float(numbers[t]) + 0.0 for key, numbers in by_year.items()},
        )
        for t, year in enumerate(d.years)
    )
