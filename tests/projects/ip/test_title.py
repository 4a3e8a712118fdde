"""The chain of title: notice first, objections hold it, other owners consent, and only then somebody else owns it."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from portal.inbox.models import Item
from portal.kit.append_only import EvidenceIsFinal
from portal.kit.refusals import Forbidden, NotNow, Refusal, Stale
from projects.ip import actions
from projects.ip.models import Asset, TitleEntry, TitleTransfer
from tests import cast as casting
from tests.projects import life
from tests.projects.ip.papers import Clock

DEED = "ab" * 32


def claimed(cast, project=None, **shares):
    shares = {ref: Decimal(percent) for ref, percent in (shares or {"JAXA": 60, "ESA": 40}).items()}
    project = project or life.accepted(cast)
    return actions.claim_result(project, actor=cast.actor(cast.mika), title="Ice map", nature="data", shares=shares)


@pytest.fixture
def asset(cast):
    return claimed(cast)


def noticed(cast, asset, percent="60", **to):
    to = to or {"to_name": "Moon Mapping Ltd"}
    return actions.notify_transfer(asset, actor=cast.actor(cast.mika), percent=Decimal(percent), **to)


def over(transfer):
    TitleTransfer.objects.filter(pk=transfer.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    return TitleTransfer.objects.get(pk=transfer.pk)


def passed(cast, asset, percent="100", to="ESA"):
    """JAXA's share, once the notice has run and whoever else owns a part has consented."""
    transfer = noticed(cast, asset, percent, to=to)
    over(transfer)
    actions.complete_transfer(transfer, actor=cast.actor(cast.mika))
    return asset


def owners(asset):
    return {share.holder: share.words for share in asset.shares.select_related("agency")}


def test_a_share_passes_when_the_notice_has_run_and_the_other_owner_consents(cast, asset):
    transfer = noticed(cast, asset)
    mika = cast.actor(cast.mika)
    assert (transfer.days, transfer.from_name) == (45, cast.jaxa.legal_name)
    assert Item.objects.waiting().get().agency == cast.esa

    with pytest.raises(NotNow, match="notice-running"):
        actions.complete_transfer(transfer, actor=mika)
    over(transfer)
    with pytest.raises(NotNow, match="consent-missing"):
        actions.complete_transfer(transfer, actor=mika)
    actions.consent_to_transfer(transfer, actor=cast.actor(cast.lucien))
    with pytest.raises(ValidationError):
        actions.complete_transfer(transfer, actor=mika, document_hash="no hash")
    actions.complete_transfer(transfer, actor=mika, document_hash=DEED)

    assert owners(asset) == {"Moon Mapping Ltd": "60", "ESA": "40"}
    links = [
        (link.kind, link.from_ref, link.to_name, link.words, link.document_hash) for link in asset.title_entries.all()
    ]
    assert links[-1] == ("transferred", "JAXA", "Moon Mapping Ltd", "60", DEED)
    assert len(links) == 3
    with pytest.raises(EvidenceIsFinal):
        TitleEntry.objects.all().delete()
    with pytest.raises(NotNow, match="transfer-closed"):
        actions.complete_transfer(transfer, actor=mika)


def test_an_objection_holds_it_until_it_is_lifted(cast, asset):
    transfer = noticed(cast, asset, to="ESA")
    lucien = cast.actor(cast.lucien)

    with pytest.raises(ValidationError):
        actions.object_to_transfer(transfer, actor=lucien, reason="")
    assert actions.object_to_transfer(transfer, actor=lucien, reason="Our licence").status == "held"
    over(transfer)
    with pytest.raises(NotNow, match="held"):
        actions.complete_transfer(transfer, actor=cast.actor(cast.mika))
    with pytest.raises(NotNow, match="notice-over"):
        actions.object_to_transfer(transfer, actor=lucien, reason="Again")
    assert actions.consent_to_transfer(transfer, actor=lucien).status == "noticed"
    actions.complete_transfer(transfer, actor=cast.actor(cast.mika))

    assert owners(asset) == {"ESA": "100"}


def test_who_owns_all_of_it_afterwards_keeps_the_entry(cast):
    asset = passed(cast, claimed(cast, JAXA=100))

    edited = actions.edit_asset(asset, actor=cast.actor(cast.lucien), version=None, title="Our ice map")

    assert edited.title == "Our ice map"
    assert edited.party == cast.jaxa


