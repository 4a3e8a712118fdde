"""Transfers of shares: notice, answers, completion."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.actors import Request
from projects.ip import actions
from projects.ip.detail import Deed, Fact, deeds_of, detail_page
from projects.ip.forms.belongings import CompleteForm, ReasonForm, TransferForm
from projects.ip.models import TitleTransfer
from projects.ip.policies import AssetPolicy, TransferPolicy
from projects.ip.views.verbs import find_asset, form_verb


@require_http_methods(["GET", "POST"])
def notify_transfer(request: Request, ref: str) -> HttpResponse:
    """Give notice that one's share will be somebody else's."""
    found = find_asset(request, ref)
    return form_verb(
        request,
        found,
        policy=AssetPolicy(request.actor, found),
        rule="notify_transfer",
        form=partial(TransferForm, asset=found, actor=request.actor),
        act=lambda form: form.typed(),
        action=partial(actions.notify_transfer, found),
        title=_("Transfer a share"),
        lead=_(
            "The others have notice first and may object; other owners have to consent. Access rights that exist go on."
        ),
        button=_("Give notice"),
        back=found.get_absolute_url(),
    )


@require_safe
def transfer(request: Request, ref: str) -> HttpResponse:
    """The notice, what the others say, and what may happen now."""
    found = _find(request, ref)
    policy = TransferPolicy(request.actor, found)
    deeds = [
        Deed("complete", _("Complete it"), "check", "complete-transfer", is_form=True, is_first=True),
        Deed("consent", _("Consent"), "handshake", "consent-to-transfer"),
        Deed("object", _("Object"), "alert", "object-to-transfer", is_form=True),
        Deed("withdraw", _("Withdraw it"), "undo", "withdraw-transfer"),
    ]
    facts = [
        Fact(_("From"), agency=found.from_agency),
        Fact(_("To"), found.to_name, note="" if found.to_agency else _("Outside the portal")),
        Fact(_("Share"), f"{found.words} %"),
        Fact(_("What the others should know"), found.reason),
        Fact(_("Notice given"), at=found.created_at),
        Fact(_("Notice runs until"), at=found.ends_at, note=found.source),
        Fact(_("Closed"), at=found.closed_at),
        Fact(_("SHA-256 of the deed"), found.document_hash),
    ]
    return detail_page(
        request,
        found,
        title=_("Transfer of %(percent)s %% from %(agency)s")
        % {"percent": found.words, "agency": found.from_agency.acronym},
        lead="",
        facts=facts,
        deeds=deeds_of(policy, found.ref, deeds) if found.is_open else [],
        answers=list(found.standing_answers().values()),
        silent=[one for one in policy.missing_consents() if one.pk not in found.standing_answers()]
        if found.is_open
        else [],
    )


@require_http_methods(["GET", "POST"])
def object_to(request: Request, ref: str) -> HttpResponse:
    """Object, with the reason."""
    found = _find(request, ref)
    return form_verb(
        request,
        found.asset,
        policy=TransferPolicy(request.actor, found),
        rule="object",
        form=ReasonForm,
        act=lambda form: form.cleaned_data,
        action=partial(actions.object_to_transfer, found),
        title=_("Object to the transfer"),
        lead=_("Say which of your rights would suffer, and how. The transfer waits until you lift the objection."),
        button=_("Object"),
        back=found.get_absolute_url(),
    )


@require_POST
def consent(request: Request, ref: str) -> HttpResponse:
    """Consent, or lift an objection."""
    return redirect(actions.consent_to_transfer(_find(request, ref), actor=request.actor))


@require_http_methods(["GET", "POST"])
def complete(request: Request, ref: str) -> HttpResponse:
    """Write the new owner into the register."""
    found = _find(request, ref)
    return form_verb(
        request,
        found.asset,
        policy=TransferPolicy(request.actor, found),
        rule="complete",
        form=CompleteForm,
        act=lambda form: form.typed(),
        action=partial(actions.complete_transfer, found),
        title=_("Complete the transfer"),
        lead=_("From then on %(name)s owns %(percent)s percent. The chain of title keeps this for good.")
        % {"name": found.to_name, "percent": found.words},
        button=_("Complete it"),
        back=found.get_absolute_url(),
    )


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Keep the share after all."""
    return redirect(actions.withdraw_transfer(_find(request, ref), actor=request.actor))


def _find(request: Request, ref: str) -> TitleTransfer:
    return get_object_or_404(TitleTransfer.objects.visible_to(request.actor).with_asset(), ref=ref)
