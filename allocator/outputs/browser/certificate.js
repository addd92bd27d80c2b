/**
 * The certificate in exact arithmetic, as recompute/certificate.py works it out: no solver, no rounding. A double is a
 * whole number times a power of two, so with one power of two for each vector every sum is a sum of BigInts.
 */

const TOLERANCE = 1000000n; // one in a million

/** Doubles as whole numbers: entry j stands for whole[j] * 2**exponent; infinite ones are null. */
function scaled(numbers) {
  const bits = new DataView(new ArrayBuffer(8));
  const parts = Array.from(numbers, (number) => {
    if (!Number.isFinite(number)) return null;
    if (number === 0) return [0n, null];
    bits.setFloat64(0, number);
    const all = bits.getBigUint64(0);
    const power = Number((all >> 52n) & 0x7ffn);
    const low = all & 0xfffffffffffffn;
    let whole = power === 0 ? low : low | 0x10000000000000n;
    let exponent = (power === 0 ? 1 : power) - 1075;
    while ((whole & 1n) === 0n) { whole >>= 1n; exponent += 1; } // short numbers are the rule, and are faster
    return [number < 0 ? -whole : whole, exponent];
  });
  let lowest = Infinity;
  for (const part of parts) if (part && part[1] !== null) lowest = Math.min(lowest, part[1]);
  if (lowest === Infinity) lowest = 0;
  const whole = parts.map((part) => (part === null ? null : part[1] === null ? 0n : part[0] << BigInt(part[1] - lowest)));
  return { whole, exponent: lowest };
}

/** A fraction as [top, power]: top * 2**power. */
function added([a, p], [b, q]) {
  const lowest = Math.min(p, q);
  return [(a << BigInt(p - lowest)) + (b << BigInt(q - lowest)), lowest];
}

/** The double nearest enough to top * 2**power, for showing. */
function shown([top, power]) {
  const size = top < 0n ? -top : top;
  const extra = Math.max(0, size.toString(2).length - 64);
  return (top < 0n ? -1 : 1) * Number(size >> BigInt(extra)) * 2 ** (power + extra);
}

const absolute = (whole) => (whole < 0n ? -whole : whole);

/** Whether top/below <= one in a million, both over the same power of two. */
const within = (top, below) => top * TOLERANCE <= below;

/**
 * Judge a plan and duals against a problem.
 * @param {import("./problem.js").Problem} problem
 * @param {Float64Array} plan
 * @param {Float64Array} duals  of the rows, in the goal's units a unit of the row
 * @param {number} givenUp  by how much the plan may be worse, since the scenario gives it up
 * @returns {{certified: boolean, violation: number, row: number, goal: number, bound: ?number, gap: number}}
 *   violation: the largest of any row or box, relative; row: where, -1 a box; gap: relative to the goal
 */
export function certified(problem, plan, duals, givenUp = 0) {
  const sign = problem.maximise ? 1n : -1n;
  const value = scaled(problem.value), x = scaled(plan), cost = scaled(problem.cost);
  const judged = violation(problem, plan, value, x);
  let goal = 0n;
  cost.whole.forEach((one, j) => { goal += one * x.whole[j]; });
  const reached = [goal, cost.exponent + x.exponent];
  const bound = dualBound(problem, duals, value, cost, sign);
  if (bound === null) return { certified: false, ...judged.told, goal: shown(reached), bound: null, gap: Infinity };
  const difference = added(bound, [-reached[0], reached[1]]);
  const gap = [sign * difference[0], difference[1]];
  const size = added([absolute(reached[0]), reached[1]], [0n, 0]);
  const one = [1n, 0];
  const larger = added(size, [-1n, 0])[0] > 0n ? size : one;
  // gap * a million <= size + a million * what is given up
  const given = scaled([givenUp]);
  const room = added(larger, [given.whole[0] * TOLERANCE, given.exponent]);
  const fits = added(room, [-gap[0] * TOLERANCE, gap[1]])[0] >= 0n;
  return {
    certified: judged.within && fits, ...judged.told, goal: shown(reached), bound: shown(bound),
    gap: shown(gap) / shown(larger),
  };
}

