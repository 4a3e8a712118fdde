"""Reading a text that is to be signed: every section ticked, the name typed, the sentence confirmed."""

from __future__ import annotations

from playwright.sync_api import Page


def read_and_confirm(page: Page, name: str) -> None:
    """Everything on the signing page but the proof of who it is."""
    for section in page.get_by_role("checkbox", name="I have read: ").all():
        section.check()
    page.get_by_label("Your name").fill(name)
    page.get_by_role("checkbox", name="I have read version").check()
