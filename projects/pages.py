"""The frame that every tab of a project shares, also those that other apps add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from projects.models import Project


def counted(**counts: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare numbers that a tab function of PROJECT_TABS reads from the project, so that all tabs cost no query.

    `@counted(assets_count=lambda actor: <expression>)`: each value takes the actor and returns an expression to annotate on Project
    (a subquery on OuterRef("pk")); the tab function then reads `project.assets_count`.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        function.counts = counts  # type: ignore[attr-defined]
        return function

    return decorate


def project_page(request: HttpRequest, ref: str, tab: str) -> tuple[Project, dict[str, Any]]:
    """The project and what "projects/project_base.html" needs to draw its head and tabs around another app's page.

    Raises Http404 for who may not know of the project, Forbidden for who sees its overview only.
    """
    raise NotImplementedError
