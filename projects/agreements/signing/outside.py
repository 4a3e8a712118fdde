"""Signatures made outside the portal: the PDF to be signed, what was handed in, and the record of one that counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from agencies.models import Agency
from agencies.reauthentication import Proof
from portal.history.canonical import instant
from portal.kit.actors import Actor
from projects.agreements.evidence import Statement, identified_by
from projects.agreements.models import Agreement, ExternalSignature, Level, TextVersion
from projects.agreements.typesetting import render_pdf

LEVELS = {"wet_ink": Level.WET_INK, "pades": Level.PADES}
# The portal identified nobody who signed elsewhere; whoever vouches for it says how they know.
NOT_IDENTIFIED: dict[str, Any] = {"methods": [], "at": None, "events": []}


def pdf_to_sign(text: TextVersion) -> bytes:
    """The frozen text as it is signed elsewhere: the same bytes each time it is asked for."""
    return render_pdf(text.document, frozen_at=text.frozen_at)


def externals_of(agreement: Agreement) -> list[ExternalSignature]:
    """Everything that was handed in under any text of it, the newest first."""
    return list(agreement.externals.for_pages())


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
