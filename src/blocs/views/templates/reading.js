"use strict";
const form = document.querySelector(".find");
const told = form.querySelector("output");
const rows = [...document.querySelectorAll("tbody tr")];
const byId = new Map(rows.map((row) => [row.dataset.id, row]));
const texts = rows.map((row) => `${row.textContent} ${row.dataset.quote}`.toLowerCase());
const voices = rows.map((row) => row.querySelector(".says").textContent.toLowerCase());
const asked = form.hasAttribute("action");
const names = ["q", "kind", "certainty", "actor", "speaker"];
const marks = [...document.querySelectorAll(".text .in")];
const FIELDS = ["subject", "object", "certainty", "event.plover", "event.cameo", "quantity.value",
  "quantity.low", "quantity.high", "quantity.unit", "when.start", "when.end", "statement"];
const checks = new Map();
let saved = true;

function find() {
  const [words, kind, sure, actor, voice] = names.map((n) => form.elements[n].value.trim());
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set();
  rows.forEach((row, i) => {
    const fits = wanted.every((word) => texts[i].includes(word))
      && (!kind || row.dataset.kind === kind) && (!sure || row.dataset.sure === sure)
      && (!actor || row.dataset.actors.split(" ").includes(actor))
      && voices[i].includes(voice.toLowerCase());
    row.hidden = !fits;
    if (fits) shown.add(row.dataset.id);
  });
  marks.forEach((mark) => {
    mark.classList.toggle("off", !mark.dataset.items.split(" ").some((id) => shown.has(id)));
  });
  say(`${shown.size} of ${rows.length} items`);
}
function address() {
  const url = new URL(location.href);
  names.forEach((name) => {
    const value = form.elements[name].value.trim();
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  });
  if (url.href !== location.href) history.replaceState(null, "", url);
}
function say(text) {
  const n = checks.size;
  told.textContent = n ? `${text}; ${n} checked${saved ? "" : ", not saved"}` : text;
}
function light(ids) {
  document.querySelectorAll(".lit").forEach((one) => one.classList.remove("lit"));
  marks.forEach((mark) => {
    if (mark.dataset.items.split(" ").includes(ids[0])) mark.classList.add("lit");
  });
  ids.slice(0, 1).forEach((id) => byId.get(id)?.classList.add("lit"));
}
function show(mark) {
  const ids = mark.dataset.items.split(" ").filter((id) => !byId.get(id).hidden);
  const panel = mark.closest(".pair").querySelector(".told");
  document.querySelectorAll(".told").forEach((one) => { one.hidden = one !== panel || !ids.length; });
  panel.replaceChildren(...ids.map((id) => {
    const list = document.createElement("dl");
    [...byId.get(id).cells].slice(1, 11).filter((td) => td.textContent).forEach((td) => {
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = td.dataset.label;
      value.textContent = td.textContent;
      list.append(term, value);
    });
    return list;
  }));
  if (ids.length) light(ids);
}
function step(by) {
  const stops = marks.filter((mark) => mark.tagName === "A" && !mark.classList.contains("off"));
  const at = stops.indexOf(document.activeElement);
  const next = stops[at < 0 ? (by > 0 ? 0 : stops.length - 1)
    : (at + by + stops.length) % stops.length];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
}
function review(row) {
  const cell = row.querySelector(".review");
  const choice = document.createElement("select");
  choice.setAttribute("aria-label", `Your check of ${row.dataset.kind} at ${row.dataset.start}`);
  ["", "accept", "reject", "correct"].forEach((verdict) => {
    const option = document.createElement("option");
    option.value = verdict;
    option.textContent = verdict || "-";
    choice.append(option);
  });
  choice.addEventListener("change", () => decide(row, cell, choice.value));
  cell.append(choice);
}
function decide(row, cell, verdict) {
  cell.querySelector(".fields")?.remove();
  saved = false;
  if (!verdict) checks.delete(row.dataset.id);
  else checks.set(row.dataset.id, { verdict, fields: {} });
  if (verdict === "correct") cell.append(inputs(row));
  find();
}
function inputs(row) {
  const box = document.createElement("div");
  box.className = "fields";
  FIELDS.forEach((name) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    label.textContent = name.replace(".", " ");
    label.htmlFor = input.id = `${name}-${row.dataset.id}`;
    input.addEventListener("input", () => {
      const fields = checks.get(row.dataset.id).fields;
      if (input.value.trim()) fields[name] = typed(name, input.value.trim());
      else delete fields[name];
      saved = false;
    });
    box.append(label, input);
  });
  return box;
}
function typed(name, text) {
  if (["subject", "object"].includes(name)) return text.split(/[\s,]+/).filter(Boolean);
  const number = /\.(value|low|high)$/.test(name) && !Number.isNaN(Number(text));
  return number ? Number(text) : text;
}
function corrections() {
  return { schema: "blocs.corrections/1", corrections: rows
    .filter((row) => checks.has(row.dataset.id))
    .map((row) => ({ article: row.dataset.article, kind: row.dataset.kind,
      start: Number(row.dataset.start), end: Number(row.dataset.end), quote: row.dataset.quote,
      verdict: checks.get(row.dataset.id).verdict, fields: checks.get(row.dataset.id).fields })) };
}
function save() {
  const blob = new Blob([JSON.stringify(corrections(), null, 1)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "corrections.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  saved = true;
  find();
}
let later;
form.hidden = false;
form.addEventListener("submit", (event) => { if (!asked) event.preventDefault(); });
form.elements.article?.addEventListener("change", () => form.requestSubmit());
["input", "change"].forEach((kind) => form.addEventListener(kind, () => {
  clearTimeout(later);
  later = setTimeout(() => {
    find();
    if (asked) address();
  }, 150);
}));
form.querySelector(".save").hidden = false;
form.querySelector(".save").addEventListener("click", save);
document.querySelectorAll("th.review").forEach((th) => th.classList.add("on"));
rows.forEach(review);
["mouseover", "focusin"].forEach((kind) => document.addEventListener(kind, (event) => {
  const mark = event.target.closest?.(".text .in");
  if (mark) show(mark);
}));
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("td.quote a");
  if (!link) return;
  event.preventDefault();
  const id = link.hash.slice(3);
  const mark = marks.find((one) => one.dataset.items.split(" ").includes(id));
  mark?.scrollIntoView({ block: "center" });
  const stop = marks.find((one) => one.tagName === "A" && one.dataset.items.includes(id));
  if (stop) stop.focus({ preventScroll: true });
  light([id]);
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("input, select, textarea") || event.ctrlKey || event.metaKey
    || event.altKey) return;
  if (event.key === "n") step(1);
  else if (event.key === "p") step(-1);
  else if (event.key === "Escape") {
    document.querySelectorAll(".told").forEach((one) => { one.hidden = true; });
  }
});
window.addEventListener("beforeunload", (event) => { if (!saved && checks.size) event.preventDefault(); });
find();
