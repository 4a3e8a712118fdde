"""An agreement among others: what it stands under, what changed it, who may rely on it, and the text in force on a day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import Agency
from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.consolidation import text_in_force
from projects.agreements.family import candidates, family_of, umbrellas_for
from projects.agreements.forms import AgreeForm
from projects.agreements.forms.tree import AccessionForm, BeneficiaryForm, OnForm, PlaceForm
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page
from projects.agreements.paragraphs import paragraphs
from projects.agreements.policies.base import ABOUT_ANOTHER
from projects.agreements.term import last_day_of
from projects.forms import find_agency

INVALID = 422


@require_safe
def related(request: Request, ref: str) -> HttpResponse:
    """What stands above, beside and below; and what can be begun from here."""
    _agreement, context = _related(request, ref)
    return render(request, "agreements/related.html", context)


@require_safe
def in_force(request: Request, ref: str) -> HttpResponse:
    """The text that counts on a day, each clause with the instrument that set it."""
    agreement, context = agreement_page(request, ref, "in-force")
    if not agreement.is_effective:
        raise Http404
    form = OnForm(request.GET or None)
    on = form.cleaned_data["on"] if form.is_valid() else None
    day = on or agreement.depositary.local().date()
    text = text_in_force(agreement, day)
    last = last_day_of(agreement).on
    context |= {
        "form": form,
        "on": day,
        "text": text,
        "clauses": [
            {"clause": clause, "paragraphs": paragraphs(clause.number, clause.text)} for clause in text.clauses
        ],
        "is_before": agreement.in_force_on is not None and day < agreement.in_force_on,
        "is_after": last is not None and day > last,
    }
    return render(request, "agreements/in_force.html", context, status=INVALID if form.errors else 200)


@require_POST
def amend(request: Request, ref: str) -> HttpResponse:
    drafted = actions.draft_amendment(_visible(request, ref), actor=request.actor)
    messages.success(
        request,
        _("%(ref)s is drafted. It starts from the text in force; change what is to change.") % {"ref": drafted.ref},
    )
    return redirect("agreements:agreement", drafted.ref)


@require_http_methods(["POST"])
def accede(request: Request, ref: str) -> HttpResponse:
    """Draft the accession of an agency that has accepted the project."""
    agreement, context = _related(request, ref)
    context["policy"].require("open_accession")
    form = AccessionForm(request.POST, candidates=candidates(agreement))
    if form.is_valid():
        drafted = attempt(form, actions.draft_accession, agreement, actor=request.actor, **form.cleaned_data)
        if drafted:
            messages.success(request, _("%(ref)s is drafted.") % {"ref": drafted.ref})
            return redirect("agreements:agreement", drafted.ref)
    return render(request, "agreements/related.html", {**context, "accession_form": form}, status=INVALID)


@require_http_methods(["POST"])
def place(request: Request, ref: str) -> HttpResponse:
    """Say under which instrument a draft stands."""
    agreement, context = _related(request, ref)
    context["policy"].require("place_under")
    form = PlaceForm(request.POST, umbrellas=_umbrellas(request, agreement))
    if form.is_valid() and attempt(form, actions.place_under, agreement, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("What it stands under is settled."))
        return redirect("agreements:related", ref)
    return render(request, "agreements/related.html", {**context, "place_form": form}, status=INVALID)


@require_http_methods(["POST"])
def name_beneficiary(request: Request, ref: str) -> HttpResponse:
    """Name an agency that may rely on a clause."""
    agreement, context = _related(request, ref)
    context["policy"].require("name_beneficiary")
    form = BeneficiaryForm(request.POST, clauses=list(agreement.clauses.all()))
    if form.is_valid():
        agency = find_agency(form.cleaned_data["agency"], request.actor)
        if agency is None:
            form.add_error("agency", _("No verified agency has this acronym or reference."))
        elif attempt(
            form, actions.name_beneficiary, agreement, actor=request.actor, agency=agency,
            code=form.cleaned_data["code"], words=form.cleaned_data["words"],
        ):  # fmt: skip
            messages.success(request, _("The third party stands in an annex of the text."))
            return redirect("agreements:related", ref)
    return render(request, "agreements/related.html", {**context, "beneficiary_form": form}, status=INVALID)


@require_POST
def drop_beneficiary(request: Request, ref: str, agency: str, code: str) -> HttpResponse:
    agreement = _visible(request, ref)
    named = get_object_or_404(Agency.objects.visible_to(request.actor), ref=agency)
    actions.drop_beneficiary(agreement, actor=request.actor, agency=named, code=code)
    messages.success(request, _("The third party is taken out of the annex."))
    return redirect("agreements:related", ref)


@require_POST
def catch_up(request: Request, ref: str) -> HttpResponse:
    actions.catch_up(_visible(request, ref), actor=request.actor)
    messages.success(
        request, _("The text in force is taken over; your changes stay. Every party is asked to agree again.")
    )
    return redirect("agreements:agreement", ref)


@require_POST
def consent(request: Request, ref: str) -> HttpResponse:
    form = AgreeForm(request.POST)
    sha256 = form.cleaned_data["sha256"] if form.is_valid() else ""
    actions.consent_to_amendment(_visible(request, ref), actor=request.actor, sha256=sha256)
    messages.success(request, _("Your agency has consented to this text."))
    return redirect("agreements:related", ref)


def _related(request: Request, ref: str) -> tuple[Agreement, dict[str, Any]]:
    agreement, context = agreement_page(request, ref, "related")
    initial = {"parent": agreement.parent.ref if agreement.parent else "", "version": agreement.version}
    policy = context["policy"]
    context["is_a_text_of_its_own"] = agreement.kind not in ABOUT_ANOTHER
    context["family"] = family_of(agreement, request.actor)
    context["named"] = list(agreement.beneficiaries.select_related("agency"))
    context["headings"] = {clause.code: clause for clause in agreement.clauses.all()}
    if policy.can_open_accession:
        context["accession_form"] = AccessionForm(candidates=candidates(agreement))
    if policy.can_place_under:
        context["place_form"] = PlaceForm(initial=initial, umbrellas=_umbrellas(request, agreement))
    if policy.can_name_beneficiary:
        context["beneficiary_form"] = BeneficiaryForm(clauses=list(agreement.clauses.all()))
    return agreement, context


def _visible(request: Request, ref: str) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(request.actor), ref=ref)


def _umbrellas(request: Request, agreement: Agreement) -> list[Agreement]:
    parties = {party.agency_id for party in agreement.party_list}
    return umbrellas_for(agreement.project, request.actor, parties, child=agreement.pk)
