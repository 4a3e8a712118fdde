"""Every kind of page: no violation found by axe, no sideways scrolling, nothing that the browser complains of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.cast import PASSWORD
from tests.e2e import pages
from tests.e2e.installation import Installation
from tests.e2e.pages import SIGHTS, Sight
from tests.e2e.visitor import Visitor, Visitors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

WIDTHS = (390, 768, 1280, 1600)
HEIGHT = 900
MOST_TABS = 150
ADDRESSES = {
    "mika": "mika@jaxa.example",
    "kenji": "kenji@jaxa.example",
    "sora": "sora@jaxa.example",
    "lucien": "lucien@esa.example",
    "tara": "tara@isro.example",
    "noor": "noor@elsewhere.example",
}
AXE = Axe()
# The rules that would fetch style sheets and media again do not concern pages without rotation locks and sound.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


@pytest.fixture(scope="module")
def scene(portal: Installation) -> dict[str, str]:
    """The references of records in every state."""
    return pages.build()


@pytest.fixture(scope="module")
def company(scene: dict[str, str], visit: Visitors) -> Callable[[str], Visitor]:
    """Find a person's browser, signed in since they were first asked for; nobody's name is nobody signed in."""
    here: dict[str, Visitor] = {}

    def find(who: str) -> Visitor:
        if who not in here:
            here[who] = visit(reduced_motion="reduce")
            if who:
                here[who].sign_in(ADDRESSES[who], PASSWORD)
        return here[who]

    return find


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_is_open_to_everybody(sight: Sight, scene: dict[str, str], company: Callable[[str], Visitor]) -> None:
    visitor = company(sight.who)
    page = visitor.page
    page.set_viewport_size({"width": 1280, "height": HEIGHT})

    answer = page.goto(sight.path.format_map(scene))

    assert answer is not None
    assert answer.status == sight.status
    assert {width for width in WIDTHS if _scrolls_sideways(page, width)} == set()
    assert _violations(page, 1280, "light") == []
    assert _violations(page, 390, "dark") == []
    assert visitor.complaints == []


def test_a_form_that_refuses_is_open_to_everybody(company: Callable[[str], Visitor]) -> None:
    visitor = company("noor")
    page = visitor.page
    page.goto("/agencies/register/")

    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("alert")).to_be_focused()
    assert _violations(page, 1280, "light") == []
    assert _violations(page, 390, "dark") == []
    assert visitor.complaints == []


def test_a_conflict_is_open_to_everybody(scene: dict[str, str], company: Callable[[str], Visitor]) -> None:
    visitor = company("mika")
    page, other = visitor.page, visitor.context.new_page()
    for tab in (page, other):
        tab.goto(f"/projects/{scene['draft']}/edit/")
    other.get_by_label("Summary").fill("Listen where nobody talks.")
    other.get_by_role("button", name="Save the draft").click()
    other.wait_for_url(f"**/projects/{scene['draft']}/")
    other.close()

    page.get_by_label("Summary").fill("Listen behind the Moon.")
    page.get_by_role("button", name="Save the draft").click()

    expect(page.get_by_text("Newer, saved meanwhile").first).to_be_visible()
    assert _violations(page, 1280, "light") == []
    assert _violations(page, 390, "dark") == []
    assert visitor.complaints == []


def test_the_documentation_of_the_api_opens_without_complaint(company: Callable[[str], Visitor]) -> None:
    visitor = company("")

    visitor.page.goto("/api/v1/docs/")
    visitor.page.get_by_role("link", name="agreements", exact=True).click()

    expect(visitor.page.get_by_text("/api/v1/agreements/", exact=True).first).to_be_visible()
    assert visitor.complaints == []


def test_a_signatory_signs_with_the_keyboard_alone(visit: Visitors, scene: dict[str, str]) -> None:
    visitor = visit()
    page = visitor.page
    page.goto("/account/login/")
    _tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(ADDRESSES["kenji"])
    _tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("summary.person")).to_be_visible()

    _tab_to(page, page.get_by_role("link", name=re.compile("^Sign")))
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign/")
    for section in page.get_by_role("checkbox", name="I have read: ").all():
        _tab_to(page, section)
        page.keyboard.press("Space")
    _tab_to(page, page.get_by_label("Your name"))
    page.keyboard.type("kenji amanogawa")
    _tab_to(page, page.get_by_role("checkbox", name="I have read version"))
    page.keyboard.press("Space")
    _tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    _tab_to(page, page.get_by_role("button", name="Sign for JAXA"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Signed for JAXA. It is in the ledger.")).to_be_visible()
    assert visitor.complaints == []


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus, and see that a reader can see that it has."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            outline = wanted.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline != "none", f"no focus is shown at {wanted}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} times Tab do not reach {wanted}")


def _scrolls_sideways(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def _violations(page: Page, width: int, scheme: Any) -> list[str]:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme)
    found = AXE.run(page, options=OPTIONS).response["violations"]
    return [
        f"{width} {scheme}: {violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
    ]
