"use strict";
// Draws the charts and runs the table of words. Words reach the page as text only, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const ROWS_PER_PAGE = 25;

// ---- charts

const STACKED = { columns: 1, layout: { top: { direction: "vertical", anchor: "start", margin: 4 } } };
let stacked = null;

/** Draw the charts, the legend in lines where it would not fit in one; again only when that changes. */
function drawCharts() {
  const isNarrow = document.getElementById("vocabulary-chart").clientWidth < 480;
  if (isNarrow === stacked) return;
  stacked = isNarrow;
  for (const [name, spec] of Object.entries(data.charts)) {
    vegaEmbed("#" + name + "-chart", spec, {
      mode: "vega-lite",
      renderer: "svg",
      config: stacked ? { legend: STACKED } : {},
      downloadFileName: name,
      actions: { export: true, source: false, compiled: false, editor: false },
    }).catch((error) => { document.getElementById(name + "-chart").textContent = String(error); });
  }
}

window.addEventListener("resize", drawCharts);
drawCharts();

// ---- the table of words

// A row is [word, count, early, median, late, survival, at least?]; a generation that is never reached is null.
const KEYS = ["word", "count", "early", "median", "late", "survival"];
const rows = data.words.flatMap(([numbers, words]) => words.map((word) => [word, ...numbers]));
const searchable = rows.map((row) => row[0].toLowerCase());
const body = document.querySelector("#table tbody");
const filter = document.getElementById("filter");
const status = document.getElementById("status");
const previous = document.getElementById("previous");
const next = document.getElementById("next");
const collator = new Intl.Collator();
const state = { column: 1, descending: false, page: 0, found: [] };

const whole = (value) => value.toLocaleString("en");

function generation(value, atLeast) {
  return value === null ? (data.forgets ? "never" : "\u2013") : (atLeast ? "\u2265 " : "") + whole(value);
}

function share(value, atLeast) {
  const percent = 100 * value;
  if (percent === 0 || percent === 100) return percent + " %";
  if (percent < 0.01) return "< 0.01 %";
  if (percent > 99.9) return "> 99.9 %";
  return (atLeast ? "\u2265 " : "") + Number(percent.toPrecision(3)) + " %";
}

function cells([word, count, early, median, late, survival, atLeast]) {
  const times = [early, median, late].map((value) => generation(value, atLeast));
  return [word, whole(count), ...times, share(survival, atLeast)];
}

function compare(a, b) {
  const [first, second] = [rows[a][state.column], rows[b][state.column]];
  const direction = state.descending ? -1 : 1;
  if (first === second) return collator.compare(rows[a][0], rows[b][0]);
  if (state.column === 0) return direction * collator.compare(first, second);
  return direction * ((first ?? Infinity) - (second ?? Infinity));
}

function search() {
  const wanted = filter.value.trim().toLowerCase();
  state.found = [];
  for (let i = 0; i < rows.length; i++) if (searchable[i].includes(wanted)) state.found.push(i);
  state.found.sort(compare);
  state.page = 0;
  show();
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function tableRow(row) {
  const made = document.createElement("tr");
  const [word, ...numbers] = cells(row);
  const head = element("th", "");
  head.scope = "row";
  head.append(element("bdi", word));
  made.append(head, ...numbers.map((text) => element("td", text)));
  return made;
}

function show() {
  const first = state.page * ROWS_PER_PAGE;
  const shown = state.found.slice(first, first + ROWS_PER_PAGE);
  body.replaceChildren(...shown.map((i) => tableRow(rows[i])));
  const total = state.found.length;
  status.textContent = total
    ? `${whole(first + 1)} to ${whole(first + shown.length)} of ${whole(total)} ${total === 1 ? "word" : "words"}`
    : "no such word in the table";
  previous.disabled = first === 0;
  next.disabled = first + ROWS_PER_PAGE >= total;
}

function sortBy(column) {
  state.descending = state.column === column && !state.descending;
  state.column = column;
  for (const head of document.querySelectorAll("#table thead th")) {
    if (head.dataset.key !== KEYS[column]) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", state.descending ? "descending" : "ascending");
  }
  search();
}

filter.addEventListener("input", search);
previous.addEventListener("click", () => { state.page -= 1; show(); });
next.addEventListener("click", () => { state.page += 1; show(); });
document.querySelectorAll("#table thead th button").forEach((button, column) => {
  button.addEventListener("click", () => sortBy(column));
});
search();
