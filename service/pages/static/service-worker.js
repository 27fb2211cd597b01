/* Keeps the pages that were seen, so that they can be read where there is no link, and sends what waited.

Online, the network always answers: a kept page is shown only where the network does not, and says so.
What is kept belongs to one person. It goes when they sign out, or when somebody else signs in here.
*/
"use strict";

importScripts("/static/outbox.js");

const PAGES = "pages", PARTS = "parts", OWNER = "/static/owner", NOTHING_KEPT = "/offline";
const SHELL = [NOTHING_KEPT, "/static/mendwork.css", ...["outbox", "sending", "outbox-page", "smaller", "written"].map((name) => `/static/${name}.js`)];
const MOST_PAGES = 80;
const KEPT_DAYS = 30;
const PATIENCE = 8_000; // milliseconds that a page may take where an older one is at hand
const KEPT_AT = "mendwork-kept-at", PERSON = "mendwork-person";

const here = (url) => url.origin === self.location.origin;
const signing = (url) => url.pathname.startsWith("/sign-");
const isPart = (url) => url.pathname.startsWith("/static/");
const readable = (answer) => answer.ok && (answer.headers.get("content-type") || "").startsWith("text/html");

/** A page's name in the cache: what became of one command is not part of it. */
function named(address) {
  const url = new URL(address, self.location.origin);
  url.searchParams.delete("sent");
  url.hash = "";
  return url.href;
}

async function owner() {
  const noted = await (await caches.open(PARTS)).match(OWNER);
  return noted ? noted.text() : "";
}

async function forget() {
  await caches.delete(PAGES);
  await (await caches.open(PARTS)).delete(OWNER);
}

/** Keep a page for its reader, and no other reader's beside it. */
async function keepPage(address, answer) {
  const person = answer.headers.get(PERSON);
  if (!person || !readable(answer)) return;
  if ((await owner()) !== person) {
    await forget();
    await (await caches.open(PARTS)).put(OWNER, new Response(person));
  }
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  const pages = await caches.open(PAGES);
  await pages.put(named(address), new Response(await answer.blob(), { headers }));
  const names = await pages.keys();
  await Promise.all(names.slice(0, -MOST_PAGES).map((each) => pages.delete(each)));
}

/** Give a kept page, which says since when; nothing where there is none, or it is too old to be trusted. */
async function keptPage(address) {
  const found = await (await caches.open(PAGES)).match(named(address));
  if (!found) return undefined;
  const at = found.headers.get(KEPT_AT);
  if (Date.now() - Date.parse(at) > KEPT_DAYS * 24 * 3600_000) return undefined;
  const html = (await found.text()).replace("<html ", `<html data-kept-at="${at}" `);
  return new Response(html, { headers: found.headers });
}

/** The network's answer, and a kept page where it has none in time. */
async function page(event) {
  const { request } = event;
  const network = fetch(request);
  const kept = await keptPage(request.url);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const answer = await (kept ? Promise.race([network, late.then(() => kept)]) : network);
    if (answer === kept) event.waitUntil(network.then((later) => keepPage(request.url, later), () => {}));
    else event.waitUntil(keepPage(request.url, answer.clone()));
    return answer;
  } catch {
    return kept || (await (await caches.open(PARTS)).match(NOTHING_KEPT)) || Response.error();
  }
}

/** Who is led to sign in is nobody's reader any more. */
async function signIn(event) {
  const answer = await fetch(event.request);
  if (answer.ok) await forget();
  return answer;
}

/** Styles, scripts and icons: the kept one at once, and a newer one for the next time. */
async function part(event) {
  const parts = await caches.open(PARTS);
  const kept = await parts.match(event.request);
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok) await parts.put(event.request, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return kept;
}

/** Fetch and keep pages that somebody may need soon; those kept within the hour stay as they are. */
async function keepAhead(addresses) {
  for (const address of addresses) {
    const kept = await (await caches.open(PAGES)).match(named(address));
    if (kept && Date.now() - Date.parse(kept.headers.get(KEPT_AT)) < 3600_000) continue;
    const answer = await fetch(address, { credentials: "same-origin" });
    if (signing(new URL(answer.url))) return;
    await keepPage(address, answer);
  }
}

async function deliver() {
  const person = await owner();
  if (!person) return;
  await Outbox.sendAll(person);
  for (const window of await self.clients.matchAll()) window.postMessage("outbox");
}

async function install() {
  await (await caches.open(PARTS)).addAll(SHELL);
  await self.skipWaiting();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => event.tag === "outbox" && event.waitUntil(deliver()));
self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keepAhead(event.data.keep).catch(() => {}));
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (!here(url)) return;
  if (event.request.method === "POST" && url.pathname === "/sign-out") event.waitUntil(forget());
  if (event.request.method !== "GET") return;
  if (isPart(url)) event.respondWith(part(event));
  else if (event.request.mode === "navigate" && url.pathname === "/sign-in") event.respondWith(signIn(event));
  else if (event.request.mode === "navigate" && !signing(url)) event.respondWith(page(event));
});
