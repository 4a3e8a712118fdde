"""Contributors: each person speaks for themselves, and all parts make exactly 100."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies.models import Membership, Role
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.actions import assign_team
from projects.ip import actions
from projects.ip.actions import Named
from projects.ip.models import Asset, Contributor
from tests import cast as casting
from tests.projects import life


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def asset(cast, project):
    return actions.list_background(project, actor=cast.actor(cast.mika), title="Radar of secrets", nature="hardware")


def name(cast, asset, *named, version=None):
    return actions.set_contributors(asset, actor=cast.actor(cast.mika), version=version, contributors=named)


def inventor(person, percent, role="inventor"):
    return Named(role, Decimal(percent), str(person.uid))


def outsider(words, percent):
    return Named("contributor", Decimal(percent), name=words)


def test_each_confirms_their_own_part_and_nobody_else_can(cast, asset):
    sora, _outside = name(cast, asset, inventor(cast.sora, 60), outsider("Ada Away", 40))

    waiting = Item.objects.waiting().get()
    assert (waiting.person, waiting.url) == (cast.sora, f"/ip/parts/{sora.ref}/")
    with pytest.raises(Forbidden, match="another-person"):
        actions.confirm_part(sora, actor=cast.actor(cast.mika))
    assert actions.confirm_part(sora, actor=cast.actor(cast.sora)).status == "confirmed"
    assert not Item.objects.waiting().exists()
    with pytest.raises(NotNow, match="already-confirmed"):
        actions.confirm_part(sora, actor=cast.actor(cast.sora))


def test_who_has_gone_to_another_agency_is_shown_nothing_there(cast, asset):
    (sora,) = name(cast, asset, inventor(cast.sora, 100))
    Membership.objects.filter(person=cast.sora).update(over_at=timezone.now(), ended_at=timezone.now())
    casting._member(cast.sora, cast.isro, Role.CONTRIBUTOR)
    gone = cast.actor(cast.sora)
    assert gone.agency == cast.isro

    assert not Contributor.objects.visible_to(gone).exists()
    assert cast.client(cast.sora).get(f"/ip/parts/{sora.ref}/").status_code == 404
    assert cast.client(cast.sora).get(f"/api/v1/contributors/{sora.ref}/").status_code == 404
    with pytest.raises(Forbidden, match="another-person"):
        actions.confirm_part(sora, actor=gone)


def test_a_denial_says_why_and_the_keeper_is_told(cast, asset):
    (sora,) = name(cast, asset, inventor(cast.sora, 100))

    with pytest.raises(ValidationError):
        actions.deny_part(sora, actor=cast.actor(cast.sora), reason=" ")
    denied = actions.deny_part(sora, actor=cast.actor(cast.sora), reason="I only soldered.")

    assert (denied.status, denied.said) == ("denied", "I only soldered.")
    assert Item.objects.filter(agency=cast.jaxa, title_params__name=cast.sora.name).exists()


def test_a_changed_part_is_asked_again_and_an_unchanged_one_is_not(cast, asset):
    sora, kenji = name(cast, asset, inventor(cast.sora, 60), inventor(cast.kenji, 40))
    actions.confirm_part(sora, actor=cast.actor(cast.sora))
    actions.confirm_part(kenji, actor=cast.actor(cast.kenji))

    name(cast, asset, inventor(cast.sora, 60), inventor(cast.kenji, 30), outsider("Ada Away", 10))

    said = dict(Contributor.objects.values_list("name", "status"))
    assert said == {"Sora Minazuki": "confirmed", "Kenji Amanogawa": "asked", "Ada Away": "asked"}


def test_whoever_is_taken_off_is_not_asked_any_more(cast, asset):
    name(cast, asset, inventor(cast.sora, 60), inventor(cast.kenji, 40))
    name(cast, asset, inventor(cast.kenji, 100))
    name(cast, asset)

    assert not Contributor.objects.exists()
    assert not Item.objects.waiting().exists()


@pytest.mark.parametrize(
    ("percents", "said"),
    [
        (["33.3333", "33.3333", "33.3333"], "99.9999"),
        (["-10", "60", "50"], "more than 0"),
        (["101"], "at most 100"),
        (["33.33333", "66.66667"], "four decimal places"),
    ],
)
def test_parts_that_do_not_add_up_are_refused(cast, asset, percents, said):
    with pytest.raises(ValidationError) as refused:
        name(cast, asset, *(outsider(f"Person {number}", percent) for number, percent in enumerate(percents)))

    assert said in refused.value.message_dict["contributors"][0]
    assert not Contributor.objects.exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (lambda cast: [inventor(cast.tara, 100)], "Choose people of your own agency"),
        (lambda cast: [inventor(cast.ingrid, 100)], "Choose people of your own agency"),
        (lambda cast: [inventor(cast.sora, 50), inventor(cast.sora, 50)], "once"),
        (lambda cast: [Named("boss", Decimal(100), name="Ada")], "inventor, an author"),
        (lambda cast: [Named("author", Decimal(100))], "Choose a person"),
        (lambda cast: [Named("author", None, name="Ada")], "more than 0"),
    ],
)
def test_only_people_one_may_name_are_named(cast, asset, rows, said):
    with pytest.raises(ValidationError) as refused:
        name(cast, asset, *rows(cast))

    assert said in refused.value.message_dict["contributors"][0]


def test_the_team_of_another_party_can_be_named(cast, project, asset):
    ingrid = cast.actor(cast.ingrid).membership
    assign_team(project, [ingrid], actor=cast.actor(cast.lucien))

    (row,) = name(cast, asset, inventor(cast.ingrid, 100))

    assert row.agency == cast.esa


def test_only_who_keeps_the_entry_names_and_an_old_version_is_refused(cast, asset):
    with pytest.raises(Forbidden, match="not-your-entry"):
        actions.set_contributors(asset, actor=cast.actor(cast.lucien), version=None, contributors=[])
    name(cast, asset, outsider("Ada Away", 100), version=1)
    with pytest.raises(Stale):
        name(cast, asset, outsider("Bob Away", 100), version=1)


def test_somebody_who_cannot_be_reached_may_still_answer_later(cast, asset):
    (sora,) = name(cast, asset, inventor(cast.sora, 100))

    with pytest.raises(Forbidden, match="not-your-entry"):
        actions.mark_unreachable(sora, actor=cast.actor(cast.lucien), reason="Gone")
    with pytest.raises(ValidationError):
        actions.mark_unreachable(sora, actor=cast.actor(cast.mika), reason="")
    actions.mark_unreachable(sora, actor=cast.actor(cast.mika), reason="On sabbatical")
    with pytest.raises(NotNow, match="not-asked"):
        actions.mark_unreachable(sora, actor=cast.actor(cast.mika), reason="Again")

    assert actions.confirm_part(sora, actor=cast.actor(cast.sora)).status == "confirmed"


def test_the_narrow_page_shows_what_is_asked_and_leads_nowhere_else(cast, asset):
    (row,) = name(cast, asset, inventor(cast.sora, 100))
    sora = cast.client(cast.sora)

    page = sora.get(f"/ip/parts/{row.ref}/").content.decode()

    assert "Radar of secrets" in page
    assert f'href="/ip/{asset.ref}/"' not in page
    assert sora.get(f"/ip/{asset.ref}/").status_code == 404
    assert sora.post(f"/ip/parts/{row.ref}/deny/", {"reason": ""}).status_code == 422
    assert sora.post(f"/ip/parts/{row.ref}/confirm/").status_code == 302
    for stranger in (cast.tara, cast.noor, cast.olga):
        assert cast.client(stranger).get(f"/ip/parts/{row.ref}/").status_code == 404


def test_naming_by_the_form_keeps_what_was_typed(cast, asset):
    mika, address = cast.client(cast.mika), f"/ip/{asset.ref}/contributors/"
    typed = {
        "version": 1, "row0_person": str(cast.sora.uid), "row0_role": "inventor", "row0_percent": "33,3333",
        "row1_name": "Ada Away", "row1_role": "author", "row1_percent": "66,6666",
    }  # fmt: skip

    assert mika.get(address).status_code == 200
    wrong = mika.post(address, typed)
    assert wrong.status_code == 422
    assert "99.9999" in wrong.content.decode()
    assert "Ada Away" in wrong.content.decode()
    assert mika.post(address, typed | {"row1_percent": "66,6667"}).status_code == 302
    assert Contributor.objects.count() == 2
    assert "Ada Away" in mika.get(f"/ip/{asset.ref}/").content.decode()
    assert "Ada Away" in mika.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_database_commits_no_parts_but_100(transactional_db):
    from tests import cast as casting

    cast = casting.build()
    asset = actions.list_background(life.accepted(cast), actor=cast.actor(cast.mika), title="Radar", nature="hardware")
    name(cast, asset, outsider("Ada", 50), outsider("Bob", 50))

    with pytest.raises(IntegrityError, match="sum to 90"):
        Contributor.objects.filter(name="Ada").update(percent=40)
    with pytest.raises(IntegrityError, match="sum to 50"):
        Contributor.objects.filter(name="Ada").delete()
    with transaction.atomic():
        Contributor.objects.all().delete()
    assert Asset.objects.exists()
    assert connection.vendor == "postgresql"
