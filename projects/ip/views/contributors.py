"""Naming the contributors of an asset, and the narrow page on which each of them answers for their own part."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.ip import actions
from projects.ip.forms.belongings import ContributorsForm, ReasonForm
from projects.ip.models import Asset, Contributor
from projects.ip.policies import AssetPolicy, ContributorPolicy
from projects.ip.views.verbs import find_asset, form_verb


@require_http_methods(["GET", "POST"])
def set_contributors(request: Request, ref: str) -> HttpResponse:
    """Say who made it."""
    found = find_asset(request, ref)

    def save(**typed: Any) -> Asset:
        actions.set_contributors(found, **typed)
        return found

    return form_verb(
        request,
        found,
        policy=AssetPolicy(request.actor, found),
        rule="set_contributors",
        form=partial(ContributorsForm, asset=found, actor=request.actor),
        act=lambda form: {"version": form.cleaned_data["version"], "contributors": form.typed()},
        action=save,
        title=_("Contributors"),
        lead=_(
            "Everybody you name is asked to confirm their own part. Whoever has confirmed and is not changed stays confirmed."
        ),
        button=_("Save and ask them"),
        back=found.get_absolute_url(),
    )


@require_safe
def part(request: Request, ref: str) -> HttpResponse:
    """What a person is asked to confirm, and no more of the asset than that."""
    return _page(request, _asked(request, ref), ReasonForm())


@require_POST
def confirm(request: Request, ref: str) -> HttpResponse:
    """Confirm one's own part."""
    return redirect(actions.confirm_part(_asked(request, ref), actor=request.actor))


@require_POST
def deny(request: Request, ref: str) -> HttpResponse:
    """Deny one's own part, with the reason."""
    found, form = _asked(request, ref), ReasonForm(request.POST)
    ContributorPolicy(request.actor, found).require("deny")
    if form.is_valid() and attempt(form, actions.deny_part, found, actor=request.actor, **form.cleaned_data):
        return redirect(found)
    return _page(request, found, form)


@require_http_methods(["GET", "POST"])
def mark_unreachable(request: Request, ref: str) -> HttpResponse:
    """Record that somebody cannot be asked."""
    found = _asked(request, ref)
    policy = ContributorPolicy(request.actor, found)
    policy.require("mark_unreachable")

    def save(**typed: Any) -> Asset:
        return actions.mark_unreachable(found, **typed).asset

    return form_verb(
        request,
        found.asset,
        policy=policy,
        rule="mark_unreachable",
        form=ReasonForm,
        act=lambda form: form.cleaned_data,
        action=save,
        title=_("%(name)s cannot be reached") % {"name": found.name},
        lead=_("It is recorded with your reason. Whoever has an account can still answer later."),
        button=_("Record it"),
        back=found.asset.get_absolute_url(),
    )


def _asked(request: Request, ref: str) -> Contributor:
    return get_object_or_404(Contributor.objects.visible_to(request.actor).with_asset(), ref=ref)


def _page(request: Request, found: Contributor, form: ReasonForm) -> HttpResponse:
    context = {
        "part": found,
        "asset": found.asset,
        "policy": ContributorPolicy(request.actor, found),
        "sees_asset": Asset.objects.visible_to(request.actor).filter(pk=found.asset_id).exists(),
        "form": form,
    }
    return render(request, "ip/part.html", context, status=422 if form.errors else 200)
