/** Figures as a person reads them, as units.py writes them: thousands with commas, a minus that is one, 0 unsigned. */

const MINUS = "\u2212";

/** 9707.83 with one place: 9,707.8 */
export function number(value, places = 0) {
  const text = Math.abs(value).toLocaleString("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places });
  if (!/[1-9]/.test(text)) return "0";
  return value < 0 ? MINUS + text : text;
}

/** A change, with + or a minus. */
export function signed(value, places = 0) {
  const text = number(value, places);
  return text === "0" || text.startsWith(MINUS) ? text : `+${text}`;
}

/** A share of 1 as a change in per cent with one decimal. */
export function signedShare(value) {
  const text = signed(value * 100, 1);
  return text === "0" ? "0 %" : `${text} %`;
}

/** Pounds as millions, for a column that says £m. */
export const millions = (amount) => number(amount / 1e6, 2);

/** An amount of the goal in a sentence, without its sign: 9,260 ypy, £1.2m. */
export function ofGoal(value, goal) {
  const size = Math.abs(value);
  if (goal.pounds) return `\u00a3${number(size / 1e6, Math.max(goal.places, 1))}m`;
  return `${number(size * goal.scale, goal.places)} ${goal.short}`;
}

/** An element with text and attributes; text alone ever goes in, so that no name is taken for markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/**
 * A table as the page has them: caption, heads, one head a row, in a region that can be scrolled by keyboard.
 * @param {string} id
 * @param {string} caption
 * @param {string[]} heads
 * @param {Array<Array<string|Node>>} rows
 * @param {{wide?: boolean, left?: number}} [how]  left: how many columns hold words
 */
export function table(id, caption, heads, rows, { wide = false, left = 1 } = {}) {
  const side = (k) => (k < left ? "left" : "right");
  const head = element("tr", {}, ...heads.map((text, k) => element("th", { scope: "col", class: side(k) }, text)));
  const body = rows.map((cells) => element("tr", {}, ...cells.map((cell, k) =>
    k === 0 ? element("th", { scope: "row" }, cell) : element("td", k < left ? { class: "text" } : {}, cell))));
  const made = element("table", { id }, element("caption", { id: `${id}-caption` }, caption),
    element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: wide ? "scroll wide" : "scroll", tabindex: "0", role: "region",
    "aria-labelledby": `${id}-caption` }, made);
}

/** Hand a text to the reader as a file. */
export function saved(name, text, type) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
