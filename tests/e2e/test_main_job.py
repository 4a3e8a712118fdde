"""The main job from end to end: two agencies register, propose, agree, sign, prove and talk, through the pages alone."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.joining import (
    PASSWORD,
    Profile,
    grant_mandate,
    invite_signatory,
    join,
    make_operator,
    register_agency,
    sign_up,
    verify_agency,
)
from tests.e2e.reading import read_and_confirm
from tests.e2e.visitor import Visitor, Visitors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

WEB_PROCESSES = 2  # a message written through one arrives at a page that another serves
AURORA = Profile("Aurora Space Institute", "AURORA", "Norway", "Tromsø", "Europe/Oslo", "aurora.example")
BOREAL = Profile("Boreal Launch Agency", "BOREAL", "Canada", "Yellowknife", "America/Edmonton", "boreal.example")
TITLE = "Auroral Radar Pathfinder"
AGREEMENT = f"Intellectual property agreement for {TITLE}"
WITHIN_A_SECOND = 1.0
# The two browsers of a test read the same clock.
NOTE_WHEN_SENT = "addEventListener('submit', () => { window.sentAt = Date.now(); }, { capture: true })"
NOTE_WHEN_THERE = """() => {
    window.arrived = {};
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
            for (const { textContent } of [...addedNodes].flatMap((node) => [...(node.querySelectorAll?.("p") ?? [])]))
                window.arrived[textContent.trim()] ??= Date.now();
    }).observe(document.querySelector(".thread"), { childList: true });
}"""


def test_two_agencies_propose_agree_sign_prove_and_talk(
    visit: Visitors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, ben, anna, bjorn, olga = visit(), visit(), visit(), visit(), visit()

    sign_up(ada, "ada@aurora.example", "Ada Aurora")
    sign_up(ben, "ben@boreal.example", "Ben Boreal")
    register_agency(ada, AURORA)
    register_agency(ben, BOREAL)
    make_operator(olga, "olga@portal.example", "Olga Operator")
    verify_agency(olga, AURORA)
    verify_agency(olga, BOREAL)

    invite_signatory(ada, "AURORA", "anna@aurora.example")
    join(anna, "anna@aurora.example", "Anna Aurora", AURORA.legal_name)
    invite_signatory(ben, "BOREAL", "bjorn@boreal.example")
    join(bjorn, "bjorn@boreal.example", "Bjørn Boreal", BOREAL.legal_name)
    grant_mandate(ada, "AURORA", "Anna Aurora")
    grant_mandate(ben, "BOREAL", "Bjørn Boreal")

    project = propose(ada, invites="BOREAL")
    accept(ben)
    expect_status(ada, project, "Accepted")
    list_background(ada, project, "Incoherent scatter radar code", "Software")
    list_background(ben, project, "Sounding rocket telemetry", "Know-how")
    claim_result(ada, project, "Electron density maps", {"AURORA": "60", "BOREAL": "40"})

    agreement = draft_agreement(ada, project)
    change_a_clause(ben, ada, agreement)
    agree_to_text(ada, agreement)
    agree_to_text(ben, agreement)
    freeze(ada, agreement)
    sign(anna, "AURORA", "Anna Aurora")
    sign(bjorn, "BOREAL", "Bjørn Boreal")
    confirm_entry_into_force(ada, agreement)
    expect_status(ada, project, "Active")
    expect_status(ben, project, "Active")

    sealed = download_sealed_pdf(ben, agreement, tmp_path)
    stranger = visit()
    verify_signed_out(stranger, sealed)
    refuse_one_changed_byte(stranger, sealed)
    stranger.page.goto(project)
    expect(stranger.page.get_by_text(TITLE)).to_have_count(0)

    seconds = sorted(talk(ada, ben, project))
    with capsys.disabled():
        print(f"\nMessages appeared on the other agency's open page after {seconds} s.")
    assert seconds[len(seconds) // 2] < WITHIN_A_SECOND


def propose(lead: Visitor, invites: str) -> str:
    """Draft a project, invite a partner, propose; returns the project's address."""
    page = lead.page
    page.goto("/")
    page.locator("summary", has_text="Create").click()
    page.get_by_role("link", name="Project proposal").click()
    page.get_by_role("textbox", name="Title").fill(TITLE)
    page.get_by_label("Summary").fill("Map the aurora with a radar on the ground and a rocket above it.")
    page.get_by_label("Objective").fill("One winter of **joint** measurements.")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    project = page.url
    page.goto(f"{project}invite/")
    page.get_by_label("Agency", exact=True).press_sequentially(invites[:4])
    page.get_by_role("button", name=f"Invite {invites}").click()
    page.goto(f"{project}propose/")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("The project is proposed.")).to_be_visible()
    return project


