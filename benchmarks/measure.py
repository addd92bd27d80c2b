"""Measure building, solving, the whole command, re-solves and growth; keep the figures and write docs/benchmarks.md.

Each part can be measured by itself and replaces its own figures in benchmarks/figures.json; the page is made of all
that are there. Times are of a processor, so that what else a machine does counts little, and medians of --runs.
linopy is left out where it is not installed (`uv sync --group bench`); other solvers are fetched by uv while they run:

    python benchmarks/measure.py                      # every part but the growth beyond 235 partnerships
    python benchmarks/measure.py solve --sizes 235x3 --runs 1
    python benchmarks/measure.py growth --sizes 470x3 940x3 47x20 --runs 1
    python benchmarks/measure.py --check              # the ratios of small sizes against benchmarks/bounds.json
"""

import argparse
import importlib.util
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from drawn_data import write_drawn  # noqa: E402 - it stands beside this file
from method import loaded  # noqa: E402 - likewise

FIGURES, BOUNDS, PAGE = HERE / "figures.json", HERE / "bounds.json", HERE.parent / "docs" / "benchmarks.md"
SMALL = ("47x3", "94x3", "235x3")


def busy(work: Callable[[], object]) -> float:
    """Seconds of a processor that a piece of work takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def median(work: Callable[[], object], runs: int) -> float:
    """The median of several."""
    return statistics.median(busy(work) for _ in range(runs))


# --- a: build --------------------------------------------------------------------------------------------------------


def build(runs: int) -> dict[str, float]:
    """The reference programme built: its tables read, ours, into the solver, bare arrays into highspy, and linopy."""
    from allocator import api
    from allocator.programme.formulate import formulate
    from allocator.solving.session import Session

    read, data = api.open_scenario("settlement")
    made = formulate(data, read.settings)
    problem = Session(made).problem()
    found = {
        "tables read and checked": median(lambda: api.open_scenario("settlement"), runs),
        "ours, from tables to PuLP's model": median(lambda: formulate(data, read.settings), runs),
        "ours, from PuLP's model into HiGHS": median(lambda: Session(made), runs),
        "bare arrays into HiGHS": median(lambda: loaded(_arrays(problem)), runs),
    }
    if importlib.util.find_spec("linopy") is not None:
        found["linopy, the same matrix and names"] = median(lambda: _linopy(problem), runs)
    return found


def _arrays(problem) -> dict:
    """The arrays of a problem by name, as method.py takes them: of a minimisation."""
    return {name: getattr(problem, name) for name in problem.__dataclass_fields__ if name != "maximise"}


def _linopy(problem):
    """The same programme as one block of variables and three of rows: linopy at its quickest."""
    import linopy
    import numpy as np
    import pandas as pd
    import xarray
    from scipy.sparse import csr_array

    model = linopy.Model()
    columns = pd.RangeIndex(len(problem.cost), name="column")
    x = model.add_variables(lower=problem.lower, upper=problem.upper, coords=[columns], name="x")
    matrix = csr_array((problem.value, problem.index, problem.starts))
    longest = int(np.diff(problem.starts).max())
    for sense, rows in (
        ("<=", np.flatnonzero(np.isinf(problem.row_lower))),
        (">=", np.flatnonzero(np.isinf(problem.row_upper))),
        ("=", np.flatnonzero(problem.row_lower == problem.row_upper)),
    ):
        index = np.full((len(rows), longest), -1)
        value = np.full((len(rows), longest), np.nan)
        for n, row in enumerate(rows.tolist()):
            terms = slice(matrix.indptr[row], matrix.indptr[row + 1])
            index[n, : terms.stop - terms.start] = matrix.indices[terms]
            value[n, : terms.stop - terms.start] = matrix.data[terms]
        sides = problem.row_upper[rows] if sense == "<=" else problem.row_lower[rows]
        data = xarray.Dataset({"coeffs": (("row", "_term"), value), "vars": (("row", "_term"), index)})
        model.add_constraints(linopy.LinearExpression(data, model), sense, xarray.DataArray(sides, dims="row"))
    model.add_objective((xarray.DataArray(problem.cost, dims="column") * x).sum())
    return model


# --- b: solve --------------------------------------------------------------------------------------------------------


# The packages that a method needs where it is no method of the HiGHS that is installed; uv fetches them.
METHODS = {
    "dual simplex": (),
    "from prices, then dual simplex": (),
    "primal simplex": (),
    "interior point with crossover": (),
    "interior point alone": (),
    "HiPO with crossover": ("highspy[extras]==1.15.1",),  # later versions of highspy have no extras
    "PDLP of HiGHS": (),
    "PDLP of OR-Tools": ("ortools", "scipy"),
    "CBC": ("cbcbox",),
}


def solve(runs: int, sizes: tuple[str, ...]) -> dict[str, dict[str, dict[str, float | str]]]:
    """The goal stage of the reference programme and of drawn ones, by each method."""
    found = {"reference": _by_each_method("settlement", runs)}
    for size in sizes:
        with TemporaryDirectory() as folder:
            found[size] = _by_each_method(str(write_drawn(Path(folder), *map(int, size.split("x")), seed=1)), runs)
    return found


def _by_each_method(scenario: str, runs: int) -> dict[str, dict[str, float | str]]:
    """Seconds of each method, and what its own values and duals certify.

    A method that does not get there in five minutes, or whose package cannot be fetched, has no seconds, and says why.
    """
    import numpy as np

    from allocator import api
    from allocator.programme.formulate import formulate
    from allocator.solving.from_prices import about
    from allocator.solving.session import Session

    read, data = api.open_scenario(scenario)
    programme = formulate(data, read.settings)
    of_row = about(programme.rows, data.partnerships)
    session = Session(programme)
    session.set_costs(-session.cost if session.maximise else session.cost, maximise=False)
    problem = session.problem()
    found = {}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "problem.mps"
        file.write_bytes(session.write())
        np.savez(file.with_suffix(".npz"), of_row=of_row, **_arrays(problem))
        for method, packages in METHODS.items():
            found[method] = _by(method, packages, file, problem, runs)
            print(method, found[method], flush=True)
    return found


def _by(method: str, packages: tuple[str, ...], file: Path, problem, runs: int) -> dict[str, float | str]:
    """Solve by one method in a process with its own packages; give seconds, and what exact arithmetic says."""
    import numpy as np

    from allocator.recompute.certificate import certify
    from allocator.solving.solution import StageProof

    answer = file.with_name("answer.npz")
    here = [sys.executable]
    if packages:
        added = [word for package in packages for word in ("--with", package)]
        here = ["uv", "run", "--quiet", "--no-project", "--python", sys.executable, *added, "python"]
    words = [*here, str(HERE / "method.py"), method, str(file.with_suffix(".npz")), str(file), str(answer)]
    taken = []
    for _ in range(runs):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            return {"why": (done.stderr.strip() or "no answer").splitlines()[-1]}
        taken.append(float(done.stdout.splitlines()[-1]))
    with np.load(answer) as kept:
        values, duals = np.clip(kept["values"], problem.lower, problem.upper), kept["duals"]
    names = ((),) * len(problem.cost), ((),) * len(problem.row_lower)
    both = [certify(StageProof("goal", "", problem, values, sign * duals, *names, b"")) for sign in (1.0, -1.0)]
    said = min(both, key=lambda one: one.gap)
    return {"seconds": statistics.median(taken), "violation": said.violation, "gap": said.gap, "why": said.why}


# --- c: the whole command --------------------------------------------------------------------------------------------

BARE = (
    "import sys, highspy; s = highspy.Highs(); s.setOptionValue('output_flag', False); s.setOptionValue('threads', 1);"
    " s.readModel(sys.argv[1]); s.run()"
)


def command(runs: int) -> dict[str, float]:
    """The whole command on the reference data, and a process that does nothing but read and solve the same problem."""
    import gzip

    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as folder:
        run, problem = Path(folder) / "run", Path(folder) / "problem.mps"
        whole = [sys.executable, "-m", "allocator", "solve", "settlement", "-o", str(run), "--force"]
        _process(whole, environment)
        problem.write_bytes(gzip.decompress((run / "problem.mps.gz").read_bytes()))
        bare = [sys.executable, "-c", BARE, str(problem)]
        _process(bare, environment)
        taken = {"whole command": [], "bare process": []}
        for _ in range(runs):  # in turn, so that a busy moment falls on both
            taken["whole command"].append(_process(whole, environment))
            taken["bare process"].append(_process(bare, environment))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def _process(words: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# --- d: solved again -------------------------------------------------------------------------------------------------


def again(runs: int) -> dict[str, float]:
    """The goal solved again with another budget: from the last basis, and from none."""
    from allocator import api
    from allocator.solving.settlement import plan_data
    from allocator.what_if.questions import Change, what_if

    read, data = api.open_scenario("settlement")
    _, plans = plan_data(data, read.settings)
    question = what_if(data, read.settings, plans)
    session = plans[0].stages.session
    steps = iter(range(1, 10_000))
    warm = median(lambda: question.reached(Change(money=(1e6 * next(steps),) * len(data.years))), 4 * runs)

    def cold() -> None:
        session.highs.clearSolver()
        session.solve()

    return {"warm, another budget": warm, "cold": median(cold, runs)}


# --- e: growth -------------------------------------------------------------------------------------------------------


def growth(runs: int, sizes: tuple[str, ...]) -> dict[str, dict[str, float | bool]]:
    """The whole command on drawn data of each size, in a process of its own: seconds by phase, memory, certificate."""
    found = {}
    for size in sizes:
        partnerships, years = map(int, size.split("x"))
        with TemporaryDirectory() as folder:
            scenario = write_drawn(Path(folder), partnerships, years, seed=1)
            words = [sys.executable, str(Path(__file__).resolve()), "--one", str(scenario)]
            rows = []
            for _ in range(runs):
                done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
                rows.append(json.loads(done.stdout.splitlines()[-1]))
        found[size] = {key: statistics.median_low([row[key] for row in rows]) for key in rows[0]}
        print(size, found[size], flush=True)
    return found


def one(file: str) -> None:
    """Solve one scenario as the command does, phase by phase, and print what each took."""
    from allocator import api
    from allocator.errors import SolverError
    from allocator.runs.plan import certified_stages, judge
    from allocator.runs.write import write_run
    from allocator.solving.settlement import solve_data
    from allocator.time_left import within
    from allocator.what_if.in_time import bound
    from allocator.what_if.shares_as_before import figures_as_before

    taken: dict[str, float | bool] = {}
    last = time.process_time()

    def phase(name: str) -> None:
        nonlocal last
        now = time.process_time()
        taken[name], last = now - last, now

    read, data = api.open_scenario(file)
    phase("read")
    solution, plans = solve_data(data, read.settings)
    phase("solve")
    worked = judge(data, read.settings, solution.figures)
    certificates = certified_stages(solution)
    phase("certify")
    from allocator.analyses.solve.beside_the_plan import reasons_of

    with within(bound(plans)):  # as the command bounds them
        reasons = reasons_of(data, read.settings, plans, worked)
    before, not_in_time = None, len(reasons.worth.not_in_time)
    try:
        with within(bound(plans)):
            before = figures_as_before(data, read.settings, plans)
    except SolverError:
        not_in_time += 1
    phase("worth")
    reference = judge(data, read.settings, before) if before is not None else None
    plan = api.Plan(read, data, solution, worked, certificates, reference, None, reasons)
    with TemporaryDirectory() as folder:
        write_run(plan, Path(folder) / "run", force=True, command="")
    phase("write")
    taken["whole"] = time.process_time()
    taken["goal and soft"] = sum(s.seconds for s in solution.stages if s.stage in ("soft", "goal"))
    taken["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    taken["certified"] = plan.certified
    taken["not in time"] = not_in_time
    print(json.dumps(taken))


# --- f: what is asked of uncertain inputs -----------------------------------------------------------------------------


def uncertainty(runs: int) -> dict[str, float]:
    """One effect known alone, one draw of all, and one input moved both ways, beside a solve of the library."""
    import allocator
    from allocator import api
    from allocator.analyses.evidence.evidence import direction
    from allocator.analyses.evidence.revalued import Revalued
    from allocator.analyses.sensitivity.inputs import inputs_of
    from allocator.analyses.sensitivity.sensitivity import sensitivity_of
    from allocator.what_if.side import side_of_scenario

    read, data = api.open_scenario("settlement")
    side = side_of_scenario(read, data, None)
    asked, inputs = Revalued(data, read.settings), inputs_of(data)[0]
    known = iter(list(range(len(data.interventions))) * runs)
    # an effect, a cost and a limit; what they are held against is planned once for all of them
    some = [one for one in inputs if one.key in SOME]
    return {
        "one library solve": median(lambda: allocator.solve("settlement"), runs),
        "one effect known alone": median(lambda: asked.along(direction(asked, next(known))), 2 * runs),
        "one draw of all effects": median(lambda: asked.best(asked.effects * 1.1, near=False), runs),
        "one input moved": median(lambda: sensitivity_of(side, some), 1) / len(some),
    }


SOME = ("effects.adviser_support.*.effect", "grades.*.salary", "years.*.headcount_limit")


# --- g: many solves ---------------------------------------------------------------------------------------------------


def spread(runs: int) -> dict[str, dict[str, float]]:
    """Seconds by the clock of what solves many times: on one process, on two, and on a Dask cluster of two workers."""
    from distributed import LocalCluster

    found: dict[str, dict[str, float]] = {}
    with (
        TemporaryDirectory() as folder,
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        run = str(Path(folder) / "run")
        _by_the_clock(["solve", "settlement", "-o", run])
        out = ["-o", str(Path(folder) / "out"), "--force"]
        asked = {
            "sweep of 81 budgets": ["sweep", "settlement", "--vary", "budget.scale=0.9:1.1:81", *out],
            "evidence, 200 draws": ["evidence", run, "--draws", "200"],
            "approaches": ["approaches", "settlement"],
            "sensitivity": ["sensitivity", run],
        }
        for name, words in asked.items():
            ways = {"one process": ["--jobs", "1"], "two processes": ["--jobs", "2"]}
            if words[0] in ("sweep", "evidence"):
                ways["two workers of a cluster"] = ["--scheduler", cluster.scheduler_address]
            found[name] = {
                way: statistics.median(_by_the_clock([*words, *more]) for _ in range(runs))
                for way, more in ways.items()
            }
            print(name, found[name], flush=True)
    return found


def _by_the_clock(words: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "allocator", *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


# --- figures, page, check --------------------------------------------------------------------------------------------


def page(figures: dict) -> str:
    """The page of all figures that are there."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `python benchmarks/measure.py`; what grows how, and why, is said in [scale.md](scale.md).",
        f"Seconds of a processor on {figures['machine']}. Each is a median of as many runs as its column says.",
    ]
    titles = {
        "build": "Building the reference programme",
        "command": "The whole command on the reference data",
        "again": "Solved again with something changed",
        "uncertainty": "What is asked of uncertain inputs",
    }
    for part, title in titles.items():
        if part in figures:
            runs, found = figures[part]["runs"], figures[part]["found"]
            least = min(found.values())
            lines += ["", f"## {title}", "", f"| | seconds, median of {runs} | times the least |", "|---|---|---|"]
            lines += [f"| {name} | {value:.3f} | {value / least:.1f} |" for name, value in found.items()]
    if "solve" in figures:
        lines += ["", "## Solving the goal stage, by method", "", *_methods(figures["solve"])]
    if "spread" in figures:
        lines += ["", "## Many solves, on two cores", "", *_spread(figures["spread"])]
    if "growth" in figures:
        lines += ["", "## Growth, on drawn data", "", *_growth(figures["growth"])]
    return "\n".join(lines) + "\n"


