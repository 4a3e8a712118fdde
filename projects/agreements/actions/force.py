"""Entry into force: the rule proposes, the depositary confirms, and the project follows."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from projects.actions import activate_when_covered
from projects.agreements.actions.locking import audience, lock
from projects.agreements.models import Agreement, Status


@transaction.atomic
def enter_into_force(agreement: Agreement, *, actor: Actor, on: date | None = None) -> Agreement:
    """Confirm as depositary that the agreement is in force, from the last signature's day at the earliest.

    Raises ValidationError for a day before the last signature or after today.
    """
    agreement, _policy = lock(agreement, "enter_into_force", actor)
    earliest = earliest_day(agreement)
    today = actor.agency.local().date()
    on = on or max(earliest, today)
    if on < earliest:
        raise ValidationError(
            {"on": [_("The last signature is of %(day)s; an earlier day is not possible.") % {"day": earliest}]}
        )
    if on > max(today, earliest):
        raise ValidationError({"on": [_("Confirm it on the day itself, not before.")]})
    agreement.in_force_on = on
    agreement.move_to(Status.IN_FORCE)
    agreement.bump().save()
    record(
        "agreement.entered_into_force", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"on": on.isoformat(), "sha256": agreement.text.sha256, "rule": agreement.entry_rule},
    )  # fmt: skip
    activate_when_covered(agreement.project, actor=actor)
    return agreement


def earliest_day(agreement: Agreement) -> date:
    """The day of the last signature in the depositary's zone: the rule of entry into force is that all have signed."""
    last = max(signature.signed_at for signature in agreement.valid_signatures.values())
    return agreement.depositary.local(last).date()
