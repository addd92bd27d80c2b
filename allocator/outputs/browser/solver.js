/** HiGHS as WebAssembly, with one problem in it that is changed in place and solved again from its last basis. */

const LARGEST_COST = 1e4; // each objective is scaled to it: with smaller ones reduced costs fall below the tolerance
const DUAL = 1, PRIMAL = 4; // HiGHS's names of the simplex methods

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
    this.basis = null; // from which a problem of the same shape is solved next
    this.asked = false; // whether it is to be, even where the problem is changed in place
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
   * Put a problem in; one of the same shape is changed in place, and solved next from the last basis.
   * @param {import("./problem.js").Problem} problem
   */
  load(problem) {
    const held = this.held, asked = this.asked;
    this.held = problem;
    this.asked = false;
    if (held === null || held.value.some((value, k) => value !== problem.value[k])) {
      this.pass(problem);
      if (this.basis) this.model.setBasis(this.basis);
      return;
    }
    const columns = differing(held.lower, problem.lower, held.upper, problem.upper);
    if (columns.length) this.setBounds(columns, pick(problem.lower, columns), pick(problem.upper, columns));
    const rows = differing(held.rowLower, problem.rowLower, held.rowUpper, problem.rowUpper);
    if (rows.length) this.setRows(rows, pick(problem.rowLower, rows), pick(problem.rowUpper, rows));
    if (asked && this.basis) this.startFromKept();
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

  /** Give the objective, in its own units; the solver sees it scaled. */
  setCosts(cost, maximise) {
    if (this.cost === cost && this.maximise === maximise) return;
    let largest = 0;
    for (const one of cost) largest = Math.max(largest, Math.abs(one));
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

  /** Let the next problem that is put in be solved from a basis. */
  startNextFrom(basis) {
    this.basis = basis;
    this.asked = true;
  }

  /** Let what is solved next go on from the basis now. */
  keepBasis() {
    this.basis = this.model.getBasis();
  }

  /** Go back to the basis that was kept. */
  startFromKept() {
    this.model.setBasis(this.basis);
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
   * @param {{primal?: boolean, cold?: boolean}} [how]
   * @returns {{outcome: "optimal"|"infeasible"|"stuck", objective: number, values: Float64Array, duals: Float64Array}}
   *   objective and duals in the units of the costs given
   */
  solve({ primal = false, cold = false } = {}) {
    const options = this.model.options;
    let outcome = "stuck";
    for (const attempt of ["warm", "cold", "ipm"]) {
      if (attempt !== "warm" || cold) this.model.clearSolver();
      options.set({ solver: attempt === "ipm" ? "ipm" : "choose", simplex_strategy: primal && attempt === "warm" ? PRIMAL : DUAL });
      this.model.run();
      outcome = this.outcome();
      if (outcome === "infeasible" && options.get("presolve") !== "off") {
        // presolve has been wrong about what cannot be solved
        options.set({ presolve: "off" });
        this.model.clearSolver();
        this.model.run();
        outcome = this.outcome();
      }
      if (outcome !== "stuck") break;
    }
    options.set({ solver: "choose", presolve: "off" }); // off from the first solve on: a basis is better than less rows
    const found = this.model.getSolution();
    let objective = 0;
    this.cost.forEach((one, j) => { if (one !== 0) objective += one * found.colValue[j]; });
    return { outcome, objective, values: found.colValue, duals: found.rowDual.map((one) => one / this.scale) };
  }

  outcome() {
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
