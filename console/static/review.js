// The inbox by keyboard (j, k, arrows, x, /), the help, and what is ticked at once. keys.js follows the links that say their key.
const TYPED_IN = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const OFF = "keys-off";

const rows = () => [...document.querySelectorAll("a[data-row]")];
const isOff = () => localStorage.getItem(OFF) === "1";

function move(by) {
  const all = rows();
  const at = all.findIndex((each) => each === document.activeElement || each.closest("li").contains(document.activeElement));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function tick() {
  const box = document.activeElement?.closest("li")?.querySelector("input[name=id]");
  if (box) box.checked = !box.checked;
}

const DONE = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  x: tick,
  "/": () => document.querySelector("[data-search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!(key in DONE) || isOff() || event.ctrlKey || event.metaKey || event.altKey || target.closest(TYPED_IN) || target.closest("dialog")) return;
  // Arrows scroll the page, unless one is in the list.
  if (key.startsWith("Arrow") && !target.closest(".rows")) return;
  if (!rows().length && key !== "/") return;
  event.preventDefault();
  DONE[key]();
});

// Before keys.js, which would follow the links.
document.addEventListener("keydown", (event) => {
  if (isOff() && !event.target.closest("dialog")) event.stopPropagation();
}, true);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  event.target.closest("[data-close]")?.closest("dialog").close();
});

document.addEventListener("change", (event) => {
  if (event.target.id === "tick-all") {
    for (const box of document.querySelectorAll("input[name=id]")) box.checked = event.target.checked;
  }
  if (event.target.id === "keys-on") localStorage.setItem(OFF, event.target.checked ? "0" : "1");
});

const on = document.getElementById("keys-on");
if (on) on.checked = !isOff();
