"""A small bundle with everything in it, made from docs/verifying.md, docs/text.md and docs/ledger.md with fixed keys.

Run it with `python -m tests.verifiers.writing docs/vectors` to write the published example anew.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from tests.verifiers.tree import Tree, digest

# What a passkey signed over before its challenge named the remarks.
EARLIER = "concord/sign/1"
ORIGIN, WITNESS = "concord.example/ledger", "agency.example/witness"
REF = "A-2026-0041"
PEOPLE = {
    "CNES": ("11111111-1111-4111-8111-111111111111", "Aurélie Lunaire", "", "Directrice"),
    "JAXA": ("22222222-2222-4222-8222-222222222222", "Kenji Amanogawa", "天野川 健二", "Vice-President"),
}
NAMES = {"CNES": "Centre national d’études spatiales", "JAXA": "Japan Aerospace Exploration Agency"}
PDF = b"""%%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(concord-text.json) 4 0 R]>>>>>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj
4 0 obj <</Type/Filespec/F(concord-text.json)/EF<</F 5 0 R>>>> endobj
5 0 obj <</Type/EmbeddedFile/Length %d>>
stream
%s
endstream endobj
trailer <</Root 1 0 R/Size 6>>
%%%%EOF
"""


def numbered(first: int) -> Ed25519PrivateKey:
    """The key whose private half is the 32 bytes that count up from `first`."""
    return Ed25519PrivateKey.from_private_bytes(bytes(range(first, first + 32)))


FORMER, PRESENT, SEEN_BY = numbered(32), numbered(0), numbered(64)
PASSKEY = ec.derive_private_key(int.from_bytes(bytes(range(96, 128)), "big"), ec.SECP256R1())


def canonical(value: Any) -> bytes:
    """All names here are ASCII and all numbers whole, so that this is RFC 8785."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def websafe(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def key_id(name: str, kind: bytes, key: Ed25519PrivateKey) -> str:
    return digest(name.encode() + b"\n" + kind + key.public_key().public_bytes_raw()).hex()[:8]


def verifier(name: str, kind: bytes, key: Ed25519PrivateKey) -> str:
    return f"{name}+{key_id(name, kind, key)}+{b64encode(kind + key.public_key().public_bytes_raw()).decode()}"


def at(second: int) -> str:
    return f"2026-11-24T09:{second // 60:02d}:{second % 60:02d}.000000Z"


class Writer:
    """One agreement from its text to its bundle."""

    def __init__(self, form: str = "concord/sign/2") -> None:
        self.form = form
        self.tree, self.events, self.second = Tree(), [], 0
        self.key = FORMER
        self.records: list[tuple[str, bytes, bytes]] = []
        self.text = canonical(text())
        self.sha256 = digest(self.text).hex()

    def event(self, verb: str, agency: str = "", **facts: Any) -> None:
        self.second += 1
        uid = f"00000000-0000-4000-8000-{len(self.events):012d}"
        said = {
            "v": 1, "uid": uid, "verb": f"agreement.{verb}", "target_kind": "agreements.agreement", "target_ref": REF,
            "scope": "P-2026-0009", "at": at(self.second), "person": PEOPLE[agency][0] if agency else None,
            "agency": agency, "agency_name": NAMES.get(agency, ""), "agencies": ["CNES", "JAXA"], "facts": facts,
        }  # fmt: skip
        self.events.append((canonical(said).decode(), self.tree.add(canonical(said))))

    def sign(self, agency: str, *, voided: tuple[str, ...] = (), **said: Any) -> str:
        """Write a record and its event; `voided` were taken back before."""
        hashes = [digest(body).hex() for _name, body, _signature in self.records]
        record = self.record("concord/evidence/2", agency) | {
            "kind": "nda", "capacity": f"for and on behalf of {NAMES[agency]}", "authority": "", "outside": None,
            "consent": {"version": "1", "language": "en", "wording": "I have read this text and sign it."},
            "read": [{"key": "secrecy", "title": "Secrecy", "sha256": "ab" * 32}], "passkey": None, "level": "simple",
            "challenge": {"sha256": "cd" * 32, "nonce": f"{len(hashes):032x}", "opened_at": at(self.second)},
            "remarks": {"ad_referendum": False, "declaration": ""}, "viewed_at": at(self.second),
            "asked": {"at": at(1), "by": {"uid": PEOPLE["CNES"][0], "name": PEOPLE["CNES"][1], "agency": "CNES"}},
            "previous": [one for one in hashes if one not in voided], "previous_head": hashes[-1] if hashes else None,
        } | said  # fmt: skip
        if record["level"] == "advanced":
            record["passkey"] = assertion(record, self.form)
        body = self.keep("evidence", agency, record)
        facts = {"text": 1, "sha256": self.sha256, "evidence": digest(body).hex(), "level": record["level"]}
        self.event("signed", agency, **facts, party=agency, ad_referendum=record["remarks"]["ad_referendum"])
        return digest(body).hex()

    def record(self, form: str, agency: str) -> dict[str, Any]:
        uid, name, native, position = PEOPLE[agency]
        return {
            "format": form, "agreement": REF, "signed_at": at(self.second + 1),
            "text": {
                "number": 1, "sha256": self.sha256, "algorithm": "SHA-256", "languages": ["en", "fr"],
                "frozen_at": at(1),
            },
            "party": {"ref": agency, "legal_name": NAMES[agency], "native_name": "", "bound_as": ""},
            "signatory": {
                "uid": uid, "name": name, "native_name": native, "typed_name": name, "position": position,
                "membership": "M-2026-0001", "zone": "Europe/Paris",
            },
            "mandate": {"ref": "MD-2026-0001", "valid_from": "2026-01-01", "valid_until": "2026-12-31"},
            "identified": {"methods": ["password"], "at": at(self.second), "events": []},
            "key": {"id": key_id(ORIGIN, b"\1", self.key), "algorithm": "Ed25519"},
        }  # fmt: skip

    def keep(self, folder: str, agency: str, record: dict[str, Any], position: int = 0) -> bytes:
        body = canonical(record)
        signature = self.key.sign(f"{record['format']}\n".encode() + body).hex().encode()
        number = position or len(self.records) + 1
        row = (f"{folder}/{number:02d}-{agency}", body, signature)
        if folder == "evidence":
            self.records.append(row)
        else:
            self.others.append(row)
        return body

    others: list[tuple[str, bytes, bytes]] = []

    def checkpoint(self, number: int) -> str:
        size, root = len(self.tree.leaves), b64encode(self.tree.root()).decode()
        body = f"{ORIGIN}\n{size}\n{root}\nnumber {number}\ntime {at(self.second)}\n"
        signed = bytes.fromhex(key_id(ORIGIN, b"\1", self.key)) + self.key.sign(body.encode())
        return f"{body}\n\u2014 {ORIGIN} {b64encode(signed).decode()}\n"


