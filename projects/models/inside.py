"""Whether somebody reads the inside of a project, as a condition for any query."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import QuerySet, Value
from django.utils import timezone

from agencies.models import AGENCY_WIDE
from portal.kit.actors import Actor
from portal.kit.rules import Found
from projects.models.participation import Participation


def inside(actor: Actor, project: str = "pk") -> Found | Value:
    """The condition that the actor reads the inside of the project in this column.

    The same as `Exists(Participation.objects.seen_by(actor).filter(project=OuterRef(project)))`.
    """
    if actor.membership is None:
        return Value(False, output_field=models.BooleanField())
    today = timezone.now().date()
    return Found(project, _letting_in, agency=actor.agency_id, membership=team_of(actor), today=today)


def team_of(actor: Actor) -> int | None:
    """The membership on whose teams somebody has to be to see a project; None for who sees all of their agency's."""
    return None if actor.membership is None or actor.has_role(*AGENCY_WIDE) else actor.membership.pk


def _letting_in(column: int, agency: int, membership: int | None, today: date) -> QuerySet[Participation]:
    return Participation.objects.read_by(agency, membership, today).filter(project=column)
