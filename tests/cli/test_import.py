"""`allocator import`: one call with what was typed, the account of what was made, and the errors."""

import json
from pathlib import Path

from allocator.cli import app
from tests.helpers import paper_dfe as paper


def test_import_passes_on_files_and_options(monkeypatch, tmp_path, capsys):
    calls = []

    class Made:
        def to_dict(self):
            return {"folder": "out"}

    def stand_in(*given, **named):
        calls.append((given, named))
        return Made()

    monkeypatch.setattr("allocator.imports.dfe.data_set.import_dfe_neet", stand_in)
    words = ["import", "dfe-neet", "a.csv", "b.csv", "--spend", "s.csv", "-o", "out", "--growth"]
    assert app.run([*words, "--assumptions", "mine.toml", "--first-year", "2027-28", "--json"]) == 0
    assert calls == [
        (
            ([Path("a.csv"), Path("b.csv")], Path("out")),
            {
                "spend": Path("s.csv"),
                "assumptions": Path("mine.toml"),
                "growth": True,
                "first_year": "2027-28",
            },
        )
    ]
    assert json.loads(capsys.readouterr().out) == {"folder": "out"}


def test_the_account_is_printed_and_kept_in_the_readme(tmp_path, capsys):
    file = paper.write(tmp_path / "figures.csv", [*paper.all_rows()[:-1], paper.cedar(Notknown_percent="c")])
    folder = tmp_path / "out"
    assert app.run(["import", "dfe-neet", str(file), "-o", str(folder)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    kept = (folder / "README.md").read_text(encoding="utf-8")
    sentences = [line.removeprefix("- ") for line in kept.split("## Cautions")[0].splitlines() if line.startswith("- ")]
    assert any(sentence.startswith("Cedar") for sentence in sentences)
    assert all(" ".join(sentence.split()) in printed for sentence in sentences)


def test_json_has_the_totals_and_the_account(tmp_path, capsys):
    file = paper.write(tmp_path / "figures.csv", paper.all_rows())
    assert app.run(["import", "dfe-neet", str(file), "-o", str(tmp_path / "out"), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["partnerships"], made["years"][0]) == (3, "2026-27")
    # 50 + 100 + 30 of 4,000.
    assert made["totals"]["neet_percent"] == 4.5
    assert made["totals"]["published_young_people"] == 4000
    assert made["derived"] and made["dropped"] and made["guessed"]


def test_solve_works_at_once_on_what_was_made(tmp_path, capsys):
    file = paper.write(tmp_path / "figures.csv", paper.all_rows())
    folder = tmp_path / "out"
    assert app.run(["import", "dfe-neet", str(file), "-o", str(folder)]) == 0
    assert app.run(["check", str(folder / "scenario.toml")]) == 0
    capsys.readouterr()
    assert app.run(["solve", str(folder / "scenario.toml"), "-o", str(tmp_path / "run"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"


def test_a_file_with_faults_is_refused_with_all_of_them(tmp_path, capsys):
    columns = [name for name in paper.COLUMNS if name not in ("NEET_percent", "la_name")]
    file = paper.write(tmp_path / "figures.csv", paper.all_rows(), columns)
    assert app.run(["import", "dfe-neet", str(file), "-o", str(tmp_path / "out"), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["faults"]
    assert [fault["column"] for fault in found] == ["la_name", "NEET_percent"]
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_and_an_output_that_is_not_named(tmp_path, capsys):
    assert app.run(["import", "dfe-neet", str(tmp_path / "none.csv"), "-o", str(tmp_path / "out")]) == 1
    assert app.run(["import", "dfe-neet", "none.csv"]) == 2
    assert app.run(["import"]) == 2
    assert "dfe-neet" not in capsys.readouterr().out
