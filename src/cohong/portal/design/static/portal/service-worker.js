// What stands before this line when it is served: const VERSION, SHELL (addresses) and OFFLINE (language: address).
// Kept are the site's own files, by their content, and the page for when there is no connection. Pages never are: they are personal.
const FILES = `files-${VERSION}`;
const MEMORY = "memory";
const LANGUAGE = "/language-last-read";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(FILES)
      .then((cache) => cache.addAll([...SHELL, ...Object.values(OFFLINE)].map((one) => new Request(one, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((one) => one !== FILES && one !== MEMORY).map((one) => caches.delete(one))))
      .then(() => self.clients.claim()),
  );
});

async function remember(language) {
  if (language in OFFLINE) await (await caches.open(MEMORY)).put(LANGUAGE, new Response(language));
}

async function offline() {
  const last = await caches.match(LANGUAGE);
  const language = last ? await last.text() : Object.keys(OFFLINE)[0];
  return (await caches.match(OFFLINE[language])) ?? Response.error();
}

async function page(event) {
  try {
    const answer = await fetch(event.request);
    const language = (answer.headers.get("Content-Language") ?? "").toLowerCase();
    event.waitUntil(remember(language));
    return answer;
  } catch {
    return offline();
  }
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

const BY_CONTENT = /^\/static\/.+\.[0-9a-f]{12}\.[^./]+$/;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (BY_CONTENT.test(address.pathname)) event.respondWith(file(request));
});