def _methods(figures: dict) -> list[str]:
    lines = [
        f"Seconds are medians of {figures['runs']}, of one thread. What a method's own values and duals certify is",
        "worked out in exact arithmetic: by how much they break a limit at most, as a share of its largest term, and",
        "by how much a plan could be better, as a share of the goal. Certified is what is within a millionth of",
        "both. First-order methods (PDLP) are asked for a relative gap of 1e-6; CBC's digits are those that it prints.",
        "Five minutes are the most for any.",
    ]
    for problem, found in figures["found"].items():
        least = min(row["seconds"] for row in found.values() if "seconds" in row)
        lines += [
            "",
            f"### {problem}",
            "",
            "| | seconds | times the least | breaks | leaves | certified |",
            "|---" * 6 + "|",
        ]
        for method, row in found.items():
            if "seconds" in row:
                told = (
                    f"{row['seconds']:.2f} | {row['seconds'] / least:.1f} | {row['violation']:.1e} | {row['gap']:.1e}"
                )
                lines.append(f"| {method} | {told} | {'no' if row['why'] else 'yes'} |")
            else:
                lines.append(f"| {method} | | | | | no: {row['why']} |")
    return lines


def _spread(figures: dict) -> list[str]:
    ways = ("one process", "two processes", "two workers of a cluster")
    lines = [
        f"Whole commands on the reference data, seconds by the clock, medians of {figures['runs']}.",
        "",
        f"| | {' | '.join(ways)} |",
        f"|---{'|---' * len(ways)}|",
    ]
    for name, found in figures["found"].items():
        lines.append(f"| {name} | {' | '.join(f'{found[way]:.1f}' if way in found else '' for way in ways)} |")
    return lines


