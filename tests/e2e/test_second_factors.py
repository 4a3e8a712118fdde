"""Signing with an authenticator app, and signing in and signing with a passkey."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from tests import stage
from tests.cast import PASSWORD
from tests.e2e import pages
from tests.e2e.installation import Installation
from tests.e2e.visitor import Visitor, Visitors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

STEP = 30


@pytest.fixture(scope="module")
def text(portal: Installation) -> str:
    """The address at which a frozen text is signed."""
    return f"/agreements/{stage.frozen_agreement(pages.people()).ref}/sign/"


def test_a_signatory_with_an_authenticator_app_signs_with_its_code(text: str, visit: Visitors) -> None:
    visitor = visit()
    visitor.sign_in("kenji@jaxa.example", PASSWORD)
    page = visitor.page
    page.goto("/account/2fa/totp/activate/")
    prove_with_password(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()

    page.goto(text)
    page.get_by_role("checkbox").check()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator app").fill("000000")
    page.get_by_role("button", name="Sign for JAXA").click()
    expect(page.get_by_text("Enter the code that your authenticator app shows now.").first).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator app").fill(code_of(secret))
    page.get_by_role("button", name="Sign for JAXA").click()

    expect(page.get_by_text("Signed for JAXA. It is in the ledger.")).to_be_visible()
    assert visitor.complaints == []


def test_a_signatory_with_a_passkey_signs_in_and_signs_without_a_password(text: str, visit: Visitors) -> None:
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
    page.goto("/")
    page.locator("summary.person").click()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("summary.person")).to_be_visible()
    page.goto(text)
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_role("button", name="Use a security key").click()
    expect(page.get_by_text("You proved who you are a moment ago")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign for ESA").click()

    expect(page.get_by_text("Signed for ESA. It is in the ledger.")).to_be_visible()
    assert visitor.complaints == []


def prove_with_password(page: Page) -> None:
    """Pass the page that asks again who it is, before a second factor is changed."""
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def plug_in_a_key(visitor: Visitor) -> None:
    """Give the browser a passkey that its owner touches and unlocks at once (WebAuthn over the DevTools protocol)."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def code_of(secret: str) -> str:
    """The six digits that an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // STEP)
    mac = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    return f"{(struct.unpack('>I', mac[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
