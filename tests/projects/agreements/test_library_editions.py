"""A release that words a clause otherwise: what is drawn already keeps its words, what is chosen anew gets those of today."""

from __future__ import annotations

from projects.agreements import actions
from projects.agreements.models import Agreement, Clause
from tests import stage
from tests.projects.agreements.lives import fresh

OLDER = "Differences are settled by talking in {{language}}, within {{consultation_days}}."


def drawn_before(cast) -> Agreement:
    """A draft whose clause on differences was drawn from an earlier library."""
    agreement = stage.drafted_agreement(cast)
    Clause.objects.filter(agreement=agreement, code="disputes").update(template=OLDER, text="As it was filled then.")
    return fresh(agreement)


def disputes(agreement):
    return Clause.objects.get(agreement=agreement, code="disputes")


def test_a_clause_keeps_the_words_it_was_drawn_with_and_follows_the_answers(cast):
    agreement = drawn_before(cast)

    actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"consultation_days": 17})

    assert disputes(agreement).template == OLDER
    assert disputes(agreement).text == "Differences are settled by talking in English, within seventeen (17) days."
    assert not disputes(agreement).departs


def test_another_alternate_is_worded_as_the_library_words_it_today(cast):
    agreement = drawn_before(cast)

    actions.answer_profile(
        agreement,
        actor=cast.actor(cast.mika),
        answers={"final_step": "arbitration", "arbitration_seat": "The Hague", "language": "English and French"},
    )

    assert "The proceedings are held in English and French." in disputes(agreement).text
