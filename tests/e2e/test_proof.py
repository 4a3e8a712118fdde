"""Proof without trusting the portal, in a real browser: files on the public page, a witness, and the red alarm."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from agencies import actions as agency_actions
from portal.history import keys, notes
from portal.history.models.tree import LATELY_SECONDS
from projects.agreements import actions
from tests import stage
from tests.cast import PASSWORD
from tests.e2e import pages
from tests.e2e.installation import Installation
from tests.e2e.visitor import Visitor, Visitors
from tests.portal.history.watching import Watcher

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

SECRET = b"%PDF-1.7 Nobody but us knows of this merger. " + b"\xe2\x80\xa6" * 2000
DROP = """([content, name]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const dropped = new DataTransfer();
    dropped.items.add(new File([bytes], name));
    return dropped;
}"""
# What stands at the foot and the head of every page is read once a second.
A_SECOND_LATE = 1000 * LATELY_SECONDS + 100
EXPLANATION = "We tried the alarm out with a checkpoint made for it."


@dataclass(frozen=True)
class Scene:
    """A sealed agreement, the text before the one that was signed, and a token of JAXA."""

    ref: str
    superseded: bytes
    token: str


@pytest.fixture(scope="module")
def scene(portal: Installation) -> Scene:
    """Written before a browser starts, as Django refuses its database beside the loop that drives one."""
    cast = pages.people()
    mika = cast.actor(cast.mika)
    agreement = stage.frozen_agreement(cast)
    assert agreement.text is not None
    superseded = bytes(agreement.text.canonical)
    agreement = actions.reopen(agreement, actor=mika, reason="One annex was missing.")
    agreement = actions.freeze(stage.agree(cast, agreement), actor=mika)
    for signatory in (cast.kenji, cast.ingrid):
        stage.sign(cast, agreement, signatory)
    pages.sealed(agreement)
    _token, secret = agency_actions.issue_token(
        actor=mika, proof=stage.proof(), name="Witness", scopes=["read", "write"]
    )
    return Scene(agreement.ref, superseded, secret)


@pytest.fixture(scope="module")
def mika(scene: Scene, visit: Visitors) -> Visitor:
    """An administrator of a party, in a browser that is signed in."""
    visitor = visit()
    visitor.sign_in("mika@jaxa.example", PASSWORD)
    return visitor


@pytest.fixture(scope="module")
def bundle(scene: Scene, mika: Visitor) -> bytes:
    """What a party downloads."""
    mika.page.goto(f"/agreements/{scene.ref}/versions/")
    with mika.page.expect_download() as download:
        mika.page.get_by_role("link", name="Bundle that proves it").first.click()
    return Path(download.value.path()).read_bytes()


@pytest.fixture(scope="module")
def stranger(scene: Scene, visit: Visitors) -> Visitor:
    """Somebody from the street."""
    return visit()


def test_a_dropped_bundle_is_authentic_and_one_changed_byte_in_it_is_not(
    bundle: bytes, scene: Scene, stranger: Visitor
) -> None:
    drop(stranger.page, bundle, "from-a-partner.zip")
    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("Authentic and unchanged")
    expect(stranger.page.get_by_text("from-a-partner.zip")).to_be_visible()
    expect(stranger.page.get_by_text("2 of 2 parties")).to_be_visible()
    expect(stranger.page.get_by_text("Failed:")).to_have_count(0)

    name = f'"agreement":"{scene.ref}"'.encode()
    place = bundle.index(name, bundle.index(b"evidence/")) + len(name) - 2
    drop(stranger.page, bundle[:place] + bytes([bundle[place] ^ 1]) + bundle[place + 1 :], "forged.zip")

    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("Something does not fit")
    expect(stranger.page.get_by_text("is not as it was signed or sealed")).to_be_visible()


def test_of_a_dropped_file_nothing_but_its_hash_leaves_the_browser(stranger: Visitor) -> None:
    sent: list[tuple[str, bytes]] = []

    def note(request: Request) -> None:
        sent.append((request.url, request.post_data_buffer or b""))

    stranger.page.goto("/verify/")
    stranger.context.on("request", note)
    drop(stranger.page, SECRET, "merger.pdf", is_there=True)
    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("no such file was sealed")
    stranger.context.remove_listener("request", note)

    expect(stranger.page.get_by_text("merger.pdf")).to_be_visible()
    assert re.search(r"/verify/\?sha256=[0-9a-f]{64}$", stranger.page.url)
    assert not any("merger" in url or body for url, body in sent), sent


def test_a_text_that_was_replaced_is_authentic_but_superseded(scene: Scene, stranger: Visitor) -> None:
    drop(stranger.page, scene.superseded, "text.json")

    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("superseded by version 2")


def test_a_witness_is_registered_and_cosigns_through_the_api(scene: Scene, mika: Visitor) -> None:
    watcher = Watcher()
    page = mika.page
    page.goto("/agencies/JAXA/witnesses/")
    page.get_by_role("link", name="Register a witness").first.click()
    page.get_by_label("Verifier key").fill(watcher.key.verifier)
    page.get_by_role("group", name="Is it you?").get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("main").locator("form button[type=submit]").last.click()
    expect(page.get_by_text("has co-signed nothing yet")).to_be_visible()

    newest = mika.context.request.get("/ledger/checkpoint").text()
    number = notes.parse(newest).number
    answer = mika.context.request.post(
        f"/api/v1/ledger/checkpoints/{number}/cosignatures/",
        data={"cosignature": watcher.line(newest)}, headers={"Authorization": f"Bearer {scene.token}"},
    )  # fmt: skip

    assert answer.status == 201, answer.text()
    page.reload()
    expect(page.get_by_text(f"last co-signed: checkpoint {number}")).to_be_visible()
    page.goto("/ledger/")
    expect(page.locator("#witnesses")).to_contain_text(f"checkpoint {number}")


def test_a_rewritten_checkpoint_is_red_on_every_page_until_it_is_explained(
    scene: Scene, mika: Visitor, stranger: Visitor, visit: Visitors
) -> None:
    olga = visit()
    olga.sign_in("olga@portal.example", PASSWORD)
    mika.page.goto("/agencies/JAXA/witnesses/compare/")
    true = notes.parse(mika.context.request.get("/ledger/checkpoint").text())
    other = notes.sign(keys.signer(), size=true.size, root=bytes(32), number=true.number, at=true.at)
    mika.page.get_by_label("The checkpoint").fill(str(other))
    mika.page.get_by_role("button", name="Compare it").click()
    expect(mika.page.get_by_text("Not explained yet")).to_be_visible()
    address = mika.page.url
    mika.page.wait_for_timeout(A_SECOND_LATE)

    for visitor, paths in ((mika, ("/", f"/agreements/{scene.ref}/")), (stranger, ("/verify/", "/account/login/"))):
        for path in paths:
            visitor.page.goto(path)
            expect(red(visitor.page)).to_contain_text("does not fit a checkpoint that was signed")
    olga.page.goto(address)
    olga.page.get_by_role("link", name="Explain it").click()
    olga.page.get_by_role("main").get_by_role("textbox").fill(EXPLANATION)
    olga.page.get_by_role("main").locator("form button[type=submit]").last.click()
    expect(olga.page.get_by_text(EXPLANATION)).to_be_visible()
    olga.page.wait_for_timeout(A_SECOND_LATE)

    for visitor in (mika, stranger):
        visitor.page.reload()
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        expect(red(visitor.page)).to_have_count(0)
    stranger.page.goto(address)
    expect(stranger.page.get_by_text(EXPLANATION)).to_be_visible()
    for visitor in (mika, olga, stranger):
        assert visitor.complaints == []


def red(page: Page) -> Locator:
    """What stands above every page while an alarm is not explained."""
    return page.get_by_role("region", name="Alarm")


def drop(page: Page, content: bytes, name: str, *, is_there: bool = False) -> None:
    """Let go of a file over the place for it."""
    if not is_there:
        page.goto("/verify/")
    dropped = page.evaluate_handle(DROP, [base64.b64encode(content).decode(), name])
    with page.expect_navigation():
        page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})
