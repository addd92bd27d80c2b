"""Where a row stands: its words in the problem, its cells in the table of rules, and whom it covers."""

import pytest

from allocator.register import Place


@pytest.mark.parametrize(
    ("place", "words", "partnership", "rest"),
    [
        (Place(year="2004-05"), ("2004-05",), "", ""),
        (Place("north", "2004-05", detail=("support",)), ("north", "2004-05", "support"), "north", "support"),
        (Place.of_scope("region", "Upland", "2004-05"), ("2004-05", "region", "Upland"), "", "region|Upland"),
        (
            Place.of_scope("partnership", "north", "2004-05"),
            ("north", "2004-05", "partnership"),
            "north",
            "partnership",
        ),
        (Place.of_scope("national", "", "2004-05"), ("2004-05", "national"), "", "national"),
    ],
)
def test_words_and_cells(place, words, partnership, rest):
    assert (place.words, place.partnership, place.year, place.rest) == (words, partnership, "2004-05", rest)
    assert str(place) == "|".join(words)


@pytest.mark.parametrize(
    ("place", "covers"),
    [
        (Place(year="2004-05"), True),
        (Place("north", "2004-05"), True),
        (Place("south", "2004-05"), False),
        (Place.of_scope("region", "Upland", "2004-05"), True),
        (Place.of_scope("region", "Lowland", "2004-05"), False),
        (Place.of_scope("partnership", "south", "2004-05"), False),
        (Place.of_scope("national", "", "2004-05"), True),
    ],
)
def test_whom_a_row_covers(place, covers):
    assert place.covers("north", "Upland") is covers


def test_places_alike_are_one_key():
    assert len({Place("a", "b"), Place("a", "b"), Place("a", "b", detail=("c",)), Place("a", "b", "region")}) == 3
