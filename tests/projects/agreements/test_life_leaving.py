"""Withdrawal: who may give notice, how long it runs, what is handed over, and what becomes of the agreement."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from agencies.models import Mandate
from portal.history.models import Event
from portal.inbox.models import Item
from portal.inbox.texts import render
from projects.agreements import actions
from projects.agreements.models import Handover, Status, StepStatus
from projects.agreements.policies import AgreementPolicy
from tests import jobs
from tests.projects.agreements import lives
from tests.projects.agreements.lives import refused


def test_a_notice_runs_for_the_months_of_the_text_at_the_seat_of_who_leaves(clock, cast):
    agreement = lives.three(cast, withdrawal_notice_months=6)

    step = lives.leave(cast, agreement, cast.tara)

    # 2 August 2026 is a Sunday, and ISRO works from Monday to Friday; midnight in Bengaluru is 18:30 UTC.
    assert step.takes_effect_on == date(2026, 8, 3)
    assert step.due_at.isoformat() == "2026-08-03T18:30:00+00:00"
    assert (step.status, step.source) == (StepStatus.RUNNING, "term")
    assert lives.last_verbs(agreement, 1) == ["withdrawal_notified"]


def test_a_notice_under_working_days_ends_on_the_day_itself(clock, cast):
    agreement = lives.three(cast, withdrawal_notice_months=6, day_basis="working")

    assert lives.leave(cast, agreement, cast.tara).takes_effect_on == date(2026, 8, 2)


def test_the_others_are_told_and_asked_to_settle_the_handover(clock, cast):
    agreement = lives.three(cast)

    step = lives.leave(cast, agreement, cast.tara, tasks=["Ground station, to ESA", "Thermal model"])

    kinds = [(line.kind, line.words) for line in step.handovers.all()]
    assert kinds == [
        ("tasks", "Ground station, to ESA"), ("tasks", "Thermal model"), ("equipment", ""), ("data", ""), ("access", ""),
        ("money", ""),
    ]  # fmt: skip
    waiting = Item.objects.filter(key__startswith=f"life:{agreement.ref}:1:", settled_at=None)
    assert {item.agency.acronym for item in waiting} == {"JAXA", "ESA"}


def handing_over(agreement):
    """The day on which each party's item about the handover is due, as that day ends in Bengaluru, and why."""
    found = Item.objects.filter(key__startswith=f"life:{agreement.ref}:1:", verb="complete", settled_at=None)
    return {(item.due_at, str(item.why)) for item in found}


def test_the_handover_is_due_with_its_last_line_and_not_with_the_notice(clock, cast):
    agreement = lives.three(cast, data_return_days=62)

    step = lives.leave(cast, agreement, cast.tara)

    # 5 October 2026, the day for goods and data; midnight in Bengaluru is 18:30 UTC.
    back = datetime(2026, 10, 5, 18, 30, tzinfo=UTC)
    why = "Tasks, access rights and what is owed by 2026-08-03; equipment and data by 2026-10-05."
    assert handing_over(agreement) == {(back, why)}

    for kind in ("equipment", "data"):
        assert handing_over(agreement) == {(back, why)}
        line = step.handovers.get(kind=kind)
        actions.settle_handover(agreement, line.pk, actor=cast.actor(cast.mika))

    assert handing_over(agreement) == {(step.due_at, "Tasks, equipment, data, access rights and what is owed.")}


def test_goods_and_data_are_due_on_the_day_of_the_text_and_the_rest_while_the_notice_runs(clock, cast):
    agreement = lives.three(cast, data_return_days=62)

    step = lives.leave(cast, agreement, cast.tara)

    # 62 days after Monday, 3 August 2026 is a Sunday.
    assert step.takes_effect_on == date(2026, 8, 3)
    due = {line.kind: line.due_on for line in step.handovers.all()}
    assert due == {
        "tasks": date(2026, 8, 3), "equipment": date(2026, 10, 5), "data": date(2026, 10, 5), "access": date(2026, 8, 3),
        "money": date(2026, 8, 3),
    }  # fmt: skip


def test_until_it_takes_effect_the_party_is_bound(clock, cast):
    agreement = lives.three(cast)
    step = lives.leave(cast, agreement, cast.tara)

    clock.moment = step.due_at - timedelta(seconds=1)
    lives.tend()

    assert all(party.has_not_left for party in lives.fresh(agreement).party_list)


