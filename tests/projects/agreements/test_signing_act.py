"""The act of signing: what is confirmed, what the evidence keeps, and what may follow a signature."""

import hashlib
import json
import re

import pytest
import rfc8785
from django.core.exceptions import ValidationError

from agencies.models import Role
from portal.history.keys import signer
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.agreements import actions
from projects.agreements.models import Agreement, Comment, Signature, Status
from projects.agreements.signing.consent import wordings
from projects.agreements.signing.evidence import is_whole, is_whole_confirmation
from projects.agreements.signing.queue import position_of, waiting_for
from projects.agreements.signing.sections import sections
from tests import stage
from tests.projects.agreements.signing import confirm, signatory, three_frozen, void

pytestmark = pytest.mark.django_db

MEMBERS = {
    "format", "agreement", "kind", "text", "party", "signatory", "mandate", "capacity", "authority", "consent", "read",
    "identified", "challenge", "passkey", "level", "remarks", "outside", "asked", "viewed_at", "previous",
    "previous_head", "signed_at", "key",
}  # fmt: skip


@pytest.fixture
def agreement(cast):
    return stage.frozen_agreement(cast)


def keys():
    key = signer().public
    return {key.key_id: key}


def again(agreement):
    return Agreement.objects.select_related("text").get(pk=agreement.pk)


def sign(cast, agreement, person, **facts):
    consent = stage.given_consent(agreement, person, **facts)
    return actions.sign(agreement, actor=cast.actor(person), consent=consent, proof=stage.proof())


def test_the_evidence_has_every_member_and_is_whole(cast, agreement):
    signature = sign(cast, agreement, cast.kenji, declaration="Subject to funds.", language="ja")
    record = signature.record

    assert set(record) == MEMBERS
    assert record["format"] == "concord/evidence/2"
    assert record["signatory"]["typed_name"] == "Kenji Amanogawa"
    assert record["remarks"] == {"ad_referendum": False, "declaration": "Subject to funds."}
    assert record["consent"]["version"] == "2"
    assert record["consent"]["language"] == "ja"
    assert "私は" in record["consent"]["wording"]
    assert record["capacity"] == "for and on behalf of Japan Aerospace Exploration Agency"
    assert record["asked"]["by"]["name"] == "Mika Hoshino"
    assert record["viewed_at"] == record["challenge"]["opened_at"] < record["signed_at"]
    assert [event["method"] for event in record["identified"]["events"]] == ["password"]
    assert record["read"] == [part.as_read() for part in sections(again(agreement).text.document)]
    assert is_whole(signature, keys())


def test_each_record_names_those_that_stand_before_it_and_the_head_of_the_chain(cast, agreement):
    first = stage.sign(cast, agreement, cast.kenji)
    void(cast, agreement, first, cast.kenji, reason="Typo")
    second = stage.sign(cast, agreement, cast.kenji)
    third = stage.sign(cast, agreement, cast.ingrid)

    assert first.record["previous"] == []
    assert first.record["previous_head"] is None
    assert second.record["previous"] == []
    assert second.record["previous_head"] == first.evidence_sha256
    assert third.record["previous"] == [second.evidence_sha256]
    assert third.record["previous_head"] == second.evidence_sha256


def test_a_record_of_the_first_format_stays_readable(cast, agreement):
    signature = stage.sign(cast, agreement, cast.kenji)
    said = {name: signature.record[name] for name in ("text", "key")}
    canonical = rfc8785.dumps(said | {"format": "concord/evidence/1"})
    signature.evidence, signature.evidence_sha256 = canonical, hashlib.sha256(canonical).hexdigest()
    signature.signature = signer().sign(b"concord/evidence/1\n" + canonical).hex()

    assert is_whole(signature, keys())

    signature.signature = signer().sign(b"concord/evidence/2\n" + canonical).hex()
    assert not is_whole(signature, keys())


