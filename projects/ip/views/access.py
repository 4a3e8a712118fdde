"""Who may use what: the matrix of a project, and the page that answers one question."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.models import Agency
from portal.kit.actors import Actor, Request
from projects.ip.access_matrix import read_matrix
from projects.ip.asking import read_question
from projects.ip.forms.access import QuestionForm
from projects.ip.models import AccessRequest, AccessRight
from projects.ip.pages import ip_page
from projects.ip.standing import open_disputes_of
from projects.models import Project

SHOWN = 8


@require_safe
def matrix(request: Request, ref: str) -> HttpResponse:
    """What every party may do with every asset, on a day."""
    project, context = ip_page(request, ref, "access")
    read = read_matrix(project, actor=request.actor, request=request)
    context |= {"matrix": read, **_under_way(project, request.actor)}
    return render(request, "ip/access_matrix.html", context)


@require_safe
def may_use(request: Request) -> HttpResponse:
    """One question, answered in one sentence with its source; every answer has an address of its own."""
    form = QuestionForm(request.GET or None)
    asked = read_question(form, request.actor) if form.is_bound and form.is_valid() else None
    if not form.is_bound:
        form = QuestionForm(initial={"agency": request.actor.agency.ref if request.actor.agency else ""})
    context: dict[str, Any] = {"form": form, "asked": asked}
    if asked is not None:
        context["dispute"] = open_disputes_of([asked.asset.ref], actor=request.actor).get(asked.asset.ref)
        known = {row.agency_id for row in asked.asset.project.participations.all()}
        context["agencies"] = Agency.objects.visible_to(request.actor).filter(pk__in=known).order_by("acronym")
    return render(request, "ip/may_use.html", context, status=422 if form.errors else 200)


def _under_way(project: Project, actor: Actor) -> dict[str, Any]:
    requests = AccessRequest.objects.visible_to(actor).filter(asset__project=project).with_parties()
    rights = AccessRight.objects.visible_to(actor).filter(asset__project=project).with_parties()
    return {
        "requests": requests.order_by("-created_at", "-pk")[:SHOWN],
        "rights": rights.order_by("-created_at", "-pk")[:SHOWN],
    }
