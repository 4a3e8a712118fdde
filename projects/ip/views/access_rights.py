"""Pages of rights of access: the list, one right with its terms, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page
from projects.ip import actions
from projects.ip.forms.access import RevokeForm, UsedUpForm
from projects.ip.models import AccessRight
from projects.ip.policies import AccessRightPolicy

TIMELINE = 20


@require_safe
def rights(request: Request) -> HttpResponse:
    """What one's agency may use and what it let others use, newest first."""
    rows = AccessRight.objects.visible_to(request.actor).with_parties()
    project = request.GET.get("project", "").replace("\x00", "")
    if project:
        rows = rows.filter(asset__project__ref=project)
    return render(request, "ip/access_rights.html", {"page": page(rows, request), "project": project})


@require_safe
def right(request: Request, ref: str) -> HttpResponse:
    """The terms, the instants, and what ended it."""
    return _page(request, _find(request, ref))


@require_POST
def revoke(request: Request, ref: str) -> HttpResponse:
    """End it for a breach or a withdrawn authorisation."""
    return _cut(request, ref, "revoke", actions.revoke_right, RevokeForm(request.POST))


@require_POST
def use_up(request: Request, ref: str) -> HttpResponse:
    """Say that it is used up."""
    return _cut(request, ref, "use_up", actions.use_up_right, UsedUpForm(request.POST))


def _find(request: Request, ref: str) -> AccessRight:
    return get_object_or_404(
        AccessRight.objects.visible_to(request.actor).with_parties().select_related("request"), ref=ref
    )


def _cut(request: Request, ref: str, verb: str, action: Callable[..., AccessRight], form: BaseForm) -> HttpResponse:
    found = _find(request, ref)
    AccessRightPolicy(request.actor, found).require(verb)
    if form.is_valid() and attempt(form, action, found, actor=request.actor, **form.cleaned_data):
        return redirect(found)
    return _page(request, found, verb, form)


def _page(request: Request, found: AccessRight, verb: str = "", form: BaseForm | None = None) -> HttpResponse:
    events = Event.objects.visible_to(request.actor).of(found.ref).newest_first()[:TIMELINE]
    context: dict[str, Any] = {
        "right": found,
        "asset": found.asset,
        "project": found.asset.project,
        "policy": AccessRightPolicy(request.actor, found),
        "forms": {"revoke": RevokeForm(auto_id="revoke_%s"), "use_up": UsedUpForm(auto_id="used_%s")},
        "opened": verb,
        "form": form,
        "events": timeline(events),
    }
    if form is not None:
        context["forms"][verb] = form
    return render(request, "ip/access_right.html", context, status=422 if form is not None else 200)
