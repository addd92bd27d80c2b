from pathlib import Path

import pytest

from allocator.errors import InvalidInput
from allocator.faults import Fault
from allocator.scenario.invalid import CODES
from allocator.scenario.load import read_scenario


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_scenario(file)
    assert refused.value.exit_status == 2
    assert all(fault.code in CODES and fault.table == "mine.toml" for fault in refused.value.faults)
    return refused.value.faults


T = 'title = "Mine"\n'


@pytest.mark.parametrize(
    ("text", "code", "line", "key"),
    [
        (T + "flor = 1", "unknown-setting", "2", "flor"),
        (T + "[grant]\nfloor = 1", "unknown-setting", "2", "grant"),
        (T + "[grants]\n\nflor = 0.9", "unknown-setting", "4", "grants.flor"),
        (T + 'grants."floor of\\tit" = 0.9', "unknown-setting", "2", 'grants."floor of\\tit"'),
        ("\n[budget]\nscale = 1", "missing-setting", "", "title"),
        ('title = ""', "setting-type", "1", "title"),
        (T + "[budget]\nscale = true", "setting-type", "3", "budget.scale"),
        (T + '[budget]\nscale = "1.0"', "setting-type", "3", "budget.scale"),
        (T + '[budget]\nscale = "none"', "setting-type", "3", "budget.scale"),
        (T + "[budget]\nscale = 2005-06-01", "setting-type", "3", "budget.scale"),
        (T + f"[budget]\nscale = 1{'0' * 400}", "setting-type", "3", "budget.scale"),
        (T + "[goal]\ntail_years = 3.0", "setting-type", "3", "goal.tail_years"),
        (T + "[goal]\ntail_years = true", "setting-type", "3", "goal.tail_years"),
        (T + "[certainty]\nsees_tail = 1", "setting-type", "3", "certainty.sees_tail"),
        (T + "goal = 3", "setting-type", "2", "goal"),
        (T + "[[goal]]\ntail_years = 3", "setting-type", "2", "goal"),
        (T + "[goal]\nweights = [1]", "setting-type", "3", "goal.weights"),
        (T + '[goal.weights]\na = "heavy"', "setting-type", "3", "goal.weights.a"),
        (T + '[rules]\noff = "floor"', "setting-type", "3", "rules.off"),
        (T + "[rules]\noff = [1]", "setting-type", "3", "rules.off"),
        (T + "[solver]\nname = 3", "setting-type", "3", "solver.name"),
        (T + "[grants]\nfloor = -0.1", "setting-range", "3", "grants.floor"),
        (T + "[grants]\nmax_fall = 1.1", "setting-range", "3", "grants.max_fall"),
        (T + "[grants]\ncap = inf", "setting-range", "3", "grants.cap"),
        (T + "[budget]\nreserve = nan", "setting-range", "3", "budget.reserve"),
        (T + "[budget.by_year]\n'2005-06' = -1", "setting-range", "3", "budget.by_year.2005-06"),
        (T + "budget.by_year = { '2005-06' = -1 }", "setting-range", "2", "budget.by_year.2005-06"),
        (T + "[grants.formula]\nminimum_change = -1.5", "setting-range", "3", "grants.formula.minimum_change"),
        (T + "[certainty]\nplanning_horizon = 0", "setting-range", "3", "certainty.planning_horizon"),
        (T + "[risk]\ncvar_level = 1", "setting-range", "3", "risk.cvar_level"),
        (T + "[solver]\ntime_limit = 0", "setting-range", "3", "solver.time_limit"),
        (T + '[goal]\nmeasure = "final"', "setting-choice", "3", "goal.measure"),
        (T + '[rules]\nsoft = ["targets"]', "unknown-rule", "3", "rules.soft"),
        (T + '[rules]\nsoft = ["floor"]', "rule-stays", "3", "rules.soft"),
        (T + '[rules]\noff = ["cap", "money"]', "rule-stays", "3", "rules.off"),
        (T + '[goal]\nmeasure = "fairest"\n[risk]\nattitude = "cvar"', "no-draws", "3", "goal.measure"),
        (T + '[grants]\ndistribution = "given"', "missing-setting", "3", "grants.distribution"),
        (T + '[grants]\ndistribution = "formula"', "missing-setting", "3", "grants.distribution"),
        (T + "[workforce.qualified_share]\n'2005-06' = 0.4", "missing-setting", "2", "workforce.qualified_share"),
        (T + "extends = 3", "setting-type", "2", "extends"),
        (T + "title = 'Twice'", "scenario-syntax", "2", ""),
        (T + "[budget\nscale = 1", "scenario-syntax", "2", ""),
        (T + "[budget]\nscale = 0,95", "scenario-syntax", "3", ""),
        (T + '[budget]\nscale = "0.95', "scenario-syntax", "3", ""),
        (T + f"[risk]\nseed = {'1' * 5000}", "scenario-syntax", "", ""),
    ],
)
def test_a_fault_is_found_at_its_line_and_key(tmp_path: Path, text: str, code: str, line: str, key: str) -> None:
    assert [(f.code, f.row, f.column) for f in faults_of(tmp_path, text)] == [(code, line, key)]


