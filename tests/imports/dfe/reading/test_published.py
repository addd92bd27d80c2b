"""The Department's file as it is published: columns by name, symbols, levels, and everything wrong at once."""

import pytest

from allocator.errors import InvalidInput
from allocator.imports.dfe.reading.published import read_published
from tests.helpers import paper_dfe as paper


@pytest.fixture
def file(tmp_path):
    return tmp_path / "figures.csv"


def faults(path):
    with pytest.raises(InvalidInput) as error:
        read_published(path)
    return [(fault.code, fault.row, fault.column) for fault in error.value.faults]


def test_a_file_becomes_england_regions_and_authorities(file):
    (year,) = read_published(paper.write(file, paper.all_rows()))
    assert year.year == 2025
    assert year.england.figures["neet"] == 4.5
    assert {region: area.figures["neet"] for region, area in year.regions.items()} == {"North": 6.0, "South": 3.0}
    assert [(one.code, one.name, one.region) for one in year.authorities] == [
        ("E1", "Alder", "North"),
        ("E2", "Birch, City of", "North"),
        ("E3", "Cedar", "South"),
    ]
    assert year.authorities[1].figures["cohort"] == 2000
    assert year.dropped == ()


def test_columns_may_stand_in_any_order_in_any_case_among_others_and_under_older_names(file):
    (before,) = read_published(paper.write(file, paper.all_rows()))
    older = {
        "Cohort_DJFavg": "cohort_NEETNK",
        "NEET_percent": "NEET_perc",
        "NEET_NK_EHCP_percent": "NEETNK EHCP percent",
    }
    rows = [{older.get(name, name): value for name, value in row.items()} | {"new": "1"} for row in paper.all_rows()]
    columns = ["new", *(older.get(name, name) for name in reversed(paper.COLUMNS))]
    (after,) = read_published(paper.write(file, rows, columns))
    assert after == before


@pytest.mark.parametrize(("symbol", "kept"), [("c", "c"), ("z", "z"), ("x", "x"), ("C", "c"), ("", ""), (":", ":")])
def test_a_symbol_is_kept_apart_from_numbers(file, symbol, kept):
    (year,) = read_published(paper.write(file, [paper.alder(NEET_percent=symbol)]))
    (alder,) = year.authorities
    assert "neet" not in alder.figures
    assert alder.symbols == {"neet": kept}


def test_low_is_a_number_that_rounds_to_zero(file):
    (year,) = read_published(paper.write(file, [paper.alder(Notknown_percent="low")]))
    assert year.authorities[0].figures["not_known"] == 0
    assert not year.authorities[0].symbols


def test_symbols_in_columns_that_are_not_used_do_not_matter(file):
    (year,) = read_published(paper.write(file, [paper.alder(NEET_quintile="no such symbol")]))
    assert len(year.authorities) == 1


def test_every_missing_column_is_listed_at_once(file):
    without = ("NEET_percent", "Cohort_DJFavg", "region_name")
    columns = [name for name in paper.COLUMNS if name not in without]
    assert faults(paper.write(file, paper.all_rows(), columns)) == [
        ("missing-column", "1", column) for column in ("region_name", "Cohort_DJFavg", "NEET_percent")
    ]


def test_every_cell_that_is_no_figure_is_listed_at_once(file):
    rows = [paper.alder(NEET_percent="5 %"), paper.birch(NEET_percent="105"), paper.cedar(Cohort_DJFavg="-3")]
    assert faults(paper.write(file, rows)) == [
        ("not-a-number", "2", "NEET_percent"),
        ("out-of-range", "3", "NEET_percent"),
        ("out-of-range", "4", "Cohort_DJFavg"),
    ]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([paper.alder(), paper.alder()], ("duplicate-key", "3", "")),
        ([paper.england(), paper.england(), paper.alder()], ("duplicate-key", "3", "")),
        ([paper.england()], ("empty-table", "", "")),
        ([paper.alder() | {"la_name": ""}], ("blank-cell", "2", "la_name")),
        ([paper.alder() | {"new_la_code": "=1+1"}], ("out-of-range", "2", "new_la_code")),
        ([paper.alder() | {"time_period": "202426"}], ("out-of-range", "2", "time_period")),
    ],
)
def test_rows_that_cannot_be_right_are_refused(file, rows, fault):
    assert fault in faults(paper.write(file, rows))