def test_the_sections_are_the_whole_text(cast, agreement):
    document = again(agreement).text.document
    before = {part.key: part.sha256 for part in sections(document)}

    for member in document:
        changed = {**document, member: json.loads(json.dumps(document[member]).replace("a", "b", 1) or "null")}
        if changed == document or member == "annexes":
            continue
        assert {part.key: part.sha256 for part in sections(changed)} != before, member


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"read": []}, "read"),
        ({"read": ["text"]}, "read"),
        ({"typed_name": ""}, "typed_name"),
        ({"typed_name": "Ingrid Polarsen"}, "typed_name"),
        ({"declaration": "x" * 2001}, "declaration"),
        ({"declaration": "\ud800"}, "declaration"),
        ({"declaration": "\x00"}, "declaration"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_what_was_not_read_typed_or_said_properly_is_not_signed(cast, agreement, facts, field):
    with pytest.raises(ValidationError) as caught:
        sign(cast, agreement, cast.kenji, **facts)

    assert set(caught.value.message_dict) == {field}
    assert not Signature.objects.exists()


def test_an_unknown_section_cannot_be_read(cast, agreement):
    known = stage.given_consent(agreement, cast.kenji).read

    with pytest.raises(ValidationError):
        sign(cast, agreement, cast.kenji, read=[*known, "annex-Z"])


@pytest.mark.parametrize("typed", ["kenji  amanogawa", "天野川 賢治", "天野川賢治", " KENJI AMANOGAWA "])
def test_a_name_is_typed_in_either_script_whatever_its_capitals_and_spaces(cast, agreement, typed):
    assert sign(cast, agreement, cast.kenji, typed_name=typed).record["signatory"]["typed_name"] == typed.strip()


@pytest.mark.parametrize("version", ["2", "2-ad-referendum"])
def test_every_wording_names_the_text_the_agency_and_the_mandate(version):
    for code, sentence in wordings()[version].items():
        for member in ("text", "ref", "agency", "mandate"):
            assert f"%({member})s" in sentence, (code, member)
    assert {"en", "fr", "ar", "ja", "zh-hans", "ru", "de", "es", "it", "pt", "ko", "hi"} <= set(wordings()[version])


def test_in_every_language_a_signature_ad_referendum_says_so_and_who_confirms_it():
    for code, sentence in wordings()["2-ad-referendum"].items():
        assert re.search("ad refer[eé]ndum", sentence), code
        assert sentence != wordings()["2"][code]
        # For whom it is signed, whom it binds, and who confirms it; Russian says the last by “this organisation”.
        assert sentence.count("%(agency)s") >= 2


def test_no_wording_that_signatures_refer_to_was_ever_edited():
    digests = {
        version: hashlib.sha256(json.dumps(wordings()[version], sort_keys=True).encode()).hexdigest()[:16]
        for version in wordings()
    }

    assert digests == {"1": "257d5a3bef1aaac2", "2": "e797d0ec3e80330e", "2-ad-referendum": "52c30adf01b20543"}


def test_the_sentence_shown_in_one_language_is_not_confirmed_in_another(cast, agreement):
    shown_in_english = stage.given_consent(agreement, cast.kenji).challenge

    with pytest.raises(NotNow) as caught:
        sign(cast, agreement, cast.kenji, language="fr", challenge=shown_in_english)

    assert caught.value.code == "challenge-expired"


def test_a_page_signs_once_even_after_its_signature_was_taken_back(cast, agreement):
    consent = stage.given_consent(agreement, cast.kenji)
    kenji = cast.actor(cast.kenji)
    first = actions.sign(agreement, actor=kenji, consent=consent, proof=stage.proof())
    void(cast, agreement, first, cast.kenji, reason="Wrong text")

    with pytest.raises(NotNow) as caught:
        actions.sign(agreement, actor=kenji, consent=consent, proof=stage.proof())

    assert caught.value.code == "challenge-used"
    assert stage.sign(cast, agreement, cast.kenji).nth == 2


def test_only_its_own_party_takes_a_signature_back_and_the_others_stand(cast, agreement):
    own = stage.sign(cast, agreement, cast.kenji)

    with pytest.raises(NotNow) as caught:
        void(cast, agreement, own, cast.lucien, reason="No")
    assert caught.value.code == "nothing-to-void"

    theirs = sign(cast, agreement, cast.ingrid, ad_referendum=True)
    with pytest.raises(ValidationError):
        void(cast, agreement, own, cast.lucien, reason="No")
    void(cast, agreement, theirs, cast.lucien, reason="Budget")

    agreement = again(agreement)
    assert [row.pk for row in agreement.standing_signatures] == [own.pk]
    assert agreement.status == Status.SIGNING
    event = Event.objects.get(verb="agreement.signature_voided")
    assert event.facts == {
        "evidence": theirs.evidence_sha256, "reason_sha256": hashlib.sha256(b"Budget").hexdigest(),
        "identified": ["password"],
    }  # fmt: skip


def test_what_all_have_signed_is_not_taken_back(cast):
    agreement = stage.signed_agreement(cast)
    signature = agreement.signatures.first()

    with pytest.raises(NotNow) as caught:
        void(cast, agreement, signature, cast.kenji, reason="Regret")

    assert caught.value.code == "wrong-state"


def test_contributors_take_no_signature_back(cast, agreement):
    signature = stage.sign(cast, agreement, cast.kenji)

    with pytest.raises(Forbidden):
        void(cast, agreement, signature, cast.sora, reason="No")


def test_a_signature_ad_referendum_counts_from_its_confirmation(cast, agreement):
    stage.sign(cast, agreement, cast.ingrid)
    signature = sign(cast, agreement, cast.kenji, ad_referendum=True)
    assert again(agreement).status == Status.SIGNING
    assert Event.objects.get(uid=signature.event).sentence.endswith(f"for JAXA signed {agreement.ref} ad referendum")
    told = [str(item.title) for item in Item.objects.filter(kind=Item.Kind.TO_KNOW, agency=cast.esa)]
    assert f"JAXA signed {agreement.title} ad referendum" in told
    assert Item.objects.waiting().filter(key__startswith=f"confirm-signature:{agreement.ref}:JAXA:").exists()

    confirmation = confirm(cast, agreement, signature, cast.mika)

    agreement = again(agreement)
    assert agreement.status == Status.SIGNED
    assert Signature.objects.with_fate().get(pk=signature.pk).counts_from == confirmation.confirmed_at
    assert json.loads(bytes(confirmation.evidence))["confirms"] == signature.evidence_sha256
    assert is_whole_confirmation(confirmation, keys())
    assert Event.objects.filter(verb="agreement.fully_signed").count() == 1
    assert not Item.objects.waiting().filter(key__startswith="confirm-signature:").exists()


def test_each_signature_ad_referendum_is_asked_for_until_it_is_confirmed(cast):
    agreement = three_frozen(cast, ("JAXA", "signer", 1, 2))
    hana = signatory(cast, cast.jaxa, "Hana Ito")
    first = sign(cast, agreement, cast.kenji, ad_referendum=True)
    second = sign(cast, again(agreement), hana, ad_referendum=True)
    waiting = Item.objects.waiting().filter(key__startswith="confirm-signature:")
    assert waiting.count() == 2

    confirm(cast, agreement, first, hana, approval="")

    assert [row.key.endswith(second.evidence_sha256) for row in waiting.all()] == [True]
    void(cast, agreement, second, hana, reason="Not yet decided.")
    assert not waiting.exists()


def test_a_manager_confirms_by_the_approval_that_they_put_on_record(cast, agreement):
    signature = sign(cast, agreement, cast.kenji, ad_referendum=True)

    with pytest.raises(ValidationError) as caught:
        confirm(cast, agreement, signature, cast.mika, approval=" ")
    confirmation = confirm(cast, agreement, signature, cast.mika, approval="Council decision of 4 May 2026, No 12")

    record = json.loads(bytes(confirmation.evidence))
    assert list(caught.value.message_dict) == ["approval"]
    assert (record["mandate"], record["approval"]) == (None, "Council decision of 4 May 2026, No 12")
    assert (confirmation.mandate, confirmation.approval) == (None, record["approval"])


def test_another_signatory_confirms_by_a_mandate_alone(cast, agreement):
    hana = signatory(cast, cast.jaxa, "Hana Ito")
    signature = sign(cast, agreement, cast.kenji, ad_referendum=True)

    confirmation = confirm(cast, agreement, signature, hana, approval="")

    assert json.loads(bytes(confirmation.evidence))["mandate"]["ref"] == confirmation.mandate.ref


def test_nobody_confirms_their_own_reservation_while_the_agency_has_somebody_else(cast, agreement):
    signature = sign(cast, agreement, cast.kenji, ad_referendum=True)

    with pytest.raises(Forbidden) as caught:
        confirm(cast, agreement, signature, cast.kenji)
    assert caught.value.code == "own-signature"
    cast.mika.memberships.update(roles=[Role.CONTRIBUTOR])

    with pytest.raises(ValidationError, match="which body approved"):
        confirm(cast, agreement, signature, cast.kenji, approval="")
    assert confirm(cast, agreement, signature, cast.kenji).mandate is not None


@pytest.mark.parametrize("words", ["x" * 501, "a\x00b", "a\u202eb", "\ud800", "one\ntwo"])
def test_an_approval_that_cannot_stand_in_a_record_is_refused_beside_its_field(cast, agreement, words):
    signature = sign(cast, agreement, cast.kenji, ad_referendum=True)

    with pytest.raises(ValidationError) as caught:
        confirm(cast, agreement, signature, cast.mika, approval=words)

    assert list(caught.value.message_dict) == ["approval"]


def test_a_confirmation_needs_a_proof_and_somebody_of_the_same_agency(cast, agreement):
    signature = sign(cast, agreement, cast.kenji, ad_referendum=True)

    with pytest.raises(Forbidden):
        confirm(cast, agreement, signature, cast.sora)
    with pytest.raises(NotNow):
        confirm(cast, agreement, signature, cast.ingrid)
    with pytest.raises(ValidationError):
        confirm(cast, agreement, signature, cast.mika, proof=None)
    confirm(cast, agreement, signature, cast.mika)
    with pytest.raises(NotNow):
        confirm(cast, agreement, signature, cast.mika)


def test_nothing_is_taken_back_without_a_fresh_proof(cast, agreement):
    signature = stage.sign(cast, agreement, cast.kenji)

    with pytest.raises(ValidationError) as caught:
        void(cast, agreement, signature, cast.kenji, proof=None)

    assert list(caught.value.message_dict) == ["password"]
    assert len(again(agreement).standing_signatures) == 1


def test_a_question_is_read_by_every_party_and_told_to_who_opened_the_signing(cast, agreement):
    actions.ask_question(agreement, actor=cast.actor(cast.ingrid), words="Is annex A complete?")

    question = Comment.objects.get(agreement=agreement)
    assert question.audience == "shared"
    assert Item.objects.to_know().filter(agency=cast.jaxa, url__endswith="#questions").count() == 1
    with pytest.raises(Forbidden):
        actions.ask_question(agreement, actor=cast.actor(cast.tara), words="May I?")
    with pytest.raises(ValidationError):
        actions.ask_question(agreement, actor=cast.actor(cast.ingrid), words="  ")


def test_the_queue_has_what_waits_for_one_and_nothing_else(cast, django_assert_num_queries):
    first, second = stage.frozen_agreement(cast), stage.frozen_agreement(cast)
    kenji = cast.actor(cast.kenji)
    assert {row.agreement.ref for row in waiting_for(kenji)} == {first.ref, second.ref}
    assert position_of(first, kenji).count == 2
    assert position_of(first, kenji).next_ref == second.ref

    stage.sign(cast, first, cast.kenji)

    assert [row.agreement.ref for row in waiting_for(kenji)] == [second.ref]
    assert position_of(first, kenji) is None
    assert waiting_for(cast.actor(cast.tara)) == []
    assert waiting_for(cast.actor(cast.noor)) == []
    with django_assert_num_queries(2):
        waiting_for(kenji)
