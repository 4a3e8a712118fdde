"""Opening, answering and ending disputes: who may, when, and what becomes of it; and who never hears of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import Membership, Role
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects import actions as project_actions
from projects.ip import actions
from projects.ip.models import Asset, Dispute, DisputeStatus, UrgentMeasure
from projects.ip.policies import DisputePolicy
from projects.ip.standing import open_disputes_of
from projects.models import Participation, Project
from tests import stage
from tests.projects import life

CLAIM = {"claim": "We built the antenna.", "sought": "A share of 40 percent."}


@pytest.fixture
def project(cast):
    """JAXA leads; ESA and ISRO have accepted."""
    project = life.drafted(cast)
    mika = cast.actor(cast.mika)
    for agency in (cast.esa, cast.isro):
        project_actions.invite_partner(project, agency, actor=mika)
    project_actions.propose(project, actor=mika)
    for person in (cast.lucien, cast.tara):
        life.answered(cast, Project.objects.get(pk=project.pk), person, "accept")
    return Project.objects.get(pk=project.pk)


@pytest.fixture
def radar(cast, project):
    return actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")


def opened(cast, project, radar, person=None, **facts):
    facts = {"against": ["JAXA"], "subject_kind": "asset", "subject_ref": radar.ref} | CLAIM | facts
    return actions.open_dispute(project, actor=cast.actor(person or cast.lucien), **facts)


@pytest.fixture
def dispute(cast, project, radar):
    """ESA against JAXA; ISRO is a party of the project and not of this."""
    return opened(cast, project, radar)


def sees(cast, person):
    return list(Dispute.objects.visible_to(cast.actor(person)))


def test_opening_says_who_claims_what_and_the_history_holds_hashes_only(cast, dispute, radar):
    event = Event.objects.get(verb="dispute.opened")

    assert [(party.agency.ref, party.side) for party in dispute.parties.all()] == [
        ("ESA", "claimant"), ("JAXA", "respondent"),
    ]  # fmt: skip
    assert event.agencies == ["ESA", "JAXA"]
    assert event.facts["about"] == radar.ref
    assert "antenna" not in str(event.facts)


def test_both_sides_are_asked_with_the_date_and_nobody_else_is_told(cast, dispute):
    waiting = Item.objects.filter(url=dispute.get_absolute_url())

    assert {(item.agency.ref, item.due_at) for item in waiting} == {("ESA", dispute.due_at), ("JAXA", dispute.due_at)}


def test_a_third_party_of_the_same_project_learns_nothing(cast, dispute, radar):
    tara = cast.actor(cast.tara)
    client = cast.client(cast.tara)

    assert not sees(cast, cast.tara)
    assert not open_disputes_of([radar.ref], actor=tara)
    assert not Event.objects.visible_to(tara).filter(target_ref=dispute.ref)
    assert client.get(dispute.get_absolute_url()).status_code == 404
    for path in (
        f"/ip/{radar.ref}/",
        f"/projects/{dispute.project.ref}/ip/",
        f"/projects/{dispute.project.ref}/ip/disputes/",
    ):
        assert dispute.ref not in client.get(path).content.decode()


def test_the_flag_shows_to_those_at_odds_and_goes_when_it_ends(cast, dispute, radar):
    lucien = cast.actor(cast.lucien)

    assert open_disputes_of([radar.ref, "IP-2020-0001"], actor=lucien) == {radar.ref: dispute}
    actions.withdraw_dispute(dispute, actor=lucien, reason="We found the drawing.")
    assert not open_disputes_of([radar.ref], actor=lucien)


def test_a_dispute_never_rewrites_the_entry(cast, project, radar):
    actions.contest(radar, actor=cast.actor(cast.lucien), reason="Ours.")
    before = Asset.objects.values().get(pk=radar.pk)

    opened = actions.open_from_contest(Asset.objects.get(pk=radar.pk), actor=cast.actor(cast.lucien), **CLAIM)
    actions.withdraw_dispute(opened, actor=cast.actor(cast.lucien), reason="Settled by telephone.")

    assert Asset.objects.values().get(pk=radar.pk) == before
    assert [party.agency for party in opened.respondents()] == [cast.jaxa]


def test_either_side_of_a_contest_takes_it_up_and_nobody_else(cast, project, radar):
    with pytest.raises(NotNow, match="not-contested"):
        actions.open_from_contest(radar, actor=cast.actor(cast.lucien), **CLAIM)
    actions.contest(radar, actor=cast.actor(cast.lucien), reason="Ours.")
    contested = Asset.objects.get(pk=radar.pk)

    with pytest.raises(Forbidden, match="not-your-contest"):
        actions.open_from_contest(contested, actor=cast.actor(cast.tara), **CLAIM)
    dispute = actions.open_from_contest(contested, actor=cast.actor(cast.mika), **CLAIM)
    assert [party.agency for party in dispute.respondents()] == [cast.esa]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"against": []}, "against"),
        ({"against": ["ESA"]}, "against"),
        ({"against": ["NOVA"]}, "against"),
        ({"claim": "  "}, "claim"),
        ({"sought": ""}, "sought"),
        ({"claim": "x" * 10_001}, "claim"),
        ({"subject_ref": "IP-2020-0001"}, "subject_ref"),
        ({"subject_kind": "clause", "subject_ref": "A-2020-0001", "clause": "results"}, "subject_ref"),
        ({"kind": "breach", "against": ["JAXA", "ISRO"]}, "against"),
        ({"start_level": 2}, "start_level"),
        ({"start_level": 3}, "start_level"),
    ],
)
def test_what_cannot_be_claimed_is_said_beside_the_field(cast, project, radar, facts, field):
    with pytest.raises(ValidationError) as refused:
        opened(cast, project, radar, **facts)

    assert list(refused.value.message_dict) == [field]
    assert not Dispute.objects.exists()


def test_only_parties_with_a_role_for_it_open(cast, project, radar):
    membership = cast.actor(cast.lucien).membership
    Membership.objects.filter(pk=membership.pk).update(roles=[Role.SIGNATORY])

    with pytest.raises(Forbidden, match="role-needed"):
        opened(cast, project, radar)
    alone = stage.drafted_project(cast)
    with pytest.raises(Forbidden, match="party-needed"):
        opened(cast, alone, radar)
    with pytest.raises(NotNow, match="no-other-party"):
        opened(cast, alone, radar, cast.mika)


def test_a_clause_in_force_can_be_the_subject(cast):
    agreement = stage.agreement_in_force(cast)

    dispute = actions.open_dispute(
        agreement.project, actor=cast.actor(cast.lucien), against=["JAXA"],
        subject_kind="clause", subject_ref=agreement.ref, clause="access_exploitation", **CLAIM,
    )  # fmt: skip

    assert (dispute.subject_ref, dispute.clause, dispute.agreement) == (
        agreement.ref,
        "access_exploitation",
        agreement.ref,
    )


def test_respondents_answer_once(cast, dispute):
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)

    with pytest.raises(Forbidden, match="respondents-answer"):
        actions.answer_dispute(dispute, actor=lucien, answer="We agree with us.")
    dispute = actions.answer_dispute(dispute, actor=mika, answer="The antenna is ours.")
    assert dispute.respondents()[0].answer == "The antenna is ours."
    with pytest.raises(NotNow, match="already-answered"):
        actions.answer_dispute(dispute, actor=mika, answer="Again.")
    assert "antenna" not in str(Event.objects.get(verb="dispute.answered").facts)


def test_who_is_named_sees_the_dispute_and_is_asked_in_person(cast, dispute):
    sora = cast.actor(cast.sora).membership
    assert not sees(cast, cast.sora)

    dispute = actions.name_representative(dispute, actor=cast.actor(cast.mika), level="consultation", membership=sora)

    assert sees(cast, cast.sora) == [dispute]
    assert Item.objects.waiting().get(url=dispute.get_absolute_url(), agency=cast.jaxa).person == cast.sora
    policy = DisputePolicy(cast.actor(cast.sora), dispute)
    assert (policy.can_read_room, policy.can_add_exhibit, policy.can_agree, policy.can_withdraw) == (
        True, True, False, False,
    )  # fmt: skip


def test_one_names_live_members_of_one_s_own_agency_for_levels_there_are(cast, dispute):
    mika = cast.actor(cast.mika)
    sora, ingrid = cast.actor(cast.sora).membership, cast.actor(cast.ingrid).membership
    Membership.objects.filter(pk=sora.pk).update(over_at=timezone.now(), ended_at=timezone.now())
    gone = Membership.objects.get(pk=sora.pk)

    for level, membership, field in (
        ("consultation", ingrid, "membership"),
        ("consultation", gone, "membership"),
        ("mediation", mika.membership, "level"),
    ):
        with pytest.raises(ValidationError) as refused:
            actions.name_representative(dispute, actor=mika, level=level, membership=membership)
        assert list(refused.value.message_dict) == [field]


def test_a_representative_whose_membership_ends_sees_nothing_at_that_instant(cast, dispute):
    sora = cast.actor(cast.sora).membership
    actions.name_representative(dispute, actor=cast.actor(cast.mika), level="consultation", membership=sora)

    Membership.objects.filter(pk=sora.pk).update(over_at=timezone.now(), ended_at=timezone.now())

    assert not sees(cast, cast.sora)
    assert cast.client(cast.sora).get(dispute.get_absolute_url()).status_code == 404


def test_who_was_a_manager_until_yesterday_sees_nothing(cast, dispute):
    assert not sees(cast, cast.emil)
    assert cast.client(cast.emil).get(dispute.get_absolute_url()).status_code == 404


def test_a_party_that_leaves_the_project_keeps_its_dispute(cast, dispute):
    Participation.objects.filter(agency=cast.esa).update(status="left", left_on=timezone.now().date())
    lucien = cast.client(cast.lucien)

    assert lucien.get(f"/projects/{dispute.project.ref}/ip/").status_code == 404
    assert lucien.get(dispute.get_absolute_url()).status_code == 200
    assert actions.withdraw_dispute(dispute, actor=cast.actor(cast.lucien), reason="Enough.").has_ended


def test_a_dispute_can_be_opened_against_a_party_that_has_left(cast, project, radar):
    Participation.objects.filter(agency=cast.esa).update(status="left", left_on=timezone.now().date())
    project = Project.objects.get(pk=project.pk)

    dispute = opened(cast, project, radar, cast.mika, against=["ESA"])

    assert sees(cast, cast.lucien) == [dispute]
    with pytest.raises(Forbidden, match="party-needed"):
        opened(cast, project, radar)


def test_a_notice_of_breach_reaches_all_and_stays_between_two(cast, project, radar):
    dispute = opened(cast, project, radar, kind="breach")
    tara = cast.actor(cast.tara)
    policy = DisputePolicy(tara, Dispute.objects.visible_to(tara).get())

    assert dispute.current == DisputeStatus.CURING
    assert [row for row in policy.rules if policy.refusal(row) is None] == []
    assert policy.refusal("see_evidence").code == policy.refusal("read_room").code == "copy-only"
    with pytest.raises(Forbidden, match="claimant-only"):
        actions.confirm_cure(dispute, actor=cast.actor(cast.mika))
    assert actions.confirm_cure(dispute, actor=cast.actor(cast.lucien)).status == DisputeStatus.CURED
    told = Item.objects.filter(agency=cast.isro, url=dispute.get_absolute_url())
    assert {item.title_id for item in told} == {
        "A copy of the notice of breach %(ref)s, given by %(agency)s",
        "%(agency)s confirms that the breach of %(ref)s is cured",
    }


def test_who_has_a_copy_of_the_notice_never_reads_the_terms_of_settlement(cast, project, radar):
    dispute = opened(cast, project, radar, kind="breach")
    offer = actions.offer_settlement(dispute, actor=cast.actor(cast.lucien), terms="JAXA pays ten million.")
    actions.agree_to_settlement(dispute, actor=cast.actor(cast.mika), sha256=offer.sha256)

    for person, reads in ((cast.mika, True), (cast.lucien, True), (cast.tara, False)):
        for door in (dispute.get_absolute_url(), f"/api/v1/disputes/{dispute.ref}/", "/api/v1/disputes/"):
            answer = cast.client(person).get(door)
            assert answer.status_code == 200
            assert ("ten million" in answer.content.decode()) is reads, (person, door)


def test_what_has_ended_stays_as_it_is(cast, dispute):
    lucien, mika = cast.actor(cast.lucien), cast.actor(cast.mika)
    with pytest.raises(Forbidden, match="claimant-only"):
        actions.withdraw_dispute(dispute, actor=mika, reason="We would rather not.")
    with pytest.raises(ValidationError):
        actions.withdraw_dispute(dispute, actor=lucien, reason=" ")
    dispute = actions.withdraw_dispute(dispute, actor=lucien, reason="We found the drawing.")

    assert not Item.objects.waiting().filter(url=dispute.get_absolute_url())
    for act in (
        lambda: actions.withdraw_dispute(dispute, actor=lucien, reason="Again."),
        lambda: actions.answer_dispute(dispute, actor=mika, answer="Late."),
        lambda: actions.write_without_prejudice(dispute, actor=mika, body="Late."),
        lambda: actions.add_exhibit(dispute, actor=mika, kind="event", source="", shows="Late."),
        lambda: actions.escalate_dispute(dispute, actor=mika),
    ):
        with pytest.raises(NotNow, match="dispute-ended"):
            act()


def test_an_urgent_measure_is_noted_and_stops_nothing(cast, dispute):
    lucien, today = cast.actor(cast.lucien), timezone.now().date()
    facts = {"before": "District court", "note": "Not to publish the drawing."}

    with pytest.raises(ValidationError):
        actions.note_urgent_measure(dispute, actor=lucien, sought_on=today + timedelta(days=2), **facts)
    actions.note_urgent_measure(dispute, actor=lucien, sought_on=today, **facts)

    assert UrgentMeasure.objects.visible_to(cast.actor(cast.mika)).count() == 1
    assert UrgentMeasure.objects.visible_to(cast.actor(cast.tara)).count() == 0
    assert Dispute.objects.get().due_at == dispute.due_at
    assert "drawing" not in str(Event.objects.get(verb="dispute.urgent_measure_noted").facts)


def test_a_decision_comes_after_the_levels_with_its_document(cast, dispute, monkeypatch):
    lucien = cast.actor(cast.lucien)
    facts = {"tribunal": "Tribunal", "decided_on": date(2026, 1, 2), "content": b"%PDF-1.7 award", "name": "award.pdf"}

    with pytest.raises(NotNow, match="not-decidable"):
        actions.record_decision(dispute, actor=lucien, **facts)
    later = dispute.level_of("heads_of_agency").due_at
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(ValidationError):
        actions.record_decision(dispute, actor=lucien, **{**facts, "decided_on": later.date() + timedelta(days=9)})
    dispute = actions.record_decision(dispute, actor=lucien, **facts)

    assert (dispute.status, dispute.tribunal) == (DisputeStatus.DECIDED, "Tribunal")
    assert Event.objects.get(verb="dispute.decided").facts["document"] == dispute.decision.sha256
    assert [event.facts["to"] for event in Event.objects.filter(verb="dispute.level_passed").order_by("pk")] == [
        "heads_of_project", "heads_of_agency", "open",
    ]  # fmt: skip
