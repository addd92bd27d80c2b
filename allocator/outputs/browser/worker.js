/**
 * What runs beside the page: it starts the solver once, and answers one question after another.
 *
 * A question is {ask, number, …}; its answer has the same number. start: {solver, bundle} as buffers. solve: {values}.
 * check: {} works the certificate out and solves afresh. problem: {values} gives the problem as it is stated, for
 * whoever holds it against another. Nothing here asks the network.
 */
import { asCertified, columnsOf, stated } from "./problem.js";
import { opened } from "./bundle.js";
import { certified } from "./certificate.js";
import { conflictOf } from "./conflict.js";
import { figuresOf } from "./figures.js";
import { Session, startSolver } from "./solver.js";
import { Stages } from "./stages.js";

let highs, bundle, columns, session, stages;

const answers = {
  async start({ solver, bundle: bytes, loader }) {
    bundle = opened(bytes);
    columns = columnsOf(bundle);
    highs = await startSolver(loader ?? globalThis.Module, solver);
    session = new Session(highs);
    const { basis_columns: colStatus, basis_rows: rowStatus } = bundle.arrays;
    stages = new Stages(session, bundle, columns, colStatus ? { colStatus, rowStatus } : null);
    return { ...solved({}), run: planFigures() };
  },
  solve: ({ values }) => solved(values),
  settle: () => settled(),
  check: () => checked(),
  problem: ({ values }) => stated(bundle, values),
};

let last = null; // the answer that settle goes on from

function solved(values) {
  const began = performance.now();
  const found = stages.best(values);
  const took = () => ({ seconds: (performance.now() - began) / 1000, memory: highs.memoryBytes });
  last = found.outcome === "optimal" ? { values, found, began } : null;
  if (last) return { outcome: "optimal", ...figuresOf(bundle, values, found, columns), ...took() };
  if (found.outcome !== "infeasible") return { outcome: found.outcome, ...took() };
  const conflict = conflictOf(session, bundle, found.problem, columns);
  renew();
  return { outcome: "infeasible", conflict, ...took() };
}

/** Go on from the plan solved last: of those as good, or as good as may be given up, the fewest redundancies. */
function settled() {
  if (!last) return { outcome: "nothing" };
  const { values, found, began } = last;
  const plan = stages.fewestRedundancies(found, values);
  return { outcome: "optimal", ...figuresOf(bundle, values, plan, columns), seconds: (performance.now() - began) / 1000, memory: highs.memoryBytes };
}

/** The certified plan's own figures. */
function planFigures() {
  const { header, arrays: a } = bundle, problem = asCertified(bundle);
  let goal = header.constant;
  problem.cost.forEach((one, j) => { if (one !== 0) goal += one * a.plan[j]; });
  return figuresOf(bundle, {}, { goal, best: goal, soft: 0, values: a.plan, duals: a.duals, problem }, columns);
}

/** Go on in a fresh session: after a search for a conflict bounds and rows are not what the problem says. */
function renew() {
  session.dispose();
  session = stages.session = new Session(highs);
}

/** The run's own plan, certified here; and the goal solved afresh, from nothing that was solved before. */
function checked() {
  const { header, arrays: a } = bundle;
  const problem = asCertified(bundle);
  const found = certified(problem, a.plan, a.duals, header.givenUp);
  const own = new Session(highs);
  try {
    const again = new Stages(own, bundle, columns).best({}), best = found.goal + header.constant;
    const by = Math.abs(again.best - best) - header.givenUp;
    const agrees = again.outcome === "optimal" && by <= 1e-6 * Math.max(1, Math.abs(best));
    const bound = found.bound === null ? null : found.bound + header.constant;
    return { ...found, goal: best, bound, again: again.best, agrees, plan: planFigures() };
  } finally {
    own.dispose();
  }
}

/** Answer whoever began this worker, one question after another: what is asked while the solver starts waits for it. */
export function listen(scope) {
  let before = Promise.resolve();
  const answer = async (data) => {
    try {
      scope.postMessage({ number: data.number, answer: await answers[data.ask](data) });
    } catch (error) {
      scope.postMessage({ number: data.number, error: String(error?.message ?? error) });
    }
  };
  scope.onmessage = ({ data }) => { before = before.then(() => answer(data)); };
}

if (typeof WorkerGlobalScope !== "undefined") listen(self);
