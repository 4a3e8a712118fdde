"""Check the timeline of a dispute without a network: each entry is in the ledger, and each file has its hash.

    python3 check.py [timeline.json]

Python 3.9 or newer is enough; with the package `cryptography` the signature over the checkpoint is checked too. The exit
code is 0 when every entry that is sealed is proved, 1 when something is wrong, 2 when there is nothing to check.
`verify.py` beside this script is the one that comes with the receipt of every deposit.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

try:
    import verify
except ImportError:
    from projects.ip.receipts import verify

PROVED, WRONG, NOTHING = 0, 1, 2


def signed_by(note: verify.Note, keys: dict[str, bytes]) -> str:
    """In words, whether the checkpoint is signed by a key of the timeline; starts with `no` when it is not."""
    if note.key_id not in keys:
        return "no: it is signed by another key than those in the timeline"
    good = verify.ed25519(keys[note.key_id], note.signature, note.text)
    if good is None:
        return "not checked: this Python has no package cryptography"
    return f"yes, by the key {note.key_id}" if good else "no: the signature is wrong"


def wrong_with(entry: dict[str, Any], note: verify.Note, folder: Path) -> str:
    """What is wrong with a sealed entry, or an empty string."""
    event, proof = verify.load(entry["event"]), entry["proof"]
    if verify.canonical(event) != entry["event"].encode():
        return "the event is not in its canonical form"
    leaf = verify.leaf_hash(entry["event"].encode())
    path = [bytes.fromhex(step) for step in proof["path"]]
    if not verify.is_included(leaf, proof["index"], note.size, path, note.root):
        return "the event does not lead to the root of the checkpoint"
    if event["at"] != entry["at"]:
        return "the time is not the one in the ledger"
    if entry["kind"] != "file":
        return ""
    found = [path.read_bytes() for path in (folder / "files").glob(f"{entry['exhibit']}-*")]
    if not found:
        return "the file is not there"
    hashes = {verify.sha256(content).hex() for content in found}
    return "" if hashes == {event["facts"]["sha256"]} else "the file is not the one that was exhibited"


def main(arguments: list[str]) -> int:
    """Print a line for every entry; returns the exit code."""
    path = Path(arguments[0] if arguments else "timeline.json")
    document = verify.load(path.read_text(encoding="utf-8"))
    if document["checkpoint"] is None:
        print("Nothing is sealed yet: take the bundle again in a minute.")
        return NOTHING
    note = verify.read_note(document["checkpoint"])
    signature = signed_by(note, dict(verify.read_key(key) for key in document["keys"]))
    print(f"Checkpoint {note.number} of {note.at} over {note.size} entries. Signed: {signature}")
    proved, faults = 0, int(signature.startswith("no:"))
    for entry in document["entries"]:
        named = f"{entry['at']}  {entry['exhibit']:6} {entry['agency']}"
        if entry["proof"] is None:
            print(f"?   {named}  not sealed yet: take the bundle again in a minute")
            continue
        fault = wrong_with(entry, note, path.parent)
        faults, proved = faults + bool(fault), proved + (not fault)
        print(f"{'NO' if fault else 'ok'}  {named}  {fault or 'entry ' + str(entry['proof']['index'])}")
    print(f"{proved} proved, {faults} wrong. Proved is that it was recorded by its time, not who invented anything.")
    return WRONG if faults else PROVED if proved else NOTHING


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
