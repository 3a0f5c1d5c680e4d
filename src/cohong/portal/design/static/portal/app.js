// Lets the browser keep the site's own files and the page for when there is no connection.
if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/service-worker.js").catch(() => {}));
}

// Where a desk's places stand in a row (on a phone), the present one is brought into sight.
for (const present of document.querySelectorAll(".desk-nav [aria-current]")) {
  const row = present.parentElement;
  row.scrollLeft += present.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - present.clientWidth) / 2;
}
