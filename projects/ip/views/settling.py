"""The room of a dispute that is kept apart from all evidence: words without prejudice, and terms of settlement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page
from projects.ip import actions
from projects.ip.forms.disputes import AgreeForm, RoomForm, TermsForm
from projects.ip.models import Dispute, SettlementText, WithoutPrejudiceMessage
from projects.ip.policies import DisputePolicy
from projects.ip.room import WHY_APART
from projects.ip.views.disputes import find, frame


@require_http_methods(["GET", "POST"])
def room(request: Request, ref: str) -> HttpResponse:
    """What was said in order to settle, and a form to say more."""
    found = find(request, ref)
    policy = DisputePolicy(request.actor, found)
    policy.require("read_room")
    form = RoomForm(request.POST or None)
    if request.method == "POST":
        policy.require("write")
        if form.is_valid() and attempt(
            form, actions.write_without_prejudice, found, actor=request.actor, **form.cleaned_data
        ):
            return redirect("ip:dispute-room", found.ref)
    return _page(request, found, form=form)


@require_http_methods(["GET", "POST"])
def offer(request: Request, ref: str) -> HttpResponse:
    """Offer terms of settlement."""
    found = find(request, ref)
    DisputePolicy(request.actor, found).require("offer")
    last = _offers(request, found).first()
    form = TermsForm(request.POST or None, initial={"terms": last.terms if last else ""})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, actions.offer_settlement, found, actor=request.actor, **form.cleaned_data)
    ):
        return redirect("ip:dispute-room", found.ref)
    context = frame(request, found) | {"form": form, "why_apart": WHY_APART}
    return render(request, "ip/settlement_new.html", context, status=422 if form.errors else 200)


@require_POST
def agree(request: Request, ref: str) -> HttpResponse:
    """Agree to exactly the terms that were shown."""
    found = find(request, ref)
    DisputePolicy(request.actor, found).require("agree")
    form = AgreeForm(request.POST)
    act: Callable[..., Any] = actions.agree_to_settlement
    if form.is_valid():
        settled = attempt(form, act, found, actor=request.actor, **form.cleaned_data)
        if settled:
            return redirect(settled if settled.has_ended else f"{found.get_absolute_url()}room/")
    return _page(request, found, form=RoomForm(), agree_form=form, status=422)


def _page(request: Request, found: Dispute, *, status: int = 0, **forms: Any) -> HttpResponse:
    said = WithoutPrejudiceMessage.objects.visible_to(request.actor).filter(dispute=found)
    newest = _offers(request, found).first()
    consents = list(newest.consents.select_related("agency")) if newest else []
    context = frame(request, found) | {
        "page": page(said.select_related("agency", "author"), request, order=("-pk",)),
        "offer": newest,
        "consents": consents,
        "has_agreed": any(row.agency_id == request.actor.agency_id for row in consents),
        "why_apart": WHY_APART,
        **forms,
    }
    return render(request, "ip/dispute_room.html", context, status=status or (422 if forms["form"].errors else 200))


def _offers(request: Request, found: Dispute) -> Any:
    visible = SettlementText.objects.visible_to(request.actor).filter(dispute=found)
    return visible.select_related("agency", "person").order_by("-number")
