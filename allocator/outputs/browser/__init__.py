"""What a page needs to solve its plan's problem again in the reader's browser: the solver, the program, the problem."""
