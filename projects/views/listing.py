"""The list of projects, with its filters in the address."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import taxonomy
from portal.kit.actors import Actor
from portal.kit.pagination import page
from projects.filters import chosen_filters, narrow
from projects.missing import waits_for
from projects.models import Project, Status
from projects.policies import DraftingPolicy

REFERENCE = re.compile(r"P-\d{4}-\d{1,9}")


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
