"""England's authorities on a tile map: each a square of its own, near where it is; none where one has no square."""

import csv

import pytest

from allocator.imports.dfe.tiles import places_of, tiles, without_a_tile
from allocator.shipped import data_folder
from allocator.tables import read_data


@pytest.fixture(scope="module")
def england():
    return read_data(data_folder() / "england")


def place(england, name):
    p = england.partnership_names.index(name)
    return england.map_column[p], england.map_row[p]


def test_every_authority_has_a_square_of_its_own(england):
    places = list(zip(england.map_column, england.map_row, strict=True))
    assert None not in [value for both in places for value in both]
    assert len(set(places)) == len(england.partnerships) == 151


@pytest.mark.parametrize(
    ("west", "east"),
    [
        ("Cornwall", "Devon"),
        ("Liverpool", "Leeds"),
        ("Herefordshire, County of", "Norfolk"),
        ("Hillingdon", "Havering"),
    ],
)
def test_what_lies_further_west_stands_further_left(england, west, east):
    assert place(england, west)[0] < place(england, east)[0]


@pytest.mark.parametrize(
    ("north", "south"),
    [("Northumberland", "County Durham"), ("Leeds", "Nottingham"), ("Enfield", "Croydon"), ("Oxfordshire", "Dorset")],
)
def test_what_lies_further_north_stands_further_up(england, north, south):
    assert place(england, north)[1] < place(england, south)[1]


def test_names_are_known_however_they_are_spelt():
    names = ["Kingston upon Hull, City of", "Kingston Upon Hull", "Bristol", "St. Helens", "Westmorland & Furness"]
    hull, _, *others = names
    assert places_of([hull]) == places_of(["Kingston Upon Hull"])
    assert places_of([hull, *others]) is not None


def test_there_is_no_map_where_one_has_no_square_or_two_have_the_same():
    assert places_of(["Leeds", "Atlantis"]) is None
    assert without_a_tile(["Leeds", "Atlantis"]) == ("Atlantis",)
    assert places_of(["Leeds", "Leeds City Council"]) is None


def test_no_two_names_of_the_file_are_taken_for_the_same():
    with (data_folder() / "england-tiles.csv").open(newline="", encoding="utf-8") as stream:
        assert len(tiles()) == sum(1 for _ in csv.DictReader(stream))
