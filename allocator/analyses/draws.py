"""How many draws are made at least, and where nobody says how many."""

FEWEST = 2  # from which a spread follows
OF_RISK = 100_000  # of everything uncertain, each worked out
OF_EVIDENCE = 200  # of all effects, each solved
