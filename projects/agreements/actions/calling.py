"""The call for signatures: asked when a text is frozen, reminded of, over when its day is over, and prolonged."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.zones import today
from portal.history import record
from portal.history.models import Event
from portal.inbox.jobs import defer
from portal.kit.actors import Actor
from projects.agreements.actions.locking import audience, fetch, hold, lock
from projects.agreements.actions.one_by_one import one_by_one
from projects.agreements.jobs.signing import tend_call
from projects.agreements.models import Agreement, SigningCall, Status
from projects.agreements.signing.call import REMIND_DAYS, Terms, call_of, checked, day_to_come, usual_terms
from projects.agreements.signing.places import forget_places, open_order, places_of
from projects.agreements.term import alert_due


def call_for_signatures(agreement: Agreement, terms: Terms | None, *, actor: Actor) -> SigningCall:
    """Write by when the text that was just frozen is to be signed; four weeks unless it is said."""
    assert agreement.text is not None
    forget_places(agreement)
    terms = checked(terms or usual_terms(agreement), agreement)
    call = SigningCall.objects.create(
        text=agreement.text, sign_by=terms.sign_by, zone=agreement.depositary.zone, remind_days=list(terms.remind_days),
        may_hand_over=terms.may_hand_over, asked_by=actor.person, asked_for=actor.agency,
    )  # fmt: skip
    _wake(agreement, call)
    return call


@transaction.atomic
def extend_signing(agreement: Agreement, *, actor: Actor, sign_by: date | None) -> Agreement:
    """Name another day, or none, by which the text is to be signed; whoever is still awaited is asked again."""
    agreement, _policy = lock(agreement, "extend_signing", actor)
    assert agreement.text is not None
    try:
        day_to_come(sign_by, agreement)
    except ValidationError as error:
        raise ValidationError({"sign_by": error.messages}) from error
    call = call_of(agreement) or SigningCall(
        text=agreement.text, remind_days=list(REMIND_DAYS), asked_by=actor.person, asked_for=actor.agency
    )
    before = call.sign_by
    call.sign_by, call.zone, call.lapsed_at = sign_by, agreement.depositary.zone, None
    call.save()
    _wake(agreement, call)
    agreement.bump().save()
    record(
        "agreement.signing_extended", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"sign_by": _iso(sign_by), "before": _iso(before), "text": agreement.text.number},
    )  # fmt: skip
    return agreement


def tend_calls() -> int:
    """Look after every call that is still open; returns of how many something was written down."""
    found = Agreement.objects.filter(status=Status.SIGNING, text__call__sign_by__isnull=False)
    return one_by_one(list(found.order_by("pk").values_list("ref", flat=True)), tend_one)


@transaction.atomic
def tend_one(ref: str) -> bool:
    """Remind those whose turn it is, or write down that time has run out; asked twice it happens once."""
    pk = Agreement.objects.filter(ref=ref, status=Status.SIGNING).values_list("pk", flat=True).first()
    if pk is None:
        return False
    hold(pk)
    agreement = fetch(pk)
    call = call_of(agreement)
    if agreement.status != Status.SIGNING or call is None or call.sign_by is None or call.lapsed_at is not None:
        return False
    return _lapse(agreement, call) if call.is_over(timezone.now()) else _remind(agreement, call)


def _lapse(agreement: Agreement, call: SigningCall) -> bool:
    call.lapsed_at = timezone.now()
    call.save()
    agreement.bump().save()
    _note(agreement, "agreement.signing_lapsed", sign_by=_iso(call.sign_by))
    return True


def _remind(agreement: Agreement, call: SigningCall) -> bool:
    assert call.sign_by is not None
    days = alert_due(call.sign_by, today(call.zone), tuple(call.remind_days))
    if days is None or agreement.text is None:
        return False
    told = {"days": days, "sign_by": call.sign_by.isoformat(), "text": agreement.text.number}
    before = Event.objects.filter(verb="agreement.signing_nears", target_ref=agreement.ref, facts__contains=told)
    if before.exists():
        return False
    _note(agreement, "agreement.signing_nears", **told)
    return True


def _note(agreement: Agreement, verb: str, **facts: object) -> None:
    """By the portal itself, with the agencies that it waits for."""
    places = places_of(agreement)
    order = open_order(places)
    awaited = {place.agency.ref for place in places if place.is_open and not place.is_copy and place.order == order}
    record(
        verb, agreement, actor=Actor.system(), agencies=audience(agreement), scope=agreement.project.ref,
        facts={**facts, "waits_for": sorted(awaited)},
    )  # fmt: skip


def _wake(agreement: Agreement, call: SigningCall) -> None:
    """Have the call looked at when its day is over; the hourly job reminds, and is there for what is missed."""
    if call.over_at is not None:
        defer(tend_call, not_before=call.over_at, ref=agreement.ref)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
