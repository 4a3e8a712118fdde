"""The documents say what is true: every setting and every event verb is in them, and they name nothing that is gone."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from portal.history import verbs

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def test_every_setting_that_is_read_is_documented():
    read = set()
    for name in ("portal", "agencies", "projects"):
        for path in (ROOT / name).rglob("*.py"):
            read |= set(re.findall(r"\b(CONCORD_[A-Z_]+|DATABASE_URL|DATABASE_OWNER_URL)\b", path.read_text()))
    documented = (ROOT / "docs/settings.md").read_text()

    assert {name for name in read if f"`{name}`" not in documented} == set()


def test_every_event_verb_is_documented():
    documented = (ROOT / "docs/events.md").read_text()

    assert [verb.name for verb in verbs.registered() if f"`{verb.name}`" not in documented] == []


def test_every_documented_verb_exists():
    documented = set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", (ROOT / "docs/events.md").read_text(), re.M))

    assert documented - {verb.name for verb in verbs.registered()} == set()


def test_every_link_between_documents_leads_somewhere():
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    links = [(path, target) for path in documents for target in LINK.findall(path.read_text())]
    broken = [f"{path.name}: {target}" for path, target in links if not (path.parent / target).exists()]
    assert broken == []


def test_every_make_command_in_the_readme_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make ([a-z]+)", (ROOT / "README.md").read_text()))

    assert named
    assert named <= targets


def test_every_panel_and_tab_of_the_settings_resolves():
    from portal.kit.composition import load

    for setting in ("PROJECT_TABS", "PROJECT_PANELS", "HOME_PANELS"):
        for dotted in getattr(settings, setting):
            assert callable(load(dotted))


def test_the_pages_that_documents_name_exist():
    for name in ("verify", "history:ledger", "schema-docs"):
        try:
            reverse(name)
        except NoReverseMatch:
            raise AssertionError(name) from None
