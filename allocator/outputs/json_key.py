"""A key of ``--json`` in words, and the keys that several commands share.

A name in <> stands for keys that are names themselves, [] for the entries of a list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Key:
    """One key. path: from the top, dotted. kind: text, number, whole number, true or false, object, `or null` added.

    unit: of numbers; goal.unit where it is the goal's own.
    """

    path: str
    kind: str
    unit: str
    meaning: str


def keys(text: str) -> tuple[Key, ...]:
    """Keys, a line each: path | kind | unit | meaning; what is indented goes on."""
    found: list[Key] = []
    for line in text.strip("\n").splitlines():
        if line.startswith(" "):
            found[-1] = replace(found[-1], meaning=f"{found[-1].meaning} {line.strip()}")
        else:
            path, kind, unit, meaning = (part.strip() for part in line.split("|"))
            found.append(Key(path, kind, unit, meaning))
    return tuple(found)


def under(place: str, found: tuple[Key, ...]) -> tuple[Key, ...]:
    """The same keys, further in."""
    return tuple(replace(key, path=f"{place}.{key.path}") for key in found)


SCENARIO = keys("""
scenario | object | | the scenario
scenario.name | text | | its name: that of the file, without its ending
scenario.title | text | | its title
""")
GOAL = keys("""
goal | object | | the goal
goal.measure | text | | cumulative, final_year, benefit, least_cost or fairest
goal.unit | text | | unit of the goal, and of everything whose unit is goal.unit
""")
PLACE = keys("""
partnership | text | | key of the partnership
name | text | | its name
region | text | | its region
""")
INPUTS = keys("""
inputs | object | | input columns, as table.column, by the weakest status that the table sources gives any part
inputs.assumed[] | text | | an input column that is assumed, in whole or in part
inputs.derived[] | text | | one that is derived, and in no part assumed
inputs.published[] | text | | one that is published throughout
""")
YEAR_GRANTED = keys("""
year | text | | the year
money | number | £ cash | money to grant
granted | number | £ cash | granted
spent | number | £ cash | spent
""")
YEAR_REACHED = keys("""
neet_without | number | young people | NEET at the year's end without the programme
reduction | number | young people | fewer NEET at the year's end
advisers | number | FTE | advisers in post
recruits | number | FTE | joiners
redundancies | number | FTE | paid-for leavers
training | number | FTE | in training
qualified_share | number or null | share of 1 | of the advisers; null: no grade is named as qualified
""")


def side(place: str, meaning: str) -> tuple[Key, ...]:
    """A change of the plan's goal and shortfall at a place; null where there is no plan, or nothing was asked."""
    return (
        Key(place, "object or null", "", meaning),
        Key(f"{place}.goal", "number", "goal.unit", "change of the goal"),
        Key(f"{place}.shortfall", "number", "shares added up", "change of what soft rules fall short by"),
    )
