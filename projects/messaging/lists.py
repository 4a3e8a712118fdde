"""Lists of threads: what is unread first, then the rest, latest first."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kit.actors import Request
from portal.kit.pagination import Page, page
from projects.messaging.models import Thread
from projects.models import Project

ORDER = ("-last_message_at", "-pk")
UNREAD_SHOWN = 25


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
    rows = Thread.objects.visible_to(actor).with_seats()
    if project is not None:
        rows = rows.filter(project=project)
    if request.GET.get("unread"):
        return ThreadList([], False, page(rows.unread(actor), request, order=ORDER), True)
    unread: list[Thread] = []
    if not request.GET.get("cursor"):
        unread = list(rows.unread(actor).order_by(*ORDER)[: UNREAD_SHOWN + 1])
    others = page(rows.all_read(actor), request, order=ORDER)
    return ThreadList(unread[:UNREAD_SHOWN], len(unread) > UNREAD_SHOWN, others, False)
