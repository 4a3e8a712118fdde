"""Somebody in a browser of their own: a context with its cookies, a page, and a watch over everything it complains of."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, WebError, expect

from tests.e2e.installation import Installation

PATIENCE_MS = 15_000
# What the console says of every answer with a status of 400 or more; pages that refuse are opened on purpose.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")

expect.set_options(timeout=PATIENCE_MS)


class Visitor:
    """A person, or a stranger from the street, with a browser that nobody else uses."""

    def __init__(self, browser: Browser, portal: Installation, **options: Any) -> None:
        self.portal = portal
        self.complaints: list[str] = []
        self.context = browser.new_context(base_url=portal.url, locale="en-GB", **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("console", self._hear)
        self.context.on("weberror", self._note)
        self.page: Page = self.context.new_page()

    def sign_in(self, address: str, password: str) -> None:
        self.page.goto("/account/login/")
        self.page.get_by_label("Email").fill(address)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.locator("summary.person")).to_be_visible()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not ANSWERED.search(message.text):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _note(self, error: WebError) -> None:
        self.complaints.append(f"{error.page.url if error.page else ''}: {error.error}")
