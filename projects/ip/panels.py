"""What the IP register shows on the page of a project."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.composition import Tab
from projects.ip.models import Asset, Deposit, Disclosure, Reach
from projects.models import Project
from projects.pages import counted


def assets_count(actor: Actor) -> Coalesce:
    """The number of standing assets that the actor sees in a project."""
    visible: QuerySet = Asset.objects.visible_to(actor).standing().filter(project=OuterRef("pk"))
    number = visible.order_by().values("project").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


@counted(assets_count=assets_count)
def tab(project: Project, actor: Actor) -> Tab:
    """The tab with the number of assets."""
    url = reverse("ip:register", args=[project.ref])
    return Tab(label=_("IP"), url=url, name="ip", count=getattr(project, "assets_count", None), order=50)


def scopes_of_disclosures(actor: Actor) -> QuerySet:
    """The disclosures whose history the actor may read: those of their agency whose words they read."""
    readable: QuerySet[Any] = Disclosure.objects.known_to(actor).filter(agency=actor.agency_id)
    return readable.filter(reach__in=[Reach.WHOLE, Reach.SEALED]).values("ref")


def scopes_of_deposits(actor: Actor) -> QuerySet:
    """The deposits whose history the actor may read."""
    return Deposit.objects.visible_to(actor).values("ref")