def handed_over(
    root: bytes,
    size: int,
    second: int,
    *,
    keys: tuple[Ed25519PrivateKey, Ed25519PrivateKey] = (FORMER, PRESENT),
    by: tuple[Ed25519PrivateKey, ...] = (),
) -> str:
    """The statement of both keys that the later one signs what comes after the first `size` entries."""
    before, after = (verifier(ORIGIN, b"\1", key) for key in keys)
    body = f"concord/key-statement/1\nformer {before}\nnew {after}\nsize {size}\nroot {b64encode(root).decode()}\ntime {at(second)}\n"
    named = [bytes.fromhex(key_id(ORIGIN, b"\1", key)) for key in keys]
    signed = [name + key.sign(body.encode()) for name, key in zip(named, by or keys, strict=True)]
    lines = [f"\u2014 {ORIGIN} {b64encode(one).decode()}\n" for one in signed]
    return f"{body}\n{''.join(lines)}"


def text() -> dict[str, Any]:
    """A text of the second format in two languages."""
    clauses = [{"number": 1, "code": "secrecy", "heading": "Secrecy", "text": "Each Party keeps it secret."}]
    french = [{"code": "secrecy", "heading": "Secret", "text": "Chaque Partie le garde secret."}]
    return {
        "format": "concord/text-version/2", "agreement": REF, "kind": "nda", "title": "Secrecy of the probe",
        "version": 1, "language": "en", "languages": ["en", "fr"], "within": [], "depositary": "CNES",
        "entry_rule": {"all_signed": True}, "profile": {"confidentiality_years": 5}, "clauses": clauses,
        "translations": [{"language": "fr", "title": "Secret de la sonde", "clauses": french}],
        "amended": [], "annexes": [],
        "parties": [
            {"ref": ref, "legal_name": name, "native_name": "", "role": role, "bound_as": "", "share": ""}
            for (ref, name), role in zip(NAMES.items(), ("lead", "partner"), strict=True)
        ],
    }  # fmt: skip


def assertion(record: dict[str, Any], form: str, origin: str = "https://concord.example") -> dict[str, Any]:
    """What the passkey answers (ES256): challenge, client data, authenticator data, signature in DER."""
    bound = {
        "agreement": REF, "text": record["text"]["sha256"], "party": record["party"]["ref"],
        "person": record["signatory"]["uid"], "nonce": record["challenge"]["nonce"],
    }  # fmt: skip
    if form != EARLIER:
        bound |= {"mandate": record["mandate"]["ref"], "typed_name": record["signatory"]["typed_name"]}
        bound |= {name: record[name] for name in ("consent", "read", "remarks")}
    challenge = websafe(digest(f"{form}\n".encode() + canonical(bound)))
    client = json.dumps(
        {"type": "webauthn.get", "challenge": challenge, "origin": origin, "crossOrigin": False}
    ).encode()
    authenticator = digest(b"concord.example") + bytes([0b101]) + (7).to_bytes(4, "big")
    signature = PASSKEY.sign(authenticator + digest(client), ec.ECDSA(SHA256(), deterministic_signing=True))
    point = PASSKEY.public_key().public_numbers()
    cose = bytes.fromhex("a5010203262001215820") + point.x.to_bytes(32, "big") + bytes.fromhex("225820")
    return {
        "credential_id": websafe(b"probe"), "public_key": websafe(cose + point.y.to_bytes(32, "big")), "algorithm": -7,
        "authenticator_data": websafe(authenticator), "client_data_json": websafe(client),
        "signature": websafe(signature), "rp_id": "concord.example", "challenge": challenge,
        **({"form": form} if form != EARLIER else {}),
    }  # fmt: skip


