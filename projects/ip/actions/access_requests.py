"""Asking for access: what the requester does. Each verb checks, writes, and records one event."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.ip.access_rules import outside
from projects.ip.actions.access_writing import (
    clock_facts,
    grant,
    locked,
    note_down,
    put_terms,
    record_request,
    start_clock,
)
from projects.ip.models import (
    AccessNote,
    AccessRequest,
    Asset,
    Ground,
    RequestStatus,
)
from projects.ip.policies import AskingPolicy, grounds_of

ASKED = frozenset({"need", "wanted_from", "wanted_to", "field", "territory", "affiliates", "software_form"})


@transaction.atomic
def draft_request(asset: Asset, *, actor: Actor, purpose: str, **asked: Any) -> AccessRequest:
    """Write down what one's agency needs and why; the owner hears of it when it is submitted."""
    asset = Asset.objects.with_project().with_owners().select_for_update(of=("self",)).get(pk=asset.pk)
    AskingPolicy(actor, asset, purpose).require("request")
    known = AccessRequest.objects.open().filter(asset=asset, requester=actor.agency, purpose=purpose).first()
    if known is not None:
        raise NotNow(
            _("Your agency asks for this already: %(ref)s.") % {"ref": known.ref},
            code="already-asked",
            unblock=_("Go on with that request, or withdraw it first."),
            state=known.status,
        )
    owner = grounds_of(asset, actor.agency).owner
    request = AccessRequest(
        asset=asset,
        requester=actor.agency,
        requester_name=actor.agency.legal_name,
        owner=owner,
        owner_name=owner.legal_name,
        purpose=purpose,
        **_known(asked),
    )
    request.full_clean(exclude={"ref"})
    request.save()
    record_request("access_request.drafted", request, actor=actor, facts={"purpose": purpose, "asset": asset.ref})
    return request


@transaction.atomic
def edit_request(request: AccessRequest, *, actor: Actor, version: int | None, **asked: Any) -> AccessRequest:
    """Change a draft."""
    request = locked(request, "edit", actor)
    if changed := request.edit(version=version, **_known(asked)):
        record_request("access_request.edited", request, actor=actor, facts={"fields": sorted(changed)})
    return request


@transaction.atomic
def submit_request(request: AccessRequest, *, actor: Actor) -> AccessRequest:
    """Put the request to the owner and start its clock; what is outside the agreement is refused at once (R6)."""
    request = locked(request, "submit", actor)
    grounds = grounds_of(request.asset, request.requester)
    terms = grounds.binding[0]
    now = timezone.now()
    request.submitted_at, request.clause = now, terms.source("requests")
    if kept := outside(request.asset, terms):
        _code, reason, source = kept
        request.refusal_ground, request.refusal_words = Ground.LIMITED, f"{reason} ({source})."
        request.is_automatic = True
        request.move_to(RequestStatus.REFUSED).save()
        facts = {"ground": str(Ground.LIMITED), "automatic": True}
        record_request("access_request.refused_by_the_agreement", request, actor=actor, facts=facts)
        return request
    start_clock(request)
    request.move_to(RequestStatus.SUBMITTED).save()
    record_request("access_request.submitted", request, actor=actor, facts=clock_facts(request))
    return request


@transaction.atomic
def answer_owner(request: AccessRequest, *, actor: Actor, body: str) -> AccessRequest:
    """Give the owner the information it asked for."""
    request = locked(request, "answer", actor)
    note_down(request, AccessNote.Kind.ANSWER, body, actor=actor)
    request.move_to(RequestStatus.ANSWERED).save()
    record_request("access_request.information_given", request, actor=actor)
    return request


@transaction.atomic
def accept_terms(request: AccessRequest, *, actor: Actor, number: int | None = None) -> AccessRequest:
    """Accept for the requester the terms that were shown; the right exists at once. NotNow when newer ones were put."""
    request = locked(request, "accept", actor)
    offer = request.offer
    assert offer is not None
    if number is not None and number != offer.number:
        raise NotNow(
            _("Other terms have been offered since you opened this."),
            code="other-terms",
            unblock=_("Read the new terms."),
            state=request.status,
        )
    return grant(request, offer.terms(), grantor=offer.by, actor=actor)


@transaction.atomic
def counter_terms(request: AccessRequest, *, actor: Actor, note: str = "", **terms: Any) -> AccessRequest:
    """Put other terms to the owner; its clock starts again."""
    request = locked(request, "counter", actor)
    put_terms(request, terms, note, actor=actor)
    start_clock(request)
    request.move_to(RequestStatus.COUNTERED).save()
    record_request("access_request.countered", request, actor=actor, facts=clock_facts(request))
    return request


@transaction.atomic
def withdraw_request(request: AccessRequest, *, actor: Actor) -> AccessRequest:
    """Take a request back."""
    request = locked(request, "withdraw", actor)
    request.move_to(RequestStatus.WITHDRAWN).save()
    record_request("access_request.withdrawn", request, actor=actor)
    return request


def _known(asked: dict[str, Any]) -> dict[str, Any]:
    """Only what a request asks for; forms and serializers name the fields, so another one is a mistake of ours."""
    if unknown := set(asked) - ASKED:
        raise TypeError(f"a request has no {sorted(unknown)}")
    return asked
