// Finds indicators by number or words. Without it the page is whole and reads from top to bottom.
"use strict";
document.addEventListener("DOMContentLoaded", start);

const plain = (text) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");

// Each indicator, from its heading to the next, with its words; and the headings above it.
function sections() {
  const found = [];
  let current = null;
  let above = [];
  for (const element of document.querySelector("main").children) {
    const level = /^H[1-4]$/.test(element.tagName) ? Number(element.tagName[1]) : 0;
    if (level && level < 4) {
      above = [...above.filter((one) => one.level < level), { level, element }];
      current = null;
    } else if (level === 4) {
      current = { parts: [], above: above.map((one) => one.element) };
      found.push(current);
    }
    if (current) current.parts.push(element);
  }
  for (const one of found) one.words = plain(one.parts.map((part) => part.textContent).join(" "));
  return found;
}

function start() {
  const all = sections();
  const others = [...document.querySelector("main").children].filter((element) => !all.some((one) => one.parts.includes(element)));
  const form = document.getElementById("find");
  const field = document.getElementById("find-text");
  const output = document.getElementById("found");
  const keep = new Set([form, document.getElementById("top")]);
  const show = () => {
    const words = plain(field.value.trim()).split(/\s+/).filter(Boolean);
    const fitting = all.filter((one) => words.every((word) => one.words.includes(word)));
    const shown = new Set(fitting.flatMap((one) => [...one.parts, ...one.above]));
    for (const one of all) for (const part of one.parts) part.hidden = words.length > 0 && !shown.has(part);
    for (const element of others) element.hidden = words.length > 0 && !shown.has(element) && !keep.has(element);
    output.textContent = output.dataset.words.replace("{n}", fitting.length);
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    field.value = "";
    show();
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  });
  form.hidden = false;
  show();
  // The field has pushed down what the address asks for.
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}
