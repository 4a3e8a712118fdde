"""Lists of threads: what is unread first, then the rest, latest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from agencies.models.sharing import share_agencies
from portal.kit.actors import Request
from portal.kit.pagination import Page, page
from projects.messaging.models import Thread
from projects.models import Project

ORDER = ("-last_message_at", "-pk")
UNREAD_SHOWN = 15
ROWS = 25


@dataclass(frozen=True)
class ThreadList:
    """The unread threads and one page of the others; `more_unread` when there are further ones."""

    unread: list[Thread]
    more_unread: bool
    page: Page
    only_unread: bool

    @property
    def is_empty(self) -> bool:
        return not self.unread and not self.page.rows


def read_list(request: Request, *, project: Project | None = None) -> ThreadList:
    """Read the list that the address asks for; `unread=1` shows only what is unread, page by page."""
    actor = request.actor
    rows: Any = Thread.objects.visible_to(actor).with_unread(actor).select_related("project")
    if project is not None:
        rows = rows.filter(project=project)
    if request.GET.get("unread"):
        return ThreadList([], False, page(rows.filter(is_unread=True).in_list(), request, order=ORDER), True)
    unread: list[Thread] = []
    if not request.GET.get("cursor"):
        unread = list(rows.filter(is_unread=True).order_by(*ORDER)[: UNREAD_SHOWN + 1])
    shown = unread[:UNREAD_SHOWN]
    others = page(rows.filter(is_unread=False), request, order=ORDER, size=ROWS - len(shown))
    both = [*shown, *others.rows]
    prefetch_related_objects(both, *rows.SHOWN)
    share_agencies(both, *rows.AGENCIES)
    return ThreadList(shown, len(unread) > UNREAD_SHOWN, others, False)
