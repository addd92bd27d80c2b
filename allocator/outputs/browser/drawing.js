/** Draws an answer beside the certified run's: headline, map, who gains and loses, grants, and what £1m more brings. */
import { element, millions, number, ofGoal, signed, signedShare, table } from "./words.js";

const BESIDE_A_BOUND = 1e-5; // a change of exactly a bound belongs to the milder class
const CUTS = [0.01, 0.05, 0.1];
export const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/**
 * Grants of all years beside shares as before, of each partnership.
 * @returns {{grant: number, asBefore: number, change: ?number}[]}
 */
export function gainsOf(facts, figures) {
  return facts.partnerships.map((one, p) => {
    const grant = sum(figures.grant[p]);
    const asBefore = sum(figures.money.map((amount, t) => amount * one.share[t]));
    return { grant, asBefore, change: asBefore > 0 ? grant / asBefore - 1 : null };
  });
}

/** One sentence on a what-if, for who hears it: what it reaches, and against the run. */
export function sentenceOf(facts, answer, run) {
  const by = answer.goal - run.goal;
  const better = facts.goal.lessIsBetter ? -by : by;
  const same = Math.abs(by) <= 1e-6 * Math.max(1, Math.abs(run.goal));
  const last = facts.years.length - 1;
  const fewer = sum(answer.reduction.map((one) => one[last])) - sum(run.reduction.map((one) => one[last]));
  const against = same ? "as much as the run" : `${ofGoal(by, facts.goal)} ${better > 0 ? "better" : "worse"} than the run`;
  const short = answer.short.length ? ` Soft rules fall short in ${number(answer.short.length)} rows.` : "";
  const are = number(fewer) === "0" ? "as many" : `${number(Math.abs(fewer))} ${fewer > 0 ? "fewer" : "more"}`;
  return `Reaches ${ofGoal(answer.goal, facts.goal)}, ${against}; ${are} young people are NEET at the end of ` +
    `${facts.years[last]} ${are === "as many" ? "as" : "than"} in the run.${short}`;
}

/**
 * Everything that an answer shows.
 * @param {Object} facts  of the page
 * @param {Object} answer  of the worker, with a plan
 * @param {Object} run  the certified plan's figures
 * @returns {Node[]}
 */
export function drawn(facts, answer, run) {
  return [headline(facts, answer, run), ...map(facts, answer), classes(facts, answer, run), movers(facts, answer, run),
    grants(facts, answer, run), ...prices(facts, answer, run), ...shortfalls(facts, answer)];
}

function headline(facts, answer, run) {
  const rows = [];
  const unit = facts.goal.pounds ? 1e-6 : facts.goal.scale, places = facts.goal.pounds ? 1 : facts.goal.places;
  const put = (name, one, other, show, showChange) => rows.push([name, show(one), show(other), showChange(one - other)]);
  put(`${facts.goal.heading}${facts.goal.pounds ? ", £m" : ""}`, answer.goal * unit, run.goal * unit,
    (v) => number(v, places), (v) => signed(v, places));
  facts.years.forEach((year, t) => put(`fewer NEET at the end of ${year}`, sum(answer.reduction.map((one) => one[t])),
    sum(run.reduction.map((one) => one[t])), number, signed));
  facts.years.forEach((year, t) => put(`money of ${year}, £m`, answer.money[t] / 1e6, run.money[t] / 1e6,
    (v) => number(v, 2), (v) => signed(v, 2)));
  facts.years.forEach((year, t) => put(`granted in ${year}, £m`, answer.granted[t] / 1e6, run.granted[t] / 1e6,
    (v) => number(v, 2), (v) => signed(v, 2)));
  facts.years.forEach((year, t) => put(`advisers in ${year}, FTE`, answer.advisers[t], run.advisers[t],
    (v) => number(v, 1), (v) => signed(v, 1)));
  put("redundancies", sum(answer.redundancies), sum(run.redundancies), (v) => number(v, 1), (v) => signed(v, 1));
  put("carried or given back, £m", sum(answer.carried.concat(answer.lapsed)) / 1e6,
    sum(run.carried.concat(run.lapsed)) / 1e6, (v) => number(v, 2), (v) => signed(v, 2));
  return table("what-if-headline", "What it reaches", ["", "your what-if", "the run", "difference"], rows);
}

