"""Pools of studies against published tables, and what a data set's studies come to."""

import math

import pytest

from allocator import api
from allocator.analyses.evidence import evidence as analysis
from allocator.analyses.evidence import pooling
from allocator.analyses.evidence.face import forest
from allocator.analyses.evidence.pooling import Study, pool, pooled_pairs, pools_of, studies_of, with_pooled_effects
from allocator.analyses.solve.face import evidence
from allocator.analyses.solve.summary import summarise
from allocator.errors import UsageError
from allocator.shipped import shipped_data_sets
from tests.analyses.evidence.conftest import study
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables, write_tables

pytest.importorskip("statsmodels", reason="the extra evidence")

# Raudenbush 2009, table 16.1: teacher expectancy, 19 studies, effects and their variances.
EXPECTANCY = (
    [
        *(0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.80),
        *(0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.30, 0.07, -0.07),
    ],
    [
        *(0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.0630),
        *(0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303),
    ],
)
# Thirteen trials of BCG vaccine: with tuberculosis and without, vaccinated and not (Colditz and others 1994).
BCG = [
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
]  # fmt: skip
OF = ("coaching", "Coaching", "neet")


def studies(effects, variances):
    pairs = zip(effects, variances, strict=True)
    return [Study(f"study_{n}", y, math.sqrt(v), 1.0, "") for n, (y, v) in enumerate(pairs)]


def test_teacher_expectancy():
    # Raudenbush 2009, table 16.3, by DerSimonian and Laird with Knapp and Hartung's error
    found = pool(studies(*EXPECTANCY), OF, (0.1, 0.05), "DerSimonian–Laird")
    assert round(found.spread**2, 4) == 0.0259
    assert round(found.effect, 4) == 0.0893
    assert round(found.standard_error, 4) == 0.0636
    assert (round(found.low, 4), round(found.high, 4)) == (-0.0442, 0.2229)


def test_bcg_vaccine():
    effects = [math.log((a / (a + b)) / (c / (c + d))) for a, b, c, d in BCG]
    variances = [1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in BCG]
    found = pool(studies(effects, variances), OF, (0.1, 0.05), "DerSimonian–Laird")
    assert round(found.spread**2, 4) == 0.3088
    assert round(found.effect, 4) == -0.7141
    # one more trial, from the published interval of the mean, -1.0644 to -0.3638; 2.2010 is t with 11 degrees
    plain = (1.0644 - 0.3638) / (2 * 1.959964)
    further = 2.2010 * math.sqrt(0.3088 + plain**2)
    assert found.next_high == pytest.approx(-0.7141 + further, abs=2e-4)
    assert found.next_low == pytest.approx(-0.7141 - further, abs=2e-4)


def test_a_single_study_is_its_own_pool_with_its_error_widened_by_its_relevance():
    found = pool([Study("one", 0.05, 0.02, 0.25, "")], OF, (0.1, 0.04))
    assert (found.effect, found.standard_error) == (0.05, 0.04)  # 0.02 / √0.25
    assert found.high == pytest.approx(0.05 + 1.959964 * 0.04, abs=1e-6)
    assert found.next_low is None
    assert found.shrunken == pytest.approx(0.075)  # as sure as the tables: halfway
    assert found.shrunken_error == pytest.approx(0.04 / math.sqrt(2))
    (*_, tables, both) = forest(found)
    assert tables == ("in the tables", 0.1, pytest.approx(0.1 - 1.959964 * 0.04), pytest.approx(0.1 + 1.959964 * 0.04))
    assert both[:2] == ("both together", pytest.approx(0.075))


def test_two_studies_that_agree_by_chance_claim_no_certainty():
    alike = pool([Study("one", 0.05, 0.02, 1.0, ""), Study("two", 0.05, 0.02, 1.0, "")], OF, (0.1, 0.04))
    assert alike.standard_error == pytest.approx(0.02 / math.sqrt(2))


def test_studies_that_differ_less_than_chance_would_have_them_are_weighed_by_their_precision():
    # 0.045, 0.04, 0.04: Q is far below 2, so that there is no spread of their own and both methods give the same
    weights = [1 / 0.0285**2, 1 / 0.0313**2, 1 / 0.0215**2]
    mean = (0.045 * weights[0] + 0.04 * (weights[1] + weights[2])) / sum(weights)
    for method in ("DerSimonian–Laird", "Paule–Mandel"):
        found = pool(studies([0.045, 0.04, 0.04], [1 / w for w in weights]), OF, (0.1, 0.05), method)
        assert found.effect == pytest.approx(mean, rel=1e-6)
        assert found.standard_error == pytest.approx(1 / math.sqrt(sum(weights)), rel=1e-6)
        assert found.high == pytest.approx(mean + 4.302653 * found.standard_error, rel=1e-6)  # t with 2 degrees
        assert found.spread == 0


