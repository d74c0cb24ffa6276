/**
 * Passkeys: forms with `data-passkey`. The server says what to ask the browser for, the browser asks its user, and
 * what it answers goes back in the form. Where a browser has no passkeys the form stays hidden.
 */

/** Return what the server wants to know; throws an error whose message is the server's. */
async function ask(form) {
  const fields = new URLSearchParams(new FormData(form));
  fields.set("action", "options");
  // Not `form.action`: a field of that name stands before the attribute.
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    body: fields,
    headers: { Accept: "application/json" },
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error.message);
  return told;
}

/** Return what the browser answers: a new passkey, or that it has one. */
function use(form, options) {
  if (form.dataset.passkey === "new") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

async function send(form) {
  const { state, options } = await ask(form);
  const credential = await use(form, options);
  form.elements.state.value = state;
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  if (form.elements.password) form.elements.password.value = "";
  form.submit();
}

function listen(form) {
  const fault = form.querySelector("[data-fault]");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.textContent = "";
    button.disabled = true;
    try {
      await send(form);
    } catch (error) {
      // A DOMException is the browser's word, or its user's: its text is for programmers.
      fault.textContent = error instanceof DOMException ? form.dataset.failed : error.message;
      button.disabled = false;
    }
  });
  form.hidden = false;
}

if (globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) listen(form);
}
