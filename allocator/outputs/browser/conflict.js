/**
 * Which limits are in each other's way where no plan keeps all the rules: by families of rules, none of which can be
 * spared, each with its rows. HiGHS's own search for an irreducible set of rows takes minutes at this size and names
 * rows one by one; the contradiction that its simplex ends in, thinned out by whole rules, takes a second.
 */

const LEAST = 1e-9; // of the largest multiplier: what is no part of a contradiction

/**
 * Find them. The session is left with rows and bounds thrown open: load a problem anew.
 * @param {import("./solver.js").Session} session  that ended without a plan
 * @param {{header: Object, arrays: Object}} bundle
 * @param {import("./problem.js").Problem} problem
 * @param {Object<string, Int32Array>} columns  of columnsOf
 * @returns {{rule: string, year: string, places: string[], count: number, side: number}[]}  by rule and year; side:
 *   what its rows add up to, in the unit of the problem
 */
export function conflictOf(session, bundle, problem, columns) {
  const { header, arrays: a } = bundle;
  // the search looks at rows: bounds that follow from rules would hide them
  const loose = ["fte", "recruits", "redundancies", "training", "grant", "carry", "lapse"];
  const opened = loose.flatMap((family) => [...columns[family]].filter((column) => column >= 0));
  session.setBounds(opened, opened.map((column) => problem.lower[column]), opened.map(() => Infinity));
  session.setCosts(new Float64Array(problem.cost.length), false);
  let there = new Set(problem.rowLower.keys());
  const free = (rows) => session.setRows(rows, rows.map(() => -Infinity), rows.map(() => Infinity));
  const put = (rows) => session.setRows(rows, rows.map((r) => problem.rowLower[r]), rows.map((r) => problem.rowUpper[r]));
  const impossible = () => session.solve({ cold: true }).outcome === "infeasible";
  const narrow = () => {
    const ray = session.model.getDualRay()?.values;
    if (!ray) return;
    let largest = 0;
    for (const one of ray) largest = Math.max(largest, Math.abs(one));
    const outside = [...there].filter((row) => Math.abs(ray[row] ?? 0) <= LEAST * largest);
    free(outside);
    if (impossible()) for (const row of outside) there.delete(row);
    else put(outside);
  };
  if (!impossible()) return [];
  narrow();
  for (const rule of header.leaveOut) {
    const number = header.rules.indexOf(rule);
    const rows = [...there].filter((row) => a.row_rule[row] === number);
    if (number < 0 || rows.length === 0) continue;
    free(rows);
    if (impossible()) for (const row of rows) there.delete(row);
    else put(rows);
  }
  if (impossible()) narrow();
  return told(there, bundle, problem);
}

function told(there, { header, arrays: a }, problem) {
  const found = new Map();
  for (const row of [...there].sort((one, other) => one - other)) {
    if (row >= a.row_rule.length) continue;
    const rule = header.rules[a.row_rule[row]], year = header.years[a.row_year[row]] ?? "";
    const key = `${rule}|${year}`;
    const one = found.get(key) ?? { rule, year, places: [], count: 0, side: 0 };
    const upper = problem.rowUpper[row], lower = problem.rowLower[row];
    one.count += 1;
    one.side += Number.isFinite(upper) ? upper : Number.isFinite(lower) ? lower : 0;
    const place = header.partnerships[a.row_partnership[row]] ?? header.rests[a.row_rest[row]];
    if (place) one.places.push(place);
    found.set(key, one);
  }
  return [...found.values()];
}
