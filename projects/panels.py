"""A project's own tabs, and what projects show on the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.addresses import address
from portal.kit.composition import Panel, Tab
from projects.missing import waits_for
from projects.models import Project
from projects.policies import DraftingPolicy

ON_HOME = 6


def overview_tab(project: Project, actor: Actor) -> Tab:
    """The first tab."""
    return Tab(_("Overview"), address("projects:project", project.ref), "overview", order=0)


def partners_tab(project: Project, actor: Actor) -> Tab:
    """Who takes part, with the number of agencies."""
    url = address("projects:partners", project.ref)
    return Tab(_("Partners"), url, "partners", count=len(project.still_in()), order=10)


def history_tab(project: Project, actor: Actor) -> Tab:
    """The last tab."""
    return Tab(_("History"), address("projects:history", project.ref), "history", order=90)


def my_projects(request: HttpRequest) -> Panel:
    """The projects under way that the reader is inside of, with whom each waits for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    inside = Project.objects.inside_for(actor).with_inside(actor).under_way().with_agencies()
    projects = list(inside.order_by("-updated_at", "-pk")[: ON_HOME + 1])
    for project in projects:
        project.waits = waits_for(project, actor)  # type: ignore[attr-defined]
    context = {"projects": projects[:ON_HOME], "has_more": len(projects) > ON_HOME}
    return Panel(_("Projects of my team"), "projects/_home_panel.html", context, order=10)


def scopes_inside(actor: Actor) -> QuerySet:
    """The projects whose history the actor may read."""
    return Project.objects.inside_for(actor).values("ref")


def create_project(actor: Actor) -> dict[str, Any] | None:
    """A project proposal, for whoever may draft one."""
    if DraftingPolicy(actor).refusal("draft"):
        return None
    return {"url": address("projects:new"), "icon": "flag", "label": _("Project proposal")}
