/**
 * The upper bound of every decision, as tight as the rules in force make it without solving: what programme/bounds.py
 * does, in the same order of operations. A test holds the two together for every setting that can be moved.
 */

/**
 * Work out every bound, year after year. Money in thousands of pounds.
 * @param {Object} header  of the bundle
 * @param {Object} a  arrays of the bundle
 * @param {Object<string, number>} settings  cap, maxRise, carryForward, recruitment, headcount as they now are
 * @param {Float64Array} money  [y]
 * @param {?Float64Array} granted  [p, y] where the distribution sets the grants
 * @returns {Object<string, Float64Array>} by family of decisions: grant, carry, lapse [p, y]; fte … [p, y, a]
 */
export function upperBounds(header, a, settings, money, granted) {
  const { p: P, y: Y, a: A } = header.sizes;
  const on = header.inForce;
  const grant = granted ?? grantBounds(header, a, settings, money);
  const carry = new Float64Array(P * Y);
  const room = new Float64Array(P * Y); // what can be spent at most
  for (let p = 0; p < P; p++) {
    let before = 0;
    for (let y = 0; y < Y; y++) {
      const at = p * Y + y;
      room[at] = grant[at] + before;
      if (y + 1 < Y) carry[at] = on.carry_forward ? settings.carryForward * grant[at] : room[at];
      before = carry[at];
    }
  }
  const [fte, recruits, redundancies, training] = Array.from({ length: 4 }, () => new Float64Array(P * Y * A));
  const lowestAttrition = Math.min(...a.bound_attrition);
  for (let p = 0; p < P; p++) {
    let inPost = a.bound_workforce.slice(p * A, (p + 1) * A);
    let trained = new Float64Array(A);
    let totalBefore = sum(inPost);
    for (let y = 0; y < Y; y++) {
      const payable = Math.max(room[p * Y + y] - a.bound_fixed[p * Y + y], 0);
      const joiners = settings.recruitment * totalBefore + a.bound_start_up[p];
      let total = (1 - lowestAttrition) * totalBefore + joiners;
      const first = (p * Y + y) * A;
      for (let g = 0; g < A; g++) {
        const at = first + g;
        const left = (1 - a.bound_attrition[g]) * (inPost[g] + (g > 0 ? trained[g - 1] : 0));
        let most = payable / a.bound_salary[at];
        if (on.headcount) most = Math.min(most, settings.headcount * a.bound_headcount[y]);
        if (on.recruitment) {
          recruits[at] = a.bound_recruitable[g] ? joiners : 0;
          most = Math.min(most, Math.min(left + recruits[at], total));
        } else {
          if (!a.bound_recruitable[g]) most = Math.min(most, left);
          const cost = a.bound_joining[y * A + g];
          const affordable = cost > 0 ? payable / cost : Infinity;
          recruits[at] = a.bound_recruitable[g] ? Math.min(affordable, most + left) : 0;
        }
        fte[at] = most;
        redundancies[at] = left;
        training[at] = on.training_places ? Math.min(most, a.bound_training[y]) : most;
      }
      training[first + A - 1] = 0;
      inPost = fte.slice(first, first + A);
      trained = training.slice(first, first + A);
      if (!on.recruitment) total = sum(inPost);
      totalBefore = Math.min(total, sum(inPost));
    }
  }
  return { fte, recruits, redundancies, training, grant, carry, lapse: room };
}

function grantBounds(header, a, settings, money) {
  const { p: P, y: Y } = header.sizes;
  const grant = new Float64Array(P * Y);
  for (let p = 0; p < P; p++) {
    let before = a.bound_baseline[p];
    for (let y = 0; y < Y; y++) {
      let most = money[y];
      if (header.inForce.cap && !a.bound_new[p]) most = Math.min(most, settings.cap * a.bound_baseline[p]);
      if (header.inForce.max_rise && !(a.bound_new[p] && y === 0)) most = Math.min(most, (1 + settings.maxRise) * before);
      grant[p * Y + y] = before = most;
    }
  }
  return grant.map((most) => Math.max(most, 0));
}

function sum(numbers) {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
