"""Solve the problem of a file by one method and keep the answer: run by methods.py with that method's own package.

    python benchmarks/method.py METHOD problem.npz problem.mps answer.npz

Prints the seconds of a processor that the solving took, reading left out. The answer is the columns' values and the
rows' duals, of a minimisation.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

LONGEST = 300.0  # seconds


def loaded(problem: dict):
    """HiGHS with a minimisation, given as arrays."""
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - as its interface has it
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(problem["cost"]), len(problem["row_lower"])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = problem["cost"], problem["lower"], problem["upper"]
    lp.row_lower_, lp.row_upper_ = problem["row_lower"], problem["row_upper"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = problem["starts"].astype(np.int32)
    lp.a_matrix_.index_ = problem["index"].astype(np.int32)
    lp.a_matrix_.value_ = problem["value"]
    solver.passModel(lp)
    return solver


def highs(problem: dict, options: dict[str, object]) -> tuple[float, np.ndarray, np.ndarray]:
    """Solve by HiGHS with some options."""
    import highspy

    solver = loaded(problem)
    for name, value in {"time_limit": LONGEST, "threads": 1, **options}.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise SystemExit(f"HiGHS {solver.version()} does not take {name} = {value}")
    before = time.process_time()
    solver.run()
    seconds = time.process_time() - before
    if solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
        raise SystemExit(f"no answer in {LONGEST:.0f} seconds")
    found = solver.getSolution()
    return seconds, np.array(found.col_value), np.array(found.row_dual)


def from_prices(problem: dict) -> tuple[float, np.ndarray, np.ndarray]:
    """Solve by the dual simplex from the bases of the partnerships, each solved apart at prices of what they share."""
    from allocator.solving.from_prices import first_basis
    from allocator.solving.session import solve_apart
    from allocator.solving.solution import LinearProblem

    whole = LinearProblem(maximise=False, **{name: problem[name] for name in problem if name != "of_row"})
    before = time.process_time()  # of all threads
    start = first_basis(lambda: whole, problem["of_row"], seconds=LONGEST)
    if start is None:
        raise SystemExit("too few partnerships")
    found = solve_apart(whole, (start.columns, start.rows), LONGEST)
    if found is None:
        raise SystemExit(f"no answer in {LONGEST:.0f} seconds")
    return time.process_time() - before, found.values, found.duals


def pdlp_of_ortools(problem: dict) -> tuple[float, np.ndarray, np.ndarray]:
    """Solve by OR-Tools' first-order method, to a relative gap of 1e-6."""
    from ortools.pdlp import solvers_pb2
    from ortools.pdlp.python import pdlp
    from scipy.sparse import csr_array

    programme = pdlp.QuadraticProgram()
    shape = (len(problem["row_lower"]), len(problem["cost"]))
    programme.constraint_matrix = csr_array((problem["value"], problem["index"], problem["starts"]), shape).tocsc()
    programme.objective_vector = problem["cost"]
    programme.variable_lower_bounds, programme.variable_upper_bounds = problem["lower"], problem["upper"]
    programme.constraint_lower_bounds, programme.constraint_upper_bounds = problem["row_lower"], problem["row_upper"]
    asked = solvers_pb2.PrimalDualHybridGradientParams()
    asked.termination_criteria.simple_optimality_criteria.eps_optimal_relative = 1e-6
    asked.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = 1e-6
    asked.termination_criteria.time_sec_limit = LONGEST
    before = time.process_time()
    found = pdlp.primal_dual_hybrid_gradient(programme, asked)
    return time.process_time() - before, found.primal_solution, found.dual_solution


def cbc(problem: dict, file: Path) -> tuple[float, np.ndarray, np.ndarray]:
    """Solve by CBC, and read the digits that it prints."""
    import cbcbox

    answer = file.with_suffix(".txt")
    answer.unlink(missing_ok=True)
    words = [cbcbox.cbc_bin_path(), str(file), "-solve", "-printingOptions", "all", "-solution", str(answer)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=LONGEST)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    values, duals = np.zeros(len(problem["cost"])), np.zeros(len(problem["row_lower"]))
    for line in answer.read_text(encoding="utf-8").splitlines()[1:]:
        _, name, value, dual = line.replace("**", " ").split()[:4]
        if name.startswith("c"):
            values[int(name[1:])] = float(value)
        else:
            duals[int(name[1:])] = float(dual)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, values, duals


OF_HIGHS: dict[str, dict[str, object]] = {
    "dual simplex": {"solver": "simplex"},
    "primal simplex": {"solver": "simplex", "simplex_strategy": 4},
    "interior point with crossover": {"solver": "ipx"},
    "interior point alone": {"solver": "ipx", "run_crossover": "off"},
    "HiPO with crossover": {"solver": "hipo"},
    "PDLP of HiGHS": {"solver": "pdlp", "pdlp_optimality_tolerance": 1e-6},
}


def main() -> int:
    """Solve, keep the answer, print the seconds."""
    method, arrays, file, answer = sys.argv[1:]
    problem = dict(np.load(arrays))
    if method in OF_HIGHS:
        seconds, values, duals = highs(problem, OF_HIGHS[method])
    elif method == "from prices, then dual simplex":
        seconds, values, duals = from_prices(problem)
    elif method == "PDLP of OR-Tools":
        seconds, values, duals = pdlp_of_ortools(problem)
    else:
        seconds, values, duals = cbc(problem, Path(file))
    np.savez(answer, values=values, duals=duals)
    print(seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
