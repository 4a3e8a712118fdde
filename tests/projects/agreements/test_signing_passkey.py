"""A passkey over the text: what it proves, to anybody, and everything that is no such proof."""

import hashlib
import json
from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
import rfc8785
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.exceptions import ValidationError

from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.models import Signature
from projects.agreements.signing.passkey import PasskeyAssertion, request_for
from tests import stage
from tests.passkeys import PRESENT, VERIFIED, Passkey, challenge_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(cast):
    return stage.frozen_agreement(cast)


def signs(cast, agreement, person, passkey, *, over=None, proof=None, typed=None, changed=None, **wrong):
    """They sign what was `typed`; `changed` is what the form said when it arrived."""
    consent = stage.given_consent(agreement, person, **(typed or {}))
    answer = passkey.answer(over or challenge_of(agreement, cast.actor(person), consent), **wrong)
    consent = replace(consent, assertion=PasskeyAssertion.read(json.dumps(answer)), **(changed or {}))
    return actions.sign(agreement, actor=cast.actor(person), consent=consent, proof=proof)


def test_a_passkey_alone_signs_at_the_advanced_level(cast, agreement):
    signature = signs(cast, agreement, cast.kenji, Passkey(cast.kenji))

    assert signature.level == "advanced"
    assert signature.record["identified"]["methods"] == ["webauthn"]
    assert signature.record["level"] == "advanced"


def test_without_a_passkey_the_level_is_simple(cast, agreement):
    Passkey(cast.kenji)

    signature = stage.sign(cast, agreement, cast.kenji)

    assert signature.level == "simple"
    assert signature.record["passkey"] is None


def test_a_text_that_asks_for_an_advanced_signature_takes_no_password(cast):
    agreement = stage.frozen_agreement(cast, answers={"signature_level": "advanced"})

    with pytest.raises(ValidationError) as caught:
        stage.sign(cast, agreement, cast.kenji)

    assert set(caught.value.message_dict) == {"passkey"}
    assert signs(cast, agreement, cast.kenji, Passkey(cast.kenji)).level == "advanced"


def test_the_evidence_alone_proves_that_this_key_signed_this_text(cast, agreement):
    passkey = Passkey(cast.kenji)
    typed = {"ad_referendum": True, "declaration": " As decided.\r\nOn Tuesday. "}
    record = signs(cast, agreement, cast.kenji, passkey, typed=typed).record
    kept = record["passkey"]
    client = decoded(kept["client_data_json"])
    bound = {
        "agreement": agreement.ref, "text": record["text"]["sha256"], "party": record["party"]["ref"],
        "person": record["signatory"]["uid"], "nonce": record["challenge"]["nonce"],
        "typed_name": "Kenji Amanogawa", "mandate": record["mandate"]["ref"], "consent": record["consent"],
        "read": record["read"], "remarks": {"ad_referendum": True, "declaration": "As decided.\nOn Tuesday."},
    }  # fmt: skip

    signed_over = hashlib.sha256(b"concord/sign/2\n" + rfc8785.dumps(bound)).digest()
    message = decoded(kept["authenticator_data"]) + hashlib.sha256(client).digest()

    assert decoded(kept["challenge"]) == decoded(json.loads(client)["challenge"]) == signed_over
    passkey.key.public_key().verify(decoded(kept["signature"]), message, ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        passkey.key.public_key().verify(decoded(kept["signature"]), message + b"x", ec.ECDSA(SHA256()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"over": b"0" * 32},
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost.evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"kind": "webauthn.create"},
        {"framed": True},
        {"step": -1},
    ],
    ids=[
        "another challenge",
        "port",
        "site",
        "host",
        "not unlocked",
        "nobody there",
        "registration",
        "framed",
        "copied",
    ],
)
def test_what_is_no_answer_to_this_page_is_refused_and_nothing_is_signed(cast, agreement, wrong):
    passkey = Passkey(cast.kenji, count=7)

    with pytest.raises(ValidationError) as caught:
        signs(cast, agreement, cast.kenji, passkey, proof=stage.proof(), **wrong)

    assert set(caught.value.message_dict) == {"passkey"}
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"ad_referendum": True},
        {"declaration": "We reserve clause 4."},
        {"declaration": ""},
        {"typed_name": "kenji amanogawa"},
        {"language": "fr"},
    ],
    ids=["ad referendum", "another declaration", "no declaration", "name", "sentence"],
)
def test_what_was_typed_after_the_touch_is_refused_and_nothing_is_signed(cast, agreement, changed):
    passkey = Passkey(cast.kenji)

    with pytest.raises((ValidationError, NotNow)):
        signs(
            cast, agreement, cast.kenji, passkey, typed={"declaration": "We reserve clause 3."}, proof=stage.proof(),
            changed=changed,
        )  # fmt: skip

    assert not Signature.objects.exists()
    assert (
        signs(cast, agreement, cast.kenji, passkey, typed={"declaration": "We reserve clause 3."}).level == "advanced"
    )


def test_the_passkey_of_somebody_else_is_refused(cast, agreement):
    with pytest.raises(ValidationError):
        signs(cast, agreement, cast.kenji, Passkey(cast.ingrid))


def test_an_answer_is_used_once(cast, agreement):
    passkey = Passkey(cast.kenji)
    signs(cast, agreement, cast.kenji, passkey)
    passkey.count -= 2

    with pytest.raises(ValidationError, match="copied"):
        signs(cast, stage.frozen_agreement(cast), cast.kenji, passkey)


def test_the_counter_of_a_passkey_is_remembered(cast, agreement):
    signs(cast, agreement, cast.kenji, Passkey(cast.kenji, count=3))

    row = Authenticator.objects.get(user=cast.kenji)
    assert row.data["sign_count"] == 4
    assert row.last_used_at is not None


@pytest.mark.parametrize("sent", ["", "{", "[]", '"x"', '{"rawId": 1}', '{"rawId": "a", "response": {}}', "[" * 9000])
def test_what_is_no_answer_at_all_is_a_matter_of_the_form(sent):
    with pytest.raises(ValidationError) as caught:
        PasskeyAssertion.read(sent)

    assert set(caught.value.message_dict) == {"passkey"}


def test_a_passkey_is_asked_to_be_unlocked_and_only_those_of_the_person_are_asked(cast):
    own = Passkey(cast.kenji)
    Passkey(cast.ingrid)

    request = request_for(cast.kenji)

    assert request["userVerification"] == "required"
    assert [decoded(entry["id"]) for entry in request["allowCredentials"]] == [own.credential_id]
    assert "challenge" not in request
    assert request_for(cast.mika) == {}


def decoded(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
