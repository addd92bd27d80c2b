"""What a notebook meets: settings in three ways, frames in and out, a plan with its verbs, refusals to act on."""

import pandas as pd
import pytest
import typer

import allocator
from allocator.cli.app import app
from allocator.cli.as_typed import as_typed
from allocator.errors import UsageError
from allocator.results import LINES, WIDTH, Result, doc, documented, keys_of
from tests.helpers.builders import tiny_tables, write_tables

SCENARIO = 'title = "Tiny"\ndata = "tables"\n[grants]\nfloor = 0.9\n'


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    write_tables(folder / "tables", tiny_tables())
    (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    return folder / "scenario.toml"


@pytest.fixture(scope="module")
def plan(file):
    return allocator.solve(file, reasons=True)


class Row(Result):
    name: str = doc("its name")
    amount: float | None = doc("its amount", "£")


class Paper(Result):
    rows: tuple[Row, ...] = doc("a row")
    by_year: dict[str, float] = doc("of a year", "£", name="spent_<year>")
    hidden: int = 0

    @property
    @documented("twice hidden")
    def twice(self) -> int:
        return 2 * self.hidden


PAPER = Paper((Row("a", 1.0), Row("b", None)), {"2004-05": 5.0}, hidden=4)


def test_a_results_keys_frames_and_text_come_from_its_fields():
    assert PAPER.to_dict() == {
        "rows": [{"name": "a", "amount": 1.0}, {"name": "b", "amount": None}],
        "spent_2004-05": 5.0,
        "twice": 8,
    }
    assert [key.name for key in keys_of(Paper)] == ["rows", "spent_<year>", "twice"]
    assert PAPER.main_table() == {"name": ["a", "b"], "amount": [1.0, None]}
    assert list(PAPER.frames) == ["rows"]
    assert list(PAPER.frame["name"]) == ["a", "b"]
    assert repr(PAPER) == "Paper(rows=[2 Row], by_year={1 keys}, twice=8)"
    assert "<td>8</td>" in PAPER._repr_html_()


def test_a_row_within_a_row_begins_with_the_names_of_the_outer_one():
    class Outer(Result):
        groups: tuple[Paper, ...] = doc("a group")
        region: str = doc("its region")

    class Whole(Result):
        outers: tuple[Outer, ...] = doc("an outer one")

    frames = Whole((Outer((PAPER,), "north"),)).frames
    assert list(frames) == ["outers", "outers.groups", "outers.groups.rows"]
    assert frames["outers.groups"].to_dict("records") == [{"region": "north", "spent_2004-05": 5.0, "twice": 8}]


def test_dir_lists_the_library_before_anything_is_imported():
    assert set(dir(allocator)) >= {"solve", "load", "score", "NoPlan", "Plan", "read_data", "__version__"}
    assert all(getattr(allocator, name) is not None for name in dir(allocator))


def test_what_a_command_does_the_library_does():
    named = {"import": "import_dfe_neet", "export": "report", "open": "report"}  # open shows what report writes
    for command in typer.main.get_command(app).commands:
        assert callable(getattr(allocator, named.get(command, command))), command
    assert allocator.check("settlement", grants__floor=0.95).status == "valid"
    assert allocator.models().frame["name"][0] == "settlement"
    assert [rule.name for rule in allocator.rules("floor").rules] == ["floor"]


@pytest.mark.parametrize(
    "changed",
    [
        {"overrides": ["grants.floor=0.8", "budget.scale=0.99"]},
        {"overrides": {"grants.floor": 0.8, "budget.scale": 0.99}},
        {"grants__floor": 0.8, "budget__scale": 0.99},
        {"overrides": {"grants": {"floor": 0.8}}, "budget__scale": 0.99},
    ],
)
def test_settings_are_changed_in_three_ways_to_the_same_scenario(file, changed):
    overrides = changed.pop("overrides", ())
    read = allocator.read_scenario(file, overrides, **changed)
    assert (read.settings.grants.floor, read.settings.budget.scale) == (0.8, 0.99)
    assert read.sha256 == allocator.read_scenario(file).with_(overrides, **changed).sha256


def test_a_value_may_be_none_a_list_or_a_year(file):
    read = allocator.read_scenario(file, {'budget.by_year."2004-05"': 150_000}, grants__floor=None, rules__off=["cap"])
    assert read.settings.grants.floor is None
    assert read.settings.rules.off == ("cap",)
    assert read.settings.budget.by_year == {"2004-05": 150_000}


def test_an_unknown_setting_is_refused_in_the_librarys_words(file):
    with pytest.raises(allocator.InvalidInput) as refused:
        allocator.solve(file, grants__flor=0.9)
    (fault,) = refused.value.faults
    assert (fault.table, fault.column) == ("overrides", "grants.flor")
    assert as_typed(refused.value).faults[0].table == "--set"


def test_what_is_an_argument_there_is_an_option_on_the_command_line():
    typed = as_typed(UsageError("first_year", "found 'x'", "a year", "Use `force`, or `jobs=1`, not `allocator`."))
    assert typed.place == "--first-year"
    assert typed.fix == "Use --force, or --jobs 1, not `allocator`."


def test_a_plan_says_what_it_is_in_a_few_lines(plan):
    for shown in (plan, plan.data, plan.solution, plan.scenario, plan.recomputed, plan.reasons, plan.summary()):
        lines = repr(shown).splitlines()
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= WIDTH + 10
    assert "certified" in repr(plan)
    assert "Tiny" in plan._repr_html_()
    assert list(plan.frames) == ["grants", "advisers", "places", "reductions", "money", "rules"]
    assert plan.frame.equals(plan.grants)


def test_a_plan_that_is_saved_and_loaded_is_the_same(plan, tmp_path):
    run = plan.save(tmp_path / "run")
    again = allocator.load(run)
    assert again.to_dict() == plan.to_dict()
    for name, frame in plan.frames.items():
        pd.testing.assert_frame_equal(again.frames[name], frame, check_dtype=False)
    assert again.verify().certified
    assert again.explain("north").to_dict() == plan.explain("north").to_dict()
    assert again.scenario.with_(grants__floor=0.5).settings.grants.floor == 0.5
    assert allocator.solve(again.scenario).recomputed.goal == pytest.approx(plan.recomputed.goal, rel=1e-9)


def test_a_plan_is_verified_without_having_been_saved(plan):
    found = plan.verify()
    assert [check.check for check in found.checks] == ["files", "certificate", "recomputed", "totals"]
    assert found.certified


def test_tables_come_as_frames_and_pass_the_same_door(plan, file):
    tables = plan.data.frames
    whole = allocator.read_data(tables)
    assert whole.tables == plan.data.tables
    tables["effects"]["effect"] /= 2
    halved = allocator.solve(file, data={"effects": tables["effects"]})
    assert halved.recomputed.goal == pytest.approx(plan.recomputed.goal / 2, rel=0.2)
    tables["effects"].loc[0, "client_group"] = "nobody"
    with pytest.raises(allocator.InvalidInput) as refused:
        allocator.solve(file, data={"effects": tables["effects"]})
    assert {fault.code for fault in refused.value.faults} >= {"unknown-name"}
    with pytest.raises(UsageError, match="no table 'effect'"):
        allocator.solve(file, data={"effect": tables["effects"]})


def test_grants_to_score_come_as_a_frame(plan, file):
    scored = allocator.score(file, plan.grants[["partnership", "year", "grant"]])
    assert scored.status == "optimal"
    assert scored.file == ""
    assert scored.gap == pytest.approx(0, abs=1e-6)
    assert scored.frames["years"]["granted"].sum() == pytest.approx(plan.grants["grant"].sum())


def test_a_sweep_takes_values_by_setting(file):
    frame = allocator.sweep(file, {"budget.scale": [0.9, 1.0]}).frame
    assert list(frame["budget.scale"]) == [0.9, 1.0]
    assert list(frame["status"]) == ["optimal", "optimal"]
    assert frame["goal"].is_monotonic_increasing


def test_no_plan_tells_its_repairs_and_each_can_be_applied(file):
    with pytest.raises(allocator.NoPlan) as refused:
        allocator.solve(file, grants__floor=1.4)
    none = refused.value
    assert {term.rule for term in none.conflict} >= {"floor"}
    assert all(repair.setting in str(none) for repair in none.repairs)
    broken = none.scenario
    assert broken.settings.grants.floor == 1.4
    repair = next(one for one in none.repairs if one.setting == "grants.floor")
    assert allocator.solve(repair.apply(broken)).recomputed.goal == pytest.approx(repair.goal, rel=1e-6)


def test_what_is_no_table_no_scenario_or_no_run_is_refused_in_words(plan, file, tmp_path):
    for ask, place, wanted in (
        (lambda: allocator.solve(file, data=pd.DataFrame()), "data", "frames by table"),
        (lambda: allocator.solve(plan), "", "a scenario"),
        (lambda: allocator.check(plan), "", "a scenario"),
        (lambda: allocator.show(plan), "", "a run folder"),
        (lambda: allocator.risk(file, draws=0), "draws", "at least 2"),
        (lambda: allocator.firmness(plan, jobs=1.5), "jobs", "a whole number"),
        (lambda: plan.report(tmp_path / "page.html", more=["risc"]), "more", "risk"),
    ):
        with pytest.raises(UsageError) as refused:
            ask()
        assert refused.value.place == place
        assert wanted in refused.value.wanted


def test_settings_are_not_changed_of_a_run_which_keeps_its_own(plan, file):
    for ask in (allocator.risk, allocator.evidence, allocator.sensitivity):
        with pytest.raises(UsageError) as refused:
            ask(plan, grants__floor=0.5)
        assert refused.value.place == "overrides"
    changed = allocator.compare(plan, file, grants__floor=0.5).against[0].differs
    assert any("floor" in one.what for one in changed)


def test_no_plan_has_its_reasons_whatever_was_asked(file):
    for ask in (allocator.risk, allocator.sensitivity, allocator.evidence):
        with pytest.raises(allocator.NoPlan) as none:
            ask(file, budget__scale=0.5)
        assert none.value.conflict
        assert none.value.repairs[0].apply(none.value.scenario).settings != none.value.scenario.settings


def test_files_are_named_by_text_as_by_path(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    allocator.sweep(file, {"budget.scale": 1.01}, output="sweep.csv")
    assert (tmp_path / "sweep.csv").read_text().startswith("budget.scale")
    assert allocator.read_data("small").source.endswith("small")
