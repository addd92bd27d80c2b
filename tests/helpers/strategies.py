"""Small random data sets and settings, as tables that go through the door like anybody's.

One to three partnerships, one to three years, one to three interventions and groups, one to three grades. Numbers
are round, so that a case that fails can be read, and include what is awkward: nothing in post, nobody to serve,
effects of nought and below, lags beyond the horizon, money that does not reach, bands that are equally good.
"""

from hypothesis import strategies as st

from allocator.scenario.settings import Settings

YEARS = ("2004-05", "2005-06", "2006-07")
GROUPS = ("neet", "at_risk")
PARTNERSHIPS = ("north", "south", "west")
GRADES = ("support", "adviser", "senior")


def of(*values):
    return st.sampled_from(values)


@st.composite
def tables(draw):
    """The tables of a data set, as rows."""
    partnerships = PARTNERSHIPS[: draw(st.integers(1, 3))]
    years = YEARS[: draw(st.integers(1, 3))]
    groups = GROUPS[: draw(st.integers(1, 2))]
    grades = GRADES[: draw(st.integers(1, 3))]
    interventions = tuple(f"act{n}" for n in range(draw(st.integers(1, 3))))
    baseline = {p: draw(of(40_000, 60_000, 100_000)) for p in partnerships}
    made = {
        "partnerships": [
            {
                "partnership": p,
                "name": p.title(),
                "region": draw(of("Upland", "Lowland")),
                "baseline_grant": baseline[p],
                "fixed_cost": draw(of(0, 5_000, 10_000)),
                "area_cost_factor": draw(of(1, 1.2)),
                "effect_multiplier": draw(of(0.5, 1, 2)),
                "map_column": None,
                "map_row": None,
            }
            for p in partnerships
        ],
        "young_people": [
            {
                "partnership": p,
                "client_group": g,
                "year": y,
                "young_people": (
                    people := draw(of(50, 300) if (p, g) == (partnerships[0], groups[0]) else of(0, 50, 100))
                ),
                "neet": people * draw(of(0, 0.2, 0.8)),
            }
            for p in partnerships
            for g in groups
            for y in years
        ],
        "interventions": [
            {
                "intervention": i,
                "name": i,
                "unit_cost": draw(of(0, 10, 100)),
                "min_grade": draw(of(*grades)),
                "channel": draw(of("school", "centre")),
                "exclusive_set": draw(of(None, "one")),
                "persistence": draw(of(0, 0.5, 0.9)),
                "lag": draw(of(0, 0, 1, 4)),
            }
            for i in interventions
        ],
        "effects": [
            {
                "intervention": i,
                "client_group": g,
                "effect": draw(of(-0.02, 0, 0.01, 0.05, 0.1)),
                "standard_error": 0.01,
                "adviser_hours": draw(of(0, 1, 5, 10)),
                "max_uptake": draw(of(0.3, 0.5, 1)),
                "source": "drawn",
            }
            for i in interventions
            for g in groups
            if g == groups[0] or draw(st.booleans())
        ],
        "grades": [
            {
                "grade": a,
                "name": a,
                "rank": rank,
                "salary": draw(of(20_000, 30_000)),
                "productive_hours": draw(of(800, 1_000)),
                "attrition": draw(of(0, 0.1, 0.3)),
                "recruitment_cost": draw(of(0, 1_000)),
                "redundancy_cost": draw(of(0, 2_000)),
                "training_cost": None if a == grades[-1] else draw(of(0, 1_000)),
                "training_hours": None if a == grades[-1] else draw(of(0, 100)),
                "recruitable": draw(of("true", "false")),
            }
            for rank, a in enumerate(grades, 1)
        ],
        "workforce": [
            {"partnership": p, "grade": a, "fte": draw(of(0, 0.5, 1, 3))} for p in partnerships for a in grades
        ],
        "years": [
            {
                "year": y,
                "budget": round(sum(baseline.values()) * draw(of(0.3, 0.9, 1, 1.2, 3))),
                "headcount_limit": draw(of(2, 10, 50)),
                "training_places": draw(of(0, 0.5, 5)),
                "price_index": price,
            }
            for y, price in zip(years, draw(of((1, 1, 1), (1, 1.05, 1.1))), strict=False)
        ],
    }
    if draw(st.booleans()):
        made["returns"] = [
            {"intervention": i, "band": band, "width": 0.5, "relative_effect": share}
            for i in interventions
            for band, share in ((1, 1), (2, draw(of(0.4, 1))))
        ]
    if draw(st.booleans()):
        made["capacities"] = [
            {
                "partnership": p,
                "channel": made["interventions"][0]["channel"],
                "year": y,
                "places": draw(of(0, 20, 200)),
            }
            for p in partnerships
            for y in years
        ]
    if draw(st.booleans()):
        promise = {"client_group": groups[0], "interventions": interventions[0], "min_share": draw(of(0.05, 0.2))}
        made["guarantees"] = [{"year": draw(of(*years)), **promise}]
    if draw(st.booleans()):
        aim = {"scope": "national", "name": "", "year": draw(of(*years)), "max_neet": None}
        made["targets"] = [{**aim, "reduction_share": draw(of(0.02, 0.2))}]
    return made


@st.composite
def settings(draw, distributions=("optimised", "historical", "equal", "formula"), certainty=("settlement",)):
    """Settings that fit any of the data sets, grants limited or not."""
    free = draw(of(*distributions))
    return Settings.model_validate(
        {
            "title": "Drawn",
            "goal": {
                "measure": draw(of("cumulative", "final_year", "benefit", "least_cost", "fairest")),
                "tail_years": draw(of(0, 2)),
                "benefit_per_neet": 20_000.0,
            },
            "budget": {"carry_forward_limit": draw(of(0.0, 0.05))},
            "grants": {
                "distribution": free,
                "floor": draw(of(None, 0.5, 0.9)),
                "cap": draw(of(None, 1.5)),
                "max_fall": draw(of(None, 0.1)),
                "formula": {"young_people": 1.0, "baseline": 1.0},
            },
            "certainty": {"kind": draw(of(*certainty)), "planning_horizon": draw(of(1, 2))},
            "workforce": {"max_recruitment": draw(of(None, 0.2))},
            "local": {"max_reduction": draw(of(None, 0.5, 1.0)), "min_reduction": draw(of(None, 0.02, 0.1))},
            "rules": {"soft": draw(of(("target", "local_minimum"), ("target", "local_minimum", "guarantee")))},
        },
        strict=False,
    )
