"""Pages of the IP register: the tab of a project, the page of an asset, and the forms of its verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.ip import actions
from projects.ip.access_rules import owners_of
from projects.ip.attached import attached_to
from projects.ip.belongings import contributors_of, read_belongings, with_belongings
from projects.ip.forms.assets import AssetForm, ContestForm, SharesForm
from projects.ip.models import Asset, Origin
from projects.ip.pages import ip_page
from projects.ip.policies import AssetPolicy, ContributorPolicy, RegisterPolicy
from projects.ip.policies.disputes import may_take_up
from projects.ip.register import read_register
from projects.ip.standing import open_dispute_of
from projects.ip.windows import assertion_window

TIMELINE = 20


@require_safe
def register(request: Request, ref: str) -> HttpResponse:
    """What each party brings, what is made, and who owns it."""
    project, context = ip_page(request, ref, "register")
    read = read_register(project, actor=request.actor, request=request)
    return render(
        request, "ip/register.html", {**context, "register": read, "may": RegisterPolicy(request.actor, project)}
    )


@require_http_methods(["GET", "POST"])
def list_background(request: Request, ref: str) -> HttpResponse:
    """List something that one's agency brings."""
    return _enter(request, ref, Origin.BACKGROUND, actions.list_background, "list_background")


@require_http_methods(["GET", "POST"])
def claim_result(request: Request, ref: str) -> HttpResponse:
    """Claim a result with its owners' shares."""
    return _enter(request, ref, Origin.RESULT, actions.claim_result, "claim_result")


@require_http_methods(["GET", "POST"])
def declare_sideground(request: Request, ref: str) -> HttpResponse:
    """Declare what one's agency makes meanwhile outside the project."""
    return _enter(request, ref, Origin.SIDEGROUND, actions.declare_sideground, "declare_sideground")


@require_safe
def asset(request: Request, ref: str) -> HttpResponse:
    """Everything the register says of one asset, and its history."""
    visible = Asset.objects.visible_to(request.actor).with_owners().with_project()
    found = read_belongings(get_object_or_404(with_belongings(visible), ref=ref))
    events = Event.objects.visible_to(request.actor).of(found.ref).newest_first()[:TIMELINE]
    context = {
        "asset": found,
        "project": found.project,
        "policy": AssetPolicy(request.actor, found),
        "dispute": open_dispute_of(found, actor=request.actor),
        "is_owner": request.actor.agency in owners_of(found),
        "may_dispute": may_take_up(request.actor, found),
        "window": assertion_window(found, request.actor.agency),
        "contributor_policies": [(row, ContributorPolicy(request.actor, row)) for row in contributors_of(found)],
        "files": attached_to(found, actor=request.actor),
        "events": timeline(events),
    }
    return render(request, "ip/asset.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, ref: str) -> HttpResponse:
    """Change the words of an entry."""
    found = _find(request, ref)
    AssetPolicy(request.actor, found).require("edit")
    form = AssetForm(request.POST or None, instance=found, origin=found.origin)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(form, actions.edit_asset, found, actor=request.actor, version=version, **form.typed()):
            return redirect(found)
    return _form_page(request, "ip/edit.html", {"asset": found, "project": found.project, "form": form})


@require_http_methods(["GET", "POST"])
def set_shares(request: Request, ref: str) -> HttpResponse:
    """Say who owns which part."""
    found = _find(request, ref)
    AssetPolicy(request.actor, found).require("set_shares")
    form = SharesForm(request.POST or None, asset=found)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(form, actions.set_shares, found, actor=request.actor, version=version, shares=form.typed_shares()):
            return redirect(found)
    dispute = open_dispute_of(found, actor=request.actor)
    context = {"asset": found, "project": found.project, "form": form, "dispute": dispute}
    return _form_page(request, "ip/shares.html", context)


@require_http_methods(["GET", "POST"])
def contest(request: Request, ref: str) -> HttpResponse:
    """Say that an entry of another party is not right."""
    found = _find(request, ref)
    AssetPolicy(request.actor, found).require("contest")
    form = ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, actions.contest, found, actor=request.actor, reason=reason):
            messages.success(
                request,
                _("%(ref)s is contested; %(party)s is asked to answer.") % {"ref": ref, "party": found.party.acronym},
            )
            return redirect(found)
    return _form_page(request, "ip/contest.html", {"asset": found, "project": found.project, "form": form})


@require_POST
def settle(request: Request, ref: str) -> HttpResponse:
    """Say that the contest is settled."""
    return redirect(actions.settle_contest(_find(request, ref), actor=request.actor))


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Take an entry out of the register."""
    found = actions.withdraw_asset(_find(request, ref), actor=request.actor)
    messages.success(request, _("%(ref)s was withdrawn from the register.") % {"ref": ref})
    return redirect("ip:register", found.project.ref)


def _find(request: Request, ref: str) -> Asset:
    return get_object_or_404(Asset.objects.visible_to(request.actor).with_owners().with_project(), ref=ref)


def _enter(request: Request, ref: str, origin: str, action: Callable[..., Asset], verb: str) -> HttpResponse:
    project, context = ip_page(request, ref, "register")
    RegisterPolicy(request.actor, project).require(verb)
    owned = project if origin == Origin.RESULT else None
    form = AssetForm(request.POST or None, origin=origin, project=owned)
    if request.method == "POST" and form.is_valid():
        shares: dict[str, Any] = {"shares": form.typed_shares()} if owned else {}
        entered = attempt(form, action, project, actor=request.actor, **form.typed(), **shares)
        if entered:
            messages.success(request, _("%(ref)s is in the register.") % {"ref": entered.ref})
            return redirect("ip:register", project.ref)
    return _form_page(request, "ip/enter.html", {**context, "form": form, "origin": origin})


def _form_page(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """The form, empty or with what is wrong with it."""
    return render(request, template, context, status=422 if context["form"].errors else 200)
