"""The arrays of the data set, by hand from the paper tables; what has no row gets what the contract says."""

import dataclasses
import math
import pickle

import numpy as np
import pytest

from allocator.tables import read_data
from allocator.tables.dataset import Guarantee, Target
from tests.helpers.builders import write_tables
from tests.helpers.paper_tables import CONNEXIONS, paper_tables


@pytest.fixture
def data(tmp_path):
    tables = paper_tables()
    for rows in tables.values():  # the last comes first, but for the years
        if rows is not tables["years"]:
            rows.reverse()
    tables["interventions"][0] |= {"exclusive_set": "casework", "lag": 1, "persistence": 0.25}
    tables["young_people"][0] |= {"young_people": 190, "neet": 19}  # south, at_risk, 2005-06
    tables["guarantees"].append(
        {"year": "2005-06", "client_group": "at_risk", "interventions": "group_work+coaching", "min_share": 0.2}
    )
    return read_data(write_tables(tmp_path, tables))


def test_keys_stand_in_canonical_order(data):
    assert data.partnerships == ("north", "south")
    assert data.partnership_names == ("North", "South")
    assert data.regions == ("Upland", "Lowland")
    assert data.years == ("2004-05", "2005-06")
    assert data.interventions == ("coaching", "group_work")
    assert data.client_groups == ("at_risk", "neet")
    assert data.grades == ("support", "adviser")
    assert data.channels == ("centre", "school")


def test_rows_of_a_year_stand_as_the_years_are_listed(tmp_path):
    tables = paper_tables()
    for rows in tables.values():
        for line in rows:
            if "year" in line and line["year"] != 2001:
                line["year"] = {"2004-05": "FY9", "2005-06": "FY10"}[line["year"]]  # by letters FY10 would come first
    data = read_data(write_tables(tmp_path, tables))
    assert data.years == ("FY9", "FY10")
    assert [row["year"] for row in data.tables["young_people"]] == ["FY9", "FY10"] * 4


def test_accents_are_composed_so_that_names_typed_on_any_machine_agree(tmp_path):
    tables = paper_tables()
    tables["partnerships"][0]["region"] = "Pays Ga\u0302llois"  # a with a combining circumflex
    tables["targets"][1]["name"] = "Pays G\u00e2llois"  # the same as one character
    data = read_data(write_tables(tmp_path, tables))
    assert data.regions[0] == "Pays G\u00e2llois"


def test_people_are_indexed_by_partnership_year_and_group(data):
    assert data.young_people.tolist() == [[[400, 100], [400, 100]], [[200, 50], [190, 50]]]
    assert data.neet.tolist() == [[[40, 80], [40, 80]], [[20, 40], [19, 40]]]


def test_what_is_not_offered_is_nan(data):
    assert data.offers == ((0, 1), (1, 0))
    assert np.array_equal(data.effect, [[math.nan, 0.1], [0.01, math.nan]], equal_nan=True)
    assert np.array_equal(data.standard_error, [[math.nan, 0.02], [0.002, math.nan]], equal_nan=True)
    assert np.array_equal(data.adviser_hours, [[math.nan, 10], [1, math.nan]], equal_nan=True)
    assert np.array_equal(data.max_uptake, [[math.nan, 0.5], [0.5, math.nan]], equal_nan=True)


def test_interventions_have_grade_channel_set_lag_and_persistence(data):
    assert data.min_grade.tolist() == [1, 0]
    assert data.channel.tolist() == [0, 1]
    assert data.exclusive_sets == (("casework", (1,)),)
    assert data.lag.tolist() == [0, 1]
    assert data.persistence.tolist() == [0.5, 0.25]


def test_an_intervention_without_returns_has_one_whole_band(data):
    assert data.bands.tolist() == [2, 1]
    assert data.width.tolist() == [[0.4, 0.6], [1, 0]]
    assert data.relative_effect.tolist() == [[1, 0.5], [1, 0]]


def test_the_top_grade_trains_for_nothing(data):
    assert data.training_cost.tolist() == [1000, 0]
    assert data.training_hours.tolist() == [100, 0]
    assert data.salary.tolist() == [20_000, 30_000]
    assert data.recruitable.tolist() == [True, True]
    assert data.workforce.tolist() == [[1, 2], [1, 1]]


def test_places_without_a_row_have_no_limit(data):
    assert data.capacity.shape == (2, 2, 2)  # partnership, channel, year
    assert data.capacity[0, 0, 0] == 30
    assert np.isinf(data.capacity).sum() == 7


