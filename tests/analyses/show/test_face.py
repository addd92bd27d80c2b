"""What a run gives, read back from its folder."""

import shutil
from dataclasses import replace

import pytest

from allocator.analyses.show.allocation import TableRows, allocation
from allocator.analyses.show.face import allocation_lines
from allocator.errors import RunError, UsageError
from allocator.runs.write import write_run
from tests.helpers.paper_plan import paper_plan


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return write_run(paper_plan(folder), folder / "run")


def shown(result, width=100):
    return [line.plain.rstrip() for line in allocation_lines(result, width)]


def test_one_partnership_by_its_key_or_its_name(run):
    by_key, by_name = (allocation(run, partnership=word) for word in ("north", "North"))
    assert by_key == by_name
    (north,) = by_key.partnerships
    assert [(year.grant, year.shares_as_before) for year in north.years] == [(126_000, 120_000), (124_000, 120_000)]
    assert [year.reduction for year in north.years] == [pytest.approx(5), pytest.approx(7.5)]
    assert north.years[1].advisers == {"support": 0.81, "adviser": 2.12}
    assert north.years[0].places == {"coaching": 50}


def test_a_partnership_that_serves_nobody_has_no_places(run):
    (south,) = allocation(run, partnership="south").partnerships
    assert [dict(year.places) for year in south.years] == [{}, {}]
    assert any(
        "South, Lowland: £150k over two years, £10k (6.2 %) less than on shares as before;" in line
        for line in shown(allocation(run, partnership="south"))
    )


def test_a_region_and_all(run):
    assert [p.partnership for p in allocation(run, region="lowland").partnerships] == ["south"]
    everyone = allocation(run)
    assert [p.partnership for p in everyone.partnerships] == ["north", "south"]
    (together,) = [line.split() for line in shown(everyone) if line.startswith("  together")]
    # £0.40m granted, as on shares as before; 7.5 fewer NEET of 180
    # on last year nothing changes in all, nor on shares as before
    assert together[:7] == ["together", "0.40", "0", "0", "0.40", "0", "0"]
    assert together[8:] == ["8", "4.2", "%"]


def below(lines, title):
    """The rows of a table that stands last but for others: label and cells, up to a blank line."""
    first = next(n for n, line in enumerate(lines) if line.startswith(title)) + 1
    rows = lines[first : lines.index("", first) if "" in lines[first:] else None]
    return [(row.split()[0], row.split()[1:]) for row in rows]


def test_all_and_a_region_have_advisers_by_grade_and_places_by_intervention_together(run):
    everyone, lowland = shown(allocation(run)), shown(allocation(run, region="Lowland"))
    # north 0.9 and 0.81 support, 1.8 and 2.12 advisers; south 0.9 and 0.71, 0.9 and 0.81
    assert below(everyone, "ADVISERS") == [("Support", ["1.8", "1.5"]), ("Adviser", ["2.7", "2.9"])]
    assert below(everyone, "PLACES") == [("Coaching", ["50", "50"])]
    assert below(lowland, "ADVISERS") == [("Support", ["0.9", "0.7"]), ("Adviser", ["0.9", "0.8"])]
    assert below(lowland, "PLACES") == []


def test_places_that_one_partnership_alone_has_are_in_the_sum(run):
    north, south = allocation(run).partnerships
    years = tuple(replace(year, places={"group_work": 7.0, "coaching": 1.0}) for year in south.years)
    both = replace(allocation(run), partnerships=(north, replace(south, years=years)))
    assert below(shown(both), "PLACES") == [("Coaching", ["51", "51"]), ("Group", ["work", "7", "7"])]


@pytest.mark.parametrize("width", [80, 100, 160])
def test_one_partnership_with_millions_fits_the_terminal(run, width):
    found = allocation(run, partnership="north")
    (north,) = found.partnerships
    years = tuple(replace(year, grant=13_453_093.0, shares_as_before=11_690_029.0) for year in north.years)
    large = replace(found, partnerships=(replace(north, years=years),))
    assert "+15.1 %" in "".join(shown(large, width))  # 13,453,093 of 11,690,029
    assert max(map(len, shown(large, width))) <= width


