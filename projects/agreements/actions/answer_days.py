"""The day by which an answer to a change is asked: named by who proposes it, and reminded of once when it has passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.zones import end_of, today
from portal.history import record
from portal.inbox.jobs import defer
from portal.kit.actors import Actor
from projects.agreements.actions.locking import audience, fetch, hold
from projects.agreements.jobs.negotiation import remind_of_change
from projects.agreements.models import Agreement, Change, Decision
from projects.agreements.negotiation import SHARED, negotiation_of

# A day further off is a slip of the pen.
FURTHEST = timedelta(days=366)


def answers_due(day: date | None, *, actor: Actor) -> datetime | None:
    """The end of that day at the seat of the actor's agency; ValidationError for one that has come, or is too far off."""
    if day is None:
        return None
    assert actor.agency is not None
    now = today(actor.agency.zone)
    if not now < day <= now + FURTHEST:
        raise ValidationError({"due_on": [_("A day to come at the seat of your agency, at most a year from now.")]})
    return end_of(day, actor.agency.zone)


def remind_then(change: Change) -> None:
    """Have the change looked at when its day is over; the hourly job is there for what is missed."""
    if change.due_at is not None:
        defer(remind_of_change, not_before=change.due_at, ref=change.agreement.ref, number=change.number)


def remind_all() -> int:
    """Remind of every open change whose day has passed; returns of how many."""
    due = Change.objects.filter(status=Decision.OPEN, due_at__lte=timezone.now(), reminded_at=None)
    found = due.filter(agreement__status__in=SHARED).order_by("pk").values_list("agreement__ref", "number")
    return sum(remind_one(ref, number) for ref, number in list(found))


@transaction.atomic
def remind_one(ref: str, number: int) -> bool:
    """Write down that the day of a change has passed, once; those who have not answered are asked again.

    Nothing follows from it: silence is neither consent nor refusal, and the change stays open.
    """
    pk = Agreement.objects.filter(ref=ref).values_list("pk", flat=True).first()
    if pk is None:
        return False
    hold(pk)
    agreement = fetch(pk)
    now = timezone.now()
    change = agreement.changes.filter(number=number, status=Decision.OPEN, due_at__lte=now, reminded_at=None).first()
    if change is None or agreement.status not in SHARED:
        return False
    change.reminded_at = now
    change.save(update_fields=["reminded_at"])
    negotiation = negotiation_of(agreement)
    silent = [party.agency.ref for party in agreement.party_list if negotiation.waits_for(change, party)]
    record(
        "agreement.answers_fell_due", agreement, actor=Actor.system(), agencies=audience(agreement),
        scope=agreement.project.ref, facts={"change": number, "waits_for": silent},
    )  # fmt: skip
    return True
