"""Young people fewer NEET at the end of each year, from the tables and a plan's places alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats


class Reductions(NamedTuple):
    """Young people fewer NEET at the end of each year, [p, T + tail_years] each.

    counted: of those still of the ages counted. lasting: of all helped. largest: the largest single term of counted.
    """

    counted: Floats
    lasting: Floats
    largest: Floats


def reductions(d: DataSet, settings: Settings, f: Figures, tail_years: int) -> Reductions:
    """Give what all places so far come to at the end of each year.

    lasting[p,t] = sum over s <= t of gain · persistence^(t-s-lag) · places[p,s]; counted with (persistence · stays);
    gain = times · effect · (1 − displacement) · multiplier · relative_effect, times from effects.times.
    """
    times = np.array([settings.effects.times.get(name, 1.0) for name in d.interventions])
    effect = np.where(np.isnan(d.effect), 0.0, times[:, None] * d.effect)
    relative = np.where(effect[:, :, None] < 0, 1.0, d.relative_effect[:, None, :])  # docs/model.md: a negative effect
    effect = effect * (1.0 - d.displacement)[:, None]
    at_once = f.places * (effect[:, :, None] * relative) * d.effect_multiplier[:, None, None, None, None]
    gain = at_once.sum(axis=4)  # [p, s, i, g]
    single = np.abs(at_once).max(axis=4, initial=0.0)
    last = len(d.years) + tail_years
    counted, lasting, largest = (np.zeros((len(d.partnerships), last)) for _ in range(3))
    still = d.persistence[:, None] * d.stays  # [i, g] a year on
    for t in range(last):
        for s in range(min(t + 1, len(d.years))):
            age = t - s - d.lag
            stands = np.where(age >= 0, d.persistence ** np.maximum(age, 0), 0.0)
            count = np.where((age >= 0)[:, None], still ** np.maximum(age, 0)[:, None], 0.0)
            lasting[:, t] += gain[:, s].sum(axis=2) @ stands
            counted[:, t] += (gain[:, s] * count).sum(axis=(1, 2))
            largest[:, t] = np.maximum(largest[:, t], (single[:, s] * count).max(axis=(1, 2), initial=0.0))
    return Reductions(counted, lasting, largest)
