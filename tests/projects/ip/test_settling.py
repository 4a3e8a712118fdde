"""Settling a dispute: what is said in the room stays there, and every side agrees to the same hash."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError

from agencies.models import Membership, Role
from portal.history import sealer
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.append_only import EvidenceIsFinal
from portal.kit.refusals import Forbidden, NotNow
from projects.ip import actions
from projects.ip.models import (
    Dispute,
    DisputeStatus,
    SettlementConsent,
    SettlementText,
    WithoutPrejudiceMessage,
)
from tests.projects import life
from tests.projects.ip.test_disputes import opened

SECRET, TERMS = "canaryroomyranac", "canarytermsyranac"


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def dispute(cast, project):
    radar = actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")
    return opened(cast, project, radar)


@pytest.fixture
def talked(cast, dispute):
    """ESA has said something without prejudice and offered terms."""
    lucien = cast.actor(cast.lucien)
    actions.write_without_prejudice(dispute, actor=lucien, body=SECRET)
    actions.offer_settlement(dispute, actor=lucien, terms=TERMS)
    actions.add_file(
        dispute, actor=lucien, content=b"%PDF-1.7 drawing", name="drawing.pdf", shows="The drawing.", is_cleared=True
    )
    sealer.seal()
    return dispute


def with_roles(cast, person, *roles):
    Membership.objects.filter(person=person).update(roles=list(roles))
    return cast.actor(person)


def test_the_room_is_for_managers_signatories_and_who_was_named(cast, talked):
    sora = cast.actor(cast.sora).membership
    actions.name_representative(talked, actor=cast.actor(cast.mika), level="consultation", membership=sora)

    for person, reads in (
        (cast.mika, 1),
        (cast.kenji, 1),
        (cast.sora, 1),
        (cast.tara, 0),
        (cast.emil, 0),
        (cast.olga, 0),
    ):
        assert WithoutPrejudiceMessage.objects.visible_to(cast.actor(person)).count() == reads
        assert SettlementText.objects.visible_to(cast.actor(person)).count() == reads
    for role in (Role.IP_MANAGER, Role.ADMINISTRATOR, Role.EXPORT_OFFICER):
        actor = with_roles(cast, cast.kenji, role)
        assert Dispute.objects.visible_to(actor).exists()
        assert not WithoutPrejudiceMessage.objects.visible_to(actor).exists()
        assert cast.client(cast.kenji).get(f"{talked.get_absolute_url()}room/").status_code == 403


def test_nothing_but_the_room_shows_what_was_said_in_it(cast, talked):
    mika, url = cast.client(cast.mika), talked.get_absolute_url()
    pages = ["/", "/?for=all", "/ip/", url, f"{url}timeline.json", f"{talked.project.get_absolute_url()}history/",
             f"/projects/?q={SECRET}", "/api/v1/events/", "/api/v1/inbox/", "/api/v1/disputes/",
             f"/api/v1/disputes/{talked.ref}/", f"/api/v1/disputes/{talked.ref}/timeline/"]  # fmt: skip

    for path in pages:
        answer = mika.get(path, follow=True)
        assert answer.status_code == 200, path
        assert not {word for word in (SECRET, TERMS) if word in answer.content.decode() and word not in path}, path
    with ZipFile(BytesIO(mika.get(f"{url}evidence.zip").content)) as archive:
        for name in archive.namelist():
            assert SECRET.encode() not in archive.read(name)
            assert TERMS.encode() not in archive.read(name)
    assert SECRET in mika.get(f"{url}room/").content.decode()
    assert TERMS in mika.get(f"{url}room/").content.decode()


def test_no_event_tells_that_anybody_talked(cast, dispute):
    before = list(Event.objects.values_list("pk", flat=True))
    version = Dispute.objects.get().version

    actions.write_without_prejudice(dispute, actor=cast.actor(cast.lucien), body=SECRET)
    actions.offer_settlement(dispute, actor=cast.actor(cast.lucien), terms=TERMS)

    assert list(Event.objects.values_list("pk", flat=True)) == before
    assert Dispute.objects.get().version == version
    told = Item.objects.filter(url=f"{dispute.get_absolute_url()}room/")
    assert {(item.agency.ref, *item.roles) for item in told} == {("JAXA", "manager", "signatory")}
    assert all(SECRET not in f"{item.title_params}{item.why_params}" for item in told)


def test_what_was_said_cannot_be_exhibited_and_has_no_page_in_the_administration(cast, talked):
    message = WithoutPrejudiceMessage.objects.get()

    for kind in ("event", "history", "deposit", "agreement"):
        with pytest.raises(ValidationError):
            actions.add_exhibit(
                talked, actor=cast.actor(cast.mika), kind=kind, source=str(message.pk), shows="They said so."
            )
    for model in (WithoutPrejudiceMessage, SettlementText, SettlementConsent):
        assert not admin.site.is_registered(model)
    page = cast.client(cast.olga).get(f"/admin/ip/dispute/{talked.pk}/change/")
    assert page.status_code == 200
    assert SECRET not in page.content.decode()


def test_words_in_the_room_are_written_once(cast, talked):
    message = WithoutPrejudiceMessage.objects.get()
    message.body = "Something else."

    with pytest.raises(EvidenceIsFinal):
        message.save()


def test_it_is_settled_when_every_side_has_agreed_to_the_same_hash(cast, dispute):
    mika, lucien, kenji = cast.actor(cast.mika), cast.actor(cast.lucien), cast.actor(cast.kenji)
    with pytest.raises(NotNow, match="no-offer"):
        actions.agree_to_settlement(dispute, actor=mika, sha256="0" * 64)
    first = actions.offer_settlement(dispute, actor=lucien, terms="ESA has 40 percent.")
    second = actions.offer_settlement(dispute, actor=mika, terms="ESA has 30 percent.")

    with pytest.raises(NotNow, match="other-text"):
        actions.agree_to_settlement(dispute, actor=lucien, sha256=first.sha256)
    with pytest.raises(NotNow, match="already-agreed"):
        actions.agree_to_settlement(dispute, actor=kenji, sha256=second.sha256)
    assert not Dispute.objects.get().has_ended
    settled = actions.agree_to_settlement(dispute, actor=lucien, sha256=second.sha256)

    assert (settled.status, settled.settlement) == (DisputeStatus.SETTLED, second)
    event = Event.objects.get(verb="dispute.settled")
    assert event.facts["sha256"] == second.sha256
    assert sorted(event.facts["agreed_at"]) == ["ESA", "JAXA"]
    assert "percent" not in str(event.facts)
    page = cast.client(cast.mika).get(dispute.get_absolute_url()).content.decode()
    assert "ESA has 30 percent." in page
    with pytest.raises(NotNow, match="dispute-ended"):
        actions.agree_to_settlement(settled, actor=lucien, sha256=second.sha256)


def test_the_hash_covers_the_sides_and_the_number(cast, dispute):
    mika = cast.actor(cast.mika)

    one = actions.offer_settlement(dispute, actor=mika, terms="The same.")
    two = actions.offer_settlement(dispute, actor=mika, terms="The same.")

    assert one.sha256 != two.sha256
    assert one.sha256 == SettlementText.hash_of(dispute, 1, "The same.")


def test_who_was_named_talks_and_does_not_bind(cast, dispute):
    sora = cast.actor(cast.sora)
    actions.name_representative(dispute, actor=cast.actor(cast.mika), level="consultation", membership=sora.membership)
    offer = actions.offer_settlement(dispute, actor=cast.actor(cast.lucien), terms="Ours.")

    assert actions.write_without_prejudice(dispute, actor=sora, body="We could agree.").pk
    with pytest.raises(Forbidden, match="role-needed"):
        actions.agree_to_settlement(dispute, actor=sora, sha256=offer.sha256)
    with pytest.raises(Forbidden, match="role-needed"):
        actions.offer_settlement(dispute, actor=sora, terms="Ours.")


def test_the_room_works_on_its_page(cast, dispute):
    mika, lucien, url = cast.client(cast.mika), cast.client(cast.lucien), f"{dispute.get_absolute_url()}room/"

    assert lucien.post(url, {"body": " "}).status_code == 422
    assert lucien.post(url, {"body": "Shall we?"}).status_code == 302
    assert lucien.post(f"{url}offer/", {"terms": ""}).status_code == 422
    assert lucien.post(f"{url}offer/", {"terms": "Half each."}).status_code == 302
    page = mika.get(url).content.decode()
    assert page.index("Half each.") < page.index("Shall we?")
    assert mika.post(f"{url}agree/", {"sha256": "0" * 64}).status_code == 409
    assert mika.post(f"{url}agree/", {}).status_code == 422
    assert mika.post(f"{url}agree/", {"sha256": SettlementText.objects.get().sha256}).status_code == 302
    assert Dispute.objects.get().status == DisputeStatus.SETTLED