def test_a_file_that_is_no_csv_is_refused(file):
    file.write_bytes(b"\xff\xfe" + "time_period".encode("utf-16-le"))
    assert faults(file) == [("encoding", "", "")]
    file.write_bytes(b"time_period,new_la_code\n2025\n")
    assert ("ragged-row", "2", "") in faults(file)


def test_other_levels_and_ages_and_rows_without_a_code_are_dropped_and_said(file):
    rows = [
        paper.alder(),
        paper.row("Ward", "North", "Elm", "W1"),
        paper.birch() | {"Age": "16"},
        paper.birch() | {"new_la_code": "", "old_la_code": "z"},
    ]
    (year,) = read_published(paper.write(file, rows))
    assert [one.name for one in year.authorities] == ["Alder"]
    assert len(year.dropped) == 3


def test_a_file_of_several_years_is_taken_apart(file):
    rows = [paper.alder(), paper.alder() | {"time_period": "202223", "NEET_percent": "4"}]
    before, after = read_published(paper.write(file, rows))
    assert (before.year, before.authorities[0].figures["neet"]) == (2023, 4)
    assert (after.year, after.authorities[0].figures["neet"]) == (2025, 5)


@pytest.mark.parametrize(("code", "number", "known_as"), [("z", "802", "802"), ("", "802", "802"), ("e2", "z", "E2")])
def test_a_placeholder_is_no_code_and_no_number(file, code, number, known_as):
    (year,) = read_published(
        paper.write(file, [paper.alder(), paper.birch() | {"new_la_code": code, "old_la_code": number}])
    )
    assert [one.code for one in year.authorities] == ["E1", known_as]
    assert year.authorities[1].number == ("" if number == "z" else number)


@pytest.mark.parametrize(
    ("cell", "symbol"), [("[c]", "c"), ("*", "*"), ("..", ".."), (".", "."), ("u", "u"), ("N/A", "n/a"), ("~", "~")]
)
def test_the_symbols_of_other_statistics_are_no_numbers(file, cell, symbol):
    (year,) = read_published(paper.write(file, [paper.alder(NEET_percent=cell)]))
    assert year.authorities[0].symbols == {"neet": symbol}


@pytest.mark.parametrize("cell", ["low", "[low]", "k", "–", "-", "−"])
def test_what_rounds_to_nothing_is_a_nought_that_is_kept_as_marked(file, cell):
    (year,) = read_published(paper.write(file, [paper.alder(Notknown_percent=cell)]))
    assert year.authorities[0].figures["not_known"] == 0
    assert year.authorities[0].marked == {"not_known": cell.strip("[]")}


def test_a_dash_that_the_published_sum_contradicts_is_not_taken_as_a_nought(file):
    columns = [*paper.COLUMNS, "NEET_not_known_percent"]
    rows = [paper.alder(Notknown_percent="–", NEET_not_known_percent="7")]
    (year,) = read_published(paper.write(file, rows, columns))
    assert year.authorities[0].symbols == {"not_known": "–"}


@pytest.mark.parametrize(
    ("cell", "value"), [("5.1 [e]", 5.1), ("5.1p", 5.1), ("5.1 (r)", 5.1), ("5", 5), ("1e1", 10), ("\xa05.1 ", 5.1)]
)
def test_a_mark_beside_a_number_leaves_it_a_number(file, cell, value):
    (year,) = read_published(paper.write(file, [paper.alder(NEET_percent=cell)]))
    assert year.authorities[0].figures["neet"] == value


def test_a_cohort_may_have_commas_between_its_thousands(file):
    (year,) = read_published(paper.write(file, [paper.alder(Cohort_DJFavg="1,234")]))
    assert year.authorities[0].figures["cohort"] == 1234


