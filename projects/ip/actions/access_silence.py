"""What the clock does to requests for access: it reminds, escalates and lets lapse, and never grants."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from portal.kit.actors import Actor
from projects.ip.access_rules import TAIL, window_closes_at
from projects.ip.actions.access_writing import clock_facts, escalate, record_request
from projects.ip.models import OWED, AccessRequest, RequestStatus
from projects.ip.policies import grounds_of

# The owner is reminded once, when this much of its time is left.
REMIND_BEFORE = timedelta(days=5)


@transaction.atomic
def remind_if_due_soon(request: AccessRequest) -> bool:
    """Remind the owner before its time is over; returns whether it did."""
    request = AccessRequest.objects.for_pages().select_for_update(of=("self",)).get(pk=request.pk)
    now = timezone.now()
    is_soon = request.due_at is not None and now < request.due_at <= now + REMIND_BEFORE
    if request.status not in OWED or request.reminded_at is not None or not is_soon:
        return False
    request.reminded_at = now
    request.save(update_fields=["reminded_at", "updated_at"])
    record_request("access_request.reminded", request, actor=Actor.system(), facts=clock_facts(request))
    return True


@transaction.atomic
def escalate_if_silent(request: AccessRequest) -> bool:
    """Take a request whose owner has let its time pass to the heads; returns whether it did. It never grants."""
    request = AccessRequest.objects.for_pages().select_for_update(of=("self",)).get(pk=request.pk)
    if not request.is_overdue():
        return False
    escalate(request)
    return True


@transaction.atomic
def lapse_if_too_late(request: AccessRequest) -> bool:
    """Close a draft that can no longer be submitted, and what is asked for a project that is over (R7)."""
    request = AccessRequest.objects.for_pages().select_for_update(of=("self",)).get(pk=request.pk)
    closes_at = window_closes_at(grounds_of(request.asset, request.requester), request.purpose)
    is_late = closes_at is not None and closes_at <= timezone.now()
    in_time = request.submitted_at is not None and request.purpose in TAIL
    if not request.is_open or not is_late or in_time:
        return False
    request.move_to(RequestStatus.LAPSED).save()
    record_request("access_request.lapsed", request, actor=Actor.system())
    return True


def watch(now_open: int = 500) -> int:
    """Remind, escalate and let lapse whatever is due; returns how many moved. Running it twice changes nothing."""
    now = timezone.now()
    moved = 0
    owed = AccessRequest.objects.filter(status__in=OWED, due_at__lte=now + REMIND_BEFORE).order_by("due_at")
    for request in owed[:now_open]:
        moved += escalate_if_silent(request) or remind_if_due_soon(request)
    ended = AccessRequest.objects.open().of_what_is_over().order_by("pk")
    for request in ended[:now_open]:
        moved += lapse_if_too_late(request)
    return moved
