"""The demonstration: loaded once for this file, looked at from every side, and told apart from a real installation."""

from __future__ import annotations

import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urlsplit
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from agencies.middleware import actor_of_person
from agencies.models import Agency, Mandate, Membership, Person
from portal.demo import facts, founding, loading
from portal.demo.bench import growth, pages
from portal.history.audit import audit
from portal.history.models import Cosignature, Leaf, Unsealed
from portal.history.rows import StoredLedger, snapshot
from portal.inbox.models import Item
from projects.agreements.models import Addressee, Agreement, Level, SealedPdf, Signature, SlotRole
from projects.agreements.models import Status as AgreementStatus
from projects.agreements.policies import AgreementPolicy
from projects.ip.models import Asset
from projects.messaging.models import Message, Thread
from projects.models import Participation, Project, Status
from tests.database import empty

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("world", "db")]

LINK = re.compile(r"<a\b[^>]*?\bhref=\"([^\"]+)\"")
# Signing out changes something; the API's own page, downloads of the admin and other sites are not pages of the portal.
NOT_FOLLOWED = re.compile(r"^/(account/logout|admin|api|static)")
ALIKE = [
    re.compile(pattern)
    for pattern in (r"(?<=^/ledger)/\d+/", r"(?<=/clauses)/[a-z_]+/", r"(?<=^/agencies)/[A-Z0-9-]+/")
]
ENOUGH = 3


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The whole world, committed; taken away again when this file is done."""
    with django_db_blocker.unblock():
        empty()
        assert loading.load()
    yield
    with django_db_blocker.unblock():
        empty()


def person(key: str) -> Person:
    return Person.objects.get(email=founding.email_of(key))


def signed_in(someone: Person) -> Client:
    client = Client()
    client.force_login(someone, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def pages_from(client: Client, start: str = "/") -> dict[str, int]:
    """Every page that can be reached by links, with its status; of pages that differ in a number only, a few."""
    found: dict[str, int] = {}
    kinds: Counter[str] = Counter()
    waiting = deque([start])
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if path in found or (kind != path and kinds[kind] >= ENOUGH):
            continue
        kinds[kind] += 1
        response = client.get(path)
        found[path] = response.status_code
        if response.status_code in (301, 302):
            waiting.append(response["Location"])
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            waiting.extend(links_of(path, response.content.decode()))
    return found


def kind_of(path: str) -> str:
    """Entries of the ledger, clauses, agencies and one list under other filters look alike; other paths are their own."""
    before, mark, _query = path.partition("?")
    for alike in ALIKE:
        before = alike.sub("/…/", before)
    return before + mark


def links_of(path: str, page: str) -> Iterator[str]:
    for href in LINK.findall(page):
        target = urldefrag(unescape(href)).url
        if target.startswith("?"):
            target = urlsplit(path).path + target
        if target.startswith("/") and not NOT_FOLLOWED.match(target):
            yield target


def row_counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


def test_every_organisation_of_the_facts_is_there_in_its_own_script():
    known = {one.acronym: one for one in facts.organisations()}

    agencies = {agency.acronym: agency for agency in Agency.objects.all()}

    assert agencies.keys() == known.keys()
    for acronym, agency in agencies.items():
        one = known[acronym]
        assert (agency.native_name, agency.zone, agency.working_days) == (one.native_name, one.zone, one.working_days)
        assert agency.capabilities == one.codes
    assert Counter(agency.status for agency in agencies.values()) == {"verified": 37, "applied": 3, "suspended": 1}


def test_every_state_of_a_project_is_there():
    assert set(Project.objects.values_list("status", flat=True)) == set(Status.values)


def test_every_answer_an_agency_can_give_is_there():
    given = set(Participation.objects.values_list("status", flat=True))

    assert given >= {"invited", "accepted", "conditional", "needs_clearance", "declined", "left"}


def test_every_state_of_an_agreement_that_has_a_page_of_its_own_is_there():
    found = set(Agreement.objects.values_list("status", flat=True))

    # What has ended takes time, which the demonstration has not had.
    assert found >= set(AgreementStatus.values) - {"abandoned", "expired", "terminated"}
    assert Agreement.objects.get(status=AgreementStatus.SIGNING, kind="ip_sharing").signatures.count() == 1
    negotiated = Agreement.objects.get(status=AgreementStatus.NEGOTIATING, kind="ip_sharing")
    assert negotiated.clauses.filter(departs=True).count() == 1
    assert set(negotiated.changes.values_list("status", flat=True)) == {"accepted", "open"}


def test_no_signed_agreement_waits_for_its_pdf():
    signed = Agreement.objects.filter(status__in=[AgreementStatus.SIGNED, AgreementStatus.IN_FORCE])

    assert signed.exists()
    assert not signed.exclude(text__in=SealedPdf.objects.values("text")).exists()


def test_assets_are_agreed_declared_and_contested():
    assert set(Asset.objects.values_list("status", flat=True)) >= {"agreed", "declared", "contested"}
    assert set(Asset.objects.values_list("origin", flat=True)) == {"background", "result", "sideground"}
    assert Asset.objects.filter(is_excluded=True).exists()


def test_agencies_talk_in_many_languages_inside_and_outside_projects():
    languages = set(Message.objects.values_list("language", flat=True))

    assert languages >= {"en", "ja", "fr", "de", "it", "ru", "ko", "zh", "ar", "hi"}
    assert Thread.objects.filter(project=None).exists()
    assert set(Message.objects.values_list("audience", flat=True)) == {"internal", "shared"}
    assert Message.objects.filter(withdrawn_at__isnull=False).exists()
    assert Message.objects.filter(edited_at__isnull=False).exists()


def test_mandates_are_valid_expired_revoked_and_not_begun():
    icons = Counter(str(mandate.status_look[2]) for mandate in Mandate.objects.all())

    assert icons.keys() == {"Valid", "Expired", "Revoked", "Not yet valid"}


def test_somebody_works_for_two_and_somebody_has_left():
    assert Membership.objects.live().filter(person=person("mika")).count() == 2
    assert not Membership.objects.live().filter(person=person("emil")).exists()


def test_kenji_is_asked_to_sign_and_may():
    kenji = actor_of_person(person("kenji"))
    waiting = Agreement.objects.visible_to(kenji).filter(status=AgreementStatus.SIGNING)

    assert waiting.count() == 2
    for agreement in waiting:
        assert AgreementPolicy(kenji, agreement).can_sign
        assert Item.objects.for_actor(kenji).waiting().filter(ref=agreement.ref).exists()


def test_six_sign_in_turn_and_one_of_every_kind_of_place_is_there():
    agreement = Agreement.objects.get(status=AgreementStatus.SIGNING, kind="data_exchange")
    standing = {row.party.agency.acronym: row for row in agreement.standing_signatures}
    ingrid = actor_of_person(person("ingrid"))

    assert set(agreement.slots.values_list("role", flat=True)) == set(SlotRole.values)
    assert standing.keys() == {"NASA", "Roscosmos", "CSA"}
    assert standing["Roscosmos"].level == Level.WET_INK
    assert standing["CSA"].counts_from is None
    assert AgreementPolicy(ingrid, agreement).refusal("sign").code == "not-your-turn"
    assert agreement.texts.count() == 2
    assert agreement.texts.get(number=1).signatures.count() == 1


def test_a_named_signatory_was_replaced_and_the_trail_says_why():
    trail = Addressee.objects.filter(slot__agency__acronym="JAXA").order_by("pk")

    assert [(row.person, row.ended_at is None) for row in trail] == [(person("ren"), False), (person("kenji"), True)]
    assert "revoked" in trail[1].reason


def test_one_signature_came_with_a_certificate_and_its_bundle_proves_it():
    signature = Signature.objects.get(level=Level.PADES)

    bundle = signed_in(person("lucien")).get(f"/agreements/{signature.agreement.ref}/bundle/")

    with ZipFile(io.BytesIO(b"".join(bundle))) as members:
        names = set(members.namelist())
    assert {"agreement.pdf", "verify.py", "witnesses.txt"} <= names
    assert any(name.startswith("outside/") and name.endswith(".pdf") for name in names)


def test_two_agencies_witness_all_that_was_told():
    seen = Cosignature.objects.select_related("witness", "checkpoint")
    later = Leaf.objects.filter(index__gte=min(row.checkpoint.size for row in seen))

    assert {row.witness.agency_ref for row in seen} == {"JAXA", "ESA"}
    assert set(later.values_list("event__verb", flat=True)) == {"ledger.cosigned"}


def test_nobody_has_an_address_that_could_exist():
    addresses = Person.objects.values_list("email", flat=True)

    assert all(address.endswith(".example") for address in addresses)
    assert all(domain.endswith(".example") for domain in Agency.objects.values_list("domain", flat=True))


def test_everybody_listed_can_sign_in_with_the_password_that_is_printed():
    listed = {one.email for one in loading.who_can_sign_in()}

    assert len(listed) > 50
    assert all(one.check_password(founding.PASSWORD) for one in Person.objects.filter(email__in=listed))
    assert Client().login(email=founding.email_of("mika"), password=founding.PASSWORD)


@pytest.mark.parametrize("key", ["mika", "yui", "wren"])
def test_every_link_on_every_page_leads_to_a_page(key):
    reader = actor_of_person(person(key))

    found = pages_from(signed_in(reader.person))

    # A refusal with its reason is a page too: an observer may follow "Write to this agency" and reads who may.
    assert {path: status for path, status in found.items() if status not in (200, 301, 302, 403)} == {}
    for visible in (Project.objects, Agreement.objects, Asset.objects, Thread.objects):
        for record in visible.visible_to(reader):
            path = record.get_absolute_url() if hasattr(record, "get_absolute_url") else f"/agreements/{record.ref}/"
            assert found.get(path) == 200, path


def test_the_ledger_verifies_and_nothing_waits_to_be_sealed():
    with snapshot():
        assert list(audit(StoredLedger())) == []
    assert not Unsealed.objects.exists()


def test_loading_again_changes_nothing_and_says_so(settings):
    settings.DEMO = True
    before, out = row_counts(), io.StringIO()

    call_command("demo", stdout=out)

    assert row_counts() == before
    assert "is there already" in out.getvalue()
    assert founding.email_of("mika") in out.getvalue()
    assert founding.PASSWORD in out.getvalue()


def test_it_is_not_loaded_where_nobody_asked_for_a_demonstration(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="CONCORD_DEMO=1"):
        call_command("demo")


def test_it_never_mixes_with_agencies_of_an_installation(settings):
    settings.DEMO = True
    Person.objects.filter(email=loading.OPERATOR_EMAIL).update(email="somebody@else.example")

    with pytest.raises(CommandError, match="agencies of its own"):
        call_command("demo")


def test_no_page_asks_more_of_the_database_when_there_is_more():
    mika = loading.reader()
    growth.grow(mika, projects=60, events=50, messages=200)
    before = {target.name: target.queries for target in pages.targets(mika)}

    growth.grow(mika, projects=90, events=100, messages=300)

    after = {target.name: target.queries for target in pages.targets(mika)}
    assert after == before
    assert after["projects"] <= 12
    assert after["project"] <= 12
