/** What a plan comes to, from the values of its columns: money in pounds, people, advisers as FTE. */
import { moneyOf, rowsOf, timesOf } from "./problem.js";

const POUNDS = 1000; // in the problem money is in thousands

/**
 * @param {{header: Object, arrays: Object}} bundle
 * @param {Object<string, number>} moved  settings
 * @param {Object} found  of Stages.best
 * @param {Object<string, Int32Array>} columns
 * @returns {Object} grant, reduction [p][y]; money, granted, spent, carried, lapsed, advisers, redundancies [y];
 *   short: soft rows not kept; prices: what one more unit of a national limit is worth, by rule [y]
 */
export function figuresOf(bundle, moved, found, columns) {
  const { header, arrays: a } = bundle;
  const { p: P, y: Y, a: A } = header.sizes;
  const at = (family, n) => (columns[family][n] < 0 ? 0 : Math.max(found.values[columns[family][n]], 0));
  const years = () => new Array(Y).fill(0);
  const table = (of) => Array.from({ length: P }, (_, p) => Array.from({ length: Y }, (_, y) => of(p, y)));
  const money = table((p, y) => POUNDS * at("grant", p * Y + y));
  const total = (of) => years().map((_, y) => { let sum = 0; for (let p = 0; p < P; p++) sum += of(p, y); return sum; });
  const overGrades = (family) => total((p, y) => {
    let sum = 0;
    for (let g = 0; g < A; g++) sum += at(family, (p * Y + y) * A + g);
    return sum;
  });
  const carry = (p, y) => (y < 0 ? 0 : POUNDS * at("carry", p * Y + y));
  const lapse = (p, y) => POUNDS * at("lapse", p * Y + y);
  return {
    goal: found.goal, best: found.best, soft: found.soft,
    grant: money,
    reduction: reductions(bundle, moved, at),
    money: [...moneyOf(bundle, moved)].map((amount) => amount * POUNDS),
    granted: total((p, y) => money[p][y]),
    spent: total((p, y) => money[p][y] + carry(p, y - 1) - carry(p, y) - lapse(p, y)),
    carried: total(carry),
    lapsed: total(lapse),
    advisers: overGrades("fte"),
    redundancies: overGrades("redundancies"),
    short: shortfalls(bundle, found),
    prices: prices(bundle, found.duals),
  };
}

/** Young people fewer NEET at the end of each year, counted, [p][y]. */
function reductions(bundle, moved, at) {
  const { header, arrays: a } = bundle;
  const { p: P, y: Y, k: K } = header.sizes;
  const times = timesOf(bundle, moved);
  const gain = a.served_gain.map((one, k) => one * times[a.served_intervention[k]]);
  return Array.from({ length: P }, (_, p) => Array.from({ length: Y }, (_, end) => {
    let sum = 0;
    for (let y = 0; y <= end; y++) {
      for (let k = 0; k < K; k++) sum += gain[k] * a.counted[(end - y) * K + k] * at("places", (p * Y + y) * K + k);
    }
    return sum * a.multiplier[p];
  }));
}

function shortfalls({ header, arrays: a }, found) {
  if (a.short.length === 0) return [];
  const row = rowsOf(a.short, found.problem), told = [];
  for (const column of a.short) {
    const r = row.get(column), by = found.values[column];
    if (by <= 1e-6 * Math.max(1, found.problem.rowLower[r])) continue;
    told.push({
      rule: header.rules[a.row_rule[r]], year: header.years[a.row_year[r]] ?? "", by, asked: found.problem.rowLower[r],
      place: header.partnerships[a.row_partnership[r]] ?? header.rests[a.row_rest[r]],
    });
  }
  return told;
}

function prices({ header, arrays: a }, duals) {
  const found = {};
  a.row_rule.forEach((rule, r) => {
    const name = header.rules[rule];
    if (!header.countryWide.includes(name) || a.row_year[r] < 0) return;
    (found[name] ??= new Array(header.sizes.y).fill(0))[a.row_year[r]] = duals[r];
  });
  return found;
}
