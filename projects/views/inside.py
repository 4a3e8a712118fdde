"""A project's own tabs: overview, partners, history."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies import taxonomy
from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.composition import Panel, panels
from portal.kit.pagination import page
from projects.drawing import Clock, hours_strip
from projects.missing import what_is_missing
from projects.models import Project
from projects.pages import project_page

LATEST = 5


@require_safe
@login_not_required
def project(request: HttpRequest, ref: str) -> HttpResponse:
    """The overview; the public one needs no account."""
    try:
        project, context = project_page(request, ref, "overview")
    except Http404:
        # Who is not signed in learns nothing: a reference that exists and one that does not lead to the same page.
        if not request.actor.is_authenticated:  # type: ignore[attr-defined]
            return redirect_to_login(request.get_full_path())
        raise
    context["capabilities"] = [(code, taxonomy.short_name_of(code)) for code in project.taxonomy]
    if context["is_inside"]:
        context |= _inside(request, project)
    return render(request, "projects/project.html", context)


@require_safe
def partners(request: HttpRequest, ref: str) -> HttpResponse:
    """Who takes part, what each has said, and who works on it."""
    project, context = project_page(request, ref, "partners")
    gone = [row for row in project.participations.all() if not row.is_still_in]
    return render(request, "projects/partners.html", {**context, "rows": project.still_in(), "gone": gone})


@require_safe
def history(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything that has happened and may be seen, and every version of the terms."""
    project, context = project_page(request, ref, "history")
    events = page(Event.objects.visible_to(context["actor"]).of(project.ref), request, order=("-id",), size=50)
    versions = list(project.terms.order_by("-number")[:20])
    context |= {"page": events, "events": timeline(events.rows), "versions": versions}
    return render(request, "projects/history.html", context)


def _inside(request: HttpRequest, project: Project) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    events = Event.objects.visible_to(actor).of(project.ref).newest_first()[:LATEST]
    shown = panels("PROJECT_PANELS", request, project)
    return {
        "missing": what_is_missing(project),
        "rows": project.still_in(),
        "hours": hours_of(project, request),
        "events": timeline(events),
        "main_panels": _drawn(shown, "main", request, project),
        "aside_panels": _drawn(shown, "aside", request, project),
    }


def _drawn(shown: list[Panel], place: str, request: HttpRequest, project: Project) -> SafeString:
    """The panels of one place; each template draws its whole section from its own context."""
    here = [panel for panel in shown if panel.place == place]
    drawn = (
        (render_to_string(panel.template, {"project": project, "panel": panel, **panel.context}, request),)
        for panel in here
    )
    return format_html_join("", "{}", drawn)


def hours_of(project: Project, request: HttpRequest) -> SafeString:
    """Who is at work now, for every agency that takes part, in the reader's zone."""
    clocks = [
        Clock(row.agency.acronym, ZoneInfo(row.agency.zone), row.agency.working_days) for row in project.still_in()
    ]
    return hours_strip(clocks[:12], now=timezone.now(), zone=request.actor.zone)  # type: ignore[attr-defined]
