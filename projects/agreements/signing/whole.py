"""Whether the tables say of the signatures under a text what their records and the history say: asked before it is complete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from portal.history.canonical import instant
from portal.history.keys import PublicKey, signer
from portal.history.models import Event, SigningKey
from portal.kit.refusals import NotNow
from projects.agreements.evidence import is_whole, is_whole_confirmation
from projects.agreements.models import Agreement, Signature, TextVersion


def require_whole(agreement: Agreement) -> None:
    """Raise NotNow when a signature that stands is not, in the tables, what was signed.

    SECURITY: who writes into the database has no key. What they changed must not be completed and sealed with ours.
    """
    if altered(agreement, agreement.standing_signatures):
        raise NotNow(
            _("A signature under this text is not stored as it was made. Nothing is completed on top of it."),
            code="signature-altered",
            unblock=_("The operators of the portal compare it with the ledger."),
            state=agreement.status,
        )


def altered(agreement: Agreement, standing: Iterable[Signature], text: TextVersion | None = None) -> list[Signature]:
    """Those that contradict their own record, or that the history says were taken back; three queries however many.

    They stand under `text`, the present one unless told.
    """
    text = text or agreement.text
    assert text is not None
    rows = list(standing)
    keys, taken_back = _keys(), _taken_back(agreement)
    people = dict(Person.objects.filter(pk__in={row.person_id for row in rows}).values_list("pk", "uid"))
    parties = {party.pk: party.agency.ref for party in agreement.party_list}
    found = []
    for row in rows:
        # Each was read with its agreement, whose text this is.
        row.text = text
        uid = str(people[row.person_id]) if row.person_id in people else None
        stored = (
            agreement.ref, parties.get(row.party_id), uid, row.level, row.is_ad_referendum, instant(row.signed_at),
        )  # fmt: skip
        if row.evidence_sha256 in taken_back or not _is_as_signed(row, stored, keys):
            found.append(row)
    return found


def _is_as_signed(row: Signature, stored: tuple[Any, ...], keys: dict[str, PublicKey]) -> bool:
    try:
        if not is_whole(row, keys) or _said(row.record) != stored:
            return False
        return not hasattr(row, "confirmation") or is_whole_confirmation(row.confirmation, keys)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _said(record: dict[str, Any]) -> tuple[Any, ...]:
    return (
        record["agreement"], record["party"]["ref"], record["signatory"]["uid"], record["level"],
        record.get("remarks", {}).get("ad_referendum", False), record["signed_at"],
    )  # fmt: skip


def _taken_back(agreement: Agreement) -> set[str]:
    told = Event.objects.filter(verb="agreement.signature_voided", target_ref=agreement.ref)
    return {facts["evidence"] for facts in told.values_list("facts", flat=True)}


def _keys() -> dict[str, PublicKey]:
    """The key of now, and those before it."""
    present = signer().public
    former = {row.key_id: PublicKey(row.name, bytes(row.public_key)) for row in SigningKey.objects.all()}
    return former | {present.key_id: present}
