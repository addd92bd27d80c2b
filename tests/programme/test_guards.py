"""What PuLP takes without a word is refused, named or left out where rows and columns are made."""

import ast
import re
from pathlib import Path

import numpy as np
import pulp
import pytest

from allocator.errors import AllocatorError
from allocator.programme import builders, goals
from allocator.programme.formulate import formulate
from allocator.programme.variables import safe_names
from allocator.register import Place
from allocator.register.rules import CHANNEL
from allocator.solving.session import Session
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables
from tests.helpers.paper_programme import FINAL_YEAR, paper_tables, second_intervention, solved
from tests.helpers.written_lp import SETTINGS, written_tables

YEAR = "2004-05"


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Builds the paper instance's programme with the rows given in place of the rule channel's."""

    def built(*rows):
        def channel(d, s, x):
            for words, row in (row(x) if callable(row) else row for row in rows):
                yield Place(*words), row

        replaced = builders.RuleBuilder(CHANNEL, "One.", "a <= b", "", channel)
        monkeypatch.setitem(builders.RULE_BUILDERS, "channel", replaced)
        data = tiny_data(tmp_path, paper_tables())
        return formulate(data, tiny_scenario(tmp_path, FINAL_YEAR).settings)

    return built


def channel_rows(programme):
    return [place.words for rule, place in programme.rows if rule == "channel"]


# what is no row


def test_two_bare_variables_compared_are_a_truth_value_and_refused(build):
    assert isinstance(pulp.LpProblem().add_variable("a") == pulp.LpProblem().add_variable("b"), bool)
    with pytest.raises(AllocatorError) as refused:
        build(lambda x: (("north",), x.grant[0, 0] == x.carry[0, 0]))
    assert refused.value.place == "rule channel, north"


@pytest.mark.parametrize("row", [True, False, None, 1.0, "grant <= 5"])
def test_what_is_no_row_is_refused(build, row):
    with pytest.raises(AllocatorError) as refused:
        build((("north", YEAR), row))
    assert refused.value.place == f"rule channel, north|{YEAR}"


def test_an_expression_without_a_sense_is_refused(build):
    with pytest.raises(AllocatorError) as refused:
        build(lambda x: (("north",), x.grant[0, 0] + x.carry[0, 0]))
    assert refused.value.place == "rule channel, north"


def test_one_key_twice_is_refused(build):
    def row(x):
        return ("north",), 1.0 * x.grant[0, 0] <= 5.0

    with pytest.raises(AllocatorError) as refused:
        build(row, row)
    assert refused.value.place == "rule channel, north"


def test_no_rule_compares_in_a_chain_of_which_pulp_keeps_the_last_part():
    variable = pulp.LpProblem().add_variable("a")
    assert len((0 <= 1.0 * variable <= 5).values()) == 1  # the lower side is gone without a word
    folder = Path(goals.__file__).parent
    chained = [
        f"{path.name}:{node.lineno}"
        for path in (folder / "goals.py", *(folder / "rules").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare) and len(node.ops) > 1
    ]
    assert chained == []


# rows without terms


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        (lambda: pulp.lpSum([]) <= 0, True),
        (lambda: pulp.lpSum([]) <= 5, True),
        (lambda: pulp.lpSum([]) <= -1, False),
        (lambda: pulp.lpSum([]) >= 0, True),
        (lambda: pulp.lpSum([]) >= -1, True),
        (lambda: pulp.lpSum([]) >= 5, False),
        (lambda: pulp.lpSum([]) == 0, True),
        (lambda: pulp.lpSum([]) == 1, False),
        (lambda: pulp.lpSum([]) == -1, False),
    ],
)
def test_a_row_without_terms_is_left_out_only_where_it_holds(build, row, holds):
    programme = build((("north",), row()))
    assert channel_rows(programme) == ([] if holds else [("north",)])
    assert len(programme.rows) == programme.problem.numConstraints()


def test_a_promise_that_nothing_can_keep_has_no_plan_where_hard_and_falls_short_by_all_where_soft(tmp_path):
    tables = second_intervention(paper_tables(), 0.1)
    tables["effects"].pop()  # mentoring is offered to nobody
    tables["guarantees"] = [{"year": YEAR, "client_group": "neet", "interventions": "mentoring", "min_share": 0.2}]
    solution = solved(tmp_path, tables, FINAL_YEAR + '[rules]\nsoft = ["guarantee"]')[2]
    (record,) = (stage for stage in solution.stages if stage.stage == "soft")
    assert record.value == pytest.approx(1, abs=1e-7)
    with pytest.raises(AllocatorError) as refused:
        solved(tmp_path / "hard", tables)
    assert refused.value.stage == "rules"


# names


def test_names_that_clash_once_they_are_cleaned_stay_apart():
    assert len(set(safe_names(["a b", "a'b", "a|b", "a-b", "a_b", "a_b.2", "", " "]))) == 8
    assert all(re.fullmatch(r"[A-Za-z0-9_.]+", name) for name in safe_names(["King's Lynn | Wash", "été", "-"]))


@pytest.mark.parametrize("pair", [("St. John's", "St. John s"), ("a|b", "a b"), ("x", "x y|2004-05")])
def test_partnerships_whose_names_clash_once_cleaned_have_rows_and_columns_of_their_own(tmp_path, pair):
    tables = tiny_tables()
    named = dict(zip(("north", "south"), pair, strict=True))
    for rows in tables.values():
        for line in rows:
            if "partnership" in line:
                line["partnership"] = named[line["partnership"]]
    data = tiny_data(tmp_path, tables)
    s = tiny_scenario(tmp_path, SETTINGS.replace("[goal.weights]\nsouth = 3\n", "")).settings
    programme = formulate(data, s)
    names = [row.name for row in programme.problem.constraints()]
    assert len(names) == len(set(names)) == len(programme.rows) == len(set(programme.rows))
    columns = [variable.name for variable in programme.problem.variables()]
    assert len(columns) == len(set(columns)) == len(programme.decisions.keys) == len(set(programme.decisions.keys))
    assert {key[1] for key in programme.decisions.keys if key[0] == "grant"} == set(pair)
    # every row stands in the solver under the key that the programme keeps for it
    (floors,) = ([row for row in programme.problem.constraints() if row.name.startswith("floor")],)
    places = [place for rule, place in programme.rows if rule == "floor"]
    assert len(floors) == len(places) == 4
    baselines = dict(zip(data.partnerships, data.baseline_grant, strict=True))
    for row, place in zip(floors, places, strict=True):
        assert -row.constant == pytest.approx(0.9 * baselines[place.partnership] / 1000)


def test_the_rows_of_the_programme_are_in_the_order_of_their_keys(tmp_path):
    data = tiny_data(tmp_path, written_tables())
    programme = formulate(data, tiny_scenario(tmp_path, SETTINGS).settings)
    for row, (rule, place) in zip(programme.problem.constraints(), programme.rows, strict=True):
        cleaned = "|".join(re.sub(r"[^A-Za-z0-9_.]", "_", word) or "_" for word in (rule, *place.words))
        assert row.name == cleaned


# numbers


def test_pulp_takes_no_numpy_whole_number_as_a_side_so_rules_give_floats():
    variable = pulp.LpProblem().add_variable("a")
    with pytest.raises(TypeError):
        assert 1.0 * variable <= np.int64(3)


def test_data_of_whole_numbers_make_rows_of_floats(tmp_path):
    # every number of the tiny tables is read from text without a point
    data = tiny_data(tmp_path, written_tables())
    problem = formulate(data, tiny_scenario(tmp_path, SETTINGS).settings).problem
    assert {type(row.constant) for row in problem.constraints()} == {float}


def test_no_bound_and_no_coefficient_of_a_programme_is_missing_or_infinite(tmp_path):
    data = tiny_data(tmp_path, written_tables())
    problem = formulate(data, tiny_scenario(tmp_path, SETTINGS).settings).problem
    bounds = [(v.lowBound, v.upBound) for v in problem.variables()]
    assert np.isfinite(np.array(bounds, dtype=float)).all()
    assert all(low <= high for low, high in bounds)
    assert all(np.isfinite(c) for row in problem.constraints() for c in row.values())


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_row_with_a_number_that_is_none_is_refused(build, number):
    for row in (
        lambda x: (("north",), number * x.grant[0, 0] <= 5.0),
        lambda x: (("north",), 1.0 * x.grant[0, 0] <= number),
    ):
        with pytest.raises(Exception, match=r"(?i)finite|invalid|nan"):
            build(row)


def test_effects_too_small_for_the_solver_are_left_out_by_the_programme(tmp_path):
    # a year on 0.1 x 1e-9 stands, less than the 1e-9 below which HiGHS drops a coefficient without a word
    tables = paper_tables(years=2)
    tables["interventions"][0]["persistence"] = 1e-9
    data = tiny_data(tmp_path, tables)
    programme = formulate(data, tiny_scenario(tmp_path, FINAL_YEAR).settings)
    (row,) = (r for r in programme.problem.constraints() if r.name == "ceiling|north|2005_06")
    assert len(row) == 1


# columns


def test_a_column_that_no_row_and_no_goal_uses_stands_last_in_the_solver_for_the_stage_that_counts_it(tmp_path):
    # after final_year the most in all is sought, of places too that the final year leaves out
    tables = paper_tables()
    tables["interventions"][0]["unit_cost"] = 0
    tables["effects"][0].update(effect=0, adviser_hours=0)
    data, s, solution = solved(tmp_path, tables)
    session = Session(formulate(data, s))
    at = [key[0] for key in session.programme.decisions.keys].index("places")
    assert session.column_of[at] == session.size[1] - 1
    assert session.columns[-1][0] == "places"
    assert session.cost[-1] == 0
    assert session.upper[-1] == session.bounds()[1][-1] > 0
    assert {stage.outcome for stage in solution.stages} <= {"optimal", "not needed"}
