// Read a ZIP in the browser: the SHA-256 of every member, without sending any of it.
const MOST_MEMBERS = 2000;
const LARGEST = 256 * 2 ** 20;
const END = 0x06054b50;
const ENTRY = 0x02014b50;

export const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

// Name, method, sizes and place of each member, from the directory at the end of the archive.
function* entries(view, bytes) {
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw new Error("no ZIP");
  const count = view.getUint16(end + 10, true);
  if (count > MOST_MEMBERS) throw new Error("too many members");
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (view.getUint32(at, true) !== ENTRY) throw new Error("no ZIP");
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const start = view.getUint32(at + 42, true);
    const content = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    yield {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)),
      method: view.getUint16(at + 10, true),
      packed: bytes.subarray(content, content + view.getUint32(at + 20, true)),
    };
    at += 46 + name + extra + comment;
  }
}

// What stands deflated in the archive, never more than a bundle may hold.
async function inflated(packed, room) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > room) throw new Error("too large");
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// [sha256, name] of every member of a bundle; nothing for a file that is none.
export async function members(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return null;
  const found = [];
  const seen = new Set();
  let room = LARGEST;
  try {
    for (const { name, method, packed } of entries(new DataView(bytes.buffer), bytes)) {
      if (name.endsWith("/")) continue;
      if (seen.has(name) || (method !== 0 && method !== 8)) return null;
      seen.add(name);
      const content = method === 8 ? await inflated(packed, room) : packed;
      room -= content.length;
      if (room < 0) return null;
      found.push([await sha256(content), name]);
    }
  } catch {
    return null;
  }
  const folder = found[0]?.[1].split("/")[0];
  const isInFolder = found.every(([, name]) => name.startsWith(`${folder}/`));
  const named = isInFolder ? found.map(([hash, name]) => [hash, name.slice(folder.length + 1)]) : found;
  return named.some(([, name]) => name === "bundle.json") ? named : null;
}
