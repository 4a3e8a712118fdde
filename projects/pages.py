"""The frame that every tab of a project shares, also those that other apps add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from portal.kit.actors import Actor
from portal.kit.composition import Tab, load, tabs
from projects.life import deeds, first_deed, steps_of
from projects.models import Project
from projects.models.project import ProjectQuerySet
from projects.panels import overview_tab
from projects.policies import ProjectPolicy


def counted(**counts: Callable[[Actor], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare numbers that a tab function of PROJECT_TABS reads from the project, so that all tabs cost no query.

    `@counted(assets_count=lambda actor: <expression>)`: each value takes the actor and returns an expression to
    annotate on Project (a subquery on OuterRef("pk")); the tab function then reads `project.assets_count`.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        function.counts = counts  # type: ignore[attr-defined]
        return function

    return decorate


def project_page(request: HttpRequest, ref: str, tab: str) -> tuple[Project, dict[str, Any]]:
    """The project and what "projects/project_base.html" needs to draw its head and tabs around another app's page.

    Raises Http404 for who may not know of the project, Forbidden for who sees its overview only.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    project = get_object_or_404(with_counts(Project.objects.visible_to(actor).with_teams(), actor), ref=ref)
    policy = ProjectPolicy(actor, project)
    if tab != "overview":
        policy.require("see_inside")
    shown = deeds(policy)
    context = {
        "actor": actor,
        "project": project,
        "policy": policy,
        "is_inside": policy.refusal("see_inside") is None,
        "steps": steps_of(project, actor),
        "deeds": shown,
        "first_deed": first_deed(shown),
        "tabs": _tabs(project, policy),
        "tab": tab,
        "place": "projects",
    }
    return project, context


def with_counts(projects: ProjectQuerySet, actor: Actor) -> ProjectQuerySet:
    """Annotate the numbers that the tabs of other apps have declared."""
    for dotted in settings.PROJECT_TABS:
        counts = getattr(load(dotted), "counts", {})
        projects = projects.annotate(**{name: count(actor) for name, count in counts.items()})
    return projects


def _tabs(project: Project, policy: ProjectPolicy) -> list[Tab]:
    """Every tab for who is inside; for others the overview alone."""
    if policy.refusal("see_inside") is None:
        return tabs("PROJECT_TABS", project, policy.actor)
    return [overview_tab(project, policy.actor)]
