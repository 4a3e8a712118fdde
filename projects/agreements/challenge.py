"""The challenge of a signing page: it binds one person, one text, the consent shown and one opening of the page."""

from __future__ import annotations

import secrets
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from portal.kit.refusals import NotNow
from projects.agreements import consent

SALT = "projects.agreements.challenge"
VALID_FOR = 60 * 60


def issue(*, text_sha256: str, person: Any) -> str:
    """A challenge for a page that is opened now; nothing is stored."""
    bound = {"nonce": secrets.token_hex(16), "text": text_sha256, "person": str(person.uid), "consent": consent.VERSION}
    return signing.dumps(bound, salt=SALT)


def check(challenge: str, *, text_sha256: str, person: Any) -> None:
    """Raise NotNow unless the challenge was issued to this person, for this text and today's consent, within the hour."""
    try:
        bound = signing.loads(challenge, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        bound = {}
    shown = (bound.get("text"), bound.get("person"), bound.get("consent"))
    if shown != (text_sha256, str(person.uid), consent.VERSION):
        raise NotNow(
            _("This signing page is too old, or was opened for another text or person."),
            code="challenge-expired",
            unblock=_("Open the signing page again."),
        )
