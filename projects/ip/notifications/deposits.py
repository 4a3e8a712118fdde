"""What can happen to deposits, in words, and who hears of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from agencies.models import Agency
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import Deposit
from projects.ip.models.deposit import KEEPERS

register("deposit.made", _("deposited version %(number)s of %(target)s"), icon="seal")
register("deposit.edited", _("changed the name or the links of %(target)s"), icon="pen")
register("deposit.revealed", _("revealed version %(number)s of %(target)s to %(to)s"), icon="eye")
register("deposit.time_stamped", _("had version %(number)s of %(target)s time-stamped"), icon="clock")


@hears("deposit.revealed")
def tell_whom_it_was_revealed_to(event: Any, deposit: Deposit, actor: Actor) -> None:
    """Their keepers may read it now."""
    tell(
        event,
        agency=Agency.objects.get(ref=event.facts["to"]),
        roles=KEEPERS,
        title=Text(
            _noop("%(agency)s reveals a deposit: %(ref)s, version %(number)s"),
            agency=deposit.agency.acronym,
            ref=deposit.ref,
            number=event.facts["number"],
        ),
        url=deposit.get_absolute_url(),
    )
