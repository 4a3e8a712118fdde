"""What messaging shows on the page of a project, and in its history."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.addresses import address
from portal.kit.composition import Tab
from portal.kit.rules import Counted
from projects.messaging.models import Thread
from projects.models import Project
from projects.pages import counted


def unread_count(actor: Actor) -> Counted:
    """The number of threads on a project in which others have written since the actor read; for who reads its inside."""
    return Counted("pk", _unread, agency=actor.agency_id or 0, person=actor.person.pk if actor.person else 0)


def _unread(column: int, agency: int, person: int) -> QuerySet[Thread]:
    threads = Thread.objects.naming(agency).filter(project=column)
    return threads.with_unread_of(agency, person).filter(is_unread=True)  # type: ignore[misc]


@counted(unread_threads=unread_count)
def tab(project: Project, actor: Actor) -> Tab:
    """The tab with the number of unread threads."""
    url = address("messaging:project-threads", project.ref)
    return Tab(label=_("Threads"), url=url, name="threads", count=getattr(project, "unread_threads", None), order=60)


def scopes_of_threads(actor: Actor) -> QuerySet:
    """The threads whose history the actor may read."""
    return Thread.objects.visible_to(actor).values("ref")
