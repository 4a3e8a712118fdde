"""Pages of export control in a project, and of one export authorisation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.files.models import StoredFile
from portal.files.storage import respond, store
from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.forms import Form, attempt
from portal.kit.pagination import page
from projects.ip import actions
from projects.ip.forms.markings import AmendForm, ApplyForm, GrantForm, VoidForm
from projects.ip.models import ExportAuthorisation
from projects.ip.pages import ip_page
from projects.ip.policies.authorisations import AuthorisationPolicy, ExportPolicy

TIMELINE = 20


@require_safe
def authorisations(request: Request, ref: str) -> HttpResponse:
    """The export authorisations of a project that the reader may know of."""
    project, context = ip_page(request, ref, "authorisations")
    rows = ExportAuthorisation.objects.visible_to(request.actor).filter(project=project).select_related("agency")
    context |= {"page": page(rows, request), "may": ExportPolicy(request.actor, project)}
    return render(request, "ip/authorisations.html", context)


@require_http_methods(["GET", "POST"])
def apply(request: Request, ref: str) -> HttpResponse:
    """Enter what has been applied for."""
    project, context = ip_page(request, ref, "authorisations")
    ExportPolicy(request.actor, project).require("apply")
    form = ApplyForm(
        request.POST or None,
        request.FILES or None,
        project=project,
        holder_id=request.actor.agency_id,
        zone=request.actor.zone,
        initial={"items": request.GET.get("item", "")[:32]},
    )
    if request.method == "POST" and form.is_valid():
        entered = attempt(form, _with_document, actions.apply_for_authorisation, project, request, form)
        if entered:
            return redirect(entered)
    return render(request, "ip/authorisation_new.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_safe
def authorisation(request: Request, ref: str) -> HttpResponse:
    """What it lets cross, to whom, from when to when."""
    found = _find(request, ref)
    events = Event.objects.visible_to(request.actor).of(found.ref).newest_first()[:TIMELINE]
    return render(request, "ip/authorisation.html", {**_context(request, found), "events": timeline(events)})


@require_http_methods(["GET", "POST"])
def grant(request: Request, ref: str) -> HttpResponse:
    """Enter the grant."""
    found = _find(request, ref)
    shown = {"version": found.version, "number": found.number, "conditions": found.conditions}
    form = GrantForm(request.POST or None, request.FILES or None, initial=shown, zone=request.actor.zone)
    return _verb(request, found, form, "grant", actions.grant_authorisation)


@require_http_methods(["GET", "POST"])
def amend(request: Request, ref: str) -> HttpResponse:
    """Enter an amendment."""
    found = _find(request, ref)
    form = AmendForm(request.POST or None, request.FILES or None, authorisation=found, zone=request.actor.zone)
    return _verb(request, found, form, "amend", actions.amend_authorisation)


@require_http_methods(["GET", "POST"])
def void(request: Request, ref: str) -> HttpResponse:
    """Say that it is refused, withdrawn or revoked."""
    found = _find(request, ref)
    return _verb(request, found, VoidForm(request.POST or None), "void", actions.void_authorisation)


@require_safe
def document(request: Request, ref: str) -> HttpResponse:
    """The licence itself, for its holder."""
    found = _find(request, ref)
    AuthorisationPolicy(request.actor, found).require("read_document")
    assert found.document is not None
    return respond(found.document)


def _find(request: Request, ref: str) -> ExportAuthorisation:
    rows = ExportAuthorisation.objects.visible_to(request.actor).select_related("project__lead", "agency", "document")
    return get_object_or_404(rows.prefetch_related("project__participations__agency"), ref=ref)


def _context(request: Request, found: ExportAuthorisation) -> dict[str, Any]:
    policy = AuthorisationPolicy(request.actor, found)
    return {"authorisation": found, "project": found.project, "policy": policy}


def _verb(request: Request, found: ExportAuthorisation, form: Form, verb: str, action: Any) -> HttpResponse:
    context = _context(request, found)
    context["policy"].require(verb)
    if request.method == "POST" and form.is_valid() and attempt(form, _with_document, action, found, request, form):
        messages.success(request, _("%(ref)s is up to date.") % {"ref": found.ref})
        return redirect(found)
    return render(
        request,
        "ip/authorisation_form.html",
        {**context, "form": form, "verb": verb},
        status=422 if form.errors else 200,
    )


@transaction.atomic
def _with_document(action: Any, about: Any, request: Request, form: Form) -> Any:
    """Store what was uploaded in the transaction of the action, so that a refusal keeps nothing."""
    typed = dict(form.cleaned_data)
    if "document" in typed:
        typed["document"] = _stored(request, typed["document"])
    return action(about, actor=request.actor, **typed)


def _stored(request: Request, uploaded: Any) -> StoredFile | None:
    return store(uploaded, uploaded.name, actor=request.actor) if uploaded else None
