"""docs/ledger.md keeps its word: its example is recomputed with hashes and signatures alone, and by our code."""

import json
import re
from base64 import b64decode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from portal.history import merkle, notes, verbs
from portal.history.canonical import canonical_event

DOCUMENT = (settings.BASE_DIR / "docs" / "ledger.md").read_text(encoding="utf-8")
EXAMPLE = DOCUMENT.partition("## Worked example")[2]
EVENTS, HASHES, KEY, CHECKPOINT = re.findall(r"```(?:json|text)\n(.*?\n)```", EXAMPLE, re.DOTALL)[:4]


def test_the_example_is_true_by_hand():
    leaves = [sha256(b"\0" + line.encode()) for line in EVENTS.splitlines()]
    node = sha256(b"\1" + leaves[0].digest() + leaves[1].digest())
    root = sha256(b"\1" + node.digest() + leaves[2].digest())

    assert [line.split()[-1] for line in HASHES.splitlines()] == [hash_.hexdigest() for hash_ in (*leaves, node, root)]

    name, key_id, public = KEY.strip().split("+", 2)
    raw = b64decode(public)
    text, _, signature = CHECKPOINT.partition("\n\n")
    signed = b64decode(signature.split(" ")[2])
    assert raw[1:] == Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
    assert key_id == signed[:4].hex() == sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    assert text.split("\n")[:2] == [name, "3"]
    assert b64decode(text.split("\n")[2]) == root.digest()
    Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signed[4:], text.encode() + b"\n")


def test_our_code_computes_the_same():
    texts = [json.loads(line) for line in EVENTS.splitlines()]
    leaves = [merkle.leaf_hash(canonical_event(**{k: v for k, v in text.items() if k != "v"})) for text in texts]
    note = notes.parse(CHECKPOINT)

    assert [
        canonical_event(**{k: v for k, v in text.items() if k != "v"}).decode() for text in texts
    ] == EVENTS.splitlines()
    assert merkle.root_of(leaves) == note.root
    assert merkle.inclusion_proof(1, 3, merkle.in_memory(leaves)) == [leaves[0], leaves[2]]
    assert merkle.consistency_proof(2, 3, merkle.in_memory(leaves)) == [leaves[2]]


def test_every_registered_verb_is_in_the_table_of_events():
    table = (settings.BASE_DIR / "docs" / "events.md").read_text(encoding="utf-8")

    missing = [
        verb.name
        for verb in verbs.registered()
        if f"| `{verb.name}` |" not in table and not verb.name.startswith("testing.")
    ]
    assert not missing, "run manage.py ledger verbs"