def test_blend_needs_its_share_and_a_weight(tmp_path: Path) -> None:
    found = faults_of(tmp_path, T + '[grants]\ndistribution = "blend"')
    assert [(f.code, f.row) for f in found] == [("missing-setting", "3"), ("missing-setting", "3")]
    assert "grants.formula_share" in found[0].found
    assert "grants.formula" in found[1].found


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    text = (
        'titel = "Mine"\ndata = "nowhere"\n[grants]\nflor = 1\ncap = -1\ndistribution = "blend"\n'
        '[rules]\noff = ["money"]\n[tables]\nyears = "no.csv"'
    )
    found = {(f.code, f.column) for f in faults_of(tmp_path, text)}
    assert found == {
        ("missing-setting", "title"),
        ("unknown-setting", "titel"),
        ("unknown-setting", "grants.flor"),
        ("setting-range", "grants.cap"),
        ("missing-setting", "grants.distribution"),
        ("rule-stays", "rules.off"),
        ("setting-file", "data"),
        ("setting-file", "tables.years"),
    }


def test_a_value_of_the_wrong_kind_is_not_also_missing(tmp_path: Path) -> None:
    text = T + '[grants]\ndistribution = "blend"\nformula_share = "most"\nformula = 3'
    assert {(f.code, f.column) for f in faults_of(tmp_path, text)} == {
        ("setting-type", "grants.formula_share"),
        ("setting-type", "grants.formula"),
    }


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("[grants]\nflor = 1", "grants.floor"),
        ("[budget]\nfloor = 1", "grants.floor"),
        ("max_recruitement = 0.1", "workforce.max_recruitment"),
        ('[goal]\nmeasure = "fairness"', "fairest"),
        ('[rules]\noff = ["local_min"]', "local_minimum"),
        ('[tables]\ntarget = "mine.toml"', "targets"),
        ('data = "connexion"', "connexions"),
    ],
)
def test_a_slip_gets_the_nearest_valid_name(tmp_path: Path, text: str, meant: str) -> None:
    assert f"'{meant}'" in faults_of(tmp_path, T + text)[0].fix


def test_slips_of_the_pen_are_told_apart_and_hide_no_other_fault(tmp_path: Path) -> None:
    text = (
        "[budget]\nscale = 0,97 # less\nreserve = £5m\n[grants]\ncap = 125%\ndistribution = optimised\n"
        "max_fall = 5\n[grant]\nfloor = 0.9\n"
    )
    assert [(f.code, f.row, f.fix) for f in faults_of(tmp_path, T + text)] == [
        ("scenario-syntax", "3", "Write scale = 0.97."),
        ("scenario-syntax", "4", "Write reserve = 5_000_000."),
        ("scenario-syntax", "6", "Write cap = 1.25."),
        ("scenario-syntax", "7", 'Write distribution = "optimised".'),
        ("setting-range", "8", "Write 0.05 for 5 per cent."),
        ("unknown-setting", "9", "Did you mean 'grants'?"),
    ]


