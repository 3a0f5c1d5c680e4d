// A ground that is chosen becomes the text of the reason, which can then be written on.
for (const button of document.querySelectorAll("[data-fill]")) {
  const field = document.querySelector(`[name="${button.dataset.fill}"]`);
  button.addEventListener("click", () => {
    field.value = button.dataset.text;
    field.focus();
  });
}
