/**
 * Puts the section to work: reads its controls, asks the engine, draws the answer, and checks the plan on demand.
 * Without scripts, or where a browser cannot do this, the page says all that it says without them.
 */
import { asItSays, changedIn } from "./as_written.js";
import { unpacked } from "./bundle.js";
import { Engine } from "./engine.js";
import { conflictDrawn, drawn, sentenceOf } from "./drawing.js";
import { Kept } from "./kept.js";
import { commandOf, howToSolve, plain, scenarioOf } from "./scenario.js";
import { element, number, ofGoal, saved } from "./words.js";

const FILE = "what-if.toml"; // as which a what-if is saved

const found = (id) => document.getElementById(id);
const textOf = (id) => found(id).textContent;

/** Begin. */
async function begin() {
  const says = asItSays();
  const facts = JSON.parse(textOf("what-if-facts"));
  const texts = { problem: textOf("what-if-problem"), worker: textOf("what-if-worker"), solver: textOf("what-if-solver") };
  const engine = new Engine(texts);
  const [area, form, status, answerPlace] = ["what-if-area", "what-if-form", "what-if-status", "what-if-answer"].map(found);
  let run = null, shown = null, values = {};
  area.hidden = false;

  const say = (text) => { status.textContent = text; };
  // what is heard changes only where it says something else
  const tell = (text) => {
    const said = found("what-if-said");
    if (said.textContent !== text) said.textContent = text;
  };
  const kept = new Kept(facts, found("what-if-kept"), (of) => {
    values = { ...of };
    for (const control of facts.controls) put(control, values[control.setting] ?? control.value);
    ask();
  });

  function put(control, value) {
    const text = plain(value * control.per);
    found(control.key).value = text;
    found(`${control.key}-number`).value = text;
    hear(control);
  }

  /** Let a slider be read out with its unit. */
  function hear(control) {
    const slider = found(control.key);
    slider.setAttribute("aria-valuetext", `${slider.value} ${control.unit}`);
  }

  /** A control was moved, or a number typed: what is beyond what a setting takes is told by the field itself. */
  function moved(control, field) {
    const other = field.type === "range" ? found(`${control.key}-number`) : found(control.key);
    if (field.value === "" || !field.validity.valid) return;
    other.value = field.value;
    hear(control);
    const value = Number(plain(Number(field.value) / control.per));
    // a slider cannot stand on every number: where it stands as in the run, the run's own number counts
    if (Math.abs(value - control.value) <= 1e-9 * Math.max(1, Math.abs(control.value))) delete values[control.setting];
    else values[control.setting] = value;
    ask();
  }

  for (const control of facts.controls) {
    for (const field of [found(control.key), found(`${control.key}-number`)]) {
      field.addEventListener("input", () => moved(control, field));
    }
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    values = {};
    for (const control of facts.controls) put(control, control.value);
    ask();
  });

  function banner() {
    const changed = Object.keys(values).length > 0;
    for (const control of facts.controls) found(control.key).closest(".control").classList.toggle("moved", control.setting in values);
    found("what-if-banner").hidden = !changed;
    found("what-if-line").value = changed ? commandOf(facts, values) : "";
    found("what-if-run").textContent = `The run says ${ofGoal(facts.reached, facts.goal)}.`;
    return changed;
  }

  async function ask() {
    const changed = banner();
    if (!run) return; // asked as soon as the solver has started
    const asked = { ...values };
    say("Solving \u2026");
    answerPlace.classList.add("busy");
    try {
      const answer = await engine.solve(asked);
      if (answer === null) return; // a newer one is on its way
      show(changed, asked, answer);
      if (answer.outcome !== "optimal") return;
      const settled = await engine.queued("settle");
      if (settled !== null && settled.outcome === "optimal") show(changed, asked, settled);
    } catch (error) {
      say(error.message === "stopped" ? "Stopped." : `This could not be solved here: ${error.message}. The command can.`);
    }
  }

  function show(changed, asked, answer) {
    answerPlace.classList.remove("busy");
    shown = answer.outcome === "optimal" && changed ? { answer, asked } : null;
    found("what-if-keep").hidden = shown === null;
    if (answer.outcome === "optimal") {
      say(`Solved in ${number(answer.seconds, 2)} seconds.`);
      tell(changed ? sentenceOf(facts, answer, run) : "As in the run.");
      answerPlace.replaceChildren(...(changed ? drawn(facts, answer, run) : []));
    } else if (answer.outcome === "infeasible") {
      say(`No plan, found in ${number(answer.seconds, 2)} seconds.`);
      tell("No plan keeps all the rules.");
      answerPlace.replaceChildren(...conflictDrawn(facts, answer));
    } else {
      say("The solver ended without an answer. The command tries harder.");
      tell("No answer.");
      answerPlace.replaceChildren();
    }
  }

  const stop = found("what-if-stop");
  engine.onLong = (long) => { stop.hidden = !long; };
  stop.addEventListener("click", async () => {
    stop.hidden = true;
    say("Stopped. Starting the solver again \u2026");
    await engine.stop();
    say("Stopped. Ready again.");
  });

  found("what-if-copy").addEventListener("click", async () => {
    const line = found("what-if-line");
    line.select();
    try {
      await navigator.clipboard.writeText(line.value);
      say("Copied.");
    } catch {
      say(document.execCommand("copy") ? "Copied." : "Select the line and copy it.");
    }
  });
  const title = () => `${found("what-if-name").value.trim() || "What if"} (from the run ${facts.run})`;
  found("what-if-save").addEventListener("click", () =>
    saved(FILE, howToSolve(facts, FILE) + scenarioOf(facts.toml, facts.controls, values, title()), "application/toml"));
  found("what-if-grants").addEventListener("click", () => {
    if (!shown) return;
    const rows = facts.partnerships.flatMap((one, p) => facts.years.map((year, t) => [one.key, year, plain(shown.answer.grant[p][t])]));
    saved("what-if-grants.csv", [["partnership", "year", "grant"], ...rows].map((row) => row.join(",")).join("\n") + "\n", "text/csv");
  });
  found("what-if-keep").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = found("what-if-name").value.trim();
    if (!shown || !name) return;
    kept.keep(name, shown.asked, shown.answer);
    say(`Kept as ${name}.`);
  });
  checking(facts, engine, says);

  try {
    const first = await engine.start();
    run = first.run;
    kept.run = run;
    say("Ready. Move a setting.");
    area.dataset.ready = String(Math.round(performance.now()));
    if (Object.keys(values).length) ask();
  } catch (error) {
    say(`This browser cannot solve here (${error.message}). The command can: allocator solve with --set.`);
  }
}

