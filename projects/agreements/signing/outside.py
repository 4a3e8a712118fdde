"""Signatures made outside the portal: the PDF to be signed, what was handed in, and the record of one that counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from agencies.models import Agency
from agencies.reauthentication import Proof
from portal.files.models import StoredFile
from portal.files.storage import FileDamaged, read, store
from portal.history import record
from portal.history.canonical import instant
from portal.history.models import Event
from portal.kit.actors import Actor
from projects.agreements.models import Agreement, ExternalSignature, Level, PdfToSign, TextVersion
from projects.agreements.signing.evidence import Statement, identified_by
from projects.agreements.signing.lines import lines_to_sign
from projects.agreements.signing.names import other_name
from projects.agreements.typesetting import render_pdf

LEVELS = {"wet_ink": Level.WET_INK, "pades": Level.PADES}
# The portal identified nobody who signed elsewhere; whoever vouches for it says how they know.
NOT_IDENTIFIED: dict[str, Any] = {"methods": [], "at": None, "events": []}


# One at a time draws the PDF of a text, whatever process it runs in.
DRAWING_LOCK = 0x0D4A
KEPT = "agreement.pdf_to_sign_kept"


def pdf_to_sign(text: TextVersion) -> bytes:
    """The frozen text as it is signed elsewhere: the bytes that were kept, whatever the typesetter would draw by now.

    A job keeps them after the freeze; whoever asks before it has run keeps them instead, the only writing of a download.
    """
    kept = kept_pdf_to_sign(text)
    return read(kept if kept is not None else keep_pdf_to_sign(text))


def kept_pdf_to_sign(text: TextVersion) -> StoredFile | None:
    """The file that was kept; FileDamaged for one that the history does not have as the only one of this text.

    SECURITY: who writes into the database must not have other words signed and vouched for than were frozen.
    """
    kept = PdfToSign.objects.filter(text=text).select_related("file").first()
    if kept is None:
        return None
    told = Event.objects.filter(verb=KEPT, target_ref=text.agreement.ref).values_list("facts", flat=True)
    if [facts for facts in told if facts.get("sha256") == text.sha256] != [_facts(text, kept.file)]:
        raise FileDamaged(f"file {kept.file.sha256} was never kept as the PDF to be signed of {text.sha256}")
    return kept.file


def _facts(text: TextVersion, file: StoredFile) -> dict[str, Any]:
    return {"pdf_sha256": file.sha256, "sha256": text.sha256, "text": text.number}


@transaction.atomic
def keep_pdf_to_sign(text: TextVersion) -> StoredFile:
    """Draw the PDF to be signed and keep it, its hash in the ledger; asked twice, or by two at once, it is drawn once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DRAWING_LOCK, text.pk])
    kept = kept_pdf_to_sign(text)
    if kept is not None:
        return kept
    drawn = render_pdf(text.document, frozen_at=text.frozen_at, to_sign=lines_to_sign(text))
    stored = store(drawn, f"{text.document['agreement']}-v{text.number}-to-sign.pdf", actor=Actor.system())
    PdfToSign.objects.create(text=text, file=stored)
    agreement = text.agreement
    record(
        KEPT, agreement, actor=Actor.system(), agencies=[party.agency for party in agreement.party_list],
        scope=agreement.project.ref, facts=_facts(text, stored),
    )  # fmt: skip
    return stored


def externals_of(agreement: Agreement) -> list[ExternalSignature]:
    """Everything that was handed in under any text of it, the newest first."""
    return list(agreement.externals.for_pages())


def needs_witness(row: ExternalSignature) -> bool:
    """Whether the depositary's word is not enough: by hand, and where a certificate names somebody else."""
    return row.is_wet_ink or bool(other_name(row))


def vouched(actor: Actor, proof: Proof, at: datetime, **stated: str) -> dict[str, Any]:
    """What somebody who certifies or witnesses states, and how they proved who they are."""
    assert actor.person is not None
    return {
        "person": {
            "uid": str(actor.person.uid),
            "name": actor.person.name,
            "native_name": actor.person.native_name,
            "position": actor.membership.position if actor.membership is not None else "",
        },
        "agency": _agency(actor.agency),
        "at": instant(at),
        "identified": identified_by(proof),
        **stated,
    }


def statement_of(row: ExternalSignature, at: datetime) -> Statement:
    """What its record says: nothing of a mandate or a sentence of the portal, all of who vouches for it and what was found."""
    to_sign = kept_pdf_to_sign(row.text)
    return Statement(
        signatory={
            "uid": None,
            "name": row.signatory_name,
            "native_name": row.signatory_native_name,
            "typed_name": "",
            "position": row.signatory_position,
            "membership": None,
            "zone": row.party.agency.zone,
        },
        level=LEVELS[row.kind],
        signed_at=at,
        identified=dict(NOT_IDENTIFIED),
        authority=row.authority,
        outside={
            "kind": row.kind,
            "file_sha256": row.file.sha256,
            "pdf_to_sign_sha256": to_sign.sha256 if to_sign is not None else None,
            "signed_on": row.signed_on.isoformat(),
            "place": row.place,
            "submitted": {"person": _person(row.submitted_by), "at": instant(row.submitted_at)},
            "certified": row.statements.get("certified"),
            "witnessed": row.statements.get("witnessed"),
            "findings": row.findings,
        },
    )


def _person(person: Any) -> dict[str, str]:
    return {"uid": str(person.uid), "name": person.name, "native_name": person.native_name}


def _agency(agency: Agency) -> dict[str, str]:
    return {"ref": agency.ref, "legal_name": agency.legal_name}
