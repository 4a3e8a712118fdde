"""The challenge of a signing page: it binds one person for one agency, one text, the sentence shown and one opening of the page."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.history.canonical import instant
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.agreements.signing import consent

SALT = "projects.agreements.challenge"
VALID_FOR = 60 * 60
# What a passkey signs begins with this, so that it never is taken for a sign-in. Records name it: the first form covered
# neither the remarks nor the sentence.
FORM = "concord/sign/2"


@dataclass(frozen=True)
class Opening:
    """One opening of a signing page; `sha256` is of the challenge itself, both times in UTC.

    `shown_at` is earlier than `at` where the page came back with what was missing.
    """

    sha256: str
    nonce: str
    at: str
    shown_at: str


def issue(
    *, text_sha256: str, actor: Actor, mandate: Any, language: str = consent.DEFAULT, before: str = "",
    ad_referendum: bool = False,
) -> str:  # fmt: skip
    """A challenge for a page that is opened now; nothing is stored.

    `before` is that of the same page as it was sent: what came back for a mistake has been read since then.
    """
    bound = _bound(text_sha256, actor, mandate, language, ad_referendum)
    now = instant(timezone.now())
    opened = {"nonce": secrets.token_hex(16), "at": now, "shown": _shown_since(before, bound) or now}
    return signing.dumps({**opened, **bound}, salt=SALT)


def check(
    challenge: str, *, text_sha256: str, actor: Actor, mandate: Any, language: str = consent.DEFAULT,
    ad_referendum: bool = False,
) -> Opening:  # fmt: skip
    """Raise NotNow unless the challenge was issued within the hour for this text and the sentence that is now confirmed.

    ValidationError on `consent` where only the sentence is the other one of today, of those with and without ad referendum.
    """
    try:
        bound = signing.loads(challenge, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        bound = {}
    if _bound(text_sha256, actor, mandate, language, not ad_referendum).items() <= bound.items():
        words = _("Signing ad referendum has a sentence of its own. Read the sentence as it stands now, and tick it.")
        raise ValidationError({"consent": [words]})
    if not _bound(text_sha256, actor, mandate, language, ad_referendum).items() <= bound.items():
        raise NotNow(
            _("This signing page is too old, or was opened for another text, agency or person."),
            code="challenge-expired",
            unblock=_("Open the signing page again."),
        )
    sha256 = hashlib.sha256(challenge.encode()).hexdigest()
    return Opening(sha256, bound["nonce"], bound["at"], bound.get("shown", bound["at"]))


def nonce_of(challenge: str) -> str:
    """The nonce of a challenge that was issued just now."""
    return str(signing.loads(challenge, salt=SALT)["nonce"])


def sentence_of(challenge: str) -> str:
    """The version of the sentence that a page showed whose challenge came back; nothing for one that is not the portal's."""
    try:
        return str(signing.loads(challenge, salt=SALT)["consent"]) if challenge else ""
    except signing.BadSignature:
        return ""


def shown(
    *,
    agreement: str,
    text_sha256: str,
    actor: Actor,
    nonce: str,
    mandate: Any,
    confirmed: Mapping[str, str],
    read: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """What a passkey signs over as far as a page knows it when it is opened; `confirmed` and `read` as in the record."""
    return {
        "agreement": agreement,
        "text": text_sha256,
        "party": actor.agency.ref,
        "person": str(actor.person.uid),
        "nonce": nonce,
        "mandate": mandate.ref,
        "consent": dict(confirmed),
        "read": [dict(part) for part in read],
    }


def to_be_signed(page: Mapping[str, Any], *, typed_name: str, remarks: Mapping[str, Any]) -> bytes:
    """The 32 bytes a passkey signs over: all that the page showed, and all that was typed on it. sign.js computes the same."""
    return hashlib.sha256(
        f"{FORM}\n".encode() + rfc8785.dumps({**page, "typed_name": typed_name, "remarks": dict(remarks)})
    ).digest()


def _shown_since(challenge: str, bound: dict[str, str]) -> str:
    """Since when the same person has had the same text before them; nothing for a challenge of another, or of none."""
    try:
        before = signing.loads(challenge, salt=SALT) if challenge else {}
    except signing.BadSignature:
        return ""
    same = all(before.get(name) == bound[name] for name in ("text", "person", "agency"))
    return str(before.get("shown") or before.get("at") or "") if same else ""


def _bound(text_sha256: str, actor: Actor, mandate: Any, language: str, ad_referendum: bool) -> dict[str, str]:
    """All that the sentence on the page names. SECURITY: a page opened for one agency must not sign for another."""
    return {
        "text": text_sha256,
        "person": str(actor.person.uid),
        "agency": actor.agency.ref,
        "mandate": mandate.ref if mandate is not None else "",
        "consent": consent.version_for(ad_referendum=ad_referendum),
        "language": language,
    }
