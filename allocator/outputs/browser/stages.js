/**
 * The stages up to the goal, as solving/stages.py has them: keep the soft rules as far as can be, then reach the goal.
 * Of what comes after the goal only the fewest redundancies, with what may be given up for them: the quietest grants
 * and ties between alike partnerships are the command's, which solves the downloaded scenario through all its stages.
 */
import { rowsOf, stated } from "./problem.js";

const HOLD = 1e-7; // slack with which a stage's optimum is held, relative to it
const SMALLEST_HELD = 1e-2; // optima below it are held as if they were it
const LEAST_SLACK = 1e-5; // of a row that holds an optimum, in its own unit
// Of a shortfall where both stages are solved nearly in one, in the goal's largest cost: of the largest requirement, and
// at most. Higher ones grow beyond what the solver works with, where there is no plan.
const PRICE_OF_LARGEST = 1e3, HIGHEST_PRICE = 1e4;
const NOTHING = 1e-9; // FTE: what is no redundancy

/**
 * A run's problem in the solver, asked again and again: each time from the basis of the run or of the question before,
 * whichever was asked with settings nearer to those asked now.
 */
export class Stages {
  /**
   * @param {import("./solver.js").Session} session
   * @param {{header: Object, arrays: Object}} bundle
   * @param {Object<string, Int32Array>} columns  of columnsOf
   * @param {?Object} runBasis  where the run's own solve ended; null to begin cold
   */
  constructor(session, bundle, columns, runBasis = null) {
    this.session = session;
    this.bundle = bundle;
    const { arrays, header } = bundle;
    const used = columns.redundancies.filter((column) => column >= 0);
    this.redundancies = new Float64Array(arrays.cost.length);
    for (const column of used) this.redundancies[column] = 1;
    this.short = arrays.short;
    this.hold = header.holdsSoft ? arrays.row_lower.length - 1 : -1;
    this.run = runBasis && { values: {}, basis: runBasis };
    this.last = null;
  }

