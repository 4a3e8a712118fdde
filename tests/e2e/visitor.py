"""Somebody in a browser of their own: a context with its cookies, a page, and a watch over everything it complains of."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, WebError, expect

from tests.e2e.installation import Installation

PATIENCE_MS = 20_000
MOST_WORDS = 3_000
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


class Visitors:
    """Everybody who came in one module; call it to bring one more."""

    def __init__(self, browser: Browser, portal: Installation) -> None:
        self._browser, self._portal = browser, portal
        self._came: list[Visitor] = []

    def __call__(self, **options: Any) -> Visitor:
        self._came.append(Visitor(self._browser, self._portal, **options))
        return self._came[-1]

    def leave(self) -> None:
        for visitor in self._came:
            visitor.context.close()

    def complaints(self) -> list[str]:
        return [complaint for visitor in self._came for complaint in visitor.complaints]

    def sights(self) -> list[str]:
        """The address and the words of everybody's page, without what can be chosen in long lists."""
        pages = [visitor.page for visitor in self._came if not visitor.page.is_closed()]
        for page in pages:
            page.evaluate("document.querySelectorAll('select').forEach((list) => list.remove())")
        return [f"{page.url}\n{page.inner_text('body')[:MOST_WORDS]}" for page in pages]
