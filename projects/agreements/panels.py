"""What agreements show on the pages of a project."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from agencies.models.sharing import share_agencies
from portal.kit.actors import Actor, Request
from portal.kit.addresses import address
from portal.kit.composition import Panel, Tab
from portal.kit.rules import Counted
from projects.agreements.models import Agreement
from projects.agreements.policies import DraftingPolicy
from projects.agreements.umbrella import keep_umbrellas
from projects.models import Project
from projects.models.inside import team_of
from projects.pages import counted, project_page

ON_OVERVIEW = 5


def _count(actor: Actor) -> Counted:
    return Counted("pk", _on_project, agency=actor.agency_id or 0, membership=team_of(actor))


def _on_project(column: int, agency: int, membership: int | None) -> QuerySet[Agreement]:
    return Agreement.objects.read_by(agency, membership).filter(project=column)


@counted(agreements_count=_count)
def tab(project: Project, actor: Actor) -> Tab:
    """The Agreements tab."""
    return Tab(
        _("Agreements"),
        address("projects:agreements", project.ref),
        "agreements",
        project.agreements_count,  # type: ignore[attr-defined]
        order=40,
    )  # type: ignore[attr-defined]


def agreements(request: Request, project: Project) -> Panel | None:
    """The newest agreements, on the project's overview."""
    found = Agreement.objects.visible_to(request.actor).filter(project=project).newest_first()
    rows = list(found.prefetch_related("parties")[:ON_OVERVIEW])
    if not rows:
        return None
    share_agencies(rows, "parties__agency", known=[row.agency for row in project.participations.all()])
    keep_umbrellas(rows, request.actor)
    return Panel(gettext_lazy("Agreements"), "agreements/panel.html", {"agreements": rows}, order=30)


@require_safe
def page(request: Request, ref: str) -> HttpResponse:
    """The Agreements tab's page."""
    project, context = project_page(request, ref, "agreements")
    context["agreements"] = list(of_project(request.actor, project)[:100])
    keep_umbrellas(context["agreements"], request.actor)
    context["drafting"] = DraftingPolicy(request.actor, project)
    return render(request, "agreements/tab.html", context)


def of_project(actor: Actor, project: Project):  # type: ignore[no-untyped-def]
    """The project's agreements that the actor may see, newest first."""
    return Agreement.objects.visible_to(actor).filter(project=project).newest_first().with_parties()
