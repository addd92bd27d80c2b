"""A plan for the tiny data set that can be worked out on paper; every expectation in these tests comes from it.

                        places                       advisers        spend
                        coaching    group_work    support  adviser   fixed + places + salaries
    north  2004-05      40 (neet)   100 (at_risk)    0.9      1.8    10,000 + 5,000 + 72,000 = 87,000
           2005-06      20            0              0.81     1.62   10,000 + 2,000 + 64,800 = 76,800
    south  2004-05      20           50              0.9      0.9    10,000 + 2,500 + 45,000 = 57,500
           2005-06      10            0              0.81     0.81   10,000 + 1,000 + 40,500 = 51,500

North is granted 90,000, carries 1,000 on and gives 2,000 back; then 75,800. South is granted what it spends.
Reduction at each year's end: north 4 + 1 = 5, then 2.5 + 2 = 4.5; south 2 + 0.5 = 2.5, then 1.25 + 1 = 2.25.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.solving.solution import Figures

if TYPE_CHECKING:
    from allocator.tables.dataset import DataSet

NORTH, SOUTH = 0, 1
COACHING, GROUP_WORK = 0, 1
AT_RISK, NEET = 0, 1
SUPPORT, ADVISER = 0, 1


def figures(data: DataSet) -> Figures:
    places = np.zeros((2, 2, 2, 2, 1))
    places[NORTH, :, COACHING, NEET, 0] = 40, 20
    places[NORTH, :, GROUP_WORK, AT_RISK, 0] = 100, 0
    places[SOUTH, :, COACHING, NEET, 0] = 20, 10
    places[SOUTH, :, GROUP_WORK, AT_RISK, 0] = 50, 0
    none = np.zeros((2, 2, 2))
    return Figures(
        places=places,
        fte=np.array([[[0.9, 1.8], [0.81, 1.62]], [[0.9, 0.9], [0.81, 0.81]]]),
        recruits=none,
        redundancies=none,
        training=none,
        grant=np.array([[90_000.0, 75_800.0], [57_500.0, 51_500.0]]),
        carry=np.array([[1_000.0, 0.0], [0.0, 0.0]]),
        lapse=np.array([[2_000.0, 0.0], [0.0, 0.0]]),
    )


def changed(plan: Figures, **cells: tuple[tuple[int, ...], Any]) -> Figures:
    """The plan with one cell of some of its arrays set to another value."""
    arrays = {}
    for name, (where, value) in cells.items():
        array = getattr(plan, name).copy()
        array[where] = value
        arrays[name] = array
    return replace(plan, **arrays)
