"""Pages of a record's marking: what it is, who determined it, who holds it, and the forms of its verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.actors import Request
from portal.kit.forms import Form, attempt
from projects.ip import actions
from projects.ip.forms.markings import ClassifyForm, MarkForm, NeedForm, ReasonForm
from projects.ip.markings import find_marked, owner_of, refusal_to_read
from projects.ip.models import Classification, ClassificationRequest, ExportAuthorisation, ExportHold
from projects.ip.policies.markings import MarkingPolicy

SHOWN = 20


@require_safe
def markings(request: Request, ref: str) -> HttpResponse:
    """How a record is marked, and what that means for the reader's agency."""
    item = find_marked(ref, request.actor)
    classified = Classification.objects.visible_to(request.actor).of(item.ref).select_related("person")
    asked = ClassificationRequest.objects.visible_to(request.actor).filter(item=item.ref).select_related("asked_by")
    held = ExportHold.objects.visible_to(request.actor).filter(item=item.ref).select_related("agency", "placed_by")
    permitted = ExportAuthorisation.objects.visible_to(request.actor).filter(project=item.project_id)
    owner = owner_of(item)
    rows = permitted.filter(agency=owner).select_related("agency").order_by("-pk")[:SHOWN]
    context = {
        **_context(request, item),
        "refusal": refusal_to_read(item, request.actor),
        "classifications": classified.newest_first()[:SHOWN],
        "requests": asked.order_by("-asked_at", "-pk")[:SHOWN],
        "holds": held.order_by("-placed_at", "-pk")[:SHOWN],
        "authorisations": [row for row in rows if not row.items or item.ref in row.items],
    }
    return render(request, "ip/markings.html", context)


@require_http_methods(["GET", "POST"])
def classify(request: Request, ref: str) -> HttpResponse:
    """Determine the export class."""
    item = find_marked(ref, request.actor)
    shown = {"export_class": item.export_class, "regime": item.export_regime, "number": item.export_number}
    shown["version"] = item.marking_version
    form = ClassifyForm(request.POST or None, initial=shown)
    return _verb(request, item, form, "classify", actions.classify, _("The class of %(ref)s is determined."))


@require_http_methods(["GET", "POST"])
def mark(request: Request, ref: str) -> HttpResponse:
    """Say who may read it, and until when nobody else."""
    item = find_marked(ref, request.actor)
    shown = {name: getattr(item, name) for name in ("sharing", "has_personal_data", "embargo_until")}
    shown["version"] = item.marking_version
    form = MarkForm(request.POST or None, initial=shown, zone=request.actor.zone)
    return _verb(request, item, form, "mark", actions.mark, _("The marking of %(ref)s is changed."))


@require_http_methods(["GET", "POST"])
def request_classification(request: Request, ref: str) -> HttpResponse:
    """Ask the owner to determine the class."""
    item = find_marked(ref, request.actor)
    form = NeedForm(request.POST or None)
    return _verb(
        request,
        item,
        form,
        "request_classification",
        actions.request_classification,
        _("The export officers of the owner are asked for the class of %(ref)s."),
    )


@require_http_methods(["GET", "POST"])
def hold(request: Request, ref: str) -> HttpResponse:
    """Stop it for one's own side."""
    item = find_marked(ref, request.actor)
    form = ReasonForm(request.POST or None)
    return _verb(request, item, form, "hold", actions.hold, _("Your agency holds %(ref)s."))


@require_POST
def release(request: Request, ref: str) -> HttpResponse:
    """Lift the hold of one's own agency."""
    item = find_marked(ref, request.actor)
    actions.release(item, actor=request.actor)
    messages.success(request, _("Your agency no longer holds %(ref)s.") % {"ref": item.ref})
    return redirect("ip:markings", item.ref)


def _verb(request: Request, item: Any, form: Form, verb: str, action: Callable[..., Any], done: str) -> HttpResponse:
    context = _context(request, item)
    context["policy"].require(verb)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, action, item, actor=request.actor, **form.cleaned_data)
    ):
        messages.success(request, done % {"ref": item.ref})
        return redirect("ip:markings", item.ref)
    return render(
        request, "ip/marking_form.html", {**context, "form": form, "verb": verb}, status=422 if form.errors else 200
    )


def _context(request: Request, item: Any) -> dict[str, Any]:
    policy = MarkingPolicy(request.actor, item)
    return {"item": item, "owner": owner_of(item), "project": item.project, "policy": policy}
