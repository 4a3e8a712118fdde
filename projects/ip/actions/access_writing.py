"""What the verbs of requests for access share: locking, terms, the owner's clock, and the event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.access_rules import owners_of
from projects.ip.models import (
    TERMS,
    AccessNote,
    AccessOffer,
    AccessRequest,
    AccessRight,
    Asset,
    RequestStatus,
)
from projects.ip.periods import period
from projects.ip.policies import AccessRequestPolicy
from projects.ip.terms import answer_to


def locked(request: AccessRequest, verb: str, actor: Actor) -> AccessRequest:
    """The request as it is now, with what time has done to it; raises the refusal of the verb.

    The asset is locked first, so that nobody passes on or withdraws meanwhile what is granted here.
    """
    Asset.objects.select_for_update(no_key=True).get(pk=request.asset_id)
    request = AccessRequest.objects.for_pages().select_for_update(of=("self",)).get(pk=request.pk)
    policy = AccessRequestPolicy(actor, request)
    policy.require(verb)
    if request.is_overdue():
        escalate(request)
        # Asked again, because the time may have run out since.
        policy.require(verb)
    return request


def escalate(request: AccessRequest) -> None:
    """Take a locked request whose owner has let its time pass to the heads of both sides."""
    request.move_to(RequestStatus.ESCALATED).save()
    record_request("access_request.escalated", request, actor=Actor.system(), facts=clock_facts(request))


def note_down(request: AccessRequest, kind: str, body: str, *, actor: Actor) -> None:
    AccessNote.objects.create(
        request=request,
        kind=kind,
        by=actor.agency,
        by_name=actor.agency.legal_name,
        person=actor.person,
        body=required("body", body, _("Write what you ask or answer."), 4_000),
    )


def put_terms(request: AccessRequest, terms: Mapping[str, Any], note: str, *, actor: Actor) -> None:
    if unknown := set(terms) - set(TERMS):
        raise TypeError(f"an offer has no {sorted(unknown)}")
    last = request.offer
    offer = AccessOffer(
        request=request,
        number=last.number + 1 if last else 1,
        by=actor.agency,
        by_name=actor.agency.legal_name,
        note=note.strip(),
        **terms,
    )
    offer.full_clean(exclude={"request"})
    offer.save()


def grant(request: AccessRequest, terms: dict[str, Any], *, grantor: Any, actor: Actor) -> AccessRequest:
    right = AccessRight(
        asset=request.asset,
        holder=request.requester,
        holder_name=request.requester.legal_name,
        grantor=grantor,
        grantor_name=grantor.legal_name,
        purpose=request.purpose,
        request=request,
        clause=request.clause,
        **terms,
    ).date()
    right.full_clean(exclude={"ref", "request"})
    right.save()
    request.move_to(RequestStatus.GRANTED).save()
    record_request("access_request.granted", request, actor=actor, facts={"right": right.ref, "grantor": grantor.ref})
    return request


def start_clock(request: AccessRequest) -> None:
    """Count the owner's time as the agreement says: days, and which days count (clauses "requests" and "periods")."""
    bound = {request.requester.ref, *(owner.ref for owner in owners_of(request.asset))}
    days, _terms = answer_to(request.asset.project, "access_answer_days", bound)
    basis, _terms = answer_to(request.asset.project, "day_basis", bound)
    request.answer_days, request.day_basis = int(days), basis
    request.due_at = period(timezone.now(), int(days), agency=request.owner, basis=basis).ends_at
    request.reminded_at = None


def clock_facts(request: AccessRequest) -> dict[str, Any]:
    assert request.due_at is not None
    return {"due": request.due_at.isoformat(), "days": request.answer_days, "basis": request.day_basis}


def record_request(verb: str, request: AccessRequest, *, actor: Actor, facts: dict[str, Any] | None = None) -> None:
    """A draft is its agency's own; afterwards the owners hear of everything."""
    audience = {request.requester}
    if request.submitted_at is not None:
        audience |= {request.owner, *owners_of(request.asset)}
    record(verb, request, actor=actor, agencies=audience, facts=facts, scope=request.asset.project.ref)
