"""A passkey made of software: registered for a person as their browser would, and answering as it is told to."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from agencies.models import Person
from portal.kit.actors import Actor
from projects.agreements.actions import Consent
from projects.agreements.models import Agreement
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing import challenge
from projects.agreements.signing import consent as consents
from projects.agreements.signing.sections import sections

SITE = "http://localhost:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Passkey:
    """One key of one person; `count` is what it says of how often it signed."""

    def __init__(self, person: Person, *, count: int = 0) -> None:
        self.person, self.count = person, count
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(32)
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public)
        flags = PRESENT | VERIFIED | ATTESTED
        told = AuthenticatorData.create(_hash("localhost"), flags, count, bytes(credential))
        client = CollectedClientData.create("webauthn.create", b"registered", SITE)
        response = {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", told, {}))),
        }
        Authenticator.objects.create(
            user=person,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "On my desk", "credential": {**self._named(), "response": response}},
        )

    def answer(
        self, challenge: bytes, *, origin: str = SITE, host: str = "localhost", flags: int = PRESENT | VERIFIED,
        kind: str = "webauthn.get", framed: bool = False, step: int = 1,
    ) -> dict[str, Any]:  # fmt: skip
        """What a browser sends back for a request over these bytes; everything else can be told to be wrong."""
        self.count += step
        client = CollectedClientData.create(kind, challenge, origin, cross_origin=framed)
        told = AuthenticatorData.create(_hash(host), flags, self.count)
        signature = self.key.sign(bytes(told) + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(bytes(told)),
            "signature": websafe_encode(signature),
        }
        return {**self._named(), "response": response}

    def _named(self) -> dict[str, Any]:
        identity = websafe_encode(self.credential_id)
        return {"id": identity, "rawId": identity, "type": "public-key", "clientExtensionResults": {}}


def _hash(host: str) -> bytes:
    return hashlib.sha256(host.encode()).digest()


def challenge_of(agreement: Agreement, actor: Actor, consent: Consent) -> bytes:
    """The bytes that the page of this consent has a passkey sign over, as sign.js computes them."""
    agreement = Agreement.objects.get(pk=agreement.pk)
    policy = AgreementPolicy(actor, agreement)
    assert agreement.text is not None
    assert policy.party is not None
    assert policy.mandate is not None
    sentence = consents.wording(
        agreement, policy.party, policy.mandate, consent.language, ad_referendum=consent.ad_referendum
    )
    page = challenge.shown(
        agreement=agreement.ref, text_sha256=agreement.text.sha256, actor=actor, mandate=policy.mandate,
        nonce=challenge.nonce_of(consent.challenge),
        confirmed=sentence,
        read=[part.as_read() for part in sections(agreement.text.document)],
    )  # fmt: skip
    remarks = {
        "ad_referendum": consent.ad_referendum, "declaration": consent.declaration.replace("\r\n", "\n").strip(),
    }  # fmt: skip
    return challenge.to_be_signed(page, typed_name=consent.typed_name.strip(), remarks=remarks)
