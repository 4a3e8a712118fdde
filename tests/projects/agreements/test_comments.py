"""Comments beside a text: internal first, shared when somebody says so, and never seen where they were not meant."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.history.models import Event
from portal.kit.refusals import Forbidden, NotNow
from projects import actions as project_actions
from projects.agreements import actions
from projects.agreements.models import Comment
from tests import stage
from tests.projects.agreements.negotiating import fresh

SECRET = "We would accept forty days."


def say(cast, agreement, person, words=SECRET, **facts):
    return actions.comment(agreement, actor=cast.actor(person), words=words, **facts)


def readers(cast, comment):
    people = [cast.mika, cast.kenji, cast.sora, cast.lucien, cast.tara, cast.noor, cast.olga, cast.emil]
    visible = [person for person in people if Comment.objects.visible_to(cast.actor(person)).filter(pk=comment.pk)]
    return {person.name.split()[0] for person in visible}


def test_a_comment_is_internal_unless_its_writer_says_otherwise(cast):
    agreement = stage.shared_agreement(cast)

    inside, outside = say(cast, agreement, cast.mika), say(cast, agreement, cast.mika, audience="shared")

    assert readers(cast, inside) == {"Mika", "Kenji"}
    assert readers(cast, outside) == {"Mika", "Kenji", "Lucien"}


def test_an_internal_comment_shows_nowhere_to_another_agency(cast):
    agreement = stage.shared_agreement(cast)
    version, changed_at = agreement.version, fresh(agreement).updated_at
    comment = say(cast, agreement, cast.mika, code="notices")
    lucien = cast.client(cast.lucien)

    for path in (
        f"/agreements/{agreement.ref}/?clause=notices",
        f"/agreements/{agreement.ref}/",
        f"/agreements/{agreement.ref}/history/",
        f"/api/v1/agreements/{agreement.ref}/comments/",
    ):
        content = lucien.get(path).content.decode()
        assert SECRET not in content
        assert "1 comment" not in content
        assert "1 internal" not in content
    assert lucien.get(f"/agreements/{agreement.ref}/comments/{comment.pk}/widen/").status_code == 404
    assert Event.objects.get(verb="agreement.commented").agencies == ["JAXA"]
    assert (fresh(agreement).version, fresh(agreement).updated_at) == (version, changed_at)


def test_its_own_agency_reads_it_beside_the_clause(cast):
    agreement = stage.shared_agreement(cast)
    say(cast, agreement, cast.mika, code="notices")

    page = cast.client(cast.kenji).get(f"/agreements/{agreement.ref}/?clause=notices").content.decode()
    whole = cast.client(cast.kenji).get(f"/agreements/{agreement.ref}/").content.decode()

    assert SECRET in page
    assert "1 internal, 0 shared" in page
    assert SECRET not in whole
    assert "1 comment" in whole


def test_an_answer_is_read_by_nobody_who_does_not_read_what_it_answers(cast):
    agreement = stage.shared_agreement(cast)
    inside, outside = (
        say(cast, agreement, cast.mika),
        say(cast, agreement, cast.mika, audience="shared", code="notices"),
    )

    with pytest.raises(ValidationError) as caught:
        say(cast, agreement, cast.kenji, reply_to=inside.pk, audience="shared")
    assert "audience" in caught.value.message_dict
    assert say(cast, agreement, cast.kenji, reply_to=inside.pk).is_internal
    assert say(cast, agreement, cast.kenji, reply_to=outside.pk).is_internal
    answer = say(cast, agreement, cast.lucien, reply_to=outside.pk, audience="shared", code="breach")

    assert answer.code == "notices"
    assert "Mika" in readers(cast, answer)


def test_a_comment_of_another_agency_cannot_be_answered_when_it_is_internal(cast):
    agreement = stage.shared_agreement(cast)
    inside = say(cast, agreement, cast.mika)

    with pytest.raises(ValidationError) as caught:
        say(cast, agreement, cast.lucien, reply_to=inside.pk)
    with pytest.raises(ValidationError) as nothing:
        say(cast, agreement, cast.lucien, reply_to=10**12)

    assert caught.value.message_dict == nothing.value.message_dict


def test_a_comment_of_another_agreement_is_no_comment_here(cast):
    agreement, other = stage.shared_agreement(cast), stage.shared_agreement(cast)
    elsewhere = say(cast, other, cast.mika)

    for verb in (actions.widen_comment, actions.resolve_comment):
        with pytest.raises(ValidationError):
            verb(agreement, elsewhere.pk, actor=cast.actor(cast.mika))


def test_widening_lets_every_party_read_it_and_cannot_be_taken_back(cast):
    agreement = stage.shared_agreement(cast)
    comment = say(cast, agreement, cast.mika)

    actions.widen_comment(agreement, comment.pk, actor=cast.actor(cast.mika))

    assert "Lucien" in readers(cast, comment)
    event = Event.objects.get(verb="agreement.comment_widened")
    assert event.agencies == ["ESA", "JAXA"]
    assert SECRET not in str(event.facts)
    with pytest.raises(NotNow):
        actions.widen_comment(agreement, comment.pk, actor=cast.actor(cast.mika))


def test_an_answer_is_not_widened_before_what_it_answers(cast):
    agreement = stage.shared_agreement(cast)
    first = say(cast, agreement, cast.mika)
    answer = say(cast, agreement, cast.kenji, reply_to=first.pk)

    with pytest.raises(NotNow) as caught:
        actions.widen_comment(agreement, answer.pk, actor=cast.actor(cast.mika))
    assert caught.value.code == "answers-internal"
    actions.widen_comment(agreement, first.pk, actor=cast.actor(cast.mika))

    assert "Lucien" not in readers(cast, answer)


def test_its_author_and_who_decides_for_the_agency_widen_and_resolve_it(cast):
    agreement = stage.shared_agreement(cast)
    of_kenji, of_mika = say(cast, agreement, cast.kenji), say(cast, agreement, cast.mika)

    with pytest.raises(Forbidden):
        actions.widen_comment(agreement, of_mika.pk, actor=cast.actor(cast.kenji))
    with pytest.raises(Forbidden):
        actions.resolve_comment(agreement, of_mika.pk, actor=cast.actor(cast.kenji))
    actions.widen_comment(agreement, of_kenji.pk, actor=cast.actor(cast.kenji))
    actions.resolve_comment(agreement, of_kenji.pk, actor=cast.actor(cast.mika))

    of_kenji.refresh_from_db()
    assert of_kenji.resolved_by == cast.mika


def test_a_resolved_comment_is_taken_up_again(cast):
    agreement = stage.shared_agreement(cast)
    comment = say(cast, agreement, cast.mika)
    mika = cast.actor(cast.mika)

    with pytest.raises(NotNow):
        actions.reopen_comment(agreement, comment.pk, actor=mika)
    actions.resolve_comment(agreement, comment.pk, actor=mika)
    with pytest.raises(NotNow):
        actions.resolve_comment(agreement, comment.pk, actor=mika)
    actions.reopen_comment(agreement, comment.pk, actor=mika)

    comment.refresh_from_db()
    assert comment.resolved_at is None


def test_contributors_on_the_team_talk_too(cast):
    agreement = stage.shared_agreement(cast)
    membership = cast.actor(cast.sora).membership
    project_actions.assign_team(agreement.project, [membership], actor=cast.actor(cast.mika))

    comment = say(cast, agreement, cast.sora)

    assert "Sora" in readers(cast, comment)


@pytest.mark.parametrize("who", ["tara", "noor", "olga"])
def test_who_is_no_party_says_nothing(cast, who):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(Forbidden):
        say(cast, agreement, getattr(cast, who))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": " \n "}, "words"),
        ({"words": "x" * 5001}, "words"),
        ({"words": "nul\x00"}, "words"),
        ({"words": "half \ud800"}, "words"),
        ({"audience": "everybody"}, "audience"),
        ({"code": "no-such-clause"}, "clause"),
    ],
)
def test_what_cannot_be_read_is_not_kept(cast, facts, field):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(ValidationError) as caught:
        say(cast, agreement, cast.mika, **facts)

    assert field in caught.value.message_dict
    assert not Comment.objects.exists()


def test_a_draft_is_talked_about_inside_its_agency_only(cast):
    agreement = stage.drafted_agreement(cast)

    comment = say(cast, agreement, cast.mika)
    with pytest.raises(ValidationError):
        say(cast, agreement, cast.mika, audience="shared")
    with pytest.raises(NotNow):
        actions.widen_comment(agreement, comment.pk, actor=cast.actor(cast.mika))


def test_hostile_words_are_shown_as_words(cast):
    agreement = stage.shared_agreement(cast)
    say(cast, agreement, cast.mika, "<script>alert(1)</script> **bold** #set text(red) \u202e0001", audience="shared")

    html = cast.client(cast.lucien).get(f"/agreements/{agreement.ref}/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold** #set text(red) [U+202E]0001" in html
    assert "\u202e" not in html
