"""The table limits at the door: what it takes, and every way in which it can be wrong."""

import pytest

from allocator.tables import read_data
from allocator.tables.checking.all_checks import check_tables
from allocator.tables.columns import TABLES
from tests.helpers.builders import tiny_tables, write_tables
from tests.helpers.written_lp import limit


def checked(folder, *rows):
    return check_tables(write_tables(folder / "tables", {**tiny_tables(), "limits": list(rows)}))


def faults(folder, *rows):
    return [(fault.code, fault.row, fault.column) for fault in checked(folder, *rows).faults]


HOLD = limit("hold", "to_baseline", least=0.9)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"each": None}, ("blank-cell", "2", "each")),
        ({"each": "perhaps"}, ("not-true-false", "2", "each")),
        ({"of": "grants"}, ("not-a-choice", "2", "of")),
        ({"scope": "county"}, ("not-a-choice", "2", "scope")),
        ({"name": "north"}, ("limit-name", "2", "name")),
        ({"scope": "region"}, ("limit-name", "2", "name")),
        ({"scope": "region", "name": "Uplands"}, ("unknown-name", "2", "name")),
        ({"scope": "partnership", "name": "noth"}, ("unknown-name", "2", "name")),
        ({"year": "2007-08"}, ("unknown-name", "2", "year")),
        ({"least": None}, ("limit-sides", "2", "least")),
        ({"most": 0.8}, ("limit-sides", "2", "least")),
        ({"least": -1}, ("out-of-range", "2", "least")),
        ({"intervention": "coaching"}, ("limit-columns", "2", "intervention")),
        ({"client_group": "neet"}, ("limit-columns", "2", "client_group")),
        ({"of": "place_spending", "client_group": "neet"}, ("limit-columns", "2", "client_group")),
        ({"of": "per_young_person", "intervention": "coaching"}, ("limit-columns", "2", "intervention")),
        ({"of": "to_last_year", "year": "total"}, ("limit-columns", "2", "year")),
        ({"of": "places", "intervention": "coachin"}, ("unknown-name", "2", "intervention")),
        ({"of": "places", "client_group": "need"}, ("unknown-name", "2", "client_group")),
        ({"of": "places", "intervention": "coaching", "client_group": "at_risk"}, ("not-offered", "2", "intervention")),
    ],
)
def test_a_limit_that_is_wrong_is_told_where(tmp_path, changed, fault):
    assert faults(tmp_path, {**HOLD, **changed}) == [fault]


def test_a_misspelt_name_is_answered_with_the_one_that_was_meant(tmp_path):
    rows = [
        {**HOLD, "limit": "a", "scope": "region", "name": "Uplands"},
        {**HOLD, "limit": "b", "year": "evry"},
        {**HOLD, "limit": "c", "of": "places", "intervention": "coachin"},
    ]
    fixes = [fault.fix for fault in checked(tmp_path, *rows).faults]
    assert ["Upland" in fixes[0], "every" in fixes[1], "coaching" in fixes[2]] == [True, True, True]


def test_a_limit_stands_once(tmp_path):
    assert faults(tmp_path, HOLD, HOLD) == [("duplicate-key", "2 and 3", "")]


def test_what_each_limit_adds_up(tmp_path):
    rows = [
        limit("one", "grant", scope="region", name="Upland", year="2005-06", most=1),
        limit("all", "advisers", each=True, most=1),
        limit("sum", "places", year="total", intervention="coaching", client_group="neet", least=1, most=1),
    ]
    found = read_data(write_tables(tmp_path / "tables", {**tiny_tables(), "limits": rows})).limits
    by_name = {one.limit: one for one in found}
    assert (by_name["one"].periods, by_name["one"].members) == (((1,),), ((0,),))
    assert (by_name["all"].periods, by_name["all"].members) == (((0,), (1,)), ((0,), (1,)))
    assert (by_name["sum"].periods, by_name["sum"].members) == (((0, 1),), ((0, 1),))
    assert (by_name["sum"].intervention, by_name["sum"].client_group) == (0, 1)


def test_the_quantities_are_those_of_the_register():
    from allocator.register.quantities import QUANTITIES

    (of,) = [column for column in TABLES["limits"].columns if column.name == "of"]
    assert of.choices == tuple(QUANTITIES)
