"""A verifier of bundles written from docs/verifying.md, docs/text.md and docs/ledger.md alone.

Its shape is another than verify.py's on purpose: it stops at the first thing that is wrong and says what. It needs the
package `cryptography`, and pyHanko for the seal of a PDF.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256


class Wrong(Exception):
    """Raised for the first thing that is not as the documents say."""


class Found(NamedTuple):
    """What a bundle proves; `missing` says in words what was not there to be checked."""

    agreement: str
    text_sha256: str
    signed_by: list[str]
    missing: list[str]


def verify_zip(bundle: bytes, **asked: Any) -> Found:
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            require(len(names) == len(set(names)), "a name stands twice")
            members = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Wrong(f"no ZIP: {error}") from error
    return verify(members, **asked)


def verify(members: dict[str, bytes], *, seal: bool = True, trusted: dict[str, bytes] | None = None) -> Found:
    """Go through docs/verifying.md step by step; Wrong at the first thing that does not hold.

    `trusted` are public keys by key id that must have signed list and checkpoint; `seal` also looks at PAdES.
    """
    try:
        return _verify(members, seal, trusted)
    except Wrong:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        raise Wrong(f"something has another form: {error!r}") from error


def _verify(members: dict[str, bytes], seal: bool, trusted: dict[str, bytes] | None) -> Found:
    index, keys = strict(members["bundle.json"]), strict(members["keys.json"])
    public = dict(ledger_key(row["key"]) for row in keys["ledger"])
    outer = public if trusted is None else trusted
    # 1
    require(index["format"] == "concord/bundle/1", "format of the bundle")
    for name, wanted in index["members"].items():
        require(sha(members[name]).hex() == wanted, f"{name} was changed")
    ed25519(outer[index["key"]["id"]], unhex(members["bundle.sig"], 64), b"concord/bundle/1\n" + members["bundle.json"])
    members = {name: members[name] for name in (*index["members"], "bundle.json")}
    # 2
    missing: list[str] = []
    states = _checkpoints(members, public | outer, outer)
    # 3
    events = _events(members, states[0] if states else None, missing)
    about = [event for event in events if (event["target_kind"], event["target_ref"]) == KIND(index)]
    # 4
    text, digest = strict(members["text.json"]), sha(members["text.json"]).hex()
    require((text["agreement"], text["version"]) == (index["agreement"], index["text"]["number"]), "another text")
    require(digest == index["text"]["sha256"], "another hash of the text")
    require(bool(of(about, "frozen", sha256=digest)), "the text was never frozen")
    # 5, 7
    records = _records(members, "evidence")
    _evidence(records, text, digest, about, public)
    for record in records:
        _passkey(record.said)
    # 6
    confirmations = _records(members, "confirmations")
    _confirmations(confirmations, records, about, public, text, digest)
    # 8
    void = {event["facts"]["evidence"] for event in of(about, "signature_voided")}
    confirmed = {record.said["confirms"] for record in confirmations}
    counting = {
        record.said["party"]["ref"]
        for record in records
        if record.sha not in void
        and (not record.said.get("remarks", {}).get("ad_referendum") or record.sha in confirmed)
    }
    lacking = {party["ref"] for party in text["parties"]} - counting
    if of(about, "fully_signed", sha256=digest):
        require(not lacking, "fully signed without everybody")
    elif not of(about, "entered_into_force", sha256=digest):
        missing.append("not fully signed")
    # 9, 10
    _pdf(members, of(about, "sealed", sha256=digest), seal, missing)
    # 11
    if "witnesses.txt" in members:
        _witnesses(members["witnesses.txt"].decode(), states, keys["witnesses"])
    for name, content in members.items():
        if name.startswith("outside/"):
            named = {(record.said.get("outside") or {}).get("file_sha256") for record in records}
            require(sha(content).hex() in named, f"{name} belongs to nobody")
    return Found(index["agreement"], digest, sorted(counting), missing)


def KIND(index: dict[str, Any]) -> tuple[str, str]:  # noqa: N802 reads as what it is compared with
    return "agreements.agreement", index["agreement"]


class Record(NamedTuple):
    number: str
    said: dict[str, Any]
    body: bytes
    signature: bytes
    sha: str


class State(NamedTuple):
    note: str
    body: bytes
    origin: str
    size: int
    root: bytes


def require(holds: bool, what: str) -> None:
    if not holds:
        raise Wrong(what)


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def unhex(data: bytes, size: int) -> bytes:
    text = data.decode("ascii")
    require(len(text) == 2 * size and not set(text) - set("0123456789abcdef"), "not hexadecimal")
    return bytes.fromhex(text)


def unbase64(text: str) -> bytes:
    found = b64decode(text, validate=True)
    require(b64encode(found).decode() == text, "base64 in another spelling")
    return found


def strict(body: bytes) -> Any:
    """JSON that is canonical (RFC 8785): written again it is the same."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        require(len(dict(pairs)) == len(pairs), "a name stands twice")
        return dict(pairs)

    def never(number: str) -> None:
        raise Wrong(f"the number {number}")

    said = json.loads(body.decode(), object_pairs_hook=once, parse_float=never, parse_constant=never)
    require(spelled(said).encode() == body, "JSON that is not canonical")
    return said


