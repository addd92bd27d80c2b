"""Pools of studies against published tables, and what a data set's studies come to."""

import math

import pytest

from allocator.analyses.evidence import evidence as analysis
from allocator.analyses.evidence.pooling import Study, pool, pools_of
from tests.analyses.evidence.conftest import study
from tests.helpers.builders import tiny_data, tiny_tables

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


def test_two_studies_that_agree_by_chance_claim_no_certainty():
    alike = pool([Study("one", 0.05, 0.02, 1.0, ""), Study("two", 0.05, 0.02, 1.0, "")], OF, (0.1, 0.04))
    assert alike.standard_error == pytest.approx(0.02 / math.sqrt(2))


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
