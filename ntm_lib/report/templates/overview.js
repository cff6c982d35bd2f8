// Sorts and filters the tables of communes. Without it they are plain tables in the order of the alphabet.
"use strict";
const tables = [...document.querySelectorAll("table.communes")];
const field = (name) => document.getElementById("find-" + name);
const plain = (text) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
const places = [...field("place").options].map((option) => option.value);
const rank = { "✗": 0, "–": 1, "○": 2, "✓": 3 };

// A cell as a number or text to sort by: districts in the order of the list above, communes in the order written.
function value(row, index, key) {
  const text = row.cells[index].textContent;
  if (key === "t") return row.order;
  if (key === "d") return places.indexOf(text);
  if (key === "v") return rank[text[0]] ?? -1;
  if (key === "x") return text ? text.split(",").length : 0;
  const number = parseFloat(text);
  return Number.isNaN(number) ? -1 : number;
}

function sort(table, head) {
  const up = head.getAttribute("aria-sort") !== "ascending";
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => [value(row, head.cellIndex, head.dataset.key), row]);
  keyed.sort((a, b) => (up ? a[0] - b[0] : b[0] - a[0]) || a[1].order - b[1].order);
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  body.append(...keyed.map((pair) => pair[1]));
}

function inBand(row, column, band) {
  const [low, high] = row.cells[column].textContent.match(/\d+/g) ?? [];
  const [first, last] = band.split("-").map(Number);
  return low !== undefined && first <= Number(low) && Number(high ?? low) <= last;
}

function filter() {
  const name = plain(field("name").value.trim());
  const [place, band, criterion] = ["place", "band", "criterion"].map((one) => field(one).value);
  let shown = 0;
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
      row.hidden = !fits;
      shown += fits;
    }
  }
  const found = document.getElementById("found");
  found.textContent = found.dataset.words.replace("{n}", shown);
}

for (const table of tables) {
  [...table.tBodies[0].rows].forEach((row, index) => {
    row.order = index;
    row.plain = plain(row.cells[0].textContent);
  });
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, head));
    head.append(button);
  }
}
document.getElementById("find").addEventListener("input", filter);
document.getElementById("find").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("find").hidden = false;
