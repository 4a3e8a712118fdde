"""What messaging shows on the page of a project, and in its history."""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.addresses import address
from portal.kit.composition import Tab
from projects.messaging.models import Thread
from projects.models import Project
from projects.pages import counted


def unread_count(actor: Actor) -> Coalesce:
    """The number of threads on a project in which others have written since the actor read."""
    unread = Thread.objects.visible_to(actor).unread(actor).filter(project=OuterRef("pk"))
    number = unread.order_by().values("project").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


@counted(unread_threads=unread_count)
def tab(project: Project, actor: Actor) -> Tab:
    """The tab with the number of unread threads."""
    url = address("messaging:project-threads", project.ref)
    return Tab(label=_("Threads"), url=url, name="threads", count=getattr(project, "unread_threads", None), order=60)


def scopes_of_threads(actor: Actor) -> QuerySet:
    """The threads whose history the actor may read."""
    return Thread.objects.visible_to(actor).values("ref")
