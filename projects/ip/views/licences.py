"""Licences on an asset: notice, consent where it is needed, recording."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.actors import Request
from projects.ip import actions
from projects.ip.detail import Deed, Fact, deeds_of, detail_page
from projects.ip.forms.belongings import LicenceForm, ReasonForm
from projects.ip.models import Licence, LicenceStatus
from projects.ip.policies import AssetPolicy, LicencePolicy
from projects.ip.views.verbs import find_asset, form_verb


@require_http_methods(["GET", "POST"])
def license_asset(request: Request, ref: str) -> HttpResponse:
    """License it to somebody."""
    found = find_asset(request, ref)
    is_joint = len(found.owners()) > 1
    return form_verb(
        request,
        found,
        policy=AssetPolicy(request.actor, found),
        rule="license",
        form=partial(LicenceForm, asset=found, actor=request.actor),
        act=lambda form: form.typed(),
        action=partial(actions.license_asset, found),
        title=_("License it"),
        lead=_(
            "It belongs to several owners: the others have notice first, and an exclusive licence needs the consent of all."
        )
        if is_joint
        else _("Your agency is the only owner: the licence is recorded at once."),
        button=_("Give notice") if is_joint else _("Record it"),
        back=found.get_absolute_url(),
    )


@require_safe
def licence(request: Request, ref: str) -> HttpResponse:
    """The licence, and what it waits for."""
    found = _find(request, ref)
    policy = LicencePolicy(request.actor, found)
    deeds = [
        Deed("record", _("Record it as given"), "check", "record-licence", is_first=True),
        Deed("consent", _("Consent"), "handshake", "consent-to-licence"),
        Deed("refuse", _("Refuse"), "no", "refuse-licence", is_form=True),
        Deed("withdraw", _("Withdraw it"), "undo", "withdraw-licence"),
    ]
    if found.status == LicenceStatus.RECORDED:
        deeds = [Deed("end", _("It has ended early"), "no", "end-licence")]
    facts = [
        Fact(_("Licensor"), agency=found.licensor),
        Fact(_("Licensee"), found.licensee_name),
        Fact(_("Kind"), _("Exclusive") if found.is_exclusive else _("Non-exclusive")),
        Fact(_("Field of use"), found.field or _("Every field")),
        Fact(_("Territory"), found.territory or _("Worldwide")),
        Fact(_("From"), day=found.starts_on),
        Fact(_("Until"), _("No last day") if found.ends_on is None else "", day=found.ends_on),
        Fact(_("Notice runs until"), at=found.notice_ends_at, note=found.source),
        Fact(_("Earliest day after the notice"), day=found.first_day if found.notice_ends_at else None),
        Fact(_("Recorded"), at=found.recorded_at),
    ]
    is_open = found.status in (LicenceStatus.NOTICED, LicenceStatus.RECORDED)
    return detail_page(
        request,
        found,
        title=_("Licence to %(name)s") % {"name": found.licensee_name},
        lead="",
        facts=facts,
        deeds=deeds_of(policy, found.ref, deeds) if is_open else [],
        answers=list(found.standing_answers().values()),
        silent=[one for one in policy.missing_consents() if one.pk not in found.standing_answers()]
        if found.status == LicenceStatus.NOTICED
        else [],
    )


@require_POST
def record(request: Request, ref: str) -> HttpResponse:
    """Record it as given."""
    return redirect(actions.record_licence(_find(request, ref), actor=request.actor))


@require_POST
def consent(request: Request, ref: str) -> HttpResponse:
    """Consent to an exclusive licence."""
    return redirect(actions.consent_to_licence(_find(request, ref), actor=request.actor))


@require_http_methods(["GET", "POST"])
def refuse(request: Request, ref: str) -> HttpResponse:
    """Refuse an exclusive licence."""
    found = _find(request, ref)
    return form_verb(
        request,
        found.asset,
        policy=LicencePolicy(request.actor, found),
        rule="refuse",
        form=ReasonForm,
        act=lambda form: form.cleaned_data,
        action=partial(actions.refuse_licence, found),
        title=_("Refuse the licence"),
        lead=_("Consent may not be withheld without a reason stated in writing."),
        button=_("Refuse"),
        back=found.get_absolute_url(),
    )


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Not give it after all."""
    return redirect(actions.withdraw_licence(_find(request, ref), actor=request.actor))


@require_POST
def end(request: Request, ref: str) -> HttpResponse:
    """Say that it has ended."""
    return redirect(actions.end_licence(_find(request, ref), actor=request.actor))


def _find(request: Request, ref: str) -> Licence:
    return get_object_or_404(Licence.objects.visible_to(request.actor).with_asset(), ref=ref)
