"""The rules of the model, one function each; importing this package fills the register."""

from allocator.programme.rules import advisers as workforce
from allocator.programme.rules import grants, money, outcomes, people

__all__ = ["grants", "money", "outcomes", "people", "workforce"]
