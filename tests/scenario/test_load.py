from pathlib import Path

import pytest

from allocator.errors import InvalidInput, UsageError
from allocator.scenario.load import Scenario, read_scenario
from allocator.shipped import data_folder, models_folder


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str, *overrides: str) -> Scenario:
    return read_scenario(write(folder / "mine.toml", f'title = "Mine"\n{text}'), overrides)


def test_without_a_name_the_settlement_is_read() -> None:
    scenario = read_scenario()
    assert (scenario.name, scenario.data_label) == ("settlement", "connexions")
    assert scenario.source == models_folder() / "settlement.toml"
    assert scenario.data == data_folder() / "connexions"


def test_what_is_left_out_takes_the_values_of_the_contract(tmp_path: Path) -> None:
    s = read(tmp_path, "").settings
    assert (s.goal.measure, s.goal.discount_rate, s.goal.tail_years) == ("cumulative", 0.035, 0)
    assert (s.budget.scale, s.budget.reserve, s.budget.carry_forward_limit) == (1, 0, 0)
    assert (s.grants.distribution, s.certainty.kind, s.certainty.planning_horizon) == ("optimised", "settlement", 1)
    assert (s.certainty.assumed_future, s.certainty.sees_tail, s.workforce.headcount_scale) == (1, False, 1)
    assert (s.local.max_reduction, s.rules.soft, s.rules.off) == (1, ("target", "local_minimum"), ())
    formula = s.grants.formula
    assert (formula.young_people, formula.neet, formula.baseline, formula.area_costs) == (0, 0, 0, True)
    limits = (s.grants.floor, s.grants.cap, s.grants.max_fall, s.grants.max_rise, formula.minimum_change)
    assert (*limits, s.workforce.max_recruitment, s.local.min_reduction) == (None,) * 7
    assert s.workforce.qualified_share == {}


def test_whole_numbers_serve_where_any_number_does(tmp_path: Path) -> None:
    scale = read(tmp_path, "[budget]\nscale = 2").settings.budget.scale
    assert scale == 2
    assert type(scale) is float


def test_a_byte_order_mark_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b'\xef\xbb\xbftitle = "Mine"\n')
    assert read_scenario(file).settings.title == "Mine"


# extends


def test_extending_replaces_key_by_key_and_keeps_the_rest(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", 'title = "Base"\n[budget]\nscale = 0.9\nreserve = 5\n[goal.weights]\na = 2\nb = 3')
    s = read(tmp_path, 'extends = "base.toml"\n[budget]\nscale = 0.8\n[goal.weights]\nb = 4').settings
    assert (s.title, s.budget.scale, s.budget.reserve, s.goal.weights) == ("Mine", 0.8, 5, {"a": 2, "b": 4})


def test_extending_goes_through_a_chain_of_files_each_relative_to_its_own_folder(tmp_path: Path) -> None:
    write(tmp_path / "far" / "first.toml", 'title = "First"\n[budget]\nscale = 0.5\nreserve = 1')
    write(tmp_path / "near" / "second.toml", 'title = "Second"\nextends = "../far/first.toml"\n[budget]\nscale = 0.6')
    s = read(tmp_path, 'extends = "near/second.toml"\n[goal]\ntail_years = 4').settings
    assert (s.budget.scale, s.budget.reserve, s.goal.tail_years) == (0.6, 1, 4)


def test_a_scenario_that_comes_with_the_program_is_extended_by_its_name(tmp_path: Path) -> None:
    assert read(tmp_path, 'extends = "settlement"').settings.grants.floor == 0.9


def test_a_file_beside_the_scenario_goes_before_a_name_that_comes_with_the_program(tmp_path: Path) -> None:
    write(tmp_path / "settlement", 'title = "Own"\n[grants]\nfloor = 0.1')
    assert read(tmp_path, 'extends = "settlement"').settings.grants.floor == 0.1


def test_none_takes_a_limit_away_that_the_file_extended_has(tmp_path: Path) -> None:
    s = read(
        tmp_path,
        """
        extends = "settlement"
        [grants]
        floor = "none"
        [grants.formula]
        minimum_change = "none"
        [workforce]
        max_recruitment = "none"
        qualified_share = "none"
        [local]
        max_reduction = "none"
        min_reduction = "none"
        """,
    ).settings
    assert (s.grants.floor, s.grants.formula.minimum_change, s.workforce.max_recruitment) == (None, None, None)
    assert (s.local.max_reduction, s.local.min_reduction) == (None, None)
    assert s.workforce.qualified_share == {}
    assert s.grants.cap == 1.25


def test_none_takes_one_entry_out_of_a_table_of_names(tmp_path: Path) -> None:
    s = read(tmp_path, 'extends = "settlement"\n[workforce.qualified_share]\n"2005-06" = "none"').settings
    assert s.workforce.qualified_share == {"2006-07": 0.55}


@pytest.mark.parametrize("extended", ["mine.toml", "other.toml"])
def test_a_scenario_that_extends_itself_is_refused(tmp_path: Path, extended: str) -> None:
    write(tmp_path / "other.toml", 'title = "Other"\nextends = "mine.toml"')
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, f'extends = "{extended}"')
    assert [(fault.code, fault.column) for fault in refused.value.faults] == [("scenario-cycle", "extends")]


