"""Signatures made outside the portal: handed in, certified, witnessed; counting only then, and in their turn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import Role
from agencies.zones import today
from portal.history.keys import signer
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.agreements import actions
from projects.agreements.models import ExternalSignature, ExternalStatus, Status
from projects.agreements.signing.evidence import is_whole
from tests import stage
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.outside import PNG, certify, submit, submit_pdf, witness
from tests.projects.agreements.signing import signatory, three_frozen, void, why_not

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(cast):
    """Frozen between JAXA, the depositary, and ESA."""
    return stage.frozen_agreement(cast)


def refused(code, action, *args, **kwargs):
    with pytest.raises((Forbidden, NotNow)) as caught:
        action(*args, **kwargs)
    assert caught.value.code == code
    return caught.value


def test_a_signature_by_hand_counts_once_it_is_certified_and_witnessed(cast, agreement):
    row = submit(cast, agreement, cast.lucien)
    assert fresh(agreement).standing_signatures == []

    certify(cast, row, cast.mika)
    assert fresh(agreement).standing_signatures == []
    row = witness(cast, row, cast.kenji)

    (signature,) = fresh(agreement).standing_signatures
    assert (row.status, row.signature) == (ExternalStatus.ACCEPTED, signature)
    assert (signature.level, signature.person, signature.mandate) == ("wet_ink_certified", None, None)
    assert why_not(cast, agreement, cast.ingrid) == "already-signed"
    stage.sign(cast, fresh(agreement), cast.kenji)
    assert fresh(agreement).status == Status.SIGNED


def test_the_record_names_the_signatory_the_authority_and_everybody_who_vouched(cast, agreement):
    stage.sign(cast, agreement, cast.kenji)
    row = submit(cast, agreement, cast.lucien)
    certify(cast, row, cast.mika, saw="original")
    witness(cast, row, cast.ingrid)

    first, signature = fresh(agreement).standing_signatures
    record = signature.record
    outside = record["outside"]
    assert (record["format"], record["level"]) == ("concord/evidence/2", "wet_ink_certified")
    assert (record["signatory"]["name"], record["signatory"]["uid"]) == ("Ottilie Sternberg", None)
    assert record["authority"] == "Full powers of 3 March 2026, No 17"
    assert (record["mandate"], record["consent"], record["passkey"]) == (None, None, None)
    assert record["identified"]["methods"] == []
    assert outside["file_sha256"] == row.file.sha256
    assert (outside["certified"]["person"]["name"], outside["certified"]["saw"]) == ("Mika Hoshino", "original")
    assert (outside["witnessed"]["person"]["name"], outside["witnessed"]["agency"]["ref"]) == ("Ingrid Polarsen", "ESA")
    assert outside["certified"]["identified"]["methods"] == ["password"]
    assert record["previous"] == [first.evidence_sha256]
    assert is_whole(signature, {signer().public.key_id: signer().public})


def test_each_step_is_one_event_and_acceptance_is_the_signature(cast, agreement):
    row = submit(cast, agreement, cast.lucien)
    certify(cast, row, cast.mika)
    witness(cast, row, cast.kenji)

    verbs = list(Event.objects.filter(target_ref=agreement.ref).order_by("pk").values_list("verb", flat=True))
    assert verbs[-3:] == ["agreement.external_submitted", "agreement.external_certified", "agreement.signed"]
    facts = Event.objects.filter(verb="agreement.external_submitted").get().facts
    assert facts == {"number": 1, "kind": "wet_ink", "file_sha256": row.file.sha256, "party": "ESA"}


def test_three_different_people_look_at_a_signature_by_hand(cast, agreement):
    row = submit(cast, agreement, cast.mika)

    refused("own-submission", certify, cast, row, cast.mika)
    certify(cast, row, cast.kenji)
    refused("own-certification", witness, cast, row, cast.kenji)
    refused("own-submission", witness, cast, row, cast.mika)

    assert witness(cast, row, cast.lucien).status == ExternalStatus.ACCEPTED


def test_nobody_vouches_for_a_signature_of_their_own(cast, agreement):
    row = submit(cast, agreement, cast.mika, signatory_name="kenji  AMANOGAWA")

    refused("own-signature", certify, cast, row, cast.kenji)


def test_only_the_depositary_certifies_and_refuses(cast, agreement):
    row = submit(cast, agreement, cast.mika)

    refused("depositary-needed", certify, cast, row, cast.lucien)
    refused("depositary-needed", actions.refuse_external, agreement, 1, actor=cast.actor(cast.lucien), reason="No.")
    refused("role-needed", certify, cast, row, cast.sora)


def test_what_another_party_handed_in_is_not_taken_back(cast, agreement):
    submit(cast, agreement, cast.lucien)
    submit(cast, agreement, cast.mika)

    refused("other-party", actions.withdraw_external, agreement, 1, actor=cast.actor(cast.mika))


def test_who_vouches_proves_again_who_they_are(cast, agreement):
    row = submit(cast, agreement, cast.lucien)

    with pytest.raises(ValidationError) as caught:
        certify(cast, row, cast.mika, proof=None)

    assert set(caught.value.message_dict) == {"password"}


def test_who_vouches_does_so_for_the_text_and_the_file_that_they_were_shown(cast, agreement):
    row = submit(cast, agreement, cast.lucien)

    refused("text-changed", certify, cast, row, cast.mika, sha256="0" * 64)
    refused("file-changed", certify, cast, row, cast.mika, file_sha256="0" * 64)


def test_a_refusal_gives_its_reason_and_leaves_room_for_another(cast, agreement):
    submit(cast, agreement, cast.lucien)
    refused("already-submitted", submit, cast, agreement, cast.ingrid)

    row = actions.refuse_external(agreement, 1, actor=cast.actor(cast.mika), reason="Page 3 is missing.")

    assert (row.status, row.reason) == (ExternalStatus.REFUSED, "Page 3 is missing.")
    assert submit(cast, agreement, cast.ingrid).number == 2
    refused("wrong-state", certify, cast, row, cast.mika)


def test_it_waits_for_its_turn_like_every_other_signature(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 2))

    refused("not-your-turn", submit, cast, agreement, cast.lucien)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, fresh(agreement), cast.tara)

    assert submit(cast, agreement, cast.lucien).is_waiting


def test_an_order_that_closed_meanwhile_holds_it_up(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 2))
    stage.sign(cast, agreement, cast.tara)
    first = stage.sign(cast, fresh(agreement), cast.kenji)
    row = submit(cast, agreement, cast.lucien)
    void(cast, agreement, first, cast.kenji, reason="Wrong annex.")

    refused("not-your-turn", certify, cast, row, cast.mika)


def test_a_call_that_is_over_takes_no_more(cast, agreement, monkeypatch):
    row = submit(cast, agreement, cast.lucien)
    later = timezone.now() + timedelta(days=40)
    monkeypatch.setattr(timezone, "now", lambda: later)

    refused("signing-over", certify, cast, row, cast.mika)
    refused("signing-over", submit, cast, agreement, cast.mika)


def test_several_signatories_of_a_party_sign_each_in_their_own_way(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 1, 2))
    stage.sign(cast, agreement, cast.ingrid)

    with pytest.raises(ValidationError) as caught:
        submit(cast, agreement, cast.lucien, signatory_name="Ingrid Polarsen")
    assert set(caught.value.message_dict) == {"signatory_name"}
    row = submit(cast, agreement, cast.lucien)
    certify(cast, row, cast.mika)
    witness(cast, row, cast.tara)

    assert {row.party.agency.acronym for row in fresh(agreement).valid_signatures.values()} == {"ESA"}


WRONG = [
    ({"signatory_name": " "}, "signatory_name"),
    ({"signatory_name": "a\u202eb"}, "signatory_name"),
    ({"signatory_position": "x" * 201}, "signatory_position"),
    ({"authority": ""}, "authority"),
    ({"authority": "a\nb"}, "authority"),
    ({"place": "a\x00"}, "place"),
    ({"signatory_native_name": "\ud800"}, "signatory_native_name"),
    ({"signed_on": today("Europe/Paris") + timedelta(days=9)}, "signed_on"),
    ({"signed_on": today("Europe/Paris") - timedelta(days=9)}, "signed_on"),
    ({"kind": "telepathy"}, "kind"),
    ({"content": b"just words"}, "file"),
    ({"content": b"GIF89a" + b"0" * 40}, "file"),
    ({"content": PNG + b"0" * (20 * 1024 * 1024)}, "file"),
    ({"content": b"%PDF-1.7 no"}, "file"),
    ({"kind": "pades"}, "file"),
]


def test_what_cannot_be_taken_is_refused_beside_its_field_and_not_kept(cast, agreement):
    named = []

    for facts, _field in WRONG:
        with pytest.raises(ValidationError) as caught:
            submit(cast, agreement, cast.lucien, **facts)
        named.append(list(caught.value.message_dict))

    assert named == [[field] for _facts, field in WRONG]
    assert not ExternalSignature.objects.exists()


def test_a_text_that_was_opened_again_leaves_it_behind(cast, agreement):
    row = submit(cast, agreement, cast.lucien)
    actions.reopen(agreement, actor=cast.actor(cast.mika), reason="Another annex.")
    again = actions.freeze(stage.agree(cast, fresh(agreement)), actor=cast.actor(cast.mika))

    refused("nothing-waits", certify, cast, row, cast.mika)
    refused("text-changed", submit, cast, again, cast.lucien, sha256=agreement.text.sha256)

    assert submit(cast, again, cast.lucien).number == 2


def test_the_depositary_is_asked_to_certify_and_then_every_party_to_witness(cast, agreement):
    row = submit(cast, agreement, cast.lucien)
    assert asked(agreement) == ["JAXA Certify a signature under %(title)s"]

    certify(cast, row, cast.mika)
    assert asked(agreement) == [f"{name} Witness a signature under %(title)s" for name in ("ESA", "JAXA")]
    witness(cast, row, cast.kenji)

    assert asked(agreement) == []


def test_a_signature_that_its_party_takes_back_shows_so_and_can_be_made_anew(cast, agreement):
    row = submit_pdf(cast, agreement, cast.lucien)
    signature = certify(cast, row, cast.mika).signature

    void(cast, agreement, signature, cast.lucien, reason="Wrong person.")

    assert ExternalSignature.objects.get().signature.is_void
    assert stage.sign(cast, fresh(agreement), cast.ingrid).level == "simple"


def test_observers_and_contributors_hand_nothing_in(cast, agreement):
    person = signatory(cast, cast.esa, "Otto Lauscher", mandate=False)
    person.memberships.update(roles=[Role.CONTRIBUTOR])

    refused("role-needed", submit, cast, agreement, person)


def asked(agreement):
    rows = Item.objects.filter(key__startswith=f"external:{agreement.ref}:", settled_at=None)
    return sorted(f"{row.agency.acronym} {row.title_id}" for row in rows.select_related("agency"))


@pytest.mark.parametrize(
    ("hand_in", "expected"),
    [
        (submit, "witnessed a signature by hand: that of ESA under {ref} counts"),
        (submit_pdf, "vouched for a signature by certificate: that of ESA under {ref} counts"),
    ],
)
def test_history_does_not_say_that_whoever_vouches_has_signed(cast, agreement, hand_in, expected):
    row = hand_in(cast, agreement, cast.lucien)
    certify(cast, row, cast.mika)
    if hand_in is submit:
        witness(cast, row, cast.kenji)

    event = Event.objects.get(verb="agreement.signed")
    assert event.agency_ref == "JAXA"
    assert event.sentence.endswith(f" for JAXA {expected.format(ref=agreement.ref)}")


def test_every_party_hears_of_a_signature_made_outside_its_own_as_well(cast):
    """ESA's, witnessed by ISRO: neither is left out, though one signed and the other acted."""
    agreement = three_frozen(cast)
    row = submit(cast, agreement, cast.lucien)
    certify(cast, row, cast.mika)
    Item.objects.all().delete()
    witness(cast, row, cast.tara)

    told = {item.agency.acronym: str(item.title) for item in Item.objects.filter(kind=Item.Kind.TO_KNOW)}
    assert set(told) == {"JAXA", "ESA", "ISRO"}
    assert told["ESA"] == f"Your signature under {agreement.title}, made outside, counts"
    assert told["ISRO"] == told["JAXA"] == f"The signature of ESA under {agreement.title}, made outside, counts"
