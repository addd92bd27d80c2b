"""A data set from a published file small enough for paper: every group, grant and post worked out by hand."""

import csv

import pytest

from allocator.errors import AllocatorError, InvalidInput, UsageError
from allocator.imports.dfe.assumptions import read_assumptions
from allocator.imports.dfe.data_set import import_dfe_neet
from allocator.scenario.load import read_scenario
from allocator.tables import read_data
from allocator.tables.checking.all_checks import check_tables
from allocator.tables.columns import TABLES
from tests.helpers import paper_dfe as paper

YEARS = ("2026-27", "2027-28", "2028-29")


@pytest.fixture
def made(tmp_path):
    def make(rows=None, earlier=None, spend=None, assumptions=None, **words):
        files = [paper.write(tmp_path / "2025.csv", rows or paper.all_rows())]
        if earlier:
            files.append(paper.write(tmp_path / "2023.csv", earlier))
        if spend:
            words["spend"] = paper.write_spending(tmp_path / "spend.csv", spend)
        if assumptions:
            words["assumptions"] = tmp_path / "mine.toml"
            text = read_assumptions()[1].decode()
            for old, new in assumptions:
                assert old in text
                text = text.replace(old, new)
            words["assumptions"].write_text(text, encoding="utf-8")
        return import_dfe_neet(files, tmp_path / "out", **words)

    return make


def people(folder, year=YEARS[0]):
    found = {}
    for row in read_data(folder).tables["young_people"]:
        if row["year"] == year:
            found.setdefault(row["partnership"], {})[row["client_group"]] = row["young_people"]
    return found


def test_client_groups_are_shares_of_the_cohort_that_add_up_to_it(made):
    # 5 % of 1,000 NEET, 2 % not known; at risk 4 % less a quarter of them, and 10 % less a tenth: 12 %.
    assert people(made().folder) == {
        "alder": {"neet": 50, "not_known": 20, "at_risk": 120, "universal": 810},
        "birch_city_of": {"neet": 100, "not_known": 40, "at_risk": 240, "universal": 1620},
        "cedar": {"neet": 30, "not_known": 20, "at_risk": 120, "universal": 830},
    }


def test_the_data_set_passes_every_check_and_its_scenario_can_be_read(made):
    folder = made().folder
    checked = check_tables(folder)
    assert checked.data is not None
    assert not checked.faults
    scenario = read_scenario(folder / "scenario.toml")
    assert scenario.data.resolve() == folder.resolve()
    assert checked.data.years == YEARS
    assert set(scenario.settings.workforce.qualified_share) <= set(YEARS)
    assert checked.data.regions == ("North", "North", "South")


def test_a_figure_that_is_suppressed_is_the_regions_or_englands_and_is_said(made):
    rows = [
        paper.england(),
        paper.north(NEET_NK_SENDsupport_percent="20", NEET_percent="c"),
        paper.alder(NEET_NK_SENDsupport_percent="c", NEET_percent="x"),
        paper.birch(),
        paper.cedar(Notknown_percent="c"),
    ]
    done = made(rows)
    # Alder: 4 % less a quarter, 10 % less a fifth: 11 %; England's 4.5 % NEET. Cedar: England's 2 % not known.
    assert people(done.folder)["alder"] == {"neet": 45, "not_known": 20, "at_risk": 110, "universal": 825}
    assert people(done.folder)["cedar"]["not_known"] == 20
    assert len([said for said in done.account.guessed if said.startswith(("Alder", "Cedar"))]) == 3
    low = [
        row["part"]
        for row in read_data(done.folder).tables["sources"]
        if row["column"] == "young_people" and row["quality"] == "low"
    ]
    assert sorted(low) == ["at_risk of alder", "neet of alder", "not_known of cedar", "universal of alder and cedar"]


def test_without_region_and_england_the_mean_of_the_others_is_taken(made):
    rows = [paper.alder(NEET_percent="c"), paper.birch(NEET_percent="4"), paper.cedar(NEET_percent="7")]
    # (4 % of 2,000 + 7 % of 1,000) / 3,000 = 5 %.
    assert people(made(rows).folder)["alder"]["neet"] == 50


def test_a_figure_that_nobody_has_is_an_error(made):
    with pytest.raises(AllocatorError) as error:
        made([paper.alder(NEET_percent="c"), paper.birch(NEET_percent="c")])
    assert error.value.place == "2025.csv"


