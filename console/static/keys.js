// Links with data-key="n" are followed by that key, unless something is being typed. « ? » needs no script: each link says its key.
const TYPING = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const link = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key.toLowerCase());
  if (!link) return;
  event.preventDefault();
  link.click();
});
