"""The frame that the IP pages of a project share, and what an agency has under way in all its projects."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.composition import Panel, Tab, load
from projects.models import Project
from projects.pages import project_page

# The pages under the IP tab of a project: name of the address, words.
PAGES: list[tuple[str, str | Promise]] = [
    ("register", _("Register")),
    ("access", _("Access")),
    ("files", _("Files")),
    ("authorisations", _("Export control")),
    ("project-deposits", _("Deposits")),
    ("project-disclosures", _("Disclosures")),
    ("publications", _("Publications")),
    ("disputes", _("Disputes")),
]
# What the desk shows to whoever acts for an agency: functions (actor) -> Panel | None by dotted name, one for each noun.
DESK: list[str] = [
    "projects.ip.desk.access.panel",
    "projects.ip.desk.disputes.panel",
    "projects.ip.desk.deposit.panel",
    "projects.ip.desk.publications.panel",
    "projects.ip.desk.markings.panel",
    "projects.ip.desk.disclosures.panel",
]


def ip_page(request: HttpRequest, ref: str, page: str) -> tuple[Project, dict[str, Any]]:
    """The project and what "ip/ip_base.html" needs; refuses as `project_page` does."""
    project, context = project_page(request, ref, "ip")
    shown = [Tab(words, reverse(f"ip:{name}", args=[project.ref]), name) for name, words in PAGES]
    return project, {**context, "ip_pages": shown, "ip_page": page}


def desk_panels(actor: Actor) -> list[Panel]:
    """What waits and what runs, in order."""
    shown = [panel for dotted in DESK if (panel := load(dotted)(actor)) is not None]
    return sorted(shown, key=lambda panel: panel.order)
