"""The life of an agreement: drafted, shared, agreed, frozen, signed, in force; and every refusal on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.actions import revoke_mandate
from agencies.middleware import actor_of_person
from agencies.models import Mandate, Membership
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.agreements import actions
from projects.agreements.canonical import text_hash
from projects.agreements.models import Agreement, Signature, Status, TextVersion
from projects.agreements.policies import AgreementPolicy
from projects.ip import actions as ip_actions
from projects.models import Project
from tests import stage
from tests.cast import LONG_AGO, mandate
from tests.projects.agreements.negotiating import accepted, answer, reword


def fresh(agreement):
    return Agreement.objects.get(pk=agreement.pk)


def verbs_of(agreement):
    return list(Event.objects.filter(target_ref=agreement.ref).order_by("pk").values_list("verb", flat=True))


def test_a_draft_is_drawn_from_the_library_for_every_accepted_party(cast):
    agreement = stage.drafted_agreement(cast)

    assert agreement.status == Status.DRAFT
    assert [party.agency.ref for party in agreement.party_list] == ["JAXA", "ESA"]
    assert agreement.clauses.count() > 15
    assert "{{" not in "".join(agreement.clauses.values_list("text", flat=True))
    assert verbs_of(agreement) == ["agreement.drafted"]


def test_a_draft_is_known_to_its_drafter_alone(cast):
    agreement = stage.drafted_agreement(cast)

    assert agreement in Agreement.objects.visible_to(cast.actor(cast.mika))
    for person in (cast.lucien, cast.tara, cast.sora, cast.noor, cast.olga, cast.emil):
        assert agreement not in Agreement.objects.visible_to(cast.actor(person))
    assert not Event.objects.filter(target_ref=agreement.ref, agencies__contains=["ESA"]).exists()


def test_sharing_shows_it_to_the_other_party_and_asks_for_its_answer(cast):
    agreement = stage.shared_agreement(cast)

    assert agreement in Agreement.objects.visible_to(cast.actor(cast.lucien))
    assert agreement not in Agreement.objects.visible_to(cast.actor(cast.tara))
    assert Item.objects.filter(key=f"agree:{agreement.ref}:ESA", settled_at=None).exists()


def test_only_parties_that_accepted_the_project_draft(cast):
    project = stage.proposed_project(cast)

    with pytest.raises(Forbidden):
        actions.draft_agreement(project, actor=cast.actor(cast.lucien), title="Too early")
    with pytest.raises(NotNow):
        actions.draft_agreement(project, actor=cast.actor(cast.mika), title="Too early")


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\x00b"])
def test_a_bad_title_is_said_beside_its_field(cast, title):
    project = stage.accepted_project(cast)

    with pytest.raises(ValidationError) as caught:
        actions.draft_agreement(project, actor=cast.actor(cast.mika), title=title)

    assert "title" in caught.value.message_dict


def test_an_answer_of_the_profile_changes_the_text(cast):
    agreement = stage.drafted_agreement(cast)
    before = "".join(agreement.clauses.values_list("text", flat=True))

    actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"cure_days": 45})

    after = "".join(fresh(agreement).clauses.values_list("text", flat=True))
    assert "forty-five (45) days" in after
    assert before != after


def test_a_question_that_does_not_exist_is_refused(cast):
    agreement = stage.drafted_agreement(cast)

    with pytest.raises(ValidationError):
        actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"no_such_question": 1})


def test_free_wording_survives_a_change_of_the_profile(cast):
    agreement = stage.drafted_agreement(cast)
    actions.word_clause(agreement, "confidentiality", actor=cast.actor(cast.mika), text="We keep each other's secrets.")

    actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"cure_days": 45})

    clause = fresh(agreement).clauses.get(code="confidentiality")
    assert clause.text == "We keep each other's secrets."
    assert clause.departs


def test_the_models_words_can_be_put_back(cast):
    agreement = stage.drafted_agreement(cast)
    model = agreement.clauses.get(code="confidentiality").text
    actions.word_clause(agreement, "confidentiality", actor=cast.actor(cast.mika), text="Other words.")

    actions.restore_clause(agreement, "confidentiality", actor=cast.actor(cast.mika))

    clause = fresh(agreement).clauses.get(code="confidentiality")
    assert (clause.text, clause.departs) == (model, False)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001, "nul\x00", "{{no_such_placeholder}}"])
def test_words_that_cannot_stand_in_a_clause_are_refused(cast, text):
    agreement = stage.drafted_agreement(cast)

    with pytest.raises(ValidationError) as caught:
        actions.word_clause(agreement, "confidentiality", actor=cast.actor(cast.mika), text=text)

    assert "text" in caught.value.message_dict


def test_two_editors_cannot_overwrite_each_other(cast):
    agreement = stage.drafted_agreement(cast)
    seen = agreement.version
    actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text="By letter.", version=seen)

    with pytest.raises(Stale):
        actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text="By telegram.", version=seen)

    assert fresh(agreement).clauses.get(code="notices").text == "By letter."


def test_a_text_is_agreed_when_every_party_says_so(cast):
    agreement = stage.agree(cast, stage.shared_agreement(cast))

    assert agreement.status == Status.TEXT_AGREED


def test_agreeing_to_a_text_one_was_not_shown_is_refused(cast):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(NotNow) as caught:
        actions.agree_to_text(agreement, actor=cast.actor(cast.lucien), sha256="0" * 64)

    assert caught.value.code == "text-changed"
    assert not fresh(agreement).parties.exclude(agreed_sha256="").exists()


@pytest.mark.parametrize("change", ["clause", "profile", "annex"])
def test_any_later_change_drops_what_was_agreed(cast, change):
    project = stage.with_register(cast, stage.accepted_project(cast))
    agreement = stage.agree(cast, stage.shared_agreement(cast, project=project))
    mika = cast.actor(cast.mika)

    if change == "clause":
        accepted(cast, agreement, reword(cast, agreement, cast.mika), cast.lucien)
    elif change == "profile":
        accepted(cast, agreement, answer(cast, agreement, cast.mika, cure_days=45), cast.lucien)
    else:
        ip_actions.list_background(project, actor=mika, title="Thermal model", nature="software")

    policy = AgreementPolicy(mika, fresh(agreement))
    assert len(policy.not_agreed) == 2
    with pytest.raises(NotNow) as caught:
        actions.freeze(agreement, actor=mika)
    assert caught.value.code == "text-not-agreed"


def test_freezing_keeps_the_exact_bytes(cast):
    project = stage.with_register(cast, stage.accepted_project(cast))
    agreement = stage.frozen_agreement(cast, project=project)

    text = agreement.text
    assert text_hash(text.document) == text.sha256
    titles = [row["title"] for row in text.document["annexes"][0]["rows"]]
    assert sorted(titles) == ["Drill control software", "Landing radar"]
    assert (
        text.document["annexes"][1]["rows"][0]["owners"] == "ESA 40 %, JAXA 60 %"
        or "60" in text.document["annexes"][1]["rows"][0]["owners"]
    )


def test_frozen_words_cannot_change(cast):
    agreement = stage.frozen_agreement(cast)

    with pytest.raises(NotNow):
        actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text="By letter.")
    with pytest.raises(NotNow):
        actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"cure_days": 45})


def test_evidence_cannot_be_changed_or_deleted(cast):
    agreement = stage.signed_agreement(cast)

    for row in (agreement.text, agreement.signatures.first()):
        with pytest.raises(TypeError):
            row.delete()
        with pytest.raises(TypeError):
            type(row).objects.filter(pk=row.pk).update(sha256="0" * 64)


def test_both_signatures_make_it_signed(cast):
    agreement = stage.frozen_agreement(cast)

    stage.sign(cast, agreement, cast.kenji)
    assert fresh(agreement).status == Status.SIGNING
    stage.sign(cast, agreement, cast.ingrid)

    assert fresh(agreement).status == Status.SIGNED
    assert verbs_of(agreement)[-3:] == ["agreement.signed", "agreement.signed", "agreement.fully_signed"]
    assert not Item.objects.filter(key__startswith=f"sign:{agreement.ref}", settled_at=None).exists()


def test_the_evidence_says_as_what_each_party_is_bound(cast):
    mika = cast.actor(cast.mika)
    draft = stage.drafted_agreement(cast, answers={"bound_as": "agency_for_state"})
    draft = actions.set_bound_as(draft, actor=mika, bound_as={"ESA": "an international organisation"})
    agreement = actions.freeze(stage.agree(cast, actions.share(draft, actor=mika)), actor=mika)

    ours, theirs = stage.sign(cast, agreement, cast.kenji), stage.sign(cast, agreement, cast.ingrid)

    assert ours.record["party"]["bound_as"] == "agency_for_state"
    assert theirs.record["party"]["bound_as"] == "an international organisation"
    said = {party["ref"]: party["bound_as"] for party in theirs.text.document["parties"]}
    assert said == {"JAXA": "", "ESA": "an international organisation"}


def test_the_evidence_names_what_was_signed_by_whom_under_which_mandate(cast):
    agreement = stage.frozen_agreement(cast)

    first = stage.sign(cast, agreement, cast.kenji)
    second = stage.sign(cast, agreement, cast.ingrid)

    record = first.record
    assert record["text"]["sha256"] == agreement.text.sha256
    assert record["signatory"]["name"] == "Kenji Amanogawa"
    assert record["mandate"]["ref"] == first.mandate.ref
    assert "Japan Aerospace Exploration Agency" in record["consent"]["wording"]
    assert record["identified"]["methods"] == ["password"]
    assert record["party"]["bound_as"] == "agency"
    assert record["previous"] == []
    assert second.record["previous"] == [first.evidence_sha256]
    assert Event.objects.filter(uid=first.event, facts__evidence=first.evidence_sha256).exists()


def test_nobody_signs_twice_for_one_party(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)

    with pytest.raises(NotNow) as caught:
        stage.sign(cast, agreement, cast.kenji)

    assert caught.value.code == "already-signed"
    assert Signature.objects.count() == 1


def test_the_database_itself_refuses_a_second_signature(cast):
    agreement = stage.frozen_agreement(cast)
    signature = stage.sign(cast, agreement, cast.kenji)

    signature.pk, signature._state.adding = None, True
    signature.evidence_sha256, signature.event = "1" * 64, "00000000-0000-0000-0000-000000000001"
    with pytest.raises(IntegrityError), transaction.atomic():
        signature.save()


def assert_refused(cast, agreement, person, code):
    before = Event.objects.count()
    with pytest.raises(Forbidden) as caught:
        stage.sign(cast, agreement, person)
    assert caught.value.code == code
    assert str(caught.value.reason)
    assert not Signature.objects.exists()
    assert Event.objects.count() == before


def test_a_manager_who_is_no_signatory_cannot_sign(cast):
    assert_refused(cast, stage.frozen_agreement(cast), cast.mika, "signatory-needed")


def test_a_signatory_without_a_mandate_cannot_sign(cast):
    agreement = stage.frozen_agreement(cast)
    Mandate.objects.filter(person=cast.kenji).delete()

    assert_refused(cast, agreement, cast.kenji, "mandate-needed")


def test_a_mandate_that_expired_a_second_ago_does_not_do(cast):
    agreement = stage.frozen_agreement(cast)
    Mandate.objects.filter(person=cast.kenji).update(over_at=timezone.now() - timedelta(seconds=1))

    assert_refused(cast, agreement, cast.kenji, "mandate-expired")


def test_a_mandate_for_other_instruments_does_not_do(cast):
    agreement = stage.frozen_agreement(cast)
    Mandate.objects.filter(person=cast.kenji).update(kinds=["nda"])

    assert_refused(cast, agreement, cast.kenji, "mandate-does-not-cover")


def test_a_mandate_for_another_project_does_not_do(cast):
    agreement = stage.frozen_agreement(cast)
    Mandate.objects.filter(person=cast.kenji).update(project="P-2020-0001")

    assert_refused(cast, agreement, cast.kenji, "mandate-does-not-cover")


def test_a_mandate_of_another_agency_does_not_do(cast):
    agreement = stage.frozen_agreement(cast)
    Mandate.objects.filter(person=cast.kenji).delete()
    mandate(cast.kenji, cast.isro, granted_by=cast.tara)

    assert_refused(cast, agreement, cast.kenji, "mandate-of-another-agency")


def test_a_signatory_of_an_agency_that_is_no_party_cannot_sign(cast):
    assert_refused(cast, stage.frozen_agreement(cast), cast.tara, "not-a-party")


def test_signing_needs_consent_and_proof(cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.actor(cast.kenji)

    with pytest.raises(ValidationError) as caught:
        actions.sign(
            agreement, actor=kenji, consent=stage.given_consent(agreement, cast.kenji, given=False), proof=None
        )

    assert set(caught.value.message_dict) == {"consent", "password"}
    assert not Signature.objects.exists()


@pytest.mark.parametrize("whose", ["another person", "another text", "nobody"])
def test_a_challenge_of_another_page_is_refused(cast, whose):
    agreement = stage.frozen_agreement(cast)
    challenges = {
        "another person": stage.given_consent(agreement, cast.ingrid).challenge,
        "another text": stage.issued_challenge(agreement, cast.kenji, "0" * 64),
        "nobody": "made-up",
    }
    consent = stage.given_consent(agreement, cast.kenji, challenge=challenges[whose])

    with pytest.raises(NotNow) as caught:
        actions.sign(agreement, actor=cast.actor(cast.kenji), consent=consent, proof=stage.proof())

    assert caught.value.code == "challenge-expired"
    assert not Signature.objects.exists()


def test_a_page_opened_for_one_agency_signs_for_no_other(cast):
    Membership.objects.create(person=cast.kenji, agency=cast.esa, roles=["signatory"], starts_on=LONG_AGO)
    mandate(cast.kenji, cast.esa, granted_by=cast.lucien)
    agreement = stage.frozen_agreement(cast)
    opened_for_jaxa = stage.given_consent(agreement, cast.kenji)
    for_esa = actor_of_person(cast.kenji, chosen=Membership.objects.get(person=cast.kenji, agency=cast.esa).ref)

    with pytest.raises(NotNow) as caught:
        actions.sign(agreement, actor=for_esa, consent=opened_for_jaxa, proof=stage.proof())

    assert caught.value.code == "challenge-expired"
    assert not Signature.objects.exists()


def test_a_sentence_that_names_another_mandate_is_not_signed(cast):
    agreement = stage.frozen_agreement(cast)
    shown = stage.given_consent(agreement, cast.kenji)
    revoke_mandate(Mandate.objects.get(person=cast.kenji), actor=cast.actor(cast.mika))
    mandate(cast.kenji, cast.jaxa, granted_by=cast.mika)

    with pytest.raises(NotNow):
        actions.sign(agreement, actor=cast.actor(cast.kenji), consent=shown, proof=stage.proof())

    assert not Signature.objects.exists()


def test_declining_keeps_the_reason_and_ends_the_signing(cast):
    agreement = stage.frozen_agreement(cast)

    stage.decline(cast, agreement, cast.ingrid, "Annex A lacks the drill patent.")

    agreement = fresh(agreement)
    assert agreement.status == Status.DECLINED
    assert agreement.decline_reason == "Annex A lacks the drill patent."
    with pytest.raises(NotNow):
        stage.sign(cast, agreement, cast.kenji)


def test_reopening_voids_the_signatures_and_keeps_them(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)

    actions.reopen(agreement, actor=cast.actor(cast.lucien), reason="A typing error in clause 3.")
    again = actions.freeze(stage.agree(cast, agreement), actor=cast.actor(cast.mika))

    assert again.text.number == 2
    assert again.valid_signatures == {}
    assert Signature.objects.filter(agreement=agreement).count() == 1
    assert TextVersion.objects.filter(agreement=agreement).count() == 2


def test_every_reason_stays_when_the_text_goes_on(cast):
    agreement = stage.frozen_agreement(cast)

    stage.decline(cast, agreement, cast.ingrid, "Annex A lacks the drill patent.")
    actions.reopen(agreement, actor=cast.actor(cast.mika), reason="We list it.")

    assert [(row.agency, row.is_refusal, row.words) for row in agreement.reasons.all()] == [
        (cast.jaxa, False, "We list it."),
        (cast.esa, True, "Annex A lacks the drill patent."),
    ]
    shown = cast.client(cast.lucien).get(f"/agreements/{agreement.ref}/history/").content.decode()
    assert "We list it." in shown
    assert "Annex A lacks the drill patent." in shown


def test_the_depositary_confirms_and_the_project_becomes_active(cast):
    agreement = stage.signed_agreement(cast)

    with pytest.raises(Forbidden):
        actions.enter_into_force(agreement, actor=cast.actor(cast.lucien))
    actions.enter_into_force(agreement, actor=cast.actor(cast.mika))

    agreement = fresh(agreement)
    assert agreement.status == Status.IN_FORCE
    assert (
        agreement.in_force_on == timezone.now().astimezone(stage.timezone.get_default_timezone()).date()
        or agreement.in_force_on
    )
    project = Project.objects.get(pk=agreement.project_id)
    assert project.status == "active"
    assert project.active_under == agreement.ref


def test_an_agreement_that_waits_for_notifications_is_not_in_force_before_the_last(cast):
    agreement = stage.signed_agreement(cast, answers={"entry_into_force": "all_notified"})
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)

    actions.record_act(agreement, actor=mika, kind="completion", done_on=LONG_AGO)
    with pytest.raises(NotNow):
        actions.enter_into_force(agreement, actor=mika)
    actions.record_act(agreement, actor=lucien, kind="completion", done_on=LONG_AGO)

    assert actions.enter_into_force(agreement, actor=mika).status == Status.IN_FORCE


def test_a_status_without_its_facts_is_impossible(cast):
    agreement = stage.drafted_agreement(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(status=Status.IN_FORCE)
    with pytest.raises(ValueError, match="cannot become"):
        agreement.move_to(Status.SIGNED)
