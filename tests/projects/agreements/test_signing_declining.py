"""Declining: it ends the signing for all parties, so that it asks for the proof that signing asks for, at both doors."""

from __future__ import annotations

import json
import time
import uuid

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from fido2.utils import websafe_decode

from agencies import reauthentication
from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.models import Status
from tests import stage
from tests.cast import PASSWORD
from tests.passkeys import Passkey, challenge_of
from tests.projects.agreements.negotiating import accepted, fresh, reword
from tests.projects.agreements.signing import three_frozen

pytestmark = pytest.mark.django_db

REASON = "Annex A lacks the drill patent."
SECRET = "JBSWY3DPEHPK3PXP"
HOST = "localhost:8000"


@pytest.fixture
def agreement(cast):
    return stage.frozen_agreement(cast)


def page_of(agreement):
    return reverse("agreements:decline", args=[agreement.ref])


def typed(agreement, **changes):
    return {"once": str(uuid.uuid4()), "sha256": agreement.text.sha256, "reason": REASON, **changes}


def send(client, agreement, **changes):
    sent = {"sha256": agreement.text.sha256, "reason": REASON, **changes}
    return client.post(f"/api/v1/agreements/{agreement.ref}/decline/", sent, content_type="application/json")


def code_now():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def is_signing(agreement):
    return fresh(agreement).status == Status.SIGNING and not Event.objects.filter(verb="agreement.declined").exists()


def facts():
    return Event.objects.get(verb="agreement.declined").facts


def confirmed_with(client, answer=None):
    """Confirm who it is as the browser does, on the page to which the form leads; the answer of the passkey is given back."""
    address = reverse("mfa_reauthenticate_webauthn")
    if isinstance(answer, Passkey):
        asked = client.get(address, headers={"host": HOST}).context["js_data"]["request_options"]["publicKey"]
        answer = answer.answer(websafe_decode(asked["challenge"]))
    client.post(address, {"credential": json.dumps(answer)}, headers={"host": HOST})
    return answer


def test_the_page_says_what_ends_and_asks_who_it_is(cast, agreement):
    kenji = cast.client(cast.kenji)
    assert page_of(agreement) in kenji.get(reverse("agreements:sign", args=[agreement.ref])).content.decode()

    html = kenji.get(page_of(agreement)).content.decode()

    assert "It ends the signing for all" in html
    assert agreement.text.sha256 in html
    assert 'name="password"' in html
    assert 'name="code"' not in html


def test_who_approves_finds_beside_it_how_to_decline(cast):
    agreement = three_frozen(cast, ("ESA", "approver", 1), ("ESA", "signer", 2))
    lucien = cast.client(cast.lucien)
    assert page_of(agreement) in lucien.get(reverse("agreements:signing", args=[agreement.ref])).content.decode()

    assert lucien.post(page_of(agreement), typed(agreement, password=PASSWORD)).status_code == 302

    assert fresh(agreement).status == Status.DECLINED


@pytest.mark.parametrize("proof", [{}, {"password": ""}, {"password": "guess"}, {"password": "\x00"}])
def test_without_proof_nothing_is_declined_and_the_reason_stays(cast, agreement, proof):
    kenji = cast.client(cast.kenji)

    answer, sent = kenji.post(page_of(agreement), typed(agreement, **proof)), send(kenji, agreement, **proof)

    assert (answer.status_code, sent.status_code) == (422, 400)
    assert REASON in answer.content.decode()
    assert set(sent.json()["errors"]) == {"password"}
    assert is_signing(agreement)


@pytest.mark.parametrize("code", [None, "", "000000", "abc"])
def test_whoever_has_an_authenticator_app_gives_its_code(cast, agreement, code):
    TOTP.activate(cast.kenji, SECRET)
    kenji = cast.client(cast.kenji)
    given = {"password": PASSWORD, **({} if code is None else {"code": code})}

    answer, sent = kenji.post(page_of(agreement), typed(agreement, **given)), send(kenji, agreement, **given)

    assert (answer.status_code, sent.status_code) == (422, 400)
    assert REASON in answer.content.decode()
    assert set(sent.json()["errors"]) == {"code"}
    assert is_signing(agreement)


def test_the_record_says_which_text_was_declined_and_how_the_person_was_identified(cast, agreement):
    TOTP.activate(cast.kenji, SECRET)

    answer = cast.client(cast.kenji).post(page_of(agreement), typed(agreement, password=PASSWORD, code=code_now()))

    assert answer.status_code == 302
    assert fresh(agreement).decline_reason == REASON
    assert facts()["identified"] == ["password", "totp"]
    assert (facts()["text"], facts()["sha256"]) == (agreement.text.number, agreement.text.sha256)


def test_a_program_declines_by_password(cast, agreement):
    answer = send(cast.client(cast.kenji), agreement, password=PASSWORD)

    assert (answer.status_code, answer.json()["status"]) == (200, Status.DECLINED)
    assert facts()["identified"] == ["password"]


@pytest.mark.parametrize("door", ["page", "api"])
def test_guesses_are_limited_at_both_doors(cast, agreement, door):
    kenji = cast.client(cast.kenji)
    for number in range(12):
        if door == "page":
            kenji.post(page_of(agreement), typed(agreement, password=f"guess number {number}"))
        else:
            send(kenji, agreement, password=f"guess number {number}")

    page = kenji.post(page_of(agreement), typed(agreement, password=PASSWORD))
    sent = send(kenji, agreement, password=PASSWORD)

    assert (page.status_code, sent.status_code) == (422, 400)
    assert "Too many" in page.content.decode()
    assert "Too many" in sent.content.decode()
    assert is_signing(agreement)


