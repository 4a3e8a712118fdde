"""Alternates and answers: which answers choose a wording, and what an answer decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from projects.agreements.choosing import answers_choosing, choices, model_text
from projects.agreements.consequences import CLOCKS, clauses_by_question
from projects.agreements.drafts import Draft
from projects.agreements.library import kinds, load_library
from projects.agreements.placeholders import placeholders
from projects.agreements.profile import QUESTIONS, defaults
from projects.agreements.proposals import answers_changed, effects


def draft(kind="ip_sharing", **answers):
    return Draft(kind=kind, profile={**defaults(kind), **answers}, library=load_library(kind))


def clause(code, kind="ip_sharing"):
    return load_library(kind).clause(code)


def test_the_present_wording_needs_no_other_answer():
    found = {choice.alternate.code: choice for choice in choices(draft(), clause("periods"))}

    assert found["calendar"].is_current
    assert found["calendar"].answers == {}
    assert found["working"].answers == {"day_basis": "working"}


@pytest.mark.parametrize("kind", kinds())
def test_answers_that_are_found_choose_the_wording_they_are_found_for(kind):
    present = draft(kind)

    for one in present.library.clauses:
        for choice in choices(present, one):
            if choice.answers is not None:
                chosen = one.alternate_for({**present.profile, **choice.answers})
                assert (one.code, chosen.code) == (one.code, choice.alternate.code)


@pytest.mark.parametrize("kind", kinds())
def test_every_wording_of_the_model_can_be_chosen(kind):
    present = draft(kind)

    unreachable = [
        (one.code, alternate.code)
        for one in present.library.clauses
        for alternate in one.alternates
        if answers_choosing(present, one, alternate) is None
    ]

    assert unreachable == []


def test_no_answer_is_changed_that_need_not_be():
    present = draft(day_basis="working")

    assert answers_choosing(present, clause("periods"), clause("periods").alternates[0]) == {"day_basis": "calendar"}


def test_a_wording_says_which_answers_choose_it():
    found = {choice.alternate.code: choice for choice in choices(draft(), clause("periods"))}

    [(question, answers)] = found["working"].chosen_when
    assert question.key == "day_basis"
    assert answers == ["Working days of the party that must act"]


def test_what_changes_with_an_answer_is_listed_once_with_both_wordings():
    before = draft()
    after = before.answer({"day_basis": "working"})

    assert [row.question.key for row in answers_changed(before, after)] == ["day_basis"]
    changed = {row.code: row for row in effects(before, after)}
    assert "calendar days" in changed["periods"].old
    assert "working days" in changed["periods"].new
    assert all(row.old != row.new for row in changed.values())


def test_a_clause_that_goes_is_named_without_words_after():
    before = draft()
    after = before.remove("notices")

    gone = next(row for row in effects(before, after) if row.code == "notices")
    assert gone.old
    assert gone.new == ""


@pytest.mark.parametrize("kind", kinds())
def test_words_of_one_clause_are_drawn_as_if_the_whole_text_were(kind):
    present = draft(kind)
    own = present.add("own-words", "Own words", "As {{clause:own-words}} says.")

    for before, code in [(present, clause.code) for clause in present.clauses] + [(own, "own-words")]:
        after = before.reword(code, f"See {{{{clause:{code}}}}}, and {{{{project}}}}.")
        assert after.clauses == replace(after).clauses
        assert after.clause(code).text.startswith("See Clause\N{NO-BREAK SPACE}")


def test_words_that_mean_nothing_are_refused_at_the_field_of_the_words():
    with pytest.raises(ValidationError) as refused:
        draft().reword("notices", "As {{nothing_asks_this}} says.")

    assert "{{nothing_asks_this}}" in refused.value.message_dict["text"][0]


def test_the_model_keeps_the_words_that_a_clause_departs_from():
    present = draft()
    departing = present.reword("notices", "By letter.")

    assert model_text(departing, "notices") == present.clause("notices").text
    assert model_text(present, "notices") == ""


def test_a_clock_belongs_to_a_question_that_exists():
    assert set(CLOCKS) <= set(QUESTIONS)


def test_an_answer_decides_the_clauses_that_it_chooses_and_fills():
    decided = clauses_by_question(load_library())

    assert "periods" in [one.code for one in decided["day_basis"]]
    assert "publication" in [one.code for one in decided["publication_notice_days"]]


def test_whatever_is_offered_in_braces_can_be_filled():
    present = draft()

    for _title, rows in placeholders(present):
        for row in rows:
            assert present.reword("notices", f"As {row.written} says.").clause("notices").text
