"""A working folder is whole or not there, never written over another, and can be used at once."""

import pytest

from allocator.analyses.init.starter import start_folder
from allocator.errors import UsageError
from allocator.scenario.load import read_scenario
from allocator.tables import read_data


@pytest.mark.parametrize("workbook", [False, True])
def test_it_holds_the_shipped_data_set_and_the_default_settings(tmp_path, workbook):
    started = start_folder(tmp_path / "mine", workbook=workbook)
    mine = read_scenario(started.folder / started.scenario)
    shipped = read_scenario("settlement")
    assert mine.data == started.folder / started.data
    assert workbook == (started.scenario == started.data)
    assert mine.settings.model_copy(update={"data": shipped.settings.data}) == shipped.settings
    assert read_data(mine.data).tables == read_data(shipped.data).tables
    readme = (started.folder / started.readme).read_text(encoding="utf-8")
    assert f"allocator solve {started.scenario}" in readme
    assert sorted(path.name for path in started.folder.iterdir()) == sorted(
        {started.data, started.scenario, "README.md"}
    )


def test_its_scenario_keeps_the_comments(tmp_path):
    started = start_folder(tmp_path / "mine")
    text = (started.folder / started.scenario).read_text(encoding="utf-8")
    assert text.count("#") > 40
    assert 'data = "data" ' in text


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "mine").mkdir()
    assert (start_folder(tmp_path / "mine").folder / "data" / "years.csv").is_file()


def occupied(folder):
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")


def a_file(folder):
    folder.write_text("mine", encoding="utf-8")


def a_link(folder):
    (folder.parent / "elsewhere").mkdir()
    folder.symlink_to(folder.parent / "elsewhere")


@pytest.mark.parametrize("occupy", [occupied, a_file, a_link])
def test_nothing_is_written_over(tmp_path, occupy):
    occupy(tmp_path / "mine")
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    with pytest.raises(UsageError):
        start_folder(tmp_path / "mine")
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


def test_a_folder_to_make_it_in_is_not_made_up(tmp_path):
    with pytest.raises(UsageError):
        start_folder(tmp_path / "nowhere" / "mine")


def test_an_unknown_data_set_gets_a_suggestion(tmp_path):
    with pytest.raises(UsageError) as caught:
        start_folder(tmp_path / "mine", "conexions")
    assert "connexions" in caught.value.fix
    assert not (tmp_path / "mine").exists()


def test_what_is_cut_off_leaves_nothing(tmp_path, monkeypatch):
    def stop(*_given, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr("allocator.analyses.init.starter.shutil.copytree", stop)
    with pytest.raises(KeyboardInterrupt):
        start_folder(tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []
