"""A planner's own limits on grants hold in whole pounds too: of one, of each, of a region and of several years."""

from __future__ import annotations

import numpy as np
import pytest

from allocator import api
from allocator.runs.verify.verify import verify
from tests.helpers.builders import row, tiny_data, tiny_scenario, tiny_tables
from tests.helpers.written_lp import limit

MONEY = (200_000.0, 201_001.0)


def rounded_with(folder, *limits, settings="[goal]\ntail_years = 1\n"):
    """The grants [p, t] of north and south, £: as certified, and in whole pounds; the run verifies."""
    tables = tiny_tables(limits=list(limits))
    row(tables, "years", year="2005-06")["budget"] = MONEY[1]
    tiny_data(folder, tables)
    plan = api.solve(tiny_scenario(folder, settings))
    found = verify(plan.save(folder / "run"))
    assert found.certified, found
    whole = np.reshape(plan.tables["grants"]["grant_rounded"], (2, 2))
    assert (whole.sum(axis=0) <= MONEY).all()
    assert (np.abs(whole - plan.figures.grant) < 1).all()
    return plan.figures.grant, whole


def test_a_grant_fixed_at_whole_pounds_is_exactly_that(tmp_path):
    fixed = limit("fixed", "grant", scope="partnership", name="south", least=81_237, most=81_237)
    _, whole = rounded_with(tmp_path, fixed)
    assert whole[1].tolist() == [81_237, 81_237]


@pytest.mark.parametrize("times", [0.99, 0.9987654])
def test_nobody_loses_more_than_a_share_of_shares_as_before_by_rounding(tmp_path, times):
    asked = limit("nobody_loses", "to_shares_as_before", each=True, least=times)
    _, whole = rounded_with(tmp_path, asked)
    # 120,000 and 80,000 of 200,000 at the start
    as_before = np.outer([0.6, 0.4], MONEY)
    assert (whole >= times * as_before - 1e-4).all()


def test_the_most_of_a_region_is_not_passed_nor_its_least_missed(tmp_path):
    for side, of_whom in (("most", "Upland"), ("least", "Lowland")):
        asked = limit("region", "share_of_money", scope="region", name=of_whom, **{side: 0.4321987})
        grants, whole = rounded_with(tmp_path / side, asked)
        at = 0 if of_whom == "Upland" else 1
        bound = 0.4321987 * np.array(MONEY)
        if side == "most":
            assert (whole[at] <= bound).all()
        else:
            assert (whole[at] >= bound).all()
        assert np.allclose(grants[at], bound)  # it acts: to the nearest pound it would have been passed somewhere


def test_all_years_together_come_to_the_sum_that_is_fixed(tmp_path):
    fixed = limit("sum", "grant", scope="partnership", name="south", year="total", least=165_001, most=165_001)
    _, whole = rounded_with(tmp_path, fixed)
    assert whole[1].sum() == 165_001


def test_a_limit_on_what_is_no_grant_says_nothing_to_whole_pounds(tmp_path):
    posts = limit("posts", "advisers", most=1)
    _, whole = rounded_with(tmp_path, posts)
    assert whole.sum() > 0
