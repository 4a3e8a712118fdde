"""Passkeys and authenticator apps in the history: each enrolment and each removal once, and never a secret."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.test import Client
from fido2.utils import websafe_decode, websafe_encode

from agencies import factors
from agencies.models import Membership, Person
from portal.history.models import Event
from portal.inbox.models import Item
from projects.agreements import actions
from projects.agreements.signing.passkey import PasskeyAssertion
from tests import stage
from tests.cast import LONG_AGO, PASSWORD, Cast
from tests.passkeys import Passkey, challenge_of

pytestmark = pytest.mark.django_db

ACTIVATE = "/account/2fa/totp/activate/"


def told() -> list[Event]:
    return list(Event.objects.filter(verb__regex="^(passkey|authenticator_app)").order_by("pk"))


def proved(cast: Cast, person: Person) -> Client:
    """Signed in, and just asked for the password."""
    client = cast.client(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def activate(client: Client) -> Any:
    client.get(ACTIVATE)
    secret = client.session[SECRET_SESSION_KEY]
    return client.post(ACTIVATE, {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))})


def test_an_authenticator_app_is_enrolled_and_removed_on_record(cast: Cast) -> None:
    client = proved(cast, cast.kenji)

    assert activate(client).status_code == 302
    client.post("/account/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert [row.verb for row in told()] == ["authenticator_app.enrolled", "authenticator_app.removed"]
    for row in told():
        assert (row.person_uid, row.target_ref) == (cast.kenji.uid, str(cast.kenji.uid))
        assert (row.agency_ref, row.scope, row.agencies, row.facts) == ("JAXA", "JAXA", ["JAXA"], {})


def test_the_person_hears_of_it_and_the_administrator_of_their_agency_reads_it(cast: Cast) -> None:
    activate(proved(cast, cast.kenji))

    assert [str(item.title) for item in Item.objects.filter(person=cast.kenji)] == [
        "An authenticator app was added to your account"
    ]
    assert "enrolled an authenticator app" in cast.client(cast.mika).get("/agencies/JAXA/history/").content.decode()
    assert not Event.objects.visible_to(cast.actor(cast.lucien)).filter(verb__startswith="authenticator_app").exists()


def test_a_passkey_removed_in_the_pages_is_one_event(cast: Cast) -> None:
    Passkey(cast.kenji)
    row = Authenticator.objects.get()

    proved(cast, cast.kenji).post(f"/account/2fa/webauthn/keys/{row.pk}/remove/")

    enrolled, removed = told()
    assert (enrolled.verb, removed.verb) == ("passkey.enrolled", "passkey.removed")
    assert (enrolled.person_uid, removed.person_uid) == (None, cast.kenji.uid)
    assert enrolled.facts == removed.facts


def test_the_history_says_by_a_hash_which_key_was_enrolled_and_the_evidence_of_a_signature_has_that_key(
    cast: Cast,
) -> None:
    passkey = Passkey(cast.kenji)
    agreement = stage.frozen_agreement(cast)
    consent = stage.given_consent(agreement, cast.kenji)
    answer = json.dumps(passkey.answer(challenge_of(agreement, cast.actor(cast.kenji), consent)))
    given = stage.given_consent(
        agreement, cast.kenji, challenge=consent.challenge, assertion=PasskeyAssertion.read(answer)
    )
    signature = actions.sign(agreement, actor=cast.actor(cast.kenji), consent=given, proof=None)

    (enrolled,) = told()
    key = signature.record["passkey"]["public_key"]
    assert enrolled.facts["public_key_sha256"] == sha256(websafe_decode(key)).hexdigest()
    assert enrolled.facts["credential_sha256"] == sha256(passkey.credential_id).hexdigest()
    assert websafe_encode(passkey.credential_id) not in json.dumps(enrolled.facts)


def test_using_a_factor_and_making_recovery_codes_are_no_events_of_their_own(cast: Cast) -> None:
    client = proved(cast, cast.kenji)
    activate(client)
    client.post("/account/2fa/recovery-codes/generate/")
    Authenticator.objects.get(type="totp").record_usage()

    assert Authenticator.objects.filter(type="recovery_codes").exists()
    assert len(told()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_factor_whose_event_cannot_be_written_is_not_kept(cast: Cast, monkeypatch: Any) -> None:
    client = proved(cast, cast.kenji)
    client.raise_request_exception = False
    monkeypatch.setattr(factors, "record", lambda *said, **more: 1 / 0)

    assert activate(client).status_code == 500
    assert not Authenticator.objects.exists()


def test_no_agency_hears_from_it_at_which_others_one_is_a_member(cast: Cast) -> None:
    Membership.objects.create(person=cast.mika, agency=cast.esa, roles=["observer"], starts_on=LONG_AGO)

    activate(proved(cast, cast.mika))

    assert [(row.scope, row.agencies) for row in told()] == [("JAXA", ["JAXA"])]
