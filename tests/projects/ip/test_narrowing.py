"""Background under an agreement in force: what not listing means, what differs, and how access becomes narrower."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.ip import actions
from projects.ip.jobs.background_changes import let_notices_take_effect
from projects.ip.models import Asset, BackgroundChange
from projects.models import Participation, Project
from tests import stage
from tests.kept import kept
from tests.projects.ip import access


@kept
def in_force(cast, **answers):
    project = stage.with_register(cast, stage.accepted_project(cast))
    return stage.agreement_in_force(cast, project=project, answers=answers)


def radar_of(agreement):
    return Asset.objects.get(project=agreement.project, title="Landing radar")


def proposed(cast, asset, kind="withdraw", **words):
    words = {"reason": "We sold it."} | words
    return actions.propose_narrowing(asset, actor=cast.actor(cast.mika), kind=kind, **words)


def page_of(cast, agreement, person=None):
    return cast.client(person or cast.mika).get(f"/projects/{agreement.project.ref}/ip/").content.decode()


def test_by_consent_it_takes_effect_when_every_other_party_has_consented(cast):
    agreement = in_force(cast)
    change = proposed(cast, radar_of(agreement))
    assert (change.rule, change.days) == ("consent", 60)
    assert agreement.ref in change.source
    assert Item.objects.waiting().filter(url=change.get_absolute_url()).get().agency == cast.esa
    assert "Narrower access is proposed" in page_of(cast, agreement)

    with pytest.raises(Forbidden, match="own-proposal"):
        actions.consent_to_narrowing(change, actor=cast.actor(cast.mika))
    assert radar_of(agreement).status == "agreed"
    assert actions.consent_to_narrowing(change, actor=cast.actor(cast.lucien)).status == "effective"

    assert radar_of(agreement).status == "withdrawn"
    assert "In the signed annex, withdrawn since" in page_of(cast, agreement)
    with pytest.raises(NotNow, match="proposal-closed"):
        actions.withdraw_narrowing(change, actor=cast.actor(cast.mika))


def test_a_refusal_says_why_and_changes_nothing(cast):
    agreement = in_force(cast)
    change = proposed(cast, radar_of(agreement), "exclude")

    with pytest.raises(ValidationError):
        actions.refuse_narrowing(change, actor=cast.actor(cast.lucien), reason="")
    assert actions.refuse_narrowing(change, actor=cast.actor(cast.lucien), reason="We need it.").status == "refused"

    assert not radar_of(agreement).is_excluded
    assert proposed(cast, radar_of(agreement), "exclude").pk


def test_silence_is_no_consent(cast):
    agreement = in_force(cast)
    change = proposed(cast, radar_of(agreement))
    BackgroundChange.objects.update(ends_at=timezone.now() - timedelta(days=1))
    let_notices_take_effect()

    change.refresh_from_db()
    assert (change.status, change.is_in_effect) == ("proposed", False)
    page = cast.client(cast.mika).get(change.get_absolute_url()).content.decode()
    assert "has not consented" in page


def test_the_last_party_without_a_consent_leaves_and_it_takes_effect(cast, agreed):
    project = access.running(cast)
    isro = Participation.objects.create(
        project=project, agency=cast.isro, agency_name="ISRO", status="accepted", joined_on=date(2026, 1, 1),
        answered_at=timezone.now(), answered_by=cast.tara, terms_number=1,
    )  # fmt: skip
    agreed.say(parties=frozenset({"JAXA", "ESA", "ISRO"}), answers={"background_change": "consent"})
    radar = access.background(cast, project)
    change = actions.consent_to_narrowing(proposed(cast, radar, "exclude"), actor=cast.actor(cast.lucien))

    let_notices_take_effect()
    change.refresh_from_db()
    assert change.status == "proposed"
    Participation.objects.filter(pk=isro.pk).update(status="left", left_on=timezone.now().date())
    let_notices_take_effect()
    let_notices_take_effect()

    change.refresh_from_db()
    radar.refresh_from_db()
    assert (change.status, radar.is_excluded) == ("effective", True)
    assert Event.objects.filter(verb="asset.narrowed").count() == 1


def test_by_notice_it_takes_effect_at_its_instant_also_when_the_job_is_late(cast):
    agreement = in_force(cast, background_change="notice", background_change_days=20)
    change = proposed(cast, radar_of(agreement), "limit", limits_exploitation="Not for sale")
    assert (change.rule, change.days) == ("notice", 20)

    with pytest.raises(NotNow, match="by-notice"):
        actions.refuse_narrowing(change, actor=cast.actor(cast.lucien), reason="No")
    let_notices_take_effect()
    assert not BackgroundChange.objects.get().is_in_effect
    BackgroundChange.objects.update(ends_at=timezone.now())
    assert BackgroundChange.objects.get().is_in_effect
    with pytest.raises(NotNow, match="proposal-closed"):
        actions.withdraw_narrowing(change, actor=cast.actor(cast.mika))
    let_notices_take_effect()
    let_notices_take_effect()

    radar = radar_of(agreement)
    assert (radar.limits_exploitation, radar.status) == ("Not for sale", "declared")
    assert "Says something else than the annex" in page_of(cast, agreement)


@pytest.mark.parametrize(
    "words", [{"is_excluded": True}, {"limits_implementation": "Object code only"}, {"limits_exploitation": "Never"}]
)
def test_an_edit_does_not_narrow_behind_the_others_backs(cast, words):
    asset = radar_of(in_force(cast))

    with pytest.raises(NotNow, match="narrowing-needs-proposal"):
        actions.edit_asset(asset, actor=cast.actor(cast.mika), version=None, **words)
    with pytest.raises(NotNow, match="narrowing-needs-proposal"):
        actions.withdraw_asset(asset, actor=cast.actor(cast.mika))


def test_widening_is_free_at_once(cast):
    agreement = in_force(cast)
    mika = cast.actor(cast.mika)

    actions.edit_asset(radar_of(agreement), actor=mika, version=None, limits_exploitation="", title="Radar")
    actions.list_background(Project.objects.get(), actor=mika, title="Star tracker", nature="hardware")

    page = page_of(cast, agreement, cast.lucien)
    assert "added by notice, valid from" in page
    assert "Says something else than the annex" in page


def test_without_an_agreement_there_is_nothing_to_propose(cast):
    project = stage.with_register(cast, stage.accepted_project(cast))
    radar = Asset.objects.get(project=project, title="Landing radar")

    with pytest.raises(NotNow, match="free-to-change"):
        proposed(cast, radar)
    with pytest.raises(Forbidden, match="not-your-entry"):
        actions.propose_narrowing(radar, actor=cast.actor(cast.lucien), kind="withdraw", reason="No")


def test_the_negative_list_says_loudly_that_the_forgotten_is_open(cast):
    agreement = in_force(cast, background_mode="negative")

    page = page_of(cast, agreement)
    assert "Background that is not listed as excluded is open to the others." in page
    assert "JAXA has excluded nothing." in page
    with pytest.raises(NotNow, match="narrowing-needs-proposal") as refused:
        actions.list_background(
            agreement.project, actor=cast.actor(cast.mika), title="Engine", nature="hardware", is_excluded=True
        )
    assert "List it without excluding it" in str(refused.value.unblock)
    change = proposed(cast, radar_of(agreement), "exclude")
    actions.consent_to_narrowing(change, actor=cast.actor(cast.lucien))

    page = page_of(cast, agreement)
    assert "excluded since it was signed" in page
    assert "JAXA has excluded nothing." not in page


def test_by_the_pages(cast):
    agreement = in_force(cast)
    radar, mika, lucien = radar_of(agreement), cast.client(cast.mika), cast.client(cast.lucien)
    address = f"/ip/{radar.ref}/narrow/"

    assert "every other party has consented" in mika.get(address).content.decode()
    assert mika.post(address, {"kind": "limit", "reason": "Licence"}).status_code == 422
    assert mika.post(address, {"kind": "exclude", "reason": "Sold"}).status_code == 302
    change = BackgroundChange.objects.get()
    there = change.get_absolute_url()
    assert "Has not answered" in mika.get(there).content.decode()
    assert "JAXA proposes: Put it on the negative list" in lucien.get(f"/ip/{radar.ref}/").content.decode()
    assert lucien.get(f"{there}refuse/").status_code == 200
    assert lucien.post(f"{there}consent/").status_code == 302
    assert mika.post(f"{there}withdraw/").status_code == 409
    assert cast.client(cast.tara).get(there).status_code == 404