def test_after_a_slip_what_is_no_toml_at_all_is_said_too(tmp_path: Path) -> None:
    found = faults_of(tmp_path, T + "[budget]\nscale = 0,97\n[grants\ncap = 1")
    assert [(f.code, f.row) for f in found] == [("scenario-syntax", "3"), ("scenario-syntax", "4")]


@pytest.mark.parametrize(
    ("override", "write"), [("0,97", "0.97"), ("125%", "1.25"), ("£5m", "5_000_000"), ("1,025", "1025 or 1.025")]
)
def test_a_number_given_with_set_is_shown_as_it_is_to_be_written(override: str, write: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_scenario("settlement", [f"budget.scale={override}"])
    assert refused.value.faults[0].fix.startswith(f"Write {write},")


def test_nothing_is_suggested_where_nothing_is_near(tmp_path: Path) -> None:
    assert faults_of(tmp_path, T + "zzzzzzzzzzzzzzzzzzzzzzzz = 1")[0].fix == ""


@pytest.mark.parametrize(
    ("value", "write"),
    [
        ('"5 %"', "0.05"),
        ('"£1,234"', "1234"),
        ('"0.95"', "0.95"),
        ('"0,97"', "0.97"),
        ('"1,025"', "1025 or 1.025"),
        ('"many"', ""),
    ],
)
def test_a_number_written_as_text_is_shown_as_toml_writes_it(tmp_path: Path, value: str, write: str) -> None:
    fix = faults_of(tmp_path, T + f"[budget]\nscale = {value}")[0].fix
    assert fix.startswith(f"Write {write},") if write else fix == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('question = """\n[grants]\nfloor = 1\n"""\n[grants]\nfloor = -1', "7"),
        ("question = '''\n\"\n'''\n[grants] # floor = 3\nfloor = -1", "6"),
        ('question = "a # b = \\" [c]"\n[rules]\nsoft = [\n  "target", # ]\n]\n[grants]\n"floor" = -1', "8"),
        ("grants.floor = -1", "2"),
        ("[goal.weights]\n'a.b' = 1\n[  grants  ]\n  floor=-1", "5"),
        ('grants = {cap = 1, "fl\\u006for" = -1}', "2"),
    ],
)
def test_the_line_of_a_key_is_found_whatever_stands_around_it(tmp_path: Path, text: str, line: str) -> None:
    found = [(f.row, f.column) for f in faults_of(tmp_path, T + text) if f.code == "setting-range"]
    assert found == [(line, "grants.floor")]


def test_windows_line_ends_count_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b'title = "Mine"\r\n\r\n[grants]\r\nfloor = -1\r\n')
    with pytest.raises(InvalidInput) as refused:
        read_scenario(file)
    assert [fault.row for fault in refused.value.faults] == ["4"]


@pytest.mark.parametrize(
    ("line", "write"),
    [
        ("area_costs = yes", "Write area_costs = true."),
        ("area_costs = OFF", "Write area_costs = false."),
        ("area_costs: true", "Write area_costs = true."),
        ("area_costs: True", "Write area_costs = true, in small letters."),
        ("minimum_change = null", 'Write minimum_change = "none", or leave it out.'),
        ("; a remark", "Write # a remark."),
        ("// a remark", "Write # a remark."),
    ],
)
def test_what_other_languages_write_is_told_with_what_to_type(tmp_path, line, write):
    file = tmp_path / "mine.toml"
    file.write_text(f'title = "Mine"\n[grants.formula]\n{line}\nneet = 1\n', encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_scenario(file)
    assert [(fault.code, fault.row, fault.fix) for fault in refused.value.faults] == [("scenario-syntax", "3", write)]


def test_names_of_a_list_want_quotes(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('title = "Mine"\n[rules]\nsoft = [target, guarantee]\n', encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_scenario(file)
    assert [fault.fix for fault in refused.value.faults] == ['Write soft = ["target", "guarantee"].']
