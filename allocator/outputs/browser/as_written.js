/** What the page says against what it was written with: as_written.py put that in, packed, beside the problem. */

const SPACE = /[ \t\n\r\f]+/g;
const AROUND = 4; // words before one that was changed, so that it can be found

/**
 * What a page says, as as_written.py gives it. To be asked before a script of the page changes anything.
 * @returns {string[]} words, values of cells, facts
 */
export function asItSays() {
  const parts = [...document.querySelectorAll("header, main, footer")];
  const values = parts.flatMap((part) => [...part.querySelectorAll("[data-value]")].map((cell) => cell.dataset.value));
  const facts = document.getElementById("what-if-facts").textContent;
  return [parts.map((part) => part.textContent).join(""), values.join(" "), facts].map((text) => text.replace(SPACE, " ").trim());
}

/**
 * Where a page says something else than it was written with.
 * @param {string[]} says  of asItSays
 * @param {string} written  of as_written.py
 * @returns {string[]} a sentence for each of words, values and facts of which any was changed
 */
export function changedIn(says, written) {
  const [words, values, facts] = written.split("\n");
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
  return faults;
}

/** The first words in which two texts differ, with some before them. */
function firstApart(one, other, before) {
  const [a, b] = [one.split(" "), other.split(" ")];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return [a, b].map((words) => words.slice(Math.max(0, at - before), at + 1).join(" "));
}
