"""What a run gives, read back from its folder."""

import pytest

from allocator.analyses.allocation import allocation
from allocator.errors import RunError, UsageError
from allocator.outputs.allocation import allocation_lines
from allocator.plan.run_folder import write_run
from tests.outputs.paper_plan import paper_plan


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
    assert [(year.grant, year.in_force) for year in north.years] == [(126_000, 120_000), (124_000, 120_000)]
    assert [year.reduction for year in north.years] == [pytest.approx(5), pytest.approx(7.5)]
    assert north.years[1].advisers == {"support": 0.81, "adviser": 2.12}
    assert north.years[0].places == {"coaching": 50}


def test_a_partnership_that_serves_nobody_has_no_places(run):
    (south,) = allocation(run, partnership="south").partnerships
    assert [dict(year.places) for year in south.years] == [{}, {}]
    assert any(
        "South, Lowland: £150k over two years, £10k (6.2 %) less than in force." in line
        for line in shown(allocation(run, partnership="south"))
    )


def test_a_region_and_all(run):
    assert [p.partnership for p in allocation(run, region="lowland").partnerships] == ["south"]
    everyone = allocation(run)
    assert [p.partnership for p in everyone.partnerships] == ["north", "south"]
    together = shown(everyone)[-1].split()
    # £0.40m granted as in force; 7.5 fewer NEET of 180
    assert together[:5] == ["together", "0.40", "0.40", "0", "0"]
    assert together[6:] == ["8", "4.2", "%"]


def test_the_rows_of_a_table(run):
    result = allocation(run, partnership="south", table="grants")
    assert [dict(zip(result.columns, row, strict=True))["grant"] for row in result.rows] == [74_000, 76_000]
    assert result.as_dict()["rows"][0]["partnership"] == "south"
    assert len(shown(result)) == 3
    assert len(allocation(run, table="advisers").rows) == 8  # two partnerships, years and grades


def test_json_has_every_year(run):
    record = allocation(run, partnership="north").as_dict()
    (north,) = record["partnerships"]
    assert [year["year"] for year in north["years"]] == ["2004-05", "2005-06"]
    assert record["scenario"]["title"] == "A plan on paper"


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("asked", [{"partnership": "north"}, {}])
def test_it_fits_the_terminal(run, asked, width):
    assert max(map(len, shown(allocation(run, **asked), width))) <= width


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