def accept(partner: Visitor) -> None:
    """Find the invitation on the home page, and accept."""
    page = partner.page
    page.goto("/")
    page.locator("#waiting").get_by_role("link", name=re.compile(f"^Open .*{TITLE}")).click()
    page.get_by_role("radio", name="Accept", exact=True).check()
    page.get_by_role("button", name="Answer for BOREAL").click()
    page.wait_for_url(re.compile(r"/projects/P-[0-9-]+/$"))


def expect_status(visitor: Visitor, project: str, status: str) -> None:
    visitor.page.goto(project)
    expect(visitor.page.locator(".record-meta .chip")).to_have_text(re.compile(f"^{status}"))


def list_background(visitor: Visitor, project: str, title: str, nature: str) -> None:
    page = visitor.page
    page.goto(f"{project}ip/")
    page.get_by_role("link", name="List background").click()
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_label("Nature").select_option(label=nature)
    page.get_by_role("button", name="List it").click()
    expect(page.get_by_text(title).first).to_be_visible()


def claim_result(visitor: Visitor, project: str, title: str, shares: dict[str, str]) -> None:
    page = visitor.page
    page.goto(f"{project}ip/")
    page.get_by_role("link", name="Claim a result").click()
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_label("Nature").select_option(label="Data")
    for party, percent in shares.items():
        page.get_by_label(party, exact=True).fill(percent)
    page.get_by_role("button", name="Claim it").click()
    page.goto(f"{project}ip/")
    expect(page.get_by_text("Owner, 60 %")).to_be_visible()


def draft_agreement(drafter: Visitor, project: str) -> str:
    """Draft from the library, answer the profile, share with the other party; returns the agreement's address."""
    page = drafter.page
    page.goto(f"{project}agreements/")
    page.get_by_role("link", name="Draft an agreement").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value(AGREEMENT)
    page.get_by_role("button", name="Draw the draft from the clause library").click()
    page.wait_for_url("**/profile/basis/")
    page.goto(page.url.removesuffix("basis/"))
    page.get_by_label("Notice before a publication").fill("60")
    page.get_by_role("button", name="Save the profile").click()
    expect(page.get_by_text("The profile is saved; the text follows it.")).to_be_visible()
    expect(page.locator("#publication", has_text="sixty (60)")).to_be_visible()
    agreement = page.url
    page.get_by_role("button", name="Share with the other parties").click()
    expect(page.get_by_text("Negotiating").first).to_be_visible()
    return agreement


def change_a_clause(partner: Visitor, other: Visitor, agreement: str) -> None:
    """The partner proposes other words, and the other party reads the redline and accepts it."""
    page = partner.page
    page.goto(agreement)
    page.locator("#publication").get_by_role("link", name="Propose a change").click()
    words = page.get_by_label("Words")
    words.fill(f"{words.input_value()}\n\nThe Parties name each other in every publication.")
    page.get_by_role("button", name="Propose these words").click()
    expect(page.get_by_text("is proposed; the other parties are asked.")).to_be_visible()
    other.page.goto(agreement)
    expect(other.page.locator("ins", has_text="name each other")).to_be_visible()
    other.page.get_by_role("button", name="Accept for AURORA").click()
    expect(other.page.get_by_role("button", name="Accept for AURORA")).to_have_count(0)
    expect(other.page.locator("#publication")).to_contain_text("name each other in every publication")


def agree_to_text(visitor: Visitor, agreement: str) -> None:
    visitor.page.goto(agreement)
    visitor.page.get_by_role("button", name="We agree to this text").click()
    expect(visitor.page.get_by_role("button", name="We agree to this text")).to_have_count(0)


def freeze(visitor: Visitor, agreement: str) -> None:
    visitor.page.goto(agreement)
    visitor.page.get_by_role("button", name="Freeze the text").click()
    expect(visitor.page.get_by_text("The text is frozen and open for signature")).to_be_visible()


