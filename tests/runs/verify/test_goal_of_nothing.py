"""Plans whose goal no decision can change: what holds such a goal is a row without terms, and verify takes it."""

import pytest

from allocator import solve
from tests.helpers.drawn_data import draw, write


@pytest.mark.parametrize("seed", [1125, 1500])  # soft_may_cost, in a final year without effects and with weights of 0
def test_a_goal_that_nothing_can_change_is_verified(tmp_path, seed):
    tables, settings = draw(seed)
    assert settings["rules"]["soft_may_cost"] > 0
    plan = solve(write(tmp_path, tables, settings))
    assert plan.to_dict()["goal"]["value"] == 0
    assert [(check.check, check.detail) for check in plan.verify().checks if not check.passed] == []