function map(facts, answer) {
  if (!facts.partnerships.every((one) => one.tile)) return [];
  const gains = gainsOf(facts, answer);
  const order = facts.partnerships.map((_, p) => p).sort((p, q) => {
    const [a, b] = [facts.partnerships[p].tile, facts.partnerships[q].tile];
    return a[2] - b[2] || a[1] - b[1];
  });
  const tiles = order.map((p) => {
    const one = facts.partnerships[p], [code, column, row] = one.tile, change = gains[p].change;
    const shown = change === null ? "\u2013" : signed(change * 100);
    return element("li", { class: `shade-${shadeOf(change)} c${column} r${row}` },
      element("a", { href: `#p-${one.key}` }, element("abbr", { title: one.name }, code), " ",
        element("span", {}, shown), element("span", { class: "unseen" }, ` ${one.name}`)));
  });
  const columns = Math.max(...facts.partnerships.map((one) => one.tile[1])) + 1;
  const heading = "Where grants rise and fall in your what-if";
  return [element("figure", {},
    element("figcaption", {}, element("h3", {}, heading),
      element("p", { class: "subtitle" }, "Change of all years' grants on shares as before, per cent.")),
    element("div", { class: "scroll picture", tabindex: "0", role: "region", "aria-label": heading },
      element("ul", { class: `map columns-${columns}` }, ...tiles)))];
}

/** The class of a change on the map, 1 to 7. */
export function shadeOf(change) {
  if (change === null) return 4;
  const size = CUTS.filter((cut) => Math.abs(change) > cut + BESIDE_A_BOUND).length;
  return change > 0 ? 4 + size : 4 - size;
}

/** How many of some changes are in each of the five classes; a change that is not known is in none. */
export function classesOf(facts, changes) {
  const counts = facts.classes.map(() => 0);
  for (const change of changes) {
    if (change === null) continue;
    const size = CUTS.slice(0, 2).filter((cut) => Math.abs(change) > cut + BESIDE_A_BOUND).length;
    counts[change > 0 ? 2 + size : 2 - size] += 1;
  }
  return counts;
}

/** Changes of a year's grants on the grants of the year before, in cash; of the first year on the baseline. */
const onLastYear = (facts, figures, t) => facts.partnerships.map((one, p) => {
  const before = t > 0 ? figures.grant[p][t - 1] : one.baseline;
  return before > 0 ? figures.grant[p][t] / before - 1 : null;
});

function classes(facts, answer, run) {
  const yardsticks = [["on shares as before, all years", (figures) => gainsOf(facts, figures).map((one) => one.change)],
    ...facts.years.map((year, t) => [`on last year, ${year}`, (figures) => onLastYear(facts, figures, t)])];
  const columns = yardsticks.flatMap(([, changes]) => [classesOf(facts, changes(answer)), classesOf(facts, changes(run))]);
  const heads = yardsticks.flatMap(([said]) => [`${said}: your what-if`, `${said}: the run`]);
  const rows = facts.classes.map((name, k) => [name, ...columns.map((counts) => number(counts[k]))]);
  return table("what-if-classes", "How many partnerships gain and lose", ["change", ...heads], rows, { wide: true });
}

const MOVERS = 10;

