"""Which agreement, if any, covers the parties of a project."""

from __future__ import annotations

from projects.agreements.models import Agreement
from projects.models import Project


def covering_agreement(project: Project) -> Agreement | None:
    """An agreement in force on this project whose parties include every accepted party, or None."""
    accepted = {participation.agency_id for participation in project.parties()}
    for agreement in Agreement.objects.in_force().filter(project=project).prefetch_related("parties"):
        if accepted <= {party.agency_id for party in agreement.parties.all()}:
            return agreement
    return None
