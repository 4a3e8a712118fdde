"""The ledger for anyone to read: its newest checkpoint, and the proof of each entry. Only hashes are public."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.history.chain import known_chain
from portal.history.models import Alarm, Checkpoint, Event, Leaf, Witness
from portal.history.proofs import NoProof, inclusion
from portal.history.timelines import timeline
from portal.history.witnessing import newest_witnessed, witnessed_note
from portal.kit.actors import Actor, actor_of

LARGEST = 2**63 - 1
MOST = 200
SCRIPT = Path(__file__).with_name("witness.py")


@login_not_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, the key that signs, those before it, and how to check them."""
    actor = actor_of(request)
    newest = Checkpoint.objects.newest()
    chain = known_chain()
    context = {
        "layout": layout_for(actor),
        "newest": newest,
        "key": chain.links[-1].key,
        "former": chain.links[-2::-1],
        "witnesses": Witness.objects.visible_to(actor).in_use().with_last_cosigned()[:MOST],
        "alarms": Alarm.objects.visible_to(actor).newest_first()[:MOST],
    }
    return render(request, "history/ledger.html", context)


@login_not_required
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as the signed note that anyone may keep; ?witnessed=1 the newest that has co-signatures."""
    is_witnessed = request.GET.get("witnessed") == "1"
    newest = newest_witnessed() if is_witnessed else Checkpoint.objects.newest()
    if newest is None:
        raise Http404
    note = witnessed_note(newest) if is_witnessed else newest.note
    response = HttpResponse(note, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="concord-checkpoint-{newest.number}.txt"'
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_safe
def witness_script(request: HttpRequest) -> HttpResponse:
    """The program that an agency watches over the ledger with: one file, to be read before it is run."""
    response = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="witness.py"'
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
    context = {"layout": layout_for(actor_of(request)), "proof": proof, "events": events, "canonical": canonical}
    return render(request, "history/entry.html", context)


def layout_for(actor: Actor) -> str:
    """The frame around a public page: that of members, or the one at the entrance."""
    return "portal/workspace.html" if actor.is_authenticated else "portal/entrance.html"
