// Warns before typed text is lost. What the server sent back with mistakes counts as changed: it is not saved either.
let changed = Boolean(document.querySelector("#editor-form[data-changed]"));

document.addEventListener("input", (event) => {
  if (event.target.closest("#editor-form")) changed = true;
});
document.addEventListener("submit", (event) => {
  if (event.target.closest("#editor-form")) changed = false;
});
// Buttons that add or drop a row go through htmx and save nothing.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "editor-form") changed = true;
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
