"""What several studies of one effect say together: a random-effects mean with its interval, by statsmodels.

Sources: DerSimonian and Laird 1986; Paule and Mandel 1982; Hartung and Knapp 2001 for the interval of the mean; Higgins,
Thompson and Spiegelhalter 2009 for the interval of what one more setting would see.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

import numpy as np

from allocator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from allocator.tables.dataset import DataSet, Floats

Method = Literal["DerSimonian–Laird", "Paule–Mandel"]
_STATSMODELS: Mapping[Method, str] = {"DerSimonian–Laird": "chi2", "Paule–Mandel": "iterated"}
LEVEL = 0.95  # of every interval


@dataclass(frozen=True)
class Study:
    """One study of an effect, in shares. standard_error: as published or from its interval, before its relevance.

    widened: the same divided by the root of its relevance: a study that is worth half counts as one with twice the
    variance.
    """

    study: str
    effect: float
    standard_error: float
    relevance: float
    source: str

    @property
    def widened(self) -> float:
        """The standard error with which it enters the pool."""
        return float(self.standard_error / np.sqrt(self.relevance))


@dataclass(frozen=True)
class Pool:
    """What the studies of one effect say together, in shares.

    effect, standard_error: the mean and its error, with which it stands in for `effects`. low, high: 95 per cent interval
    of the mean. next_low, next_high: within which the effect of one more setting lies, in 95 of 100; None where there are
    fewer than three studies. spread: standard deviation of the true effects between studies (tau). alike: the share of
    the variation that is chance and not difference between studies (1 − I²).
    assumed: what the `effects` table says, beside it.
    """

    intervention: str
    client_group: str
    studies: tuple[Study, ...]
    method: str
    effect: float
    standard_error: float
    low: float
    high: float
    next_low: float | None
    next_high: float | None
    spread: float
    alike: float
    assumed: float
    assumed_error: float

    @property
    def shrunken(self) -> float:
        """The assumed effect drawn towards the pool, each weighted by how sure it is (inverse variance)."""
        own, pooled = self.assumed_error**2, self.standard_error**2
        return (self.assumed * pooled + self.effect * own) / (own + pooled) if own + pooled > 0 else self.effect

    @property
    def apart(self) -> float:
        """The assumed effect less the pool's, in shares."""
        return self.assumed - self.effect


def require_statsmodels() -> None:
    """Raise UsageError, before any work is done, where what pools studies is not installed."""
    if not find_spec("statsmodels"):
        fix = "pip install 'neet-allocator[evidence]'"
        raise UsageError("studies", "statsmodels is not installed", "the extra `evidence`", fix)


def studies_of(d: DataSet) -> dict[tuple[str, str], tuple[Study, ...]]:
    """The studies of the data set by intervention and client group, in order; those of no relevance are left out.

    A standard error that is not given follows from the interval, taken as 95 per cent of a normal curve.
    """
    found: dict[tuple[str, str], list[Study]] = {}
    for row in d.tables.get("studies", ()):
        relevance = 1.0 if row.get("relevance") is None else float(row["relevance"])
        if relevance <= 0:
            continue
        error = row.get("standard_error")
        if error is None:
            from scipy.stats import norm

            error = (row["ci_high"] - row["ci_low"]) / (2 * norm.ppf((1 + LEVEL) / 2))
        study = Study(row["study"], float(row["effect"]), float(error), relevance, row.get("source") or "")
        found.setdefault((row["intervention"], row["client_group"]), []).append(study)
    return {pair: tuple(found[pair]) for pair in sorted(found)}


def pool(
    studies: Sequence[Study], pair: tuple[str, str], assumed: tuple[float, float], method: Method = "Paule–Mandel"
) -> Pool:
    """Pool the studies of one effect. assumed: effect and standard error of the `effects` table.

    One study is its own pool. Hartung–Knapp's error is never taken below the plain one: with two or three studies that
    agree by chance it would claim next to certainty.
    """
    effects, errors = np.array([s.effect for s in studies]), np.array([s.widened for s in studies])
    if len(studies) == 1 or not errors.all():
        # nothing to weigh: one study, or one that claims to be exact, stands for itself
        sure = int(np.argmin(errors))
        mean, error, low, high, spread, alike = _alone(effects[sure], errors[sure])
        ahead = (None, None)
        name = "a single study"
    else:
        mean, error, low, high, spread, alike, ahead = _random_effects(effects, errors, method)
        name = method
    return Pool(*pair, tuple(studies), name, mean, error, low, high, *ahead, spread, alike, *assumed)


def _alone(effect: float, error: float) -> tuple[float, float, float, float, float, float]:
    from scipy.stats import norm

    wide = float(norm.ppf((1 + LEVEL) / 2) * error)
    return float(effect), float(error), float(effect - wide), float(effect + wide), 0.0, 1.0


def _random_effects(
    effects: Floats, errors: Floats, method: Method
) -> tuple[float, float, float, float, float, float, tuple[float | None, float | None]]:
    from scipy.stats import t as student
    from statsmodels.stats.meta_analysis import combine_effects

    found = combine_effects(effects, errors**2, method_re=_STATSMODELS[method], use_t=True)
    mean, tau2 = float(found.mean_effect_re), max(float(found.tau2), 0.0)
    plain, knapp = float(found.sd_eff_w_re), float(found.sd_eff_w_re_hksj)
    error = max(plain, knapp)
    wide = float(student.ppf((1 + LEVEL) / 2, len(effects) - 1) * error)
    ahead: tuple[float | None, float | None] = (None, None)
    if len(effects) > 2:
        further = float(student.ppf((1 + LEVEL) / 2, len(effects) - 2) * np.sqrt(tau2 + plain**2))
        ahead = (mean - further, mean + further)
    return mean, error, mean - wide, mean + wide, float(np.sqrt(tau2)), 1.0 - max(float(found.i2), 0.0), ahead


def pools_of(d: DataSet, method: Method = "Paule–Mandel") -> tuple[Pool, ...]:
    """The pool of every intervention and client group that the data set has studies for and offers."""
    found = []
    for (intervention, group), studies in studies_of(d).items():
        i, g = d.interventions.index(intervention), d.client_groups.index(group)
        if np.isnan(d.effect[i, g]):
            continue
        found.append(
            pool(studies, (intervention, group), (float(d.effect[i, g]), float(d.standard_error[i, g])), method)
        )
    return tuple(found)
