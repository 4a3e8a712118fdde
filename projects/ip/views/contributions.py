"""Asserting a part of a result, and answering."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.actors import Request
from projects.ip import actions
from projects.ip.detail import Deed, Fact, deeds_of, detail_page
from projects.ip.forms.belongings import AcceptForm, AssertForm, ReasonForm
from projects.ip.keepers import keeper_names
from projects.ip.models import Contribution
from projects.ip.policies import AssetPolicy, ContributionPolicy
from projects.ip.views.verbs import find_asset, form_verb


@require_http_methods(["GET", "POST"])
def assert_contribution(request: Request, ref: str) -> HttpResponse:
    """Say that one's agency made a part of a result."""
    found = find_asset(request, ref)
    return form_verb(
        request,
        found,
        policy=AssetPolicy(request.actor, found),
        rule="assert_contribution",
        form=AssertForm,
        act=lambda form: form.cleaned_data,
        action=partial(actions.assert_contribution, found),
        title=_("Assert a contribution"),
        lead=_(
            "%(party)s is asked to answer: to set the shares accordingly, or to refuse with a reason. The parties read it."
        )
        % {"party": keeper_names(found)},
        button=_("Assert it"),
        back=found.get_absolute_url(),
    )


@require_safe
def contribution(request: Request, ref: str) -> HttpResponse:
    """What was asserted, and what was answered."""
    found = _find(request, ref)
    deeds = [
        Deed("accept", _("Accept and set the shares"), "handshake", "accept-contribution", is_form=True, is_first=True),
        Deed("refuse", _("Refuse"), "no", "refuse-contribution", is_form=True),
        Deed("withdraw", _("Withdraw the assertion"), "undo", "withdraw-contribution"),
    ]
    facts = [
        Fact(_("Asserted by"), agency=found.agency),
        Fact(_("Share proposed"), f"{found.words} %"),
        Fact(_("On"), at=found.created_at),
        Fact(_("What it made"), found.reason),
        Fact(_("Answered"), at=found.answered_at, note=found.answer),
    ]
    lead = _("If it is refused the result is contested, until they agree or a dispute is opened.")
    return detail_page(
        request,
        found,
        title=_("Contribution of %(agency)s") % {"agency": found.agency.acronym},
        lead=lead if found.is_open else "",
        facts=facts,
        deeds=deeds_of(ContributionPolicy(request.actor, found), found.ref, deeds) if found.is_open else [],
    )


@require_http_methods(["GET", "POST"])
def accept(request: Request, ref: str) -> HttpResponse:
    """Agree, and set the shares."""
    found = _find(request, ref)
    return form_verb(
        request,
        found.asset,
        policy=ContributionPolicy(request.actor, found),
        rule="accept",
        form=partial(AcceptForm, contribution=found),
        act=lambda form: {"version": form.cleaned_data["version"], "shares": form.typed_shares()},
        action=partial(actions.accept_contribution, found),
        title=_("Accept and set the shares"),
        lead=_("%(agency)s proposes %(percent)s percent for itself; the rest is shown in the same proportion as now.")
        % {"agency": found.agency.acronym, "percent": found.words},
        button=_("Accept"),
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
def refuse(request: Request, ref: str) -> HttpResponse:
    """Disagree, and contest it."""
    found = _find(request, ref)
    return form_verb(
        request,
        found.asset,
        policy=ContributionPolicy(request.actor, found),
        rule="refuse",
        form=ReasonForm,
        act=lambda form: form.cleaned_data,
        action=partial(actions.refuse_contribution, found),
        title=_("Refuse the contribution"),
        lead=_("The result is contested from then on, until %(agency)s says that it is settled.")
        % {"agency": found.agency.acronym},
        button=_("Refuse"),
        back=found.get_absolute_url(),
    )


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Take the assertion back."""
    return redirect(actions.withdraw_contribution(_find(request, ref), actor=request.actor))


def _find(request: Request, ref: str) -> Contribution:
    return get_object_or_404(Contribution.objects.visible_to(request.actor).with_asset(), ref=ref)
