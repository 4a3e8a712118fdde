"""What the clock does to disclosures: it rings before a publication, and when a report is due or overdue."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.kit.actors import Actor
from projects.ip.actions.disclosing import locked, note
from projects.ip.alarms import publication_alarm, report_due
from projects.ip.models import (
    AFTER_DECISION,
    Disclosure,
    DisclosureStatus,
)


def ring_publication_alarms() -> int:
    """Ring once for every planned publication that leaves too little time; returns how many rang."""
    rung = 0
    candidates = Disclosure.objects.sealed().exclude(status__in=AFTER_DECISION).filter(public_dates__isnull=False)
    for disclosure in candidates.distinct().order_by("pk"):
        with transaction.atomic():
            disclosure = locked(disclosure)
            alarm = publication_alarm(disclosure)
            if alarm is None or disclosure.alarmed_for == alarm.on:
                continue
            disclosure.alarmed_for = alarm.on
            disclosure.save(update_fields=["alarmed_for"])
            note("disclosure.publication_alarmed", disclosure, actor=Actor.system(), facts={"on": alarm.on.isoformat()})
            rung += 1
    return rung


def watch_reports() -> int:
    """Find duties to report that began or ended after the sealing, and say once of each when it is overdue.

    Returns how many are overdue since it last ran.
    """
    said = 0
    for disclosure in Disclosure.objects.sealed().exclude(status=DisclosureStatus.CLOSED).order_by("pk"):
        with transaction.atomic():
            disclosure = locked(disclosure)
            due = report_due(disclosure)
            due_at = due.due_at if due is not None else None
            is_new = due_at != disclosure.report_due_at
            disclosure.report_due_at = due_at
            is_overdue = disclosure.is_report_overdue and disclosure.report_alarmed_at is None
            if not is_new and not is_overdue:
                continue
            verb = "disclosure.report_due"
            if is_overdue:
                verb, disclosure.report_alarmed_at = "disclosure.report_overdue", timezone.now()
                said += 1
            elif due_at is None:
                # A duty that begins again later is a new one, and is said to be overdue anew.
                verb, disclosure.report_alarmed_at = "disclosure.report_not_due", None
            disclosure.save(update_fields=["report_due_at", "report_alarmed_at"])
            note(verb, disclosure, actor=Actor.system())
    return said
