"""What each reader learns of how a text came about: the drafter all, the parties what was shared, others the text alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from projects.agreements import actions, negotiation
from projects.agreements.models import Agreement
from projects.agreements.policies import AgreementPolicy
from projects.agreements.shown import read_text
from projects.agreements.versions import wordings_shown
from tests import stage
from tests.kept import kept
from tests.projects.agreements.negotiating import accepted, agree, current_hash, fresh, reword
from tests.projects.agreements.test_tree import relied_on

pytestmark = pytest.mark.django_db

SECRET = "At most ten million, our fallback."
SHARED = "Notices are sent by letter."


def page(cast: Any, person: Any, name: str, agreement: Any, *more: str, query: str = "") -> Any:
    return cast.client(person).get(reverse(f"agreements:{name}", args=[agreement.ref, *more]) + query)


@kept
def redrafted(cast: Any) -> Agreement:
    """Shared with ESA in its third revision; the second held words that JAXA took back."""
    mika = cast.actor(cast.mika)
    draft = stage.drafted_agreement(cast)
    for words in (SECRET, SHARED):
        draft = fresh(actions.word_clause(draft, "notices", actor=mika, text=words))
    return fresh(actions.share(draft, actor=mika))


@kept
def read_along(cast: Any) -> Agreement:
    """An amendment between JAXA and ESA that ISRO reads, because a clause is changed on which it may rely."""
    mika = cast.actor(cast.mika)
    amendment = actions.draft_amendment(relied_on(cast), actor=mika)
    for words in (SECRET, SHARED):
        amendment = fresh(actions.word_clause(amendment, "confidentiality", actor=mika, text=words))
    return fresh(actions.share(amendment, actor=mika))


def redline_of(cast: Any, person: Any, agreement: Agreement, code: str) -> str:
    """What a reader's page marks in a clause, with the runs set apart; "" for nothing."""
    rows = read_text(AgreementPolicy(cast.actor(person), _along(cast, person, agreement))).rows
    row = next(row for row in rows if row.clause.code == code)
    return "|".join(f"{op} {text}" for op, text in row.redline or [])


def _along(cast: Any, person: Any, agreement: Agreement) -> Agreement:
    actor = cast.actor(person)
    visible = Agreement.objects.visible_to(actor).for_pages()
    found = negotiation.along(visible, agency_id=actor.agency_id, about="").get(pk=agreement.pk)
    negotiation.keep(found)
    return found


def test_words_that_were_taken_back_before_sharing_are_on_no_page_of_another_party(cast):
    agreement = redrafted(cast)

    for name, more in (("agreement", ()), ("clause", ("notices",)), ("versions", ()), ("history", ())):
        found = page(cast, cast.lucien, name, agreement, *more)
        assert found.status_code == 200
        assert "fallback" not in found.text


def test_the_first_text_that_a_party_reads_has_no_marks(cast):
    agreement = redrafted(cast)

    reading = read_text(AgreementPolicy(cast.actor(cast.lucien), _along(cast, cast.lucien, agreement)))

    assert not any(row.redline or row.is_new for row in reading.rows)


def test_the_drafter_still_reads_its_own_drafts(cast):
    agreement = redrafted(cast)

    assert "fallback" in redline_of(cast, cast.mika, agreement, "notices")
    assert "fallback" in page(cast, cast.mika, "clause", agreement, "notices").text


def test_what_changes_after_sharing_is_marked_against_the_words_that_were_shared(cast):
    agreement = redrafted(cast)
    change = reword(cast, agreement, cast.mika, text="Notices are sent by post.")
    accepted(cast, agreement, change, cast.lucien)

    marked = redline_of(cast, cast.lucien, agreement, "notices")

    assert marked == "same Notices are sent by |del letter.|ins post."


def test_earlier_wordings_begin_with_the_one_that_was_shared_also_where_it_is_older(cast):
    agreement = redrafted(cast)
    change = reword(cast, agreement, cast.mika, code="disputes", text="The Parties talk.")
    accepted(cast, agreement, change, cast.lucien)
    lucien, mika = cast.actor(cast.lucien), cast.actor(cast.mika)

    assert [row.revision for row in wordings_shown(agreement, "disputes", lucien)] == [4, 1]
    assert [row.revision for row in wordings_shown(agreement, "notices", lucien)] == [3]
    assert [row.revision for row in wordings_shown(agreement, "notices", mika)] == [3, 2, 1]


def test_a_translation_of_a_draft_does_not_show_the_draft_as_what_changed(cast):
    mika = cast.actor(cast.mika)
    draft = stage.drafted_agreement(cast)
    actions.set_languages(draft, actor=mika, languages=["fr"])
    draft = fresh(actions.word_clause(fresh(draft), "notices", actor=mika, text=SECRET))
    actions.translate_clause(draft, "notices", actor=mika, language="fr", heading="Avis", text="Par lettre.")
    draft = fresh(actions.word_clause(fresh(draft), "notices", actor=mika, text=SHARED))
    agreement = fresh(actions.share(draft, actor=mika))

    assert "fallback" in page(cast, cast.mika, "translate-clause", agreement, "fr", "notices").text
    found = page(cast, cast.lucien, "translate-clause", agreement, "fr", "notices")
    assert (found.status_code, "fallback" in found.text, "by letter" in found.text) == (200, False, True)


