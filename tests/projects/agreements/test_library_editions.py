"""A release that words a clause otherwise: what is drawn already keeps its words, what is chosen anew gets those of today."""

from __future__ import annotations

import pytest

from projects.agreements import actions
from projects.agreements.document import current_hash
from projects.agreements.library import load_library
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


# As library 2.1 worded it.
SIGNED_IN_THE_PORTAL = (
    "The Parties sign this Agreement electronically and accept electronic signatures as having the same effect as "
    "signatures by hand. A signature is given by a person who holds a valid mandate, has been identified afresh at that "
    "moment, and has confirmed the exact text by its digest."
)


def signature(agreement):
    return Clause.objects.get(agreement=agreement, code="signature")


@pytest.fixture
def signed_electronically(cast):
    """A draft whose clause on signatures knows no signature by hand yet."""
    agreement = stage.drafted_agreement(cast)
    Clause.objects.filter(agreement=agreement, code="signature").update(
        template=SIGNED_IN_THE_PORTAL, text=SIGNED_IN_THE_PORTAL
    )
    return fresh(agreement)


def test_a_text_drawn_before_signatures_by_hand_were_named_keeps_its_words_and_its_hash(cast, signed_electronically):
    before = current_hash(signed_electronically)

    actions.answer_profile(signed_electronically, actor=cast.actor(cast.mika), answers={"consultation_days": 17})
    now = fresh(signed_electronically)
    assert signature(now).text == SIGNED_IN_THE_PORTAL
    actions.answer_profile(now, actor=cast.actor(cast.mika), answers={"consultation_days": 30})

    assert load_library(now.kind).version == "2.2"
    assert current_hash(fresh(now)) == before


def test_another_level_of_signature_is_worded_with_the_ways_of_today(cast, signed_electronically):
    actions.answer_profile(signed_electronically, actor=cast.actor(cast.mika), answers={"signature_level": "advanced"})

    assert "electronically or by hand" in signature(signed_electronically).text