def _growth(found: dict[str, dict]) -> list[str]:
    phases = ("read", "solve", "certify", "worth", "write", "whole")
    lines = [
        "Partnerships × years, seconds. Whole: with imports. Questions without an answer in time cost no plan.",
        "",
        f"| | {' | '.join(phases)} | MB | certified | not in time |",
        f"|---{'|---' * (len(phases) + 3)}|",
    ]
    order = sorted(found, key=lambda size: tuple(map(int, size.split("x")))[::-1])
    for size in order:
        row = found[size]
        said = "yes" if row["certified"] else "no"
        seconds = " | ".join(f"{row[name]:.2f}" for name in phases)
        lines.append(f"| {size} | {seconds} | {row['megabytes']:.0f} | {said} | {row['not in time']} |")
    three = [size for size in order if size.endswith("x3")]
    if len(three) > 1:
        first, last = three[0], three[-1]
        times = math.log(int(last[:-2]) / int(first[:-2]))
        lines += [
            "",
            f"Exponents from {first} to {last}: "
            + ", ".join(f"{name} {math.log(found[last][name] / found[first][name]) / times:.2f}" for name in phases)
            + ".",
        ]
    return lines


def check(runs: int) -> int:
    """Compare the ratios of small sizes with stored bounds; gives an exit status."""
    bounds = json.loads(BOUNDS.read_text(encoding="utf-8"))
    whole, made, resolved, unsure = command(runs), build(runs), again(runs), uncertainty(runs)
    solved = unsure["one library solve"]
    ratios = {
        "whole command, times the bare process": whole["whole command"] / whole["bare process"],
        "tables read, times the build": made["tables read and checked"] / made["ours, from tables to PuLP's model"],
        "build, times bare arrays": made["ours, from tables to PuLP's model"] / made["bare arrays into HiGHS"],
        "cold, times warm": resolved["cold"] / resolved["warm, another budget"],
        "one effect known alone, times a solve": unsure["one effect known alone"] / solved,
        "one draw of all effects, times a solve": unsure["one draw of all effects"] / solved,
        "one input moved, times a solve": unsure["one input moved"] / solved,
    }
    failed = 0
    for name, ratio in ratios.items():
        least, most = bounds[name]
        kept = least <= ratio <= most
        failed += not kept
        print(f"{name:40} {ratio:7.2f}   {least:g} to {most:g}   {'' if kept else 'OUT OF BOUNDS'}")
    return 1 if failed else 0


PARTS = {"build": build, "command": command, "again": again, "uncertainty": uncertainty, "spread": spread}


def main() -> int:
    """Measure what is asked for."""
    asked = argparse.ArgumentParser(description="Measure, keep the figures and write docs/benchmarks.md.")
    asked.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)}, solve, growth; all where left out")
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--sizes", nargs="*", default=SMALL, metavar="PxY")
    asked.add_argument("--check", action="store_true", help="compare ratios with benchmarks/bounds.json")
    asked.add_argument("--one", metavar="SCENARIO", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.one:
        one(options.one)
        return 0
    if options.check:
        return check(options.runs)
    figures = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    figures["machine"] = f"{os.cpu_count()} cores of {platform.machine()}, Python {platform.python_version()}"
    for part in options.parts or (*PARTS, "solve", "growth"):
        if part == "solve":
            figures["solve"] = {"runs": options.runs, "found": solve(options.runs, tuple(options.sizes))}
        elif part == "growth":
            figures["growth"] = figures.get("growth", {}) | growth(options.runs, tuple(options.sizes))
        else:
            figures[part] = {"runs": options.runs, "found": PARTS[part](options.runs)}
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(figures), encoding="utf-8")
        print(part, figures[part], flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