def sign(signatory: Visitor, agency: str, name: str) -> None:
    """Find the text on the home page, read it, consent, type the password again, and sign."""
    page = signatory.page
    page.goto("/")
    page.locator("#waiting").get_by_role("link", name=re.compile("^Sign .*Intellectual")).click()
    expect(page.get_by_role("heading", name=AGREEMENT)).to_be_visible()
    read_and_confirm(page, name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=f"Sign for {agency}").click()
    expect(page.get_by_text(f"Signed for {agency}. It is in the ledger.")).to_be_visible()


def confirm_entry_into_force(depositary: Visitor, agreement: str) -> None:
    depositary.page.goto(agreement)
    depositary.page.get_by_role("button", name="Confirm the entry into force").click()
    expect(depositary.page.get_by_text("The agreement is in force.")).to_be_visible()


def download_sealed_pdf(visitor: Visitor, agreement: str, folder: Path) -> Path:
    """Wait until the page offers the sealed PDF, which is made in the background, and keep it."""
    page = visitor.page
    page.goto(agreement)
    expect(page.get_by_text("Anyone who has the sealed PDF can check it")).to_be_visible()
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Sealed PDF").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")
    return path


def verify_signed_out(stranger: Visitor, file: Path) -> None:
    drop(stranger.page, file)
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text(
        "Authentic. Signed by every party that it binds, unchanged since, and in force."
    )
    expect(stranger.page.get_by_role("row", name=re.compile("Anna Aurora"))).to_be_visible()
    expect(stranger.page.get_by_role("row", name=re.compile("Bjørn Boreal"))).to_be_visible()


def refuse_one_changed_byte(stranger: Visitor, file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    changed = file.with_name("changed.pdf")
    changed.write_bytes(content)
    drop(stranger.page, changed)
    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("Not authentic here")


def drop(page: Page, file: Path) -> None:
    """Drop a file on the verification page, as from a folder of one's desk."""
    page.goto("/verify/")
    held = page.evaluate_handle(
        """([name, bytes]) => {
            const held = new DataTransfer();
            held.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
            return held;
        }""",
        [file.name, base64.b64encode(file.read_bytes()).decode()],
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": held})
    page.wait_for_url("**/verify/?sha256=**")


def talk(ada: Visitor, ben: Visitor, project: str) -> list[float]:
    """Open a thread, and write on it while the other has it open; returns the seconds until each message was there."""
    page, there = ada.page, ben.page
    page.goto(f"{project}threads/")
    page.get_by_role("link", name="Open a thread").click()
    page.get_by_role("textbox", name="What it is about").fill("First night")
    page.get_by_label("Shared").check()
    page.get_by_role("textbox", name="Message").fill("Shall we begin on 3 December?")
    page.get_by_role("button", name="Open it and send to all").click()
    page.wait_for_url("**/threads/T-*/")
    there.goto(page.url)
    expect(there.get_by_text("Shall we begin on 3 December?")).to_be_visible()
    expect(there.locator("body[data-live-state=on]")).to_be_attached()
    page.evaluate(NOTE_WHEN_SENT)
    there.evaluate(NOTE_WHEN_THERE)

    post(page, "Internal", "Their rocket worries me.")
    expect(page.get_by_text("Their rocket worries me.")).to_be_visible()
    sent, arrived = [], []
    for words in ("The radar is ready.", "So is the rocket.", "Then we begin."):
        post(page, "Shared", words)
        expect(there.get_by_text(words)).to_be_visible()
        sent.append(page.evaluate("window.sentAt"))
        # Only the page that was open before has this list; a reload would have lost it.
        arrived.append(there.evaluate("(words) => window.arrived[words]", words))

    expect(there.get_by_text("Their rocket worries me.")).to_have_count(0)
    there.reload()
    expect(there.get_by_text("The radar is ready.")).to_be_visible()
    expect(there.get_by_text("Their rocket worries me.")).to_have_count(0)
    return [round((end - begin) / 1000, 3) for begin, end in zip(sent, arrived, strict=True)]


def post(page: Page, audience: str, words: str) -> None:
    composer = page.locator("#composer")
    composer.get_by_label(audience).check()
    composer.get_by_role("textbox", name="Message").fill(words)
    composer.locator("#send").click()
    expect(composer.get_by_role("textbox", name="Message")).to_have_value("")
