/* Forms that survive a bad link: what cannot be sent now is kept in the outbox, shown as not sent, sent later.

Without this script every form works as plain HTML. */
"use strict";

(() => {
  const root = document.documentElement;
  const person = root.dataset.person;
  const keptAt = root.dataset.keptAt; // set by the service worker on a page that it had kept
  const secret = (name) => name === "pin";

  const moment = (instant) => Outbox.moment(root.lang, instant);

  function show(id, words) {
    const note = document.getElementById(id);
    if (!note) return;
    note.hidden = words === null;
    if (words !== null) note.querySelector("[data-words]").textContent = words;
  }

  async function tell() {
    const kept = await Outbox.all(person);
    show("unsent", kept.length ? String(kept.length) : null);
    const old = keptAt && location.pathname !== "/outbox"; // which is filled in anew each time
    const offline = old || !navigator.onLine;
    show("offline", offline ? moment(keptAt ? new Date(keptAt) : new Date()) : null);
    const waiting = kept.map(Outbox.path);
    for (const note of document.querySelectorAll("[data-waits]")) note.hidden = !waiting.includes(note.dataset.waits);
    document.dispatchEvent(new CustomEvent("outbox", { detail: kept }));
  }

  async function deliver() {
    if (!person) return;
    await Outbox.sendAll(person);
    await tell();
  }

  // Not `form.action`: a form that asks about an action has a field of that name.
  const address = (form) => new URL(form.getAttribute("action") ?? "", location).href;

  /** Give a form as it stands, ready to be kept. */
  function packed(form, submitter) {
    const data = new FormData(form, submitter);
    const fields = [...data].filter(([, value]) => !(value instanceof File) || value.size);
    // A kept page may be used twice; its key may not. Nothing was sent with it from here yet.
    const key = keptAt ? crypto.randomUUID().replaceAll("-", "") : data.get("key");
    return {
      key,
      person,
      url: submitter?.hasAttribute("formaction") ? submitter.formAction : address(form),
      page: location.pathname,
      after: form.dataset.after || "",
      multipart: form.enctype === "multipart/form-data",
      fields: fields.map(([name, value]) => [name, name === "key" ? key : value]),
      written: self.written?.(form),
      title: form.dataset.title || document.querySelector("h1").textContent.trim(),
      about: form.dataset.about || "",
      at: Date.now(),
      state: Outbox.WAITING,
    };
  }

  const hasSecret = (kept) => kept.fields.some(([name, value]) => secret(name) && value);

  /** A form that came back from the outbox stood there until now: what was mended takes its place in the row. */
  async function mended(form) {
    const mends = JSON.parse(sessionStorage.getItem("mends") || "{}");
    if (mends.url !== address(form)) return undefined;
    sessionStorage.removeItem("mends");
    const before = await Outbox.item(mends.key);
    await Outbox.drop(mends.key);
    return before?.at;
  }

  async function keepForLater(form, kept) {
    await Outbox.keep(kept);
    const at = await mended(form);
    if (at) await Outbox.keep({ ...kept, at });
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.sync?.register("outbox").catch(() => {}); // where the browser has no such thing
    location.assign("/outbox");
  }

  async function send(form, submitter) {
    const kept = packed(form, submitter);
    if (hasSecret(kept)) return form.submit(); // a PIN is never kept on the phone
    submitter?.setAttribute("aria-disabled", "true");
    if (!navigator.onLine) return keepForLater(form, kept);
    let answer;
    try {
      answer = await Outbox.post(kept);
    } catch {
      return keepForLater(form, kept);
    }
    if (Outbox.away(answer)) return keepForLater(form, kept);
    if (Outbox.taken(answer)) await mended(form);
    if (answer.redirected) return location.assign(answer.url);
    form.setAttribute("action", kept.url);
    return form.submit(); // the same key: the server answers as before, with what is wrong
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const named = event.submitter?.name;
    if (!form.matches("form[data-keep]") || !person || (named && named !== "send")) return;
    event.preventDefault();
    if (event.submitter?.getAttribute("aria-disabled") === "true") return; // a second tap
    send(form, event.submitter);
  });

  /** Ask the service worker to keep the pages that this one leads to next. */
  async function keepAhead() {
    if (!person || keptAt || navigator.connection?.saveData) return;
    const { active } = await navigator.serviceWorker.ready;
    const links = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);
    active.postMessage({ keep: ["/outbox", ...links] });
  }

  // What makes photos smaller, or tells what was written, comes only where somebody fills in a form.
  function need(name) {
    if (document.querySelector(`script[src*=${name}]`)) return;
    document.head.append(Object.assign(document.createElement("script"), { src: `/static/${name}.js` }));
  }
  document.addEventListener("focusin", ({ target }) => {
    if (target.form?.matches("[data-keep]")) need("written");
    if (target.type === "file") need("smaller");
  });

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/service-worker.js").then(keepAhead).catch(() => {});
    navigator.serviceWorker.addEventListener("message", (event) => event.data === "outbox" && tell());
  }
  // A list that htmx cannot fetch is opened as a page: there may be a kept one.
  document.addEventListener("htmx:sendError", (event) => location.assign(event.detail.pathInfo.finalRequestPath));
  addEventListener("online", deliver);
  addEventListener("offline", tell);
  document.addEventListener("visibilitychange", () => document.hidden || deliver());
  document.addEventListener("deliver", deliver);
  if (person) tell().then(deliver);
})();
