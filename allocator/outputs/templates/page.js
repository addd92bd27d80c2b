"use strict";
// Everything can be read without this script. It sorts, searches and filters the tables that say so, and saves one.
for (const tools of document.querySelectorAll(".tools")) {
  const key = tools.dataset.for;
  const table = document.getElementById(key);
  const body = table.tBodies[0];
  const find = document.getElementById(key + "-find");
  const group = document.getElementById(key + "-group");
  const status = tools.querySelector("[role=status]");
  const heads = [...table.tHead.rows[0].cells];
  const all = [...body.rows];
  let order = "";
  tools.hidden = false;

  function tell() {
    const shown = all.filter((row) => !row.hidden).length;
    status.textContent = `${shown} of ${all.length} rows shown${order}.`;
  }
  function filter() {
    const words = find.value.trim().toLowerCase();
    for (const row of all) {
      const outside = group && group.value && row.dataset.group !== group.value;
      row.hidden = outside || (words && !row.textContent.toLowerCase().includes(words));
    }
    tell();
  }
  function sort(position) {
    const head = heads[position];
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[position].dataset.value;
    const sign = down ? -1 : 1;
    all.sort((one, other) => {
      const a = value(one), b = value(other);
      if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
      const x = Number(a), y = Number(b);
      return sign * (Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en") : x - y);
    });
    body.append(...all);
    order = `, in order of ${head.querySelector("button").textContent.trim()}, ${down ? "largest" : "smallest"} first`;
    tell();
  }
  heads.forEach((head, position) => {
    const name = head.querySelector(".name");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name.textContent;
    button.addEventListener("click", () => sort(position));
    // a browser repeats no button at the head of each printed page: there the name stands as text
    const printed = document.createElement("span");
    printed.className = "in-print";
    printed.textContent = name.textContent;
    name.replaceChildren(button, printed);
  });
  function quoted(text) {
    // what a spreadsheet would take for a formula is written as text
    const safe = /^[=+@\t\r]/.test(text) || /^-(?![\d.])/.test(text) ? "'" + text : text;
    return /[",\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  }
  document.getElementById(key + "-csv").addEventListener("click", () => {
    const named = heads.map((head) => {
      const unit = head.querySelector(".unit");
      return head.querySelector("button").textContent.trim() + (unit ? ` (${unit.textContent.trim()})` : "");
    });
    const rows = all.filter((row) => !row.hidden).map((row) =>
      [...row.cells].map((cell, i) => (i > 0 && cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim())));
    const text = [named, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
    link.download = key + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  find.addEventListener("input", filter);
  if (group) group.addEventListener("change", filter);
  tell();
}
// A square of the map leads to a row that a filter may hide: it is shown again.
addEventListener("hashchange", () => {
  const aimed = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (aimed && aimed.hidden) { aimed.hidden = false; aimed.scrollIntoView(); }
});
