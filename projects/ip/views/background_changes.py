"""Narrowing the access to background: propose it, and answer."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.actors import Request
from projects.ip import actions
from projects.ip.detail import Deed, Fact, deeds_of, detail_page
from projects.ip.forms.belongings import NarrowingForm, ReasonForm
from projects.ip.models import BackgroundChange, ChangeRule, ChangeStatus
from projects.ip.narrowing import CLAUSE, open_under
from projects.ip.policies import AssetPolicy, BackgroundChangePolicy
from projects.ip.views.verbs import find_asset, form_verb


@require_http_methods(["GET", "POST"])
def propose(request: Request, ref: str) -> HttpResponse:
    """Propose to narrow the access to background."""
    found = find_asset(request, ref)
    policy = AssetPolicy(request.actor, found)
    policy.require("propose_narrowing")
    terms = open_under(found)
    by_notice = terms is not None and terms.answers.get("background_change") == ChangeRule.NOTICE
    return form_verb(
        request,
        found,
        policy=policy,
        rule="propose_narrowing",
        form=NarrowingForm,
        act=lambda form: form.typed(),
        action=partial(actions.propose_narrowing, found),
        title=_("Narrow the access to it"),
        lead=(
            _("Under %(source)s it takes effect when its notice has run.")
            if by_notice
            else _(
                "Under %(source)s it takes effect when every other party has consented. Rights that were granted before remain."
            )
        )
        % {"source": terms.source(CLAUSE) if terms else ""},
        button=_("Propose it"),
        back=found.get_absolute_url(),
    )


@require_safe
def change(request: Request, ref: str) -> HttpResponse:
    """The proposal, and what the others say."""
    found = _find(request, ref)
    policy = BackgroundChangePolicy(request.actor, found)
    deeds = [
        Deed("consent", _("Consent"), "handshake", "consent-to-narrowing", is_first=True),
        Deed("refuse", _("Refuse"), "no", "refuse-narrowing", is_form=True),
        Deed("withdraw", _("Withdraw the proposal"), "undo", "withdraw-narrowing"),
    ]
    by_consent = found.rule == ChangeRule.CONSENT
    facts = [
        Fact(_("Proposed by"), agency=found.agency),
        Fact(_("What changes"), found.get_kind_display()),
        Fact(_("Limits on use for the project"), found.limits_implementation),
        Fact(_("Limits on use afterwards"), found.limits_exploitation),
        Fact(_("Reason"), found.reason),
        Fact(_("Takes effect by"), found.get_rule_display(), note=found.source),
        Fact(_("Answers are asked until") if by_consent else _("Takes effect"), at=found.ends_at),
        Fact(_("Closed"), at=found.closed_at),
    ]
    is_open = found.status == ChangeStatus.PROPOSED
    said = found.standing_answers()
    late = _("Whoever has not answered has not consented; the question may be taken to a dispute.")
    return detail_page(
        request,
        found,
        title=_("Narrower access: %(kind)s") % {"kind": str(found.get_kind_display()).lower()},
        lead=late if is_open and by_consent and found.is_over else "",
        facts=facts,
        deeds=deeds_of(policy, found.ref, deeds) if is_open else [],
        answers=list(said.values()),
        silent=[row.agency for row in policy.missing() if row.agency_id not in said] if is_open and by_consent else [],
    )


@require_POST
def consent(request: Request, ref: str) -> HttpResponse:
    """Consent for one's party."""
    return redirect(actions.consent_to_narrowing(_find(request, ref), actor=request.actor))


@require_http_methods(["GET", "POST"])
def refuse(request: Request, ref: str) -> HttpResponse:
    """Refuse for one's party."""
    found = _find(request, ref)
    return form_verb(
        request,
        found.asset,
        policy=BackgroundChangePolicy(request.actor, found),
        rule="refuse",
        form=ReasonForm,
        act=lambda form: form.cleaned_data,
        action=partial(actions.refuse_narrowing, found),
        title=_("Refuse the proposal"),
        lead=_("The access stays as it is."),
        button=_("Refuse"),
        back=found.get_absolute_url(),
    )


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Take the proposal back."""
    return redirect(actions.withdraw_narrowing(_find(request, ref), actor=request.actor))


def _find(request: Request, ref: str) -> BackgroundChange:
    return get_object_or_404(BackgroundChange.objects.visible_to(request.actor).with_asset(), ref=ref)
