// The signing page: count the sections that are read, and have a passkey sign over all that it shows and all that is typed.
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

// Canonical JSON (RFC 8785), as far as it is needed here: strings, booleans, lists and objects.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

// What was typed after this is not what the passkey signed: the server computes the same from what is sent, and refuses.
function challengeOf({ form: domain, shown }) {
  const typed = (name) => form.elements.namedItem(name);
  const remarks = { ad_referendum: typed("ad_referendum").checked, declaration: typed("declaration").value.trim() };
  const whole = { ...shown, remarks, typed_name: typed("typed_name").value.trim() };
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${domain}\n${canonical(whole)}`));
}

// AuthenticationResponseJSON, written here because not every browser has toJSON yet (WebAuthn Level 3 §5.1.9).
async function ask(challenge, request) {
  const allowCredentials = request.allowCredentials.map((entry) => ({ ...entry, id: bytes(entry.id) }));
  const answer = await navigator.credentials.get({
    publicKey: { ...request, challenge, allowCredentials },
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
    const asked = JSON.parse(document.getElementById("passkey-request").textContent);
    form.elements.namedItem("passkey").value = JSON.stringify(await ask(await challengeOf(asked), asked.request));
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