def test_the_rows_of_a_table(run):
    result = allocation(run, partnership="south", table="grants")
    assert [dict(zip(result.columns, row, strict=True))["grant"] for row in result.rows] == [74_000, 76_000]
    assert result.to_dict()["rows"][0]["partnership"] == "south"
    lines = shown(result)
    assert [line.split()[1:3] for line in lines if line.startswith("south")] == [
        ["2004-05", "74,000"], ["2005-06", "76,000"],
    ]  # fmt: skip
    assert sum(line.split().count("£") for line in lines) == 4  # the units stand under the names
    assert len(allocation(run, table="advisers").rows) == 8  # two partnerships, years and grades


def test_json_has_every_year(run):
    record = allocation(run, partnership="north").to_dict()
    (north,) = record["partnerships"]
    assert [year["year"] for year in north["years"]] == ["2004-05", "2005-06"]
    assert record["scenario"]["title"] == "A plan on paper"


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("asked", [{"partnership": "north"}, {}, {"table": "grants"}, {"table": "rules"}])
def test_it_fits_the_terminal(run, asked, width):
    assert max(map(len, shown(allocation(run, **asked), width))) <= width


def as_table(columns, units, *rows):
    return TableRows("run", "s", "t", "", in_full=False, table_name="t", columns=columns, units=units, rows=rows)


def test_a_small_price_is_shown_by_its_digits_with_its_unit_and_what_arithmetic_left_as_nothing():
    table = as_table(
        ("rule", "slack", "price"), ("", "", "young person-years a unit"), ("money", 1.86e-9, -0.0000354321)
    )
    lines = shown(table)
    assert lines[1].split() == ["ypy", "a", "unit"]
    assert lines[-1].split() == ["money", "0", "−0.0000354"]


def test_columns_that_do_not_fit_follow_on_another_line_and_names_give_way_first():
    keys = ("partnership", "name", "region", "year")
    figures = tuple(f"figure_{n}" for n in range(8))
    row = ("north", "N" * 40, "R" * 40, "2004-05", *(1_000_000.5 + n for n in range(8)))
    table = as_table((*keys, *figures), ("",) * 4 + ("£",) * 8, row)
    for width in (80, 100):
        lines = shown(table, width)
        assert max(map(len, lines)) <= width
        assert lines[-1] == "Columns left out at this width: name, region."
        said = " ".join(" ".join(lines).split())
        assert all(f"1,000,00{n}.50" in said for n in range(8))
        assert "NNN" not in said
    assert "NNN" in " ".join(shown(table, 400))


def test_partnerships_stand_in_the_order_of_their_names(run, tmp_path):
    other = shutil.copytree(run, tmp_path / "run")
    grants = other / "plan" / "grants.csv"
    grants.write_text(grants.read_text().replace(",North,", ",York and the North,"))
    assert [one.partnership for one in allocation(other).partnerships] == ["south", "north"]


def test_every_column_has_a_heading_and_one_that_gives_way_is_named(run):
    everyone = allocation(run)
    lines = shown(everyone, 100)
    heads = " ".join(" ".join(lines[:5]).split())
    assert "on last" in heads
    assert "shares as" in heads
    assert "of those" in heads
    narrow = shown(replace(everyone, partnerships=(replace(everyone.partnerships[0], name="N" * 40),) * 2), 80)
    gone = "shares as before £m; on shares £m; fewer NEET 2005-06 of those without it."
    assert f"Columns left out at this width: {gone}" in " ".join(" ".join(narrow).split())


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [({"partnership": "nort"}, "north"), ({"region": "Uplands"}, "Upland"), ({"table": "grant"}, "grants")],
)
def test_a_slip_gets_a_suggestion(run, asked, suggested):
    with pytest.raises(UsageError) as caught:
        allocation(run, **asked)
    assert suggested in caught.value.fix


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunError):
        allocation(tmp_path / "nothing")
    with pytest.raises(RunError):
        allocation(tmp_path)
