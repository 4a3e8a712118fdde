"""The editor of an amendment: its own clauses beside those of the text that it changes, each with its own model."""

from __future__ import annotations

import pytest
from django.urls import reverse

from projects.agreements import actions
from projects.agreements.languages import missing_translations
from projects.agreements.models import Agreement, Part
from tests import stage
from tests.kept import kept


def address(name, agreement, *more):
    return reverse(f"agreements:{name}", args=[agreement.ref, *more])


@pytest.fixture
@kept
def amendment(cast):
    """JAXA's draft of a change to an IP-sharing agreement in force."""
    return actions.draft_amendment(stage.agreement_in_force(cast), actor=cast.actor(cast.mika), title="First amendment")


def fresh(agreement):
    return Agreement.objects.get(pk=agreement.pk)


def test_both_parts_are_arranged_on_one_page(cast, amendment):
    html = cast.client(cast.mika).get(address("outline", amendment)).content.decode()

    assert "Of the instrument itself" in html
    assert "Of the text that it amends" in html


def test_a_wording_of_the_amended_text_answers_the_amended_profile(cast, amendment):
    response = cast.client(cast.mika).post(
        address("choose-alternate", amendment, "periods", "working"), {"version": amendment.version}
    )

    changed = fresh(amendment)
    assert response.status_code == 302
    assert changed.amended_profile["day_basis"] == "working"
    assert "day_basis" not in changed.profile
    assert changed.clauses.get(code="periods").part == Part.AMENDED


def test_a_clause_of_the_amended_text_gets_other_words(cast, amendment):
    client = cast.client(cast.mika)

    assert client.get(address("clause", amendment, "notices")).status_code == 200
    client.post(address("clause", amendment, "notices"), {"text": "By letter.", "version": amendment.version})

    assert fresh(amendment).clauses.get(code="notices").text == "By letter."


def test_only_the_clauses_of_the_amendment_itself_are_translated(cast, amendment):
    agreement = actions.set_languages(amendment, actor=cast.actor(cast.mika), languages=["fr"])

    own = agreement.clauses.filter(part=Part.OWN).count()
    assert len(missing_translations(fresh(agreement))) == own + 1
    client = cast.client(cast.mika)
    assert "not the text that it amends" in client.get(address("languages", agreement)).content.decode()
    assert client.get(address("translate-clause", agreement, "fr", "periods")).status_code == 404
