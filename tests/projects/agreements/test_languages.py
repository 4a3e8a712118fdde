"""Authentic languages: choosing them, translating each clause, what falls behind, and why nobody agrees meanwhile."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.agreements import actions
from projects.agreements.canonical import canonical_bytes
from projects.agreements.document import draft_document
from projects.agreements.languages import edition, missing_translations, translated
from projects.agreements.models import Agreement, ClauseTranslation, Status
from projects.agreements.policies import AgreementPolicy
from tests import stage


def fresh(agreement):
    return Agreement.objects.get(pk=agreement.pk)


def address(name, agreement, *more):
    return reverse(f"agreements:{name}", args=[agreement.ref, *more])


def in_french(cast, agreement):
    return actions.set_languages(agreement, actor=cast.actor(cast.mika), languages=["fr"])


def translate_all(cast, agreement, language="fr"):
    """The title and every clause, in words that are plainly not those of the source."""
    mika = cast.actor(cast.mika)
    actions.translate_title(agreement, actor=mika, language=language, title="Accord de propriété intellectuelle")
    for clause in fresh(agreement).clauses.all():
        actions.translate_clause(
            agreement, clause.code, actor=mika, language=language, heading=f"Titre {clause.number}", text="Le texte."
        )
    return fresh(agreement)


def shown_hash(cast, agreement, person):
    return AgreementPolicy(cast.actor(person), fresh(agreement)).current_hash


def test_languages_are_kept_in_the_order_offered_without_the_one_it_is_written_in(cast):
    agreement = stage.drafted_agreement(cast)

    actions.set_languages(agreement, actor=cast.actor(cast.mika), languages=["ar", "en", "fr"])

    assert fresh(agreement).all_languages == ["en", "fr", "ar"]
    event = Event.objects.get(verb="agreement.languages_set")
    assert (event.facts, event.agencies) == ({"languages": ["en", "fr", "ar"]}, ["JAXA"])


@pytest.mark.parametrize("languages", [["xx"], ["fr", "tlh"], [""], ["fr\x00"]])
def test_a_language_that_is_not_offered_is_said_beside_the_field(cast, languages):
    agreement = stage.drafted_agreement(cast)

    with pytest.raises(ValidationError) as caught:
        actions.set_languages(agreement, actor=cast.actor(cast.mika), languages=languages)

    assert set(caught.value.message_dict) == {"languages"}
    assert fresh(agreement).languages == []


def test_setting_the_same_languages_again_writes_nothing(cast):
    agreement = in_french(cast, stage.drafted_agreement(cast))
    events = Event.objects.count()

    again = in_french(cast, agreement)

    assert (again.version, Event.objects.count()) == (agreement.version, events)


def test_everything_is_missing_until_it_is_translated(cast):
    agreement = in_french(cast, stage.drafted_agreement(cast))
    clauses = agreement.clauses.count()

    assert len(missing_translations(agreement)) == clauses + 1
    assert missing_translations(translate_all(cast, agreement)) == []


def test_a_text_without_further_languages_misses_nothing(cast):
    agreement = stage.drafted_agreement(cast)

    assert missing_translations(agreement) == []
    assert translated(agreement) == []


def test_words_fall_behind_when_their_clause_changes_and_catch_up_when_translated_again(cast):
    agreement = translate_all(cast, in_french(cast, stage.drafted_agreement(cast)))
    mika = cast.actor(cast.mika)

    actions.word_clause(agreement, "notices", actor=mika, text="By letter.")

    behind = missing_translations(fresh(agreement))
    assert [(entry.clause.code, entry.is_stale) for entry in behind] == [("notices", True)]
    actions.translate_clause(agreement, "notices", actor=mika, language="fr", heading="Avis", text="Par lettre.")
    assert missing_translations(fresh(agreement)) == []


def test_words_made_for_a_wording_that_changed_meanwhile_are_kept_and_behind_at_once(cast):
    agreement = in_french(cast, stage.drafted_agreement(cast))
    read = agreement.clauses.get(code="notices").revision
    mika = cast.actor(cast.mika)
    actions.word_clause(agreement, "notices", actor=mika, text="By letter.")

    actions.translate_clause(
        agreement, "notices", actor=mika, language="fr", heading="Avis", text="Par courriel.", revision=read
    )

    assert ClauseTranslation.objects.get().text == "Par courriel."
    assert any(entry.is_stale for entry in missing_translations(fresh(agreement)))


def test_the_document_has_every_clause_in_every_language_in_their_order(cast):
    agreement = translate_all(cast, in_french(cast, stage.drafted_agreement(cast)))

    document = translated(agreement)

    assert [entry["language"] for entry in document] == ["fr"]
    assert document[0]["title"] == "Accord de propriété intellectuelle"
    assert [clause["code"] for clause in document[0]["clauses"]] == [row.code for row in agreement.clauses.all()]
    assert {clause["text"] for clause in document[0]["clauses"]} == {"Le texte."}


def test_an_incomplete_language_still_makes_a_document_that_says_what_is_missing(cast):
    agreement = in_french(cast, stage.drafted_agreement(cast))

    document = draft_document(agreement) | {"translations": translated(agreement)}

    assert canonical_bytes(document)
    assert {clause["text"] for clause in document["translations"][0]["clauses"]} == {"[Not translated yet.]"}


def test_languages_left_out_keep_their_words(cast):
    agreement = translate_all(cast, in_french(cast, stage.drafted_agreement(cast)))
    mika = cast.actor(cast.mika)

    actions.set_languages(agreement, actor=mika, languages=[])
    assert translated(fresh(agreement)) == []
    actions.set_languages(agreement, actor=mika, languages=["fr"])

    assert missing_translations(fresh(agreement)) == []


def test_nobody_agrees_while_a_language_lacks_words(cast):
    agreement = in_french(cast, stage.shared_agreement(cast))

    with pytest.raises(NotNow) as caught:
        actions.agree_to_text(agreement, actor=cast.actor(cast.lucien), sha256=shown_hash(cast, agreement, cast.lucien))

    assert caught.value.code == "translation-missing"
    assert "français" in str(caught.value.reason)


def test_a_text_that_is_complete_in_every_language_is_agreed_and_frozen_with_them(cast):
    agreement = translate_all(cast, in_french(cast, stage.shared_agreement(cast)))

    frozen = actions.freeze(stage.agree(cast, agreement), actor=cast.actor(cast.mika))

    assert frozen.status == Status.SIGNING
    assert [entry["language"] for entry in frozen.text.document["translations"]] == ["fr"]


def test_a_signatory_reads_every_language_before_signing(cast):
    agreement = in_french(cast, stage.shared_agreement(cast))
    translate_all(cast, agreement)
    actions.freeze(stage.agree(cast, fresh(agreement)), actor=cast.actor(cast.mika))

    html = cast.client(cast.kenji).get(address("sign", agreement)).content.decode()

    assert "Accord de propriété intellectuelle" in html
    assert html.count("Le texte.") == agreement.clauses.count()
    assert '<section class="section" lang="fr" dir="ltr">' in html


def test_the_whole_text_is_read_in_one_language(cast):
    agreement = translate_all(cast, in_french(cast, stage.drafted_agreement(cast)))

    html = cast.client(cast.mika).get(address("translate-title", agreement, "fr")).content.decode()

    assert html.count("Le texte.") == agreement.clauses.count()


def test_another_translation_is_another_text_and_drops_what_was_agreed(cast):
    agreement = translate_all(cast, in_french(cast, stage.shared_agreement(cast)))
    mika = cast.actor(cast.mika)
    actions.agree_to_text(agreement, actor=mika, sha256=shown_hash(cast, agreement, cast.mika))

    actions.translate_clause(
        agreement, "notices", actor=cast.actor(cast.lucien), language="fr", heading="Avis", text="Autre."
    )

    assert not AgreementPolicy(mika, fresh(agreement)).has_agreed
    assert Item.objects.filter(key=f"agree:{agreement.ref}:JAXA", settled_at=None).exists()


def test_every_party_offers_translations_while_the_text_is_negotiated(cast):
    agreement = in_french(cast, stage.shared_agreement(cast))

    actions.translate_title(agreement, actor=cast.actor(cast.lucien), language="fr", title="Accord")

    assert fresh(agreement).titles == {"fr": "Accord"}


def test_nobody_else_translates_and_not_when_the_text_is_agreed_or_frozen(cast):
    agreement = translate_all(cast, in_french(cast, stage.shared_agreement(cast)))
    words = {"language": "fr", "heading": "Avis", "text": "Autre."}

    with pytest.raises(Forbidden):
        actions.translate_clause(agreement, "notices", actor=cast.actor(cast.kenji), **words)
    with pytest.raises(Forbidden):
        actions.translate_clause(agreement, "notices", actor=cast.actor(cast.tara), **words)
    agreed = stage.agree(cast, agreement)
    with pytest.raises(NotNow):
        actions.translate_clause(agreed, "notices", actor=cast.actor(cast.mika), **words)
    frozen = actions.freeze(agreed, actor=cast.actor(cast.mika))
    with pytest.raises(NotNow):
        actions.set_languages(frozen, actor=cast.actor(cast.mika), languages=[])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"heading": ""}, "heading"),
        ({"heading": "a\nb"}, "heading"),
        ({"text": "  "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({"text": "x" * 1_000_000}, "text"),
        ({"text": "Wie in {{clause:notices}}."}, "text"),
        ({"language": "de"}, "language"),
        ({"code": "nothing"}, "code"),
    ],
)
def test_words_that_cannot_stand_are_said_beside_their_field(cast, changes, field):
    agreement = in_french(cast, stage.drafted_agreement(cast))
    sent = {"code": "notices", "language": "fr", "heading": "Avis", "text": "Par lettre."} | changes

    with pytest.raises(ValidationError) as caught:
        actions.translate_clause(agreement, sent.pop("code"), actor=cast.actor(cast.mika), **sent)

    assert set(caught.value.message_dict) == {field}
    assert not ClauseTranslation.objects.exists()


def test_two_translators_of_one_clause_do_not_write_over_each_other(cast):
    agreement = in_french(cast, stage.shared_agreement(cast))
    words = {"language": "fr", "heading": "Avis", "seen": edition()}
    actions.translate_clause(agreement, "notices", actor=cast.actor(cast.mika), text="Par lettre.", **words)

    with pytest.raises(Stale) as caught:
        actions.translate_clause(agreement, "notices", actor=cast.actor(cast.lucien), text="Par fax.", **words)

    assert caught.value.newer["text"][1] == "Par lettre."
    assert caught.value.version == edition("Avis", "Par lettre.")


def test_two_translators_of_different_clauses_do_not_stop_each_other(cast):
    agreement = in_french(cast, stage.shared_agreement(cast))
    words = {"language": "fr", "heading": "Avis", "text": "Par lettre.", "seen": edition()}

    actions.translate_clause(agreement, "notices", actor=cast.actor(cast.mika), **words)
    actions.translate_clause(agreement, "definitions", actor=cast.actor(cast.lucien), **words)

    assert ClauseTranslation.objects.count() == 2


def test_the_page_shows_how_far_each_language_is(cast):
    agreement = in_french(cast, stage.shared_agreement(cast))
    actions.translate_clause(
        agreement, "notices", actor=cast.actor(cast.mika), language="fr", heading="Avis", text="Par lettre."
    )

    html = cast.client(cast.lucien).get(address("languages", agreement)).content.decode()

    assert f"1 of {agreement.clauses.count() + 1} done" in html
    assert 'lang="fr"' in html


def test_languages_are_chosen_on_the_page(cast):
    agreement = stage.drafted_agreement(cast)

    response = cast.client(cast.mika).post(
        address("languages", agreement), {"languages": ["ar", "zh-hans"], "version": agreement.version}
    )

    assert response.status_code == 302
    assert fresh(agreement).languages == ["zh-hans", "ar"]


def test_the_editor_has_the_source_beside_and_runs_in_the_direction_of_the_language(cast):
    agreement = actions.set_languages(stage.drafted_agreement(cast), actor=cast.actor(cast.mika), languages=["ar"])

    html = cast.client(cast.mika).get(address("translate-clause", agreement, "ar", "notices")).content.decode()

    assert 'dir="rtl"' in html
    assert agreement.clauses.get(code="notices").text.split("\n")[0][:40] in html


def test_a_saved_clause_leads_to_the_next_one_that_is_missing(cast):
    agreement = in_french(cast, stage.drafted_agreement(cast))
    first, second = agreement.clauses.order_by("position")[:2]

    response = cast.client(cast.mika).post(
        address("translate-clause", agreement, "fr", first.code),
        {"heading": "Parties", "text": "Le texte.", "version": edition(), "revision": first.revision},
    )

    assert response["Location"] == address("translate-clause", agreement, "fr", second.code)


def test_words_typed_against_an_older_translation_are_kept_beside_the_newer(cast):
    agreement = in_french(cast, stage.shared_agreement(cast))
    source = agreement.clauses.get(code="notices")
    actions.translate_clause(
        agreement, "notices", actor=cast.actor(cast.mika), language="fr", heading="Avis", text="Par lettre."
    )

    response = cast.client(cast.lucien).post(
        address("translate-clause", agreement, "fr", "notices"),
        {"heading": "Avis", "text": "Par pigeon.", "version": edition(), "revision": source.revision},
    )

    html = response.content.decode()
    assert response.status_code == 409
    assert "Par pigeon." in html
    assert "Par lettre." in html


@pytest.mark.parametrize("language", ["en", "de", "xx"])
def test_a_language_the_text_is_not_authentic_in_is_nowhere(cast, language):
    agreement = in_french(cast, stage.drafted_agreement(cast))

    assert cast.client(cast.mika).get(address("translate-title", agreement, language)).status_code == 404
    assert cast.client(cast.mika).get(address("translate-clause", agreement, "fr", "nothing")).status_code == 404


def test_a_program_translates_the_title_and_a_clause(cast):
    agreement = in_french(cast, stage.drafted_agreement(cast))
    door, client = f"/api/v1/agreements/{agreement.ref}/translate-clause/", cast.client(cast.mika)

    for sent in ({"heading": "Accord"}, {"code": "notices", "heading": "Avis", "text": "Par lettre."}):
        answer = client.post(door, {"language": "fr", **sent}, content_type="application/json")
        assert answer.status_code == 200, answer.content

    assert fresh(agreement).titles == {"fr": "Accord"}
    assert ClauseTranslation.objects.get().text == "Par lettre."


def test_the_matrix_asks_no_more_of_the_database_with_more_languages(cast, django_assert_max_num_queries):
    agreement = actions.set_languages(
        stage.drafted_agreement(cast), actor=cast.actor(cast.mika), languages=["fr", "es", "ru", "ar", "ja", "ko"]
    )
    client = cast.client(cast.mika)
    client.get(address("languages", agreement))

    with django_assert_max_num_queries(16):
        client.get(address("languages", agreement))


def test_a_language_that_prevails_must_be_one_of_the_text(cast):
    agreement = stage.shared_agreement(cast, answers={"language": "English and French"})
    actor = cast.actor(cast.mika)

    with pytest.raises(NotNow, match="language-not-authentic"):
        actions.agree_to_text(agreement, actor=actor, sha256=AgreementPolicy(actor, agreement).current_hash)
