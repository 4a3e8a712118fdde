"""What time does to disputes: levels that are over, reminders before, and the end of a time to cure."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from portal.history.canonical import instant
from portal.kit.actors import Actor
from projects.ip.actions.climbing import lock, pass_levels, write_down
from projects.ip.models import Dispute, DisputeLevel, DisputeStatus
from projects.ip.models.dispute import LADDER

REMIND_BEFORE = timedelta(days=7)


def keep_time(at: datetime | None = None) -> int:
    """Record every level that is over, and remind of those that soon are; returns how many disputes it touched.

    Run twice it does nothing the second time. Run late it changes no date: a level is over at the instant laid down.
    """
    now = at or timezone.now()
    touched = 0
    for pk in _pressing(now):
        with transaction.atomic():
            touched += _keep(Dispute(pk=pk), now)
    return touched


def _pressing(now: datetime) -> list[int]:
    level = DisputeLevel.objects.filter(dispute=OuterRef("pk"), status=OuterRef("status"))
    over = Exists(level.filter(due_at__lte=now))
    soon = Exists(level.filter(due_at__gt=now, due_at__lte=now + REMIND_BEFORE)) & ~Q(reminded_for=F("status"))
    uncured = Q(status=DisputeStatus.CURING) & ~Q(reminded_for=_over(DisputeStatus.CURING)) & Q(over)
    mediated = Q(status=DisputeStatus.MEDIATION, appointment_ends_at__lte=now)
    pressing = Dispute.objects.standing().filter(
        Q(over, status__in=LADDER) | uncured | mediated | Q(soon, status__in=[*LADDER, DisputeStatus.CURING])
    )
    return list(pressing.order_by("pk").values_list("pk", flat=True))


def _keep(dispute: Dispute, now: datetime) -> bool:
    dispute = lock(dispute)
    if dispute.has_ended:
        return False
    before = (dispute.status, dispute.reminded_for)
    pass_levels(dispute, at=now, actor=Actor.system())
    due_at = dispute.due_at
    if dispute.status == DisputeStatus.CURING and due_at and due_at <= now:
        if dispute.reminded_for != _over(dispute.status):
            _note(dispute, "dispute.cure_time_over", due_at, marker=_over(dispute.status))
    elif due_at and due_at <= now + REMIND_BEFORE and dispute.reminded_for != dispute.status:
        _note(dispute, "dispute.reminded", due_at, marker=dispute.status)
    return (dispute.status, dispute.reminded_for) != before


def _note(dispute: Dispute, verb: str, due_at: datetime, *, marker: str) -> None:
    """Record it, and remember it so that it is said once."""
    dispute.reminded_for = marker
    dispute.save(update_fields=["reminded_for"])
    write_down(verb, dispute, actor=Actor.system(), facts={"level": dispute.status, "due_at": instant(due_at)})


def _over(status: str) -> str:
    return f"{status}:over"
