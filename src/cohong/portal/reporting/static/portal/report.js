// Shows what the check says of a report while somebody fills it in. No control is replaced: what is being typed stays, and the focus.
const CHECK = "report-check";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== CHECK) return;
  event.detail.shouldSwap = false;
  const said = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").querySelector("[data-checked]");
  if (!said) return;
  for (const part of ["count", "errors", "missing"]) {
    fill(document.getElementById(`report-${part}`), said.querySelector(`[data-part="${part}"]`));
  }
  for (const note of document.querySelectorAll(".cell-note")) {
    const news = said.querySelector(`[data-note="${CSS.escape(note.dataset.cell)}"]`);
    fill(note, news);
    const control = document.querySelector(`[data-control="${CSS.escape(note.dataset.cell)}"]`);
    if (news?.hasAttribute("data-wrong")) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
  }
  for (const sum of document.querySelectorAll(".cell-sum")) {
    fill(sum, said.querySelector(`[data-sum="${CSS.escape(sum.dataset.cell)}"]`));
  }
  ask(said.querySelector('[data-part="questions"]'));
});

// Only what changes is touched, so that nothing is read aloud twice.
function fill(place, news) {
  const html = news ? news.innerHTML.trim() : "";
  if (place && place.innerHTML.trim() !== html) place.innerHTML = html;
}

// A question that is asked already keeps its answer; one that is no longer asked is put away, as it may come back.
function ask(news) {
  const list = document.getElementById("report-questions");
  const asked = new Map([...list.children].map((one) => [one.id, one]));
  for (const one of [...news.children]) {
    const known = asked.get(one.id);
    if (known) {
      known.hidden = false;
      fill(known.querySelector("label"), one.querySelector("label"));
    } else list.append(one);
    asked.delete(one.id);
  }
  for (const gone of asked.values()) gone.hidden = !gone.contains(document.activeElement);
}