/** The button that checks the plan, its certificate and all that the page says. says: of asItSays. */
function checking(facts, engine, says) {
  const area = found("check-area"), button = found("check-button"), list = found("check-list"), said = found("check-said");
  if (!area) return;
  area.hidden = false;
  button.addEventListener("click", async () => {
    said.textContent = "Checking \u2026";
    list.replaceChildren();
    try {
      const answer = await engine.queued("check");
      if (answer === null) {
        said.textContent = "";
        return;
      }
      const written = new TextDecoder().decode(await unpacked(textOf("what-if-written")));
      const faults = [...faultsOf(facts, answer), ...changedIn(says, written)];
      const relative = (size) => (size === 0 ? "0" : size.toExponential(1));
      list.append(
        element("li", {}, `${answer.certified ? "Certified" : "NOT CERTIFIED"}: the plan reaches ${ofGoal(answer.goal, facts.goal)}, ` +
          `no plan better than ${answer.bound === null ? "nothing is proved" : ofGoal(answer.bound, facts.goal)}; largest violation ` +
          `${relative(answer.violation)}, gap ${relative(Math.max(answer.gap, 0))}, in exact arithmetic.`),
        element("li", {}, answer.again === undefined ? "Solved afresh: no answer." :
          `Solved afresh from nothing: ${ofGoal(answer.again, facts.goal)}; ${answer.agrees ? "the two agree" : "THE TWO DO NOT AGREE"}.`),
        ...faults.map((fault) => element("li", {}, fault)));
      const good = answer.certified && answer.agrees && faults.length === 0;
      if (good) list.append(element("li", {}, "Every grant that this page shows is the plan's, and every word, figure, chart and square of a map as it was written."));
      said.textContent = good ? "Checked: all of it holds." : "Not certified: do not use this page.";
      area.dataset.result = good ? "good" : "bad";
    } catch (error) {
      said.textContent = `It could not be checked: ${error.message}. A page that cannot be checked is not to be trusted.`;
      area.dataset.result = "bad";
    }
  });
}

/** What the page shows otherwise than the plan has it: the goal, and every grant of its tables and of its facts. */
function faultsOf(facts, answer) {
  const faults = [], plan = answer.plan;
  const differs = (one, other, by) => !(Math.abs(one - other) <= by);
  if (differs(facts.reached, answer.goal, 1e-6 * Math.max(1, Math.abs(answer.goal)))) {
    faults.push(`The page says that the run reaches ${ofGoal(facts.reached, facts.goal)}; its plan reaches ${ofGoal(answer.goal, facts.goal)}.`);
  }
  facts.partnerships.forEach((one, p) => {
    one.grant.forEach((grant, t) => {
      // whole pounds are at most one pound from the plan
      if (differs(grant, plan.grant[p][t], 1.01)) faults.push(`${one.name}, ${facts.years[t]}: the page says \u00a3${number(grant)}, the plan \u00a3${number(plan.grant[p][t])}.`);
    });
    const cell = document.getElementById(`p-${one.key}`)?.querySelector("td[data-value]:not(.text)");
    const all = plan.grant[p].reduce((total, grant) => total + grant, 0);
    const text = Number(cell?.textContent.replaceAll(",", "") ?? NaN);
    if (cell && (differs(Number(cell.dataset.value), all, 1.01 * facts.years.length) || differs(text, all, 1.01 * facts.years.length))) {
      faults.push(`${one.name}, all years: the table says \u00a3${cell.textContent}, the plan \u00a3${number(all)}.`);
    }
  });
  return faults;
}

if (found("what-if-facts")) begin();
