"""The challenge of a signing page: it binds one person for one agency, one text, the sentence shown and one opening of the page."""

from __future__ import annotations

import secrets
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.agreements import consent

SALT = "projects.agreements.challenge"
VALID_FOR = 60 * 60


def issue(*, text_sha256: str, actor: Actor, mandate: Any) -> str:
    """A challenge for a page that is opened now; nothing is stored."""
    return signing.dumps({"nonce": secrets.token_hex(16), **_bound(text_sha256, actor, mandate)}, salt=SALT)


def check(challenge: str, *, text_sha256: str, actor: Actor, mandate: Any) -> None:
    """Raise NotNow unless the challenge was issued within the hour for this text and the sentence that is now confirmed."""
    try:
        bound = signing.loads(challenge, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        bound = {}
    if not _bound(text_sha256, actor, mandate).items() <= bound.items():
        raise NotNow(
            _("This signing page is too old, or was opened for another text, agency or person."),
            code="challenge-expired",
            unblock=_("Open the signing page again."),
        )


def _bound(text_sha256: str, actor: Actor, mandate: Any) -> dict[str, str]:
    """All that the sentence on the page names. SECURITY: a page opened for one agency must not sign for another."""
    return {
        "text": text_sha256,
        "person": str(actor.person.uid),
        "agency": actor.agency.ref,
        "mandate": mandate.ref if mandate is not None else "",
        "consent": consent.VERSION,
    }
