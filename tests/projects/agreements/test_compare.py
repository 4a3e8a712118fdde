"""Comparing two texts: clause by clause, answer by answer, and everything around them; on the page and in the API."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from projects.agreements import actions
from projects.agreements.compare import arrangement, compare, spelled
from tests import stage
from tests.projects.agreements.documents import amending, document, in_languages

CODES = st.lists(st.sampled_from("abcdefgh"), unique=True)


def states(comparison):
    return [(clause.code, clause.state, clause.is_moved) for clause in comparison.clauses]


def address(name, agreement, query=""):
    return reverse(f"agreements:{name}", args=[agreement.ref]) + query


def edited(cast):
    """JAXA's draft of two revisions."""
    agreement = stage.drafted_agreement(cast)
    return actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text="Notices go by raven only.")


def test_the_same_text_has_no_difference():
    comparison = compare(document(), document())

    assert comparison.is_same
    assert comparison.count("same") == 3


def test_each_clause_is_the_same_changed_added_or_removed():
    old = document(("purpose", "One."), ("term", "Five years."), ("law", "France."))
    new = document(("purpose", "One."), ("tax", "None."), ("term", "Six years."))

    comparison = compare(old, new)

    assert states(comparison) == [
        ("purpose", "same", False),
        ("tax", "added", False),
        ("term", "changed", False),
        ("law", "removed", False),
    ]
    assert comparison.clauses[2].text == [("del", "Five "), ("ins", "Six "), ("same", "years.")]
    assert (comparison.clauses[3].old_number, comparison.clauses[3].new_number) == (3, 0)
    assert comparison.clauses[3].words == "France."


def test_a_clause_that_moved_is_named_and_those_it_passed_are_not():
    old = document(("a", "A."), ("b", "B."), ("c", "C."), ("d", "D."))
    new = document(("d", "D."), ("a", "A."), ("b", "B."), ("c", "C."))

    assert states(compare(old, new)) == [
        ("d", "same", True),
        ("a", "same", False),
        ("b", "same", False),
        ("c", "same", False),
    ]
    assert not compare(old, new).is_same


def test_a_clause_in_which_only_the_number_of_another_changed_is_told_apart():
    old = document(("a", "See Clause\N{NO-BREAK SPACE}2 (Bees)."), ("b", "B."))
    new = document(("a", "See Clause\N{NO-BREAK SPACE}3 (Bees)."), ("c", "C."), ("b", "Bee."))

    renumbered = {clause.code: clause.is_renumbered for clause in compare(old, new).clauses}

    assert renumbered == {"a": True, "c": False, "b": False}


def test_a_clause_can_move_and_change():
    old = document(("a", "A."), ("b", "B."), ("c", "C."))
    new = document(("c", "Sea."), ("a", "A."), ("b", "B."))

    assert states(compare(old, new))[0] == ("c", "changed", True)


@given(CODES, CODES)
def test_an_arrangement_spells_both_orders(old, new):
    steps = arrangement(old, new)

    assert [code for step, code in steps if step in ("kept", "removed", "moved_away")] == old
    assert [code for step, code in steps if step in ("kept", "added", "moved_here")] == new


@given(CODES, CODES)
def test_both_texts_can_be_read_from_a_comparison(old, new):
    texts = [[(code, f"{code} in {side}") for code in codes] for side, codes in (("one", old), ("two", new))]
    comparison = compare(
        document(*texts[0]) if old else document(clauses=[]), document(*texts[1]) if new else document(clauses=[])
    )

    before = {clause.code: spelled(clause.text, "ins") for clause in comparison.clauses if clause.old_number}
    after = {clause.code: spelled(clause.text, "del") for clause in comparison.clauses if clause.new_number}

    assert before == dict(texts[0])
    assert after == dict(texts[1])


def test_answers_are_told_in_words_also_of_questions_that_nobody_asks_any_more():
    old = document(profile={"confidentiality_years": 5, "asked_once": "so"})
    new = document(profile={"confidentiality_years": 7})

    answers = compare(old, new).answers

    assert [(answer.old, answer.new) for answer in answers] == [("5 years", "7 years"), ("so", "")]
    assert answers[1].label == "asked_once"


def test_parties_rule_depositary_and_languages_are_compared():
    old = document()
    new = in_languages(
        document(depositary="JAXA", entry_rule={"k_of_n": 1}, title="Study of ice", parties=old["parties"][:1]),
        fr="Étude",
    )

    labels = [fact.label for fact in compare(old, new).facts]

    assert labels == [
        "Title",
        "Parties",
        "Depositary",
        "Entry into force",
        "Authentic languages",
        "Titles in further languages",
    ]


def test_every_shared_language_is_compared():
    old = in_languages(document(), ar="دراسة", fr="Étude")
    new = in_languages(document(), ar="دراسة", ru="Этюд")
    new["translations"][0]["clauses"][1]["text"] = "غير ذلك"

    ((language, clauses),) = compare(old, new).translations

    assert language == "ar"
    assert [clause.state for clause in clauses] == ["same", "changed", "same"]


