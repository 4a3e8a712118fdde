"""The verbs of the register: who may, when, and what they leave behind."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from agencies.models import Role
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.actions import activate, complete
from projects.ip import actions
from projects.ip.annex import annex_rows
from projects.ip.models import Asset, Status
from projects.models import Mode, Participation
from tests.projects import life


@pytest.fixture
def project(cast):
    return life.accepted(cast)


def background(cast, project, person=None, **words):
    words = {"title": "Landing radar", "nature": "hardware"} | words
    return actions.list_background(project, actor=cast.actor(person or cast.mika), **words)


def result(cast, project, shares=None, person=None, **words):
    words = {"title": "Ice map", "nature": "data"} | words
    shares = shares if shares is not None else {"JAXA": Decimal(60), "ESA": Decimal(40)}
    return actions.claim_result(project, actor=cast.actor(person or cast.mika), shares=shares, **words)


def events(asset):
    return list(Event.objects.of(asset.ref).order_by("pk").values_list("verb", flat=True))


def test_background_belongs_in_full_to_who_lists_it(cast, project):
    asset = background(cast, project)

    assert [(share.agency, share.words) for share in asset.owners()] == [(cast.jaxa, "100")]
    assert asset.party_name == cast.jaxa.legal_name
    assert asset.status == Status.DECLARED


def test_one_event_holds_hashes_and_never_words(cast, project):
    asset = background(cast, project, title="Secret sauce", description="Stir twice")

    event = Event.objects.get(target_ref=asset.ref)

    assert event.verb == "asset.declared"
    assert event.scope == project.ref
    assert event.agencies == ["ESA", "JAXA"]
    assert event.facts["shares"] == {"JAXA": "100"}
    assert event.facts["content"] == asset.content_hash()
    assert "Secret" not in str(event.facts)


def test_the_other_parties_are_told(cast, project):
    asset = result(cast, project)

    told = Item.objects.get(ref=asset.ref)

    assert told.agency == cast.esa
    assert told.title == "JAXA claims a result: Ice map"


@pytest.mark.parametrize("roles", [[Role.SIGNATORY], [Role.EXPORT_OFFICER]])
def test_only_those_who_keep_the_register_write_in_it(cast, project, roles):
    membership = cast.actor(cast.mika).membership
    membership.roles = roles
    membership.save()

    with pytest.raises(Forbidden, match="role-needed"):
        background(cast, project)


def test_an_ip_manager_keeps_the_register(cast, project):
    membership = cast.actor(cast.mika).membership
    membership.roles = [Role.IP_MANAGER]
    membership.save()

    assert background(cast, project).pk


def test_a_stranger_agency_may_not_list(cast, project):
    with pytest.raises(Forbidden, match="not-a-participant"):
        background(cast, project, cast.tara)


def test_an_invited_agency_lists_before_it_joins_but_claims_only_after(cast):
    project = life.proposed(cast)

    assert background(cast, project, cast.lucien).pk
    with pytest.raises(NotNow, match="not-a-party"):
        result(cast, project, {"ESA": Decimal(100)}, cast.lucien)


def test_nobody_lists_in_the_draft_of_another_agency(cast):
    project = life.drafted(cast)

    with pytest.raises(Forbidden, match="not-a-participant"):
        background(cast, project, cast.lucien)


def test_an_ended_project_keeps_its_register_as_it_is(cast):
    project = life.accepted(cast, mode=Mode.STUDY)
    asset = background(cast, project)
    mika = cast.actor(cast.mika)
    complete(activate(project, actor=mika), actor=mika)

    with pytest.raises(NotNow, match="project-ended"):
        background(cast, project.__class__.objects.get(pk=project.pk))
    with pytest.raises(NotNow, match="project-ended"):
        actions.withdraw_asset(asset, actor=mika)


def test_a_party_that_left_changes_nothing_any_more(cast, project):
    asset = background(cast, project, cast.lucien)
    Participation.objects.filter(project=project, agency=cast.esa).update(status="declined")

    with pytest.raises(Forbidden, match="not-a-participant"):
        actions.edit_asset(asset, actor=cast.actor(cast.lucien), version=asset.version, title="Other")


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({}, "Say who owns it"),
        ({"JAXA": Decimal(0)}, "Say who owns it"),
        ({"JAXA": Decimal(60), "ESA": Decimal(50)}, "The shares sum to 110. They must sum to 100."),
        ({"JAXA": Decimal("33.3333"), "ESA": Decimal("66.6666")}, "99.9999"),
        ({"JAXA": Decimal(-10), "ESA": Decimal(110)}, "more than 0"),
        ({"JAXA": Decimal(101)}, "at most 100"),
        ({"JAXA": Decimal("33.33333"), "ESA": Decimal("66.66667")}, "four decimal places"),
        ({"JAXA": Decimal("NaN"), "ESA": Decimal(100)}, "more than 0"),
        ({"JAXA": Decimal(50), "ISRO": Decimal(50)}, "ISRO is not a party"),
    ],
)
def test_shares_that_do_not_add_up_are_refused_beside_the_field(cast, project, shares, said):
    with pytest.raises(ValidationError) as refused:
        result(cast, project, shares)

    assert said in refused.value.message_dict["shares"][0]
    assert not Asset.objects.exists()


def test_the_finest_share_counts(cast, project):
    asset = result(cast, project, {"JAXA": Decimal("99.9999"), "ESA": Decimal("0.0001")})

    assert [share.words for share in asset.owners()] == ["99.9999", "0.0001"]


def test_an_edit_against_an_old_version_is_refused(cast, project):
    asset = background(cast, project)
    mika = cast.actor(cast.mika)
    actions.edit_asset(asset, actor=mika, version=1, title="Radar, second model")

    with pytest.raises(Stale):
        actions.edit_asset(asset, actor=mika, version=1, title="Radar, other model")
    assert Asset.objects.get().title == "Radar, second model"


def test_an_edit_that_changes_nothing_is_no_event(cast, project):
    asset = background(cast, project)

    actions.edit_asset(asset, actor=cast.actor(cast.mika), version=1, title=asset.title)

    assert events(asset) == ["asset.declared"]


def test_a_bad_edit_names_the_field(cast, project):
    asset = background(cast, project)

    with pytest.raises(ValidationError) as refused:
        actions.edit_asset(asset, actor=cast.actor(cast.mika), version=1, title="")
    assert "title" in refused.value.message_dict


def test_a_result_is_never_on_a_negative_list(cast, project):
    with pytest.raises(ValidationError):
        result(cast, project, is_excluded=True)


def test_others_do_not_edit_but_contest(cast, project):
    asset = result(cast, project)
    lucien = cast.actor(cast.lucien)

    with pytest.raises(Forbidden, match="not-your-entry"):
        actions.edit_asset(asset, actor=lucien, version=None, title="Ours")
    with pytest.raises(Forbidden, match="not-your-entry"):
        actions.set_shares(asset, actor=lucien, version=None, shares={"ESA": Decimal(100)})
    with pytest.raises(ValidationError):
        actions.contest(asset, actor=lucien, reason="   ")
    contested = actions.contest(asset, actor=lucien, reason="We made half of it.")

    assert contested.status == Status.CONTESTED
    assert Item.objects.waiting().get().agency == cast.jaxa


def test_only_who_contests_settles_and_then_the_entry_stands(cast, project):
    asset = actions.contest(result(cast, project), actor=cast.actor(cast.lucien), reason="Half is ours.")

    with pytest.raises(Forbidden, match="contested-by-another"):
        actions.settle_contest(asset, actor=cast.actor(cast.mika))
    shares = {"JAXA": Decimal(50), "ESA": Decimal(50)}
    actions.set_shares(asset, actor=cast.actor(cast.mika), version=asset.version, shares=shares)
    settled = actions.settle_contest(asset, actor=cast.actor(cast.lucien))

    assert settled.status == Status.DECLARED
    assert settled.contest_reason == ""
    assert not Item.objects.waiting().exists()
    assert events(asset) == ["asset.declared", "asset.contested", "asset.shares_set", "asset.settled"]


def test_nobody_contests_twice_or_their_own(cast, project):
    asset = result(cast, project)
    actions.contest(asset, actor=cast.actor(cast.lucien), reason="Half is ours.")

    with pytest.raises(NotNow, match="already-contested"):
        actions.contest(asset, actor=cast.actor(cast.lucien), reason="Again.")
    with pytest.raises(Forbidden, match="own-entry"):
        actions.contest(asset, actor=cast.actor(cast.mika), reason="Mine.")


def test_a_withdrawn_entry_is_out_for_good(cast, project):
    asset = actions.withdraw_asset(background(cast, project), actor=cast.actor(cast.mika))

    with pytest.raises(NotNow, match="withdrawn"):
        actions.withdraw_asset(asset, actor=cast.actor(cast.mika))
    with pytest.raises(NotNow, match="withdrawn"):
        actions.edit_asset(asset, actor=cast.actor(cast.mika), version=None, title="Back")
    with pytest.raises(NotNow, match="withdrawn"):
        actions.contest(asset, actor=cast.actor(cast.lucien), reason="No.")


def signed(project):
    """The rows of the annex as they stand, as if they had been signed now."""
    return {row["ref"]: row for row in annex_rows(project, "background")}


def test_what_was_changed_after_the_text_was_frozen_is_not_agreed(cast, project):
    asset = background(cast, project)
    rows = signed(project)
    actions.edit_asset(asset, actor=cast.actor(cast.mika), version=None, title="Another radar")

    agreed = actions.agree_assets(project, rows, actor=cast.actor(cast.mika), agreement_ref="A-2026-0001")

    assert agreed == []
    asset.refresh_from_db()
    assert (asset.status, asset.agreed_in) == (Status.DECLARED, "")


def test_what_an_agreement_lists_is_agreed_until_it_says_something_else(cast, project):
    asset = background(cast, project)
    (asset,) = actions.agree_assets(project, signed(project), actor=cast.actor(cast.mika), agreement_ref="A-2026-0001")
    assert (asset.status, asset.differs_from_agreed) == (Status.AGREED, False)

    edited = actions.edit_asset(asset, actor=cast.actor(cast.mika), version=None, title="Radar, second model")

    assert (edited.status, edited.differs_from_agreed) == (Status.DECLARED, True)


def test_what_an_agreement_lists_stays_while_that_agreement_is_in_force(cast, project, agreed):
    asset = result(cast, project)
    rows = {row["ref"]: row for row in annex_rows(project, "result")}
    actions.agree_assets(project, rows, actor=cast.actor(cast.mika), agreement_ref="A-2026-0001")
    agreed.say(agreement="A-2026-0001")

    with pytest.raises(NotNow, match="agreed-in-an-agreement"):
        actions.withdraw_asset(asset, actor=cast.actor(cast.mika))
    agreed.say(agreement="A-2026-0002")

    assert actions.withdraw_asset(asset, actor=cast.actor(cast.mika)).status == Status.WITHDRAWN


def test_settling_what_was_agreed_makes_it_agreed_again(cast, project):
    asset = background(cast, project)
    actions.agree_assets(project, signed(project), actor=cast.actor(cast.mika), agreement_ref="A-2026-0001")
    actions.contest(asset, actor=cast.actor(cast.lucien), reason="Older than theirs.")

    assert actions.settle_contest(asset, actor=cast.actor(cast.lucien)).status == Status.AGREED
