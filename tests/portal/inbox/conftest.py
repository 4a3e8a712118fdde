"""Two agencies and the people whom the inbox tells things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import Agency, Membership, Person
from portal.kit.actors import Actor


@dataclass(frozen=True)
class Member:
    """A person with their membership, and how they act."""

    person: Person
    membership: Membership

    @property
    def actor(self) -> Actor:
        membership = Membership.objects.select_related("agency", "person").get(pk=self.membership.pk)
        return Actor(person=membership.person, membership=membership, memberships=(membership,))


@dataclass(frozen=True)
class World:
    """Mika leads JAXA's side and Yui signs for it; Kenji is on a team and must not see what waits for others.

    Lena leads ESA's side, reads French, and must never see what is JAXA's. Olga operates the portal and belongs to no agency.
    """

    jaxa: Agency
    esa: Agency
    mika: Member
    yui: Member
    kenji: Member
    lena: Member
    olga: Person


@pytest.fixture
def world(db: None) -> World:
    jaxa = _agency("JAXA", "Japan Aerospace Exploration Agency", "JP", "Tokyo", "Asia/Tokyo")
    esa = _agency("ESA", "European Space Agency", "", "Paris", "Europe/Paris")
    return World(
        jaxa=jaxa,
        esa=esa,
        mika=_member(jaxa, "Mika Hoshino", ["manager"], "en"),
        yui=_member(jaxa, "Yui Mori", ["signatory"], "en"),
        kenji=_member(jaxa, "Kenji Abe", ["contributor"], "en"),
        lena=_member(esa, "Lena Roux", ["administrator", "manager"], "fr"),
        olga=Person.objects.create_user("olga@portal.example", "x", name="Olga Berg", is_staff=True),
    )


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


def _agency(acronym: str, name: str, country: str, city: str, zone: str) -> Agency:
    return Agency.objects.create(
        kind="agency",
        legal_name=name,
        acronym=acronym,
        country=country,
        is_international=not country,
        city=city,
        zone=zone,
        working_days=[1, 2, 3, 4, 5],
        status="verified",
        verified_at=timezone.now(),
    )


def _member(agency: Agency, name: str, roles: list[str], language: str) -> Member:
    address = f"{name.split()[0].lower()}@{agency.acronym.lower()}.example"
    person = Person.objects.create_user(address, "x", name=name, language=language, zone=agency.zone)
    return Member(person, membership(agency, person, roles))


def membership(agency: Agency, person: Person, roles: list[str], **facts: Any) -> Membership:
    facts.setdefault("starts_on", timezone.now().date() - timedelta(days=30))
    return Membership.objects.create(agency=agency, person=person, roles=roles, **facts)
