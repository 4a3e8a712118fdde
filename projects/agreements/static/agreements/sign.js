// The signing page: count the sections that are read, and have a passkey sign over the challenge of this page.
const form = document.getElementById("sign-form");
const counter = form?.querySelector("[data-sections-read]");
const boxes = [...document.querySelectorAll("[data-section]")];

function count() {
  const done = boxes.filter((box) => box.checked).length;
  counter.value = counter.dataset.words.replace("%(done)s", done).replace("%(count)s", boxes.length);
}

if (counter && boxes.length) {
  for (const box of boxes) box.addEventListener("change", count);
  count();
}

const offer = form?.querySelector("[data-passkey]");
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// AuthenticationResponseJSON, written here because not every browser has toJSON yet (WebAuthn Level 3 §5.1.9).
async function ask(request) {
  const allowCredentials = request.allowCredentials.map((entry) => ({ ...entry, id: bytes(entry.id) }));
  const answer = await navigator.credentials.get({
    publicKey: { ...request, challenge: bytes(request.challenge), allowCredentials },
  });
  const { clientDataJSON, authenticatorData, signature } = answer.response;
  const response = {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
  };
  return { id: answer.id, rawId: text(answer.rawId), type: answer.type, response };
}

// With a passkey nobody is asked for the password; everything else is still needed.
function secrets(required) {
  for (const name of ["password", "code"]) {
    const field = form.elements.namedItem(name);
    if (field) field.required = required;
  }
}

async function signWithPasskey(button) {
  const failed = offer.querySelector("[role=alert]");
  failed.hidden = true;
  secrets(false);
  if (!form.reportValidity()) {
    secrets(true);
    return;
  }
  button.disabled = true;
  try {
    const request = JSON.parse(document.getElementById("passkey-request").textContent);
    form.elements.namedItem("passkey").value = JSON.stringify(await ask(request));
    form.requestSubmit();
  } catch {
    secrets(true);
    button.disabled = false;
    failed.hidden = false;
    button.focus();
  }
}

if (offer && globalThis.PublicKeyCredential) {
  offer.hidden = false;
  const button = offer.querySelector("button");
  button.addEventListener("click", () => signWithPasskey(button));
}
