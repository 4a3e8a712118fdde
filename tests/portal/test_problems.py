"""The page that explains the codes of problems: every code is there, each with a status and words."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re

import pytest

from portal.problems import GENERAL, problems
from tests.cast import Cast

FROM_HELPERS = {"role-needed", "not-accepted", "not-active", "mandate-expired", "classified", "stale-version"}


def test_every_code_has_a_status_and_words() -> None:
    found = {problem.code: problem for problem in problems()}

    assert set(GENERAL) | FROM_HELPERS <= set(found)
    assert all(problem.words and problem.statuses <= set(range(400, 600)) for problem in found.values())
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in found)
    assert found["role-needed"].statuses == {403}
    assert found["not-active"].statuses == {409}


def test_no_policy_and_no_action_has_a_code_of_its_own() -> None:
    """Every word that stands in a refusal where a code stands, found without reading how it gets there."""
    listed = {problem.code for problem in problems()}
    for app in ("agencies", "projects", "portal"):
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if "policies" not in module.name and "actions" not in module.name:
                continue
            source = inspect.getsource(importlib.import_module(module.name))
            refused = re.findall(r'(?:Forbidden|NotNow)\((?:[^()]|\([^()]*\))*?code="([a-z-]+)"', source)
            assert set(refused) <= listed, module.name


@pytest.mark.django_db
def test_the_address_of_a_problem_leads_to_its_words(cast: Cast) -> None:
    refused = cast.client(cast.noor).get("/api/v1/projects/P-2020-0001/").json()
    address, _hash, code = refused["type"].partition("#")

    for person in (None, cast.mika):
        page = cast.client(person).get(address)
        assert page.status_code == 200
        assert f'id="{code}"' in page.content.decode()
