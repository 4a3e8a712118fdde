"""Two parties at the same instant: every notice is kept once, and the agreement ends once."""

from __future__ import annotations

import pytest

from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.actions.life.tending import tend_all
from projects.agreements.models import Handover, Status, Step, StepConsent, StepStatus
from tests import cast as casting
from tests.projects.agreements import lives
from tests.projects.agreements.test_races import together


@pytest.fixture
def world(transactional_db):
    return casting.build()


def test_two_withdrawals_of_three_parties_at_the_same_instant_are_both_given(world, monkeypatch):
    agreement = lives.three(world)
    actors = [world.actor(person) for person in (world.ingrid, world.tara)]

    results = together(
        *[lambda actor=actor: actions.withdraw(agreement, actor=actor, reason="Cut.") for actor in actors]
    )

    assert all(isinstance(result, Step) for result in results), results
    assert sorted(Step.objects.values_list("number", flat=True)) == [1, 2]
    assert Event.objects.filter(verb="agreement.withdrawal_notified").count() == 2

    clock = lives.Clock(monkeypatch)
    clock.moment = max(step.due_at for step in Step.objects.all())
    assert not any(isinstance(result, Exception) for result in together(tend_all, tend_all, tend_all))

    agreement = lives.fresh(agreement)
    assert agreement.status == Status.TERMINATED
    assert [party.has_not_left for party in agreement.party_list] == [True, False, False]
    assert Event.objects.filter(verb="agreement.withdrawn").count() == 2
    assert Event.objects.filter(verb="agreement.terminated").count() == 1


def test_many_clicks_at_the_same_instant_are_one_notice(world):
    agreement = lives.two(world)
    kenji = world.actor(world.kenji)

    results = together(*[lambda: actions.withdraw(agreement, actor=kenji, reason="Cut.") for _ in range(6)])

    assert sum(isinstance(result, Step) for result in results) == 1
    assert all(isinstance(result, Step | NotNow) for result in results), results
    assert Handover.objects.values("step").distinct().count() == 1


def test_the_last_two_consents_at_the_same_instant_suspend_it_once(world):
    agreement = lives.three(world)
    step = actions.propose_suspension(agreement, actor=world.actor(world.mika), reason="The launch is late.")
    actors = [world.actor(person) for person in (world.lucien, world.tara)]

    results = together(
        *[lambda actor=actor: actions.consent_to_step(agreement, step.number, actor=actor) for actor in actors]
    )

    assert all(isinstance(result, Step) for result in results), results
    assert StepConsent.objects.count() == 2
    assert lives.fresh(agreement).status == Status.SUSPENDED
    assert Event.objects.filter(verb="agreement.suspended").count() == 1


def test_a_consent_and_a_refusal_at_the_same_instant_do_not_both_count(world):
    agreement = lives.two(world)
    step = actions.propose_suspension(agreement, actor=world.actor(world.mika), reason="The launch is late.")
    lucien = world.actor(world.lucien)

    together(
        lambda: actions.consent_to_step(agreement, step.number, actor=lucien),
        lambda: actions.refuse_step(agreement, step.number, actor=lucien, reason="No."),
    )

    assert StepConsent.objects.count() == 1
    status = lives.fresh(agreement).status
    assert (lives.step(agreement).status, status) in (
        (StepStatus.DONE, Status.SUSPENDED),
        (StepStatus.REFUSED, Status.IN_FORCE),
    )
