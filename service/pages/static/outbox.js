/* What could not be sent yet, kept on this phone: each form whole, with its photos, under its idempotency key.

Shared by the pages (sending.js) and the service worker, so it touches no page. A key is sent as often as
it takes; the server carries it out once. */
"use strict";

const Outbox = (() => {
  const WAITING = "waiting", CONFLICT = "conflict", SIGN_IN = "sign-in";
  const PATIENCE = 20_000; // milliseconds for a form without files: a link that hangs is no link
  const SLOWEST = 4; // bytes in a millisecond: below that, photos wait for a better link

  const opened = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open("mendwork", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "key" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  async function store(mode, work) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction("outbox", mode);
        const request = work(transaction.objectStore("outbox"));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const keep = (item) => store("readwrite", (items) => items.put(item));
  const drop = (key) => store("readwrite", (items) => items.delete(key));
  const item = (key) => store("readonly", (items) => items.get(key));

  /** Everything of a person's that is kept here, the oldest first; what waits for others comes after all. */
  async function all(person) {
    const items = await store("readonly", (kept) => kept.getAll());
    const mine = items.filter((each) => each.person === person);
    return mine.sort((one, other) => Boolean(one.after) - Boolean(other.after) || one.at - other.at);
  }

  const path = (kept) => new URL(kept.url).pathname;

  /** Whether a form stays here until others have arrived or are settled: a visit does not end before them. */
  const held = (kept, items) => Boolean(kept.after) && items.some((each) => path(each).startsWith(kept.after));

  function body(kept) {
    const data = new FormData();
    for (const [name, value] of kept.fields) data.append(name, value);
    return kept.multipart ? data : new URLSearchParams(data);
  }

  /** Send one form. Gives the answer; throws where there was none. */
  function post(kept) {
    const bytes = kept.fields.reduce((sum, [, value]) => sum + (value.size || 0), 0);
    const signal = AbortSignal.timeout(PATIENCE + bytes / SLOWEST);
    return fetch(kept.url, { method: "POST", body: body(kept), credentials: "same-origin", signal });
  }

  /** An instant as people of a language read it; the day stands before the month in our English. */
  const moment = (language, instant) =>
    new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
      dateStyle: "medium",
      timeStyle: "short",
    }).format(instant);

  const signedOut = (answer) => new URL(answer.url).pathname === "/sign-in";
  const taken = (answer) => answer.redirected && answer.ok && !signedOut(answer);
  const why = (answer) => decodeURIComponent(answer.headers.get("Mendwork-Why") || "");
  const away = (answer) => answer.status >= 500 || answer.status === 429 || answer.status === 408;

  /** Send one kept form and note what became of it. Gives false where the link is down: no use to go on. */
  async function sendOne(kept) {
    let answer;
    try {
      answer = await post(kept);
    } catch {
      return false;
    }
    if (away(answer)) return false;
    if (taken(answer)) await drop(kept.key);
    else if (signedOut(answer)) await keep({ ...kept, state: SIGN_IN });
    else await keep({ ...kept, state: CONFLICT, status: answer.status, why: why(answer) });
    return !signedOut(answer);
  }

  /** Send all that waits, in order. One at a time over all windows: a lock sees to it. */
  async function sendAll(person) {
    await navigator.locks.request("mendwork-outbox", { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      for (const kept of await all(person)) {
        if (kept.state === CONFLICT || held(kept, await all(person))) continue;
        if (!(await sendOne(kept))) return;
      }
    });
  }

  return { WAITING, CONFLICT, all, path, held, item, keep, drop, post, sendAll, taken, away, moment };
})();
