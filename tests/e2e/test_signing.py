"""Signing in a real browser: by password and code, by a passkey over the text, and all that waits one after another."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import expect

from projects.agreements.models import Signature
from tests import stage
from tests.cast import PASSWORD
from tests.e2e import pages
from tests.e2e.installation import Installation
from tests.e2e.reading import read_and_confirm
from tests.e2e.test_second_factors import code_of, plug_in_a_key, prove_with_password
from tests.e2e.visitor import Visitors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def texts(portal: Installation) -> list[str]:
    """The references of two texts that wait for Kenji and Ingrid."""
    cast = pages.people()
    return [stage.frozen_agreement(cast).ref for _text in range(2)]


def test_somebody_without_scripts_signs_with_the_password(texts: list[str], visit: Visitors) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.page.goto("/account/login/")
    visitor.page.get_by_label("Email").fill("ingrid@esa.example")
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    visitor.page.goto(f"/agreements/{texts[1]}/sign/")

    expect(visitor.page.get_by_role("button", name="Confirm with passkey and sign")).to_be_hidden()
    read_and_confirm(visitor.page, "Ingrid Polarsen")
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign for ESA").click()

    expect(visitor.page.get_by_text("Signed for ESA. It is in the ledger.")).to_be_visible()


def test_a_signatory_with_an_authenticator_app_signs_all_that_waits_with_one_proof(
    texts: list[str], visit: Visitors
) -> None:
    visitor = visit()
    visitor.sign_in("kenji@jaxa.example", PASSWORD)
    page = visitor.page
    page.goto("/account/2fa/totp/activate/")
    prove_with_password(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()

    page.goto("/agreements/to-sign/")
    page.get_by_role("link", name="Begin with the first").click()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    read_and_confirm(page, "Kenji Amanogawa")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator app").fill("000000")
    page.get_by_role("button", name="Sign for JAXA").click()
    expect(page.get_by_text("Enter the code that your authenticator app shows now.").first).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("I have read: Annex A"))).to_be_checked()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator app").fill(code_of(secret))
    page.get_by_role("button", name="Sign for JAXA").click()

    expect(page.get_by_text("1 of 1")).to_be_visible()
    expect(page.get_by_text("You proved who you are a moment ago")).to_be_visible()
    read_and_confirm(page, "天野川 賢治")
    page.get_by_role("button", name="Sign for JAXA").click()
    expect(page.get_by_text("Nothing waits for your signature")).to_be_visible()
    assert visitor.complaints == []


def test_a_passkey_signs_over_the_text_and_no_password_is_asked(texts: list[str], visit: Visitors) -> None:
    visitor = visit()
    plug_in_a_key(visitor)
    visitor.sign_in("ingrid@esa.example", PASSWORD)
    page = visitor.page
    page.goto("/account/2fa/webauthn/add/")
    prove_with_password(page)
    page.get_by_label("Name").fill("Key on my desk")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/account/2fa/**")

    page.goto(f"/agreements/{texts[0]}/sign/?consent=fr")
    page.get_by_role("button", name="Confirm with passkey and sign").click()
    expect(page.get_by_label("Your name")).to_be_visible()  # the browser says what is missing, and nothing was sent
    for section in page.get_by_role("checkbox", name="I have read: ").all():
        section.check()
    expect(page.get_by_text(re.compile(r"Read: (\d+) of \1 sections"))).to_be_visible()
    page.get_by_label("Your name").fill("Ingrid Polarsen")
    page.get_by_role("checkbox", name="J’ai lu").check()
    page.get_by_role("button", name="Confirm with passkey and sign").click()

    expect(page.get_by_text("Signed for ESA. It is in the ledger.")).to_be_visible()
    record = record_of(texts[0], "ESA")
    client = json.loads(decoded(record["passkey"]["client_data_json"]))
    bound = {
        "agreement": texts[0], "nonce": record["challenge"]["nonce"], "party": "ESA",
        "person": record["signatory"]["uid"], "text": record["text"]["sha256"],
    }  # fmt: skip
    canonical = json.dumps(bound, separators=(",", ":"), sort_keys=True).encode()
    assert decoded(client["challenge"]) == hashlib.sha256(b"concord/sign/1\n" + canonical).digest()
    assert record["level"] == "advanced"
    assert record["consent"]["language"] == "fr"
    assert visitor.complaints == []


def record_of(ref: str, agency: str) -> dict[str, Any]:
    """The evidence as it is kept; read in a thread, because Django refuses its database beside the loop of a browser."""

    def read() -> dict[str, Any]:
        try:
            return Signature.objects.get(agreement__ref=ref, party__agency__ref=agency).record
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(read).result()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
