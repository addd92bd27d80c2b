/**
 * The stages up to the goal, as solving/stages.py has them: keep the soft rules as far as can be, then reach the goal.
 * Of what comes after the goal only the fewest redundancies, with what may be given up for them: the quietest grants
 * and ties between alike partnerships are the command's, which solves the downloaded scenario through all its stages.
 */
import { rowsOf, stated } from "./problem.js";

const HOLD = 1e-7; // slack with which a stage's optimum is held, relative to it
const SMALLEST_HELD = 1e-2; // optima below it are held as if they were it
const LEAST_SLACK = 1e-5; // of a row that holds an optimum, in its own unit
const NOTHING = 1e-9; // FTE: what is no redundancy

/** A run's problem in the solver, asked again and again. */
export class Stages {
  /**
   * @param {import("./solver.js").Session} session
   * @param {{header: Object, arrays: Object}} bundle
   * @param {Object<string, Int32Array>} columns  of columnsOf
   */
  constructor(session, bundle, columns) {
    this.session = session;
    this.bundle = bundle;
    const used = columns.redundancies.filter((column) => column >= 0);
    this.redundancies = new Float64Array(bundle.arrays.cost.length);
    for (const column of used) this.redundancies[column] = 1;
    this.short = bundle.arrays.short;
    this.hold = bundle.header.holdsSoft ? bundle.arrays.row_lower.length - 1 : -1;
    this.needsSoft = false;
  }

  /**
   * The best plan with settings moved.
   * @param {Object<string, number>} values
   * @returns {{outcome: string, soft: number, goal: number, best: number, values: Float64Array, duals: Float64Array,
   *   problem: Object}}  goal: of the plan; best: what could be reached, of which give_up may take; constants included
   */
  best(values) {
    const problem = this.load(stated(this.bundle, values));
    const found = this.goalAfterSoft();
    if (found.outcome !== "optimal") return { ...found, problem };
    this.session.keepBasis();
    const reached = found.objective + this.bundle.header.constant;
    return { ...found, goal: reached, best: reached, problem };
  }

  /** Put a problem in with every shortfall at nothing, and with the row that holds their sum saying nothing. */
  load(problem) {
    this.problem = problem;
    if (this.hold < 0) return problem;
    const row = rowsOf(this.short, problem);
    this.share = new Float64Array(problem.cost.length);
    this.full = Float64Array.from(this.short, (column) => problem.upper[column]);
    let all = 1;
    this.short.forEach((column, n) => {
      this.share[column] = 1 / problem.rowLower[row.get(column)];
      all += this.share[column] * this.full[n];
    });
    this.noLimit = all;
    const first = problem.starts[this.hold];
    this.holdUnit = problem.value[first] / this.share[problem.index[first]];
    for (const column of this.short) problem.upper[column] = 0;
    problem.rowUpper[this.hold] = all * this.holdUnit;
    return problem;
  }

  goalAfterSoft() {
    const { session, problem } = this;
    session.load(problem);
    if (this.hold < 0) return { ...this.solveGoal(), soft: 0 };
    const dearest = this.dearest();
    if (!this.needsSoft) {
      this.allow(new Float64Array(this.short.length), this.noLimit);
      const whole = this.solveGoal();
      if (whole.outcome !== "infeasible" && this.affordable(whole.objective, dearest)) return { ...whole, soft: 0 };
    }
    this.allow(this.full, this.noLimit);
    const rows = problem.rowLower.length;
    if (dearest !== null) this.addHeld(problem.cost, dearest, dearest, problem.maximise);
    session.setCosts(this.share, false);
    const soft = session.solve();
    session.cutBack(rows);
    if (soft.outcome !== "optimal") return { ...soft, soft: 0 };
    const least = Math.max(soft.objective, 0);
    this.needsSoft = least > HOLD;
    this.allow(this.full, least + HOLD * Math.max(1, least));
    return { ...this.solveGoal(), soft: least };
  }

  solveGoal(how) {
    this.session.setCosts(this.problem.cost, this.problem.maximise);
    return this.session.solve(how);
  }

  allow(upper, limit) {
    this.session.setBounds(this.short, new Float64Array(upper.length), upper);
    this.session.setRows([this.hold], [-Infinity], [limit * this.holdUnit]);
    // what the solver has is what the problem says, so that the next one is told from it
    this.short.forEach((column, n) => { this.problem.upper[column] = upper[n]; });
    this.problem.rowUpper[this.hold] = limit * this.holdUnit;
  }

  /** What the goal has to keep however close the soft rules could be come to; null where nothing is said. */
  dearest() {
    const share = this.bundle.header.softMayCost;
    if (share === null) return null;
    this.allow(this.full, this.noLimit);
    const free = this.solveGoal();
    return free.outcome === "optimal" ? this.worse(free.objective, this.partOfGoal(share, free.objective)) : null;
  }

  affordable(goal, dearest) {
    if (dearest === null) return true;
    const lost = this.problem.maximise ? dearest - goal : goal - dearest;
    return lost <= HOLD * Math.max(SMALLEST_HELD, Math.abs(goal));
  }

  worse(goal, amount) {
    return this.problem.maximise ? goal - amount : goal + amount;
  }

  partOfGoal(share, optimum) {
    return share * Math.abs(optimum + this.bundle.header.fixedPart);
  }

  /** A row that keeps an objective at a limit or better, scaled so that the tolerance is far below its slack. */
  addHeld(cost, optimum, limit, maximise) {
    const indices = [];
    let largest = 0;
    cost.forEach((one, j) => {
      if (one !== 0) indices.push(j);
      largest = Math.max(largest, Math.abs(one));
    });
    const slack = HOLD * Math.max(SMALLEST_HELD, Math.abs(optimum));
    const factor = largest ? Math.max(1 / largest, LEAST_SLACK / slack) : 1;
    const values = Float64Array.from(indices, (j) => cost[j] * factor);
    const side = (maximise ? limit - slack : limit + slack) * factor;
    return this.session.addRow(indices, values, maximise ? side : -Infinity, maximise ? Infinity : side);
  }

  /**
   * Of the best plans, or those that give up as much as may be, the one with fewest redundancies; of those the best.
   * @param {Object} found  of best(), with nothing solved since
   * @param {Object<string, number>} values
   */
  fewestRedundancies(found, values) {
    const made = (plan) => this.redundancies.reduce((total, one, j) => total + one * plan[j], 0);
    const giveUp = values["goal.give_up"] ?? this.bundle.header.values["goal.give_up"];
    const { session, problem } = this;
    if (made(found.values) <= NOTHING || !problem.cost.some((one) => one !== 0)) return found;
    const rows = problem.rowLower.length;
    const limit = this.worse(found.objective, this.partOfGoal(giveUp, found.objective));
    this.addHeld(problem.cost, found.objective, limit, problem.maximise);
    session.setCosts(this.redundancies, false);
    const fewest = session.solve({ primal: true });
    let plan = null;
    if (fewest.outcome === "optimal") {
      plan = { values: fewest.values, objective: goalOf(problem, fewest.values) };
      if (giveUp > 0) {
        const most = Math.max(fewest.objective, 0);
        this.addHeld(this.redundancies, most, most, false);
        const again = this.solveGoal({ primal: true });
        if (again.outcome === "optimal") plan = again;
      }
    }
    session.cutBack(rows);
    session.startFromKept();
    return plan ? { ...found, values: plan.values, goal: plan.objective + this.bundle.header.constant } : found;
  }
}

function goalOf(problem, plan) {
  let total = 0;
  problem.cost.forEach((one, j) => { if (one !== 0) total += one * plan[j]; });
  return total;
}
