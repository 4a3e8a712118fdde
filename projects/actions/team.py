"""Choosing who works on a project."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Membership
from portal.history import record
from portal.kit.actors import Actor
from projects.actions.locking import lock, own_part, reread
from projects.models import Participation, Project, TeamMember


@transaction.atomic
def assign_team(project: Project, members: Iterable[Membership], *, actor: Actor) -> Participation:
    """Make these members of the actor's agency its team; contributors and observers left out see the project no more.

    Raises ValidationError for somebody who is not a live member of the agency.
    """
    project = lock(project, "assign_team", actor)
    participation = own_part(project, actor)
    chosen = {member.pk: member for member in members}
    if any(member.agency_id != actor.agency_id or not member.is_live for member in chosen.values()):
        raise ValidationError({"members": _("Choose among the present members of your agency.")})
    before = {row.membership_id for row in participation.team.all()}
    TeamMember.objects.filter(participation=participation).exclude(membership__in=chosen).delete()
    TeamMember.objects.bulk_create(
        TeamMember(participation=participation, membership=member) for pk, member in chosen.items() if pk not in before
    )
    if before != set(chosen):
        facts = {
            "joined": sorted(member.ref for pk, member in chosen.items() if pk not in before),
            "left": len(before - set(chosen)),
        }
        record("project.team_changed", project, actor=actor, agencies=[actor.agency], facts=facts)
    return own_part(reread(project), actor)
