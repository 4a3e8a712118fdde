"""A signatory's own passkey over the hash of the text (WebAuthn): asked for, checked, and kept so that anyone can check it again."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from fido2 import cbor
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    UserVerificationRequirement,
)

from agencies.models import Person
from projects.agreements.signing.challenge import FORM

LONGEST = 8000
TIMEOUT_MS = 120_000
ALGORITHM = 3  # of a COSE key (RFC 9052 §7.1)
COUNTED = "sign_count"
PARTS = ("clientDataJSON", "authenticatorData", "signature")
# What the parsers of foreign bytes raise; all of it means that this is no answer of a passkey.
BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, struct.error, RecursionError)


@dataclass(frozen=True)
class PasskeyAssertion:
    """What a passkey answered: which credential, the browser's account of what was asked, and the signature over both."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes

    @classmethod
    def read(cls, sent: str | Mapping[str, Any]) -> PasskeyAssertion:
        """Parse an AuthenticationResponseJSON (WebAuthn Level 3 §5.1.9); raises ValidationError on `passkey`."""
        try:
            if isinstance(sent, str):
                sent = json.loads(sent)
            parts = [sent["rawId"], *(sent["response"][part] for part in PARTS)]  # type: ignore[index]
            if sum(len(part) for part in parts) > LONGEST:
                raise ValueError("too long")
            credential, client, authenticator, signature = map(websafe_decode, parts)
        except BROKEN as error:
            raise not_proved() from error
        return cls(credential, client, authenticator, signature)

    def as_sent(self) -> dict[str, Any]:
        """The form that the library reads."""
        parts = (self.client_data, self.authenticator_data, self.signature)
        response = {name: websafe_encode(part) for name, part in zip(PARTS, parts, strict=True)}
        identity = websafe_encode(self.credential_id)
        return {"id": identity, "rawId": identity, "response": response, "type": "public-key"}


def request_for(person: Person) -> dict[str, Any]:
    """What the browser hands to the passkey (PublicKeyCredentialRequestOptionsJSON); no credentials, no request.

    The challenge is missing: it covers what is typed, so that it is computed when the passkey is asked.
    """
    credentials = [credential for _row, credential in _credentials(Authenticator.objects.all(), person)]
    if not credentials:
        return {}
    return {
        "timeout": TIMEOUT_MS,
        "rpId": rp_id(),
        "allowCredentials": [
            {"type": "public-key", "id": websafe_encode(credential.credential_id)} for credential in credentials
        ],
        "userVerification": UserVerificationRequirement.REQUIRED.value,
    }


def verify(assertion: PasskeyAssertion, person: Person, challenge: bytes) -> dict[str, Any]:
    """Check that a passkey of the person, unlocked by them, signed over the challenge; returns the evidence of it.

    Call it in the transaction of the signature: the counter of the passkey is kept with it. Raises ValidationError on `passkey`.
    """
    known = _credentials(Authenticator.objects.select_for_update(), person)
    server = Fido2Server(PublicKeyCredentialRpEntity(id=rp_id(), name=rp_id()), verify_origin=_is_own)
    state = {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.REQUIRED}
    try:
        if CollectedClientData(assertion.client_data).cross_origin:
            raise ValueError("asked for by a page within another site's page")
        used = server.authenticate_complete(state, [credential for _row, credential in known], assertion.as_sent())
        count = AuthenticatorData(assertion.authenticator_data).counter
    except BROKEN as error:
        raise not_proved() from error
    row = next(row for row, credential in known if credential.credential_id == used.credential_id)
    _count(row, count)
    return {
        "credential_id": websafe_encode(used.credential_id),
        "public_key": websafe_encode(cbor.encode(dict(used.public_key))),
        "algorithm": used.public_key[ALGORITHM],
        "authenticator_data": websafe_encode(assertion.authenticator_data),
        "client_data_json": websafe_encode(assertion.client_data),
        "signature": websafe_encode(assertion.signature),
        "rp_id": rp_id(),
        "challenge": websafe_encode(challenge),
        "form": FORM,
    }


def rp_id() -> str:
    """The name under which passkeys know this portal: the host of its address."""
    return urlsplit(settings.SITE_URL).hostname or ""


def not_proved() -> ValidationError:
    return ValidationError({"passkey": [_("This is no answer of a passkey of yours to this text. Try again.")]})


def _is_own(origin: str) -> bool:
    """SECURITY: the portal's own pages alone; a neighbour under the same domain could show another text."""
    own, asked = urlsplit(settings.SITE_URL), urlsplit(origin)
    return (own.scheme, own.netloc) == (asked.scheme, asked.netloc)


def _credentials(rows: Any, person: Person) -> list[tuple[Authenticator, AttestedCredentialData]]:
    found = rows.filter(user=person, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    pairs = [(row, row.wrap().authenticator_data) for row in found]
    return [(row, told.credential_data) for row, told in pairs if told.credential_data is not None]


def _count(row: Authenticator, count: int) -> None:
    """Refuse a passkey whose counter went back: two devices hold it (WebAuthn Level 3 §7.2). Many count nothing and say 0."""
    before = row.data.get(COUNTED, row.wrap().authenticator_data.counter)
    if (count or before) and count <= before:
        raise ValidationError(
            {"passkey": [_("This passkey may have been copied. Sign with your password, and remove it.")]}
        )
    row.data[COUNTED] = count
    row.save(update_fields=["data"])
    row.record_usage()
