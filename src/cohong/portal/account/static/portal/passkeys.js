// Passkeys: a form with data-passkey="login", "get" or "create" asks the browser for a credential and sends it on.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

function creation({ publicKey }, alone) {
  const chosen = { ...publicKey.authenticatorSelection };
  chosen.residentKey = alone ? "required" : "discouraged";
  chosen.requireResidentKey = alone;
  if (alone) chosen.userVerification = "required";
  return {
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
      authenticatorSelection: chosen,
    },
  };
}

const request = ({ publicKey }) => ({
  publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    allowCredentials: named(publicKey.allowCredentials),
  },
});

function written(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts,
  };
}

async function ask(form) {
  if (form.dataset.passkey === "create") {
    const alone = form.elements.passwordless?.checked ?? false;
    return navigator.credentials.create(creation(JSON.parse(form.dataset.options), alone));
  }
  let options = form.dataset.options && JSON.parse(form.dataset.options);
  if (!options) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the site answered ${answer.status}`);
    options = (await answer.json()).request_options;
  }
  return navigator.credentials.get(request(options));
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = document.querySelector("[data-passkey-said]");
      if (said) said.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(written(await ask(form)));
      } catch {
        // The user turned away, the key is known already, or there is none: whichever it was, nothing was sent.
        if (said) {
          said.textContent = said.dataset.passkeySaid;
          said.hidden = false;
        }
        return;
      }
      form.submit();
    });
  }
}