function violation(problem, plan, value, x) {
  let worst = 0, where = -1, all = true;
  const unit = value.exponent + x.exponent;
  const judge = (excess, largest, exponent, row) => {
    let [top, below] = exponent > 0 ? [excess << BigInt(exponent), largest << BigInt(exponent)] : [excess, largest];
    const one = 1n << BigInt(Math.max(0, -exponent));
    if (below < one) below = one;
    const relative = shown([top, 0]) / shown([below, 0]);
    if (relative > worst) [worst, where] = [relative, row];
    all = all && within(top, below);
  };
  const sides = [[scaled(problem.rowLower), -1n], [scaled(problem.rowUpper), 1n]];
  for (let r = 0; r + 1 < problem.starts.length; r++) {
    let activity = 0n, largest = 0n;
    for (let k = problem.starts[r]; k < problem.starts[r + 1]; k++) {
      const term = value.whole[k] * x.whole[problem.index[k]];
      activity += term;
      if (absolute(term) > largest) largest = absolute(term);
    }
    for (const [limits, sense] of sides) {
      const side = limits.whole[r];
      if (side === null) continue;
      const lowest = Math.min(unit, limits.exponent);
      const up = BigInt(unit - lowest), at = side << BigInt(limits.exponent - lowest);
      const excess = sense * ((activity << up) - at);
      if (excess > 0n) {
        const most = largest << up, other = absolute(at);
        judge(excess, most > other ? most : other, lowest, r);
      }
    }
  }
  for (const [limits, sense] of [[problem.lower, -1], [problem.upper, 1]]) {
    plan.forEach((amount, j) => {
      if (!(sense * amount > sense * limits[j])) return; // comparing two doubles is exact
      const both = scaled([amount, limits[j]]);
      judge(BigInt(sense) * (both.whole[0] - both.whole[1]), absolute(both.whole[1]), both.exponent, -1);
    });
  }
  return { within: all, told: { violation: worst, row: where } };
}

/** No plan exceeds it, whatever the duals: a dual that pulls towards a side that a row has not got is set to zero. */
function dualBound(problem, duals, value, cost, sign) {
  const turned = duals.map((dual) => Number(sign) * dual);
  const reachable = turned.map((dual, r) => (Number.isFinite(dual > 0 ? problem.rowUpper[r] : problem.rowLower[r]) ? dual : 0));
  const y = scaled(reachable);
  const sides = scaled(reachable.map((dual, r) => (dual > 0 ? problem.rowUpper[r] : dual < 0 ? problem.rowLower[r] : 0)));
  let top = 0n;
  y.whole.forEach((dual, r) => { top += dual * sides.whole[r]; });
  let total = [top, y.exponent + sides.exponent];
  const unit = value.exponent + y.exponent, exponent = Math.min(unit, cost.exponent);
  const down = BigInt(unit - exponent), downCost = BigInt(cost.exponent - exponent);
  const reduced = cost.whole.map((one) => (sign * one) << downCost);
  for (let r = 0; r + 1 < problem.starts.length; r++) {
    if (y.whole[r] === 0n) continue;
    for (let k = problem.starts[r]; k < problem.starts[r + 1]; k++) {
      reduced[problem.index[k]] -= (value.whole[k] * y.whole[r]) << down;
    }
  }
  const lower = scaled(problem.lower), upper = scaled(problem.upper);
  let atLower = 0n, atUpper = 0n;
  for (let j = 0; j < reduced.length; j++) {
    if (reduced[j] === 0n) continue;
    const bound = reduced[j] > 0n ? upper.whole[j] : lower.whole[j];
    if (bound === null) return null;
    if (reduced[j] > 0n) atUpper += reduced[j] * bound;
    else atLower += reduced[j] * bound;
  }
  total = added(total, [atUpper, exponent + upper.exponent]);
  total = added(total, [atLower, exponent + lower.exponent]);
  return [sign * total[0], total[1]];
}
