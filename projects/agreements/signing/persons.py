"""Persons who may fill a place: by their role in the agency, and by the names that the agency gave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from agencies.models import AGENCY_WIDE, Agency, Mandate, Membership, Role
from portal.kit.actors import Actor
from projects.agreements.models import Agreement, SlotRole
from projects.agreements.signing.places import Place, planned_places
from projects.policies import DECIDERS


def may_endorse(actor: Actor, place: Place) -> bool:
    """Whether the actor approves, or confirms having seen the text, in this place: as named, or else as one who decides."""
    if place.agency.pk != actor.agency_id or place.signs or place.is_copy:
        return False
    if place.persons:
        return place.admits(actor.person)
    return actor.has_role(*DECIDERS)


def candidates(agreement: Agreement, agency: Agency, role: str) -> list[Membership]:
    """The memberships of an agency whose persons could be named for such a place: who reads the agreement, in the role it takes.

    One sees it by role, or on the team of its project; one query, however many they are.
    """
    found = Membership.objects.acting().filter(agency=agency).select_related("person")
    if role == SlotRole.SIGNER:
        found = found.with_role(Role.SIGNATORY)
    on_the_team = Agreement.objects.read_by(agency.pk, OuterRef(OuterRef("pk"))).filter(pk=agreement.pk)
    reading = Q(roles__overlap=sorted(AGENCY_WIDE)) | Exists(on_the_team)
    return list(found.filter(reading).order_by("person__name", "pk"))


def has_mandate(agreement: Agreement, person: Any, agency: Agency) -> bool:
    """Whether a person holds a mandate for this agreement now; one for two together counts where the party needs two."""
    together = agreement.need_of(agency.pk) > 1
    valid = Mandate.objects.valid().for_(person, agency, agreement.kind, agreement.project.ref, together=together)
    return valid.exists()


def another_confirms(agreement: Agreement, agency: Agency, person: Any) -> bool:
    """Whether somebody of the agency other than this person may confirm what was signed ad referendum."""
    others = Membership.objects.acting().filter(agency=agency).exclude(person=person)
    together = agreement.need_of(agency.pk) > 1
    valid = Mandate.objects.valid().filter(agency=agency)
    able = valid.covering(agreement.kind, agreement.project.ref, together=together).values("person")
    signing = Q(roles__overlap=[Role.SIGNATORY], person__in=able)
    return others.filter(Q(roles__overlap=list(DECIDERS)) | signing).exists()


def without_mandate(agreement: Agreement, place: Place, members: Iterable[Membership]) -> set[Any]:
    """Of these members the persons who could not sign in this place today, though they could be named for it."""
    if not place.signs:
        return set()
    need = sum(row.needed for row in planned_places(agreement) if row.signs and row.agency.pk == place.agency.pk)
    valid = Mandate.objects.valid().filter(agency=place.agency)
    able = valid.covering(agreement.kind, agreement.project.ref, together=need > 1)
    return {row.person_id for row in members} - set(able.values_list("person", flat=True))


def membership_refs(place: Place) -> list[str]:
    """The memberships under which those who are named for a place belong to its agency."""
    people = [row.person_id for row in place.persons]
    found = Membership.objects.filter(agency=place.agency, person__in=people, ended_at=None)
    return list(found.order_by("pk").values_list("ref", flat=True))
