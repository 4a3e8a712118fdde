"""Disputes on the desk: those that stand, in all projects of one's agency."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.composition import Panel
from projects.ip.models import Dispute

SHOWN = 10


def panel(actor: Actor) -> Panel | None:
    """The newest that stand; nothing where there is none."""
    rows = list(Dispute.objects.visible_to(actor).standing().with_parties().order_by("-pk")[: SHOWN + 1])
    if not rows:
        return None
    context = {"disputes": rows[:SHOWN], "more": len(rows) > SHOWN}
    return Panel(_("Disputes"), "ip/desk/disputes.html", context, order=60)
