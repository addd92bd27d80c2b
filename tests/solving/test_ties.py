"""Among plans that are equally good there is one, whatever the order of the input; bands fill in order."""

from dataclasses import fields, replace

import numpy as np
import pytest

from allocator.scenario.load import read_scenario
from allocator.solving.settlement import solve_data
from allocator.solving.ties import TIE_BREAK, tie_breaks
from allocator.tables import read_data
from tests.helpers.builders import YEARS, tiny_data, write_tables
from tests.helpers.paper_programme import paper_tables, solved, two_partnerships

BY_PARTNERSHIP = (
    "partnership_names",
    "regions",
    "baseline_grant",
    "fixed_cost",
    "area_cost_factor",
    "effect_multiplier",
    "map_column",
    "map_row",
    "young_people",
    "neet",
    "workforce",
    "capacity",
)


def reference():
    scenario = read_scenario("settlement")
    return read_data(scenario.data), scenario.settings


def shuffled(data, folder, seed):
    """The same tables with their rows in another order, written and read again."""
    order = np.random.default_rng(seed)
    tables = {
        name: list(rows) if name == "years" else [rows[k] for k in order.permutation(len(rows))]
        for name, rows in data.tables.items()
    }
    return read_data(write_tables(folder, tables))


def the_other_way_round(data):
    """The data set with its partnerships from last to first, which the door would never give."""
    last = len(data.partnerships) - 1
    turned = {name: getattr(data, name)[::-1] for name in BY_PARTNERSHIP}
    aims = tuple(replace(aim, partnerships=tuple(last - p for p in aim.partnerships)) for aim in data.targets)
    return replace(data, partnerships=data.partnerships[::-1], targets=aims, **turned)


def same_bytes(first, second):
    return all(getattr(first, f.name).tobytes() == getattr(second, f.name).tobytes() for f in fields(first))


@pytest.mark.parametrize("certainty", ["settlement", "year_on_year"])
def test_the_plan_is_the_same_to_the_byte_twice_in_a_row_and_from_shuffled_rows(tmp_path, certainty):
    data, s = reference()
    s = s.model_copy(update={"certainty": s.certainty.model_copy(update={"kind": certainty})})
    first = solve_data(data, s)[0].figures
    assert same_bytes(first, solve_data(data, s)[0].figures)
    assert same_bytes(first, solve_data(shuffled(data, tmp_path, seed=1), s)[0].figures)


def test_the_reference_grants_do_not_hang_on_the_order_of_the_partnerships():
    data, s = reference()
    first, turned = (solve_data(d, s)[0].figures for d in (data, the_other_way_round(data)))
    assert np.abs(first.grant - turned.grant[::-1]).max() < 1.0  # squares are known to a ten-millionth
    assert np.abs(first.lapse - turned.lapse[::-1]).max() < 1.0


def test_two_alike_share_by_their_names_and_not_by_their_place(tmp_path):
    # work counts the same in both, £60,000 pay one adviser, and the reference is £30,000 each, which is as good
    tables = two_partnerships()
    tables["partnerships"][1]["effect_multiplier"] = 1
    data, s, solution = solved(tmp_path, tables)
    turned = solve_data(the_other_way_round(data), s)[0].figures
    assert solution.figures.grant[:, 0] == pytest.approx([30_000, 30_000], abs=0.02)
    assert turned.grant[::-1] == pytest.approx(solution.figures.grant, abs=0.02)


def test_tie_breaks_are_checksums_of_names(tmp_path):
    data = tiny_data(tmp_path, paper_tables())
    named = replace(data, partnerships=("1234",), years=("56789",))
    assert _crc32(b"123456789") == 0xCBF43926  # the check value that the standard itself gives
    assert tie_breaks(named, (0,))[0, 0] == pytest.approx(1 + TIE_BREAK * _crc32(b"1234|56789") / 2**32, rel=1e-15)


def _crc32(data):
    """CRC-32 by its definition: division of polynomials over two elements, bit by bit."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ (0xEDB88320 if register & 1 else 0)
    return register ^ 0xFFFFFFFF


def banded(*bands):
    """The paper instance with half an adviser: 50 places in bands of the widths and relative effects given."""
    tables = paper_tables()
    tables["workforce"][1]["fte"] = 0.5
    tables["returns"] = [
        {"intervention": "coaching", "band": n, "width": width, "relative_effect": share}
        for n, (width, share) in enumerate(bands, 1)
    ]
    return tables


def test_bands_that_are_equally_good_fill_in_order(tmp_path):
    figures = solved(tmp_path, banded((0.2, 1), (0.2, 1), (0.2, 1), (0.4, 1)))[2].figures
    assert figures.places[0, 0, 0, 0] == pytest.approx([20, 20, 10, 0], abs=1e-3)


def test_bands_that_are_less_good_fill_later(tmp_path):
    figures = solved(tmp_path, banded((0.3, 1), (0.7, 0.5)))[2].figures
    assert figures.places[0, 0, 0, 0] == pytest.approx([30, 20], abs=1e-3)


def test_bands_of_a_negative_effect_fill_in_order_as_well(tmp_path):
    tables = banded((0.3, 1), (0.7, 0.5))
    tables["effects"][0]["effect"] = -0.1
    tables["guarantees"] = [{"year": YEARS[0], "client_group": "neet", "interventions": "coaching", "min_share": 0.4}]
    figures = solved(tmp_path, tables)[2].figures
    assert figures.places[0, 0, 0, 0] == pytest.approx([30, 10], abs=1e-3)


@pytest.mark.parametrize("measure", ["cumulative", "fairest"])
def test_bands_fill_in_order_in_every_partnership_of_the_reference(measure):
    data, s = reference()
    s = s.model_copy(update={"goal": s.goal.model_copy(update={"measure": measure})})
    places = solve_data(data, s)[0].figures.places
    most = np.einsum("ib,ig,ptg->ptigb", data.width, np.nan_to_num(data.max_uptake), data.young_people)
    for i in range(len(data.interventions)):
        for b in range(1, int(data.bands[i])):
            begun = places[:, :, i, :, b] > 1e-6
            room = most[:, :, i, :, b - 1] - places[:, :, i, :, b - 1]
            assert room[begun].max(initial=0.0) < 1e-4
