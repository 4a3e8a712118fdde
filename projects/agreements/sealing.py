"""The sealed PDF: the signed text with its page of evidence under one seal, made once, its hash in the ledger."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.files.storage import store
from portal.history import record
from portal.history.sealer import seal as seal_ledger
from portal.inbox.live import announce
from portal.kit.actors import Actor
from portal.seals import Seal, SealingFailed, seal_pdf
from portal.seals.keys import seal_key
from projects.agreements.actions.locking import audience, fetch
from projects.agreements.evidence_page import EvidenceMoved, evidence_page, signatures_of
from projects.agreements.models import Agreement, SealedPdf, SealFailure, Signature, Status, TextVersion
from projects.agreements.models.status import EFFECTIVE
from projects.agreements.signing.whole import doubts
from projects.agreements.typesetting import render_pdf

# One at a time seals a text, whatever process it runs in: an authority is asked once.
SEALING_LOCK = 0x5EA1
FULLY_SIGNED = (Status.SIGNED, *EFFECTIVE)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
WHY_LENGTH = 500
ATTEMPTS = 3


def seal(ref: str) -> SealedPdf | None:
    """Seal the agreement's text unless it is sealed; safe to run twice, at the same time, and after dying at any point.

    None while it is not fully signed. SealingFailed, with nothing written, when there is no seal or no time stamp to be
    had: note_failure then says so. The row, the event and the file's record are one transaction; bytes that a crash
    left in the storage belong to nobody.
    """
    for _attempt in range(ATTEMPTS):
        seal_ledger()
        try:
            return _seal(ref)
        except EvidenceMoved:
            continue
    raise SealingFailed(_("Signatures were added or confirmed each time the PDF was made."))


@transaction.atomic
def _seal(ref: str) -> SealedPdf | None:
    agreement = fetch(Agreement.objects.values_list("pk", flat=True).get(ref=ref))
    text = agreement.text
    if text is None or agreement.status not in FULLY_SIGNED:
        return None
    _wait_for_turn(text)
    existing = SealedPdf.objects.filter(text=text).first()
    if existing is not None:
        return existing
    signatures = signatures_of(text)
    content, made = _make(agreement, text, signatures)
    # The authority took its time; only now is anybody else kept waiting.
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    if _told(signatures_of(text)) != _told(signatures):
        raise EvidenceMoved
    return _keep(agreement, text, content, made)


def note_failure(ref: str, why: str) -> None:
    """Keep why a text could not be sealed; the first time, everybody concerned is told."""
    with transaction.atomic():
        row = Agreement.objects.select_for_update(no_key=True).get(ref=ref)
        agreement = fetch(row.pk)
        text = agreement.text
        if text is None or SealedPdf.objects.filter(text=text).exists():
            return
        is_first = not SealFailure.objects.filter(text=text).exists()
        SealFailure.objects.create(text=text, at=timezone.now(), why=why[:WHY_LENGTH])
        if is_first:
            record(
                "agreement.seal_failed", agreement, actor=Actor.system(), agencies=audience(agreement),
                scope=agreement.project.ref, facts={},
            )  # fmt: skip


def waiting_for_seal(now: datetime) -> list[str]:
    """The references of what is fully signed and not sealed, without those that were tried too lately.

    After each failure the pause doubles, from a minute to an hour; nothing is ever given up.
    """
    unsealed = Agreement.objects.filter(status__in=FULLY_SIGNED, text__pdf=None).annotate(
        failed=Count("text__seal_failures"), last=Max("text__seal_failures__at")
    )
    return [ref for ref, failed, last in unsealed.order_by("pk").values_list("ref", "failed", "last")
            if not failed or last + pause_after(failed) <= now]  # fmt: skip


def pause_after(failed: int) -> timedelta:
    """How long to wait when it has failed so many times."""
    return min(FIRST_PAUSE * 2 ** min(failed - 1, 10), LONGEST_PAUSE)


def _wait_for_turn(text: TextVersion) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SEALING_LOCK, text.pk])


def _make(agreement: Agreement, text: TextVersion, signatures: list[Signature]) -> tuple[bytes, Seal]:
    try:
        certificate_sha256 = seal_key().fingerprint
    except ImproperlyConfigured as error:
        raise SealingFailed(_("The key of the seal cannot be used: %(why)s") % {"why": error}) from error
    # SECURITY: who can write into the database must not have us seal what nobody signed.
    found = doubts(agreement, agreement.standing_signatures)
    if found.altered:
        raise SealingFailed(_("A signature is not stored as it was made; the operators compare it with the ledger"))
    if found.unvouched:
        raise SealingFailed(_("A signature is signed with a key that this portal cannot vouch for"))
    told = evidence_page(signatures, certificate_sha256=certificate_sha256)
    pages = render_pdf(text.document, frozen_at=text.frozen_at, evidence=told)
    return seal_pdf(pages, reason=f"{agreement.ref}, version {text.number}, as signed by its parties")


def _told(signatures: list[Signature]) -> list[tuple[str, bool, bool]]:
    """What the page says that can still change."""
    return [(row.evidence_sha256, row.is_void, hasattr(row, "confirmation")) for row in signatures]


def _keep(agreement: Agreement, text: TextVersion, content: bytes, made: Seal) -> SealedPdf:
    sha256 = hashlib.sha256(content).hexdigest()
    actor = Actor.system()
    event = record(
        "agreement.sealed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={
            "pdf_sha256": sha256, "sha256": text.sha256, "pades": made.level, "time_stamp": made.authority or None,
        },
    )  # fmt: skip
    stored = store(content, f"{agreement.ref}-v{text.number}.pdf", actor=actor)
    sealed = SealedPdf.objects.create(
        text=text, file=stored, sha256=sha256, event=event.uid, pades_level=made.level,
        certificate_sha256=made.certificate_sha256, time_stamped_at=made.time_stamped_at,
        time_stamp_authority=made.authority,
    )  # fmt: skip
    announce(
        f"agreement-{agreement.ref.lower()}",
        agencies=[agency.ref for agency in audience(agreement)],
        kind="sealed",
        ref=agreement.ref,
    )
    return sealed
