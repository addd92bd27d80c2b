from pathlib import Path

import pytest

from allocator.errors import InvalidInput
from allocator.scenario.against_data import scenario_faults
from allocator.tables import read_data
from tests.helpers.builders import Tables, tiny_scenario, tiny_tables, write_tables

FORMULA = '[grants]\ndistribution = "formula"\n[grants.formula]\n'


def found(folder: Path, settings: str, *overrides: str, tables: Tables | None = None) -> list[tuple[str, str, str]]:
    write_tables(folder / "tables", tiny_tables() if tables is None else tables)
    scenario = tiny_scenario(folder, settings, *overrides)
    faults = scenario_faults(scenario, read_data(scenario.data, scenario.table_files))
    assert all(fault.table in ("scenario.toml", "overrides") for fault in faults)
    return [(fault.code, fault.row, fault.column) for fault in faults]


def test_a_scenario_that_fits_its_data_has_no_fault(tmp_path: Path) -> None:
    settings = """
    [goal.weights]
    north = 2
    [budget]
    reserve = 200_000
    [budget.by_year]
    "2005-06" = 200_000
    [workforce]
    qualified_grade = "adviser"
    adviser_grade = "adviser"
    [workforce.qualified_share]
    "2004-05" = 0.5
    """
    assert found(tmp_path, settings) == []


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("[goal.weights]\nnorth = 1\nnroth = 2", ("unknown-name", "5", "goal.weights.nroth")),
        ('[budget.by_year]\n"2005-6" = 1', ("unknown-name", "4", "budget.by_year.2005-6")),
        ('[workforce]\nqualified_grade = "advisor"', ("unknown-name", "4", "workforce.qualified_grade")),
        ('[workforce]\nadviser_grade = "advisor"', ("unknown-name", "4", "workforce.adviser_grade")),
        (
            '[workforce]\nqualified_grade = "adviser"\nqualified_share.2006-07 = 0.4',
            ("unknown-name", "5", "workforce.qualified_share.2006-07"),
        ),
        (
            '[workforce]\nqualified_grade = "support"\nadviser_grade = "adviser"',
            ("grade-order", "4", "workforce.qualified_grade"),
        ),
        ("[budget]\nscale = 0.5\nreserve = 100_000.01", ("negative-money", "5", "budget.reserve")),
    ],
)
def test_what_only_the_data_show_is_found_at_its_line(
    tmp_path: Path, settings: str, place: tuple[str, str, str]
) -> None:
    assert set(found(tmp_path, settings)) == {place}


def test_a_slip_gets_the_nearest_name_of_the_data(tmp_path: Path) -> None:
    write_tables(tmp_path / "tables", tiny_tables())
    scenario = tiny_scenario(tmp_path, "", "goal.weights.nroth=2")
    (fault,) = scenario_faults(scenario, read_data(scenario.data))
    assert (fault.table, fault.row) == ("overrides", "")
    assert "'north'" in fault.fix


def test_money_below_nothing_is_a_fault_in_each_year_that_has_it(tmp_path: Path) -> None:
    assert len(found(tmp_path, "", "budget.reserve=200_001")) == 2
    assert len(found(tmp_path, "", "budget.reserve=200_001", "budget.by_year.2005-06=300_000")) == 1


@pytest.mark.parametrize(
    ("settings", "faults"),
    [
        (FORMULA + "neet = 0.5\nbaseline = 0.5", 1),
        (FORMULA + "baseline = 1", 0),
        (FORMULA + "young_people = 1", 0),
        ('[grants]\ndistribution = "equal"', 0),
        ("", 0),
    ],
)
def test_shares_of_nobody_are_refused_where_they_count(tmp_path: Path, settings: str, faults: int) -> None:
    tables = tiny_tables()
    for row in tables["young_people"]:
        if row["year"] == "2005-06":
            row["neet"] = 0
    assert found(tmp_path, settings, tables=tables) == [("nothing-to-share", "4", "grants.distribution")] * faults


def test_a_hundred_thousand_unknown_names_are_refused_with_a_bounded_number_of_faults(tmp_path: Path) -> None:
    settings = "[goal.weights]\n" + "\n".join(f"n{n} = 1" for n in range(50_000))
    assert 1 <= len(found(tmp_path, settings)) <= 200


