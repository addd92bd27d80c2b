/**
 * The run's problem with some settings moved: sides and coefficients along their lines, bounds worked out again.
 * What moves with what is the bundle's index, which the program made of the same rules that build the problem.
 */
import { upperBounds } from "./bounds.js";

const THOUSAND = 1000;
const FAMILIES = ["places", "fte", "recruits", "redundancies", "training", "grant", "carry", "lapse"];

/**
 * @typedef {Object} Problem  maximise or minimise cost.x, rowLower <= A x <= rowUpper, lower <= x <= upper
 * @property {boolean} maximise
 * @property {Float64Array} cost
 * @property {Float64Array} lower
 * @property {Float64Array} upper
 * @property {Float64Array} rowLower
 * @property {Float64Array} rowUpper
 * @property {Int32Array} starts  where each row begins in index and value
 * @property {Int32Array} index
 * @property {Float64Array} value
 */

/**
 * The problem as it was certified.
 * @returns {Problem}
 */
export function asCertified({ header, arrays: a }) {
  return {
    maximise: header.maximise, cost: a.cost, lower: a.lower, upper: a.upper, rowLower: a.row_lower,
    rowUpper: a.row_upper, starts: a.starts, index: a.index, value: a.value,
  };
}

/**
 * The columns of every decision of a family, in its order; -1 where the problem has none.
 * @returns {Object<string, Int32Array>}
 */
export function columnsOf({ header, arrays: a }) {
  const { p: P, y: Y, k: K, a: A } = header.sizes;
  const found = {};
  let at = 0;
  for (const family of FAMILIES) {
    const each = family === "places" ? K : ["grant", "carry", "lapse"].includes(family) ? 1 : A;
    found[family] = a.column_of.subarray(at, at + P * Y * each);
    at += P * Y * each;
  }
  return found;
}

/**
 * The problem with settings moved. Every shortfall may be as large as it can be: stages.js says how large it is.
 * @param {{header: Object, arrays: Object}} bundle
 * @param {Object<string, number>} values  by setting, those that are moved; the others are as in the run
 * @returns {Problem}
 */
export function stated(bundle, values) {
  const { header, arrays: a } = bundle;
  const problem = asCertified(bundle);
  for (const name of ["cost", "upper", "lower", "rowLower", "rowUpper", "value"]) problem[name] = problem[name].slice();
  // infinite sides stay infinite, whatever is added to them
  header.sliders.forEach((slider, n) => {
    const by = (values[slider.setting] ?? slider.value) - slider.value;
    if (by === 0) return;
    a[`rows${n}`]?.forEach((row, k) => {
      problem.rowLower[row] += by * a[`lower${n}`][k];
      problem.rowUpper[row] += by * a[`upper${n}`][k];
    });
    a[`entries${n}`]?.forEach((entry, k) => { problem.value[entry] += by * a[`by${n}`][k]; });
  });
  const columns = columnsOf(bundle);
  putEffects(bundle, problem, values, columns);
  putBoxes(bundle, problem, values, columns);
  putShortfalls(bundle, problem);
  putSmallestShare(header, problem);
  return problem;
}

/** What each intervention's effects are multiplied by, against the run. */
export function timesOf({ header }, values) {
  const times = new Float64Array(header.interventions.length).fill(1);
  for (const slider of header.sliders) {
    if (slider.kind !== "effect" || !(slider.setting in values)) continue;
    times[header.interventions.indexOf(slider.part)] = values[slider.setting] / slider.value;
  }
  return times;
}

function putEffects(bundle, problem, values, columns) {
  const { header, arrays: a } = bundle;
  const times = timesOf(bundle, values);
  if (times.every((one) => one === 1)) return;
  const K = header.sizes.k;
  const of = new Float64Array(problem.cost.length).fill(1);
  columns.places.forEach((column, n) => { if (column >= 0) of[column] = times[a.served_intervention[n % K]]; });
  for (const row of a.effect_rows) {
    for (let k = problem.starts[row]; k < problem.starts[row + 1]; k++) problem.value[k] *= of[problem.index[k]];
  }
  // in benefit a place brings and costs: only what it brings is multiplied
  const brings = a.cost_of_effects ?? a.cost;
  of.forEach((one, column) => { if (one !== 1) problem.cost[column] += (one - 1) * brings[column]; });
}