  /**
   * The best plan with settings moved.
   * @param {Object<string, number>} values
   * @returns {{outcome: string, soft: number, goal: number, best: number, values: Float64Array, duals: Float64Array,
   *   problem: Object}}  goal: of the plan; best: what could be reached, of which give_up may take; constants included
   */
  best(values) {
    const problem = this.load(stated(this.bundle, values));
    this.session.load(problem);
    const found = this.goalAfterSoft(values);
    if (found.outcome !== "optimal") return { ...found, problem };
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

  goalAfterSoft(values) {
    const { session, problem } = this, start = this.nearest(values);
    if (this.hold < 0) {
      this.startFrom(start);
      const goal = this.solveGoal({ cold: start === null });
      this.remember(values, goal);
      return { ...goal, soft: 0 };
    }
    const dearest = this.dearest(start);
    this.allow(this.full, this.noLimit);
    this.startFrom(start);
    const dear = this.solveDear({ cold: start === null, once: true });
    if (dear.outcome === "infeasible") return { ...dear, soft: 0 };
    this.remember(values, dear);
    if (dear.outcome === "optimal" && this.shortfall(dear.values) <= HOLD) {
      const whole = this.solveWhole();
      if (whole.outcome === "optimal" && this.affordable(whole.objective, dearest)) return { ...whole, soft: 0 };
    }
    return this.goalWithShortfall(dear, dearest);
  }

  /** Stage 1, and the goal with the smallest sum of shortfalls held. dear: of solveDear; where it is none, both cold. */
  goalWithShortfall(dear, dearest) {
    const { session, problem } = this, rows = problem.rowLower.length;
    const how = { primal: true, cold: dear.outcome !== "optimal" }, basis = how.cold ? null : this.last.basis;
    this.allow(this.full, this.noLimit);
    this.startFrom(basis);
    if (dearest !== null) {
      this.addHeld(problem.cost, dearest, dearest, problem.maximise);
      if (basis && !this.affordable(goalOf(problem, dear.values), dearest)) this.solveDear({ once: true });
    }
    session.setCosts(this.share, false);
    const soft = session.solve(how);
    if (session.rows > rows) {
      session.cutBack(rows);
      this.startFrom(basis);
    }
    if (soft.outcome !== "optimal") return { ...soft, soft: 0 };
    const least = Math.max(soft.objective, 0);
    if (least <= HOLD) {
      const whole = this.solveWhole();
      if (whole.outcome === "optimal" && this.affordable(whole.objective, dearest)) return { ...whole, soft: 0 };
    }
    this.allow(this.full, least + HOLD * Math.max(1, least));
    return { ...this.solveGoal(how), soft: least };
  }

  /**
   * Solve both stages nearly in one: any shortfall is allowed, at a high price. Other limits leave the basis one of the
   * dual simplex, which a stage of its own for shortfalls would not. Its answer is where the two stages begin.
   */
  solveDear(how) {
    const { problem } = this, cost = problem.cost.slice(), sign = problem.maximise ? -1 : 1;
    const largest = problem.cost.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    const least = this.short.reduce((found, column) => Math.min(found, this.share[column]), Infinity);
    for (const column of this.short) {
      cost[column] += sign * largest * Math.min((PRICE_OF_LARGEST * this.share[column]) / least, HIGHEST_PRICE);
    }
    this.session.setCosts(cost, problem.maximise, problem.cost);
    return this.session.solve(how);
  }

  /** The goal with every shortfall at nothing. */
  solveWhole() {
    this.allow(new Float64Array(this.short.length), this.noLimit);
    return this.solveGoal();
  }

  shortfall(plan) {
    return this.short.reduce((total, column) => total + this.share[column] * plan[column], 0);
  }

  /** Keep where a question ended, for the next one that is nearer to it than to the run. */
  remember(values, answer) {
    if (answer.outcome !== "optimal") return;
    this.last = { values, basis: this.session.basis() };
    if (this.run && Object.keys(values).length === 0) this.run = this.last;
  }

  /** The basis to begin from, the run's where in doubt: of it the steps are known to be few. Null where there is none. */
  nearest(values) {
    if (!this.run || !this.last) return (this.run ?? this.last)?.basis ?? null;
    const near = 2 * this.apart(values, this.last.values) < this.apart(values, this.run.values);
    return (near ? this.last : this.run).basis;
  }

  /** How far settings are from others: the sum of what each is moved by, as a share of what it is in the run. */
  apart(values, others) {
    let total = 0;
    for (const { setting, value, kind } of this.bundle.header.sliders) {
      if (kind === "give_up") continue; // of no stage up to the goal
      const by = (values[setting] ?? value) - (others[setting] ?? value);
      total += Math.abs(by) / (Math.abs(value) || 1);
    }
    return total;
  }

  startFrom(basis) {
    if (basis) this.session.startFrom(basis);
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
  dearest(start) {
    const share = this.bundle.header.softMayCost;
    if (share === null) return null;
    this.allow(this.full, this.noLimit);
    this.startFrom(start);
    const free = this.solveGoal({ cold: start === null });
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
    const fewest = session.solve({ primal: true, once: true });
    let plan = null;
    if (fewest.outcome === "optimal") {
      plan = { values: fewest.values, objective: goalOf(problem, fewest.values) };
      if (giveUp > 0) {
        const most = Math.max(fewest.objective, 0);
        this.addHeld(this.redundancies, most, most, false);
        const again = this.solveGoal({ primal: true, once: true });
        if (again.outcome === "optimal") plan = again;
      }
    }
    session.cutBack(rows);
    return plan ? { ...found, values: plan.values, goal: plan.objective + this.bundle.header.constant } : found;
  }
}

function goalOf(problem, plan) {
  let total = 0;
  problem.cost.forEach((one, j) => { if (one !== 0) total += one * plan[j]; });
  return total;
}