@pytest.mark.parametrize(("files", "taken"), [(20, True), (21, False)])
def test_twenty_files_may_be_extended_and_no_more(tmp_path: Path, files: int, taken: bool) -> None:
    write(tmp_path / "0.toml", 'title = "Last"\n[goal]\ntail_years = 7')
    for n in range(1, files):
        write(tmp_path / f"{n}.toml", f'title = "{n}"\nextends = "{n - 1}.toml"')
    text = f'extends = "{files - 1}.toml"'
    if taken:
        assert read(tmp_path, text).settings.goal.tail_years == 7
    else:
        with pytest.raises(InvalidInput) as refused:
            read(tmp_path, text)
        assert [fault.code for fault in refused.value.faults] == ["scenario-cycle"]


def test_a_scenario_extended_that_is_not_there_is_refused_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, '\nextends = "setlement"')
    (fault,) = refused.value.faults
    assert (fault.code, fault.table, fault.row, fault.column) == ("unknown-scenario", "mine.toml", "3", "extends")
    assert "'settlement'" in fault.fix


def test_a_fault_of_a_file_extended_carries_that_file_and_its_line(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", 'title = "Base"\n\n[grants]\nfloor = -1\ncap = -1\n')
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, 'extends = "base.toml"\n[grants]\ncap = -2')
    places = [(fault.table, fault.row, fault.column) for fault in refused.value.faults]
    assert places == [("base.toml", "4", "grants.floor"), ("mine.toml", "4", "grants.cap")]


# overrides


@pytest.mark.parametrize(
    "override",
    [
        'budget.by_year."2005-06"=490_000_000',
        "budget.by_year.2005-06=490_000_000",
        "budget.by_year.'2005-06' = 490000000.0",
        "budget.by_year={'2005-06' = 490e6}",
    ],
)
def test_a_year_needs_no_quotes_in_an_override(override: str) -> None:
    assert read_scenario("settlement", [override]).settings.budget.by_year == {"2005-06": 490_000_000}


def test_an_override_takes_any_toml_value_and_a_bare_word_as_text() -> None:
    overrides = [
        "grants.distribution=historical",
        'rules.off=["floor", "cap"]',
        "certainty.sees_tail=true",
        "goal.tail_years=0",
        "title=Half of it, planned late",
        "local.max_reduction=none",
        "goal.weights.north of the river's=1.5",
        'question="a = b # c"',
    ]
    s = read_scenario("settlement", overrides).settings
    assert (s.grants.distribution, s.rules.off, s.certainty.sees_tail) == ("historical", ("floor", "cap"), True)
    assert (s.goal.tail_years, s.title, s.local.max_reduction) == (0, "Half of it, planned late", None)
    assert s.goal.weights == {"north of the river's": 1.5}
    assert s.question == "a = b # c"


def test_the_last_override_of_a_key_wins_and_all_are_recorded() -> None:
    overrides = ("budget.scale=0.5", "budget.reserve=7", "budget.scale=0.6")
    scenario = read_scenario("settlement", overrides)
    assert (scenario.settings.budget.scale, scenario.settings.budget.reserve) == (0.6, 7)
    assert scenario.overrides == overrides


