"""How many draws are made where nobody says how many."""

OF_RISK = 100_000  # of everything uncertain, each worked out
OF_EVIDENCE = 200  # of all effects, each solved
