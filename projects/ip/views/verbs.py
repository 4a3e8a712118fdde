"""One page per verb about an asset: its form, empty or with what is wrong, and on to where it leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise

from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.policies import Policy
from projects.ip.models import Asset
from projects.ip.standing import open_dispute_of

Text = str | Promise


def find_asset(request: Request, ref: str) -> Asset:
    """The asset that the actor may know of, with its owners and what policies ask."""
    return get_object_or_404(Asset.objects.visible_to(request.actor).with_owners().with_project(), ref=ref)


def form_verb(
    request: Request,
    asset: Asset,
    *,
    policy: Policy,
    rule: str,
    form: Callable[..., Any],
    act: Callable[[Any], dict[str, Any]],
    action: Callable[..., Any],
    title: Text,
    button: Text,
    back: str,
    lead: Text = "",
    done: Text = "",
) -> HttpResponse:
    """Refuse, show the form, or do it: `act` turns the clean form into the keywords of the action."""
    policy.require(rule)
    filled = form(request.POST or None)
    if request.method == "POST" and filled.is_valid():
        result = attempt(filled, action, actor=request.actor, **act(filled))
        if result is not None:
            if done:
                messages.success(request, str(done))
            return redirect(result.get_absolute_url() if hasattr(result, "get_absolute_url") else back)
    context = {"asset": asset, "project": asset.project, "form": filled, "title": title, "button": button}
    context |= {"lead": lead, "back": back, "dispute": open_dispute_of(asset, actor=request.actor)}
    return render(request, "ip/verb.html", context, status=422 if filled.errors else 200)
