// A box that ticks all boxes of its name in its form; without this script it stays hidden.
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = () =>
    [...all.form.querySelectorAll(`input[type=checkbox][name="${all.dataset.tickAll}"]`)].filter((box) => !box.disabled);
  const look = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.closest("[hidden]")?.removeAttribute("hidden");
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    look();
  });
  all.form.addEventListener("change", look);
  look();
}