def test_it_takes_effect_when_the_day_is_over_and_the_others_go_on(clock, cast):
    agreement = lives.three(cast)
    step = lives.leave(cast, agreement, cast.tara)

    clock.moment = step.due_at
    lives.tend()
    lives.tend()

    agreement = lives.fresh(agreement)
    gone = agreement.party_of(cast.isro.pk)
    assert gone.left_on == step.takes_effect_on + timedelta(days=1)
    assert agreement.status == Status.IN_FORCE
    assert lives.step(agreement).status == StepStatus.DONE
    assert lives.last_verbs(agreement, 2) == ["withdrawal_notified", "withdrawn"]


def test_of_two_parties_the_agreement_ends_with_that_day(clock, cast):
    agreement = lives.two(cast)
    step = lives.leave(cast, agreement, cast.ingrid)

    clock.moment = step.due_at
    lives.tend()

    agreement = lives.fresh(agreement)
    assert (agreement.status, agreement.ended_on) == (Status.TERMINATED, step.takes_effect_on)
    assert lives.last_verbs(agreement, 2) == ["withdrawn", "terminated"]


def test_a_notice_is_taken_back_while_it_runs(clock, cast):
    agreement = lives.three(cast)
    step = lives.leave(cast, agreement, cast.tara)

    actions.take_back_withdrawal(agreement, actor=cast.actor(cast.tara))
    clock.moment = step.due_at + timedelta(days=1)
    lives.tend()

    assert lives.step(agreement).status == StepStatus.WITHDRAWN
    assert lives.fresh(agreement).party_of(cast.isro.pk).has_not_left
    assert not Item.objects.filter(key__startswith=f"life:{agreement.ref}", settled_at=None).exists()


def test_a_notice_that_has_run_is_not_taken_back_also_before_the_job_has_run(clock, cast):
    agreement = lives.three(cast)
    clock.moment = lives.leave(cast, agreement, cast.tara).due_at

    refused(actions.take_back_withdrawal, agreement, actor=cast.actor(cast.tara), code="wrong-state")


def test_only_who_gave_the_notice_takes_it_back(clock, cast):
    agreement = lives.three(cast)
    step = lives.leave(cast, agreement, cast.tara)

    refused(actions.take_back_step, agreement, step.number, actor=cast.actor(cast.kenji), code="other-agency")


def test_notice_commits_an_agency_and_needs_a_mandate(clock, cast):
    agreement = lives.two(cast)

    refused(actions.withdraw, agreement, actor=cast.actor(cast.mika), reason="Cut.", code="signatory-needed")
    Mandate.objects.filter(person=cast.kenji).update(over_at=timezone.now() - timedelta(seconds=1))
    refused(actions.withdraw, agreement, actor=cast.actor(cast.kenji), reason="Cut.", code="mandate-expired")


def test_who_is_no_party_leaves_nothing(clock, cast):
    agreement = lives.two(cast)

    refused(actions.withdraw, agreement, actor=cast.actor(cast.tara), reason="Cut.", code="not-a-party")


def test_nobody_gives_notice_twice(clock, cast):
    agreement = lives.three(cast)
    lives.leave(cast, agreement, cast.tara)

    refused(actions.withdraw, agreement, actor=cast.actor(cast.tara), reason="Again.", code="wrong-state")


def test_who_has_left_decides_nothing_more_and_still_reads(clock, cast):
    agreement = lives.three(cast)
    clock.moment = lives.leave(cast, agreement, cast.tara).due_at
    lives.tend()
    tara = cast.actor(cast.tara)

    refused(actions.withdraw, agreement, actor=tara, reason="Again.", code="party-left")
    refused(actions.propose_suspension, agreement, actor=tara, reason="Rest.", code="party-left")
    refused(actions.propose_termination, agreement, actor=tara, reason="End.", code="party-left")
    assert type(agreement).objects.visible_to(tara).filter(pk=agreement.pk).exists()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001, "nul\x00"])
def test_a_notice_says_why(clock, cast, reason):
    agreement = lives.two(cast)

    with pytest.raises(ValidationError) as caught:
        lives.leave(cast, agreement, cast.kenji, reason=reason)

    assert "reason" in caught.value.message_dict
    assert not agreement.life.exists()


@pytest.mark.parametrize("tasks", [["x" * 501], ["a\u202eb"], ["nul\x00"], [f"task {n}" for n in range(51)]])
def test_lines_of_a_handover_are_lines(clock, cast, tasks):
    agreement = lives.two(cast)

    with pytest.raises(ValidationError) as caught:
        lives.leave(cast, agreement, cast.kenji, tasks=tasks)

    assert "tasks" in caught.value.message_dict


def test_a_draft_is_not_left(cast):
    from tests import stage

    agreement = stage.signed_agreement(cast)

    refused(actions.withdraw, agreement, actor=cast.actor(cast.kenji), reason="Cut.", code="wrong-state")