/** The money of each year, in thousands of pounds [y]. */
export function moneyOf({ header, arrays: a }, values) {
  const money = a.bound_money.slice();
  for (const slider of header.sliders) {
    if (slider.kind !== "budget" || !(slider.setting in values)) continue;
    const y = header.years.indexOf(slider.part);
    money[y] = (values[slider.setting] * header.budgets.scale[y] - header.budgets.reserve) / THOUSAND;
  }
  return money;
}

function putBoxes(bundle, problem, values, columns) {
  const { header, arrays: a } = bundle;
  const now = (setting) => values[setting] ?? header.values[setting];
  const settings = {
    cap: now("grants.cap"), maxRise: now("grants.max_rise"), carryForward: now("budget.carry_forward_limit"),
    recruitment: now("workforce.max_recruitment") ?? 0, headcount: now("workforce.headcount_scale"),
  };
  const granted = header.grantsSet ? grantsSet(bundle, problem) : null;
  const found = upperBounds(header, a, settings, moneyOf(bundle, values), granted);
  for (const [family, bounds] of Object.entries(found)) {
    columns[family].forEach((column, n) => { if (column >= 0) problem.upper[column] = bounds[n]; });
  }
}

/** The grants that the distribution sets: the sides of its rows, which move with the money. */
function grantsSet({ header, arrays: a }, problem) {
  const granted = a.bound_granted.slice();
  const rule = header.rules.indexOf("distribution");
  a.row_rule.forEach((of, row) => {
    if (of === rule) granted[a.row_partnership[row] * header.sizes.y + a.row_year[row]] = problem.rowUpper[row];
  });
  return granted;
}

/** A soft row may fall short by all it asks, and by what negative effects could take away besides. */
function putShortfalls({ header, arrays: a }, problem) {
  if (a.short.length === 0) return;
  const row = rowsOf(a.short, problem);
  a.short.forEach((column) => {
    let most = problem.rowLower[row.get(column)];
    for (let k = problem.starts[row.get(column)]; k < problem.starts[row.get(column) + 1]; k++) {
      if (problem.value[k] < 0) most -= problem.value[k] * problem.upper[problem.index[k]];
    }
    problem.upper[column] = most;
  });
}

/**
 * The row of each shortfall: the first in which its column stands, since the row that holds their sum is the last.
 * @returns {Map<number, number>}
 */
export function rowsOf(short, problem) {
  const wanted = new Set(short);
  const row = new Map();
  for (let r = 0; r + 1 < problem.starts.length; r++) {
    for (let k = problem.starts[r]; k < problem.starts[r + 1]; k++) {
      if (wanted.has(problem.index[k]) && !row.has(problem.index[k])) row.set(problem.index[k], r);
    }
  }
  return row;
}

/** The box of the smallest share rests on what each partnership can reach: see goals.fairest. */
function putSmallestShare(header, problem) {
  const share = header.smallestShare;
  if (share < 0) return;
  let lowest = Infinity, highest = Infinity;
  for (let r = 0; r + 1 < problem.starts.length; r++) {
    let neet = 0, most = -problem.rowLower[r], least = -problem.rowLower[r];
    for (let k = problem.starts[r]; k < problem.starts[r + 1]; k++) {
      const reach = problem.value[k] * problem.upper[problem.index[k]];
      if (problem.index[k] === share) neet = -problem.value[k];
      else if (reach > 0) most += reach;
      else least += reach;
    }
    if (neet > 0) {
      lowest = Math.min(lowest, least / neet);
      highest = Math.min(highest, most / neet);
    }
  }
  problem.lower[share] = Math.min(lowest, highest);
  problem.upper[share] = highest;
}
