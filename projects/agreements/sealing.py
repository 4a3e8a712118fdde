"""The sealed PDF: the signed text with its evidence page, made once, its hash in the ledger."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from portal.files.storage import store
from portal.history import record
from portal.history.models import Leaf
from portal.history.sealer import seal as seal_ledger
from portal.inbox.live import announce
from portal.kit.actors import Actor
from projects.agreements.actions.locking import audience, fetch
from projects.agreements.models import Agreement, SealedPdf, Signature
from projects.agreements.typesetting import render_pdf

METHODS = {
    "password": "password",
    "totp": "code of an authenticator app",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
}


def seal(ref: str) -> SealedPdf:
    """Make the PDF of the agreement's current text unless there is one; safe to run twice and at the same time."""
    seal_ledger()
    with transaction.atomic():
        row = Agreement.objects.select_for_update(no_key=True).get(ref=ref)
        agreement = fetch(row.pk)
        existing = SealedPdf.objects.filter(text=agreement.text).first()
        if existing is not None or agreement.text is None:
            return existing  # type: ignore[return-value]
        content = render_pdf(agreement.text.document, frozen_at=agreement.text.frozen_at, evidence=_evidence(agreement))  # type: ignore[arg-type]
        sha256 = hashlib.sha256(content).hexdigest()
        actor = Actor.system()
        event = record(
            "agreement.sealed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
            facts={"pdf_sha256": sha256, "sha256": agreement.text.sha256},
        )  # fmt: skip
        stored = store(content, f"{agreement.ref}-v{agreement.text.number}.pdf", actor=actor)
        sealed = SealedPdf.objects.create(text=agreement.text, file=stored, sha256=sha256, event=event.uid)
        announce(
            f"agreement-{agreement.ref.lower()}",
            agencies=[agency.ref for agency in audience(agreement)],
            kind="sealed",
            ref=agreement.ref,
        )
    return sealed


def _evidence(agreement: Agreement) -> dict[str, Any]:
    signatures = list(agreement.signatures.filter(text=agreement.text).order_by("signed_at", "pk"))
    indices = dict(
        Leaf.objects.filter(event__uid__in=[row.event for row in signatures]).values_list("event__uid", "index")
    )
    return {
        "verify_url": settings.SITE_URL + reverse("verify"),
        "signatures": [_line(row, indices[row.event]) for row in signatures],
        "portal_key": signatures[0].key_id,
        "timestamp": "No time-stamp authority was configured; the times are the portal's own, fixed in order by the ledger.",
    }


def _line(signature: Signature, ledger_index: int) -> dict[str, Any]:
    record = signature.record
    mandate = record["mandate"]
    return {
        "person": record["signatory"]["name"],
        "person_native": record["signatory"]["native_name"],
        "agency": record["party"]["legal_name"],
        "agency_native": record["party"]["native_name"],
        "position": record["signatory"]["position"],
        "mandate": mandate["ref"],
        "mandate_from": mandate["starts_on"],
        "mandate_until": mandate["ends_on"] or "",
        "identified": " + ".join(METHODS.get(method, method) for method in record["identified"]["methods"]),
        "level": record["level"],
        "consent_version": record["consent"]["version"],
        "consent_text": record["consent"]["wording"],
        "signed_at": record["signed_at"],
        "zone": record["signatory"]["zone"],
        "ledger_index": ledger_index,
        "evidence_hash": signature.evidence_sha256,
    }
