"""Signatures made outside the portal: handed in, certified, witnessed, refused, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.reauthentication import Proof
from portal.files.markings import Sharing
from portal.files.storage import store
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.lines import required_line
from portal.kit.refusals import NotNow
from projects.agreements.actions.completing import keep_signature
from projects.agreements.actions.locking import audience, digest, fetch, lock, lock_with_rights, proved, stated
from projects.agreements.actions.negotiating import require_shown
from projects.agreements.models import Agreement, ExternalSignature, ExternalStatus, Signature
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.handed import Handed, checked, findings_of, require_new
from projects.agreements.signing.names import other_name
from projects.agreements.signing.outside import needs_witness, statement_of, vouched
from projects.agreements.signing.places import place_for

__all__ = [
    "Handed",
    "certify_external",
    "refuse_external",
    "submit_external",
    "withdraw_external",
    "witness_external",
]

SEEN = ("original", "scan")
REMARK_LENGTH = 500


def submit_external(agreement: Agreement, *, actor: Actor, handed: Handed) -> ExternalSignature:
    """Hand in what somebody signed outside for the actor's agency; it counts once the depositary, and by hand a witness, vouch.

    Raises Forbidden, NotNow, or ValidationError keyed by field; a file that cannot count is refused at once and not kept.
    """
    seen = fetch(agreement.pk)
    policy = AgreementPolicy(actor, seen)
    policy.require("submit_external")
    assert seen.text is not None
    require_shown(handed.sha256, seen.text.sha256)
    words = checked(handed, policy)
    # Before anything is locked: the examination of a file takes its time.
    findings = findings_of(handed, seen)
    return _keep(agreement, actor, handed, words, findings)


@transaction.atomic
def certify_external(
    agreement: Agreement,
    number: int,
    *,
    actor: Actor,
    sha256: str,
    file_sha256: str,
    proof: Proof | None,
    saw: str = "",
    remark: str = "",
) -> ExternalSignature:
    """Certify for the depositary that it is a signature under this very text; one by certificate counts from now on.

    `saw` is what was seen of paper, the original or the scan; of a PDF there is nothing else to see. The hashes are those of the
    text and the file that were shown. Where the certificate names somebody else, `remark` says why it is the same person, and a
    witness is asked as well.
    """
    agreement, policy = lock_with_rights(agreement, "certify_external", actor)
    actor = policy.actor
    row = _row(agreement, number, policy, "certify_external")
    if row.is_wet_ink and saw not in SEEN:
        raise ValidationError({"saw": [_("Say what you saw: the original or the scan.")]})
    seen = {"saw": saw} if row.is_wet_ink else {}
    accepted = _accepted_name(row, remark)
    given = proved(proof)
    _require_these(row, agreement, sha256, file_sha256)
    at = timezone.now()
    row.certified_by, row.certified_for, row.certified_at = actor.person, actor.agency, at
    row.statements = {"certified": vouched(actor, given, at, **seen, **accepted)}
    if not needs_witness(row):
        _accept(row, agreement, actor, at)
        return row
    row.move_to(ExternalStatus.CERTIFIED)
    row.save()
    _record("certified", row, agreement, actor, **seen)
    return row


@transaction.atomic
def witness_external(
    agreement: Agreement,
    number: int,
    *,
    actor: Actor,
    sha256: str,
    file_sha256: str,
    proof: Proof | None,
    remark: str = "",
) -> ExternalSignature:
    """Witness, as a second person, what the depositary certified; the signature counts from now on.

    `remark` as for certifying.
    """
    agreement, policy = lock_with_rights(agreement, "witness_external", actor)
    actor = policy.actor
    row = _row(agreement, number, policy, "witness_external")
    accepted = _accepted_name(row, remark)
    given = proved(proof)
    _require_these(row, agreement, sha256, file_sha256)
    at = timezone.now()
    row.witnessed_by, row.witnessed_for, row.witnessed_at = actor.person, actor.agency, at
    row.statements = {**row.statements, "witnessed": vouched(actor, given, at, **accepted)}
    _accept(row, agreement, actor, at)
    return row


@transaction.atomic
def refuse_external(agreement: Agreement, number: int, *, actor: Actor, reason: str) -> ExternalSignature:
    """Refuse for the depositary what was handed in, with a reason that all parties read; its party may hand in another."""
    agreement, policy = lock(agreement, "refuse_external", actor)
    row = _row(agreement, number, policy, "refuse_external")
    row.reason = stated(reason)
    row.move_to(ExternalStatus.REFUSED)
    row.save()
    _record("refused", row, agreement, actor, reason_sha256=digest(row.reason))
    return row


@transaction.atomic
def withdraw_external(agreement: Agreement, number: int, *, actor: Actor) -> ExternalSignature:
    """Take back what the actor's agency handed in, before it counts."""
    agreement, policy = lock(agreement, "withdraw_external", actor)
    row = _row(agreement, number, policy, "withdraw_external")
    row.move_to(ExternalStatus.WITHDRAWN)
    row.save()
    _record("withdrawn", row, agreement, actor)
    return row


