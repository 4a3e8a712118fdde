"""What the desk shows of export control: what waits for the officers of the agency, with its clocks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Role
from portal.files.markings import ExportClass
from portal.kit.actors import Actor
from portal.kit.composition import Panel
from projects.ip.markings import marked_models
from projects.ip.models import Asset, ClassificationRequest, ExportAuthorisation, ExportHold

SHOWN = 10
SOON = timedelta(days=60)


def panel(actor: Actor) -> Panel | None:
    """For export officers: undetermined records, requests, holds of the agency, and authorisations that end soon."""
    if not actor.has_role(Role.EXPORT_OFFICER):
        return None
    own = {"agency": actor.agency_id}
    now = timezone.now()
    requests = ClassificationRequest.objects.visible_to(actor).waiting().filter(**own).select_related("asked_by")
    holds = ExportHold.objects.visible_to(actor).standing().filter(**own)
    ending = ExportAuthorisation.objects.visible_to(actor).live(now).filter(**own, valid_until__lte=now + SOON)
    found = [item for model in marked_models() for item in _undetermined(model, actor)]
    return Panel(
        title=_("Export control"),
        template="ip/desk/markings.html",
        context={
            "requests": requests.order_by("due_at", "pk")[:SHOWN],
            "undetermined": found[:SHOWN],
            "more": len(found) > SHOWN,
            "holds": holds.order_by("-placed_at", "-pk")[:SHOWN],
            "ending": ending.order_by("valid_until", "pk")[:SHOWN],
        },
        order=10,
    )


def _undetermined(model: Any, actor: Actor) -> list[Any]:
    """The newest of one kind that the agency owns and that are still in use."""
    rows = model.objects.visible_to(actor).filter(export_class=ExportClass.UNDETERMINED)
    rows = rows.standing().filter(party=actor.agency_id) if model is Asset else rows.filter(agency=actor.agency_id)
    return list(rows.select_related("project").order_by("-pk")[: SHOWN + 1])
