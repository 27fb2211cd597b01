/* Passkeys: asks the device, and sends its answer as a field of the form. Without this script one signs in by mail. */
"use strict";

(() => {
  const known = window.PublicKeyCredential;
  if (!navigator.credentials || !known?.parseRequestOptionsFromJSON) return;

  const ask = {
    add: (options) => navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(options) }),
    use: (options) => navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(options) }),
  };

  async function send(form) {
    const asked = await fetch(form.dataset.challenge, { method: "POST" });
    if (!asked.ok) throw new Error(`asked for a challenge: ${asked.status}`);
    const answer = await ask[form.dataset.passkey](await asked.json());
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      await send(form).catch(() => { failed.hidden = false; }); // also where its owner has changed their mind
    });
  }
})();
