// Sorts and filters the tables of communes. Without it they are plain tables in the order of the alphabet.
"use strict";
const FIRST = 200; // rows shown until more are asked for; overview.css repeats it
const RANK = { "✗": 0, "–": 1, "/": 2, "✓": 3 };
let tables, places;
let limit = FIRST;
document.documentElement.classList.add("js"); // before the body is read
document.addEventListener("DOMContentLoaded", start);

const field = (name) => document.getElementById("find-" + name);
const plain = (text) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");

// A cell as a number to sort by: districts in the order of the list above, communes in the order written.
function value(row, index, key) {
  const text = row.cells[index].textContent;
  if (key === "t") return row.order;
  if (key === "d") return places.indexOf(text);
  if (key === "v") return RANK[text[0]] ?? -1;
  if (key === "x") return text ? text.split(",").length : 0;
  const number = parseFloat(text);
  return Number.isNaN(number) ? -1 : number;
}

// What is known of each row is read when it is first asked for: opening the page must not wait for it.
function prepare() {
  for (const table of tables.filter((one) => !one.classList.contains("ready"))) {
    [...table.tBodies[0].rows].forEach((row, index) => {
      row.order = index;
      row.plain = plain(row.cells[0].textContent);
    });
    table.classList.add("ready");
  }
}

function sort(table, head) {
  prepare();
  const up = head.getAttribute("aria-sort") !== "ascending";
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => [value(row, head.cellIndex, head.dataset.key), row]);
  keyed.sort((a, b) => (up ? a[0] - b[0] : b[0] - a[0]) || a[1].order - b[1].order);
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  keyed.forEach((pair, index) => pair[1].classList.toggle("more", index >= limit));
  body.append(...keyed.map((pair) => pair[1]));
  show();
}

function inBand(row, column, band) {
  const [low, high] = row.cells[column].textContent.match(/\d+/g) ?? [];
  const [first, last] = band.split("-").map(Number);
  return low !== undefined && first <= Number(low) && Number(high ?? low) <= last;
}

// Hides what does not fit, and of what does all beyond the limit; the latter comes back on paper.
function show() {
  prepare();
  const name = plain(field("name").value.trim());
  const [place, band, criterion] = ["place", "band", "criterion"].map((one) => field(one).value);
  let fitting = 0;
  for (const table of tables) {
    const heads = [...table.tHead.rows[0].cells];
    const met = heads.findIndex((head) => head.dataset.key === "n");
    const asked = heads.findIndex((head) => head.dataset.key === "v" && head.textContent === criterion);
    for (const row of table.tBodies[0].rows) {
      const fits =
        (!name || row.plain.includes(name)) &&
        (!place || row.cells[1].textContent === place) &&
        (!band || inBand(row, met, band)) &&
        (!criterion || (asked > 0 && row.cells[asked].textContent.startsWith("✗")));
      fitting += fits;
      row.hidden = !fits;
      row.classList.toggle("more", fits && fitting > limit);
    }
  }
  count(fitting);
}

function count(fitting) {
  const rest = document.getElementById("find-all");
  tell(document.getElementById("found"), fitting);
  tell(rest, fitting);
  rest.hidden = fitting <= limit;
}

function tell(element, count) {
  element.textContent = element.dataset.words.replace("{n}", count).replace("{shown}", Math.min(count, limit));
}

function start() {
  tables = [...document.querySelectorAll("table.communes")];
  places = [...field("place").options].map((option) => option.value);
  for (const table of tables) {
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head));
      head.append(button);
    }
  }
  const form = document.getElementById("find");
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("find-all").addEventListener("click", () => {
    limit = Infinity;
    show();
  });
  form.hidden = false;
  count(tables.reduce((sum, table) => sum + table.tBodies[0].rows.length, 0));
}
