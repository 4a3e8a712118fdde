"""Confirming binds: where the parties agreed on an advanced signature, the confirmation is made with a passkey too."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.reauthentication import NotProved, Proof
from tests import stage
from tests.cast import PASSWORD
from tests.passkeys import Passkey
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.signing import confirm
from tests.projects.agreements.test_signing_declining import confirmed_with
from tests.projects.agreements.test_signing_passkey import signs

pytestmark = pytest.mark.django_db

APPROVAL = "Council decision of 4 May 2026, No 12"


@pytest.fixture
def signed(cast):
    """An agreement that asks for advanced signatures, and one by passkey that waits for its confirmation."""
    agreement = stage.frozen_agreement(cast, answers={"signature_level": "advanced"})
    return agreement, signs(cast, agreement, cast.kenji, Passkey(cast.kenji), typed={"ad_referendum": True})


def waits(agreement):
    return len(fresh(agreement).unconfirmed_signatures) == 1


def page_of(agreement, signature):
    return reverse("agreements:confirm-signature", args=[agreement.ref, signature.evidence_sha256])


def test_a_password_confirms_no_advanced_signature(cast, signed):
    agreement, signature = signed

    with pytest.raises(NotProved) as caught:
        confirm(cast, agreement, signature, cast.mika)

    assert set(caught.value.message_dict) == {"password"}
    assert waits(agreement)


def test_a_passkey_confirms_it_and_the_record_says_so(cast, signed):
    agreement, signature = signed

    confirmation = confirm(
        cast, agreement, signature, cast.mika, proof=replace(stage.proof(), methods=("password", "webauthn"))
    )

    assert not waits(agreement)
    assert "webauthn" in json.loads(confirmation.evidence)["identified"]["methods"]


def test_the_page_asks_for_the_passkey_and_keeps_what_was_typed(cast, signed):
    agreement, signature = signed
    there, mika = page_of(agreement, signature), cast.client(cast.mika)
    html = mika.get(there).content.decode()
    assert "only a passkey confirms it" in html
    assert reverse("mfa_add_webauthn") in html
    assert 'name="password"' not in html

    mika.post("/account/reauthenticate/", {"password": PASSWORD})
    refused = mika.post(there, {"once": str(uuid.uuid4()), "approval": APPROVAL})

    assert refused.status_code == 422
    assert APPROVAL in refused.content.decode()
    assert "confirm it with a passkey of yours" in refused.content.decode()
    assert waits(agreement)


def test_who_has_a_passkey_confirms_on_the_page(cast, signed):
    agreement, signature = signed
    there, passkey, mika = page_of(agreement, signature), Passkey(cast.mika), cast.client(cast.mika)
    assert f"{reverse('mfa_reauthenticate_webauthn')}?next={there}" in mika.get(there).content.decode()

    confirmed_with(mika, passkey)

    assert mika.post(there, {"once": str(uuid.uuid4()), "approval": APPROVAL}).status_code == 302
    assert not waits(agreement)


def test_a_program_is_told_where_it_can_be_confirmed(cast, signed):
    agreement, signature = signed
    sent = {"evidence": signature.evidence_sha256, "approval": APPROVAL, "password": PASSWORD}

    answer = cast.client(cast.mika).post(
        f"/api/v1/agreements/{agreement.ref}/confirm-signature/", sent, content_type="application/json"
    )

    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"password"})
    assert "the portal’s own page" in answer.json()["unblock"]
    assert waits(agreement)


def test_a_simple_signature_is_confirmed_by_password_as_before(cast):
    agreement = stage.frozen_agreement(cast)
    signature = signs(cast, agreement, cast.kenji, Passkey(cast.kenji), typed={"ad_referendum": True})

    confirm(cast, agreement, signature, cast.mika, proof=Proof(("password",), timezone.now()))

    assert not waits(agreement)
