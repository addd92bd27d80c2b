"""Today's England: the data set that comes with the program is the published files' and nothing else's."""

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest

from allocator.imports.dfe.assumptions import read_assumptions
from allocator.imports.dfe.data_set import import_dfe_neet
from allocator.scenario.load import read_scenario
from allocator.shipped import data_folder
from allocator.tables import read_data

PUBLISHED = Path(__file__).parents[2] / "dfe"
FIGURES = [PUBLISHED / f"neet_16_17_by_local_authority_{year}.csv" for year in (2025, 2023)]
SPENDING = PUBLISHED / "services_for_young_people_spend.csv"
ENGLAND = data_folder() / "england"


def files(folder):
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


def published():
    with FIGURES[0].open(encoding="utf-8-sig") as file:
        return [row for row in csv.DictReader(file) if row["geographic_level"] == "Local authority"]


@pytest.fixture(scope="module")
def data():
    return read_data(ENGLAND)


def test_the_command_makes_the_same_folder_byte_for_byte(tmp_path):
    import_dfe_neet(FIGURES, tmp_path / "england", spend=SPENDING)
    made, kept = files(tmp_path / "england"), files(ENGLAND)
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name].read_bytes() != kept[name].read_bytes()] == []


def test_englands_totals_are_as_published_to_the_rounding_of_the_percentages(data):
    cohort = data.young_people.sum(axis=2)
    groups = {group: data.young_people[:, :, g] for g, group in enumerate(data.client_groups)}
    assert len(data.partnerships) == 151
    assert set(data.regions) == {row["region_name"] for row in published()}
    for t in range(3):
        total = cohort[:, t].sum()
        # The England of the file counts 83 more than its authorities do, and is rounded to 10.
        assert total == pytest.approx(1_335_160, rel=1e-4)
        assert round(groups["neet"][:, t].sum() / total * 100, 1) == 3.4
        assert round(groups["not_known"][:, t].sum() / total * 100, 1) == 2.2
        # Plans 5.4 % less 10.1 % of them, support 10.1 % less 9.6 % of them: 13.98 %, from rounded figures.
        assert groups["at_risk"][:, t].sum() / total * 100 == pytest.approx(13.98, abs=0.1)


def test_each_authority_is_as_published(data):
    at = {name: p for p, name in enumerate(data.partnership_names)}
    g = {group: position for position, group in enumerate(data.client_groups)}
    for row in published():
        p, cohort = at[row["la_name"]], float(row["Cohort_DJFavg"])
        assert data.young_people[p, 0].sum() == cohort
        assert abs(data.young_people[p, 0, g["neet"]] - cohort * float(row["NEET_percent"]) / 100) <= 0.5
        assert abs(data.young_people[p, 0, g["not_known"]] - cohort * float(row["Notknown_percent"]) / 100) <= 0.5
        assert data.regions[p] == row["region_name"]


def test_who_is_at_risk_in_gateshead_follows_from_the_published_sums(data):
    # 95.4 % without special educational needs and 4.6 % with a plan leave nobody with support; 13.9 % of those with a
    # plan are NEET or not known: 4.6 % of 4,088 less these are 161.9. The region's 9.9 % count Gateshead as 0 too.
    p, g = data.partnership_names.index("Gateshead"), data.client_groups.index("at_risk")
    assert data.young_people[p, 0, g] == 162


def test_grants_are_the_mean_of_three_years_or_the_rate_of_the_others(data):
    grants = dict(zip(data.partnership_names, data.baseline_grant, strict=True))
    assert grants["Derby"] == round((1588445 + 1930910 + 1943329) / 3)
    assert grants["Middlesbrough"] == round((351219 + 221448) / 2)
    assert grants["Cumberland"] == 1732853
    assert grants["Warrington"] == round(773544 / 3)
    cohorts = {row["la_name"]: float(row["Cohort_DJFavg"]) for row in published()}
    others = [name for name in grants if name not in ("Halton", "Slough")]
    rate = sum(grants[name] for name in others) / sum(cohorts[name] for name in others)
    for name in ("Halton", "Slough"):
        assert grants[name] == pytest.approx(rate * cohorts[name], abs=1)


def test_derbys_history_has_the_published_rates_and_those_the_changes_give():
    with (ENGLAND / "history" / "rates.csv").open(encoding="utf-8") as file:
        rows = {(row["partnership"], row["measure"]): row for row in csv.DictReader(file)}
    assert len(rows) == 302
    derby = rows["derby", "neet"]
    # 2023: 4.2 after a change of -0.3; 2025: 7.6 after a change of 3.8.
    assert [derby[f"rate_{year}"] for year in (2022, 2023, 2024, 2025)] == ["4.5", "4.2", "3.8", "7.6"]
    # The slope by hand: 1.5 times (7.6 less 4.5) and 0.5 times (3.8 less 4.2), together 4.45, over 5.
    assert derby["trend"] == "0.890"
    assert rows["somerset", "neet"]["rate_2023"]
    assert not rows["cumberland", "neet"]["rate_2023"]


def test_what_is_estimated_is_said_for_each_authority():
    readme = (ENGLAND / "README.md").read_text(encoding="utf-8")
    for name in ("Rutland", "Gateshead", "Wandsworth", "Middlesbrough", "Halton", "Slough", "Warrington", "Cumbria"):
        assert name in readme


def test_attribution_and_licence_stand_beside_the_data_and_in_its_sources(data):
    assert "Open Government Licence v3.0" in (ENGLAND / "LICENCE.md").read_text(encoding="utf-8")
    sources = [row["source"] or "" for row in data.tables["sources"] if row["status"] != "assumed"]
    of_the_department = [source for source in sources if source.startswith("Department for Education")]
    assert of_the_department
    assert all("Open Government Licence v3.0" in source for source in of_the_department)


def test_the_scenario_that_comes_with_the_program_and_that_of_the_folder_say_the_same():
    shipped, own = read_scenario("england"), read_scenario(ENGLAND / "scenario.toml")
    assert shipped.data.resolve() == own.data.resolve() == ENGLAND.resolve()
    without = {"title", "question", "data"}
    assert shipped.settings.model_dump(exclude=without) == own.settings.model_dump(exclude=without)
    assert set(shipped.settings.workforce.qualified_share) <= set(read_data(shipped.data).years)


def test_the_data_set_carries_the_assumptions_that_it_was_made_with():
    assert (ENGLAND / "assumptions.toml").read_bytes() == read_assumptions()[1]
    assert tomllib.loads((ENGLAND / "assumptions.toml").read_text(encoding="utf-8"))


def test_england_has_a_plan_that_keeps_all_its_rules(data):
    from allocator.solving.settlement import solve_data

    solution, _ = solve_data(data, read_scenario("england").settings)
    soft = next(record for record in solution.stages if record.stage == "soft")
    assert soft.value == pytest.approx(0, abs=1e-7)
    grants = solution.figures.grant
    assert np.all(grants.sum(axis=0) <= data.budget * (1 + 1e-9))
    assert np.all(grants >= 0.9 * data.baseline_grant[:, None] * (1 - 1e-9))
    assert solution.figures.fte.sum() > 1000