def test_who_reads_without_being_a_party_sees_no_marks(cast):
    amendment = read_along(cast)
    change = actions.propose_change(
        amendment, actor=cast.actor(cast.lucien), operation="reword", code="confidentiality", text="Seven years."
    )
    accepted(cast, amendment, change, cast.mika)

    assert "Seven" in redline_of(cast, cast.lucien, amendment, "confidentiality")
    assert redline_of(cast, cast.tara, amendment, "confidentiality") == ""
    found = page(cast, cast.tara, "agreement", amendment)
    assert found.status_code == 200
    assert "Seven years." in found.text
    assert not re.search(r"<(ins|del)>|fallback|Changed in revision|Round \d", found.text)
    assert "Round 1" in page(cast, cast.lucien, "agreement", amendment).text


def test_proposed_words_fill_no_form_of_who_is_no_party(cast):
    amendment = read_along(cast)
    lucien = cast.actor(cast.lucien)
    actions.propose_change(
        amendment, actor=lucien, operation="reword", code="confidentiality", text="Told to none.", note="Why so."
    )
    actions.propose_change(amendment, actor=lucien, operation="add", heading="More", text="Nor this.")

    inside = page(cast, cast.mika, "clause", amendment, "confidentiality", query="?again=1")
    found = page(cast, cast.tara, "clause", amendment, "confidentiality", query="?again=1")

    assert "Told to none." in inside.text
    assert found.status_code == 200
    assert not re.search("Told to none|Why so", found.text)
    assert page(cast, cast.tara, "propose", amendment, query="?again=2").status_code == 403


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("place-bracket", ("confidentiality",)),
        ("propose", ()),
        ("outline", ()),
        ("add-clause", ()),
        ("translate-title", ("fr",)),
        ("translate-clause", ("fr", "notices")),
    ],
)
def test_pages_to_work_on_a_text_are_for_its_parties(cast, name, more):
    amendment = read_along(cast)
    if more[:1] == ("fr",):
        actions.set_languages(amendment, actor=cast.actor(cast.mika), languages=["fr"])
        more = (*more[:1], *(fresh(amendment).clauses.get(part="own", position=1).code for _code in more[1:]))

    assert page(cast, cast.tara, name, amendment, *more).status_code == 403
    assert page(cast, cast.lucien, name, amendment, *more).status_code == 200


def test_the_languages_lead_who_is_no_party_to_no_page_that_refuses_it(cast):
    amendment = read_along(cast)
    actions.set_languages(amendment, actor=cast.actor(cast.mika), languages=["fr"])

    found = page(cast, cast.tara, "languages", amendment)

    assert found.status_code == 200
    assert "/languages/fr/" not in found.text
    assert "/languages/fr/" in page(cast, cast.lucien, "languages", amendment).text


@kept
def frozen(cast: Any) -> Agreement:
    """The amendment that ISRO reads, and to which it consents, open for signature."""
    amendment, tara = read_along(cast), cast.actor(cast.tara)
    actions.consent_to_amendment(amendment, actor=tara, sha256=current_hash(cast, amendment, cast.tara))
    return actions.freeze(agree(cast, amendment, cast.mika, cast.lucien), actor=cast.actor(cast.mika))


def test_reasons_are_between_the_parties(cast):
    amendment = frozen(cast)
    actions.reopen(amendment, actor=cast.actor(cast.lucien), reason="Our minister refuses.")

    assert "Our minister refuses." in page(cast, cast.mika, "history", amendment).text
    for name in ("history", "agreement"):
        found = page(cast, cast.tara, name, amendment)
        assert (found.status_code, "minister" in found.text) == (200, False)


def test_why_a_party_declined_is_between_the_parties(cast):
    amendment = frozen(cast)
    stage.decline(cast, amendment, cast.ingrid)

    read = {
        person.name: (page(cast, person, "agreement", amendment).text, program(cast, person, amendment))
        for person in (cast.mika, cast.tara)
    }

    html, json = read[cast.mika.name]
    assert ("No budget." in html, json["decline_reason"]) == (True, "No budget.")
    html, json = read[cast.tara.name]
    assert ("No budget." in html, json["decline_reason"]) == (False, "")


def program(cast: Any, person: Any, agreement: Agreement) -> dict[str, Any]:
    found: dict[str, Any] = cast.client(person).get(f"/api/v1/agreements/{agreement.ref}/").json()
    return found


def test_a_program_of_who_is_no_party_reads_nothing_of_the_negotiation(cast):
    amendment = read_along(cast)
    reword(cast, amendment, cast.lucien, code="confidentiality")
    actions.withdraw_change(amendment, 1, actor=cast.actor(cast.lucien))
    agree(cast, amendment, cast.mika)

    inside, outside = program(cast, cast.lucien, amendment), program(cast, cast.tara, amendment)

    assert inside["round"] == 1
    assert [bool(party["agreed_sha256"] and party["agreed_at"]) for party in inside["parties"]] == [True, False]
    assert outside["round"] is None
    assert {(party["agreed_sha256"], party["agreed_at"]) for party in outside["parties"]} == {("", None)}
    assert [party["agency"] for party in outside["parties"]] == [party["agency"] for party in inside["parties"]]
    stands = page(cast, cast.tara, "agreement", amendment).text
    assert not re.search("Not yet|Mika Hoshino", stands)


def test_a_program_of_who_is_no_party_reads_the_same_in_a_list(cast):
    amendment = read_along(cast)
    agree(cast, amendment, cast.mika)

    (listed,) = [
        row
        for row in cast.client(cast.tara).get("/api/v1/agreements/").json()["results"]
        if row["ref"] == amendment.ref
    ]

    assert (listed["round"], {party["agreed_sha256"] for party in listed["parties"]}) == (None, {""})
