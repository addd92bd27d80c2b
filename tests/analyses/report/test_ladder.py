"""How grants come about rule by rule: the planner's own limits are steps as well, and the last step is the plan."""

import pytest

from allocator import api
from allocator.analyses.init.starter import start_folder
from allocator.analyses.report.ladder import ladder_of
from allocator.register.rules import LIMIT

LEAST = 330_000


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """The small data set with a limit of the planner's own, that holds one grant above what it would be."""
    started = start_folder(tmp_path_factory.mktemp("ladder") / "mine", "small", workbook=False)
    folder = next((started.folder).rglob("years.csv")).parent
    (folder / "limits.csv").write_text(
        "limit,scope,name,each,year,of,intervention,client_group,least,most\n"
        f"westvale,partnership,westvale,false,2026-27,grant,,,{LEAST},\n",
        encoding="utf-8",
    )
    return str(started.folder / started.scenario)


def test_a_limit_on_grants_is_the_last_step(scenario):
    plan = api.solve(scenario)
    p = plan.data.partnerships.index("westvale")
    ladder = ladder_of(plan)
    assert ladder.rules[-1] == LIMIT.name
    assert ladder.grants[-1] is plan.figures.grant
    without = api.solve(scenario, {"rules.off": [LIMIT.name]}).figures.grant
    assert ladder.grants[-2] == pytest.approx(without)
    assert without[p, 0] < LEAST - 1000
    assert plan.figures.grant[p, 0] == pytest.approx(LEAST)


def test_without_limits_there_is_no_such_step(scenario):
    assert LIMIT.name not in ladder_of(api.solve(scenario, {"rules.off": [LIMIT.name]})).rules
