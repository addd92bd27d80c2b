"""The rules of the model, one function each; importing this package fills the register."""

from allocator.programme.rules import grants, money, outcomes, people, workforce

__all__ = ["grants", "money", "outcomes", "people", "workforce"]
