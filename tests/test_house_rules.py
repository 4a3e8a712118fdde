"""The rules of the house that a reader could forget: doors go through visible_to, only models set a status, forms repeat harmlessly."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ("portal", "agencies", "projects")
DOORS = ("views", "api", "forms", "panels", "pages")
FORBIDDEN_NAMES = {"utils", "helpers", "services", "core", "common", "misc", "manager", "managers"}
SIZE = 300


def sources() -> list[Path]:
    return [
        path
        for name in HOUSE
        for path in sorted((ROOT / name).rglob("*.py"))
        if "migrations" not in path.parts and "static" not in path.parts
    ]


def templates() -> list[Path]:
    return [path for name in HOUSE for path in sorted((ROOT / name).rglob("*.html"))]


def is_door(path: Path) -> bool:
    return (path.stem in DOORS or path.parent.name in DOORS) and "demo" not in path.parts


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# Rows that belong to nobody's agency, or to the reader alone, and a public page that looks a file up by its hash.
PAST_VISIBLE = {
    ("portal/inbox/views.py", "Preference"),
    ("portal/history/views.py", "Checkpoint"),
    ("portal/history/views.py", "Leaf"),
    ("portal/history/views.py", "SigningKey"),
    ("portal/history/api.py", "Checkpoint"),
    ("portal/history/api.py", "Leaf"),
    ("portal/history/api.py", "SigningKey"),
}
# What a queryset method called directly on a manager already limits to the reader.
LIMITED = {
    "known_to",
    "naming",
    "read_by",
    "readable_by",
    "visible_to",
    "inside_for",
    "for_actor",
    "seen_by",
    "by_token",
    "none",
}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def past_visible(path: Path) -> list[str]:
    """Where a door calls a manager directly."""
    past = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "objects":
            owner = node.value.value
            model = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if node.attr not in LIMITED and (named(path), model) not in PAST_VISIBLE:
                past.append(f"{named(path)}:{node.lineno} {model}.objects.{node.attr}")
    return past


def assigned_statuses(path: Path) -> list[str]:
    return [
        f"{named(path)}:{node.lineno}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr == "status"
    ]


# Each rule is one test over all files: thousands of tests of a millisecond cost more to hand out than to run.


def test_there_are_files_to_hold_against_the_rules():
    assert len(sources()) > 100
    assert len(templates()) > 100
    assert any(is_door(path) for path in sources())


def test_a_door_reaches_rows_only_through_what_the_actor_may_see():
    assert [place for path in sources() if is_door(path) for place in past_visible(path)] == []


def test_only_models_assign_a_status():
    others = [path for path in sources() if path.stem != "models" and "models" not in path.parts]

    assert [place for path in others for place in assigned_statuses(path)] == []


def test_a_module_says_in_one_sentence_what_is_in_it():
    filled = [path for path in sources() if path.read_text().strip()]

    assert [named(path) for path in filled if not ast.get_docstring(tree_of(path))] == []


def test_a_file_stays_small_and_is_named_for_a_noun():
    # Settings are one list that people read from top to bottom; what agencies run themselves travels as one file.
    long = [path for path in sources() if len(path.read_text().splitlines()) > SIZE]

    assert [named(path) for path in long if path.name not in ("settings.py", "verify.py", "witness.py")] == []
    assert [named(path) for path in sources() if path.stem in FORBIDDEN_NAMES] == []


# Signing out and switching the agency are idempotent, and a repeat must act again; allauth's own forms keep their own state;
# verifying stores nothing.
WITHOUT_ONCE = re.compile(r"account_logout|agencies:act-for|allauth|account/|mfa/|data-verify|inbox:read|formmethod")
FORM = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", re.S | re.I)


OTHERS = {"allauth", "account", "mfa", "admin"}


def test_every_form_that_acts_carries_a_one_time_key():
    for path in templates():
        for form in FORM.findall(path.read_text()) if OTHERS.isdisjoint(path.parts) else ():
            head = form[: form.index(">") + 1]
            if not WITHOUT_ONCE.search(head):
                assert "{% once %}" in form, f"{named(path)}: {head}"
                assert "{% csrf_token %}" in form, f"{named(path)}: {head}"


def test_no_inline_style_or_script():
    for path in templates():
        text = path.read_text()
        assert not re.search(r"\sstyle=\"", text), named(path)
        assert not re.search(r"\son[a-z]+=\"", text), named(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), named(path)
        # Help texts are ours or Django's own; the validators of passwords write theirs as a list.
        assert "|safe" not in text.replace("help_text|safe", ""), named(path)


def test_stylesheets_use_logical_properties_only():
    physical = re.compile(
        r"(?<![\w-])(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![\w-])(?:left|right)\s*:|text-align:\s*(?:left|right)"
    )
    for path in (ROOT / "portal/static").rglob("*.css"):
        if path.name != "admin.css":
            assert not physical.findall(path.read_text()), named(path)


@pytest.mark.xdist_group("together")
def test_tests_of_one_group_stay_with_one_worker(request: pytest.FixtureRequest):
    """Without it every world is built once for each worker, and the suite takes half as long again."""
    shared_out = request.config.getoption("numprocesses", None) or hasattr(request.config, "workerinput")

    assert request.node.nodeid.endswith("@together") or not shared_out
