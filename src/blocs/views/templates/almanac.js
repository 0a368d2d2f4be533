"use strict";
const form = document.querySelector(".find");
const words = form.querySelector("[type=search]");
const only = form.querySelector("[type=checkbox]");
const told = form.querySelector("output");
const rows = [...document.querySelectorAll("tbody tr")];
const texts = rows.map((row) => row.textContent.toLowerCase());
const shelves = [...document.querySelectorAll("details")];
const open = shelves.map((shelf) => shelf.open);
function find() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const idle = !wanted.length && !only.checked;
  let shown = 0;
  rows.forEach((row, i) => {
    const fits = wanted.every((word) => texts[i].includes(word))
      && !(only.checked && row.dataset.checked !== "no");
    row.hidden = !fits;
    shown += fits;
  });
  shelves.forEach((shelf, i) => {
    const left = shelf.querySelectorAll("tbody tr:not([hidden])").length;
    shelf.hidden = !left;
    shelf.open = idle ? open[i] : left <= 400;
  });
  told.textContent = `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} rows`;
}
let later;
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => { clearTimeout(later); later = setTimeout(find, 150); });
find();
