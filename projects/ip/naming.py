"""Whom an agency may name as a contributor: its own people, and those whom the other parties have put on the team."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from agencies.models import Agency, Membership, Person
from portal.kit.actors import Actor
from projects.models import Project, TeamMember

LONGEST = 1_000


@dataclass(frozen=True)
class Nameable:
    """A person and the agency they work for."""

    person: Person
    agency: Agency | None


def nameable(project: Project, actor: Actor) -> list[Nameable]:
    """Each person once, the own agency's first, then by agency and name; another agency's other people are not shown."""
    on_team = TeamMember.objects.filter(membership=OuterRef("pk"), participation__project=project)
    known = Membership.objects.live().filter(Q(agency=actor.agency_id) | Exists(on_team))
    found: dict[int, Nameable] = {}
    for membership in known.select_related("person", "agency").order_by("agency__acronym", "person__name", "pk"):
        if membership.agency_id == actor.agency_id or membership.person_id not in found:
            found[membership.person_id] = Nameable(membership.person, membership.agency)
    return sorted(found.values(), key=lambda one: one.agency is not None and one.agency.pk != actor.agency_id)[:LONGEST]
