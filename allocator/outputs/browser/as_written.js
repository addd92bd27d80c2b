/** What the page says against what it was written with: as_written.py put that in, packed, beside the problem. */

const SPACE = /[ \t\n\r\f]+/g;
const AROUND = 4; // words before one that was changed, so that it can be found

/**
 * What a page says and draws, as as_written.py gives it. To be asked before a script of the page changes anything.
 * @returns {string[]} words, values of cells, facts, styles, marks, and the shapes of each drawing
 */
export function asItSays() {
  const parts = [...document.querySelectorAll("header, main, footer")];
  const within = (selector) => parts.flatMap((part) => [...part.querySelectorAll(selector)]);
  const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent).join("");
  const marks = within("[class]").filter((one) => !one.closest("svg"));
  return [
    parts.map((part) => part.textContent).join(""),
    within("[data-value]").map((cell) => cell.dataset.value).join(" "),
    document.getElementById("what-if-facts").textContent,
    texts("style"),
    marks.map((one) => [one.localName, ...one.classList].join(".")).join(" "),
    ...drawings().map((drawing) => [drawing, ...drawing.querySelectorAll("*")].map(shape).join(" ")),
  ].map((text) => text.replace(SPACE, " ").trim());
}

/** The drawings of a page, without those inside another. */
function drawings() {
  const every = document.querySelectorAll(":is(header, main, footer) svg");
  return [...every].filter((one) => !one.parentElement.closest("svg"));
}

/** An element of a drawing with all its attributes but style, which the page's policy keeps from doing anything. */
function shape(one) {
  const given = [...one.attributes].filter(({ name }) => name !== "style");
  return [one.localName.toLowerCase(), ...given.map(({ name, value }) => `${name.toLowerCase()}=${value}`).sort()].join(" ");
}

/**
 * Where a page says or draws something else than it was written with.
 * @param {string[]} says  of asItSays
 * @param {string} written  of as_written.py
 * @returns {string[]} a sentence for each of words, values, facts, styles, marks and drawings of which any was changed
 */
export function changedIn(says, written) {
  const [words, values, facts, styles, marks, ...drawn] = written.split("\n");
  const faults = [];
  if (says[0] !== words) {
    const [now, then] = firstApart(says[0], words, AROUND);
    faults.push(`The page says \u201c${now}\u201d where it was written with \u201c${then}\u201d.`);
  }
  if (says[1] !== values) {
    const [now, then] = firstApart(says[1], values, 0);
    faults.push(`A cell of a table holds ${now} where it was written with ${then}.`);
  }
  if (says[2] !== facts) faults.push("What the what-ifs are shown against was changed in the page.");
  if (says[3] !== styles) faults.push("The page's colours and layout (its style) were changed.");
  if (says[4] !== marks) {
    const [now, then] = firstApart(says[4], marks, 0);
    faults.push(`A square of the map, or another mark with a place or a colour, is \u201c${now}\u201d where it was written as \u201c${then}\u201d.`);
  }
  const shapes = says.slice(5);
  if (shapes.length !== drawn.length) faults.push(`The page has ${shapes.length} charts where it was written with ${drawn.length}.`);
  else {
    const titles = drawings().map((one) => one.querySelector("title")?.textContent ?? "");
    drawn.forEach((then, n) => {
      if (shapes[n] !== then) faults.push(`The chart \u201c${titles[n]}\u201d is not drawn as it was written.`);
    });
  }
  return faults;
}

/** The first words in which two texts differ, with some before them. */
function firstApart(one, other, before) {
  const [a, b] = [one.split(" "), other.split(" ")];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return [a, b].map((words) => words.slice(Math.max(0, at - before), at + 1).join(" "));
}
