"""What is read from PuLP's model at once is what PuLP's own interface would give the solver element by element."""

import numpy as np
import pulp
import pytest

from allocator import api
from allocator.programme.formulate import formulate
from allocator.solving.loading import arrays_of


@pytest.mark.parametrize("scenario", ["settlement", "least_cost", "fairest", "blend"])
def test_arrays_are_those_of_pulps_own_interface(scenario):
    read, data = api.open_scenario(scenario)
    problem = formulate(data, read.settings).problem
    ours, numbers = arrays_of(problem)
    loader = pulp.HiGHS(msg=False, threads=1)
    loader.createAndConfigureSolver(problem)
    loader.buildSolverModel(problem)
    theirs = problem.solverModel.getLp()
    assert numbers.tolist() == [variable.id for variable in problem.exported_variables()]
    for name, there in (
        ("cost", theirs.col_cost_),
        ("lower", theirs.col_lower_),
        ("upper", theirs.col_upper_),
        ("row_lower", theirs.row_lower_),
        ("row_upper", theirs.row_upper_),
        ("starts", theirs.a_matrix_.start_),
        ("index", theirs.a_matrix_.index_),
        ("value", theirs.a_matrix_.value_),
    ):
        assert np.array_equal(getattr(ours, name), np.array(there)), name
