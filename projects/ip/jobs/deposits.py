"""The time stamp of a deposit, asked for in the background."""

from __future__ import annotations

from django.db import transaction

from portal.history import record
from portal.inbox.jobs import job
from portal.kit.actors import Actor


@job(name="ip.time_stamp")
def time_stamp(commitment: str) -> None:
    """Ask the authority; what it answers, or why there is no answer, is kept. Doing it twice changes nothing."""
    from portal.seals.time_stamps import StampFailed, stamp
    from projects.ip.models import Commitment, TimeStamp

    row = Commitment.objects.select_related("deposit__agency").get(value=commitment)
    if TimeStamp.objects.filter(commitment=row, stamped_at__isnull=False).exists():
        return
    try:
        given = stamp(commitment)
    except StampFailed as failure:
        TimeStamp.objects.create(commitment=row, reason=str(failure)[:300])
        return
    with transaction.atomic():
        TimeStamp.objects.create(
            commitment=row, token=given.token, stamped_at=given.at, authority=given.authority, serial=given.serial
        )
        record(
            "deposit.time_stamped", row.deposit, actor=Actor.system(), agencies=[row.deposit.agency],
            facts={"number": row.number, "commitment": row.value, "serial": given.serial},
        )  # fmt: skip
