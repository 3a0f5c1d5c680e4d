// Ticking "all that the list finds" ticks what is shown, so that one sees what is chosen; unticking one of them unticks it.
for (const form of document.querySelectorAll("[data-tick-goods]")) {
  form.addEventListener("change", (event) => {
    const all = form.querySelector("[data-tick-all]");
    const rows = form.querySelectorAll('input[name="listing"]');
    if (event.target === all) rows.forEach((one) => { one.checked = all.checked; });
    else if (event.target.name === "listing" && !event.target.checked) all.checked = false;
  });
}
