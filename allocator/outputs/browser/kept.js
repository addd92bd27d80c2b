/** What-ifs that the reader keeps, side by side: in this page as long as it is open, and nowhere else. */
import { gainsOf, sum } from "./drawing.js";
import { commandOf } from "./scenario.js";
import { element, number, signed, table } from "./words.js";

/** The what-ifs kept. */
export class Kept {
  /**
   * @param {Object} facts
   * @param {HTMLElement} place  where they are shown
   * @param {function(Object<string, number>): void} open  puts the controls as a kept what-if had them
   */
  constructor(facts, place, open) {
    this.facts = facts;
    this.place = place;
    this.open = open;
    this.all = [];
  }

  /** Keep one; a name that is taken is given anew. */
  keep(name, values, answer) {
    this.all = [...this.all.filter((one) => one.name !== name), { name, values: { ...values }, answer }];
    this.draw();
  }

  /** @param {?Object} run  the run's figures, which stand first */
  draw(run = this.run) {
    this.run = run;
    this.place.replaceChildren();
    if (!this.all.length || !run) return;
    const { facts } = this, last = facts.years.length - 1;
    const unit = facts.goal.pounds ? 1e-6 : facts.goal.scale, places = facts.goal.pounds ? 1 : facts.goal.places;
    const columns = [{ name: "the run", answer: run, values: {} }, ...this.all];
    const row = (said, of) => [said, ...columns.map(({ answer }) => of(answer))];
    const fewer = (answer) => sum(answer.reduction.map((one) => one[last]));
    const rows = [
      row(`${facts.goal.heading}${facts.goal.pounds ? ", £m" : ""}`, (a) => number(a.goal * unit, places)),
      row("against the run", (a) => signed((a.goal - run.goal) * unit, places)),
      row(`fewer NEET at the end of ${facts.years[last]}`, (a) => number(fewer(a))),
      row("granted in all, £m", (a) => number(sum(a.granted) / 1e6, 2)),
      row(`advisers in ${facts.years[last]}, FTE`, (a) => number(a.advisers[last], 1)),
      row("redundancies", (a) => number(sum(a.redundancies), 1)),
      row("lose over 1 % on shares as before", (a) => number(gainsOf(facts, a).filter((g) => g.change < -0.01001).length)),
      row("gain over 1 % on shares as before", (a) => number(gainsOf(facts, a).filter((g) => g.change > 0.01001).length)),
    ];
    const list = element("ul", {}, ...this.all.map((one) => {
      const open = element("button", { type: "button" }, `Open ${one.name}`);
      open.addEventListener("click", () => this.open(one.values));
      const away = element("button", { type: "button" }, `Remove ${one.name}`);
      away.addEventListener("click", () => {
        this.all = this.all.filter((other) => other !== one);
        this.draw();
      });
      return element("li", {}, element("code", {}, commandOf(facts, one.values)), " ", open, " ", away);
    }));
    this.place.append(element("h3", {}, "What-ifs kept in this page"),
      table("what-if-side", "What-ifs side by side", ["", ...columns.map((one) => one.name)], rows, { wide: true }), list);
  }
}