@pytest.mark.parametrize("cohort", ["c", "0", "low"])
def test_an_authority_without_a_cohort_is_dropped_and_said(made, cohort):
    done = made([paper.alder(), paper.birch(Cohort_DJFavg=cohort)])
    assert list(people(done.folder)) == ["alder"]
    assert any(said.startswith("Birch") for said in done.account.dropped)


def test_more_than_the_whole_cohort_is_an_error_and_leaves_nothing(made, tmp_path):
    with pytest.raises(AllocatorError):
        made([paper.alder(NEET_percent="70", Notknown_percent="30")])
    assert not (tmp_path / "out").exists()


def test_grants_posts_and_money_follow_from_the_spending(made):
    spend = {"E1": ("0", "1000000", "2000000", "3000000"), "E2": ("0", "", "", ""), "E3": ("0", "0", "0", "3000000")}
    done = made(spend=spend)
    data = read_data(done.folder)
    # Alder 2m, Cedar 1m for 2,000 young people: 1,500 a head, so Birch with 2,000 has 3m.
    assert list(data.baseline_grant) == [2e6, 3e6, 1e6]
    assert list(data.fixed_cost) == pytest.approx([1.6e6, 2.4e6, 0.8e6])
    assert list(data.budget) == pytest.approx([6.12e6, 6.2424e6, 6.367248e6], abs=0.51)
    # 11 % of 2m over a mean salary of a quarter of 33,000, half of 43,000 and a quarter of 49,000: 42,000.
    assert list(data.workforce[0]) == pytest.approx([5.2381 / 4, 5.2381 / 2, 5.2381 / 4], abs=0.006)
    sources = [row for row in data.tables["sources"] if row["column"] == "baseline_grant"]
    assert {row["part"]: row["quality"] for row in sources} == {"all others": "medium", "birch_city_of": "low"}
    assert [said for said in done.account.guessed if said.startswith("Birch")]


def test_room_in_channels_is_a_share_of_their_young_people_and_grows(made):
    capacities = read_data(made().folder).tables["capacities"]
    found = {(row["channel"], row["year"]): row["places"] for row in capacities if row["partnership"] == "alder"}
    # A quarter of 50 + 20; 55 % of 120 + 810; 5 and 3 % more a year.
    assert [found["provider", year] for year in YEARS] == pytest.approx([18, 18, 19])
    assert [found["school", year] for year in YEARS] == pytest.approx([512, 527, 543])


def test_cohorts_stay_unless_they_are_to_grow(made):
    folder = made().folder
    assert people(folder, YEARS[2]) == people(folder, YEARS[0])


def test_with_growth_each_cohort_goes_on_as_between_the_files(made):
    earlier = [paper.england(Cohort_DJFavg="3200"), paper.alder(Cohort_DJFavg="640"), paper.cedar(Cohort_DJFavg="1000")]
    earlier = [row | {"time_period": "2023"} for row in earlier]
    done = made(earlier=earlier, growth=True)
    # Alder 25 % a year, and from the winter of 2024-25 to that of 2026-27 it is two years; England 11.8 %.
    assert people(done.folder, YEARS[0])["alder"]["neet"] == round(50 * 1.25**2)
    assert people(done.folder, YEARS[2])["alder"]["neet"] == round(50 * 1.25**4)
    assert people(done.folder, YEARS[0])["birch_city_of"]["neet"] == round(100 * 4000 / 3200)
    assert people(done.folder, YEARS[0])["cedar"]["neet"] == 30


def test_with_growth_and_one_file_the_assumed_rate_is_taken(made):
    done = made(assumptions=[("cohort_growth = { value = 0.01", "cohort_growth = { value = 0.1")], growth=True)
    assert people(done.folder, YEARS[0])["birch_city_of"]["neet"] == 121


def test_an_authority_with_a_new_code_keeps_its_history(made):
    earlier = [paper.alder(NEET_percent="3") | {"time_period": "2023", "new_la_code": "E9"}]
    done = made(earlier=earlier)
    with (done.folder / "history" / "rates.csv").open(encoding="utf-8") as file:
        rows = {(row["partnership"], row["measure"]): row for row in csv.DictReader(file)}
    # 2022 is 3 less the change of 0.5, 2024 is 5 less 0.5.
    alder = rows["alder", "neet"]
    assert [alder[f"rate_{year}"] for year in (2022, 2023, 2024, 2025)] == ["2.5", "3.0", "4.5", "5.0"]
    assert alder["trend"] == "0.900"
    assert rows["birch_city_of", "neet"]["rate_2023"] == ""
    assert not any(said.startswith("Alder") for said in done.account.dropped)


