"""Signatures made outside the portal, in pages: what was handed in, who vouches for it, and what happens next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.files.storage import download, respond
from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.forms import ReasonForm
from projects.agreements.forms.outside import CertifyForm, ExternalForm, WitnessForm
from projects.agreements.models import Agreement, ExternalSignature
from projects.agreements.pages import agreement_page
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.found import found_in
from projects.agreements.signing.levels import least_level
from projects.agreements.signing.names import other_name
from projects.agreements.signing.outside import externals_of, needs_witness, pdf_to_sign

INVALID = 422


@require_safe
def outside(request: Request, ref: str) -> HttpResponse:
    """What was handed in, and the PDF to be signed."""
    agreement, context = _shown(request, ref)
    context |= {"rows": externals_of(agreement), "least": least_level(agreement)}
    return render(request, "agreements/outside.html", context)


@require_safe
def pdf(request: Request, ref: str) -> HttpResponse:
    """The frozen text, unsigned: what is printed and signed by hand, or signed with a certificate."""
    agreement, _context = _shown(request, ref)
    if agreement.text is None:
        raise Http404
    name = f"{agreement.ref}-v{agreement.text.number}-to-sign.pdf"
    return download(pdf_to_sign(agreement.text), name, "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request, ref: str) -> HttpResponse:
    """Hand in a scan, or a signed PDF."""
    agreement, context = _shown(request, ref)
    context["policy"].require("submit_external")
    assert agreement.text is not None
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ExternalForm(*typed, agreement=agreement, initial={"sha256": agreement.text.sha256})
    if request.method == "POST" and form.is_valid():
        handed = attempt(form, actions.submit_external, agreement, actor=request.actor, handed=form.handed)
        if handed is not None:
            messages.success(
                request, _("Handed in. %(agency)s is asked to certify it.") % {"agency": agreement.depositary.acronym}
            )
            return redirect("agreements:external", ref, handed.number)
    context |= {"form": form, "least": least_level(agreement)}
    return render(request, "agreements/external_new.html", context, status=INVALID if form.errors else 200)


@never_cache
@require_safe
def external(request: Request, ref: str, number: int) -> HttpResponse:
    """One of them: what its party says, what was found, who vouches, what happens next."""
    _agreement, context = _one(request, ref, number)
    return _page(request, context)


@require_safe
def file(request: Request, ref: str, number: int) -> HttpResponse:
    """The scan or the signed PDF, for parties."""
    _agreement, context = _one(request, ref, number)
    return respond(context["external"].file)


@never_cache
@sensitive_post_parameters("password", "code")
@require_POST
def certify(request: Request, ref: str, number: int) -> HttpResponse:
    """Certify it for the depositary."""
    form_class, done = CertifyForm, _("Certified. What happens next is said here.")
    return _vouched(request, ref, number, "certify_external", actions.certify_external, form_class, done)


@never_cache
@sensitive_post_parameters("password", "code")
@require_POST
def witness(request: Request, ref: str, number: int) -> HttpResponse:
    """Witness it as a second person."""
    form_class, done = WitnessForm, _("Witnessed. The signature counts from now on.")
    return _vouched(request, ref, number, "witness_external", actions.witness_external, form_class, done)


@require_POST
def refuse(request: Request, ref: str, number: int) -> HttpResponse:
    """Refuse it for the depositary, with a reason."""
    agreement, context = _one(request, ref, number, "refuse_external")
    form = ReasonForm(request.POST, prefix="refuse")
    if form.is_valid() and attempt(
        form, actions.refuse_external, agreement, number, actor=request.actor, **form.cleaned_data
    ):
        messages.success(request, _("Refused. Its party reads the reason and may hand in another."))
        return redirect("agreements:external", ref, number)
    return _page(request, {**context, "refuse_form": form})


@require_POST
def withdraw(request: Request, ref: str, number: int) -> HttpResponse:
    """Take back what one's agency handed in."""
    agreement, _context = _one(request, ref, number, "withdraw_external")
    actions.withdraw_external(agreement, number, actor=request.actor)
    messages.success(request, _("Taken back. It stays on record and does not count."))
    return redirect("agreements:external", ref, number)


def _vouched(
    request: Request, ref: str, number: int, verb: str, action: Any, form_class: Any, done: str
) -> HttpResponse:
    agreement, context = _one(request, ref, number, verb)
    form = form_class(request.POST, request=request, external=context["external"])
    if form.is_proved() and attempt(
        form, action, agreement, number, actor=request.actor, proof=form.proof, **form.facts
    ):
        messages.success(request, done)
        return redirect("agreements:external", ref, number)
    return _page(request, {**context, "vouch_form": form})


def _shown(request: Request, ref: str) -> tuple[Agreement, dict[str, Any]]:
    """SECURITY: a scan shows handwriting and names; who reads the text without being a party learns nothing of it."""
    agreement, context = agreement_page(request, ref, "signing")
    context["policy"].require_party()
    return agreement, context


def _one(request: Request, ref: str, number: int, verb: str = "") -> tuple[Agreement, dict[str, Any]]:
    """One that was handed in; a refusal must not hide behind a typing error, so it is asked before a form is read."""
    agreement, context = _shown(request, ref)
    row = next((row for row in externals_of(agreement) if row.number == number), None)
    if row is None:
        raise Http404
    if verb:
        context["policy"].require(verb)
        if (refusal := context["policy"].of_external(verb, row)) is not None:
            raise refusal
    return agreement, {**context, "external": row}


def _page(request: Request, context: dict[str, Any]) -> HttpResponse:
    policy: AgreementPolicy = context["policy"]
    row: ExternalSignature = context["external"]
    refusals = {
        verb: policy.of_external(f"{verb}_external", row) for verb in ("certify", "witness", "refuse", "withdraw")
    }
    shown = {"sha256": row.text.sha256, "file_sha256": row.file.sha256}
    if refusals["certify"] is None:
        context.setdefault("vouch_form", CertifyForm(request=request, initial=shown, external=row))
    elif refusals["witness"] is None:
        context.setdefault("vouch_form", WitnessForm(request=request, initial=shown, external=row))
    if refusals["refuse"] is None:
        context.setdefault("refuse_form", ReasonForm(prefix="refuse"))
    context |= {
        "found": found_in(row.findings),
        "least": least_level(policy.agreement),
        "other_name": other_name(row),
        "needs_witness": needs_witness(row),
        "is_current": row.text_id == policy.agreement.text_id,
        "may_certify": refusals["certify"] is None,
        "may_withdraw": refusals["withdraw"] is None,
        "why_not": _why_not(row, refusals),
    }
    is_invalid = any(context[name].errors for name in ("vouch_form", "refuse_form") if name in context)
    return render(request, "agreements/external.html", context, status=INVALID if is_invalid else 200)


def _why_not(row: ExternalSignature, refusals: dict[str, Any]) -> Any:
    """Why the reader cannot do what it waits for; nothing where they can, or where it waits for nobody."""
    if not row.is_waiting:
        return ""
    refusal = refusals["certify" if row.status == "submitted" else "witness"]
    return refusal.reason if refusal is not None else ""
