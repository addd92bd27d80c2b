"""Partnerships that are merged, split, new or renamed between two sides."""

import pytest
import xlsxwriter

from allocator.analyses.compare.comparison import compare_sides
from allocator.analyses.compare.crosswalk import Same, read_crosswalk
from allocator.errors import InvalidInput, UsageError
from allocator.what_if.side import Side
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables

HISTORICAL = '[grants]\ndistribution = "historical"\n'


def side(folder, tables, settings=HISTORICAL):
    folder.mkdir(parents=True, exist_ok=True)
    data = tiny_data(folder, tables)
    return Side(folder.name, tiny_scenario(folder, settings, title=folder.name).settings, data)


def renamed(**keys):
    """The tiny tables with other keys: one that stands for two is given to both, and their figures are added up."""
    tables = tiny_tables()
    for name in ("partnerships", "young_people", "workforce"):
        found = {}
        for row in tables[name]:
            key = keys.get(row["partnership"], row["partnership"])
            new = row | {"partnership": key}
            if "name" in row:
                new["name"] = key.title()
            kept = found.setdefault(tuple(new.get(c) for c in ("partnership", "client_group", "year", "grade")), new)
            if kept is not new:
                for column in ("baseline_grant", "fixed_cost", "young_people", "neet", "fte"):
                    if column in new:
                        kept[column] += new[column]
        tables[name] = list(found.values())
    return tables


def test_two_that_are_merged_are_set_against_the_one_they_became(tmp_path):
    first, other = side(tmp_path / "a", tiny_tables()), side(tmp_path / "b", renamed(north="whole", south="whole"))
    (against,) = compare_sides([first, other], same=read_crosswalk(["north+south=whole"])).against
    (change,) = against.changes
    assert (change.name, change.partnership) == ("North + South → Whole", "whole")
    # all the money of two years, £200,000 each, on either side
    assert (change.first, change.other) == (pytest.approx(400_000), pytest.approx(400_000))
    assert against.only_first == against.only_other == ()
    assert against.classes == (0, 0, 1, 0, 0)


def test_without_a_crosswalk_totals_are_over_all_and_each_side_s_own_are_named(tmp_path):
    first, other = side(tmp_path / "a", tiny_tables()), side(tmp_path / "b", renamed(south="sud"))
    (against,) = compare_sides([first, other]).against
    assert (against.only_first, against.only_other) == (("South",), ("Sud",))
    assert (against.first, against.other) == (pytest.approx(400_000), pytest.approx(400_000))
    assert against.more == pytest.approx(0, abs=1e-6)
    assert sum(against.classes) == 1  # North alone is on both sides
    assert [(one.what, one.how) for one in against.differs] == [
        ("partnerships", "2 → 2 (no longer there: South; new: Sud)"),
        ("partnerships+young_people+workforce", "7 rows"),  # 1, 4 and 2
    ]


def test_pairs_that_share_a_partnership_belong_together_by_key_and_by_name(tmp_path):
    first, other = side(tmp_path / "a", tiny_tables()), side(tmp_path / "b", renamed(north="whole", south="whole"))
    file = tmp_path / "same.csv"
    file.write_text("old,new\nsouth,whole\nNorth,Whole\n", encoding="utf-8")
    for given in ([str(file)], ["north=whole", "south=Whole"], ["north=whole", "North+south=whole"]):
        (against,) = compare_sides([first, other], same=read_crosswalk(given)).against
        (change,) = against.changes  # once, and not once a pair
        assert (change.first, change.other) == (pytest.approx(400_000), pytest.approx(400_000))
        assert against.moved == pytest.approx(0, abs=1e-6)


def test_what_became_of_partnerships_stands_on_top(tmp_path):
    first = side(tmp_path / "a", tiny_tables())
    for keys, same, said in (
        ({"north": "whole", "south": "whole"}, ["north+south=whole"], "2 → 1 (merged: North + South → Whole)"),
        ({"south": "sud"}, ["south=sud"], "2 → 2 (renamed: South → Sud)"),
        ({"south": "sud", "north": "nord"}, ["south+north=sud+nord"], "2 → 2 (redrawn: South + North → Sud + Nord)"),
    ):
        other = side(tmp_path / said[:20], renamed(**keys))
        (against,) = compare_sides([first, other], same=read_crosswalk(same)).against
        assert (against.differs[0].what, against.differs[0].how) == ("partnerships", said)
    whole = side(tmp_path / "c", renamed(north="whole", south="whole"))
    (against,) = compare_sides([whole, first], same=read_crosswalk(["whole=north+south"])).against
    assert against.differs[0].how == "1 → 2 (split: Whole → North + South)"


def test_each_side_takes_the_pairs_that_name_its_own(tmp_path):
    first, same_again = side(tmp_path / "a", tiny_tables()), side(tmp_path / "b", tiny_tables())
    other = side(tmp_path / "c", renamed(south="sud"))
    unchanged, changed = compare_sides([first, same_again, other], same=read_crosswalk(["south=sud"])).against
    assert unchanged.differs == ()
    assert changed.only_first == changed.only_other == ()


def test_sides_the_wrong_way_round_are_told(tmp_path):
    first, other = side(tmp_path / "a", tiny_tables()), side(tmp_path / "b", renamed(south="sud"))
    for given in ("sud=south", "south=north_2"):
        with pytest.raises(UsageError) as error:
            compare_sides([first, other], same=read_crosswalk([given]))
        assert ("other way round" in str(error.value)) == (given == "sud=south")


def test_names_serve_as_keys_do_and_a_slip_is_told(tmp_path):
    first, other = side(tmp_path / "a", tiny_tables()), side(tmp_path / "b", renamed(south="sud"))
    assert compare_sides([first, other], same=[Same(("South",), ("Sud",))]).against[0].only_first == ()
    with pytest.raises(UsageError) as error:
        compare_sides([first, other], same=read_crosswalk(["soth=sud"]))
    assert "'soth'" in str(error.value.found)
    assert "south" in str(error.value)


@pytest.mark.parametrize("given", ["north=", "=south", "a+=b", "nowhere.csv"])
def test_what_is_no_crosswalk_is_refused(given):
    with pytest.raises(UsageError) as error:
        read_crosswalk([given])
    assert "old=new" in error.value.wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [("old,new\nnorth,\n", "blank-cell"), ("was,is\nnorth,west\n", "missing-column"), ("", "empty-table")],
)
def test_a_file_that_is_no_crosswalk_is_refused_with_its_faults(tmp_path, text, code):
    file = tmp_path / "same.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as error:
        read_crosswalk([str(file)])
    assert code in [fault.code for fault in error.value.faults]


def test_a_workbook_gives_what_the_file_gives(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "same.xlsx")
    sheet = book.add_worksheet("areas")
    for row, cells in enumerate([("old", "new"), ("south", "west"), ("north", "west")]):
        sheet.write_row(row, 0, cells)
    book.close()
    found = read_crosswalk([str(tmp_path / "same.xlsx")])
    assert found == (Same(("south",), ("west",)), Same(("north",), ("west",)))
