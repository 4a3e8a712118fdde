// Hash a dropped or chosen file in the browser and ask about the hash alone.
const form = document.querySelector("[data-verify]");
const input = form?.querySelector("input[type=file]");
const box = form?.querySelector("[data-drop]");
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function ask(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const address = new URL(form.action);
  address.searchParams.set("sha256", hex(digest));
  address.searchParams.set("name", file.name);
  location.assign(address);
}

// crypto.subtle exists only in secure contexts; elsewhere the form is posted as it is.
if (form && globalThis.crypto?.subtle) {
  form.addEventListener("submit", (event) => {
    const [file] = input.files;
    if (!file) return;
    event.preventDefault();
    ask(file);
  });
  for (const kind of ["dragover", "drop"]) box.addEventListener(kind, (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (file) ask(file);
  });
}