def test_who_owns_nothing_of_it_any_more_keeps_the_entry_no_longer(cast):
    asset = passed(cast, claimed(cast, JAXA=100))
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)

    for verb in (
        lambda: actions.set_shares(asset, actor=mika, version=None, shares={"JAXA": Decimal(100)}),
        lambda: actions.edit_asset(asset, actor=mika, version=None, title="Still ours"),
        lambda: actions.withdraw_asset(asset, actor=mika),
        lambda: actions.set_contributors(asset, actor=mika, version=None, contributors=[]),
    ):
        with pytest.raises(Forbidden, match="not-your-entry") as refused:
            verb()
        assert "ESA" in str(refused.value.reason)
        assert "JAXA" not in str(refused.value.reason)
    with pytest.raises(Forbidden, match="own-entry"):
        actions.contest(asset, actor=lucien, reason="Ours")
    actions.contest(asset, actor=mika, reason="The deed was void.")

    assert Item.objects.waiting().get().agency == cast.esa
    assert owners(asset) == {"ESA": "100"}


def test_where_all_of_it_went_outside_the_party_keeps_the_entry(cast):
    asset = claimed(cast, JAXA=100)
    transfer = over(noticed(cast, asset, "100"))
    actions.complete_transfer(transfer, actor=cast.actor(cast.mika))

    assert actions.edit_asset(asset, actor=cast.actor(cast.mika), version=None, title="Sold").title == "Sold"


def test_what_waits_for_the_keeper_waits_for_the_new_one(cast):
    asset = claimed(cast, life.among_three(cast), JAXA=100)
    mika, lucien, tara = cast.actor(cast.mika), cast.actor(cast.lucien), cast.actor(cast.tara)
    part = actions.assert_contribution(asset, actor=lucien, percent=Decimal(40), reason="The radar model.")
    actions.contest(asset, actor=lucien, reason="Half is ours.")

    passed(cast, asset, to="ISRO")

    assert {item.agency for item in Item.objects.waiting()} == {cast.isro}
    assert Item.objects.waiting().count() == 2
    with pytest.raises(Forbidden, match="not-your-entry"):
        actions.refuse_contribution(part, actor=mika, reason="No.")
    with pytest.raises(Forbidden, match="not-your-entry"):
        actions.accept_contribution(part, actor=mika, version=None, shares={"ESA": Decimal(100)})
    shares = {"ISRO": Decimal(60), "ESA": Decimal(40)}
    assert actions.accept_contribution(part, actor=tara, version=None, shares=shares).status == "accepted"


def test_setting_shares_takes_nothing_from_who_got_it_by_a_transfer(cast):
    asset = passed(cast, claimed(cast, JAXA=100), "40")
    mika = cast.actor(cast.mika)

    for shares in ({"JAXA": Decimal(100)}, {"JAXA": Decimal("60.0001"), "ESA": Decimal("39.9999")}):
        with pytest.raises(ValidationError) as refused:
            actions.set_shares(asset, actor=mika, version=None, shares=shares)
        assert "Only ESA gives a part of it up, by a transfer" in refused.value.message_dict["shares"][0]
    actions.set_shares(asset, actor=mika, version=None, shares={"JAXA": Decimal(50), "ESA": Decimal(50)})

    assert owners(asset) == {"JAXA": "50", "ESA": "50"}


