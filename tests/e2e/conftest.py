"""The real portal, a real Chromium and people who use it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from tests.database import empty, environment
from tests.e2e.installation import Installation
from tests.e2e.visitor import Visitors

CHROMIUM_WORDS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """This worker's database for a whole module, emptied afterwards: the environment of commands that work on it."""
    with django_db_blocker.unblock():
        yield environment()
        connection.close()
        empty()


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of every portal of this run, so that static files are collected once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def portal(request: pytest.FixtureRequest, database: dict[str, str], data: Path) -> Iterator[Installation]:
    """The portal on a free port, with as many web processes as the module names. Its log must not tell of a crash."""
    running = Installation(database, data, web_processes=getattr(request.module, "WEB_PROCESSES", 1))
    try:
        yield running
        assert running.errors() == [], running.log.read_text()
    finally:
        running.stop()


@pytest.fixture(scope="module")
def browser(portal: Installation) -> Iterator[Browser]:
    """Chromium, installed or named by CONCORD_CHROMIUM; without one these tests fail.

    It comes after the portal and goes before it: Django refuses its database beside the event loop that drives a browser.
    """
    program = os.environ.get("CONCORD_CHROMIUM") or shutil.which("chromium")
    assert program, "These tests need Chromium: install it, or say where it is in CONCORD_CHROMIUM."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_WORDS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def visit(browser: Browser, portal: Installation) -> Iterator[Visitors]:
    """Bring somebody; nothing may complain in any browser until all have left."""
    visitors = Visitors(browser, portal)
    yield visitors
    visitors.leave()
    assert visitors.complaints() == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Say of a failed test which page everybody was on, and what it showed."""
    report = yield
    visitors = getattr(item, "funcargs", {}).get("visit")
    if report.failed and call.when == "call" and visitors is not None:
        report.sections += [("a browser's last page", words) for words in visitors.sights()]
    return report
