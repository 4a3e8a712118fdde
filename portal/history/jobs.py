"""What is done for the ledger by the clock: it is checked against its witnesses, and its checkpoints are mailed."""

from __future__ import annotations

import logging

from django.db import transaction

from portal.history.alarms import examine, report
from portal.history.models import Checkpoint, Mailing
from portal.inbox.jobs import job
from portal.inbox.mail import post
from portal.kit.actors import Actor

log = logging.getLogger(__name__)


@job(name="history.check_ledger", every="29 2 * * *")
def check_ledger() -> None:
    """Every night: verify everything, and make what is wrong red for everybody."""
    findings = examine()
    for finding in findings:
        log.error("the ledger does not verify: %s", finding)
    report(findings, actor=Actor.system())


@job(name="history.mail_checkpoints", every="11 5 * * *")
def mail_checkpoints() -> None:
    """Every morning: the newest checkpoint to the agencies that asked for it, unless they have it."""
    newest = Checkpoint.objects.newest()
    if newest is None:
        return
    for pk in Mailing.objects.filter(last_number__lt=newest.number).exclude(addresses=[]).values_list("pk", flat=True):
        with transaction.atomic():
            mailing = Mailing.objects.select_for_update().get(pk=pk)
            for address in mailing.addresses:
                post("checkpoint", to=address, key=str(newest.number), note=newest.note)
            mailing.last_number = newest.number
            mailing.save()