@pytest.mark.parametrize("override", ["", "=", "budget.scale", "budget..scale=1", ".scale=1", "=1", '"budget=1'])
def test_an_override_that_is_not_key_and_value_is_refused(override: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_scenario("settlement", [override])
    assert [(fault.code, fault.table) for fault in refused.value.faults] == [("setting-syntax", "overrides")]


def test_a_list_whose_quotes_the_shell_took_is_refused_as_such() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_scenario("settlement", ["rules.off=[floor]"])
    (fault,) = refused.value.faults
    assert (fault.code, fault.column, fault.place) == ("setting-syntax", "rules.off", "overrides, rules.off")


def test_a_line_break_brings_no_second_setting_in() -> None:
    title = "title=5\ngoal.tail_years=1"
    assert read_scenario("settlement", [title]).settings.title == "5\ngoal.tail_years=1"


def test_an_override_cannot_extend() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_scenario("settlement", ["extends=in_force"])
    assert [(fault.code, fault.column) for fault in refused.value.faults] == [("unknown-setting", "extends")]


# files


def test_paths_start_from_the_folder_of_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "base" / "tables").mkdir(parents=True)
    write(tmp_path / "base" / "targets.csv", "x")
    write(tmp_path / "given.csv", "x")
    write(tmp_path / "base" / "base.toml", 'title = "Base"\ndata = "tables"\n[tables]\ntargets = "targets.csv"')
    scenario = read(tmp_path, 'extends = "base/base.toml"\n[grants]\ndistribution = "given"\nfile = "given.csv"')
    assert scenario.data.samefile(tmp_path / "base" / "tables")
    assert scenario.data_label == "tables"
    assert scenario.table_files["targets"].samefile(tmp_path / "base" / "targets.csv")
    assert scenario.grants_file is not None
    assert scenario.grants_file.samefile(tmp_path / "given.csv")


def test_paths_given_with_set_start_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here" / "tables").mkdir(parents=True)
    write(tmp_path / "here" / "t.csv", "x")
    monkeypatch.chdir(tmp_path / "here")
    scenario = read(tmp_path, "", "data=tables", "tables.targets=t.csv")
    assert scenario.data.samefile(tmp_path / "here" / "tables")
    assert scenario.table_files["targets"].samefile(tmp_path / "here" / "t.csv")


def test_a_folder_beside_the_scenario_goes_before_a_data_set_of_its_name(tmp_path: Path) -> None:
    assert read(tmp_path, 'data = "connexions"').data == data_folder() / "connexions"
    (tmp_path / "connexions").mkdir()
    assert read(tmp_path, 'data = "connexions"').data == tmp_path / "connexions"


def test_a_workbook_serves_as_data(tmp_path: Path) -> None:
    write(tmp_path / "mine.xlsx", "x")
    assert read(tmp_path, 'data = "mine.xlsx"').data == tmp_path / "mine.xlsx"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('data = "conexions"', ("setting-file", "2", "data")),
        ('[grants]\nfile = "no.csv"', ("setting-file", "3", "grants.file")),
        ('[tables]\ntargets = "no.csv"', ("setting-file", "3", "tables.targets")),
        ('[tables]\ntargets = "."', ("setting-file", "3", "tables.targets")),
        ('[tables]\ntarget = "mine.toml"', ("unknown-setting", "3", "tables.target")),
        ('[tables]\ntargets = "\\u0000"', ("setting-file", "3", "tables.targets")),
        (f'data = "{"x" * 5000}"', ("setting-file", "2", "data")),
    ],
)
def test_files_that_are_not_there_are_faults_at_their_line(
    tmp_path: Path, text: str, place: tuple[str, str, str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, text)
    assert [(fault.code, fault.row, fault.column) for fault in refused.value.faults] == [place]


def test_a_scenario_that_is_not_there_is_a_wrong_usage_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_scenario("setlement")
    assert "'settlement'" in refused.value.fix
    assert refused.value.exit_status == 2


def test_a_folder_or_a_name_without_its_ending_is_answered_with_the_file_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "work" / "scenario.toml", "")
    write(tmp_path / "mine.toml", "")
    for given, meant in (("work", "work/scenario.toml"), ("mine", "mine.toml")):
        with pytest.raises(UsageError) as refused:
            read_scenario(given)
        assert meant in refused.value.fix


# the digest


def test_the_digest_tells_settings_apart_and_nothing_else(tmp_path: Path) -> None:
    one = read(tmp_path, "# a comment\n[budget]\nscale = 0.9")
    other = read(tmp_path / "elsewhere", "[budget]\nscale = 0.90\nreserve = -0.0")
    assert one.sha256 == other.sha256
    assert one.sha256 == read(tmp_path, "", "budget.scale=0.9").sha256
    assert one.sha256 != read(tmp_path, "[budget]\nscale = 0.91").sha256
