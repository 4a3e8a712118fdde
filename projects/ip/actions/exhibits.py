"""Evidence put before the other side of a dispute, and taken back by a further row."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.files.models import StoredFile
from portal.files.storage import store
from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.actions.climbing import locked, write_down
from projects.ip.evidence import Source, find_source
from projects.ip.models import Dispute, Exhibit, ExhibitKind, ExhibitWithdrawal
from projects.ip.policies.disputes import exhibit_refusal

SHOWS, REASON = 2_000, 600


@transaction.atomic
def add_exhibit(dispute: Dispute, *, actor: Actor, kind: str, source: str, shows: str) -> Exhibit:
    """Put an entry of the ledger, an asset's history, a deposit or a signed text before the other side.

    Of a deposit this shows the commitment and its time; to reveal what it hides is another act.
    """
    dispute, _policy = locked(dispute, "add_exhibit", actor)
    if kind == ExhibitKind.FILE:
        raise ValidationError({"kind": [_("Send the file itself.")]})
    return _add(dispute, kind, shows, actor=actor, source=find_source(dispute, kind, source, actor=actor))


@transaction.atomic
def add_file(dispute: Dispute, *, actor: Actor, content: bytes, name: str, shows: str, is_cleared: bool) -> Exhibit:
    """Put a file before the other side; its hash enters the ledger now, which is all that dates it.

    SECURITY: it crosses to other agencies at once, so who adds it says that export control does not stand against it.
    """
    dispute, _policy = locked(dispute, "add_exhibit", actor)
    if not is_cleared:
        raise ValidationError(
            {
                "is_cleared": [
                    _("A file whose export class is not determined, or that is controlled, is not shown here.")
                ]
            }
        )
    return _add(dispute, ExhibitKind.FILE, shows, actor=actor, file=store(content, name, actor=actor))


@transaction.atomic
def withdraw_exhibit(dispute: Dispute, *, actor: Actor, number: int, reason: str) -> ExhibitWithdrawal:
    """Say that one relies on an exhibit no more; it stays where it is, marked as withdrawn."""
    dispute, _policy = locked(dispute, "withdraw_exhibit", actor)
    exhibit = Exhibit.objects.visible_to(actor).filter(dispute=dispute, number=number).first()
    if exhibit is None:
        raise ValidationError({"number": [_("There is no such exhibit.")]})
    refusal = exhibit_refusal(actor, exhibit)
    if refusal:
        raise refusal
    words = required("reason", reason, _("Say why you no longer rely on it."), REASON)
    withdrawal = ExhibitWithdrawal.objects.create(exhibit=exhibit, reason=words, by=actor.person)
    write_down("dispute.exhibit_withdrawn", dispute, actor=actor, facts={"number": number})
    return withdrawal


def _add(
    dispute: Dispute,
    kind: str,
    shows: str,
    *,
    actor: Actor,
    source: Source | None = None,
    file: StoredFile | None = None,
) -> Exhibit:
    party = dispute.party_of(actor.agency_id)
    assert party is not None
    exhibit = Exhibit.objects.create(
        dispute=dispute,
        number=Exhibit.objects.filter(dispute=dispute).count() + 1,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        side=party.side,
        kind=kind,
        source=source.ref if source else "",
        sha256=source.sha256 if source else file.sha256 if file else "",
        events=[event.uid for event in source.events] if source else [],
        file=file,
        shows=required("shows", shows, _("Say what it shows."), SHOWS),
        added_by=actor.person,
    )
    write_down(
        "dispute.exhibit_added",
        dispute,
        actor=actor,
        facts={"number": exhibit.number, "kind": kind, "source": exhibit.source, "sha256": exhibit.sha256},
    )
    return exhibit
