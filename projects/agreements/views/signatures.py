"""A signature of one's own agency afterwards: confirm it, or take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.forms import ConfirmSignatureForm, VoidSignatureForm
from projects.agreements.models import Agreement, Signature
from projects.agreements.pages import agreement_page
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.levels import asks_for_a_key

INVALID = 422


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, ref: str, evidence: str) -> HttpResponse:
    """Confirm what was signed ad referendum, proving again who it is."""
    agreement, context, signature = _own(request, ref, evidence)
    policy: AgreementPolicy = context["policy"]
    policy.require("confirm_signature")
    if signature.counts_from is None and (refusal := policy.of_confirmation(signature)) is not None:
        raise refusal
    typed = request.POST if request.method == "POST" else None
    needs = {
        "needs_approval": policy.needs_approval(signature),
        "needs_passkey": asks_for_a_key(agreement.text.document),  # type: ignore[union-attr]  # there is one: it was signed
    }
    form = ConfirmSignatureForm(typed, request=request, **needs)
    if request.method == "POST" and form.is_proved():
        given = {"evidence_sha256": signature.evidence_sha256, "proof": form.proof, **form.facts}
        if attempt(form, actions.confirm_signature, agreement, actor=request.actor, **given):
            messages.success(request, _("Confirmed. The signature counts from now on."))
            return redirect("agreements:agreement", ref)
    return _answer(request, "agreements/confirm_signature.html", context, form)


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: Request, ref: str, evidence: str) -> HttpResponse:
    """Take a signature back, with a reason, proving again who it is."""
    agreement, context, signature = _own(request, ref, evidence)
    context["policy"].require("void_signature")
    form = VoidSignatureForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_proved():
        given = {"evidence_sha256": signature.evidence_sha256, "proof": form.proof, **form.facts}
        if attempt(form, actions.void_signature, agreement, actor=request.actor, **given):
            messages.success(request, _("The signature is taken back. It stays readable, with your reason."))
            return redirect("agreements:agreement", ref)
    return _answer(request, "agreements/void_signature.html", context, form)


def _own(request: Request, ref: str, evidence: str) -> tuple[Agreement, dict[str, Any], Signature]:
    """A signature under the present text; only its party's own are found."""
    agreement, context = agreement_page(request, ref, "text")
    for row in agreement.standing_signatures:
        if row.evidence_sha256 == evidence and row.party.agency_id == request.actor.agency_id:
            context["signature"] = row
            return agreement, context, row
    raise Http404


def _answer(request: Request, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    return render(request, template, {**context, "form": form}, status=INVALID if form.errors else 200)
