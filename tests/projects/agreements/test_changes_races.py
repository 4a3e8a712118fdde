"""Proposing and answering at the same instant: nothing is lost, nothing is applied twice, no number is given twice."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.models import Change, Decision
from tests import cast as casting
from tests import stage
from tests.projects.agreements.negotiating import fresh, reword, text_of, three_parties
from tests.projects.agreements.test_races import together

ROUNDS = 3


@pytest.fixture
def world(transactional_db):
    return casting.build()


def proposing(world, agreement, person, text):
    actor = world.actor(person)
    return lambda: actions.propose_change(agreement, actor=actor, operation="reword", code="notices", text=text)


def accepting(world, agreement, change, person):
    actor = world.actor(person)
    return lambda: actions.accept_change(agreement, change.number, actor=actor)


def test_two_parties_propose_on_one_clause_at_the_same_moment_and_both_stand(world):
    for _ in range(ROUNDS):
        agreement = stage.shared_agreement(world)

        results = together(
            proposing(world, agreement, world.mika, "By letter."),
            proposing(world, agreement, world.lucien, "By telegram."),
        )

        assert all(isinstance(result, Change) for result in results), results
        found = list(agreement.changes.values_list("number", "round", "status"))
        assert found == [(1, 1, Decision.OPEN), (2, 1, Decision.OPEN)]
        assert set(agreement.changes.values_list("text", flat=True)) == {"By letter.", "By telegram."}


def test_each_accepts_the_others_proposal_at_the_same_moment_and_one_is_applied(world):
    for _ in range(ROUNDS):
        agreement = stage.shared_agreement(world)
        ours, theirs = reword(world, agreement, world.mika), reword(world, agreement, world.lucien, text="By telegram.")

        results = together(
            accepting(world, agreement, theirs, world.mika), accepting(world, agreement, ours, world.lucien)
        )

        refused = [result for result in results if isinstance(result, NotNow)]
        assert [refusal.code for refusal in refused] == ["change-decided"]
        applied = agreement.changes.get(status=Decision.ACCEPTED)
        assert agreement.changes.get(status=Decision.OVERTAKEN).pk != applied.pk
        assert text_of(agreement, "notices") == applied.text
        assert fresh(agreement).revision == applied.applied_in == 2


def test_the_last_two_parties_accept_at_the_same_moment_and_it_is_applied_once(world):
    for _ in range(ROUNDS):
        agreement = three_parties(world)
        change = reword(world, agreement, world.lucien)

        results = together(
            accepting(world, agreement, change, world.mika), accepting(world, agreement, change, world.tara)
        )

        assert all(isinstance(result, Change) for result in results), results
        assert fresh(agreement).revision == 2
        accepted = Event.objects.filter(verb="agreement.change_accepted", target_ref=agreement.ref)
        assert sorted(event.facts["applied"] for event in accepted) == [False, True]


def test_a_change_accepted_and_withdrawn_at_the_same_moment_is_one_of_both(world):
    for _ in range(ROUNDS):
        agreement = stage.shared_agreement(world)
        change, lucien = reword(world, agreement, world.lucien), world.actor(world.lucien)

        results = together(
            accepting(world, agreement, change, world.mika),
            lambda agreement=agreement, change=change, lucien=lucien: actions.withdraw_change(
                agreement, change.number, actor=lucien
            ),
        )

        change.refresh_from_db()
        assert sum(isinstance(result, NotNow) for result in results) == 1, results
        assert (text_of(agreement, "notices") == "By letter.") is (change.status == Decision.ACCEPTED)


def test_many_clicks_on_accept_are_one_answer(world):
    agreement = three_parties(world)
    change = reword(world, agreement, world.lucien)

    results = together(*[accepting(world, agreement, change, world.mika) for _ in range(6)])

    assert sum(isinstance(result, Change) for result in results) == 1
    assert all(isinstance(result, Change | NotNow) for result in results), results
    assert change.given.count() == 1


def test_freezing_and_proposing_at_the_same_moment_never_leaves_a_frozen_text_with_an_open_change(world):
    for _ in range(ROUNDS):
        agreement = stage.agree(world, stage.shared_agreement(world))
        mika = world.actor(world.mika)

        results = together(
            lambda agreement=agreement, mika=mika: actions.freeze(agreement, actor=mika),
            proposing(world, agreement, world.lucien, "By letter."),
        )

        assert sum(isinstance(result, NotNow | ValidationError) for result in results) == 1, results
        assert fresh(agreement).is_frozen is not agreement.changes.exists()
