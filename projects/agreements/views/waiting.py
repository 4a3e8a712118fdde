"""Everything that waits for one's signature: the list, and from each text on to the next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.kit.actors import Request
from projects.agreements.models import Agreement
from projects.agreements.signing.queue import Position, waiting_for

IN_QUEUE = "queue"


@require_safe
def to_sign(request: Request) -> HttpResponse:
    """All texts that wait for the reader, in the order in which they are due; each is read and confirmed for itself."""
    return render(request, "agreements/to_sign.html", {"rows": waiting_for(request.actor)})


def next_after(position: Position | None, agreement: Agreement) -> str:
    """Where one goes after signing: in a queue to the next text, else to the agreement."""
    if position is None:
        return reverse("agreements:agreement", args=[agreement.ref])
    return in_queue(position.next_ref) if position.next_ref else reverse("agreements:to-sign")


def in_queue(ref: str) -> str:
    """The signing page of a text as one of those that wait."""
    return f"{reverse('agreements:sign', args=[ref])}?{IN_QUEUE}=1"