function movers(facts, answer, run) {
  const moved = facts.partnerships.map((one, p) => ({ one, by: sum(answer.grant[p]) - sum(run.grant[p]), was: sum(run.grant[p]) }))
    .filter(({ by }) => Math.abs(by) >= 5000).sort((a, b) => Math.abs(b.by) - Math.abs(a.by)).slice(0, MOVERS);
  if (!moved.length) return element("p", {}, "No grant differs from the run's by £5,000 or more.");
  const rows = moved.map(({ one, by, was }) => [one.name, signed(by / 1e6, 2), was > 0 ? signedShare(by / was) : "\u2013"]);
  return table("what-if-movers", "Whose grants change most against the run, all years", ["partnership", "£m", "%"], rows);
}

function grants(facts, answer, run) {
  const gains = gainsOf(facts, answer);
  const rows = facts.order.map((p) => {
    const one = facts.partnerships[p], now = sum(answer.grant[p]), then = sum(run.grant[p]);
    return [one.name, one.region, ...answer.grant[p].map(millions), millions(now), millions(then),
      signed((now - then) / 1e6, 2), then > 0 ? signedShare(now / then - 1) : "\u2013",
      gains[p].change === null ? "\u2013" : signedShare(gains[p].change)];
  });
  const heads = ["partnership", "region", ...facts.years.map((year) => `${year}, £m`), "all years, £m", "the run, £m",
    "difference, £m", "difference, %", "on shares as before, %"];
  const made = table("what-if-table", "Grants of your what-if beside the run's", heads, rows, { wide: true, left: 2 });
  return element("details", {}, element("summary", {}, "Every grant of the what-if"), made);
}

const STEPS = { national: [1000, "£1m more money"], headcount: [10, "ten posts more"], training_places: [10, "ten training places more"] };

function prices(facts, answer, run) {
  const unit = facts.goal.pounds ? 1e-6 : facts.goal.scale;
  const rows = Object.keys(answer.prices).flatMap((rule) => {
    const [step, said] = STEPS[rule] ?? [1, rule];
    const show = (value) => (Math.abs(value * step * unit) < 0.05 ? "nothing" : signed(value * step * unit, 1));
    return facts.years.map((year, t) => [`${said}, ${year}`, show(answer.prices[rule][t]), show(run.prices[rule]?.[t] ?? 0)]);
  });
  if (!rows.length) return [];
  const said = `What a little more would bring, by its price, ${facts.goal.pounds ? "£m" : facts.goal.short}`;
  return [table("what-if-prices", said, ["", "your what-if", "the run"], rows)];
}

function shortfalls(facts, answer) {
  if (!answer.short.length) return [];
  const name = (key) => facts.partnerships.find((one) => one.key === key)?.name ?? key;
  const rows = answer.short.map((one) => [one.rule, name(one.place), one.year, number(one.asked), number(one.by, 1)]);
  return [table("what-if-short", "Soft rules that fall short in your what-if",
    ["rule", "place", "year", "asked for", "short by"], rows, { left: 2 })];
}

/** What is said where no plan keeps all the rules: each rule in the way, where and for what. */
export function conflictDrawn(facts, answer) {
  const name = (key) => facts.partnerships.find((one) => one.key === key)?.name ?? key;
  const rows = answer.conflict.map(({ rule, year, places, count, side }) => {
    const { sentence, pounds } = facts.rules[rule] ?? { sentence: "", pounds: false };
    const where = places.length === 0 ? "the country" : places.length > 4
      ? `${number(places.length)} places, ${name(places[0])} among them` : places.map(name).join(", ");
    const amount = side === 0 ? "\u2013" : pounds ? `\u00a3${number(side * 1000)}` : number(side, 1);
    return [rule, year || "\u2013", where, number(count), amount, sentence];
  });
  return [element("p", {}, element("strong", {}, "No plan keeps all the rules.")),
    element("p", {}, rows.length
      ? "These are in each other's way; without any one of them there would be a plan as far as they are concerned."
      : "Which rules are in each other's way was not found; the command says it."),
    ...(rows.length ? [table("what-if-conflict", "Rules in each other's way",
      ["rule", "year", "where", "rows", "they add up to", "what it says"], rows, { left: 3 })] : [])];
}
