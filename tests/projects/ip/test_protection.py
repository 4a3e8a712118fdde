"""Rights at their offices: what happened, and that none is given up before it was offered."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.inbox.models import Item
from portal.kit.append_only import EvidenceIsFinal
from portal.kit.refusals import Forbidden, NotNow
from projects.ip import actions
from projects.ip.models import AbandonmentOffer, ProtectionStep, TitleTransfer
from tests import stage
from tests.projects import life
from tests.projects.ip.papers import Clock

RIGHT = {"office": "European Patent Office", "number": "EP 1234567"}


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def asset(cast, project):
    shares = {"JAXA": Decimal(60), "ESA": Decimal(40)}
    return actions.claim_result(project, actor=cast.actor(cast.mika), title="Drill", nature="patent", shares=shares)


def step(cast, asset, kind="filed", on=date(2026, 1, 5), person=None, **facts):
    return actions.record_step(asset, actor=cast.actor(person or cast.mika), kind=kind, on=on, **{**RIGHT, **facts})


def offered(cast, asset):
    return actions.offer_abandonment(asset, actor=cast.actor(cast.mika), reason="Too dear", **RIGHT)


def over(offer):
    AbandonmentOffer.objects.filter(pk=offer.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    return AbandonmentOffer.objects.get(pk=offer.pk)


def test_steps_are_kept_as_recorded(cast, asset):
    filed = step(cast, asset, territory="France")
    step(cast, asset, "granted", date(2026, 9, 1), person=cast.lucien)

    with pytest.raises(EvidenceIsFinal):
        filed.save()
    page = cast.client(cast.lucien).get(f"/ip/{asset.ref}/").content.decode()
    assert page.index("Filed") < page.index("Granted")
    assert "France" in page


def test_what_is_wrong_with_a_step_is_said_beside_the_field(cast, asset):
    with pytest.raises(ValidationError) as refused:
        step(cast, asset, on=timezone.now().date() + timedelta(days=3))
    assert "on" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        step(cast, asset, office=" ", kind="eaten")
    assert {"office", "kind"} <= set(refused.value.message_dict)


def test_only_owners_record_and_offer(cast, project):
    radar = actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="patent")

    with pytest.raises(Forbidden, match="not-an-owner"):
        step(cast, radar, person=cast.lucien)
    with pytest.raises(Forbidden, match="not-an-owner"):
        actions.offer_abandonment(radar, actor=cast.actor(cast.lucien), reason="No", **RIGHT)


def test_nothing_is_abandoned_that_was_not_offered(cast, asset):
    with pytest.raises(NotNow, match="offer-first") as refused:
        step(cast, asset, "abandoned")
    assert "Offer it to them first" in str(refused.value.unblock)
    offer = offered(cast, asset)
    with pytest.raises(NotNow, match="offer-first") as refused:
        step(cast, asset, "abandoned", number="ep1234567")
    assert offer.ref in str(refused.value.unblock)
    with pytest.raises(ValidationError):
        offered(cast, asset)


def test_the_others_have_their_time_and_then_it_may_be_given_up(cast, asset):
    offer = offered(cast, asset)
    assert (offer.days, Item.objects.waiting().get().agency) == (45, cast.esa)

    with pytest.raises(NotNow, match="offer-running"):
        actions.abandon_protection(offer, actor=cast.actor(cast.mika))
    over(offer)
    with pytest.raises(NotNow, match="offer-over"):
        actions.take_over_protection(offer, actor=cast.actor(cast.lucien))
    with pytest.raises(Forbidden, match="not-your-offer"):
        actions.abandon_protection(offer, actor=cast.actor(cast.lucien))
    abandoned = actions.abandon_protection(offer, actor=cast.actor(cast.mika))

    assert (abandoned.kind, abandoned.number) == ("abandoned", RIGHT["number"])
    assert not Item.objects.waiting().exists()
    with pytest.raises(NotNow, match="offer-closed"):
        actions.abandon_protection(offer, actor=cast.actor(cast.mika))


def test_whoever_takes_it_over_keeps_it_alive(cast, asset):
    offer = offered(cast, asset)

    with pytest.raises(Forbidden, match="own-offer"):
        actions.take_over_protection(offer, actor=cast.actor(cast.mika))
    with pytest.raises(Forbidden):
        actions.take_over_protection(offer, actor=cast.actor(cast.tara))
    assert actions.take_over_protection(offer, actor=cast.actor(cast.lucien)).taken_by == cast.esa
    over(offer)
    with pytest.raises(NotNow, match="offer-closed"):
        actions.abandon_protection(offer, actor=cast.actor(cast.mika))


@pytest.mark.parametrize("shares", [{"JAXA": 60, "ESA": 40}, {"JAXA": 100}])
def test_a_right_that_was_taken_over_is_of_who_took_it_alone(cast, project, shares):
    """Whether it owns a part of the result or not."""
    shares = {ref: Decimal(percent) for ref, percent in shares.items()}
    asset = actions.claim_result(project, actor=cast.actor(cast.mika), title="Drill", nature="patent", shares=shares)
    actions.take_over_protection(offered(cast, asset), actor=cast.actor(cast.lucien))

    for number in (RIGHT["number"], "ep1234567"):
        for kind in ("maintained", "abandoned"):
            with pytest.raises(Forbidden, match="taken-over"):
                step(cast, asset, kind, number=number)
    with pytest.raises(Forbidden, match="taken-over"):
        offered(cast, asset)
    assert step(cast, asset, number="EP 7654321").agency == cast.jaxa  # another right stays where it was
    assert step(cast, asset, "maintained", person=cast.lucien).agency == cast.esa
    page = cast.client(cast.lucien).get(f"/ip/{asset.ref}/").content.decode()
    assert f"/ip/{asset.ref}/protection/new/" in page
    again = actions.offer_abandonment(asset, actor=cast.actor(cast.lucien), reason="Too dear", **RIGHT)
    actions.take_over_protection(again, actor=cast.actor(cast.mika))

    assert step(cast, asset, "maintained").agency == cast.jaxa
    with pytest.raises(Forbidden, match="taken-over"):
        step(cast, asset, "maintained", person=cast.lucien)


def test_who_took_one_right_over_has_no_other(cast, project):
    radar = actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="patent")
    actions.take_over_protection(offered(cast, radar), actor=cast.actor(cast.lucien))

    with pytest.raises(Forbidden, match="not-an-owner"):
        step(cast, radar, person=cast.lucien, number="EP 7654321")


def test_who_has_passed_its_share_on_gives_no_right_up(cast, project):
    radar = actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="patent")
    mika, offer = cast.actor(cast.mika), offered(cast, radar)
    transfer = actions.notify_transfer(radar, actor=mika, percent=Decimal(100), to="ESA")
    TitleTransfer.objects.filter(pk=transfer.pk).update(ends_at=timezone.now())
    actions.complete_transfer(transfer, actor=mika)

    with pytest.raises(Forbidden, match="not-an-owner"):
        actions.abandon_protection(over(offer), actor=mika)


def test_days_are_those_of_the_seat_of_who_records(cast, asset, monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(2027, 3, 1, 16)  # the second of March in Tokyo, the first in Paris
    offer = over(offered(cast, asset))

    assert step(cast, asset, on=date(2027, 3, 2)).on == date(2027, 3, 2)
    for person, on in ((cast.mika, date(2027, 3, 3)), (cast.lucien, date(2027, 3, 2))):
        with pytest.raises(ValidationError) as refused:
            step(cast, asset, person=person, on=on)
        assert "on" in refused.value.message_dict
    assert actions.abandon_protection(offer, actor=cast.actor(cast.mika)).on == date(2027, 3, 2)


def test_an_owner_may_keep_it_after_all(cast, asset):
    offer = actions.keep_protection(offered(cast, asset), actor=cast.actor(cast.mika))

    assert offer.status == "withdrawn"
    assert not Item.objects.waiting().exists()


def test_the_days_are_those_of_the_agreement(cast):
    agreement = stage.agreement_in_force(cast, answers={"abandonment_notice_days": 20})
    shares = {"JAXA": Decimal(100)}
    asset = actions.claim_result(
        agreement.project, actor=cast.actor(cast.mika), title="Drill", nature="patent", shares=shares
    )

    offer = offered(cast, asset)

    assert offer.days == 20
    assert agreement.ref in offer.source


def test_by_the_pages(cast, asset):
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)
    typed = {**RIGHT, "kind": "filed", "on": "2026-01-05"}

    assert mika.get(f"/ip/{asset.ref}/protection/new/").status_code == 200
    assert mika.post(f"/ip/{asset.ref}/protection/new/", {**typed, "kind": "abandoned"}).status_code == 422
    assert mika.post(f"/ip/{asset.ref}/protection/new/", typed).status_code == 302
    assert RIGHT["number"] in mika.get(f"/ip/{asset.ref}/protection/offer/").content.decode()
    assert mika.post(f"/ip/{asset.ref}/protection/offer/", {**RIGHT, "reason": "Too dear"}).status_code == 302
    offer = AbandonmentOffer.objects.get()
    assert "Take it over" in lucien.get(f"/ip/abandonments/{offer.ref}/").content.decode()
    assert "The others may take it over until" in mika.get(f"/ip/abandonments/{offer.ref}/").content.decode()
    assert mika.post(f"/ip/abandonments/{offer.ref}/abandon/").status_code == 409
    assert lucien.post(f"/ip/abandonments/{offer.ref}/take-over/").status_code == 302
    assert cast.client(cast.tara).get(f"/ip/abandonments/{offer.ref}/").status_code == 404
    assert ProtectionStep.objects.count() == 1
