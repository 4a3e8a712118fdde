// Hash a dropped or chosen file in the browser and ask about the hashes alone; of a deposit, send receipt and opening only.
// The name of a file stays here too: it is shown from the memory of this tab.
import { members, sha256 } from "./bundle.js";

const form = document.querySelector("[data-verify]");
const input = form?.querySelector("input[type=file]");
const box = form?.querySelector("[data-drop]");
const LARGEST = 2_000_000;
const MARKER = /concord A-[0-9]{4}-[0-9]{4,9} v[0-9]{1,6} [0-9a-f]{64}/;
const hashed = async (file) => sha256(await file.arrayBuffer());

// What the portal has to read to check a deposit: a receipt, a bundle, an opening, a checkpoint.
async function belongsToADeposit(file) {
  if (file.size > LARGEST) return false;
  const text = new TextDecoder("latin1").decode(await file.arrayBuffer());
  if (text.startsWith("PK")) return text.includes("receipt.json") && text.includes("verify.py");
  return /"concord\/(receipt|opening)\/1"/.test(text) || /\nnumber \d+\ntime /.test(text);
}

// Which text a PDF or an evidence record says it is of: so that a changed file is told from an unknown one.
async function marker(file) {
  const text = new TextDecoder("latin1").decode(await file.arrayBuffer());
  if (text.startsWith("%PDF-")) return text.match(MARKER)?.[0] ?? "";
  try {
    const said = JSON.parse(text);
    return `concord ${said.agreement} v${said.text.number} ${said.text.sha256}`.match(MARKER)?.[0] ?? "";
  } catch {
    return "";
  }
}

const remembered = (asked) => `verify ${asked}`;

function remember(asked, name) {
  sessionStorage.setItem(remembered(asked), name);
}

function showName() {
  const asked = new URLSearchParams(location.search).get("sha256") ?? "bundle";
  const name = sessionStorage.getItem(remembered(asked));
  const place = document.querySelector("[data-file-name]");
  if (!place || !name) return;
  place.querySelector("bdi").textContent = name;
  place.hidden = false;
}

function send(name, value) {
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = name;
  hidden.value = value;
  form.append(hidden);
}

async function ask(files) {
  const parts = files.length === 1 ? await members(files[0]) : null;
  if (parts) {
    remember("bundle", files[0].name);
    send("bundle", "");
    for (const [hash, name] of parts) send("hash", `${hash} ${name}`);
    input.disabled = true;
    form.submit();
    return;
  }
  const sent = new DataTransfer();
  const hashes = [];
  for (const file of files) {
    if (await belongsToADeposit(file)) sent.items.add(file);
    else hashes.push([await hashed(file), file.name]);
  }
  if (sent.files.length) {
    for (const [hash, name] of hashes) send("hash", `${hash} ${name}`);
    input.files = sent.files;
    form.submit();
    return;
  }
  const address = new URL(form.action);
  const [hash, name] = hashes[0];
  remember(hash, name);
  address.searchParams.set("sha256", hash);
  const claimed = await marker(files[0]);
  if (claimed) address.searchParams.set("marker", claimed);
  location.assign(address);
}

showName();

// crypto.subtle exists only in secure contexts; elsewhere the form is posted as it is.
if (form && globalThis.crypto?.subtle) {
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    ask([...input.files]);
  });
  for (const kind of ["dragover", "drop"]) box.addEventListener(kind, (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) ask([...event.dataTransfer.files]);
  });
}
