"""Breach: the notice, the time to cure, and the end of the part of a party that does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from projects.agreements import actions
from projects.agreements.models import Status, StepStatus
from projects.ip.models import AccessRight
from tests.projects.agreements import lives
from tests.projects.agreements.lives import refused, waiting


def breach(cast, agreement, person=None, about=None):
    return actions.give_breach_notice(
        agreement, actor=cast.actor(person or cast.mika), about=about or cast.isro, reason="No data since May."
    )


def test_the_time_to_cure_is_that_of_the_party_in_breach(clock, cast):
    agreement = lives.three(cast, cure_days=30)

    step = breach(cast, agreement)

    # 4 March 2026 is a Wednesday; it is over in Bengaluru at 18:30 UTC.
    assert step.due_at.isoformat() == "2026-03-04T18:30:00+00:00"
    assert waiting(agreement) == {"ISRO", "JAXA"}


def test_who_gave_the_notice_declares_it_cured(clock, cast):
    agreement = lives.three(cast)
    step = breach(cast, agreement)

    refused(actions.declare_cured, agreement, step.number, actor=cast.actor(cast.tara), code="other-agency")
    actions.declare_cured(agreement, step.number, actor=cast.actor(cast.mika))

    assert lives.step(agreement).status == StepStatus.CURED
    assert waiting(agreement) == set()
    refused(actions.declare_cured, agreement, step.number, actor=cast.actor(cast.mika), code="wrong-state")


def test_nobody_is_put_out_while_the_time_to_cure_runs(clock, cast):
    agreement = lives.three(cast)
    step = breach(cast, agreement)
    clock.moment = step.due_at - timedelta(seconds=1)

    refused(
        actions.terminate_for_breach,
        agreement,
        step.number,
        actor=cast.actor(cast.kenji),
        reason="No.",
        code="wrong-state",
    )


def test_the_others_together_end_the_part_of_a_party_in_breach_without_asking_it(clock, cast):
    agreement = lives.three(cast)
    step = breach(cast, agreement)
    clock.moment = step.due_at
    refused(
        actions.terminate_for_breach, agreement, 1, actor=cast.actor(cast.tara), reason="No.", code="party-in-breach"
    )
    proposed = actions.terminate_for_breach(agreement, 1, actor=cast.actor(cast.kenji), reason="Never answered.")
    refused(actions.consent_to_step, agreement, proposed.number, actor=cast.actor(cast.tara), code="party-in-breach")
    assert lives.step(agreement, 2).status == StepStatus.OPEN

    actions.consent_to_step(agreement, proposed.number, actor=cast.actor(cast.ingrid))
    assert lives.fresh(agreement).party_of(cast.isro.pk).has_not_left
    clock.moment = lives.step(agreement, 2).due_at
    lives.tend()

    agreement = lives.fresh(agreement)
    assert agreement.party_of(cast.isro.pk).left_on == date(2026, 3, 6)
    assert agreement.status == Status.IN_FORCE
    assert [lives.step(agreement, number).status for number in (1, 2)] == [StepStatus.DONE, StepStatus.DONE]
    assert lives.last_verbs(agreement, 2) == ["termination_agreed", "participation_ended"]
    assert waiting(agreement) == set()


def test_between_two_the_other_decides_alone_and_the_agreement_ends(clock, cast):
    agreement = lives.two(cast)
    step = breach(cast, agreement, about=cast.esa)
    clock.moment = step.due_at

    proposed = actions.terminate_for_breach(agreement, 1, actor=cast.actor(cast.kenji), reason="Never answered.")
    assert proposed.status == lives.step(agreement, 2).status == StepStatus.RUNNING
    clock.pass_(days=2)
    lives.tend()

    assert lives.fresh(agreement).status == Status.TERMINATED


def test_what_is_cured_in_the_end_puts_nobody_out(clock, cast):
    agreement = lives.three(cast)
    clock.moment = breach(cast, agreement).due_at
    actions.terminate_for_breach(agreement, 1, actor=cast.actor(cast.kenji), reason="Never answered.")
    actions.consent_to_step(agreement, 2, actor=cast.actor(cast.ingrid))

    actions.declare_cured(agreement, 1, actor=cast.actor(cast.mika))
    clock.pass_(days=3)
    lives.tend()

    assert lives.fresh(agreement).party_of(cast.isro.pk).has_not_left
    assert lives.step(agreement, 2).status == StepStatus.WITHDRAWN


@pytest.mark.parametrize("about", ["jaxa", "nova"])
def test_a_notice_of_breach_is_about_another_party(clock, cast, about):
    agreement = lives.two(cast)

    with pytest.raises(ValidationError) as caught:
        breach(cast, agreement, about=getattr(cast, about))

    assert "about" in caught.value.message_dict


def test_rights_granted_to_the_party_in_breach_end_and_those_it_granted_stay(clock, cast):
    from tests.projects.agreements import granted

    agreement = lives.three(cast)
    theirs = granted.right(cast, agreement, holder=cast.isro, grantor=cast.jaxa)
    given = granted.right(cast, agreement, holder=cast.jaxa, grantor=cast.isro)
    other = granted.right(cast, agreement, holder=cast.isro, grantor=cast.esa, under="A-1999-0001")
    clock.moment = breach(cast, agreement).due_at
    actions.terminate_for_breach(agreement, 1, actor=cast.actor(cast.kenji), reason="Never answered.")
    actions.consent_to_step(agreement, 2, actor=cast.actor(cast.ingrid))
    clock.pass_(days=3)

    lives.tend()

    cut = dict(AccessRight.objects.values_list("ref", "cut_cause"))
    assert (cut[theirs.ref], cut[given.ref], cut[other.ref]) == ("breach", "", "")