def test_the_years_begin_where_asked(made):
    done = made(first_year="2025-26")
    assert done.years == ("2025-26", "2026-27", "2027-28")
    settings = read_scenario(done.folder / "scenario.toml").settings
    assert settings.workforce.qualified_share == {"2026-27": 0.36, "2027-28": 0.40}


@pytest.mark.parametrize("year", ["2026", "2026-28", "2019-20", "next"])
def test_a_first_year_that_is_none_is_refused(made, year):
    with pytest.raises(UsageError) as error:
        made(first_year=year)
    assert error.value.place == "--first-year"


def test_no_file_at_all_is_refused(tmp_path):
    with pytest.raises(UsageError):
        import_dfe_neet([], tmp_path / "out")


def test_a_year_given_twice_is_refused(made):
    with pytest.raises(UsageError) as error:
        made(earlier=paper.all_rows())
    assert error.value.place in ("2023.csv", "2025.csv")


def test_columns_for_those_at_risk_are_needed_in_the_newest_file_alone(made, tmp_path):
    rows = paper.all_rows()
    columns = [name for name in paper.COLUMNS if "SEND" not in name]
    paper.write(tmp_path / "new.csv", rows, columns)
    with pytest.raises(UsageError) as error:
        import_dfe_neet([tmp_path / "new.csv"], tmp_path / "out")
    assert "cohort_SENDsupport_percent, NEET_NK_SENDsupport_percent" in error.value.found
    paper.write(tmp_path / "old.csv", [row | {"time_period": "2024"} for row in rows], columns)
    paper.write(tmp_path / "new.csv", rows)
    assert import_dfe_neet([tmp_path / "old.csv", tmp_path / "new.csv"], tmp_path / "out").partnerships == 3


def test_an_assumption_that_makes_a_faulty_table_leaves_nothing(made, tmp_path):
    with pytest.raises(InvalidInput) as error:
        made(assumptions=[('min_grade = "support"', 'min_grade = "suport"')])
    assert {fault.code for fault in error.value.faults} == {"unknown-name"}
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".allocator-*"))


def test_salaries_are_higher_where_the_assumptions_say_so_and_a_region_that_is_none_is_said(made):
    done = made(assumptions=[('regions."London"', 'regions."South"'), ('regions."South East"', 'regions."Nort"')])
    assert list(read_data(done.folder).area_cost_factor) == [1, 1, 1.15]
    assert [said for said in done.account.guessed if said.startswith("Nort:") and said.endswith("'North'?")]


def test_a_folder_that_holds_something_is_left_alone(made, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        made()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_names_that_are_alike_get_their_codes(made):
    rows = [paper.alder(), paper.birch() | {"la_name": "ALDER"}]
    assert list(people(made(rows).folder)) == ["alder_e1", "alder_e2"]


def test_a_hostile_name_is_text_wherever_it_is_written(made):
    done = made([paper.alder() | {"la_name": '=HYPERLINK("x")', "region_name": "@North"}])
    text = (done.folder / "partnerships.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK" in text
    assert "'@North" in text
    assert read_data(done.folder).partnership_names == ('=HYPERLINK("x")',)


def test_every_column_has_a_source(made):
    tables = read_data(made().folder).tables
    said = {(row["table"], row["column"]) for row in tables["sources"]}
    for name, table in TABLES.items():
        if name != "sources":
            wanted = {(name, column.name) for column in table.columns if not column.key and column.name != "source"}
            assert wanted <= said


def test_a_source_that_is_no_assumption_makes_its_rows_derived(made):
    old = 'growth = 0.05\nsource = "assumed"'
    done = made(assumptions=[(old, 'growth = 0.05\nsource = "Provider survey 2026"')])
    rows = [row for row in read_data(done.folder).tables["sources"] if row["table"] == "capacities"]
    assert {(row["part"], row["status"], row["source"]) for row in rows} == {
        ("school", "assumed", None),
        ("provider", "derived", "Provider survey 2026"),
    }
