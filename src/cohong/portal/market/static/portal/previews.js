/** Show pictures that are about to be sent, beside the field they were chosen in. */
for (const field of document.querySelectorAll("input[type=file][data-previews]")) {
  const place = document.getElementById(field.dataset.previews);
  field.addEventListener("change", () => {
    for (const old of place.querySelectorAll("img")) URL.revokeObjectURL(old.src);
    place.replaceChildren(
      ...Array.from(field.files, (file) => {
        const picture = document.createElement("img");
        picture.src = URL.createObjectURL(file);
        picture.alt = file.name;
        return picture;
      }),
    );
  });
}
