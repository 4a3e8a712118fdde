"""The list of projects, with its filters in the address."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import taxonomy
from portal.kit.actors import Actor
from portal.kit.pagination import page
from projects.missing import waits_for
from projects.models import Project, Status
from projects.models.project import ProjectQuerySet
from projects.policies import DraftingPolicy

REFERENCE = re.compile(r"P-\d{4}-\d{1,9}")
ROLES = ("lead", "partner", "open")
FILTERS = ("q", "status", "role", "capability")


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Every project the actor may know of, newest first; a whole reference leads straight to its project."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    filters = chosen_filters(request.GET)
    visible = Project.objects.visible_to(actor)
    reference = filters.get("q", "").upper()
    if REFERENCE.fullmatch(reference) and (found := visible.filter(ref=reference).first()):
        return redirect(found)
    rows = page(narrow(visible, filters, actor).with_inside(actor).with_agencies(), request)
    for project in rows:
        project.waits = waits_for(project, actor) if project.is_inside else ""
    context = {
        "page": rows,
        "search": filters.get("q", ""),
        "filters": filters,
        "filters_on": _filters_on(filters),
        "statuses": Status.choices,
        "roles": [("lead", _("We lead")), ("partner", _("We are a partner")), ("open", _("Open to us"))],
        "capabilities": taxonomy.choices(),
        "drafting": DraftingPolicy(actor),
    }
    return render(request, "projects/list.html", context)


def chosen_filters(query: Any) -> dict[str, str]:
    """The filters of an address that make sense; others are as if they were not there."""
    known = {"status": set(Status.values), "role": set(ROLES), "capability": set(taxonomy.NAMES)}
    chosen = {name: query.get(name, "").replace("\x00", "").strip()[:200] for name in FILTERS}
    return {name: value for name, value in chosen.items() if value and (name not in known or value in known[name])}


def narrow(projects: Any, filters: dict[str, str], actor: Actor) -> ProjectQuerySet:
    """The projects that pass the filters."""
    if words := filters.get("q"):
        projects = projects.matching(words, actor)
    if status := filters.get("status"):
        projects = projects.filter(status=status)
    if capability := filters.get("capability"):
        projects = projects.filter(taxonomy__contains=[capability])
    role = filters.get("role")
    if role == "lead":
        return projects.led_by(actor.agency_id or 0)
    if role == "partner":
        return projects.partnered_by(actor.agency_id or 0)
    if role == "open":
        return projects.without(actor.agency_id or 0)
    return projects


def _filters_on(filters: dict[str, str]) -> list[dict[str, str]]:
    """Each active filter with the address that removes it."""
    labels = {
        "q": lambda value: f"“{value}”",
        "status": lambda value: str(Status(value).label),
        "role": lambda value: {"lead": _("We lead"), "partner": _("We are a partner"), "open": _("Open to us")}[value],
        "capability": lambda value: f"{value} {taxonomy.short_name_of(value)}",
    }
    return [
        {
            "label": labels[name](value),
            "url": "?" + urlencode({other: kept for other, kept in filters.items() if other != name}),
        }
        for name, value in filters.items()
    ]
