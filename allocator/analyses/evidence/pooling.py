"""What several studies of one effect say together: a random-effects mean with its interval, by statsmodels.

Sources: DerSimonian and Laird 1986; Paule and Mandel 1982; Hartung and Knapp 2001 for the interval of the mean;
Higgins, Thompson and Spiegelhalter 2009 for the interval of what one more setting would see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from allocator.errors import UsageError
from allocator.results import Result, doc, documented
from allocator.tables.build import build_rows
from allocator.tables.dataset import DataSet, Floats

Method = Literal["DerSimonian–Laird", "Paule–Mandel"]
_STATSMODELS: Mapping[Method, str] = {"DerSimonian–Laird": "chi2", "Paule–Mandel": "iterated"}
LEVEL = 0.95  # of every interval
NORMAL = NormalDist().inv_cdf((1 + LEVEL) / 2)  # standard errors from the middle of a normal curve to its ends
EXTRA = "pip install 'neet-allocator[evidence]'"


class Study(Result):
    """One study of an effect."""

    study: str = doc("its name")
    effect: float = doc("what it found", "share of 1")
    standard_error: float = doc("of that: as published, or from its interval; before its relevance", "share of 1")
    relevance: float = doc("what part of its weight counts here", "share of 1")
    source: str = doc("where it is published")

    @property
    def widened(self) -> float:
        """The standard error with which it enters the pool: at half the relevance, twice the variance."""
        return float(self.standard_error / np.sqrt(self.relevance))

    @property
    def interval(self) -> tuple[float, float]:
        """Its own 95 per cent interval, before its relevance."""
        return self.effect - NORMAL * self.standard_error, self.effect + NORMAL * self.standard_error


class Pool(Result):
    """What the studies of one effect say together, beside what the table effects says."""

    intervention: str = doc("its key")
    name: str = doc("its name")
    client_group: str = doc("the client group")
    studies: tuple[Study, ...] = doc("a study")
    method: str = doc("Paule–Mandel or DerSimonian–Laird, or a single study")
    effect: float = doc("the pooled effect", "share of 1")
    standard_error: float = doc("of the pooled effect", "share of 1")
    low: float = doc("lower end of its 95 per cent interval", "share of 1")
    high: float = doc("upper end", "share of 1")
    next_low: float | None = doc(
        "lower end of where one more setting's effect lies, 95 times of 100; null under three studies", "share of 1"
    )
    next_high: float | None = doc("upper end", "share of 1")
    spread: float = doc("standard deviation of the true effects between studies", "share of 1")
    alike: float = doc("of the variation between studies that is chance", "share of 1")
    assumed: float = doc("the effect in the tables, which is planned with", "share of 1")
    assumed_error: float = doc("its standard error there", "share of 1")

    @property
    @documented("the pooled effect and that of the tables together, each weighted by how sure it is", "share of 1")
    def shrunken(self) -> float:
        """The two weighted by their inverse variances."""
        own, pooled = self.assumed_error**2, self.standard_error**2
        return (self.assumed * pooled + self.effect * own) / (own + pooled) if own + pooled > 0 else self.effect

    @property
    @documented("standard error of the two together", "share of 1")
    def shrunken_error(self) -> float:
        """The root of one over the sum of their inverse variances."""
        own, pooled = self.assumed_error**2, self.standard_error**2
        return float(np.sqrt(own * pooled / (own + pooled))) if own + pooled > 0 else 0.0


def can_pool() -> bool:
    """Say whether what pools studies is installed."""
    return find_spec("statsmodels") is not None


def studies_of(d: DataSet) -> dict[tuple[str, str], tuple[Study, ...]]:
    """Give the studies of the data set by intervention and client group, in order; those of no relevance are left out.

    A standard error that is not given follows from the interval, taken as 95 per cent of a normal curve.
    """
    found: dict[tuple[str, str], list[Study]] = {}
    for row in d.tables.get("studies", ()):
        relevance = 1.0 if row.get("relevance") is None else float(row["relevance"])
        if relevance <= 0:
            continue
        error = row.get("standard_error")
        if error is None:
            error = (row["ci_high"] - row["ci_low"]) / (2 * NORMAL)
        study = Study(row["study"], float(row["effect"]), float(error), relevance, row.get("source") or "")
        found.setdefault((row["intervention"], row["client_group"]), []).append(study)
    return {pair: tuple(found[pair]) for pair in sorted(found)}


def pool(
    studies: Sequence[Study], of: tuple[str, str, str], assumed: tuple[float, float], method: Method = "Paule–Mandel"
) -> Pool:
    """Pool the studies of one effect. of: intervention, its name, client group. assumed: effect and error in `effects`.

    One study is its own pool. Hartung–Knapp's error is never taken below the plain one: with two or three studies that
    agree by chance it would claim next to certainty.
    """
    effects, errors = np.array([s.effect for s in studies]), np.array([s.widened for s in studies])
    if len(studies) == 1 or not errors.all():
        # nothing to weigh: one study, or one that claims to be exact, stands for itself
        sure = int(np.argmin(errors))
        mean, error, low, high, spread, alike = _alone(effects[sure], errors[sure])
        ahead: tuple[float | None, float | None] = (None, None)
        said = "a single study"
    else:
        mean, error, low, high, spread, alike, ahead = _random_effects(effects, errors, method)
        said = method
    return Pool(*of, tuple(studies), said, mean, error, low, high, *ahead, spread, alike, *assumed)


def with_pooled_effects(d: DataSet, method: Method = "Paule–Mandel") -> DataSet:
    """Give the data set with the pooled effect and its error in place of those of the table, where there are studies.

    Interventions without studies keep theirs. The source of each that is pooled says what it is pooled from, and what
    the table had, so that the tables of a run say it, too. Raises UsageError where several studies are to be pooled
    and statsmodels is not installed.
    """
    studied = studies_of(d)
    if any(len(studies) > 1 for studies in studied.values()) and not can_pool():
        raise UsageError("risk.evidence", "found statsmodels not installed", "the extra `evidence`", EXTRA)
    pools = {(pool.intervention, pool.client_group): pool for pool in pools_of(d, method)}
    rows = []
    for row in d.tables["effects"]:
        pool = pools.get((row["intervention"], row["client_group"]))
        rows.append(dict(row) if pool is None or _is_pooled(row) else {**row, **_in_place(pool)})
    return build_rows({**d.tables, "effects": tuple(rows)}, d.source)


POOLED = "pooled from "


def _is_pooled(row: Mapping[str, Any]) -> bool:
    return str(row["source"] or "").startswith(POOLED)


def _in_place(pool: Pool) -> dict[str, Any]:
    names = ", ".join(study.study for study in pool.studies)
    was = f"the table had {pool.assumed:g}, standard error {pool.assumed_error:g}"
    return {
        "effect": min(max(pool.effect, -1.0), 1.0),
        "standard_error": pool.standard_error,
        "source": f"{POOLED}{names} ({pool.method}); {was}",
    }


def pooled_pairs(d: DataSet) -> tuple[tuple[int, int], ...]:
    """Give the pairs of DataSet.offers whose effects are pooled."""
    return tuple(
        (d.interventions.index(row["intervention"]), d.client_groups.index(row["client_group"]))
        for row in d.tables.get("effects", ())
        if _is_pooled(row)
    )


def _alone(effect: float, error: float) -> tuple[float, float, float, float, float, float]:
    wide = NORMAL * float(error)
    return float(effect), float(error), float(effect - wide), float(effect + wide), 0.0, 1.0


def _random_effects(
    effects: Floats, errors: Floats, method: Method
) -> tuple[float, float, float, float, float, float, tuple[float | None, float | None]]:
    from scipy.stats import t as student
    from statsmodels.stats.meta_analysis import combine_effects

    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # studies that agree wholly: I² is then nought, by way of 1 / 0
        found = combine_effects(effects, errors**2, method_re=_STATSMODELS[method], use_t=True)
    tau2 = float(found.tau2)
    if tau2 > 0:
        mean, plain, knapp = (float(x) for x in (found.mean_effect_re, found.sd_eff_w_re, found.sd_eff_w_re_hksj))
    else:  # less spread than chance would bring: no spread of their own, which statsmodels leaves below nought
        tau2 = 0.0
        mean, plain, knapp = (float(x) for x in (found.mean_effect_fe, found.sd_eff_w_fe, found.sd_eff_w_fe_hksj))
    error = max(plain, knapp)
    wide = float(student.ppf((1 + LEVEL) / 2, len(effects) - 1) * error)
    ahead: tuple[float | None, float | None] = (None, None)
    if len(effects) > 2:
        further = float(student.ppf((1 + LEVEL) / 2, len(effects) - 2) * np.sqrt(tau2 + plain**2))
        ahead = (mean - further, mean + further)
    return mean, error, mean - wide, mean + wide, float(np.sqrt(tau2)), 1.0 - max(float(found.i2), 0.0), ahead


def pools_of(d: DataSet, method: Method = "Paule–Mandel") -> tuple[Pool, ...]:
    """Give the pool of every intervention and client group that the data set has studies for and offers."""
    found = []
    for (intervention, group), studies in studies_of(d).items():
        i, g = d.interventions.index(intervention), d.client_groups.index(group)
        if np.isnan(d.effect[i, g]):
            continue
        of = intervention, d.intervention_names[i], group
        found.append(pool(studies, of, (float(d.effect[i, g]), float(d.standard_error[i, g])), method))
    return tuple(found)
