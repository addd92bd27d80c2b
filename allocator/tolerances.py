"""From where on a difference is one: what is smaller is left of the solver's arithmetic, or nothing that is paid."""

SOLVED_TO = 1e-7  # relative to the goal: how exactly a goal is solved, so what is less is nothing
NOTHING = 1e-6  # relative to the larger of 1 and what is compared: less room, shortfall or difference than this is none
AT_THE_LIMIT = 0.5  # £ of room under which a grant stands at its limit: half of the smallest amount that is paid