def test_a_text_of_the_first_format_is_compared_with_one_of_the_second():
    new = document()
    first = {
        key: new[key] for key in ("agreement", "kind", "title", "version", "language", "profile", "clauses", "annexes")
    }
    first |= {
        "format": "concord/text-version/1",
        "parties": [
            {key: party[key] for key in ("ref", "legal_name", "native_name", "role")} for party in new["parties"]
        ],
    }

    assert [fact.label for fact in compare(first, new).facts] == ["Depositary", "Entry into force"]


def test_the_text_that_an_amendment_results_in_is_compared():
    old, new = amending(document()), amending(document())
    new["amended"][0]["clauses"][1]["text"] = "It lasts nine (9) years."
    new["amended"][0]["profile"]["term_years"] = 9

    comparison = compare(old, new)

    assert [clause.state for clause in comparison.amended] == ["same", "changed"]
    assert [(answer.old, answer.new) for answer in comparison.amended_answers] == [("7 years", "9 years")]


def test_annexes_are_compared_row_by_row():
    columns = [{"key": "ref", "label": "Reference"}]
    old = document(annexes=[{"letter": "A", "title": "List", "columns": columns, "rows": [{"ref": "IP-1"}]}])
    new = document(annexes=[{"letter": "A", "title": "List", "columns": columns, "rows": [{"ref": "IP-2"}]}])

    (annex,) = compare(old, new).annexes

    assert (annex.old, annex.new) == ("List\nIP-1", "List\nIP-2")
    assert compare(old, new, with_annexes=False).is_same


def test_the_page_shows_words_that_went_and_came_and_reads_them_aloud(cast):
    agreement = edited(cast)

    html = cast.client(cast.mika).get(address("compare", agreement, "?from=r1&to=r2")).content.decode()

    assert "[added: " in html
    assert "<ins>" in html
    assert "<del>" in html
    assert "raven" in html
    assert "Clauses: 1 changed, 0 new, 0 removed, 0 moved" in html


def test_without_parameters_the_last_change_is_shown(cast):
    agreement = edited(cast)

    html = cast.client(cast.mika).get(address("compare", agreement)).content.decode()

    assert "Revision 1 → Revision 2" in html


def test_a_text_is_compared_with_what_the_library_writes_for_the_same_answers(cast):
    agreement = edited(cast)

    compared = cast.client(cast.mika).get(f"/api/v1/agreements/{agreement.ref}/compare/?from=model").json()

    changed = [clause["code"] for clause in compared["comparison"]["clauses"] if clause["state"] != "same"]
    assert changed == ["notices"]
    assert compared["from"]["sha256"] is None
    assert compared["comparison"]["answers"] == []


def test_two_agreements_are_compared_when_the_reader_sees_both(cast):
    agreement, other = edited(cast), stage.drafted_agreement(cast)
    client = cast.client(cast.mika)

    html = client.get(address("compare", agreement, f"?with={other.ref}")).content.decode()

    assert f"{other.ref}, Revision 1" in html
    assert "raven" in html


def test_an_agreement_that_the_reader_does_not_see_does_not_exist(cast):
    shared, draft = stage.shared_agreement(cast), stage.drafted_agreement(cast)
    client = cast.client(cast.lucien)

    for query in (f"?with={draft.ref}", f"?from={draft.ref}", f"?to={draft.ref}", "?with=A-2020-9999"):
        page = client.get(address("compare", shared, query))
        assert page.status_code == 422
        assert "No such agreement that you can see." in page.content.decode()
        assert client.get(f"/api/v1/agreements/{shared.ref}/compare/{query}").status_code == 404


def test_a_mistyped_reference_keeps_what_was_chosen(cast):
    agreement = edited(cast)

    page = cast.client(cast.mika).get(address("compare", agreement, "?from=r1&with=A-2020-9999"))

    html = page.content.decode()
    assert page.status_code == 422
    assert '<option value="r1" selected' in html
    assert 'value="A-2020-9999"' in html
    assert "This cannot be compared" in html
    assert "Not saved" not in html


@pytest.mark.parametrize("query", ["from=r99", "to=r99", "from=v1", "to=v99999999"])
def test_an_unknown_version_is_not_found(cast, query):
    agreement = stage.drafted_agreement(cast)
    client = cast.client(cast.mika)

    assert client.get(address("compare", agreement, f"?{query}")).status_code == 404
    assert client.get(f"/api/v1/agreements/{agreement.ref}/compare/?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "from=r0",
        "from=%00",
        "from=r9999999999999999999999999",
        "with=%3Cscript%3E",
        "from=model&to=model",
        "with=A-2026-0001&to=r1",
        pytest.param("from=" + "x" * 4000, id="endless"),
        "from=%F0%9F%9A%80",
    ],
)
def test_what_is_no_version_is_refused_in_words(cast, query):
    agreement = stage.drafted_agreement(cast)
    client = cast.client(cast.mika)

    page = client.get(address("compare", agreement, f"?{query}"))
    answer = client.get(f"/api/v1/agreements/{agreement.ref}/compare/?{query}")

    assert page.status_code == 422
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_hostile_words_are_shown_as_text_on_the_page(cast):
    agreement = stage.drafted_agreement(cast)
    trick = "<script>alert(1)</script> pay \u202e001"
    actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text=trick)

    html = cast.client(cast.mika).get(address("compare", agreement, "?from=r1&to=r2")).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; " in html
    assert "\u202e" not in html
    assert "[U+202E]001" in html
