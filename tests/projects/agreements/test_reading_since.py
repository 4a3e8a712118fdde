"""From when a text is read by who is no party of it: from the one that was shown; how the parties came to it is theirs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from projects import actions as project_actions
from projects.agreements import actions
from projects.agreements.models import Agreement
from projects.agreements.versions import first_shown, first_text_shown, revisions_of, texts_of, wordings_shown
from tests import stage
from tests.kept import kept
from tests.projects.agreements.negotiating import accepted, fresh, reword

pytestmark = pytest.mark.django_db

FIRST, SECOND, LAST = "Our first offer.", "By telegram, as was agreed at first.", "Notices are sent by letter."


@pytest.fixture
@kept
def agreement(cast) -> Agreement:
    """Between JAXA and ESA, in force after a change, a frozen text, another change and another frozen text; ISRO accedes."""
    mika = cast.actor(cast.mika)
    shared = actions.share(
        actions.word_clause(stage.drafted_agreement(cast), "notices", actor=mika, text=FIRST), actor=mika
    )
    accepted(cast, shared, reword(cast, shared, cast.mika, text=SECOND), cast.lucien)
    frozen = actions.freeze(stage.agree(cast, fresh(shared)), actor=mika)
    reopened = actions.reopen(frozen, actor=mika, reason="Other words.")
    accepted(cast, reopened, reword(cast, reopened, cast.mika, text=LAST), cast.lucien)
    frozen = actions.freeze(stage.agree(cast, fresh(reopened)), actor=mika)
    for person in (cast.kenji, cast.ingrid):
        stage.sign(cast, frozen, person)
    agreement = actions.enter_into_force(fresh(frozen), actor=mika)
    project_actions.invite_partner(agreement.project, cast.isro, actor=mika)
    project_actions.answer_invitation(agreement.project, actor=cast.actor(cast.tara), answer="accept")
    actions.share(actions.draft_accession(agreement, actor=mika, newcomer=cast.isro), actor=mika)
    return fresh(agreement)


def get(cast, person, agreement, name, query=""):
    return cast.client(person).get(reverse(f"agreements:{name}", args=[agreement.ref]) + query)


def keys(versions):
    return [version.key for version in versions]


def test_a_reader_starts_with_the_text_that_stood_when_it_was_let_in(cast, agreement):
    tara, lucien = cast.actor(cast.tara), cast.actor(cast.lucien)

    assert (keys(revisions_of(agreement, tara)), keys(texts_of(agreement, tara))) == (["r4"], ["v2"])
    assert (first_shown(agreement, tara), first_text_shown(agreement, tara)) == (4, 2)
    assert [row.revision for row in wordings_shown(agreement, "notices", tara)] == [4]
    assert (keys(revisions_of(agreement, lucien)), keys(texts_of(agreement, lucien))) == (
        ["r4", "r3", "r2"],
        ["v2", "v1"],
    )


@pytest.mark.parametrize(
    ("older", "newer"),
    [("r2", "r4"), ("r3", "r4"), ("r4", "r3"), ("v1", "v2"), ("v2", "v1"), ("r3", "model"), ("model", "v1")],
)
def test_a_reader_compares_nothing_from_before(cast, agreement, older, newer):
    query = f"?from={older}&to={newer}"

    asked = cast.client(cast.tara).get(f"/api/v1/agreements/{agreement.ref}/compare/{query}")

    assert asked.status_code == 404
    found = get(cast, cast.tara, agreement, "compare", query)
    assert found.status_code in (404, 422)
    assert "telegram" not in found.content.decode()
    assert get(cast, cast.lucien, agreement, "compare", query).status_code == 200


@pytest.mark.parametrize("name", ["agreement", "versions", "compare", "history", "in-force", "annexes", "sign"])
def test_no_page_shows_a_reader_the_words_from_before(cast, agreement, name):
    found = get(cast, cast.tara, agreement, name)

    assert found.status_code == 200
    assert "telegram" not in found.content.decode()
    assert FIRST not in found.content.decode()


@pytest.mark.parametrize("version", ["r2", "r3", "v1"])
@pytest.mark.parametrize("name", ["docx", "markdown", "text"])
def test_no_file_gives_a_reader_the_words_from_before(cast, agreement, name, version):
    assert get(cast, cast.tara, agreement, name, f"?version={version}").status_code == 404
    assert get(cast, cast.lucien, agreement, name, f"?version={version}").status_code == 200


def test_a_reader_compares_what_it_was_shown_with_the_model(cast, agreement):
    found = get(cast, cast.tara, agreement, "compare", "?from=model&to=v2")

    assert found.status_code == 200
    assert "sent by letter" in found.content.decode()


def test_the_api_lists_to_a_reader_what_it_may_read(cast, agreement):
    path = f"/api/v1/agreements/{agreement.ref}/revisions/"

    listed = cast.client(cast.tara).get(path).json()

    assert [[row["key"] for row in listed[name]] for name in ("texts", "revisions")] == [["v2"], ["r4"]]
