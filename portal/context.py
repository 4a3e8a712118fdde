"""What the frame around every page needs besides the page's own context; read only when a template asks for it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.history.models import Checkpoint
from portal.inbox.models import Item, Reach
from portal.kit.composition import load


def frame(request: HttpRequest) -> dict[str, Any]:
    """The actor, the reader's theme, the demonstration strip, what waits for the bell, the newest checkpoint for the footer."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"demo_strip": settings.DEMO}
    return {
        "actor": actor,
        "theme": lambda: getattr(actor.person, "theme", ""),
        "demo_strip": settings.DEMO,
        # Templates call these when they name them; fragments that do not, cost no query.
        "waiting_count": cache(lambda: Item.objects.for_actor(actor, Reach.ME).waiting().count()),
        "checkpoint": cache(Checkpoint.objects.lately),
        "create_items": cache(lambda: [item for item in (load(name)(actor) for name in settings.CREATE_ITEMS) if item]),
    }
