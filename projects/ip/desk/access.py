"""What the desk shows of access: requests to answer, terms to accept, and what is under way."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.composition import Panel
from projects.ip.models import ANSWERABLE, AccessRequest, RequestStatus

SHOWN = 10


def panel(actor: Actor) -> Panel | None:
    """Those whose turn it is come first; nothing for who acts for no agency."""
    if actor.agency is None:
        return None
    rows = list(AccessRequest.objects.visible_to(actor).open().with_parties().order_by("due_at", "-pk")[: 5 * SHOWN])
    to_do = [row for row in rows if _waits_for(row, actor)]
    others = [row for row in rows if row not in to_do]
    return Panel(
        title=_("Access"),
        template="ip/desk/access.html",
        context={"to_do": to_do[:SHOWN], "others": others[:SHOWN]},
        order=20,
    )


def _waits_for(row: AccessRequest, actor: Actor) -> bool:
    if row.owner_id == actor.agency_id:
        return row.status in ANSWERABLE and row.status != RequestStatus.INFO_REQUESTED
    own = (RequestStatus.DRAFT, RequestStatus.INFO_REQUESTED, RequestStatus.OFFERED)
    return row.requester_id == actor.agency_id and row.status in own
