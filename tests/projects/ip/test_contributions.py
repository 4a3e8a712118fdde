"""Within the window others assert a contribution; afterwards they contest."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.ip import actions
from projects.ip.forms.belongings import proposed
from projects.ip.models import Asset, Contribution
from projects.ip.windows import ASSERTION_DAYS, assertion_window
from tests.projects import life


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def asset(cast, project):
    shares = {"JAXA": Decimal(100)}
    return actions.claim_result(project, actor=cast.actor(cast.mika), title="Ice map", nature="data", shares=shares)


def asserted(cast, asset, percent="40", reason="We made the radar model."):
    share = Decimal(percent) if percent else None
    return actions.assert_contribution(asset, actor=cast.actor(cast.lucien), percent=share, reason=reason)


def past(asset, days=ASSERTION_DAYS + 5):
    """As if it had been claimed that long ago."""
    Asset.objects.filter(pk=asset.pk).update(created_at=timezone.now() - timedelta(days=days))
    return Asset.objects.get(pk=asset.pk)


def test_an_assertion_asks_whoever_claimed(cast, asset):
    found = asserted(cast, asset)

    item = Item.objects.waiting().get()
    assert (item.agency, item.url) == (cast.jaxa, f"/ip/contributions/{found.ref}/")
    event = Event.objects.get(verb="asset.contribution_asserted")
    assert event.facts == {"contribution": found.ref}
    assert "radar" not in str(event.facts)


def test_accepting_sets_the_shares(cast, asset):
    found = asserted(cast, asset)
    mika = cast.actor(cast.mika)

    with pytest.raises(ValidationError) as refused:
        actions.accept_contribution(found, actor=mika, version=None, shares={"JAXA": Decimal(100)})
    assert "Give ESA a share" in refused.value.message_dict["shares"][0]
    shares = {"JAXA": Decimal(60), "ESA": Decimal(40)}
    with pytest.raises(Stale):
        actions.accept_contribution(found, actor=mika, version=99, shares=shares)
    accepted = actions.accept_contribution(found, actor=mika, version=1, shares=shares)

    assert accepted.status == "accepted"
    assert {share.holder: share.words for share in asset.shares.all()} == {"JAXA": "60", "ESA": "40"}
    assert not Item.objects.waiting().exists()


def test_what_was_accepted_is_taken_back_neither_by_new_shares_nor_by_another_contribution(cast):
    project = life.among_three(cast)
    mika, tara = cast.actor(cast.mika), cast.actor(cast.tara)
    asset = actions.claim_result(project, actor=mika, title="Ice map", nature="data", shares={"JAXA": Decimal(100)})
    shares = {"JAXA": Decimal(60), "ESA": Decimal(40)}
    actions.accept_contribution(asserted(cast, asset), actor=mika, version=None, shares=shares)
    second = actions.assert_contribution(asset, actor=tara, percent=Decimal(10), reason="The orbits.")

    with pytest.raises(ValidationError) as refused:
        actions.set_shares(asset, actor=mika, version=None, shares={"JAXA": Decimal(100)})
    assert "accepted contribution" in refused.value.message_dict["shares"][0]
    diluted = {"JAXA": Decimal(54), "ESA": Decimal(36), "ISRO": Decimal(10)}
    with pytest.raises(ValidationError) as refused:
        actions.accept_contribution(second, actor=mika, version=None, shares=diluted)
    assert "ESA has 40 percent" in refused.value.message_dict["shares"][0]
    shown = proposed(Contribution.objects.with_asset().get(pk=second.pk))
    assert shown == {"JAXA": Decimal(50), "ESA": Decimal(40), "ISRO": Decimal(10)}
    assert actions.accept_contribution(second, actor=mika, version=None, shares=shown).status == "accepted"


def test_refusing_contests_the_result(cast, asset):
    found = asserted(cast, asset)

    with pytest.raises(ValidationError):
        actions.refuse_contribution(found, actor=cast.actor(cast.mika), reason="")
    actions.refuse_contribution(found, actor=cast.actor(cast.mika), reason="The model came later.")

    asset.refresh_from_db()
    assert (asset.status, asset.contested_by, asset.contest_reason) == ("contested", cast.esa, found.reason)
    assert actions.settle_contest(asset, actor=cast.actor(cast.lucien)).status == "declared"
    with pytest.raises(NotNow, match="not-open"):
        actions.refuse_contribution(found, actor=cast.actor(cast.mika), reason="Again")


def test_after_the_window_there_is_the_contest(cast, asset):
    late = past(asset)

    with pytest.raises(NotNow, match="window-over") as refused:
        asserted(cast, late)
    assert "Contest the entry" in str(refused.value.unblock)
    page = cast.client(cast.lucien).get(f"/ip/{asset.ref}/").content.decode()
    assert "nobody asserted one" in page
    assert f"/ip/{asset.ref}/assert/" not in page
    assert cast.client(cast.lucien).post(f"/ip/{asset.ref}/assert/").status_code == 409


def test_the_window_ends_with_the_day_at_the_seat_of_each_party(cast, asset):
    window = assertion_window(Asset.objects.with_project().get(), cast.esa)

    assert window.is_open
    assert window.own.agency == cast.esa
    assert window.own.ends_at.astimezone(cast.esa.local().tzinfo).strftime("%H:%M") == "00:00"
    page = cast.client(cast.lucien).get(f"/ip/{asset.ref}/").content.decode()
    assert "Other parties may assert a contribution until" in page


def test_who_may_not_assert(cast, project, asset):
    with pytest.raises(Forbidden, match="own-entry"):
        actions.assert_contribution(asset, actor=cast.actor(cast.mika), percent=Decimal(1), reason="Mine")
    with pytest.raises(Forbidden, match="not-a-participant"):
        actions.assert_contribution(asset, actor=cast.actor(cast.tara), percent=Decimal(1), reason="Mine")
    with pytest.raises(Forbidden, match="role-needed"):
        actions.assert_contribution(asset, actor=cast.actor(cast.ingrid), percent=Decimal(1), reason="Mine")
    radar = actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")
    with pytest.raises(NotNow, match="not-a-result"):
        asserted(cast, radar)
    asserted(cast, asset)
    with pytest.raises(NotNow, match="already-asserted"):
        asserted(cast, asset)


@pytest.mark.parametrize("percent", ["0", "-5", "101", "33.33333", ""])
def test_a_share_that_is_none_is_refused_beside_the_field(cast, asset, percent):
    with pytest.raises(ValidationError) as refused:
        asserted(cast, asset, percent=percent)
    assert "percent" in refused.value.message_dict


def test_only_who_claimed_answers_and_only_who_asserted_withdraws(cast, asset):
    found = asserted(cast, asset)

    with pytest.raises(Forbidden, match="not-your-entry"):
        actions.accept_contribution(found, actor=cast.actor(cast.lucien), version=None, shares={})
    with pytest.raises(Forbidden, match="not-yours"):
        actions.withdraw_contribution(found, actor=cast.actor(cast.mika))
    assert actions.withdraw_contribution(found, actor=cast.actor(cast.lucien)).status == "withdrawn"
    assert not Item.objects.waiting().exists()
    assert asserted(cast, asset).pk


def test_by_the_pages(cast, asset):
    lucien, mika = cast.client(cast.lucien), cast.client(cast.mika)

    assert lucien.get(f"/ip/{asset.ref}/assert/").status_code == 200
    assert lucien.post(f"/ip/{asset.ref}/assert/", {"percent": "33,3333", "reason": "Half is ours"}).status_code == 302
    found = Contribution.objects.get()
    assert found.words == "33.3333"
    page = mika.get(f"/ip/contributions/{found.ref}/").content.decode()
    assert "Accept and set the shares" in page
    assert "Withdraw the assertion" not in page
    form = mika.get(f"/ip/contributions/{found.ref}/accept/").content.decode()
    assert 'value="66.6667"' in form
    typed = {"version": 1, "share_JAXA": "66,6667", "share_ESA": "33,3333"}
    assert mika.post(f"/ip/contributions/{found.ref}/accept/", typed).status_code == 302
    assert "Accepted" in lucien.get(f"/ip/{asset.ref}/").content.decode()
    assert cast.client(cast.tara).get(f"/ip/contributions/{found.ref}/").status_code == 404
