"""Words in brackets: what is open is seen by everybody, and nobody agrees to a text that has any."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.history.models import Event
from portal.kit.refusals import Forbidden, NotNow
from projects.agreements import actions
from projects.agreements.models import Bracket, Status
from projects.agreements.paragraphs import paragraphs
from projects.agreements.shown import segments
from tests import stage
from tests.projects.agreements.negotiating import accepted, agree, current_hash, fresh, reword, text_of


def words_of(agreement, code="notices"):
    return text_of(agreement, code)[:20].strip()


def test_nobody_agrees_to_a_text_or_freezes_it_while_words_stand_in_brackets(cast):
    agreement = agree(cast, stage.shared_agreement(cast), cast.mika)
    words = words_of(agreement)
    bracket = actions.place_bracket(agreement, "notices", actor=cast.actor(cast.lucien), words=words, note="Too long.")
    lucien, shown = cast.actor(cast.lucien), current_hash(cast, agreement, cast.lucien)

    for refused in (
        lambda: actions.agree_to_text(agreement, actor=lucien, sha256=shown),
        lambda: actions.freeze(agreement, actor=lucien),
    ):
        with pytest.raises(NotNow) as caught:
            refused()
        assert caught.value.code == "words-in-brackets"
        assert words in str(caught.value.reason)
        assert "ESA" in str(caught.value.reason)
    actions.lift_bracket(agreement, bracket.pk, actor=lucien)

    assert agree(cast, agreement, cast.lucien).status == Status.TEXT_AGREED


def test_a_text_that_was_agreed_is_not_when_words_are_put_in_brackets(cast):
    agreement = agree(cast, stage.shared_agreement(cast), cast.mika, cast.lucien)

    bracket = actions.place_bracket(agreement, "notices", actor=cast.actor(cast.mika))

    assert fresh(agreement).status == Status.NEGOTIATING
    actions.lift_bracket(agreement, bracket.pk, actor=cast.actor(cast.mika))
    assert actions.freeze(agreement, actor=cast.actor(cast.mika)).status == Status.SIGNING


def test_only_the_agency_that_placed_a_bracket_lifts_it_and_only_once(cast):
    agreement = stage.shared_agreement(cast)
    bracket = actions.place_bracket(agreement, "notices", actor=cast.actor(cast.lucien))

    with pytest.raises(Forbidden) as caught:
        actions.lift_bracket(agreement, bracket.pk, actor=cast.actor(cast.mika))
    assert caught.value.code == "not-your-bracket"
    actions.lift_bracket(agreement, bracket.pk, actor=cast.actor(cast.lucien))
    with pytest.raises(NotNow):
        actions.lift_bracket(agreement, bracket.pk, actor=cast.actor(cast.lucien))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "notices", "words": "words that the clause does not have"}, "words"),
        ({"code": "notices", "words": "x" * 501}, "words"),
        ({"code": "notices", "words": "nul\x00"}, "words"),
        ({"code": "notices", "note": "x" * 501}, "note"),
        ({"code": "no-such-clause"}, "clause"),
    ],
)
def test_what_is_not_in_the_text_is_not_put_in_brackets(cast, facts, field):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(ValidationError) as caught:
        actions.place_bracket(agreement, facts.pop("code"), actor=cast.actor(cast.mika), **facts)

    assert field in caught.value.message_dict
    assert not Bracket.objects.exists()


@pytest.mark.parametrize("who", ["kenji", "sora", "tara", "noor"])
def test_only_those_who_decide_for_a_party_place_brackets(cast, who):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(Forbidden):
        actions.place_bracket(agreement, "notices", actor=cast.actor(getattr(cast, who)))


def test_a_draft_has_no_brackets(cast):
    agreement = stage.drafted_agreement(cast)

    with pytest.raises(NotNow):
        actions.place_bracket(agreement, "notices", actor=cast.actor(cast.mika))


def test_the_event_names_the_clause_and_none_of_the_words(cast):
    agreement = stage.shared_agreement(cast)
    words = words_of(agreement)

    bracket = actions.place_bracket(agreement, "notices", actor=cast.actor(cast.mika), words=words, note="Why so?")

    event = Event.objects.get(verb="agreement.bracket_placed")
    assert event.facts == {"bracket": bracket.pk, "clause": "notices"}
    assert event.agencies == ["ESA", "JAXA"]


def test_a_bracket_is_shown_where_its_words_stand_with_who_and_why(cast):
    agreement = stage.shared_agreement(cast)
    words = words_of(agreement)
    actions.place_bracket(agreement, "notices", actor=cast.actor(cast.lucien), words=words, note="Too formal?")

    html = cast.client(cast.mika).get(f"/agreements/{agreement.ref}/").content.decode()

    assert f'<span aria-hidden="true">[</span>{words}<span aria-hidden="true">]</span>' in html
    assert "in brackets of ESA:" in html
    assert "Too formal?" in html
    assert "Lift the bracket" not in html
    assert "Lift the bracket" in cast.client(cast.lucien).get(f"/agreements/{agreement.ref}/").content.decode()


def test_a_bracket_covers_the_whole_clause_when_its_words_are_gone(cast):
    agreement = stage.shared_agreement(cast)
    actions.place_bracket(agreement, "notices", actor=cast.actor(cast.lucien), words=words_of(agreement))
    accepted(cast, agreement, reword(cast, agreement, cast.lucien), cast.mika)
    agree(cast, agreement)

    html = cast.client(cast.mika).get(f"/agreements/{agreement.ref}/").content.decode()

    assert "words that the clause does not have any more" in html
    with pytest.raises(NotNow) as caught:
        actions.freeze(agreement, actor=cast.actor(cast.mika))
    assert caught.value.code == "words-in-brackets"


def test_segments_spell_the_text_whatever_the_brackets_are():
    (paragraph,) = paragraphs(1, "a b a b c")
    brackets = [Bracket(pk=1, words="a b"), Bracket(pk=2, words="b c"), Bracket(pk=3, words="b a"), Bracket(pk=4)]

    runs = segments(paragraph.text, brackets)

    assert "".join(run for run, _bracket in runs) == "a b a b c"
    assert [(run, bracket.pk) for run, bracket in runs if bracket] == [("a b", 1), ("b c", 2)]
