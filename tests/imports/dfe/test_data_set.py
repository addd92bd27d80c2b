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
    assert error.value.place == "first_year"


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
        if name != "sources" and tables.get(name):
            wanted = {(name, column.name) for column in table.columns if not column.key and column.name != "source"}
            left_out = {(name, column.name) for column in table.columns if column.may_be_left_out}
            assert wanted - left_out <= said


def test_a_source_that_is_no_assumption_makes_its_rows_derived(made):
    old = 'growth = 0.05\nsource = "assumed"'
    done = made(assumptions=[(old, 'growth = 0.05\nsource = "Provider survey 2026"')])
    rows = [row for row in read_data(done.folder).tables["sources"] if row["table"] == "capacities"]
    assert {(row["part"], row["status"], row["source"]) for row in rows} == {
        ("school", "assumed", None),
        ("provider", "derived", "Provider survey 2026"),
    }


COLUMNS = (
    *paper.COLUMNS,
    *("NEET_not_known_percent", "cohort_March", "cohort_noSEN_percent", "NEET_NK_noSEN_percent"),
)


@pytest.fixture
def made_of_sums(tmp_path):
    def make(*rows, earlier=(), **words):
        files = [paper.write(tmp_path / "2025.csv", rows, COLUMNS)]
        if earlier:
            rows_before = [row | {"time_period": "2023"} for row in earlier]
            files.append(paper.write(tmp_path / "2023.csv", rows_before, COLUMNS))
        return import_dfe_neet(files, tmp_path / "out", **words)

    return make


def test_a_published_sum_fills_a_gap_before_the_regions_rate_does(made_of_sums):
    # 3 % together less 2 % not known: 1 % of 1,000, where the region's rate would give 60.
    done = made_of_sums(paper.north(), paper.alder(NEET_percent="c", NEET_not_known_percent="3"))
    assert people(done.folder)["alder"]["neet"] == 10
    assert len([said for said in done.account.guessed if said.startswith("Alder: NEET_percent is suppressed")]) == 1


def test_two_gaps_share_their_published_sum_to_the_person(made_of_sums):
    # 2 % of 7,034 are 140.68: 141 together, in the region's proportions of 6 to 2.
    derby = paper.alder(Cohort_DJFavg="7034", NEET_percent="c", Notknown_percent="c", NEET_not_known_percent="2.0")
    found = people(made_of_sums(paper.north(), derby).folder)["alder"]
    assert (found["neet"], found["not_known"]) == (106, 35)


def test_what_two_groups_leave_of_the_whole_is_the_third(made_of_sums):
    # 95.4 % and 4.6 % leave nobody with support, whatever the region has; at risk are 4.6 % less a quarter: 34.5.
    gateshead = paper.alder(
        cohort_noSEN_percent="95.4",
        cohort_EHCP_percent="4.6",
        cohort_SENDsupport_percent="z",
        NEET_NK_SENDsupport_percent="z",
    )
    done = made_of_sums(paper.north(), gateshead)
    assert people(done.folder)["alder"]["at_risk"] == 34
    assert len([said for said in done.account.guessed if said.startswith("Alder")]) == 1


def test_the_rate_of_a_group_is_what_the_others_leave_where_rounding_lets_it_be_told(made_of_sums):
    # 10 % together: 80 of 100 at 5 % and 5 at 20 % are 5 points, so 5 points of 15: a third. At risk 4 + 10: 140.
    one = {
        "NEET_not_known_percent": "10",
        "cohort_noSEN_percent": "80",
        "NEET_NK_noSEN_percent": "5",
        "cohort_EHCP_percent": "5",
        "NEET_NK_EHCP_percent": "20",
        "NEET_percent": "8",
        "Notknown_percent": "2",
        "NEET_NK_SENDsupport_percent": "c",
    }
    done = made_of_sums(paper.north(), paper.alder(**one, cohort_SENDsupport_percent="15"))
    assert people(done.folder)["alder"]["at_risk"] == 140


def test_the_rate_of_a_small_group_is_the_regions_since_rounding_hides_its_own(made_of_sums):
    one = {
        "NEET_not_known_percent": "10",
        "cohort_noSEN_percent": "95",
        "NEET_NK_noSEN_percent": "5",
        "NEET_NK_SENDsupport_percent": "c",
        "cohort_SENDsupport_percent": "1",
    }
    done = made_of_sums(paper.north(), paper.alder(**one, NEET_percent="8"))
    assert any("the figure of North, 10 per cent" in said for said in done.account.guessed)


