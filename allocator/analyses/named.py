"""What several results name alike: the scenario, and the goal with what is reached of it."""

from __future__ import annotations

from allocator.results import Result, doc, documented

INPUTS = "input columns, as table.column, by the weakest status that the table sources gives any part"
STATUS = "optimal, infeasible (no plan keeps the rules), unsolved (the solver gave no answer) or not_set"


class ScenarioName(Result):
    """The scenario of a result."""

    name: str = doc("its name: that of the file, without its ending")
    title: str = doc("its title")


class GoalName(Result):
    """What the goal counts."""

    measure: str = doc(
        "cumulative, final_year, benefit, least_cost or fairest; weighted before it where weights are not all 1"
    )
    unit: str = doc("unit of the goal, and of everything whose unit is goal.unit")


class GoalReached(GoalName):
    """What is reached of it."""

    value: float | None = doc("what the plan reaches, constants included; null: no plan", "goal.unit")


class OfSide(Result):
    """A result about one run or scenario, the goal and what is reached of it."""

    side: str = doc("the run or scenario, as it was named")
    measure: str
    unit: str
    value: float

    @property
    @documented("the goal")
    def goal(self) -> GoalReached:
        """What the plan reaches at the central values: as its inputs stand."""
        return GoalReached(self.measure, self.unit, self.value)


class OfScenario(Result):
    """A result about one scenario and its goal."""

    scenario: str
    title: str
    measure: str
    unit: str

    @property
    @documented("the scenario", name="scenario")
    def scenario_name(self) -> ScenarioName:
        """The scenario's name and title."""
        return ScenarioName(self.scenario, self.title)

    @property
    @documented("the goal", name="goal")
    def goal_name(self) -> GoalName:
        """What the goal counts."""
        return GoalName(self.measure, self.unit)
