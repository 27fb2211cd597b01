/* The page of what is not sent yet: reads the outbox of this phone, sends, opens, or throws away. */
"use strict";

(() => {
  const list = document.getElementById("outbox");
  const empty = document.getElementById("outbox-empty");
  const part = document.getElementById("outbox-item");

  function read([label, text]) {
    const [term, told] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = label;
    told.textContent = text;
    told.dir = "auto";
    return [term, told];
  }

  function shown(kept, _place, items) {
    const entry = part.content.cloneNode(true);
    const photos = kept.fields.filter(([, value]) => value instanceof File).length;
    entry.querySelector("[data-title]").textContent = kept.title;
    entry.querySelector("[data-about]").textContent = kept.about;
    entry.querySelector("[data-at]").textContent = Outbox.moment(document.documentElement.lang, kept.at);
    entry.querySelector("[data-files]").hidden = !photos;
    entry.querySelector("[data-files-count]").textContent = photos;
    entry.querySelector("[data-page]").href = kept.page || "/";
    entry.querySelector("[data-why]").textContent = kept.why || "";
    entry.querySelector("[data-written]").hidden = !kept.written?.length;
    entry.querySelector("dl").replaceChildren(...(kept.written || []).flatMap(read));
    const stands = kept.state === Outbox.WAITING && Outbox.held(kept, items) ? "held" : kept.state;
    for (const state of entry.querySelectorAll("[data-state]")) state.hidden = state.dataset.state !== stands;
    for (const button of entry.querySelectorAll("button")) button.dataset.key = kept.key;
    return entry;
  }

  /** Send a kept form as the browser itself does: the page that answers says what is wrong, with all typed.

  It stays in the outbox until its mended form has been sent (sending.js).
  */
  async function open(key) {
    const kept = await Outbox.item(key);
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: kept.url });
    if (kept.multipart) form.enctype = "multipart/form-data";
    for (const [name, value] of kept.fields) form.append(field(name, value));
    document.body.append(form);
    sessionStorage.setItem("mends", JSON.stringify({ key, url: kept.url }));
    form.submit();
  }

  function field(name, value) {
    const input = Object.assign(document.createElement("input"), { name, hidden: true });
    if (value instanceof File) {
      const files = new DataTransfer();
      files.items.add(value);
      input.type = "file";
      input.files = files.files;
    } else {
      input.type = "hidden";
      input.value = value;
    }
    return input;
  }

  const does = {
    send: () => document.dispatchEvent(new Event("deliver")),
    open,
    async drop(key) {
      if (!confirm(list.dataset.sure)) return;
      await Outbox.drop(key);
      document.dispatchEvent(new Event("deliver"));
    },
  };

  document.addEventListener("outbox", (event) => {
    list.replaceChildren(...event.detail.map(shown));
    empty.hidden = event.detail.length > 0;
  });
  list.addEventListener("click", (event) => {
    const { act, key } = event.target.dataset;
    if (act) does[act](key);
  });
})();
