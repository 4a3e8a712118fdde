"""Records, confirmations and passkeys of a bundle, step 5 to 7 of docs/verifying.md."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from tests.verifiers.ledger import Key
from tests.verifiers.spelling import Wrong, cbor, require, sha, spelled, strict, unhex, websafe


class Record(NamedTuple):
    number: str
    said: dict[str, Any]
    body: bytes
    signature: bytes
    sha: str


def records_of(members: dict[str, bytes], folder: str) -> list[Record]:
    names = sorted(name for name in members if name.startswith(f"{folder}/") and name.endswith(".json"))
    return [
        Record(
            name.split("/")[1].split("-")[0], strict(members[name]), members[name],
            unhex(members[name[:-5] + ".sig"], 64), sha(members[name]).hex(),
        )
        for name in names
    ]  # fmt: skip


def _signed(
    record: Record, forms: set[str], text: dict[str, Any], digest: str, keys: dict[str, Key], place: int | None
) -> None:
    said = record.said
    require(said["format"] in forms, "a record of another form")
    key = keys[said["key"]["id"]]
    key.verify(record.signature, said["format"].encode() + b"\n" + record.body)
    require(key.end == float("inf") if place is None else key.first <= place < key.end, "a key of another time")
    require((said["agreement"], said["text"]["number"]) == (text["agreement"], text["version"]), "of another text")
    require(said["text"]["sha256"] == digest, "a record of another text")
    require(said["party"]["ref"] in {party["ref"] for party in text["parties"]}, "a record of no party")


def check_evidence(
    records: list[Record], text: dict[str, Any], digest: str, events: list[dict[str, Any]], keys: dict[str, Key]
) -> None:
    signed = of(events, "signed", sha256=digest)
    require(sorted(event["facts"]["evidence"] for event in signed) == sorted(one.sha for one in records), "one to one")
    voided = {event["facts"]["evidence"]: event for event in of(events, "signature_voided")}
    for position, record in enumerate(records):
        said, earlier = record.said, [one.sha for one in records[:position]]
        (event,) = (one for one in signed if one["facts"]["evidence"] == record.sha)
        _signed(record, {"concord/evidence/1", "concord/evidence/2"}, text, digest, keys, event["place"])
        same = {
            "text": said["text"]["number"], "level": said["level"], "party": said["party"]["ref"],
            "ad_referendum": said.get("remarks", {}).get("ad_referendum", False),
        }  # fmt: skip
        require(all(event["facts"].get(name, value) == value for name, value in same.items()), "facts differ")
        uid = said["signatory"]["uid"]
        require(uid == event["person"] or (uid is None and bool(said.get("outside"))), "another person")
        if said["format"] == "concord/evidence/1":
            require(sorted(said["previous"]) == sorted(earlier), "previous")
            continue
        stood = [one for one in earlier if one not in voided or not _earlier(voided[one], event)]
        require(said["previous"] == stood, "previous")
        require(not earlier or said["previous_head"] == earlier[-1], "previous_head")


def _earlier(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return first["place"] is not None and (second["place"] is None or first["place"] < second["place"])


def check_confirmations(
    confirmations: list[Record], records: list[Record], events: list[dict[str, Any]], keys: dict[str, Key],
    text: dict[str, Any], digest: str,
) -> None:  # fmt: skip
    parties = {record.sha: record.said["party"]["ref"] for record in records}
    told = {
        (event["facts"]["evidence"], event["facts"]["confirmation"]): event
        for event in of(events, "signature_confirmed")
        if event["facts"]["evidence"] in parties
    }
    require(told.keys() == {(one.said["confirms"], one.sha) for one in confirmations}, "confirmations one to one")
    for record in confirmations:
        event = told[record.said["confirms"], record.sha]
        _signed(record, {"concord/confirmation/1"}, text, digest, keys, event["place"])
        require(record.said["signatory"]["uid"] == event["person"], "confirmed by another person")
        require(parties[record.said["confirms"]] == record.said["party"]["ref"], "confirmed by another party")


def check_passkey(said: dict[str, Any]) -> None:
    key = said.get("passkey")
    if key is None:
        return
    bound = {
        "agreement": said["agreement"], "text": said["text"]["sha256"], "party": said["party"]["ref"],
        "person": said["signatory"]["uid"], "nonce": said["challenge"]["nonce"],
    }  # fmt: skip
    form = key.get("form", "concord/sign/1")
    require(form in ("concord/sign/1", "concord/sign/2"), "a passkey over something unknown")
    if form == "concord/sign/2":
        bound |= {name: said[name] for name in ("consent", "read", "remarks")}
        bound |= {"mandate": said["mandate"]["ref"], "typed_name": said["signatory"]["typed_name"]}
    asked = urlsafe_b64encode(sha(f"{form}\n{spelled(bound)}".encode())).decode().rstrip("=")
    client_bytes, authenticator = websafe(key["client_data_json"]), websafe(key["authenticator_data"])
    client = json.loads(client_bytes)
    require(key["challenge"] == client["challenge"] == asked, "a passkey over another challenge")
    require(client["type"] == "webauthn.get" and client.get("crossOrigin") is not True, "a passkey asked elsewhere")
    origin, host = urlsplit(client["origin"]), key["rp_id"]
    require(
        origin.hostname == host and not (origin.path or origin.query or origin.username), "a passkey asked elsewhere"
    )
    require(origin.port is None or origin.port > 0, "a passkey asked elsewhere")
    require(origin.scheme == "https" or (origin.scheme, host) == ("http", "localhost"), "a passkey asked without TLS")
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


def of(events: list[dict[str, Any]], verb: str, **facts: Any) -> list[dict[str, Any]]:
    named = [event for event in events if event["verb"] == f"agreement.{verb}"]
    return [event for event in named if all(event["facts"].get(name) == value for name, value in facts.items())]
