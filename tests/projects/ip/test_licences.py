"""Licences: a joint owner gives notice first (rule R8), and an exclusive licence needs every owner."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.zones import end_of
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.ip import actions
from projects.ip.models import Licence, TitleTransfer
from tests import stage
from tests.projects import life
from tests.projects.ip.papers import Clock


@pytest.fixture
def asset(cast):
    shares = {"JAXA": Decimal(60), "ESA": Decimal(40)}
    project = life.accepted(cast)
    return actions.claim_result(project, actor=cast.actor(cast.mika), title="Ice map", nature="data", shares=shares)


def soon(days=90):
    return timezone.now().date() + timedelta(days=days)


def given(cast, asset, starts_on=None, **facts):
    facts = {"licensee_name": "Moon Mapping Ltd"} | facts
    return actions.license_asset(asset, actor=cast.actor(cast.mika), starts_on=starts_on or soon(), **facts)


def ran(licence):
    """As if the notice had been given long ago."""
    moment = timezone.now() - timedelta(seconds=1)
    Licence.objects.filter(pk=licence.pk).update(first_day=date(2026, 1, 1), notice_ends_at=moment)
    return Licence.objects.get(pk=licence.pk)


def test_r8_a_joint_licence_before_its_notice_is_refused_with_the_earliest_day(cast, asset):
    with pytest.raises(NotNow, match="notice-running") as refused:
        given(cast, asset, soon(44))

    earliest = given(cast, asset, soon()).first_day
    assert earliest > soon(45)
    assert str(earliest.year) in str(refused.value.reason)
    assert given(cast, asset, earliest).status == "noticed"
    with pytest.raises(NotNow):
        given(cast, asset, earliest - timedelta(days=1))


def test_r8_nothing_is_recorded_before_the_notice_has_run(cast, asset):
    licence = given(cast, asset)

    with pytest.raises(NotNow, match="notice-running"):
        actions.record_licence(licence, actor=cast.actor(cast.mika))
    ran(licence)
    assert actions.record_licence(licence, actor=cast.actor(cast.mika)).status == "recorded"


def test_the_days_are_those_of_the_agreement(cast):
    agreement = stage.agreement_in_force(cast, answers={"joint_licence_notice_days": 10})
    shares = {"JAXA": Decimal(50), "ESA": Decimal(50)}
    mika = cast.actor(cast.mika)
    asset = actions.claim_result(agreement.project, actor=mika, title="Ice map", nature="data", shares=shares)

    licence = given(cast, asset, soon(20))

    assert licence.days == 10
    assert agreement.ref in licence.source


def test_the_only_owner_needs_no_notice(cast, asset):
    radar = actions.list_background(asset.project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")

    licence = given(cast, radar, date(2026, 1, 1), licensee_name="", licensee="ESA")

    assert (licence.status, licence.licensee, licence.days) == ("recorded", cast.esa, 0)
    assert licence.notice_ends_at is None


def test_r8_the_notice_ends_with_the_day_at_the_seat_of_the_last_owner(cast, asset, monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(2027, 3, 1, 12)
    last_day = date(2027, 4, 15)  # 45 days, of ESA in Paris; in Tokyo it is over at 07:00 on the day after
    ends_at = end_of(last_day, "Europe/Paris")

    with pytest.raises(NotNow, match="notice-running") as refused:
        given(cast, asset, date(2027, 4, 16))
    assert "17 April 2027" in str(refused.value.reason)
    licence = given(cast, asset, date(2027, 4, 17))

    assert (licence.notice_ends_at, licence.first_day) == (ends_at, date(2027, 4, 17))
    clock.moment = ends_at - timedelta(seconds=1)
    with pytest.raises(NotNow, match="notice-running"):
        actions.record_licence(licence, actor=cast.actor(cast.mika))
    clock.moment = ends_at
    recorded = actions.record_licence(licence, actor=cast.actor(cast.mika))
    assert str(recorded.status_look[2]) == "Recorded, not begun"
    clock.set(2027, 4, 16, 15, 0)  # midnight in Tokyo
    assert str(recorded.status_look[2]) == "Recorded"


def test_r8_the_database_records_nothing_before_its_notice_has_run(cast, asset):
    licence = given(cast, asset)

    with pytest.raises(IntegrityError, match="licence_recorded_after_its_notice"), transaction.atomic():
        licence.move_to("recorded").save()


def test_r8_an_owner_outside_is_owed_the_notice_too(cast, asset):
    radar = actions.list_background(asset.project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")
    transfer = actions.notify_transfer(
        radar, actor=cast.actor(cast.mika), percent=Decimal(10), to_name="Moon Mapping Ltd"
    )
    TitleTransfer.objects.filter(pk=transfer.pk).update(ends_at=timezone.now())
    actions.complete_transfer(transfer, actor=cast.actor(cast.mika))

    with pytest.raises(NotNow, match="notice-running"):
        given(cast, radar, soon(40), licensee_name="Sea Ltd")


def test_an_exclusive_licence_needs_every_owner(cast, asset):
    licence = ran(given(cast, asset, is_exclusive=True))
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    assert Item.objects.waiting().get().agency == cast.esa

    with pytest.raises(NotNow, match="consent-missing"):
        actions.record_licence(licence, actor=mika)
    with pytest.raises(ValidationError):
        actions.refuse_licence(licence, actor=lucien, reason="")
    actions.refuse_licence(licence, actor=lucien, reason="We use it ourselves.")
    with pytest.raises(NotNow, match="consent-missing"):
        actions.record_licence(licence, actor=mika)
    actions.consent_to_licence(licence, actor=lucien)
    actions.record_licence(licence, actor=mika)

    assert actions.end_licence(licence, actor=mika).status == "ended"


def test_where_the_agreement_asks_for_it_every_licence_needs_every_owner(cast):
    agreement = stage.agreement_in_force(cast, answers={"joint_licensing": "consent"})
    shares = {"JAXA": Decimal(60), "ESA": Decimal(40)}
    mika = cast.actor(cast.mika)
    result = actions.claim_result(agreement.project, actor=mika, title="Map", nature="data", shares=shares)
    licence = ran(given(cast, result))

    with pytest.raises(NotNow, match="consent-missing"):
        actions.record_licence(licence, actor=mika)
    actions.consent_to_licence(licence, actor=cast.actor(cast.lucien))

    assert actions.record_licence(licence, actor=mika).status == "recorded"


def test_who_may_not(cast, asset):
    licence = given(cast, asset)

    with pytest.raises(NotNow, match="no-consent-needed"):
        actions.consent_to_licence(licence, actor=cast.actor(cast.lucien))
    with pytest.raises(Forbidden, match="not-another-owner"):
        actions.consent_to_licence(licence, actor=cast.actor(cast.mika))
    with pytest.raises(Forbidden, match="not-your-licence"):
        actions.record_licence(ran(licence), actor=cast.actor(cast.lucien))
    with pytest.raises(Forbidden, match="not-an-owner"):
        radar = actions.list_background(asset.project, actor=cast.actor(cast.lucien), title="Drill", nature="hardware")
        given(cast, radar)
    actions.withdraw_licence(licence, actor=cast.actor(cast.mika))
    with pytest.raises(NotNow, match="notice-closed"):
        actions.record_licence(licence, actor=cast.actor(cast.mika))


def test_dates_the_wrong_way_round_and_nobody_or_no_party_named(cast, asset):
    with pytest.raises(ValidationError, match="last day"):
        given(cast, asset, soon(90), ends_on=soon(80))
    with pytest.raises(ValidationError):
        given(cast, asset, licensee_name="")
    for agency in ("JAXA", "ISRO"):
        with pytest.raises(ValidationError):
            given(cast, asset, licensee=agency, licensee_name="")


def test_by_the_pages(cast, asset):
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)
    typed = {"licensee_name": "Moon Mapping Ltd", "starts_on": soon(10).isoformat(), "is_exclusive": "on"}

    assert "the others have notice first" in mika.get(f"/ip/{asset.ref}/license/").content.decode()
    early = mika.post(f"/ip/{asset.ref}/license/", typed)
    assert early.status_code == 409
    assert "the earliest day is" in early.content.decode()
    assert mika.post(f"/ip/{asset.ref}/license/", typed | {"starts_on": soon().isoformat()}).status_code == 302
    licence = Licence.objects.get()
    address = f"/ip/licences/{licence.ref}/"
    assert "Has not answered" in mika.get(address).content.decode()
    assert lucien.get(f"{address}refuse/").status_code == 200
    assert lucien.post(f"{address}consent/").status_code == 302
    assert mika.post(f"{address}record/").status_code == 409
    ran(licence)
    assert mika.post(f"{address}record/").status_code == 302
    assert "Moon Mapping Ltd" in lucien.get(f"/ip/{asset.ref}/").content.decode()
    assert cast.client(cast.tara).get(address).status_code == 404
