// Lists of goods: what was unfolded stays so when the list is drawn anew; on a wide screen the filters stand open.

const wide = window.matchMedia("(min-width: 60rem)");
const unfolded = new Set();

function unfold() {
  for (const details of document.querySelectorAll("details[data-keep-open]")) {
    if (unfolded.has(details.id) || (details.id === "facets" && wide.matches)) details.open = true;
  }
}

document.addEventListener("htmx:beforeSwap", () => {
  unfolded.clear();
  for (const details of document.querySelectorAll("details[data-keep-open][open]")) unfolded.add(details.id);
});
document.addEventListener("htmx:afterSwap", unfold);
wide.addEventListener("change", unfold);
unfold();
