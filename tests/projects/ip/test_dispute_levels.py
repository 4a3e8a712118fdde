"""The ladder of a dispute by the clock: what the clause says, at whose midnight, late jobs, replays and races."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agencies.models import Agency
from portal.history.canonical import instant
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import NotNow
from projects.ip import actions
from projects.ip.actions.dispute_clock import keep_time
from projects.ip.ladder import Rules, cure, rungs
from projects.ip.models import Dispute, DisputeStatus
from tests import cast as casting
from tests import stage
from tests.projects import life
from tests.projects.test_races import at_once

OPENED = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = {"consultation": 30, "heads_of_project": 30, "heads_of_agency": 60}


@pytest.fixture
def clock(monkeypatch):
    """The present, which the test moves."""

    def to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return to


@pytest.fixture
def project(cast):
    return life.accepted(cast)


def opened(cast, project, **facts):
    radar = actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")
    facts = {
        "against": ["JAXA"], "subject_kind": "asset", "subject_ref": radar.ref,
        "claim": "We built the antenna.", "sought": "A share of 40 percent.",
    } | facts  # fmt: skip
    return actions.open_dispute(project, actor=cast.actor(cast.lucien), **facts)


def rules(basis="calendar", **days):
    return Rules(None, basis, DAYS | days, 30, "none", "")


def party(ref, zone, working=(1, 2, 3, 4, 5)):
    return Agency(ref=ref, acronym=ref, zone=zone, working_days=list(working))


def test_each_level_is_counted_from_the_end_of_the_one_before():
    levels = rungs(rules(), [party("ESA", "Europe/Paris")], opened_at=OPENED)

    # 30 days to Wednesday 1 April; 30 more from 2 April at midnight to Saturday, so Monday 4 May; then 60.
    assert [level.due_at.isoformat() for level in levels] == [
        "2026-04-01T22:00:00+00:00",
        "2026-05-04T22:00:00+00:00",
        "2026-07-06T22:00:00+00:00",
    ]
    assert [level.starts_at for level in levels[1:]] == [level.due_at for level in levels[:-1]]


def test_a_level_ends_when_the_last_party_s_day_is_over():
    sides = [party("JAXA", "Asia/Tokyo"), party("ESA", "Europe/Paris"), party("ISRO", "Asia/Kolkata")]

    (level, *_more) = rungs(rules(consultation=1), sides, opened_at=OPENED)

    assert {end["agency"]: end["ends_at"] for end in level.facts()} == {
        "JAXA": "2026-03-03T15:00:00.000000Z",
        "ISRO": "2026-03-03T18:30:00.000000Z",
        "ESA": "2026-03-03T23:00:00.000000Z",
    }
    assert level.due_at == datetime(2026, 3, 3, 23, tzinfo=UTC)


def test_working_days_are_those_of_the_party_that_must_act():
    sides = [party("SSA", "Asia/Riyadh", [7, 1, 2, 3, 4]), party("ESA", "Europe/Paris")]

    (level, *_more) = rungs(rules("working", consultation=4), sides, opened_at=OPENED)

    assert {end["agency"]: end["last_day"] for end in level.facts()} == {"ESA": "2026-03-06", "SSA": "2026-03-08"}


def test_a_breach_is_cured_in_the_days_of_the_party_in_breach():
    level = cure(rules(), party("ISRO", "Asia/Kolkata"), noticed_at=OPENED)

    assert level.facts() == [{"agency": "ISRO", "last_day": "2026-04-01", "ends_at": "2026-04-01T18:30:00.000000Z"}]


def test_it_passes_at_the_instant_also_when_nobody_has_recorded_it(cast, project, clock):
    clock(OPENED)
    dispute = opened(cast, project)
    due_at = dispute.level_of("consultation").due_at

    assert dispute.status_at(due_at - timedelta(microseconds=1)) == DisputeStatus.CONSULTATION
    assert dispute.status_at(due_at) == DisputeStatus.HEADS_OF_PROJECT
    assert dispute.status_at(due_at + timedelta(days=1000)) == DisputeStatus.OPEN
    assert dispute.status == DisputeStatus.CONSULTATION


def test_profile_of_the_agreement_in_force_says_how_long(cast):
    answers = {"consultation_days": 10, "final_step": "arbitration", "arbitration_seat": "Vienna"}
    agreement = stage.agreement_in_force(cast, answers=answers)

    dispute = opened(cast, agreement.project)

    assert (dispute.agreement, dispute.seat) == (agreement.ref, "Vienna")
    assert dispute.level_of("consultation").days == 10
    assert dispute.status_at(dispute.level_of("heads_of_agency").due_at) == DisputeStatus.ARBITRATION


def test_a_later_change_of_working_days_moves_no_level(cast, project, clock):
    clock(OPENED)
    dispute = opened(cast, project)
    Agency.objects.filter(pk=cast.esa.pk).update(working_days=[7], zone="Pacific/Auckland")

    assert Dispute.objects.get(pk=dispute.pk).due_at == dispute.due_at


def test_job_records_each_level_once_however_late_and_however_often(cast, project, clock):
    clock(OPENED)
    dispute = opened(cast, project)
    due = [level.due_at for level in dispute.levels.all()]

    clock(due[1] + timedelta(days=3))
    assert [keep_time(), keep_time(), keep_time()] == [1, 0, 0]

    passed = Event.objects.filter(verb="dispute.level_passed").order_by("pk")
    assert [(event.facts["to"], event.facts["due_at"][:10]) for event in passed] == [
        ("heads_of_project", due[0].date().isoformat()),
        ("heads_of_agency", due[1].date().isoformat()),
    ]
    assert Dispute.objects.get().status == DisputeStatus.HEADS_OF_AGENCY
    waiting = Item.objects.waiting().filter(url=dispute.get_absolute_url())
    assert {(item.agency.ref, item.due_at) for item in waiting} == {("JAXA", due[2]), ("ESA", due[2])}


def test_job_reminds_once_before_a_level_ends(cast, project, clock):
    clock(OPENED)
    dispute = opened(cast, project)
    due_at = dispute.due_at

    clock(due_at - timedelta(days=8))
    assert keep_time() == 0
    clock(due_at - timedelta(days=6))
    assert [keep_time(), keep_time()] == [1, 0]

    told = Item.objects.filter(title_id__startswith="The time of")
    assert {item.agency.ref for item in told} == {"JAXA", "ESA"}
    event = Event.objects.get(verb="dispute.reminded")
    assert (event.person_uid, event.agencies) == (None, ["ESA", "JAXA"])
    assert event.facts == {"level": "consultation", "due_at": instant(due_at)}
    assert {item.event_uid for item in told} == {event.uid}


def test_a_party_may_have_it_recorded_when_the_job_is_late_but_not_before(cast, project, clock):
    clock(OPENED)
    dispute = opened(cast, project)
    lucien = cast.actor(cast.lucien)

    with pytest.raises(NotNow, match="time-is-running"):
        actions.escalate_dispute(dispute, actor=lucien)
    clock(dispute.due_at)
    dispute = actions.escalate_dispute(dispute, actor=lucien)
    assert dispute.status == DisputeStatus.HEADS_OF_PROJECT
    with pytest.raises(NotNow, match="time-is-running"):
        actions.escalate_dispute(dispute, actor=lucien)
    assert Event.objects.filter(verb="dispute.level_passed").count() == 1


def test_after_the_heads_it_stays_open_and_can_still_be_settled(cast, project, clock):
    clock(OPENED)
    dispute = opened(cast, project)

    clock(OPENED + timedelta(days=400))
    keep_time()
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.due_at, dispute.has_ended) == (DisputeStatus.OPEN, None, False)
    with pytest.raises(NotNow, match="no-next-level"):
        actions.escalate_dispute(dispute, actor=cast.actor(cast.mika))
    assert not Item.objects.waiting().filter(url=dispute.get_absolute_url())
    text = actions.offer_settlement(dispute, actor=cast.actor(cast.mika), terms="Done.")
    assert actions.agree_to_settlement(dispute, actor=cast.actor(cast.lucien), sha256=text.sha256).has_ended


def test_a_mediation_ends_by_itself_counted_from_the_appointment(cast, clock):
    agreement = stage.agreement_in_force(cast, answers={"final_step": "mediation", "heads_of_agency_days": 20})
    dispute = opened(cast, agreement.project)
    mika = cast.actor(cast.mika)

    with pytest.raises(NotNow, match="not-at-the-final-step"):
        actions.appoint_neutral(dispute, actor=mika, neutral="Ada Arbiter")
    clock(dispute.level_of("heads_of_agency").due_at + timedelta(days=1))
    assert Dispute.objects.get().current == DisputeStatus.MEDIATION
    dispute = actions.appoint_neutral(dispute, actor=mika, neutral="Ada Arbiter")
    assert dispute.due_at - timezone.now() >= timedelta(days=20)
    clock(dispute.due_at)
    assert dispute.current == DisputeStatus.OPEN
    assert [keep_time(), keep_time()] == [1, 0]


def test_time_to_cure_is_over_and_whoever_gave_notice_is_asked_once(cast, project, clock):
    clock(OPENED)
    dispute = opened(cast, project, kind="breach")
    lucien = cast.actor(cast.lucien)

    with pytest.raises(NotNow, match="time-is-running"):
        actions.state_not_cured(dispute, actor=lucien, reason="Still in breach.")
    clock(dispute.due_at)
    assert [keep_time(), keep_time()] == [1, 0]
    assert Dispute.objects.get().status == DisputeStatus.CURING
    waiting = Item.objects.waiting().get(url=dispute.get_absolute_url())
    assert (waiting.agency, waiting.verb) == (cast.esa, "decide")
    assert waiting.event_uid == Event.objects.get(verb="dispute.cure_time_over").uid
    assert actions.state_not_cured(dispute, actor=lucien, reason="Still in breach.").status == DisputeStatus.NOT_CURED
    assert not Item.objects.waiting().filter(url=dispute.get_absolute_url())


@pytest.mark.django_db(transaction=True)
def test_settling_and_passing_at_once_leave_it_settled_and_nothing_asked(monkeypatch):
    cast = casting.build()
    monkeypatch.setattr(timezone, "now", lambda: OPENED)
    dispute = opened(cast, life.accepted(cast))
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    text = actions.offer_settlement(dispute, actor=mika, terms="JAXA keeps it and names ESA.")
    monkeypatch.setattr(timezone, "now", lambda: OPENED + timedelta(days=40))

    at_once(
        lambda: actions.agree_to_settlement(dispute, actor=lucien, sha256=text.sha256),
        lambda: actions.escalate_dispute(dispute, actor=mika),
        keep_time,
    )

    assert Dispute.objects.get().status == DisputeStatus.SETTLED
    assert Event.objects.filter(verb="dispute.level_passed").count() == 1
    assert Event.objects.filter(verb="dispute.settled").count() == 1
    assert not Item.objects.waiting().filter(url=dispute.get_absolute_url())
