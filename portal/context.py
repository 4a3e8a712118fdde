"""What the frame around every page needs besides the page's own context; read only when a template asks for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.history.models import Checkpoint


def frame(request: HttpRequest) -> dict[str, Any]:
    """The actor, the reader's theme, the demonstration strip, and the newest checkpoint for the footer."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "theme": SimpleLazyObject(lambda: getattr(getattr(actor, "person", None), "theme", "")),
        "demo_strip": settings.DEMO,
        "checkpoint": SimpleLazyObject(Checkpoint.objects.newest),
    }