@pytest.mark.parametrize(("grounds", "allowed"), [("basic", False), ("funds_and_law", True), ("wide", True)])
def test_a_loss_of_funds_shortens_the_notice_where_the_text_says_so(clock, cast, grounds, allowed):
    agreement = lives.two(cast, termination_grounds=grounds)

    if not allowed:
        with pytest.raises(ValidationError) as caught:
            lives.leave(cast, agreement, cast.kenji, ground="funds")
        assert "ground" in caught.value.message_dict
        return
    step = lives.leave(cast, agreement, cast.kenji, ground="funds")
    assert step.takes_effect_on == date(2026, 4, 3)
    assert step.source == "termination"


def test_the_others_tick_off_what_is_handed_over_once(clock, cast):
    agreement = lives.three(cast)
    step = lives.leave(cast, agreement, cast.tara)
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    first, *rest = step.handovers.all()

    refused(actions.settle_handover, agreement, first.pk, actor=cast.actor(cast.tara), code="own-notice")
    refused(actions.settle_handover, agreement, first.pk, actor=cast.actor(cast.kenji), code="role-needed")
    actions.settle_handover(agreement, first.pk, actor=mika)
    refused(actions.settle_handover, agreement, first.pk, actor=lucien, code="already-settled")
    for line in rest:
        actions.settle_handover(agreement, line.pk, actor=lucien)

    assert not Handover.objects.filter(step=step, done_at=None).exists()
    assert not Item.objects.filter(key__startswith=f"life:{agreement.ref}:1:", settled_at=None).exists()


def test_a_handover_of_another_agreement_is_not_found(clock, cast):
    agreement = lives.two(cast)

    with pytest.raises(ValidationError):
        actions.settle_handover(agreement, 2**31 - 1, actor=cast.actor(cast.mika))


def test_the_policy_says_the_same_as_the_action(clock, cast):
    agreement = lives.two(cast)
    verbs = {verb["verb"]: verb["allowed"] for verb in AgreementPolicy(cast.actor(cast.kenji), agreement).verbs()}

    assert verbs["withdraw"]
    assert not verbs["take-back-withdrawal"]
    assert not verbs["propose-suspension"]


def test_the_clock_is_looked_at_when_the_notice_has_run_without_the_hourly_job(clock, cast):
    agreement = lives.three(cast)
    step = lives.leave(cast, agreement, cast.tara)
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'agreements.tend_agreement'")
        assert cursor.fetchall() == [(step.due_at,)]

    clock.moment = step.due_at
    jobs.run_pending()

    assert not lives.fresh(agreement).party_of(cast.isro.pk).has_not_left


def test_every_message_on_the_way_reads_whole_in_words(clock, cast):
    agreement = lives.three(cast, renewal="automatic", renewal_objection_months=6, term_years=1, renewal_years=1)
    step = lives.leave(cast, agreement, cast.tara)
    actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="Late.")
    actions.consent_to_step(agreement, 2, actor=cast.actor(cast.lucien))
    actions.refuse_step(agreement, 2, actor=cast.actor(cast.tara), reason="No.")
    actions.give_breach_notice(agreement, actor=cast.actor(cast.mika), about=cast.esa, reason="No data.")
    actions.declare_cured(agreement, 3, actor=cast.actor(cast.mika))
    actions.propose_renewal(agreement, actor=cast.actor(cast.kenji), reason="More.", years=1)
    actions.take_back_step(agreement, 4, actor=cast.actor(cast.kenji))
    clock.set(2026, 7, 20)
    lives.tend()
    actions.object_to_renewal(agreement, actor=cast.actor(cast.lucien), reason="No.")
    clock.moment = step.due_at
    lives.tend()
    clock.set(2027, 2, 3)
    lives.tend()

    items = Item.objects.filter(
        ref=agreement.ref, event_uid__in=Event.objects.filter(scope=agreement.project.ref).values("uid")
    )
    words = {render(item.title_id, item.title_params) for item in items}
    words |= {render(item.why_id, item.why_params) for item in items}

    assert {"ISRO has left IP agreement for the surveyor", "IP agreement for the surveyor has expired"} <= words
    assert "ESA objected to the renewal of IP agreement for the surveyor" in words
    assert "ISRO refused what was proposed about IP agreement for the surveyor" in words
    assert not [line for line in words if "\N{HORIZONTAL ELLIPSIS}" in line or "%(" in line]
    for path in ("history/", "life/"):
        assert cast.client(cast.mika).get(f"/agreements/{agreement.ref}/{path}").status_code == 200
