"""Exhibits of a dispute: adding one out of the portal or as a file, withdrawing it, and fetching the file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.files.storage import respond
from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.ip import actions
from projects.ip.evidence import offered
from projects.ip.forms.disputes import ExhibitForm, ReasonForm
from projects.ip.models import Exhibit
from projects.ip.policies import DisputePolicy
from projects.ip.policies.disputes import exhibit_refusal
from projects.ip.views.disputes import find, frame


@require_http_methods(["GET", "POST"])
def add_exhibit(request: Request, ref: str) -> HttpResponse:
    """Put something before the other side."""
    found = find(request, ref)
    DisputePolicy(request.actor, found).require("add_exhibit")
    form = ExhibitForm(request.POST or None, request.FILES or None, offered=offered(found, actor=request.actor))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if said["file"]:
            added = attempt(
                form,
                actions.add_file,
                found,
                actor=request.actor,
                content=said["file"].read(),
                name=said["file"].name,
                shows=said["shows"],
                is_cleared=said["is_cleared"],
            )
        else:
            kind, _colon, source = said["source"].partition(":")
            added = attempt(
                form, actions.add_exhibit, found, actor=request.actor, kind=kind, source=source, shows=said["shows"]
            )
        if added:
            return redirect(f"{found.get_absolute_url()}#evidence")
    status = 422 if form.errors else 200
    return render(request, "ip/exhibit_new.html", frame(request, found) | {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def withdraw_exhibit(request: Request, ref: str, number: int) -> HttpResponse:
    """Say that one relies on an exhibit no more."""
    found = find(request, ref)
    DisputePolicy(request.actor, found).require("withdraw_exhibit")
    exhibit = _exhibit(request, ref, number)
    refusal = exhibit_refusal(request.actor, exhibit)
    if refusal:
        raise refusal
    form = ReasonForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form,
            actions.withdraw_exhibit,
            found,
            actor=request.actor,
            number=exhibit.number,
            reason=form.cleaned_data["reason"],
        )
    ):
        return redirect(f"{found.get_absolute_url()}#evidence")
    context = frame(request, found) | {"form": form, "exhibit": exhibit}
    return render(request, "ip/exhibit_withdraw.html", context, status=422 if form.errors else 200)


@require_safe
def exhibit_file(request: Request, ref: str, number: int) -> HttpResponse:
    """The file that was exhibited."""
    exhibit = _exhibit(request, ref, number)
    if exhibit.file is None:
        raise Http404
    return respond(exhibit.file)


def _exhibit(request: Request, ref: str, number: int) -> Exhibit:
    visible = Exhibit.objects.visible_to(request.actor).select_related("file", "agency", "withdrawal")
    return get_object_or_404(visible, dispute__ref=ref, number=min(number, 2**31 - 1))