def test_england_s_studies_of_support_at_their_full_weight():
    # three of adviser support and one of a key worker, by hand: w = 1 / (v + tau²), tau² = (Q - 3) / C
    support = {"edl_works_4_you_2025", "health_led_trial_2023", "mawn_2017", "edl_talent_match_2023"}
    chosen = [
        one
        for of in studies_of(api.read_data(shipped_data_sets()["england"])).values()
        for one in of
        if one.study in support
    ]
    effects, variances = [one.effect for one in chosen], [one.standard_error**2 for one in chosen]
    fixed = [1 / v for v in variances]
    middle = sum(w * y for w, y in zip(fixed, effects, strict=True)) / sum(fixed)
    q = sum(w * (y - middle) ** 2 for w, y in zip(fixed, effects, strict=True))
    tau2 = (q - 3) / (sum(fixed) - sum(w * w for w in fixed) / sum(fixed))
    weights = [1 / (v + tau2) for v in variances]
    found = pool(studies(effects, variances), OF, (0.04, 0.018), "DerSimonian–Laird")
    assert found.effect == pytest.approx(sum(w * y for w, y in zip(weights, effects, strict=True)) / sum(weights))
    assert (round(found.effect, 3), round(found.low, 2), round(found.high, 2)) == (0.030, 0.0, 0.06)


def test_a_scenario_that_asks_for_it_is_planned_with_pooled_effects(tmp_path):
    write_tables(tmp_path / "tables", tiny_tables(studies=[study("a", effect=0.04), study("b", effect=0.06)]))
    scenario = tiny_scenario(tmp_path, '[risk]\nevidence = "pooled"\n')
    _, data = api.open_scenario(scenario)
    own = api.open_scenario(scenario, ["risk.evidence=effects"])[1]
    # as sure as each other: the mean of the two; group work has no studies and keeps its own
    assert (data.effect[0, 1], own.effect[0, 1]) == (pytest.approx(0.05), 0.1)
    assert data.effect[1, 0] == own.effect[1, 0] == 0.01
    assert pooled_pairs(data) == ((0, 1),)
    assert with_pooled_effects(data).tables == data.tables  # once is enough
    plan = api.solve(scenario)
    assert plan.data.effect[0, 1] == pytest.approx(0.05)
    assert plan.save(tmp_path / "run")
    again = api.load(tmp_path / "run")
    assert again.verify().certified
    assert "the table had 0.1" in again.data.tables["effects"][0]["source"]
    said = " ".join(" ".join(line.plain for line in evidence(plan, summarise(plan), 100)).split())
    assert "Pooled from studies: Coaching (neet); 1 effect without studies keeps that of the table" in said


def test_pooling_several_studies_needs_the_extra_and_one_does_not(tmp_path, monkeypatch):
    monkeypatch.setattr(pooling, "can_pool", lambda: False)
    write_tables(tmp_path / "tables", tiny_tables(studies=[study("a", effect=0.04)]))
    scenario = tiny_scenario(tmp_path, '[risk]\nevidence = "pooled"\n')
    assert api.open_scenario(scenario)[1].effect[0, 1] == pytest.approx(0.04)
    write_tables(tmp_path / "tables", tiny_tables(studies=[study("a"), study("b")]))
    with pytest.raises(UsageError, match="evidence"):
        api.open_scenario(scenario)


def test_studies_of_a_data_set(tmp_path):
    by_interval = study("b", standard_error=None, ci_low=0.0, ci_high=0.0392)
    data = tiny_data(tmp_path, tiny_tables(studies=[study("a"), by_interval, study("c", relevance=0)]))
    (found,) = pools_of(data)
    assert [one.study for one in found.studies] == ["a", "b"]
    assert found.studies[1].standard_error == pytest.approx(0.01, rel=1e-4)  # 0.0392 is 3.92 of its errors
    assert (found.assumed, found.client_group) == (0.1, "neet")


def test_without_the_extra_all_but_the_pools_is_found(monkeypatch, tiny_evidence):
    monkeypatch.setattr(analysis, "can_pool", lambda: False)
    found, lines = tiny_evidence(studies=[study("a")])
    assert (found.pools, found.not_pooled) == ((), 1)
    assert "pip install 'neet-allocator[evidence]'" in lines