@transaction.atomic
def _keep(
    agreement: Agreement, actor: Actor, handed: Handed, words: dict[str, str], findings: dict[str, Any]
) -> ExternalSignature:
    agreement, policy = lock(agreement, "submit_external", actor)
    assert agreement.text is not None
    assert policy.party is not None
    require_shown(handed.sha256, agreement.text.sha256)
    require_new(policy, words, findings)
    stored = store(handed.content, handed.name, actor=actor, marking=Sharing.PARTNERS)
    row = ExternalSignature(
        agreement=agreement, text=agreement.text, party=policy.party, number=agreement.externals.count() + 1,
        kind=handed.kind, file=stored, signed_on=handed.signed_on, findings=findings, submitted_by=actor.person,
        submitted_at=timezone.now(), **words,
    )  # fmt: skip
    row.move_to(ExternalStatus.SUBMITTED)
    row.save()
    _record("submitted", row, agreement, actor, kind=row.kind, file_sha256=stored.sha256, party=policy.party.agency.ref)
    return row


def _accept(row: ExternalSignature, agreement: Agreement, actor: Actor, at: datetime) -> Signature:
    """Make a signature of it; the event of the signature is the event of this, and those who hear it see who vouched."""
    row.save()
    party = next(party for party in agreement.party_list if party.pk == row.party_id)
    place = place_for(AgreementPolicy(actor, agreement).places, party.agency_id)
    assert place is not None
    row.party = party
    row.signature = keep_signature(
        agreement, party=party, actor=actor, statement=statement_of(row, at), slot=place.slot, person=None, mandate=None
    )
    row.move_to(ExternalStatus.ACCEPTED)
    row.save()
    return row.signature


def _row(agreement: Agreement, number: int, policy: AgreementPolicy, verb: str) -> ExternalSignature:
    found: ExternalSignature | None = agreement.externals.for_pages().filter(number=number).first()
    if found is None:
        raise ValidationError({"number": [_("Nothing was handed in under this number.")]})
    refusal = policy.of_external(verb, found)
    if refusal is not None:
        raise refusal
    return found


def _accepted_name(row: ExternalSignature, remark: str) -> dict[str, str]:
    """The remark by which somebody accepts a certificate in another name; ValidationError where it is needed and missing."""
    name = other_name(row)
    if not name and not remark.strip():
        return {}
    missing = _("The certificate names %(other)s, the party %(name)s. Say why it is the same person, or refuse it.") % {
        "other": name,
        "name": row.signatory_name,
    }
    return {"remark": required_line("remark", remark, missing, REMARK_LENGTH)}


def _require_these(row: ExternalSignature, agreement: Agreement, sha256: str, file_sha256: str) -> None:
    """Who vouches does so for the file and the text that they were shown."""
    assert agreement.text is not None
    require_shown(sha256, agreement.text.sha256)
    if file_sha256 != row.file.sha256:
        raise NotNow(_("This is about another file."), code="file-changed", unblock=_("Open the page again."))


def _record(what: str, row: ExternalSignature, agreement: Agreement, actor: Actor, **facts: Any) -> None:
    agreement.bump().save()
    record(
        f"agreement.external_{what}", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"number": row.number, **facts},
    )  # fmt: skip
