"""The bundle of a signed text: everything that proves it, with the script that checks it, for whoever may read the text."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.files.storage import download
from portal.history.canonical import instant
from portal.history.keys import signer
from portal.history.models import Checkpoint
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.agreements.bundle.collecting import collect
from projects.agreements.bundle.packing import listed, members_of, zipped
from projects.agreements.models import Agreement, Status, TextVersion
from projects.agreements.versions import find, texts_shown

LONGEST_SIZE = 18


@transaction.atomic
def build_bundle(
    agreement: Agreement, text: TextVersion, *, since: int | None = None, with_outside: bool = True
) -> bytes:
    """The ZIP that proves this text; raises Checkpoint.DoesNotExist for a size that the ledger never signed."""
    contents = collect(agreement, text, since=since)
    parts = members_of(contents, with_outside=with_outside)
    return zipped(listed(parts, contents, made_at=instant(timezone.now()), key=signer()))


def bundled(agreement: Agreement, actor: Actor, *, version: str = "", since: str = "") -> HttpResponse:
    """The bundle of the text that stands, or of the version named, as a download.

    Raises Http404 for a version that the actor does not know, ValidationError keyed by `version` or `since`, and NotNow
    while nobody has signed. SECURITY: what was signed on paper is handed to parties; others get its hash.
    """
    text = _chosen(agreement, actor, version)
    is_party = agreement.party_of(actor.agency_id) is not None
    try:
        content = build_bundle(agreement, text, since=_size(since), with_outside=is_party)
    except Checkpoint.DoesNotExist as error:
        raise ValidationError({"since": [_("The ledger never signed a checkpoint over so many entries.")]}) from error
    return download(content, f"{agreement.ref}-v{text.number}.bundle.zip", "application/zip")


def _chosen(agreement: Agreement, actor: Actor, version: str) -> TextVersion:
    text = _named(agreement, actor, version) if version else texts_shown(agreement, actor).order_by("-number").first()
    if text is None or not text.signatures.exists():
        raise NotNow(
            _("Nobody has signed this text: there is nothing to prove yet."),
            code="nothing-signed",
            unblock=_("Take the bundle once the first party has signed."),
            state=Status(agreement.status).value,
        )
    return text


def _named(agreement: Agreement, actor: Actor, version: str) -> TextVersion:
    try:
        found = find(agreement, version, actor)
    except ValidationError as error:
        raise ValidationError({"version": error.messages}) from error
    if found.text is None:
        raise ValidationError({"version": [_("Only a frozen text is signed: name it v1, v2 and so on.")]})
    return found.text


def _size(since: str) -> int | None:
    if not since:
        return None
    if not (since.isascii() and since.isdigit() and 0 < len(since) <= LONGEST_SIZE and int(since)):
        raise ValidationError({"since": [_("Give the number of entries that your checkpoint names.")]})
    return int(since)


__all__ = ["build_bundle", "bundled"]
