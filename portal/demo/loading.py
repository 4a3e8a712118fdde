"""Loading the demonstration: all of it or nothing, once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from agencies.models import Agency, Membership, Person
from portal.demo import founding, watching
from portal.demo.people import OPERATOR_EMAIL
from portal.demo.stories import (
    access,
    belongings,
    conversations,
    deposits,
    disclosures,
    disputes,
    instruments,
    markings,
    mars,
    mercury,
    moon,
    proposals,
    publications,
    signatures,
    station,
    telescopes,
)
from portal.demo.world import World
from portal.history.sealer import seal
from projects.agreements.models import Agreement, SealedPdf, Status
from projects.agreements.sealing import seal as seal_pdf

STORIES = (
    mercury,
    station,
    telescopes,
    mars,
    moon,
    proposals,
    markings,
    access,
    belongings,
    publications,
    conversations,
    deposits,
    disclosures,
    disputes,
    instruments,
    signatures,
)


class OwnData(Exception):
    """The database holds agencies that are not the demonstration's."""


@dataclass(frozen=True)
class Access:
    """Somebody who can sign in."""

    name: str
    email: str
    agency: str
    roles: list[str]


def is_loaded() -> bool:
    return Person.objects.filter(email=OPERATOR_EMAIL).exists()


def load() -> bool:
    """Load the world unless it is there; returns whether it did. Raises OwnData rather than mix with real agencies."""
    if is_loaded():
        return False
    if Agency.objects.exists():
        raise OwnData
    with transaction.atomic():
        founding.found()
        world = World()
        for story in STORIES:
            story.tell(world)
    seal()
    _seal_pdfs()
    watching.watch(world)
    seal()
    return True


def reader() -> Person:
    """The manager of JAXA, through whose eyes the demonstration is shown and measured."""
    return Person.objects.get(email=founding.email_of("mika"))


def who_can_sign_in() -> list[Access]:
    """Everybody who can sign in, agency by agency; the operator last."""
    live = Membership.objects.live().select_related("person", "agency").order_by("agency__pk", "pk")
    found = [
        Access(row.person.name, row.person.email, row.agency.acronym, [str(name) for name in row.role_names])
        for row in live
    ]
    operators = Person.objects.filter(is_staff=True).order_by("pk")
    return found + [Access(person.name, person.email, "", ["Operator"]) for person in operators]


def _seal_pdfs() -> None:
    """Make now what a job would make later, so that no page says that it is being made."""
    sealed = SealedPdf.objects.values("text")
    signed = Agreement.objects.filter(status__in=[Status.SIGNED, Status.IN_FORCE, Status.SUSPENDED]).exclude(
        text__in=sealed
    )
    for ref in signed.order_by("pk").values_list("ref", flat=True):
        seal_pdf(ref)
