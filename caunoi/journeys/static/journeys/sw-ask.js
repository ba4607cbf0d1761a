// needs: kit/kit.css kit/kit.js kit/mark.svg files/recorder.js journeys/ask.js journeys/ask-outbox.js
// Keeps the ask form for the time without network, and sends what waited when the network is back.
const SHELL = "/hoi/ngoai-tuyen/";
const NAME = `ask-${house.version}`;
const OWN = new Set(Object.values(house.files).map((file) => new URL(file, self.location).pathname));
importScripts(house.file("journeys/ask-outbox.js"));

const keepShell = async () => {
  const cache = await caches.open(NAME);
  await cache.addAll([new Request(SHELL, { cache: "reload", credentials: "omit" }), ...Object.values(house.files)]);
};
const shell = async (problem) => (await caches.match(SHELL)) || Promise.reject(problem);
const orKept = async (request) => {
  try { return await fetch(request); } catch (problem) { return (await caches.match(request)) || Promise.reject(problem); }
};

self.addEventListener("install", (event) => event.waitUntil(keepShell().catch(() => null)));
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("ask-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
})()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate" && (pathname === "/hoi/" || pathname === SHELL)) event.respondWith(fetch(request).catch(shell));
  else if (request.method === "GET" && OWN.has(pathname)) event.respondWith(orKept(request));
});
self.addEventListener("sync", (event) => {
  if (event.tag !== "caunoi-ask") return;
  event.waitUntil((async () => {
    const left = await self.askOutbox.sendAll();
    (await self.clients.matchAll()).forEach((client) => client.postMessage("caunoi-ask"));
    // A rejected promise makes the browser try again later.
    if (left) throw new Error("some still wait");
  })());
});
