"""Watching over the ledger for an agency: its keys, what they co-signed, and checkpoints that it kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import actions
from agencies.forms.witnesses import AddressesForm, ComparisonForm, CosignatureForm, WitnessForm
from agencies.models import Agency
from agencies.pages import agency_page
from agencies.witnessing import WitnessingPolicy, WitnessPolicy, addresses_of
from portal.history.models import Witness
from portal.kit.actors import Request
from portal.kit.forms import attempt


@require_safe
def witnesses(request: Request, ref: str) -> HttpResponse:
    """The keys of the agency with what each has co-signed, and where checkpoints are mailed."""
    agency, context = _page(request, ref)
    rows = list(Witness.objects.visible_to(request.actor).of(agency.ref).with_last_cosigned())
    for row in rows:
        row.policy = WitnessPolicy(request.actor, row)  # type: ignore[attr-defined]
    return render(request, "agencies/witnesses.html", {**context, "rows": rows, "addresses": addresses_of(agency)})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def register(request: Request, ref: str) -> HttpResponse:
    """Name a key that co-signs checkpoints."""
    agency, context = _page(request, ref)
    context["witnessing"].require("register_witness")
    form = WitnessForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_proved():
        made = attempt(form, actions.register_witness, agency, actor=request.actor, proof=form.proof, **form.facts)
        if made is not None:
            messages.success(request, _("%(name)s may co-sign checkpoints from now on.") % {"name": made.name})
            return redirect("agencies:witnesses", agency.ref)
    words = {"title": _("Register a witness"), "button": _("Register it"), "asks_proof": True}
    return _form(request, context, form, words)


@require_POST
def retire(request: Request, ref: str, key_id: str) -> HttpResponse:
    """Have a key co-sign nothing more."""
    agency, _context = _page(request, ref)
    row = get_object_or_404(Witness.objects.visible_to(request.actor).of(agency.ref), key_id=key_id)
    row = actions.retire_witness(row, actor=request.actor)
    messages.success(request, _("%(name)s is retired. What it co-signed stays verifiable.") % {"name": row.name})
    return redirect("agencies:witnesses", agency.ref)


@require_http_methods(["GET", "HEAD", "POST"])
def cosign(request: Request, ref: str) -> HttpResponse:
    """Hand in a co-signature that was made elsewhere."""

    def take(agency: Agency, form: CosignatureForm) -> HttpResponse | None:
        made = attempt(form, actions.cosign, agency, actor=request.actor, **form.cleaned_data)
        if made is None:
            return None
        messages.success(request, _("Checkpoint %(number)s is co-signed.") % {"number": made.checkpoint_id})
        return redirect("agencies:witnesses", agency.ref)

    words = {"title": _("Hand in a co-signature"), "button": _("Hand it in")}
    return _filled(request, ref, "cosign", CosignatureForm, take, words)


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: Request, ref: str) -> HttpResponse:
    """Hold a checkpoint that the agency kept against the ledger."""

    def take(agency: Agency, form: ComparisonForm) -> HttpResponse | None:
        note = form.cleaned_data["note"]
        alarm = attempt(form, actions.compare_checkpoint, agency, actor=request.actor, note=note)
        if form.errors:
            return None
        if alarm is not None:
            return redirect("history:alarm", alarm.pk)
        messages.success(request, _("The ledger has grown from this checkpoint, and nothing before it was changed."))
        return redirect("agencies:witnesses", agency.ref)

    words = {"title": _("Compare a checkpoint"), "button": _("Compare it")}
    return _filled(request, ref, "compare_checkpoint", ComparisonForm, take, words)


@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: Request, ref: str) -> HttpResponse:
    """Say where new checkpoints are mailed."""

    def take(agency: Agency, form: AddressesForm) -> HttpResponse | None:
        wanted = form.cleaned_data["addresses"].splitlines()
        if attempt(form, actions.set_checkpoint_addresses, agency, actor=request.actor, addresses=wanted) is None:
            return None
        messages.success(request, _("Saved. The next new checkpoint goes there."))
        return redirect("agencies:witnesses", agency.ref)

    words = {"title": _("Mail checkpoints"), "button": _("Save")}
    return _filled(request, ref, "set_checkpoint_addresses", AddressesForm, take, words)


def _page(request: Request, ref: str) -> tuple[Agency, dict[str, Any]]:
    agency, context = agency_page(request, ref, "witnesses")
    return agency, {**context, "witnessing": WitnessingPolicy(request.actor, agency)}


def _filled(
    request: Request,
    ref: str,
    rule: str,
    form_class: type[Any],
    take: Callable[[Agency, Any], HttpResponse | None],
    words: dict[str, Any],
) -> HttpResponse:
    """The page of a form: what `take` answers once it is filled in rightly, else the form with what is wrong."""
    agency, context = _page(request, ref)
    context["witnessing"].require(rule)
    initial = {"addresses": "\n".join(addresses_of(agency))}
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and (answer := take(agency, form)) is not None:
        return answer
    return _form(request, context, form, words)


def _form(request: Request, context: dict[str, Any], form: Form, words: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "agencies/witness_form.html", {**context, "form": form, **words}, status=status)