def test_a_suppressed_cohort_is_estimated_from_that_of_march_and_keeps_its_money(made_of_sums, tmp_path):
    # March 1,100, of which the region's winter cohort is 3,000 of 3,300: 1,000.
    spend = paper.write_spending(tmp_path / "spend.csv", {"E1": ("0", "300", "300", "300"), "E2": ("", "6", "6", "6")})
    rows = [
        paper.north(cohort_March="3300"),
        paper.alder(Cohort_DJFavg="c", cohort_March="1100"),
        paper.birch(cohort_March="2000"),
    ]
    done = made_of_sums(*rows, spend=spend)
    assert sum(people(done.folder)["alder"].values()) == 1000
    assert list(read_data(done.folder).baseline_grant) == [300, 6]
    assert any(said.startswith("Alder: Cohort_DJFavg is suppressed") for said in done.account.guessed)
    low = [row["part"] for row in read_data(done.folder).tables["sources"] if row["quality"] == "low"]
    assert {"neet of alder", "not_known of alder", "at_risk of alder", "universal of alder"} <= set(low)


def test_without_march_a_suppressed_cohort_grows_from_the_earlier_file_as_its_region_did(made_of_sums):
    earlier = [paper.north(Cohort_DJFavg="2000"), paper.alder(Cohort_DJFavg="800"), paper.birch()]
    done = made_of_sums(paper.north(), paper.alder(Cohort_DJFavg="c"), paper.birch(), earlier=earlier)
    assert sum(people(done.folder)["alder"].values()) == 1200


def test_a_cohort_that_nothing_tells_of_is_dropped_with_its_money_said(made, tmp_path):
    done = made(
        [paper.alder(), paper.birch(Cohort_DJFavg="c")],
        spend={"E1": ("0", "300", "300", "300"), "E2": ("0", "1000", "2000", "3000")},
    )
    assert [said for said in done.account.dropped if said.startswith("Birch") and "£6,000" in said]


@pytest.mark.parametrize(
    ("factor", "unit", "mend"),
    [(1e-3, "thousands", "multiply by 1,000"), (1e-6, "millions", "multiply by 1,000,000"), (100, "pence", "divide")],
)
def test_spending_in_another_unit_is_warned_of_with_the_factor(made, factor, unit, mend):
    amounts = {"E1": 300_000, "E2": 800_000, "E3": 250_000}  # £300, £400 and £250 a young person
    spend = {code: tuple(f"{amount * factor:.6f}" for _ in range(4)) for code, amount in amounts.items()}
    (said,) = made(spend=spend).account.warned
    assert unit in said and mend in said


def test_spending_for_each_young_person_is_warned_of_as_such(made):
    (said,) = made(spend=dict.fromkeys(("E1", "E2", "E3"), ("300", "310", "290", "300"))).account.warned
    assert "amounts for each young person" in said


def test_one_authority_or_one_year_in_thousands_is_named(made):
    spend = {
        "E1": ("0", "300000", "310000", "290"),
        "E2": ("0", "800", "810", "790"),
        "E3": ("0", "250000", "250000", ""),
    }
    said = made(spend=spend).account.warned
    assert [(text.split(":")[0], "2024-25" in text) for text in said] == [("Alder", True), ("Birch, City of", False)]


def test_real_differences_between_authorities_are_not_warned_of(made):
    # As published: from £33 to £2,230 a young person, and a nought here and there.
    spend = {
        "E1": ("0", "33000", "33000", "0"),
        "E2": ("0", "4460000", "4460000", "2000000"),
        "E3": ("0", "0", "0", "0"),
    }
    assert made(spend=spend).account.warned == ()


def test_parts_that_do_not_add_up_and_shares_of_one_are_warned_of(made_of_sums):
    done = made_of_sums(
        paper.north(), paper.alder(NEET_not_known_percent="9"), paper.birch(NEET_not_known_percent="7.1")
    )
    assert [text.split(":")[0] for text in done.account.warned] == ["Alder"]


def test_rates_as_shares_of_one_are_warned_of(made):
    (said,) = made([paper.alder(NEET_percent="0.05"), paper.birch(NEET_percent="0.04")]).account.warned
    assert "multiply by 100" in said


def test_a_code_of_one_with_the_number_of_another_is_said(made, tmp_path):
    path = tmp_path / "spend.csv"
    path.write_text("la_code,la_number,la_name,spend_2024_25\nE1,802,Alder,300000\nE3,803,Cedar,300000\n")
    rows = [paper.alder(), paper.birch(), paper.cedar()]
    done = import_dfe_neet([paper.write(tmp_path / "f.csv", rows)], tmp_path / "out", spend=path)
    assert [text.split(":")[0] for text in done.account.warned] == ["Alder"]
    assert any(said.startswith("Birch, City of: reported no spending") for said in done.account.guessed)


def test_marked_numbers_are_said_one_by_one_and_many_of_a_column_together(made):
    few = made([paper.alder(NEET_percent="5.1 [e]"), paper.birch()]).account.guessed
    assert [said for said in few if said == "Alder: NEET_percent is '5.1 [e]'; 5.1 is taken."]


def test_many_marked_numbers_of_a_column_are_one_sentence(made):
    rows = [paper.row("Local authority", "North", f"Area {n}", f"E{n}", Cohort_DJFavg="1,000") for n in range(8)]
    said = [text for text in made(rows).account.guessed if "1,000" in text]
    assert said == [
        "Cohort_DJFavg of Area 0 is '1,000', taken as 1000; so are 7 more of the column that are no plain numbers."
    ]
