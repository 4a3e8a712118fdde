"""Three parties, three browsers: from a draft through four rounds to a text that all agreed to and that is frozen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from projects import actions as project_actions
from tests import stage
from tests.cast import PASSWORD
from tests.e2e import pages
from tests.e2e.installation import Installation
from tests.e2e.visitor import Visitor, Visitors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def project(portal: Installation) -> str:
    """A project that JAXA leads and that ESA and ISRO have accepted."""
    cast = pages.people()
    mika = cast.actor(cast.mika)
    accepted = stage.accepted_project(cast, title="Sounding of the pole")
    project_actions.invite_partner(accepted, cast.isro, actor=mika)
    project_actions.answer_invitation(accepted, actor=cast.actor(cast.tara), answer="accept")
    return accepted.ref


def signed_in(visit: Visitors, address: str) -> Visitor:
    visitor = visit()
    visitor.sign_in(address, PASSWORD)
    return visitor


def test_three_parties_negotiate_in_four_rounds_and_freeze(project: str, visit: Visitors) -> None:
    jaxa = signed_in(visit, "mika@jaxa.example")
    esa = signed_in(visit, "lucien@esa.example")
    isro = signed_in(visit, "tara@isro.example")
    agreement = draft_and_share(jaxa, project)

    propose_words(esa, agreement, "publication", "Each party names the others in what it publishes.")
    accept(jaxa, agreement, "JAXA")
    accept(isro, agreement, "ISRO")
    expect_words(esa, agreement, "names the others in what it publishes")

    propose_answer(jaxa, agreement, "Confidentiality after the end, for", "7")
    counter(isro, agreement, "Confidentiality after the end, for", "9")
    accept(jaxa, agreement, "JAXA")
    accept(esa, agreement, "ESA")
    expect_words(isro, agreement, "nine (9) years")

    propose_clause(isro, agreement, "Common archive", "The Parties keep one archive.")
    refuse(esa, agreement, "An archive needs money that nobody has.")
    isro.page.goto(agreement)
    expect(isro.page.get_by_text("The Parties keep one archive.")).to_have_count(0)

    propose_words(jaxa, agreement, "disputes", "The Parties settle every difference by talking to each other.")
    expect_round(esa, agreement, "Round 4 waits for ESA and ISRO")
    accept(esa, agreement, "ESA")
    accept(isro, agreement, "ISRO")

    for party in (jaxa, esa, isro):
        party.page.goto(agreement)
        party.page.get_by_role("button", name="We agree to this text").click()
        expect(party.page.get_by_role("button", name="We agree to this text")).to_have_count(0)
    jaxa.page.goto(agreement)
    jaxa.page.get_by_role("button", name="Freeze the text").click()
    expect(jaxa.page.get_by_text("The text is frozen and open for signature")).to_be_visible()
    expect_words(isro, agreement, "The Parties settle every difference by talking to each other.")


def draft_and_share(drafter: Visitor, project: str) -> str:
    """From the project to a shared text, every chapter of the profile with its usual answers."""
    page = drafter.page
    page.goto(f"/agreements/new/?project={project}")
    page.get_by_role("button", name="Draw the draft from the clause library").click()
    while "/profile/" in page.url:
        page.locator("main form.form button.button-primary").click()
        page.wait_for_load_state()
    agreement = page.url.partition("#")[0]
    page.get_by_role("button", name="Share with the other parties").click()
    expect(page.get_by_text("The other parties see the text now")).to_be_visible()
    return agreement


def propose_words(party: Visitor, agreement: str, code: str, words: str) -> None:
    page = party.page
    page.goto(agreement)
    page.locator(f"#{code}").get_by_role("link", name="Propose a change").click()
    page.get_by_label("Words").fill(words)
    page.get_by_role("button", name="Propose these words").click()
    expect(page.get_by_text("is proposed; the other parties are asked.")).to_be_visible()


def propose_answer(party: Visitor, agreement: str, question: str, answer: str) -> None:
    page = party.page
    page.goto(agreement)
    page.get_by_role("link", name="Propose other answers in the profile").click()
    page.get_by_label(question).fill(answer)
    page.get_by_role("button", name="Propose it to the other parties").click()
    expect(page.get_by_text("is proposed; the other parties are asked.")).to_be_visible()


def propose_clause(party: Visitor, agreement: str, heading: str, words: str) -> None:
    page = party.page
    page.goto(agreement)
    page.get_by_role("link", name="Propose a new clause").first.click()
    page.get_by_label("Heading").fill(heading)
    page.get_by_label("Words").fill(words)
    page.get_by_role("button", name="Propose it to the other parties").click()
    expect(page.get_by_text("is proposed; the other parties are asked.")).to_be_visible()


def accept(party: Visitor, agreement: str, agency: str) -> None:
    party.page.goto(agreement)
    party.page.get_by_role("button", name=f"Accept for {agency}").click()
    expect(party.page.get_by_role("button", name=f"Accept for {agency}")).to_have_count(0)
    expect(party.page.get_by_text("accepted").first).to_be_visible()


def counter(party: Visitor, agreement: str, question: str, answer: str) -> None:
    page = party.page
    page.goto(agreement)
    page.get_by_role("link", name="Counter with other words").click()
    page.get_by_label(question).fill(answer)
    page.get_by_role("button", name="Propose these words instead").click()
    expect(page.get_by_text("is proposed; the other parties are asked.")).to_be_visible()


def refuse(party: Visitor, agreement: str, reason: str) -> None:
    page = party.page
    page.goto(agreement)
    page.get_by_role("link", name="Refuse with a reason").click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Refuse for ESA").click()
    expect(page.get_by_text("is refused; every party reads why.")).to_be_visible()


def expect_words(party: Visitor, agreement: str, words: str) -> None:
    party.page.goto(agreement)
    expect(party.page.locator("main")).to_contain_text(words)


def expect_round(party: Visitor, agreement: str, words: str) -> None:
    party.page.goto(agreement)
    expect(party.page.get_by_text(words).first).to_be_visible()
