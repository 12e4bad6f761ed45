// The Enter key in the field of a place searches the place, as the button beside it does; it would save the whole record.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  const button = event.target.closest("input")?.closest(".sheet-form .search")?.querySelector("button");
  if (!button) return;
  event.preventDefault();
  button.click();
});
