"""Suspension and resumption: what every other party answers, and what the clock does."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from projects.agreements import actions
from projects.agreements.models import Status, StepStatus
from tests.projects.agreements import lives
from tests.projects.agreements.lives import refused, waiting


def suspended(cast, agreement, **facts):
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.", **facts)
    for party in lives.fresh(agreement).party_list:
        person = {cast.esa.pk: cast.lucien, cast.isro.pk: cast.tara}.get(party.agency_id)
        if person is not None:
            actions.consent_to_step(agreement, step.number, actor=cast.actor(person))
    return step


def test_it_rests_when_the_last_of_the_others_has_consented(clock, cast):
    agreement = lives.three(cast)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    assert waiting(agreement) == {"ESA", "ISRO"}

    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.lucien))
    assert lives.fresh(agreement).status == Status.IN_FORCE
    assert waiting(agreement) == {"ISRO"}
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.tara))

    assert lives.fresh(agreement).status == Status.SUSPENDED
    assert lives.last_verbs(agreement, 3) == ["step_consented", "step_consented", "suspended"]
    assert waiting(agreement) == set()


def test_silence_never_consents(clock, cast):
    agreement = lives.two(cast)
    actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")

    clock.pass_(days=400)
    lives.tend()

    assert lives.fresh(agreement).status == Status.IN_FORCE
    assert lives.step(agreement).status == StepStatus.OPEN


def test_a_refusal_closes_it_with_its_reason(clock, cast):
    agreement = lives.three(cast)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.tara))

    with pytest.raises(ValidationError):
        actions.refuse_step(agreement, step.number, actor=cast.actor(cast.lucien), reason=" ")
    actions.refuse_step(agreement, step.number, actor=cast.actor(cast.lucien), reason="We are ready.")

    assert lives.step(agreement).status == StepStatus.REFUSED
    assert lives.fresh(agreement).status == Status.IN_FORCE
    assert waiting(agreement) == set()
    refused(actions.consent_to_step, agreement, step.number, actor=cast.actor(cast.lucien), code="wrong-state")


def test_who_answers_a_proposal(clock, cast):
    agreement = lives.two(cast)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")

    for person, code in ((cast.mika, "own-proposal"), (cast.ingrid, "role-needed"), (cast.tara, "not-a-party")):
        refused(actions.consent_to_step, agreement, step.number, actor=cast.actor(person), code=code)
    refused(actions.take_back_step, agreement, step.number, actor=cast.actor(cast.lucien), code="other-agency")
    refused(
        actions.propose_suspension, agreement, actor=cast.actor(cast.lucien), reason="Me too.", code="already-proposed"
    )


def test_nobody_answers_twice(clock, cast):
    agreement = lives.three(cast)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.lucien))

    refused(actions.consent_to_step, agreement, step.number, actor=cast.actor(cast.lucien), code="already-answered")
    refused(
        actions.refuse_step,
        agreement,
        step.number,
        actor=cast.actor(cast.lucien),
        reason="No.",
        code="already-answered",
    )


def test_a_proposal_is_taken_back(clock, cast):
    agreement = lives.two(cast)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")

    actions.take_back_step(agreement, step.number, actor=cast.actor(cast.mika))

    assert lives.last_verbs(agreement, 1) == ["step_taken_back"]
    assert waiting(agreement) == set()


def test_a_suspended_agreement_is_resumed_by_all(clock, cast):
    agreement = lives.two(cast)
    suspended(cast, agreement)

    step = actions.propose_resumption(agreement, actor=cast.actor(cast.lucien), reason="The launch is set.")
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.mika))

    assert lives.fresh(agreement).status == Status.IN_FORCE
    assert lives.last_verbs(agreement, 1) == ["resumed"]


def test_a_suspension_until_a_day_is_over_with_that_day(clock, cast):
    agreement = lives.two(cast)
    suspended(cast, agreement, until=date(2026, 6, 30))

    clock.set(2026, 6, 30, 23, 59, 59)
    lives.tend()
    assert lives.fresh(agreement).status == Status.SUSPENDED
    clock.set(2026, 7, 1)
    lives.tend()
    lives.tend()

    assert lives.fresh(agreement).status == Status.IN_FORCE
    assert lives.last_verbs(agreement, 2) == ["suspended", "resumed"]


def test_a_proposal_that_waited_for_a_party_that_left_takes_effect(clock, cast):
    agreement = lives.three(cast)
    left = lives.leave(cast, agreement, cast.tara)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.lucien))

    clock.moment = left.due_at
    lives.tend()

    assert lives.fresh(agreement).status == Status.SUSPENDED


def test_a_suspension_lies_ahead_and_within_the_term(clock, cast):
    agreement = lives.two(cast)

    for until in (date(2026, 2, 1), date(2031, 2, 3)):
        with pytest.raises(ValidationError) as caught:
            actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="Late.", until=until)
        assert "until" in caught.value.message_dict
