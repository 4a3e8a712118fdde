"""What can happen in threads, in words, and who is told."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from agencies.models import Membership, Role
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import tell
from portal.inbox.models import Item
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.messaging.models import Audience, Message, Thread, ThreadAgency
from projects.models import TeamMember

register("thread.opened", _("opened the thread %(target)s"), icon="chat")
register("thread.agency_added", _("let %(added)s read %(target)s"), icon="users")
register("thread.closed", _("closed the thread %(target)s"), icon="lock")
register("thread.reopened", _("reopened the thread %(target)s"), icon="chat")
register("message.posted", _("wrote in %(target)s"), icon="chat")
register("message.edited", _("edited a message in %(target)s"), icon="pen")
register("message.withdrawn", _("withdrew a message from %(target)s"), icon="undo")

WHY = _noop("%(title)s")


@hears("message.posted")
def tell_the_teams(event: Any, thread: Thread, actor: Actor) -> None:
    """What is shared is told to the other agencies, what is internal to one's own; once, until the thread is read."""
    if event.facts["audience"] == Audience.INTERNAL:
        agencies, words = [actor.agency.pk], _noop("%(person)s wrote inside %(agency)s")
    else:
        agencies = [agency.pk for agency in thread.readers() if agency.pk != actor.agency_id]
        words = _noop("%(person)s of %(agency)s wrote to you")
    title = Text(words, person=actor.person.name, agency=actor.agency.acronym)
    why = Text(WHY, ref=thread.ref, title=thread.title)
    for membership in _team(thread, agencies, actor):
        tell(
            event,
            agency=membership.agency,
            person=membership.person,
            title=title,
            why=why,
            url=f"{thread.get_absolute_url()}#new",
        )


@hears("project.partner_invited")
def begin_again(event: Any, project: Any, actor: Actor) -> None:
    """SECURITY: an agency that was away reads nothing that was shared meanwhile, for it was on nobody's list then."""
    seats = ThreadAgency.objects.filter(thread__project=project, agency__ref=event.facts["invited"])
    seats.update(since=timezone.now())


def _team(thread: Thread, agencies: list[int], actor: Actor) -> list[Membership]:
    """Managers, the team of the project, or else whoever wrote before; without those who have unread news of it."""
    wrote = Message.objects.filter(thread=thread, author=OuterRef("person"), agency=OuterRef("agency"))
    concerned = Q(roles__contains=[Role.MANAGER]) | Exists(wrote)
    if thread.project_id is not None:
        on_team = TeamMember.objects.filter(participation__project=thread.project_id, membership=OuterRef("pk"))
        concerned = Q(roles__contains=[Role.MANAGER]) | Exists(on_team)
    unread = Item.objects.filter(
        kind=Item.Kind.TO_KNOW, ref=thread.ref, person=OuterRef("person"), agency=OuterRef("agency")
    )
    told = unread.exclude(reads__person=F("person"))
    members = Membership.objects.acting().filter(concerned, ~Exists(told), agency_id__in=agencies)
    return list(members.exclude(person=actor.person).select_related("person", "agency").order_by("pk"))