def test_a_per_cent_sign_is_told_with_what_to_write(file):
    with pytest.raises(InvalidInput) as error:
        read_published(paper.write(file, [paper.alder(NEET_percent="5.1 %")]))
    assert [fault.fix for fault in error.value.faults] == ["Write 5.1."]


@pytest.mark.parametrize(
    ("period", "year"), [("202425", 2025), ("2024/25", 2025), ("2024-25", 2025), ("2024–25", 2025), ("2025.0", 2025)]
)
def test_a_period_is_read_as_statistics_write_it(file, period, year):
    (found,) = read_published(paper.write(file, [{**row, "time_period": period} for row in paper.all_rows()]))
    assert found.year == year


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_title_above_and_a_source_below_are_left_out_and_said(file, separator):
    (before,) = read_published(paper.write(file, paper.all_rows()))
    text = file.read_text(encoding="utf-8-sig").replace(",", separator)
    file.write_text(f"NEET and not known\n\n{text}\nSource: returns of authorities\n", encoding="utf-8")
    (after,) = read_published(file)
    assert after.authorities[0].figures == before.authorities[0].figures
    assert after.dropped == (
        "'NEET and not known' above the headings in figures.csv",
        "'Source: returns of authorities' below the table in figures.csv",
    )


def test_the_same_slip_all_down_a_column_is_one_fault(file):
    rows = [{**row, "NEET_percent": f"{row['NEET_percent']}%"} for row in paper.all_rows()]
    assert faults(paper.write(file, rows)) == [("not-a-number", "2", "NEET_percent")]
    rows = [{**row, "time_period": "May-25"} for row in paper.all_rows()]
    assert faults(paper.write(file, rows)) == [("out-of-range", "2", "time_period")]


@pytest.mark.parametrize("symbol", ["w", "supp", "**", "suppressed", "n.a.", "!"])
def test_symbols_of_other_statistics_are_kept_apart_too(file, symbol):
    (year,) = read_published(paper.write(file, [paper.alder(NEET_percent=symbol)]))
    assert year.authorities[0].symbols == {"neet": symbol}


def test_of_rows_parted_by_sex_those_of_everybody_are_read(file):
    rows = [{**row, "sex": sex} for row in paper.all_rows() for sex in ("Female", "Total", "Male")]
    (year,) = read_published(paper.write(file, rows, [*paper.COLUMNS, "sex"]))
    (plain,) = read_published(paper.write(file, paper.all_rows()))
    assert year.authorities == plain.authorities
    assert year.dropped == ("12 rows whose sex is not Total in figures.csv",)


def test_short_names_of_levels_are_known_and_others_are_told(file):
    (year,) = read_published(paper.write(file, [{**paper.alder(), "geographic_level": "LA"}]))
    assert len(year.authorities) == 1
    paper.write(file, [{**paper.alder(), "geographic_level": "Ward"}])
    with pytest.raises(InvalidInput, match="no local authority in 2025, but 'Ward'"):
        read_published(file)


def test_a_column_that_is_another_is_never_proposed(file):
    columns = [name for name in paper.COLUMNS if name not in ("region_name", "NEET_percent", "Cohort_DJFavg")]
    rows = [{**row, "VG_cohort_DJF_avg": "3", "region_code": "E12000004"} for row in paper.all_rows()]
    paper.write(file, rows, [*columns, "VG_cohort_DJF_avg", "region_code"])
    with pytest.raises(InvalidInput) as error:
        read_published(file)
    assert [fault.fix for fault in error.value.faults] == ["", "", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("la_code,la_name,spend_2024_25\nE1,Alder,5\n", "What was spent is given apart"),
        ("<!DOCTYPE html><html></html>", "found a web page"),
    ],
)
def test_what_is_no_such_file_at_all_is_told_by_its_cause(file, text, said):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=said) as error:
        read_published(file)
    assert len(error.value.faults) == 1