def spelled(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{spelled(name)}:{spelled(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spelled, value)) + "]"
    if isinstance(value, int) and not isinstance(value, bool):
        require(abs(value) < 2**53, "a number that is not exact")
    return json.dumps(value, ensure_ascii=False)


def ed25519(public: bytes, signature: bytes, text: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except InvalidSignature as error:
        raise Wrong("a signature that is not right") from error


def ledger_key(verifier: str, kind: bytes = b"\1") -> tuple[str, bytes]:
    name, key_id, rest = verifier.split("+", 2)
    raw = unbase64(rest)
    require(raw[:1] == kind and len(raw) == 33, "a key of another kind")
    require(sha(name.encode() + b"\n" + raw).hex()[:8] == key_id, "a key id of another key")
    return key_id, raw[1:]


def state_of(note: str, keys: dict[str, bytes]) -> State:
    body, _empty, line = note.partition("\n\n")
    origin, size, root, number, at = body.split("\n")
    require(line.startswith(f"\u2014 {origin} ") and line.endswith("\n") and line.count("\n") == 1, "no checkpoint")
    raw = unbase64(line.rstrip("\n").rpartition(" ")[2])
    require(len(raw) == 68 and number.startswith("number ") and at.startswith("time "), "no checkpoint")
    require(str(int(size)) == size and len(unbase64(root)) == 32, "no checkpoint")
    ed25519(keys[raw[:4].hex()], raw[4:], body.encode() + b"\n")
    return State(note, body.encode() + b"\n", origin, int(size), unbase64(root))


def _checkpoints(members: dict[str, bytes], keys: dict[str, bytes], outer: dict[str, bytes]) -> list[State]:
    if "checkpoint.txt" not in members:
        return []
    newest = state_of(members["checkpoint.txt"].decode(), outer)
    states = [newest]
    for row in strict(members["checkpoints.json"]) if "checkpoints.json" in members else []:
        older = state_of(row["note"], keys)
        proof = [unhex(one.encode(), 32) for one in row["proof"]]
        roots = _grown(older.size, newest.size, proof, older.root)
        require(older.origin == newest.origin and roots == (older.root, newest.root), "the ledger was rewritten")
        states.append(older)
    return states


def _grown(first: int, second: int, proof: list[bytes], known: bytes) -> tuple[bytes, bytes]:
    """The roots of both sizes that a consistency proof gives, by recursion (RFC 6962 §2.1.2)."""
    rest = list(proof)

    def walk(m: int, n: int, whole: bool) -> tuple[bytes, bytes]:
        if m == n:
            one = known if whole else rest.pop()
            return one, one
        half = 1 << (n - 1).bit_length() - 1
        if m <= half:
            right = rest.pop()
            old, new = walk(m, half, whole)
            return old, node(new, right)
        left = rest.pop()
        old, new = walk(m - half, n - half, False)
        return node(left, old), node(left, new)

    found = walk(first, second, True)
    require(not rest, "a proof that is too long")
    return found


def node(left: bytes, right: bytes) -> bytes:
    return sha(b"\1" + left + right)


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """By recursion from the top (RFC 6962 §2.1.1)."""
    if size == 1:
        require(not path and index == 0, "a proof that is too long")
        return leaf
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        return node(root_of(leaf, index, half, path[:-1]), path[-1])
    return node(path[-1], root_of(leaf, index - half, size - half, path[:-1]))


def _events(members: dict[str, bytes], newest: State | None, missing: list[str]) -> list[dict[str, Any]]:
    found, seen = [], set()
    for row in strict(members["events.json"]):
        said = strict(row["event"].encode())
        said["place"] = row["index"]
        if row["index"] is None:
            missing.append("an event without its entry")
        else:
            assert newest is not None
            path = [unhex(one.encode(), 32) for one in row["proof"]]
            require(type(row["index"]) is int and 0 <= row["index"] < newest.size, "an entry outside the ledger")
            top = root_of(sha(b"\0" + row["event"].encode()), row["index"], newest.size, path)
            require(top == newest.root, f"{said['verb']} is not in the ledger")
        require(not {said["uid"], row["index"]} & seen, "an event stands twice")
        seen |= {said["uid"], row["index"]} - {None}
        found.append(said)
    return found


def of(events: list[dict[str, Any]], verb: str, **facts: Any) -> list[dict[str, Any]]:
    named = [event for event in events if event["verb"] == f"agreement.{verb}"]
    return [event for event in named if all(event["facts"].get(name) == value for name, value in facts.items())]


def _records(members: dict[str, bytes], folder: str) -> list[Record]:
    names = sorted(name for name in members if name.startswith(f"{folder}/") and name.endswith(".json"))
    return [
        Record(
            name.split("/")[1].split("-")[0], strict(members[name]), members[name],
            unhex(members[name[:-5] + ".sig"], 64), sha(members[name]).hex(),
        )
        for name in names
    ]  # fmt: skip


def _signed(record: Record, forms: set[str], text: dict[str, Any], digest: str, keys: dict[str, bytes]) -> None:
    said = record.said
    require(said["format"] in forms, "a record of another form")
    ed25519(keys[said["key"]["id"]], record.signature, said["format"].encode() + b"\n" + record.body)
    require((said["agreement"], said["text"]["number"]) == (text["agreement"], text["version"]), "of another text")
    require(said["text"]["sha256"] == digest, "a record of another text")
    require(said["party"]["ref"] in {party["ref"] for party in text["parties"]}, "a record of no party")


def _evidence(
    records: list[Record], text: dict[str, Any], digest: str, events: list[dict[str, Any]], keys: dict[str, bytes]
) -> None:
    signed = of(events, "signed", sha256=digest)
    require(sorted(event["facts"]["evidence"] for event in signed) == sorted(one.sha for one in records), "one to one")
    voided = {event["facts"]["evidence"]: event for event in of(events, "signature_voided")}
    for position, record in enumerate(records):
        said, earlier = record.said, [one.sha for one in records[:position]]
        _signed(record, {"concord/evidence/1", "concord/evidence/2"}, text, digest, keys)
        (event,) = (one for one in signed if one["facts"]["evidence"] == record.sha)
        same = {
            "text": said["text"]["number"], "level": said["level"], "party": said["party"]["ref"],
            "ad_referendum": said.get("remarks", {}).get("ad_referendum", False),
        }  # fmt: skip
        require(all(event["facts"].get(name, value) == value for name, value in same.items()), "facts differ")
        require(said["signatory"]["uid"] in (None, event["person"]), "another person")
        if said["format"] == "concord/evidence/1":
            require(sorted(said["previous"]) == sorted(earlier), "previous")
            continue
        stood = [one for one in earlier if one not in voided or not _earlier(voided[one], event)]
        require(said["previous"] == stood, "previous")
        require(not earlier or said["previous_head"] == earlier[-1], "previous_head")


def _earlier(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return first["place"] is not None and (second["place"] is None or first["place"] < second["place"])


def _confirmations(
    confirmations: list[Record], records: list[Record], events: list[dict[str, Any]], keys: dict[str, bytes],
    text: dict[str, Any], digest: str,
) -> None:  # fmt: skip
    parties = {record.sha: record.said["party"]["ref"] for record in records}
    told = {
        (event["facts"]["evidence"], event["facts"]["confirmation"])
        for event in of(events, "signature_confirmed")
        if event["facts"]["evidence"] in parties
    }
    require(told == {(one.said["confirms"], one.sha) for one in confirmations}, "confirmations one to one")
    for record in confirmations:
        _signed(record, {"concord/confirmation/1"}, text, digest, keys)
        require(parties[record.said["confirms"]] == record.said["party"]["ref"], "confirmed by another party")


def _passkey(said: dict[str, Any]) -> None:
    key = said.get("passkey")
    if key is None:
        return
    bound = {
        "agreement": said["agreement"], "text": said["text"]["sha256"], "party": said["party"]["ref"],
        "person": said["signatory"]["uid"], "nonce": said["challenge"]["nonce"],
    }  # fmt: skip
    asked = urlsafe_b64encode(sha(b"concord/sign/1\n" + spelled(bound).encode())).decode().rstrip("=")
    client_bytes, authenticator = websafe(key["client_data_json"]), websafe(key["authenticator_data"])
    client = json.loads(client_bytes)
    require(key["challenge"] == client["challenge"] == asked, "a passkey over another challenge")
    require(client["type"] == "webauthn.get" and client.get("crossOrigin") is not True, "a passkey asked elsewhere")
    require(authenticator[:32] == sha(key["rp_id"].encode()), "a passkey for another site")
    require(authenticator[32] & 0b101 == 0b101, "a passkey that nobody unlocked")
    cose, signature = cbor(websafe(key["public_key"])), websafe(key["signature"])
    require(cose[3] == key["algorithm"], "a passkey of another algorithm")
    try:
        _verify_cose(cose, signature, authenticator + sha(client_bytes))
    except InvalidSignature as error:
        raise Wrong("the signature of a passkey") from error


def _verify_cose(cose: dict[int, Any], signature: bytes, text: bytes) -> None:
    if cose[3] == -7:
        point = ec.EllipticCurvePublicNumbers(int.from_bytes(cose[-2]), int.from_bytes(cose[-3]), ec.SECP256R1())
        point.public_key().verify(signature, text, ec.ECDSA(SHA256()))
    elif cose[3] == -8:
        Ed25519PublicKey.from_public_bytes(cose[-2]).verify(signature, text)
    elif cose[3] == -257:
        modulus = rsa.RSAPublicNumbers(int.from_bytes(cose[-2]), int.from_bytes(cose[-1])).public_key()
        modulus.verify(signature, text, padding.PKCS1v15(), SHA256())
    else:
        raise Wrong("a passkey of a kind that this verifier does not know")


def cbor(data: bytes) -> dict[int, Any]:
    """A map of integers to integers and byte strings, as COSE keys are."""
    from fido2 import cbor as reader

    found, rest = reader.decode_from(data)
    require(not rest and isinstance(found, dict), "no COSE key")
    return dict(found)


def websafe(text: str) -> bytes:
    found = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    require(urlsafe_b64encode(found).decode().rstrip("=") == text, "base64url in another spelling")
    return found


def _pdf(members: dict[str, bytes], sealed: list[dict[str, Any]], seal: bool, missing: list[str]) -> None:
    content = members.get("agreement.pdf")
    require((content is None) == (not sealed), "PDF and ledger differ")
    if content is None:
        missing.append("no sealed PDF")
        return
    facts = sealed[0]["facts"]
    require(facts["pdf_sha256"] == sha(content).hex(), "the PDF was changed")
    require(members["text.json"] in content if not seal else _attached(content) == members["text.json"], "attached")
    require(("time-stamp.tsr" in members) == bool(facts.get("time_stamp")), "time stamp and ledger differ")
    if seal:
        token = _sealed(content)
        require(token == members.get("time-stamp.tsr", b""), "another time stamp")


def _attached(content: bytes) -> bytes:
    from pypdf import PdfReader

    (body,) = PdfReader(io.BytesIO(content)).attachments["concord-text.json"]
    return bytes(body)


def _sealed(content: bytes) -> bytes:
    """Have pyHanko check the PAdES seal and what a time stamp in it is over; returns the token, if there is one."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    known = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, known, ts_validation_context=nobody)
    require(status.intact and status.valid, "the seal")
    require(status.coverage == SignatureCoverageLevel.ENTIRE_FILE, "the seal does not cover the file")
    token = b""
    for attribute in signature.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0].dump()
            require(bool(status.timestamp_validity and status.timestamp_validity.intact), "the time stamp")
    return token


def _witnesses(text: str, states: list[State], rows: list[dict[str, str]]) -> None:
    state = next((one for one in states if text.startswith(one.note)), None)
    require(state is not None, "witnesses of another checkpoint")
    assert state is not None
    lines = text[len(state.note) :].split("\n")
    require(lines[-1] == "" and len(lines) > 1 and len(set(lines)) == len(lines), "no co-signatures")
    keys = {(row["key"].split("+")[0], ledger_key(row["key"], b"\4")[0]): ledger_key(row["key"], b"\4")[1] for row in rows}
    for line in lines[:-1]:
        dash, name, encoded = line.split(" ")
        raw = unbase64(encoded)
        require(dash == "\u2014" and len(raw) == 76, "no co-signature")
        time = int.from_bytes(raw[4:12])
        ed25519(keys[name, raw[:4].hex()], raw[12:], f"cosignature/v1\ntime {time}\n".encode() + state.body)
