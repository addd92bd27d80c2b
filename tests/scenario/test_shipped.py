import tomllib
from pathlib import Path

import numpy as np
import pytest

from allocator import shipped
from allocator.scenario.against_data import scenario_faults
from allocator.scenario.amounts import money
from allocator.scenario.distributions import set_grants
from allocator.scenario.load import read_scenario
from allocator.tables import read_data

NAMES = sorted(shipped.shipped_scenarios())


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_reads_and_fits_its_data(name: str) -> None:
    scenario = read_scenario(name)
    data = read_data(scenario.data, scenario.table_files)
    assert scenario_faults(scenario, data) == ()
    assert scenario.settings.question.endswith("?")
    available = money(data, scenario.settings)
    grants = set_grants(data, scenario.settings, available, data.baseline_grant, range(len(data.years)))
    if scenario.settings.grants.distribution in ("optimised", "blend"):
        assert grants is None
    else:
        assert grants is not None
        np.testing.assert_allclose(grants.sum(axis=0), available, rtol=1e-12)
        assert (grants > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_can_be_copied_and_edited_elsewhere(name: str, tmp_path: Path) -> None:
    for file in shipped.models_folder().iterdir():
        if file.stem == name or file.suffix == ".csv":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert read_scenario(tmp_path / f"{name}.toml").sha256 == read_scenario(name).sha256


@pytest.mark.parametrize("name", [name for name in NAMES if name != "settlement"])
def test_every_other_scenario_extends_the_settlement_and_changes_something(name: str) -> None:
    values = tomllib.loads(shipped.shipped_scenarios()[name].read_text(encoding="utf-8"))
    assert values["extends"] == "settlement"
    settlement = read_scenario().settings.model_dump(exclude={"title", "question"})
    assert read_scenario(name).settings.model_dump(exclude={"title", "question"}) != settlement


def test_the_titles_and_questions_are_all_different() -> None:
    settings = [read_scenario(name).settings for name in NAMES]
    assert len({s.title for s in settings}) == len({s.question for s in settings}) == len(NAMES)


def test_each_scenario_asks_what_its_name_says() -> None:
    s = {name: read_scenario(name).settings for name in NAMES}
    in_force = s["in_force"]
    assert (in_force.grants.distribution, in_force.certainty.kind) == ("historical", "year_on_year")
    assert s["needs_formula"].grants.distribution == "formula"
    assert s["equal_share"].grants.distribution == "equal"
    assert (s["blend"].grants.distribution, s["blend"].grants.formula_share) == ("blend", 0.95)
    assert (s["fairest"].goal.measure, s["least_cost"].goal.measure) == ("fairest", "least_cost")
    assert s["cut"].budget.scale == 0.95
    assert s["planned_growth"].budget.by_year["2005-06"] == 490_000_000
    assert s["planned_growth"].budget.by_year["2006-07"] == pytest.approx(490_000_000 * 1.025)


def test_local_targets_asks_each_region_and_the_nation_for_a_tenth() -> None:
    scenario = read_scenario("local_targets")
    data = read_data(scenario.data, scenario.table_files)
    assert {(target.scope, target.name) for target in data.targets} == {
        ("national", ""),
        *(("region", region) for region in data.regions),
    }
    assert {(data.years[target.year], target.reduction_share) for target in data.targets} == {("2005-06", 0.1)}


def test_a_cut_leaves_room_for_every_grant_to_fall_with_the_money() -> None:
    scenario = read_scenario("cut")
    data = read_data(scenario.data)
    before = data.baseline_grant.sum()
    grants = scenario.settings.grants
    assert grants.floor is not None
    assert grants.max_fall is not None
    for available in money(data, scenario.settings):
        assert grants.floor * data.baseline_grant.sum() < available
        assert (1 - grants.max_fall) * before < available
        before = available


def test_what_comes_with_the_program_is_found_in_a_wheel_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("models", "data/tiny"):
        (tmp_path / "_shipped" / folder).mkdir(parents=True)
    (tmp_path / "_shipped" / "models" / "mine.toml").write_text("")
    (tmp_path / "_shipped" / "models" / "mine.csv").write_text("")
    (tmp_path / "_shipped" / "data" / "LICENCE.md").write_text("")
    (tmp_path / "_shipped" / "data" / "tiny" / "years.csv").write_text("")
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path)
    assert list(shipped.shipped_scenarios()) == ["mine"]
    assert list(shipped.shipped_data_sets()) == ["tiny"]


@pytest.mark.parametrize(
    "case", sorted((Path(__file__).parents[1] / "drawn").glob("case_*")), ids=lambda case: case.name
)
def test_the_drawn_scenarios_read_and_fit_their_data(case: Path) -> None:
    scenario = read_scenario(case / "scenario.toml")
    assert scenario.data == case / "tables"
    assert scenario_faults(scenario, read_data(scenario.data)) == ()
