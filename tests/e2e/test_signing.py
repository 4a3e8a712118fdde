"""Signing in a real browser: by password and code, by a passkey over the text, and all that waits one after another."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import rfc8785
from django.db import connection
from playwright.sync_api import Page, expect

from agencies import actions as agency_actions
from agencies.zones import today
from projects.agreements.models import Signature, SigningCall
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
    """The references of two texts that wait for Kenji and Ingrid, and of one that is agreed to and not frozen."""
    cast = pages.people()
    frozen = [stage.frozen_agreement(cast).ref for _text in range(2)]
    agency_actions.change_roles(
        cast.sora.memberships.get(),
        actor=cast.actor(cast.mika),
        proof=stage.proof(),
        roles=["contributor", "signatory"],
    )
    return [*frozen, stage.agree(cast, stage.shared_agreement(cast)).ref]


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


def test_a_passkey_signs_over_all_that_is_signed_and_no_password_is_asked(texts: list[str], visit: Visitors) -> None:
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
    page.get_by_text("Remarks: ad referendum, a declaration").click()
    page.get_by_label("I sign ad referendum").check()
    # Another sentence stands there now, and nobody has ticked it.
    sentence = page.get_by_role("checkbox", name="Je la signe ad referendum")
    expect(sentence).not_to_be_checked()
    expect(page.get_by_label("I sign ad referendum")).to_be_focused()
    sentence.check()
    page.get_by_label("Declaration").fill(" « Lu et approuvé »,\nà Noordwijk. 署名 ")
    page.get_by_role("button", name="Confirm with passkey and sign").click()

    expect(page.get_by_text("Signed for ESA. It is in the ledger.")).to_be_visible()
    record = record_of(texts[0], "ESA")
    client = json.loads(decoded(record["passkey"]["client_data_json"]))
    bound = {
        "agreement": texts[0], "nonce": record["challenge"]["nonce"], "party": "ESA",
        "person": record["signatory"]["uid"], "text": record["text"]["sha256"], "mandate": record["mandate"]["ref"],
        "consent": record["consent"], "read": record["read"], "typed_name": "Ingrid Polarsen",
        "remarks": {"ad_referendum": True, "declaration": "« Lu et approuvé »,\nà Noordwijk. 署名"},
    }  # fmt: skip
    assert decoded(client["challenge"]) == hashlib.sha256(b"concord/sign/2\n" + rfc8785.dumps(bound)).digest()
    assert record["remarks"] == bound["remarks"]
    assert record["level"] == "advanced"
    assert (record["consent"]["version"], record["consent"]["language"]) == ("2-ad-referendum", "fr")
    assert visitor.complaints == []


def test_the_plan_binds_a_wrong_name_is_replaced_and_a_late_one_needs_another_day(
    texts: list[str], visit: Visitors
) -> None:
    mika, lucien = visit(), visit()
    mika.sign_in("mika@jaxa.example", PASSWORD)
    lucien.sign_in("lucien@esa.example", PASSWORD)
    page, address = mika.page, f"/agreements/{texts[2]}/signing/"
    page.goto(address)
    lines = [page.get_by_label(f"Agency, line {number}") for number in (1, 2)]
    chosen = [line.evaluate("list => list.selectedOptions[0].text") for line in lines]
    page.get_by_label(f"Order, line {chosen.index('ESA') + 1}").fill("2")
    page.get_by_role("button", name="Save the plan").click()
    name(page, "Sora Minazuki")
    name(page, "Kenji Amanogawa", instead_of="Sora Minazuki", reason="Sora holds no mandate.")
    expect(page.get_by_role("region", name="Who was named")).to_contain_text("Sora holds no mandate.")
    page.get_by_role("button", name="Freeze the text").click()
    expect(page.get_by_text("The text is frozen and open for signature").first).to_be_visible()

    lucien.page.goto(address)
    expect(lucien.page.get_by_text("Waits for JAXA, then ESA").first).to_be_visible()
    expect(lucien.page.get_by_text("After order 1")).to_be_visible()
    expect(lucien.page.get_by_role("row", name="JAXA").first).to_contain_text("Kenji Amanogawa")

    in_a_thread(
        lambda: SigningCall.objects.filter(text__agreement__ref=texts[2]).update(
            sign_by=today("UTC") - timedelta(days=2)
        )
    )
    page.goto(address)
    expect(page.get_by_text("The time for signing is over").first).to_be_visible()
    page.get_by_label("Sign by").last.fill((today("UTC") + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Change the day").click()
    page.goto(address)
    expect(page.get_by_text("Waits for JAXA, then ESA").first).to_be_visible()
    assert mika.complaints == lucien.complaints == []


def name(page: Page, person: str, *, instead_of: str = "", reason: str = "") -> None:
    """Name who signs for the agency of the page, and wait until the page says so."""
    named = page.get_by_role("region", name="Who does it for")
    if instead_of:
        named.get_by_role("checkbox", name=instead_of).uncheck()
        named.get_by_label("Reason").fill(reason)
    named.get_by_role("checkbox", name=person).check()
    named.get_by_role("button", name="Save the names").click()
    expect(page.get_by_role("region", name="Who was named")).to_contain_text(person)


def record_of(ref: str, agency: str) -> dict[str, Any]:
    """The evidence as it is kept."""
    found: Signature = in_a_thread(lambda: Signature.objects.get(agreement__ref=ref, party__agency__ref=agency))
    return found.record


def in_a_thread(ask: Callable[[], Any]) -> Any:
    """Ask the database in a thread, because Django refuses it beside the loop of a browser."""

    def asked() -> Any:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asked).result()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
