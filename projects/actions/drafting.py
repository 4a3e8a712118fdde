"""Beginning a project and writing its draft."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from portal.history import record
from portal.kit.actors import Actor
from projects.actions.locking import lock
from projects.models import Participation, Project, TeamMember
from projects.policies import DECIDERS, DraftingPolicy


@transaction.atomic
def draft_project(*, actor: Actor, **terms: Any) -> Project:
    """Begin a draft that only the actor's agency sees; a contributor who drafts is on its team.

    Raises ValidationError keyed by term.
    """
    DraftingPolicy(actor).require("draft")
    project = Project(lead=actor.agency, created_by=actor.person, **terms)
    project.full_clean(exclude={"ref", "lead", "created_by"})
    project.save()
    lead = Participation(
        project=project, agency=actor.agency, agency_name=actor.agency.legal_name, role=Participation.Role.LEAD
    )
    lead.move_to(Participation.Status.ACCEPTED).save()
    if not actor.has_role(*DECIDERS):
        TeamMember.objects.create(participation=lead, membership=actor.membership)
    record("project.drafted", project, actor=actor, agencies=[actor.agency])
    return project


@transaction.atomic
def edit_draft(project: Project, *, actor: Actor, version: int | None = None, **terms: Any) -> Project:
    """Write the draft anew against the version the writer saw; only the lead agency hears of it.

    Raises Stale for an old version, ValidationError keyed by term.
    """
    project = lock(project, "edit", actor)
    changed = project.edit(version=version, **terms)
    if changed:
        record(
            "project.edited",
            project,
            actor=actor,
            agencies=project.agencies(),
            facts={"terms_changed": sorted(changed)},
        )
    return project
