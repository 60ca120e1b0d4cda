// Keeps what the public pages are made of, so that they open without a network and what was written
// is there. Pages and settings come from the network when there is one; files that are named by
// their content never change. The APIs, and the officers' pages, are left alone.
"use strict";

const SHELL = "suqiu-shell-1";
const SETTINGS = ["/config.json", "/icon.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(keepAndGoOn());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

// A page says what it loaded: that is kept, and nothing of the releases before it.
self.addEventListener("message", (event) => {
  event.waitUntil(keepOnly(event.data));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(keptFirst(request));
  // Under one name: what stands behind the `?` belongs to one visit.
  else if (request.mode === "navigate" && url.pathname === "/")
    event.respondWith(networkFirst(request, "/"));
  else if (SETTINGS.includes(url.pathname)) event.respondWith(networkFirst(request, url.pathname));
});

async function keepAndGoOn() {
  const cache = await caches.open(SHELL);
  await cache.addAll(["/", ...SETTINGS]);
  await self.skipWaiting();
}

async function takeOver() {
  for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
  await self.clients.claim();
}

function isAsset(address) {
  const url = new URL(address);
  return url.origin === self.location.origin && url.pathname.startsWith("/assets/");
}

async function keepOnly(loaded) {
  const wanted = new Set(loaded.filter(isAsset));
  const cache = await caches.open(SHELL);
  for (const request of await cache.keys()) {
    if (isAsset(request.url) && !wanted.delete(request.url)) await cache.delete(request);
  }
  await cache.addAll([...wanted]);
}

async function keptFirst(request) {
  // The name says all of it, whatever the answer is said to vary with.
  return (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request);
}

async function networkFirst(request, name) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(name, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(name, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
