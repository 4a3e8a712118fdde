"""What the worker does by the clock: rescue jobs of dead workers, and forget what is not needed any more."""

from __future__ import annotations

from datetime import timedelta

from asgiref.sync import async_to_sync
from django.utils import timezone
from procrastinate.contrib.django import app as queue

from portal.inbox import jobs
from portal.inbox.jobs import job

KEEP_SETTLED = timedelta(days=365)
KEEP_MAIL_KEYS = timedelta(days=30)


@job(name="inbox.rescue_jobs", every="* * * * *", retry=1)
def rescue_jobs() -> None:
    """Every minute."""
    async_to_sync(jobs.rescue)()


@job(name="inbox.forget_once_keys", every="17 * * * *", retry=1)
def forget_once_keys() -> None:
    """Every hour."""
    from portal.kit.once import forget_old_keys

    forget_old_keys()


@job(name="inbox.forget_old", every="41 3 * * *", retry=1)
def forget_old() -> None:
    """Every night: finished jobs, keys of sent mail, and items that have been over for long."""
    from portal.inbox.models import KNOW_FOR, Item, SentMail

    now = timezone.now()
    async_to_sync(queue.job_manager.delete_old_jobs)(
        nb_hours=jobs.KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
    SentMail.objects.filter(at__lt=now - KEEP_MAIL_KEYS).delete()
    Item.objects.filter(settled_at__lt=now - KEEP_SETTLED).delete()
    Item.objects.filter(kind=Item.Kind.TO_KNOW, created_at__lt=now - 2 * KNOW_FOR).delete()
