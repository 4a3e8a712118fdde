"""Negotiating in pages: sharing, agreeing, reopening, giving up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.forms import AgreeForm, ReasonForm
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page

INVALID = 422


@require_POST
def share(request: Request, ref: str) -> HttpResponse:
    actions.share(_visible(request, ref), actor=request.actor)
    messages.success(request, _("The other parties see the text now and are asked for their answer."))
    return redirect("agreements:agreement", ref)


@require_POST
def agree_to_text(request: Request, ref: str) -> HttpResponse:
    form = AgreeForm(request.POST)
    sha256 = form.cleaned_data["sha256"] if form.is_valid() else ""
    actions.agree_to_text(_visible(request, ref), actor=request.actor, sha256=sha256)
    messages.success(request, _("Your agency has agreed to this text."))
    return redirect("agreements:agreement", ref)


@require_POST
def reopen(request: Request, ref: str) -> HttpResponse:
    """Reopen with a reason; without one the page comes back with the message beside the field."""
    agreement, context = agreement_page(request, ref, "text")
    # Asked before the form is read: a refusal must not hide behind a typing error.
    context["policy"].require("reopen")
    form = ReasonForm(request.POST)
    if form.is_valid() and attempt(form, actions.reopen, agreement, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("The text is open again; signatures under it no longer count."))
        return redirect("agreements:agreement", ref)
    return render(request, "agreements/reason.html", {**context, "form": form}, status=INVALID)


@require_POST
def abandon(request: Request, ref: str) -> HttpResponse:
    actions.abandon(_visible(request, ref), actor=request.actor)
    messages.success(request, _("The agreement is given up. It stays readable."))
    return redirect("agreements:agreement", ref)


def _visible(request: Request, ref: str) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(request.actor), ref=ref)
