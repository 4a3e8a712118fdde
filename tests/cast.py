"""The cast: two agencies that work together, one stranger, and people introduced by what they may and must not have."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from agencies.middleware import actor_of_person
from agencies.models import Agency, InstrumentKind, Mandate, Membership, Person, Role
from portal.history.models import Event
from portal.kit.actors import Actor
from portal.kit.models import Counter
from tests.kept import State, now, replaced_settings, restore, rows_of

PASSWORD = "orbit-together-2026"
LONG_AGO = date(2020, 1, 1)


@dataclass
class Cast:
    """The world of the tests."""

    jaxa: Agency
    esa: Agency
    isro: Agency
    nova: Agency

    mika: Person  # manager and administrator of JAXA: runs projects; holds no mandate
    kenji: Person  # signatory of JAXA with a valid mandate
    sora: Person  # contributor of JAXA on no team: sees no project
    lucien: Person  # manager and administrator of ESA
    ingrid: Person  # signatory of ESA with a valid mandate
    emil: Person  # was manager of ESA until yesterday: sees nothing of it now
    tara: Person  # manager, administrator and signatory of ISRO, the stranger: must never know of the others' work
    nils: Person  # administrator of Nova, which nobody has verified: reaches nobody
    noor: Person  # belongs to no agency
    olga: Person  # operator of the portal: vets and supports, reads no project

    def actor(self, person: Person) -> Actor:
        """The person as they act when they have just signed in."""
        return actor_of_person(Person.objects.get(pk=person.pk))

    def client(self, person: Person | None, **options: Any) -> Client:
        """A browser in which the person is signed in; None is a stranger from the street."""
        client = Client(**options)
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


# What the cast is made of.
MODELS: tuple[type[models.Model], ...] = (Counter, Person, Agency, EmailAddress, Membership, Mandate)
# As it was written in this process, to be written again at once; more than one where tests set the clock.
_kept: list[State] = []
MOST = 4


def build(*, anew: bool = False) -> Cast:
    """Write the cast into the database; `anew` row by row, as the settings of now have it."""
    is_empty, is_untouched = _looked_at()
    if anew or not is_empty or not replaced_settings() <= {"MEDIA_ROOT"}:
        return _write()
    state = next((state for state in _kept if state.is_usable()), None)
    if state is None:
        at, cast = timezone.now(), _write()
        state = State(at, rows_of([model._meta.db_table for model in MODELS]), copy.deepcopy(cast))
        _kept.insert(0, state)
        del _kept[MOST:]
    else:
        cache.clear()  # what was counted for these people was counted for those of another test
        restore(state.rows)
        cast = copy.deepcopy(state.given)
    if is_untouched:
        now.stand_at(state)
    return cast


def _looked_at() -> tuple[bool, bool]:
    """Whether the database holds nobody of the cast and nothing that anybody did, and this transaction wrote nothing."""
    probes = " OR ".join(f'EXISTS (SELECT FROM "{model._meta.db_table}")' for model in (*MODELS, Event))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT NOT ({probes}), pg_current_xact_id_if_assigned() IS NULL")
        return cursor.fetchone()


def _write() -> Cast:
    at = timezone.now()
    jaxa = _agency(
        "JAXA", "Japan Aerospace Exploration Agency", "宇宙航空研究開発機構", "ja", "JP", "Tokyo", "Asia/Tokyo"
    )
    esa = _agency("ESA", "European Space Agency", "Agence spatiale européenne", "fr", "", "Paris", "Europe/Paris")
    isro = _agency("ISRO", "Indian Space Research Organisation", "", "hi", "IN", "Bengaluru", "Asia/Kolkata")
    nova = _agency("NOVA", "Nova Institute", "", "en", "NO", "Tromsø", "Europe/Oslo", status="applied")
    olga = _person("olga@portal.example", "Olga Operator", is_staff=True, is_superuser=True)
    Agency.objects.filter(verified_at__isnull=False).update(verified_by=olga)
    cast = Cast(
        jaxa=jaxa,
        esa=esa,
        isro=isro,
        nova=nova,
        mika=_person("mika@jaxa.example", "Mika Hoshino", native_name="星野 ミカ", zone="Asia/Tokyo"),
        kenji=_person("kenji@jaxa.example", "Kenji Amanogawa", native_name="天野川 賢治", zone="Asia/Tokyo"),
        sora=_person("sora@jaxa.example", "Sora Minazuki", zone="Asia/Tokyo"),
        lucien=_person("lucien@esa.example", "Lucien Demoville", zone="Europe/Paris"),
        ingrid=_person("ingrid@esa.example", "Ingrid Polarsen", zone="Europe/Oslo"),
        emil=_person("emil@esa.example", "Emil Gestern", zone="Europe/Berlin"),
        tara=_person("tara@isro.example", "Tara Chandrapur", zone="Asia/Kolkata"),
        nils=_person("nils@nova.example", "Nils Nordlys", zone="Europe/Oslo"),
        noor=_person("noor@elsewhere.example", "Noor Alleen"),
        olga=olga,
    )
    _member(cast.mika, jaxa, Role.MANAGER, Role.ADMINISTRATOR)
    _member(cast.kenji, jaxa, Role.SIGNATORY, position="Vice-President")
    _member(cast.sora, jaxa, Role.CONTRIBUTOR)
    _member(cast.lucien, esa, Role.MANAGER, Role.ADMINISTRATOR)
    _member(cast.ingrid, esa, Role.SIGNATORY, position="Director")
    _member(cast.emil, esa, Role.MANAGER, ends_on=(at - timedelta(days=2)).date())
    _member(cast.tara, isro, Role.MANAGER, Role.ADMINISTRATOR, Role.SIGNATORY)
    _member(cast.nils, nova, Role.MANAGER, Role.ADMINISTRATOR)
    mandate(cast.kenji, jaxa, granted_by=cast.mika)
    mandate(cast.ingrid, esa, granted_by=cast.lucien)
    mandate(cast.tara, isro, granted_by=cast.tara)
    return cast


def mandate(person: Person, agency: Agency, *, granted_by: Person, **facts: Any) -> Mandate:
    """A mandate to sign everything, unless `facts` say less."""
    facts = {
        "kinds": [kind.value for kind in InstrumentKind],
        "starts_on": LONG_AGO,
        "source_note": "Board decision",
    } | facts
    return Mandate.objects.create(person=person, agency=agency, granted_by=granted_by, **facts)


def _agency(
    acronym: str, name: str, native: str, language: str, country: str, city: str, zone: str, status: str = "verified"
) -> Agency:
    return Agency.objects.create(
        kind="agency" if country else "intergovernmental", legal_name=name, native_name=native, native_language=language if native else "",
        acronym=acronym, country=country, is_international=not country, city=city, zone=zone, working_days=[1, 2, 3, 4, 5],
        languages=["en"], domain=f"{acronym.lower()}.example", status=status, verified_at=timezone.now() if status == "verified" else None,
    )  # fmt: skip


def _person(email: str, name: str, **facts: Any) -> Person:
    person = Person.objects.create_user(email, PASSWORD, name=name, **facts)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _member(person: Person, agency: Agency, *roles: str, **facts: Any) -> Membership:
    return Membership.objects.create(person=person, agency=agency, roles=list(roles), starts_on=LONG_AGO, **facts)
