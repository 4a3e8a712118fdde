"""What the desk shows of disclosures: what presses first, then what is under way."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.composition import Panel
from projects.ip.alarms import publication_alarm
from projects.ip.models import Disclosure, DisclosureStatus, Reach

SHOWN = 8


def panel(actor: Actor) -> Panel | None:
    """Those of the own agency that the actor reads; nothing where there is none."""
    own = Disclosure.objects.known_to(actor).filter(agency=actor.agency_id).exclude(status=DisclosureStatus.CLOSED)
    rows: Any = own.select_related("project", "agency", "filer").with_next_day().order_by("-updated_at", "-pk")
    shown = list(rows[: SHOWN + 1])
    if not shown:
        return None
    pressing = rows.filter(reach=Reach.WHOLE, public_on__isnull=False).prefetch_related("public_dates")
    alarms = [(row, alarm) for row in pressing.order_by("public_on", "pk")[:SHOWN] if (alarm := publication_alarm(row))]
    context = {"rows": shown[:SHOWN], "more": len(shown) > SHOWN, "alarms": alarms}
    return Panel(_("Disclosures"), "ip/desk/disclosures.html", context, order=40)
