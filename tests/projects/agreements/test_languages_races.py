"""Translating at the same instant: nothing is written over unseen, and different clauses do not stop each other."""

from __future__ import annotations

import pytest

from portal.kit.refusals import Stale
from projects.agreements import actions
from projects.agreements.languages import edition
from projects.agreements.models import Agreement, ClauseTranslation
from tests import cast as casting
from tests import stage
from tests.projects.agreements.test_races import together


@pytest.fixture
def world(transactional_db):
    return casting.build()


def translating(world, agreement, person, code, text):
    actor = world.actor(person)
    return lambda: actions.translate_clause(
        agreement, code, actor=actor, language="fr", heading="Avis", text=text, seen=edition()
    )


def test_two_translators_of_one_clause_at_the_same_instant(world):
    agreement = stage.drafted_agreement(world)
    actions.set_languages(agreement, actor=world.actor(world.mika), languages=["fr"])
    actions.share(agreement, actor=world.actor(world.mika))

    results = together(
        translating(world, agreement, world.mika, "notices", "Par lettre."),
        translating(world, agreement, world.lucien, "notices", "Par pigeon."),
    )

    assert sorted(type(result).__name__ for result in results) == ["Agreement", "Stale"], results
    refused = next(result for result in results if isinstance(result, Stale))
    assert refused.newer["text"][1] == ClauseTranslation.objects.get().text


def test_two_translators_of_different_clauses_at_the_same_instant(world):
    agreement = stage.drafted_agreement(world)
    actions.set_languages(agreement, actor=world.actor(world.mika), languages=["fr"])
    actions.share(agreement, actor=world.actor(world.mika))

    results = together(
        translating(world, agreement, world.mika, "notices", "Par lettre."),
        translating(world, agreement, world.lucien, "definitions", "Les mots."),
    )

    assert all(isinstance(result, Agreement) for result in results), results
    assert ClauseTranslation.objects.count() == 2