@pytest.mark.parametrize(
    ("settings", "places"),
    [
        # the grants in force are £200,000 a year, the pay of those in post £130,000
        ('[budget.by_year]\n"2004-05" = 200', [("looks-like-thousands", "4", "budget.by_year.2004-05")]),
        ('[budget.by_year]\n"2004-05" = 20_000', []),
        ('[budget]\nscale = 1000\n[budget.by_year]\n"2004-05" = 200', []),
        ("[budget]\nscale = 97", [("looks-like-per-cent", "4", "budget.scale")]),
        ("[grants]\nmax_rise = 10", [("looks-like-per-cent", "4", "grants.max_rise")]),
        ("[workforce]\nmax_recruitment = 15", [("looks-like-per-cent", "4", "workforce.max_recruitment")]),
        ("[goal.weights]\nnorth = 120", [("looks-like-per-cent", "4", "goal.weights.north")]),
        ("[goal.weights]\nnorth = 0\nsouth = 0", [("nothing-to-do", "3", "goal.weights")]),
        ('[goal]\nmeasure = "benefit"', [("nothing-to-do", "4", "goal.measure")]),
        (
            '[goal]\nmeasure = "benefit"\nbenefit_per_neet = 56',
            [("looks-like-thousands", "5", "goal.benefit_per_neet")],
        ),
        ("[budget]\nreserve = 10", [("looks-like-thousands", "4", "budget.reserve")]),
        (
            '[targets.national]\n"2005-06" = 0.7\n[local]\nmax_reduction = 0.6',
            [("contradiction", "4", "targets.national.2005-06")],
        ),
        ("[grants]\nfloor = 90", [("looks-like-per-cent", "4", "grants.floor")]),
        ("[budget]\nscale = 3", []),
    ],
)
def test_budgets_in_thousands_and_multiples_in_per_cent_are_seen(
    tmp_path: Path, settings: str, places: list[tuple[str, str, str]]
) -> None:
    assert found(tmp_path, settings) == places
    scenario = tiny_scenario(tmp_path, settings)
    faults = scenario_faults(scenario, read_data(scenario.data))
    assert all(fault.severity == "warning" for fault in faults)


THREE_NAMES = """
[goal.weights]
norht = 2
[budget.by_year]
"2009-10" = 1
[workforce]
qualified_grade = "trained_advisor"
"""


def refused(folder: Path, settings: str, *overrides: str, tables: Tables | None = None) -> list[tuple[str, str]]:
    write_tables(folder / "tables", tiny_tables() if tables is None else tables)
    with pytest.raises(InvalidInput) as caught:
        tiny_scenario(folder, settings, *overrides)
    return [(fault.code, fault.column) for fault in caught.value.faults]


def test_a_key_at_fault_hides_no_name_that_the_data_do_not_have(tmp_path: Path) -> None:
    assert refused(tmp_path, THREE_NAMES + "[grants]\nflor = 1") == [
        ("unknown-name", "goal.weights.norht"),
        ("unknown-name", "budget.by_year.2009-10"),
        ("unknown-name", "workforce.qualified_grade"),
        ("unknown-setting", "grants.flor"),
    ]


def test_what_rests_on_a_key_at_fault_is_not_judged(tmp_path: Path) -> None:
    # without the scale, which is no number, 200,001 would be held back of 200,000; with it nobody knows
    assert refused(tmp_path, '[budget]\nscale = "2"\nreserve = 200_001') == [("setting-type", "budget.scale")]
    # one weight at fault hides no other
    assert refused(tmp_path, '[goal.weights]\nnorht = "2"\nsouht = 1') == [
        ("setting-type", "goal.weights.norht"),
        ("unknown-name", "goal.weights.souht"),
    ]


def test_names_are_not_held_against_tables_that_are_not_meant_or_have_faults(tmp_path: Path) -> None:
    weights = "[goal.weights]\nnorht = 2\n"
    assert refused(tmp_path, weights, "data=nowhere") == [("setting-file", "data")]
    assert refused(tmp_path, weights, "data=3") == [("setting-type", "data")]
    faulty = tiny_tables(years={"budget": "x"})
    assert refused(tmp_path, weights, "grants.flor=1", tables=faulty) == [("unknown-setting", "grants.flor")]