def written(*, fully: bool = True, sealed: bool = True, form: str = "concord/sign/2") -> dict[str, bytes]:
    """The members: signed, taken back and signed again by CNES, ad referendum and confirmed by JAXA, a new key in between."""
    writer = Writer(form)
    writer.others = []
    writer.event("frozen", "CNES", sha256=writer.sha256, text=1)
    void = writer.sign("CNES")
    writer.event("signature_voided", "CNES", evidence=void, reason_sha256="ef" * 32)
    writer.sign("CNES", voided=(void,), level="advanced")
    former = writer.checkpoint(1)
    first = len(writer.tree.leaves)
    statement = handed_over(writer.tree.root(), first, writer.second)
    writer.key = PRESENT
    if fully:
        remarks = {"ad_referendum": True, "declaration": "Subject to confirmation."}
        signed = writer.sign("JAXA", voided=(void,), remarks=remarks)
        body = writer.keep(
            "confirmations", "JAXA", writer.record("concord/confirmation/1", "JAXA") | {"confirms": signed}, position=3
        )
        writer.event("signature_confirmed", "JAXA", evidence=signed, confirmation=digest(body).hex())
        writer.event("fully_signed", "JAXA", sha256=writer.sha256)
    pdf = PDF % (len(writer.text), writer.text)
    if sealed:
        facts = {"pdf_sha256": digest(pdf).hex(), "sha256": writer.sha256, "pades": "B-B", "time_stamp": None}
        writer.event("sealed", **facts)
    parts = {"README.txt": b"An example. Its keys sign nothing else.\n", "text.json": writer.text}
    parts |= {"agreement.pdf": pdf} if sealed else {}
    for name, content, signature in (*writer.records, *writer.others):
        parts |= {f"{name}.json": content, f"{name}.sig": signature}
    return with_list(parts | _ledger(writer, former, first, statement), writer.sha256)


def with_list(parts: dict[str, bytes], sha256: str) -> dict[str, bytes]:
    """The members with the signed list in front."""
    index = canonical(
        {
            "format": "concord/bundle/1",
            "agreement": REF,
            "text": {"number": 1, "sha256": sha256},
            "made_at": at(600),
            "key": {"id": key_id(ORIGIN, b"\1", PRESENT), "algorithm": "Ed25519"},
            "members": {name: digest(content).hex() for name, content in parts.items()},
        }
    )
    signature = PRESENT.sign(b"concord/bundle/1\n" + index).hex().encode()
    return {"bundle.json": index, "bundle.sig": signature} | parts


def _ledger(writer: Writer, former: str, first: int, statement: str) -> dict[str, bytes]:
    tree = writer.tree
    events = [
        {"event": said, "index": place, "proof": [one.hex() for one in tree.path(place)]}
        for said, place in writer.events
    ]
    note = writer.checkpoint(2) if len(tree.leaves) > first else former
    seconds = 1_795_510_800
    body = note.partition("\n\n")[0] + "\n"
    cosigned = SEEN_BY.sign(f"cosignature/v1\ntime {seconds}\n{body}".encode())
    line = bytes.fromhex(key_id(WITNESS, b"\4", SEEN_BY)) + seconds.to_bytes(8, "big") + cosigned
    keys = {
        "ledger": [
            {"key": verifier(ORIGIN, b"\1", FORMER), "since": None},
            {"key": verifier(ORIGIN, b"\1", PRESENT), "since": statement.split("\ntime ")[1].split("\n")[0]},
        ],
        "statements": [statement],
        "proofs": [[one.hex() for one in tree.growth(first)]],
        "witnesses": [{"agency": "JAXA", "key": verifier(WITNESS, b"\4", SEEN_BY)}],
    }
    parts = {"events.json": canonical(events), "checkpoint.txt": note.encode()}
    if note != former:
        older = [{"note": former, "proof": [one.hex() for one in tree.growth(first)]}]
        parts["checkpoints.json"] = canonical(older)
    parts["witnesses.txt"] = f"{note}\u2014 {WITNESS} {b64encode(line).decode()}\n".encode()
    return parts | {"keys.json": canonical(keys)}


def main(folder: str) -> None:
    for name, content in written().items():
        path = Path(folder) / "bundle" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
