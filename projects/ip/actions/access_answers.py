"""Answering a request for access: what the owner does. Only one of these grants; silence never does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.access_rules import TAIL, limits, outside, window_closes_at
from projects.ip.actions.access_writing import (
    grant,
    locked,
    note_down,
    put_terms,
    record_request,
)
from projects.ip.models import (
    AccessNote,
    AccessRequest,
    Ground,
    RequestStatus,
    Royalty,
)
from projects.ip.policies import grounds_of
from projects.ip.terms import Terms


@transaction.atomic
def acknowledge_request(request: AccessRequest, *, actor: Actor) -> AccessRequest:
    """Say for the owner that it has arrived."""
    request = locked(request, "acknowledge", actor)
    request.move_to(RequestStatus.ACKNOWLEDGED).save()
    record_request("access_request.acknowledged", request, actor=actor)
    return request


@transaction.atomic
def ask_requester(request: AccessRequest, *, actor: Actor, body: str) -> AccessRequest:
    """Ask the requester for information; the owner's clock runs on."""
    request = locked(request, "ask", actor)
    note_down(request, AccessNote.Kind.QUESTION, body, actor=actor)
    request.move_to(RequestStatus.INFO_REQUESTED).save()
    record_request("access_request.information_asked", request, actor=actor)
    return request


@transaction.atomic
def accept_need(request: AccessRequest, *, actor: Actor, body: str = "") -> AccessRequest:
    """Record for the owner that the access is needed; what is left is on which terms."""
    request = locked(request, "accept_need", actor)
    if body.strip():
        note_down(request, AccessNote.Kind.NEED, body, actor=actor)
    request.move_to(RequestStatus.NEED_ASSESSED).save()
    record_request("access_request.need_accepted", request, actor=actor)
    return request


@transaction.atomic
def grant_request(request: AccessRequest, *, actor: Actor) -> AccessRequest:
    """Grant it as asked, free of charge, or on the terms that the requester countered with; the right exists at once."""
    request = locked(request, "grant", actor)
    terms = request.counter.terms() if request.counter is not None else _as_asked(request)
    return grant(request, terms, grantor=actor.agency, actor=actor)


@transaction.atomic
def offer_terms(request: AccessRequest, *, actor: Actor, note: str = "", **terms: Any) -> AccessRequest:
    """Grant it on stated terms; there is no right before the requester has accepted them."""
    request = locked(request, "offer", actor)
    put_terms(request, terms, note, actor=actor)
    request.move_to(RequestStatus.OFFERED).save()
    record_request("access_request.terms_offered", request, actor=actor)
    return request


@transaction.atomic
def refuse_request(request: AccessRequest, *, actor: Actor, ground: str, words: str) -> AccessRequest:
    """Refuse it on one of the grounds that the agreement allows, and say why."""
    request = locked(request, "refuse", actor)
    _require_ground(request, ground)
    words = required("words", words, _("Say why, so that the requester can change what stands against it."), 4_000)
    request.refusal_ground, request.refusal_words = ground, words
    request.move_to(RequestStatus.REFUSED).save()
    record_request("access_request.refused", request, actor=actor, facts={"ground": str(ground)})
    return request


def allowed_grounds(request: AccessRequest) -> list[str]:
    """The grounds on which this request may be refused as it stands."""
    grounds = grounds_of(request.asset, request.requester)
    terms: Terms | None = grounds.binding[0] if grounds.binding else None
    allowed = [Ground.NOT_NEEDED] if request.need_accepted_at is None else []
    if terms is not None and (outside(request.asset, terms) or limits(request.asset, request.purpose, terms)):
        allowed.append(Ground.LIMITED)
    allowed += [Ground.THIRD_PARTY, Ground.LAW]
    if request.purpose in TAIL and any(offer.by_id != request.requester_id for offer in request.offers.all()):
        allowed.append(Ground.TERMS_DECLINED)
    closes_at = window_closes_at(grounds, request.purpose)
    if closes_at is not None and request.submitted_at is not None and closes_at <= request.submitted_at:
        allowed.append(Ground.OUT_OF_WINDOW)
    return [str(ground) for ground in allowed]


def _require_ground(request: AccessRequest, ground: str) -> None:
    if ground not in allowed_grounds(request):
        raise ValidationError({"ground": [_("The agreement does not allow this reason for this request.")]})


def _as_asked(request: AccessRequest) -> dict[str, Any]:
    """The terms of a request that is granted as it was put; nothing is paid, and nothing may be passed on."""
    return {
        "field": request.field,
        "territory": request.territory,
        "starts_on": request.wanted_from,
        "ends_on": request.wanted_to,
        "affiliates": request.affiliates,
        "software_form": request.software_form,
        "royalty": Royalty.FREE,
    }