def test_guarantees_count_what_is_offered_and_targets_know_their_scope(data):
    assert data.guarantees == (
        Guarantee(0, 1, (0,), 0.1, "coaching"),
        Guarantee(1, 0, (1,), 0.2, "group_work+coaching"),
    )
    assert data.targets == (
        Target("national", "", 1, None, 0.05, (0, 1)),
        Target("region", "Upland", 1, 119, None, (0,)),
    )


def test_the_tables_keep_typed_rows_in_canonical_order(data):
    assert list(data.tables)[:3] == ["partnerships", "young_people", "client_groups"]
    assert [row["grade"] for row in data.tables["grades"]] == ["support", "adviser"]
    assert [row["band"] for row in data.tables["returns"]] == [1, 2]
    assert data.tables["targets"][0]["name"] is None
    assert data.tables["grades"][1]["training_cost"] is None
    assert data.tables["grades"][0]["recruitable"] is True
    assert [type(data.tables["interventions"][0][column]) for column in ("name", "unit_cost", "lag")] == [
        str,
        float,
        int,
    ]


def test_optional_tables_that_are_not_there_stay_away(tmp_path):
    tables = paper_tables()
    for name in ("client_groups", "returns", "capacities", "guarantees", "targets", "studies", "sources"):
        del tables[name]
    data = read_data(write_tables(tmp_path, tables))
    assert len(data.tables) == 7
    assert (data.guarantees, data.targets) == ((), ())
    assert np.isinf(data.capacity).all()
    assert data.width.tolist() == [[1], [1]]
    assert data.stays.tolist() == [1, 1]
    assert data.client_group_names == ("at_risk", "neet")


def test_groups_without_a_row_of_their_own_all_stay(data):
    assert data.client_group_names == ("at_risk", "Known to be NEET")
    assert data.stays.tolist() == [1, 0.75]


def test_columns_that_may_be_left_out_mean_what_the_contract_says(tmp_path):
    data = read_data(write_tables(tmp_path / "without", paper_tables()))
    assert data.entry_grant.tolist() == data.start_up_posts.tolist() == [0, 0]
    assert data.displacement.tolist() == [0, 0]
    assert np.isnan(data.pay_index).all()
    tables = paper_tables()
    tables["partnerships"][0] |= {"entry_grant": 1_000, "start_up_posts": ""}
    tables["partnerships"][1] |= {"entry_grant": "", "start_up_posts": 2.5}
    tables["interventions"][0] |= {"displacement": 0.3}
    tables["interventions"][1] |= {"displacement": ""}
    tables["years"][0] |= {"pay_index": ""}
    tables["years"][1] |= {"pay_index": 1.05}
    data = read_data(write_tables(tmp_path / "with", tables))
    assert data.entry_grant.tolist() == [1_000, 0]
    assert data.start_up_posts.tolist() == [0, 2.5]
    assert data.displacement.tolist() == [0.3, 0]
    assert data.pay_index[1] == 1.05
    assert np.isnan(data.pay_index[0])


def test_a_channel_that_nobody_uses_limits_nothing(tmp_path):
    tables = paper_tables()
    tables["capacities"].append({"partnership": "north", "channel": "attic", "year": "2004-05", "places": 0})
    data = read_data(write_tables(tmp_path, tables))
    assert data.channels == ("centre", "school")
    assert len(data.tables["capacities"]) == 2


def test_nothing_can_be_changed_after_reading(data):
    arrays = [getattr(data, field.name) for field in dataclasses.fields(data)]
    assert not any(array.flags.writeable for array in arrays if isinstance(array, np.ndarray))
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.years = ()


def test_a_data_set_can_be_sent_to_another_process(data):
    assert pickle.loads(pickle.dumps(data)).tables == data.tables


def test_the_reference_data_are_read_whole():
    data = read_data(CONNEXIONS)
    assert (len(data.partnerships), len(data.years), len(data.interventions)) == (47, 3, 13)
    assert data.client_groups == ("at_risk", "neet", "not_known", "universal")
    assert data.budget.tolist() == [446_600_000, 457_800_000, 469_200_000]
    assert not np.isnan(data.young_people).any()
    assert not np.isnan(data.workforce).any()
    assert (
        round(float(data.workforce.sum()), 1) == 9707.8
    )  # Commons answer: 7,251.6 personal and 2,456.0 support staff, rounded
