// Pictures are dropped on the page and sent with a bar that shows how far they are; their order is changed by dragging.
// Without this script the same forms do the same, a page at a time.
function send(form, files) {
  const bar = form.querySelector("progress");
  const body = new FormData(form);
  body.delete("pictures");
  for (const file of files) body.append("pictures", file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("loadend", () => window.location.reload());
  bar.hidden = false;
  request.send(body);
}

for (const form of document.querySelectorAll("[data-drop]")) {
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    if (event.dataTransfer.files.length) send(form, event.dataTransfer.files);
  });
  form.addEventListener("submit", (event) => {
    const chosen = form.querySelector('input[type="file"]').files;
    if (!chosen.length) return;
    event.preventDefault();
    send(form, chosen);
  });
}

for (const form of document.querySelectorAll("[data-order]")) {
  let held = null;
  for (const cell of form.querySelectorAll("[data-picture]")) {
    cell.draggable = true;
    cell.addEventListener("dragstart", () => { held = cell; });
    cell.addEventListener("dragover", (event) => {
      if (!held || held === cell) return;
      event.preventDefault();
      const after = event.offsetX > cell.offsetWidth / 2;
      cell.parentNode.insertBefore(held, after ? cell.nextSibling : cell);
    });
    cell.addEventListener("dragend", () => {
      held = null;
      const body = new FormData(form);
      body.append("do", "order");
      for (const one of form.querySelectorAll("[data-picture]")) body.append("picture", one.dataset.picture);
      fetch(form.action, { method: "POST", body }).then(() => window.location.reload());
    });
  }
}