def test_a_passkey_declines_where_the_password_alone_does_not(cast, agreement):
    passkey, kenji = Passkey(cast.kenji), cast.client(cast.kenji)
    refused = kenji.post(page_of(agreement), typed(agreement, password=PASSWORD))
    assert refused.status_code == 422
    assert f"?next={page_of(agreement)}" in refused.content.decode()
    assert is_signing(agreement)

    confirmed_with(kenji, passkey)

    assert kenji.post(page_of(agreement), typed(agreement)).status_code == 302
    assert facts()["identified"] == ["webauthn"]


@pytest.mark.parametrize(
    ("verb", "who", "said"),
    [
        ("decline", "kenji", {"reason": REASON}),
        ("approve-for-signing", "mika", {}),
        ("void-signature", "mika", {"reason": REASON}),
        ("confirm-signature", "mika", {"approval": "Council decision No 12"}),
    ],
)
def test_a_program_whose_person_has_a_passkey_alone_is_told_what_helps(cast, verb, who, said):
    agreement = three_frozen(cast, *([("JAXA", "approver", 1)] if verb == "approve-for-signing" else []))
    person, given = getattr(cast, who), {"sha256": agreement.text.sha256}
    if "signature" in verb:
        consent = stage.given_consent(agreement, cast.kenji, ad_referendum=True)
        signature = actions.sign(agreement, actor=cast.actor(cast.kenji), consent=consent, proof=stage.proof())
        given = {"evidence": signature.evidence_sha256}
    given |= {**said, "password": PASSWORD}
    Passkey(person)
    path = f"/api/v1/agreements/{agreement.ref}/{verb}/"

    answer = cast.client(person).post(path, given, content_type="application/json")

    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"password"})
    assert "authenticator app" in answer.json()["unblock"]
    TOTP.activate(person, SECRET)
    again = cast.client(person).post(path, {**given, "code": code_now()}, content_type="application/json")
    assert again.status_code == 200


def test_an_answer_of_a_passkey_serves_once(cast, agreement):
    passkey, first, again = Passkey(cast.kenji), cast.client(cast.kenji), cast.client(cast.kenji)
    answer = confirmed_with(first, passkey)
    assert 'name="password"' not in first.get(page_of(agreement)).content.decode()

    confirmed_with(again, answer)
    again.get(reverse("mfa_reauthenticate_webauthn"), headers={"host": HOST})
    confirmed_with(again, answer)

    assert again.post(page_of(agreement), typed(agreement)).status_code == 422
    assert is_signing(agreement)


def test_what_a_passkey_signed_to_sign_the_text_does_not_decline_it(cast, agreement):
    passkey, kenji = Passkey(cast.kenji), cast.client(cast.kenji)
    consent = stage.given_consent(agreement, cast.kenji)
    answer = passkey.answer(challenge_of(agreement, cast.actor(cast.kenji), consent))

    page = kenji.post(page_of(agreement), typed(agreement, challenge=consent.challenge, passkey=json.dumps(answer)))
    sent = send(kenji, agreement, challenge=consent.challenge, passkey=answer, password=PASSWORD)

    assert (page.status_code, sent.status_code) == (422, 400)
    assert is_signing(agreement)


def test_a_proof_of_earlier_declines_nothing(cast, agreement, monkeypatch):
    kenji = cast.client(cast.kenji)
    kenji.post("/account/reauthenticate/", {"password": PASSWORD})
    assert 'name="password"' not in kenji.get(page_of(agreement)).content.decode()
    later = timezone.now() + reauthentication.VALID_FOR
    monkeypatch.setattr(reauthentication.timezone, "now", lambda: later)

    answer = kenji.post(page_of(agreement), typed(agreement))

    assert answer.status_code == 422
    assert REASON in answer.content.decode()
    monkeypatch.undo()
    assert is_signing(agreement)


def test_a_no_to_one_text_declines_no_other(cast, agreement):
    kenji, before = cast.client(cast.kenji), typed(agreement, password=PASSWORD)
    again = actions.reopen(agreement, actor=cast.actor(cast.lucien), reason="Other words.")
    accepted(cast, again, reword(cast, again, cast.lucien), cast.mika)
    actions.freeze(stage.agree(cast, fresh(again)), actor=cast.actor(cast.mika))

    answer, sent = kenji.post(page_of(agreement), before), send(kenji, agreement, password=PASSWORD)

    assert (answer.status_code, sent.status_code) == (409, 409)
    assert sent.json()["code"] == "text-changed"
    assert is_signing(agreement)


def test_no_caller_declines_without_a_proof(cast, agreement):
    given = {"sha256": agreement.text.sha256, "reason": REASON}

    with pytest.raises(ValidationError) as caught:
        actions.decline(agreement, actor=cast.actor(cast.kenji), proof=None, **given)
    with pytest.raises(NotNow):
        actions.decline(agreement, actor=cast.actor(cast.kenji), proof=stage.proof(), reason=REASON, sha256="0" * 64)

    assert set(caught.value.message_dict) == {"password"}
    assert is_signing(agreement)
