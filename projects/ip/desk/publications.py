"""What an agency reviews and publishes, in all its projects."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.composition import Panel
from projects.ip.models import PublicationNotice, PublicationReview
from projects.ip.publication_page import rows_of

SHOWN = 25


def panel(actor: Actor) -> Panel | None:
    """To review first, then what one's own agency has under way."""
    if actor.agency_id is None:
        return None
    now = timezone.now()
    under_way = [*PublicationNotice.UNDER_REVIEW, PublicationNotice.Status.PLANNED, PublicationNotice.Status.PUBLISHED]
    waiting = PublicationReview.objects.filter(
        text__notice=OuterRef("pk"), agency=actor.agency_id, holds_up=True, answer="", due_at__gt=now
    )
    concerned = Q(agency=actor.agency_id) | Exists(waiting)
    seen = PublicationNotice.objects.visible_to(actor).filter(concerned, status__in=under_way).with_reviews()
    notices = list(seen.order_by("-updated_at", "-pk")[:SHOWN])
    to_review = [
        notice
        for notice in notices
        if any(review.agency_id == actor.agency_id for review in notice.waiting_reviews(now))
    ]
    own = [notice for notice in notices if notice.agency_id == actor.agency_id]
    context = {"to_review": rows_of(to_review), "own": rows_of(own)}
    return Panel(_("Publications"), "ip/desk/publications.html", context, order=50)
