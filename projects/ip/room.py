"""The room of a dispute that is kept apart: who hears that something was said there, and never what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from portal.inbox import tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import SETTLERS, Dispute

WHY_APART = _("What is said in order to settle it is confidential and may not be used as an admission.")


def tell_the_room(dispute: Dispute, actor: Actor) -> None:
    """Tell the others in the room that there is something new.

    No event tells of it: the history of a dispute can be exhibited, and that somebody talked is confidential too.
    """
    title = Text(_noop("Without prejudice: something new about settling %(ref)s"), ref=dispute.ref)
    said: dict[str, Any] = {"title": title, "url": f"{dispute.get_absolute_url()}room/", "icon": "chat"}
    sides = {party.agency_id: party.agency for party in dispute.at_odds()}
    for agency in sides.values():
        if agency.pk != actor.agency_id:
            tell(None, agency=agency, roles=SETTLERS, **said)
    named = {row.membership_id: row for row in dispute.representatives.all() if row.agency_id in sides}
    for row in named.values():
        membership = row.membership
        if row.agency_id != actor.agency_id and membership.is_live and not set(membership.roles) & set(SETTLERS):
            tell(None, person=membership.person, agency=row.agency, **said)