def test_the_chain_counts_days_at_the_seat_of_who_acts(cast, monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(2027, 3, 1, 16)  # the second of March in Tokyo
    asset = claimed(cast)
    shares = {"JAXA": Decimal(70), "ESA": Decimal(30)}
    actions.set_shares(asset, actor=cast.actor(cast.mika), version=None, shares=shares)
    transfer = noticed(cast, asset, "70")
    actions.consent_to_transfer(transfer, actor=cast.actor(cast.lucien))
    clock.set(2027, 6, 1, 16)
    actions.complete_transfer(transfer, actor=cast.actor(cast.mika))

    days = [entry.on for entry in asset.title_entries.all()]
    assert days == [date(2027, 3, 2)] * 4 + [date(2027, 6, 2)]


def test_what_cannot_be_transferred(cast, asset):
    for percent, to, field in [
        ("61", {"to_name": "Moon Ltd"}, "percent"),
        ("-1", {"to_name": "Moon Ltd"}, "percent"),
        ("10", {"to": "JAXA"}, "to"),
        ("10", {"to": "NOBODY"}, "to_name"),
        ("10", {"to": "NOVA"}, "to_name"),
        ("10", {"to": "ISRO"}, "to_name"),
        ("10", {"to": "ESA", "to_name": "Moon Ltd"}, "to_name"),
        ("10", {"to": "", "to_name": " "}, "to_name"),
    ]:
        with pytest.raises(ValidationError) as refused:
            noticed(cast, asset, percent, **to)
        assert field in refused.value.message_dict
    radar = actions.list_background(asset.project, actor=cast.actor(cast.lucien), title="Radar", nature="hardware")
    with pytest.raises(Forbidden, match="not-an-owner"):
        noticed(cast, radar, "10")


def test_one_transfer_at_a_time_and_only_by_whose_share_it_is(cast, asset):
    transfer = noticed(cast, asset)

    with pytest.raises(NotNow, match="transfer-under-way"):
        noticed(cast, asset)
    with pytest.raises(Forbidden, match="own-notice"):
        actions.object_to_transfer(transfer, actor=cast.actor(cast.mika), reason="No")
    for verb in (actions.complete_transfer, actions.withdraw_transfer):
        with pytest.raises(Forbidden, match="not-your-share"):
            verb(transfer, actor=cast.actor(cast.lucien))
    assert actions.withdraw_transfer(transfer, actor=cast.actor(cast.mika)).status == "withdrawn"
    assert not Item.objects.waiting().exists()


def test_a_share_that_has_become_too_small_does_not_pass(cast, asset):
    transfer = noticed(cast, asset)
    actions.consent_to_transfer(transfer, actor=cast.actor(cast.lucien))
    over(transfer)
    shares = {"JAXA": Decimal(30), "ESA": Decimal(70)}
    actions.set_shares(asset, actor=cast.actor(cast.mika), version=None, shares=shares)

    with pytest.raises(NotNow, match="share-too-small"):
        actions.complete_transfer(transfer, actor=cast.actor(cast.mika))


def test_an_owner_outside_keeps_its_share_when_the_others_set_theirs(cast, asset):
    transfer = noticed(cast, asset, "10")
    actions.consent_to_transfer(transfer, actor=cast.actor(cast.lucien))
    over(transfer)
    actions.complete_transfer(transfer, actor=cast.actor(cast.mika))
    mika = cast.actor(cast.mika)

    with pytest.raises(ValidationError) as refused:
        actions.set_shares(asset, actor=mika, version=None, shares={"JAXA": Decimal(60), "ESA": Decimal(40)})
    assert "110" in refused.value.message_dict["shares"][0]
    actions.set_shares(asset, actor=mika, version=None, shares={"JAXA": Decimal(90)})

    assert owners(asset) == {"JAXA": "90", "Moon Mapping Ltd": "10"}
    for address in (f"/ip/{asset.ref}/", f"/projects/{asset.project.ref}/ip/", f"/api/v1/assets/{asset.ref}/"):
        page = cast.client(cast.mika).get(address)
        assert page.status_code == 200
        assert "Moon Mapping Ltd" in page.content.decode()


def test_by_the_pages(cast, asset):
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)

    assert 'value="60"' in mika.get(f"/ip/{asset.ref}/transfer/").content.decode()
    typed = {"to": "", "to_name": "Moon Mapping Ltd", "percent": "33,3333"}
    assert mika.post(f"/ip/{asset.ref}/transfer/", typed | {"percent": "70"}).status_code == 422
    assert mika.post(f"/ip/{asset.ref}/transfer/", typed).status_code == 302
    transfer = TitleTransfer.objects.get()
    address = f"/ip/transfers/{transfer.ref}/"
    assert "Has not answered" in mika.get(address).content.decode()
    assert mika.post(f"{address}complete/").status_code == 409
    assert lucien.post(f"{address}object/", {"reason": "Our licence"}).status_code == 302
    assert "Our licence" in mika.get(address).content.decode()
    assert lucien.post(f"{address}consent/").status_code == 302
    over(transfer)
    assert mika.get(f"{address}complete/").status_code == 200
    assert mika.post(f"{address}complete/", {"document_hash": DEED}).status_code == 302
    assert "Moon Mapping Ltd" in lucien.get(f"/ip/{asset.ref}/").content.decode()
    assert cast.client(cast.tara).get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_agencies_that_change_ownership_at_once_the_second_is_told(transactional_db):
    cast = casting.build()
    asset = claimed(cast)
    lucien, mika = cast.actor(cast.lucien), cast.actor(cast.mika)
    transfer = actions.notify_transfer(asset, actor=lucien, percent=Decimal(40), to_name="Moon Ltd")
    actions.consent_to_transfer(transfer, actor=mika)
    over(transfer)
    version, results = Asset.objects.get().version, []
    start = Barrier(2, timeout=20)
    shares = {"JAXA": Decimal(80), "ESA": Decimal(20)}

    def run(act):
        start.wait()
        try:
            act()
            results.append(None)
        except Refusal as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [
        Thread(target=run, args=[lambda: actions.set_shares(asset, actor=mika, version=version, shares=shares)]),
        Thread(target=run, args=[lambda: actions.complete_transfer(transfer, actor=lucien)]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (refusal,) = [result for result in results if result is not None]
    assert isinstance(refusal, Stale) or refusal.code == "share-too-small"
    assert sum(share.percent for share in asset.shares.all()) == 100
