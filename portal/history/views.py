"""The ledger for anyone to read: its newest checkpoint, and the proof of each entry. Only hashes are public."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.history.keys import PublicKey
from portal.history.models import Checkpoint, Event, Leaf
from portal.history.proofs import NoProof, inclusion
from portal.history.timelines import timeline
from portal.kit.actors import Actor, actor_of

LARGEST = 2**63 - 1


@login_not_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, the key that signed it, and how to check both."""
    newest = Checkpoint.objects.select_related("key").newest()
    key = PublicKey(newest.key.name, bytes(newest.key.public_key)) if newest else None
    return render(
        request, "history/ledger.html", {"layout": _layout(actor_of(request)), "checkpoint": newest, "key": key}
    )


@login_not_required
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as the signed note that anyone may keep."""
    newest = Checkpoint.objects.newest()
    if newest is None:
        raise Http404
    response = HttpResponse(newest.note, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="concord-checkpoint-{newest.number}.txt"'
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_safe
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """An entry with its proof; the event itself only for those it is addressed to."""
    if index > LARGEST:
        raise Http404
    leaf = get_object_or_404(Leaf, pk=index)
    try:
        proof = inclusion(leaf)
    except NoProof as error:
        raise Http404 from error
    events = timeline(Event.objects.visible_to(actor_of(request)).filter(leaf=index))
    canonical = events[0].canonical.decode() if events else ""
    context = {"layout": _layout(actor_of(request)), "proof": proof, "events": events, "canonical": canonical}
    return render(request, "history/entry.html", context)


def _layout(actor: Actor) -> str:
    return "portal/workspace.html" if actor.is_authenticated else "portal/entrance.html"
