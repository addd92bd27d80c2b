"""What there is: one record for every rule, goal and distribution, with every fact of it that is not arithmetic.

A rule is its record here, its builder in programme/rules and its check in recompute; a goal and a distribution
likewise. All else that goes by their names (settings, repairs, steps, words, units) is asked of the records.
Nothing of the program is imported here, and nothing heavy.
"""

from allocator.register.distributions import DISTRIBUTIONS, Distribution, Need
from allocator.register.goals import GOALS, Goal, GoalWords
from allocator.register.place import Place
from allocator.register.rules import RULES, Lever, Rule, Words

__all__ = [
    "DISTRIBUTIONS",
    "GOALS",
    "RULES",
    "Distribution",
    "Goal",
    "GoalWords",
    "Lever",
    "Need",
    "Place",
    "Rule",
    "Words",
]
