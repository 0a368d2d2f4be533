"use strict";
const slider = () => document.querySelector(".asked [type=range]");
const seen = new Map();
let wanted = null;
let asking = false;
function shown(page, address, push) {
  const made = new DOMParser().parseFromString(page, "text/html");
  document.title = made.title;
  [".page", ".here"].forEach((part) => {
    const now = document.querySelector(part);
    const next = made.querySelector(part);
    if (now && next) now.replaceWith(next);
  });
  if (push) history.pushState(null, "", address);
}
async function load(address) {
  if (!seen.has(address)) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    seen.set(address, await answer.text());
  }
  return seen.get(address);
}
async function go(address, push) {
  wanted = [address, push];
  if (asking) return;
  asking = true;
  while (wanted) {
    const [next, keep] = wanted;
    wanted = null;
    try {
      const page = await load(next);
      shown(page, next, keep);
    } catch {
      location.assign(next);
    }
  }
  asking = false;
}
document.addEventListener("input", (event) => {
  if (event.target !== slider()) return;
  document.querySelector(".asked output").textContent = slider().value;
});
document.addEventListener("change", (event) => {
  if (event.target === slider()) go(`/year?year=${slider().value}`, true);
});
window.addEventListener("popstate", () => {
  const year = new URL(location.href).searchParams.get("year");
  if (!year) { location.reload(); return; }
  slider().value = year;
  document.querySelector(".asked output").textContent = year;
  go(location.pathname + location.search, false);
});
