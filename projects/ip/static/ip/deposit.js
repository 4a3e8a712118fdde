// Compute a commitment from files and text that never leave this page, as docs/deposits.md has it.
const form = document.querySelector("[data-keep]");
const words = form?.dataset ?? {};
const LARGEST = 256 * 1024 * 1024;
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = (bytes) => crypto.subtle.digest("SHA-256", bytes);
const encoder = new TextEncoder();

// RFC 8785 for what a manifest holds: sorted names, and strings and whole numbers as ECMAScript writes them.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

// Half of a surrogate pair is no character: what is hashed must be what UTF-8 can say.
const whole = (text) => new TextDecoder().decode(encoder.encode(text));

class TooLarge extends Error {}

async function described(files, text) {
  const entries = [];
  for (const file of files) {
    if (file.size > LARGEST) throw new TooLarge(`${file.name} ${words.tooLarge}`);
    const content = await file.arrayBuffer();
    entries.push({ name: whole(file.name), size: content.byteLength, sha256: hex(await sha256(content)) });
  }
  if (text) {
    const content = encoder.encode(text);
    entries.push({ name: "text.txt", size: content.byteLength, sha256: hex(await sha256(content)) });
  }
  return entries;
}

function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function start() {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const [title, chosen, text] = ["title", "files", "text"].map((name) => form.querySelector(`#keep-${name}`));
  const { commitment, kept, project } = form.elements;
  const [compute, download, downloading, said, told] = ["compute", "download", "downloading", "said", "told"].map(part);
  let opening = null;
  let isSaved = false;
  let turn = 0;
  part("content").hidden = false;
  part("computing").hidden = false;
  told.textContent = words.wait;
  commitment.readOnly = true;

  const forget = () => {
    turn += 1;
    opening = null;
    isSaved = false;
    commitment.value = "";
    kept.checked = false;
    downloading.hidden = true;
    said.textContent = "";
    told.textContent = words.wait;
  };

  compute.addEventListener("click", async () => {
    forget();
    const mine = turn;
    if (!chosen.files.length && !text.value) {
      said.textContent = words.nothing;
      return;
    }
    said.textContent = words.working;
    try {
      const manifest = {
        format: "concord/deposit/1",
        algorithm: "SHA-256",
        title: whole(title.value),
        agency: words.agency,
        project: (words.of ? words.project : project.value) || null,
        files: await described(chosen.files, text.value),
        previous: words.previous || null,
      };
      const salt = crypto.getRandomValues(new Uint8Array(32));
      const bytes = encoder.encode(canonical(manifest));
      const joined = new Uint8Array(salt.length + bytes.length);
      joined.set(salt);
      joined.set(bytes, salt.length);
      const value = hex(await sha256(joined));
      if (mine !== turn) return;
      opening = { format: "concord/opening/1", salt: hex(salt), manifest };
      commitment.value = value;
      downloading.hidden = false;
      said.textContent = words.ready;
      told.textContent = "";
      download.focus();
    } catch (error) {
      if (mine === turn) said.textContent = error instanceof TooLarge ? error.message : words.unread;
    }
  });

  download.addEventListener("click", () => {
    const name = `opening-${commitment.value.slice(0, 8)}`;
    save(`${name}.json`, `${JSON.stringify(opening, null, 1)}\n`, "application/json");
    if (text.value) save(`${name}-text.txt`, text.value, "text/plain;charset=utf-8");
    isSaved = true;
    told.textContent = words.saved;
  });

  kept.addEventListener("change", () => {
    if (kept.checked && opening && !isSaved) {
      kept.checked = false;
      told.textContent = words.first;
    }
  });

  for (const control of [title, chosen, text, project]) control?.addEventListener("input", forget);
  const box = part("drop");
  for (const kind of ["dragover", "drop"]) box.addEventListener(kind, (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    chosen.files = event.dataTransfer.files;
    forget();
  });
}

// crypto.subtle exists only in secure contexts; elsewhere a commitment computed by other means is typed.
if (form && globalThis.crypto?.subtle) start();
