"""The JSON door of agreements: its filters, what a token may, and the whole way to a signature."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from django.test import Client

from agencies.actions import issue_token
from projects.agreements.models import Signature
from projects.agreements.signing import consent
from tests import stage
from tests.cast import PASSWORD, Cast
from tests.passkeys import Passkey


def post(client: Client, path: str, sent: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1/agreements/{path}", sent or {}, content_type="application/json")


def refs(client: Client, query: str) -> list[str]:
    return [row["ref"] for row in client.get(f"/api/v1/agreements/?{query}").json()["results"]]


def program(cast: Cast, *scopes: str) -> Client:
    """A program with a token of Kenji, who signs for JAXA."""
    _token, secret = issue_token(actor=cast.actor(cast.kenji), proof=stage.proof(), name="robot", scopes=scopes)
    return Client(headers={"authorization": f"Bearer {secret}"})


def confirmed(shown: dict[str, Any]) -> dict[str, Any]:
    """What Kenji sends back for a challenge that he read."""
    read = [part["key"] for part in shown["sections"]]
    sent = {name: shown[name] for name in ("sha256", "challenge")}
    return sent | {"consent": True, "typed_name": "Kenji Amanogawa", "read": read, "password": PASSWORD}


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True),
        ("status=negotiating", True),
        ("status=signing", False),
        ("kind=nda", False),
        ("project=P-2020-0001", False),
    ],
)
def test_the_list_is_filtered(cast: Cast, query: str, is_found: bool) -> None:
    agreement = stage.shared_agreement(cast)

    assert refs(cast.client(cast.mika), query) == ([agreement.ref] if is_found else [])


def test_the_list_of_a_project_is_its_own(cast: Cast) -> None:
    agreement = stage.shared_agreement(cast)
    stage.drafted_agreement(cast)

    assert refs(cast.client(cast.mika), f"project={agreement.project.ref}") == [agreement.ref]


@pytest.mark.parametrize("path", ["", "text/", "signing-challenge/"])
def test_a_token_that_may_not_read_reads_nothing(cast: Cast, path: str) -> None:
    agreement = stage.frozen_agreement(cast)
    address = f"/api/v1/agreements/{agreement.ref}/{path}"

    refused = program(cast, "write", "sign").get(address)

    assert (refused.status_code, refused.json()["code"]) == (403, "scope-needed")
    assert program(cast, "read").get(address).status_code == 200


def test_a_signatory_signs_what_the_challenge_showed(cast: Cast) -> None:
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    shown = kenji.get(f"/api/v1/agreements/{agreement.ref}/signing-challenge/").json()
    sent = confirmed(shown)

    answer = post(kenji, f"{agreement.ref}/sign/", sent)

    assert answer.status_code == 200
    assert Signature.objects.get().record["consent"]["wording"] == shown["consent"]


def test_a_program_signs_with_a_passkey_and_no_password(cast: Cast) -> None:
    agreement = stage.frozen_agreement(cast)
    passkey, kenji = Passkey(cast.kenji), cast.client(cast.kenji)
    shown = kenji.get(f"/api/v1/agreements/{agreement.ref}/signing-challenge/?language=fr&ad_referendum=true").json()
    sent = confirmed(shown) | {"language": "fr", "declaration": "Signed in Tsukuba.", "ad_referendum": True}
    offered, remarks = shown["passkey"], {name: sent[name] for name in ("ad_referendum", "declaration")}
    whole = offered["shown"] | {"typed_name": sent["typed_name"], "remarks": remarks}
    over = sha256(f"{offered['form']}\n".encode() + rfc8785.dumps(whole)).digest()
    sent["passkey"] = passkey.answer(over)
    del sent["password"]

    answer = post(kenji, f"{agreement.ref}/sign/", sent)

    assert answer.status_code == 200
    assert [row["level"] for row in answer.json()["signatures"]] == ["advanced"]
    assert "Je la signe ad referendum" in Signature.objects.get().record["consent"]["wording"]


def test_what_is_missing_from_a_signature_is_named(cast: Cast) -> None:
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    shown = kenji.get(f"/api/v1/agreements/{agreement.ref}/signing-challenge/").json()
    sent = {name: shown[name] for name in ("sha256", "challenge")} | {"consent": False}

    answer = post(kenji, f"{agreement.ref}/sign/", sent)
    broken = post(kenji, f"{agreement.ref}/sign/", confirmed(shown) | {"passkey": {"rawId": 7}})

    assert answer.status_code == broken.status_code == 400
    assert set(answer.json()["errors"]) == {"consent", "read", "typed_name", "password"}
    assert set(broken.json()["errors"]) == {"passkey"}
    assert not Signature.objects.exists()


def test_a_program_that_signs_ad_referendum_confirms_its_sentence(cast: Cast) -> None:
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    challenge = f"/api/v1/agreements/{agreement.ref}/signing-challenge/"
    shown = kenji.get(challenge).json()

    refused = post(kenji, f"{agreement.ref}/sign/", confirmed(shown) | {"ad_referendum": True})
    unread = kenji.get(f"{challenge}?ad_referendum=perhaps")

    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"consent"})
    assert (unread.status_code, set(unread.json()["errors"])) == (400, {"ad_referendum"})
    assert not Signature.objects.exists()
    shown = kenji.get(f"{challenge}?ad_referendum=true").json()
    assert post(kenji, f"{agreement.ref}/sign/", confirmed(shown) | {"ad_referendum": True}).status_code == 200
    assert Signature.objects.get().record["consent"] == {
        "version": shown["consent_version"], "language": "en", "wording": shown["consent"],
    }  # fmt: skip


def test_a_program_confirms_takes_back_and_asks(cast: Cast) -> None:
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    shown = kenji.get(f"/api/v1/agreements/{agreement.ref}/signing-challenge/?ad_referendum=true").json()
    assert [row["agreement"] for row in kenji.get("/api/v1/agreements/to-sign/").json()] == [agreement.ref]
    signed = post(kenji, f"{agreement.ref}/sign/", confirmed(shown) | {"ad_referendum": True}).json()
    (row,) = signed["signatures"]
    assert row["counts_from"] is None

    given = {"evidence": row["evidence_sha256"]}
    approved = given | {"password": PASSWORD, "approval": "Council decision No 12"}
    assert post(kenji, f"{agreement.ref}/confirm-signature/", approved).status_code == 403
    mika = cast.client(cast.mika)
    (row,) = post(mika, f"{agreement.ref}/confirm-signature/", approved).json()["signatures"]
    assert row["counts_from"] is not None
    assert post(kenji, f"{agreement.ref}/void-signature/", given | {"reason": "Typo"}).status_code == 400
    sent = given | {"reason": "Typo", "password": PASSWORD}
    (row,) = post(kenji, f"{agreement.ref}/void-signature/", sent).json()["signatures"]
    assert row["voided_at"] is not None
    assert post(kenji, f"{agreement.ref}/ask-question/", {"words": "Which annex?"}).status_code == 200


def test_a_program_needs_the_scope_to_sign(cast: Cast) -> None:
    agreement = stage.frozen_agreement(cast)
    sent = {"sha256": "0" * 64, "challenge": "x", "consent": True, "password": PASSWORD}

    refused = program(cast, "read", "write")
    answer = refused.post(f"/api/v1/agreements/{agreement.ref}/sign/", sent, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "scope-needed")
    assert not Signature.objects.exists()


def test_a_page_that_showed_another_consent_signs_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    shown = kenji.get(f"/api/v1/agreements/{agreement.ref}/signing-challenge/").json()
    sent = confirmed(shown)
    monkeypatch.setattr(consent, "VERSION", "1")

    answer = post(kenji, f"{agreement.ref}/sign/", sent)

    assert (answer.status_code, answer.json()["code"]) == (409, "challenge-expired")
    assert not Signature.objects.exists()
