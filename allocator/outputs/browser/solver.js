/** HiGHS as WebAssembly, with one problem in it that is changed in place and solved again from its last basis. */

const LARGEST_COST = 1e4; // each objective is scaled to it: with smaller ones reduced costs fall below the tolerance
const DUAL = 1, PRIMAL = 4; // HiGHS's names of the simplex methods
const LEAST_STEPS = 2000, STEPS_A_ROW = 1.5, NO_LIMIT = 2 ** 31 - 1; // of the simplex, where one solve is only tried
const CHOOSE = -1, DEVEX = 1; // and of the dual simplex's weights: by devex it need not work them out for a basis given

/**
 * Start the solver. The loader as it is built ignores bytes that are handed to it, and would ask the network: the
 * module is made here in its place.
 * @param {function} loader  of the vendored highs.js
 * @param {ArrayBuffer} bytes  highs.wasm
 */
export async function startSolver(loader, bytes) {
  const made = await WebAssembly.compile(bytes);
  return await loader({
    instantiateWasm(imports, done) {
      WebAssembly.instantiate(made, imports).then((instance) => done(instance, made));
      return {};
    },
  });
}

/** One problem in the solver. */
export class Session {
  /** @param {Object} highs  of startSolver */
  constructor(highs) {
    this.highs = highs;
    this.model = highs.createModel();
    this.model.options.set({ output_flag: false });
    this.held = null; // the problem as the solver has it
    this.rows = 0; // in the solver now
    this.maximise = true;
    this.scale = 1;
    this.cost = null;
  }

  /** Give back the solver's memory; the session is of no use afterwards. */
  dispose() {
    this.model.dispose();
  }

  /**
   * Put a problem in; one of the same shape is changed in place.
   * @param {import("./problem.js").Problem} problem
   */
  load(problem) {
    const held = this.held;
    this.held = problem;
    if (held === null || held.value.some((value, k) => value !== problem.value[k])) {
      this.pass(problem);
      return;
    }
    const columns = differing(held.lower, problem.lower, held.upper, problem.upper);
    if (columns.length) this.setBounds(columns, pick(problem.lower, columns), pick(problem.upper, columns));
    const rows = differing(held.rowLower, problem.rowLower, held.rowUpper, problem.rowUpper);
    if (rows.length) this.setRows(rows, pick(problem.rowLower, rows), pick(problem.rowUpper, rows));
  }

  pass(problem) {
    const sense = this.highs.constants.objectiveSense;
    const [columns, rows] = [problem.cost.length, problem.rowLower.length];
    this.model.passModel({
      numCols: columns, numRows: rows, sense: sense.maximize, colCost: new Float64Array(columns),
      colLower: problem.lower, colUpper: problem.upper, rowLower: problem.rowLower, rowUpper: problem.rowUpper,
      matrix: {
        format: "csr", numCols: columns, numRows: rows, starts: problem.starts, indices: problem.index,
        values: problem.value,
      },
    });
    this.rows = rows;
    this.maximise = true;
    this.cost = null;
  }

  /** Give the objective, in its own units; the solver sees it scaled, by the largest of some costs. */
  setCosts(cost, maximise, scaledBy = cost) {
    if (this.cost === cost && this.maximise === maximise) return;
    let largest = 0;
    for (const one of scaledBy) largest = Math.max(largest, Math.abs(one));
    this.scale = largest > 0 ? LARGEST_COST / largest : 1;
    this.model.changeColsCost({ kind: "range", from: 0, to: cost.length - 1 }, cost.map((one) => one * this.scale));
    const sense = this.highs.constants.objectiveSense;
    this.model.changeObjectiveSense(maximise ? sense.maximize : sense.minimize);
    this.cost = cost;
    this.maximise = maximise;
  }

  setBounds(columns, lower, upper) {
    this.model.changeColsBounds({ kind: "set", indices: columns }, lower, upper);
  }

  setRows(rows, lower, upper) {
    this.model.changeRowsBounds({ kind: "set", indices: rows }, lower, upper);
  }

  /** The basis now, to be given back to startFrom. */
  basis() {
    return this.model.getBasis();
  }

  /** Solve next from a basis of a problem with the same rows and columns. */
  startFrom(basis) {
    this.model.setBasis(basis);
  }

  /** Add one row; give its number. */
  addRow(indices, values, lower, upper) {
    this.model.addRow(lower, upper, { indices, values });
    return this.rows++;
  }

  /** Take away every row after the first so many. */
  cutBack(rows) {
    if (this.rows > rows) this.model.deleteRows({ kind: "range", from: rows, to: this.rows - 1 });
    this.rows = rows;
  }

  /**
   * Solve as it stands: from the last basis; without an answer cold; then by interior point.
   * @param {{primal?: boolean, cold?: boolean, once?: boolean}} [how]  cold: begin cold; once: try but the first way,
   *   and give up where it takes far more steps than it should
   * @returns {{outcome: "optimal"|"infeasible"|"stuck", objective?: number, values?: Float64Array,
   *   duals?: Float64Array}}  objective and duals in the units of the costs given; none of them without an optimum
   */
  solve({ primal = false, cold = false, once = false } = {}) {
    const options = this.model.options, attempts = cold ? ["cold", "ipm"] : ["warm", "cold", "ipm"];
    let outcome = "stuck";
    for (const attempt of once ? attempts.slice(0, 1) : attempts) {
      const warm = attempt === "warm";
      if (!warm) this.model.clearSolver();
      options.set({
        solver: attempt === "ipm" ? "ipm" : "choose", presolve: warm ? "off" : "choose",
        simplex_iteration_limit: once ? Math.max(LEAST_STEPS, Math.ceil(STEPS_A_ROW * this.rows)) : NO_LIMIT,
        simplex_strategy: primal && warm ? PRIMAL : DUAL,
        primal_simplex_bound_perturbation_multiplier: primal && warm ? 0 : 1, // perturbed, plans were lost and not found again
        simplex_dual_edge_weight_strategy: warm ? DEVEX : CHOOSE,
      });
      outcome = this.outcome();
      if (outcome === "infeasible" && !warm) {
        // presolve has been wrong about what cannot be solved
        options.set({ presolve: "off" });
        this.model.clearSolver();
        outcome = this.outcome();
      }
      if (outcome !== "stuck") break;
    }
    if (outcome !== "optimal") return { outcome };
    const found = this.model.getSolution();
    let objective = 0;
    this.cost.forEach((one, j) => { if (one !== 0) objective += one * found.colValue[j]; });
    return { outcome, objective, values: found.colValue, duals: found.rowDual.map((one) => one / this.scale) };
  }

  /** Run the solver, and say how it ended. */
  outcome() {
    try {
      this.model.run();
    } catch {
      return "stuck"; // it throws where numbers grow beyond what it works with
    }
    const status = this.model.getModelStatus(), known = this.highs.constants.modelStatus;
    if (status === known.optimal) return "optimal";
    // every column is boxed, so nothing is unbounded
    return status === known.infeasible || status === known.unboundedOrInfeasible ? "infeasible" : "stuck";
  }
}

function differing(lower, newLower, upper, newUpper) {
  const found = [];
  for (let i = 0; i < lower.length; i++) if (lower[i] !== newLower[i] || upper[i] !== newUpper[i]) found.push(i);
  return found;
}

function pick(numbers, at) {
  return Float64Array.from(at, (i) => numbers[i]);
}
