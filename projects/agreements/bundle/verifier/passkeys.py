"""A signatory's own signature: the answer of their passkey (WebAuthn Level 3 §7.2), which needs no word of the portal's."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

from projects.agreements.bundle.verifier.bundle import Bundle, Record
from projects.agreements.bundle.verifier.curves import is_ed25519, is_p256, is_rsa
from projects.ip.receipts.verify import (
    FAILED,
    NOTED,
    PASSED,
    UNDECIDED,
    Finding,
    Unreadable,
    _,
    canonical,
    finding,
    sha256,
)

PRESENT, VERIFIED = 0x01, 0x04
FIRST_FORM, FORM = "concord/sign/1", "concord/sign/2"
ES256, EDDSA, RS256 = -7, -8, -257


def check_passkeys(bundle: Bundle) -> Iterator[Finding]:
    vouched = []
    for record in bundle.records:
        key, person = record.said.get("passkey"), record.said["signatory"]["name"]
        outside, is_void = record.said.get("outside"), bundle.voiding_of(record.sha256) is not None
        if outside and is_void:
            continue
        if outside:
            words = _("%(person)s signed outside the portal, which did not identify them; for it vouched: %(names)s.")
            vouching = (outside[act]["person"]["name"] for act in ("certified", "witnessed") if outside.get(act))
            yield finding(NOTED, "identified-outside", words, person=person, names=", ".join(vouching))
            continue
        if key is None:
            if not is_void:
                vouched.append(person)
            continue
        outcome, problem = _problem(record, key)
        if problem:
            words = _("The passkey of %(person)s: %(what)s.")
            yield finding(outcome, "passkey", words, person=person, what=problem)
        else:
            words = _(
                "%(person)s signed with a passkey of their own, unlocked by them, over a challenge made from this text."
            )
            yield finding(PASSED, "passkey", words, person=person)
            if key.get("form", FIRST_FORM) == FIRST_FORM:
                words = _("What %(person)s remarked is in the portal's word: that passkey did not sign over it.")
                yield finding(NOTED, "remarks-not-signed", words, person=person)
    if vouched:
        words = _("That it was them rests on the portal's word, which identified: %(names)s.")
        yield finding(NOTED, "identified-by-the-portal", words, names=", ".join(vouched))


def _problem(record: Record, key: dict) -> tuple[str, str]:
    """Outcome and what is wrong; no words when nothing is."""
    if key.get("form", FIRST_FORM) not in (FIRST_FORM, FORM):
        return UNDECIDED, _("it signed over something of a form that is not known here")
    asked, authenticator = challenge_of(record.said), _bytes(key["authenticator_data"])
    client_bytes, signature = _bytes(key["client_data_json"]), _bytes(key["signature"])
    client = json.loads(client_bytes)
    if key["challenge"] != asked or client["challenge"].rstrip("=") != asked:
        return FAILED, _("it signed another challenge than the one made from this text, party and person")
    if (
        client["type"] != "webauthn.get"
        or client.get("crossOrigin")
        or not is_origin_of(client["origin"], key["rp_id"])
    ):
        return FAILED, _("it was not asked to sign by a page of the portal")
    if authenticator[:32] != sha256(key["rp_id"].encode()) or len(authenticator) < 37:
        return FAILED, _("it answered to another site")
    if authenticator[32] & (PRESENT | VERIFIED) != PRESENT | VERIFIED:
        return FAILED, _("nobody unlocked it")
    answer = _is_signed(
        cose_key(_bytes(key["public_key"])), key["algorithm"], signature, authenticator + sha256(client_bytes)
    )
    if answer is None:
        return UNDECIDED, _("its kind of key is not known here, so that its signature was not checked")
    return FAILED, "" if answer else _("its signature is not right")


def is_origin_of(origin: str, site: str) -> bool:
    """Whether a page of exactly this host asked, over TLS; only on one's own machine browsers allow it without."""
    scheme, _mark, rest = origin.partition("://")
    host, colon, port = rest.partition(":")
    schemes = ("https", "http") if site == "localhost" else ("https",)
    return scheme in schemes and host == site and (port.isascii() and port.isdigit() if colon else True)


def challenge_of(said: dict) -> str:
    """What the passkey had to sign over, from the record itself; the first form named neither sentence nor remarks."""
    form = said["passkey"].get("form", FIRST_FORM)
    bound = {
        "agreement": said["agreement"], "text": said["text"]["sha256"], "party": said["party"]["ref"],
        "person": said["signatory"]["uid"], "nonce": said["challenge"]["nonce"],
    }  # fmt: skip
    if form != FIRST_FORM:
        bound |= {
            "mandate": said["mandate"]["ref"], "consent": said["consent"], "read": said["read"],
            "remarks": said["remarks"], "typed_name": said["signatory"]["typed_name"],
        }  # fmt: skip
    return urlsafe_b64encode(sha256(form.encode() + b"\n" + canonical(bound))).decode().rstrip("=")


def _is_signed(key: dict, algorithm: int, signature: bytes, text: bytes) -> Any:
    """Whether it is right; None for a kind of key that is not known here. Labels are those of RFC 9053."""
    if key.get(3) != algorithm:
        return False
    if algorithm == ES256 and key.get(-1) == 1:
        return is_p256(key[-2], key[-3], signature, text)
    if algorithm == EDDSA and key.get(-1) == 6:
        return is_ed25519(key[-2], signature, text)
    if algorithm == RS256:
        return is_rsa(key[-1], key[-2], signature, text)
    return None


def cose_key(encoded: bytes) -> dict:
    """A COSE key: a CBOR map (RFC 8949) of small integers to integers and byte strings."""
    rest, found = encoded, {}
    count, rest = _head(rest, 5)
    for _pair in range(count):
        label, rest = _value(rest)
        found[label], rest = _value(rest)
    if rest:
        raise Unreadable("something follows the key of a passkey")
    return found


def _value(data: bytes) -> tuple[Any, bytes]:
    kind = data[0] >> 5
    number, rest = _head(data, kind)
    if kind == 0:
        return number, rest
    if kind == 1:
        return -1 - number, rest
    if kind == 2 and len(rest) >= number:
        return rest[:number], rest[number:]
    raise Unreadable("the key of a passkey has another form than it must have")


def _head(data: bytes, kind: int) -> tuple[int, bytes]:
    """The number in the head of an item of this kind, and what follows it."""
    if not data or data[0] >> 5 != kind:
        raise Unreadable("the key of a passkey has another form than it must have")
    short = data[0] & 31
    if short < 24:
        return short, data[1:]
    size = {24: 1, 25: 2}.get(short, 0)
    if not size or len(data) <= size:
        raise Unreadable("the key of a passkey has another form than it must have")
    return int.from_bytes(data[1 : 1 + size], "big"), data[1 + size :]


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
