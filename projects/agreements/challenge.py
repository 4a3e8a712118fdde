"""The challenge of a signing page: it binds one person, one text and one opening of the page."""

from __future__ import annotations

import secrets
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from portal.kit.refusals import NotNow

SALT = "projects.agreements.challenge"
VALID_FOR = 60 * 60


def issue(*, text_sha256: str, person: Any) -> str:
    """A challenge for a page that is opened now; nothing is stored."""
    return signing.dumps({"nonce": secrets.token_hex(16), "text": text_sha256, "person": str(person.uid)}, salt=SALT)


def check(challenge: str, *, text_sha256: str, person: Any) -> None:
    """Raise NotNow unless the challenge was issued to this person for this text within the hour."""
    try:
        bound = signing.loads(challenge, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        bound = {}
    if bound.get("text") != text_sha256 or bound.get("person") != str(person.uid):
        raise NotNow(
            _("This signing page is too old, or was opened for another text or person."),
            code="challenge-expired",
            unblock=_("Open the signing page again."),
        )
