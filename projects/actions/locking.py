"""The beats that every verb of a project begins with."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from projects.models import Participation, Project, TeamMember
from projects.policies import ProjectPolicy

PEOPLE = (
    Prefetch("participations", queryset=Participation.objects.select_related("agency")),
    Prefetch("participations__team", queryset=TeamMember.objects.select_related("membership__person")),
)


def lock(project: Project, verb: str, actor: Actor) -> Project:
    """The project's row, locked until the transaction ends, with its participations; raises the refusal of the verb."""
    locked = Project.objects.select_for_update(of=("self",), no_key=True).select_related("lead").get(pk=project.pk)
    prefetch_related_objects([locked], *PEOPLE)
    ProjectPolicy(actor, locked).require(verb)
    return locked


def own_part(project: Project, actor: Actor) -> Participation:
    """The participation of the actor's agency, which the policy has just found there."""
    participation = project.participation_of(actor.agency_id)
    assert participation is not None
    return participation


def reread(project: Project) -> Project:
    """Read the participations again after one was added."""
    project._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    prefetch_related_objects([project], *PEOPLE)
    return project


def said(field: str, words: str, complaint: str = "") -> str:
    """A reason, trimmed; raises ValidationError when it is too long, or missing where a complaint is given."""
    words = words.strip()
    if complaint and not words:
        raise ValidationError({field: complaint})
    if len(words) > 600:
        raise ValidationError({field: _("At most 600 characters.")})
    return words
