"""A second factor in a real browser: signing in with a passkey, and what other tests need to have one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.e2e import pages
from tests.e2e.installation import Installation
from tests.e2e.visitor import Visitor, Visitors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

STEP, ROOM = 30, 10


@pytest.fixture(scope="module", autouse=True)
def people(portal: Installation) -> None:
    """Those who sign in; written before there is a browser."""
    pages.people()


def test_a_person_signs_in_with_a_passkey(visit: Visitors) -> None:
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
    """The six digits that an authenticator app shows (RFC 6238), with time enough to type them before they change."""
    left = STEP - time.time() % STEP
    if left < ROOM:
        time.sleep(left)
    counter = struct.pack(">Q", int(time.time()) // STEP)
    mac = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    return f"{(struct.unpack('>I', mac[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
