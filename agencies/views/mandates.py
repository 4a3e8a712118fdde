"""Mandates to sign: who holds which, granting and revoking them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import actions, zones
from agencies.forms import MandateForm
from agencies.models import Agency, Mandate
from agencies.pages import agency_page
from agencies.policies import MandatePolicy
from agencies.views.registering import stored
from portal.files.storage import respond
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page


@require_safe
def mandates(request: Request, ref: str) -> HttpResponse:
    """Every mandate of the agency, valid or not."""
    _agency, context = agency_page(request, ref, "mandates")
    shown = page(_visible(request), request)
    for row in shown.rows:
        row.policy = MandatePolicy(request.actor, row)
    return render(request, "agencies/mandates.html", {**context, "page": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def grant(request: Request, ref: str) -> HttpResponse:
    """Give a signatory authority."""
    agency, context = agency_page(request, ref, "mandates")
    context["policy"].require("grant_mandate")
    is_post = request.method == "POST"
    form = MandateForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        request=request,
        actor=request.actor,
        initial={"starts_on": zones.today(agency.zone)},
    )
    if is_post and form.is_proved():
        mandate = attempt(form, _grant, request, agency, form)
        if mandate is not None:
            messages.success(request, _("%(ref)s is granted, and its holder is told.") % {"ref": mandate.ref})
            return redirect("agencies:mandates", agency.ref)
    return render(request, "agencies/grant.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_POST
def revoke(request: Request, ref: str, mandate: str) -> HttpResponse:
    """Take a mandate back."""
    agency, _context = agency_page(request, ref, "mandates")
    row = actions.revoke_mandate(get_object_or_404(_visible(request), ref=mandate), actor=request.actor)
    messages.success(request, _("%(ref)s is revoked. What was signed under it stays signed.") % {"ref": row.ref})
    return redirect("agencies:mandates", agency.ref)


@require_safe
def source(request: Request, ref: str, mandate: str) -> HttpResponse:
    """The document that a mandate rests on."""
    agency_page(request, ref, "mandates")
    row = get_object_or_404(_visible(request), ref=mandate)
    if row.source_file is None:
        raise Http404
    return respond(row.source_file)


def _visible(request: Request) -> Any:
    rows = Mandate.objects.visible_to(request.actor)
    return rows.select_related("person", "agency", "granted_by", "source_file")


@transaction.atomic
def _grant(request: Request, agency: Agency, form: MandateForm) -> Mandate:
    facts = form.facts
    if facts["source_file"]:
        facts["source_file"] = stored(facts["source_file"], request, "source_file")
    return actions.grant_mandate(agency, actor=request.actor, proof=form.proof, **facts)
