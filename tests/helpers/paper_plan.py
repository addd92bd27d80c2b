"""A plan on the tiny data set whose every figure was chosen by hand, so that what is said of it can be worked out.

north is granted £126,000 and £124,000 (in force £120,000 a year), south £74,000 and £76,000 (in force £80,000).
north serves 50 young people with coaching in each year: 5 fewer NEET, then 5 + half of 5. South serves nobody.
One in ten advisers leaves each year; in 2005-06 north takes on half an adviser and south makes 0.1 support redundant.
"""

import numpy as np

from allocator.solving.solution import Figures, Solution, StageRecord
from tests.helpers.builders import make_plan, tiny_data, tiny_scenario, tiny_tables

SETTINGS = """
[goal]
tail_years = 1
discount_rate = 0.0
[budget]
carry_forward_limit = 0.05
[grants]
floor = 0.925
max_rise = 0.05
max_fall = 0.10
[workforce]
qualified_grade = "adviser"
[workforce.qualified_share]
"2005-06" = 0.5
[local]
min_reduction = 0.05
[rules]
soft = ["target", "local_minimum"]
"""
TARGETS = [{"scope": "national", "name": None, "year": "2005-06", "max_neet": None, "reduction_share": 0.04}]
SOURCES = [
    {"table": table, "column": column, "part": part, "status": status, "source": "a test", "note": "", "quality": "low"}
    for table, column, part, status in (
        ("effects", "effect", "", "assumed"),
        ("years", "budget", "2004-05", "derived"),
        ("years", "budget", "2005-06", "assumed"),
        ("grades", "salary", "", "derived"),
        ("partnerships", "name", "", "published"),
    )
]


def paper_plan(folder, settings=SETTINGS, **tables):
    """The plan, not certified, since no solver found it. tables: changes to the tiny tables; None leaves one out."""
    extra = {"targets": TARGETS, "sources": SOURCES, **tables}
    data = tiny_data(folder, tiny_tables(**{name: rows for name, rows in extra.items() if rows is not None}))
    coaching, neet = data.interventions.index("coaching"), data.client_groups.index("neet")
    places = np.zeros((2, 2, 2, 2, 1))
    places[0, :, coaching, neet, 0] = 50
    fte = np.array([[[0.9, 1.8], [0.81, 2.12]], [[0.9, 0.9], [0.71, 0.81]]])
    recruits, redundancies = np.zeros_like(fte), np.zeros_like(fte)
    recruits[0, 1, 1] = 0.5
    redundancies[1, 1, 0] = 0.1
    # spent: north 10,000 + 50 x 100 + 0.9 x 20,000 + 1.8 x 30,000 = 87,000, then 95,300 with half a recruit at 500
    # south 10,000 + 45,000 = 55,000, then 10,000 + 14,200 + 24,300 + 0.1 x 2,000 = 48,700
    figures = Figures(
        places=places,
        fte=fte,
        recruits=recruits,
        redundancies=redundancies,
        training=np.zeros_like(fte),
        grant=np.array([[126_000.0, 124_000.0], [74_000.0, 76_000.0]]),
        carry=np.array([[6_000.0, 0.0], [0.0, 0.0]]),
        lapse=np.array([[33_000.0, 34_700.0], [19_000.0, 27_300.0]]),
    )
    records = (StageRecord("", "goal", "optimal", 0.0, 0.1, 1),)
    solution = Solution(figures, (), (), records, "by hand", 0.1, "it was made by hand")
    return make_plan(tiny_scenario(folder, settings, title="A plan on paper"), data, solution)
