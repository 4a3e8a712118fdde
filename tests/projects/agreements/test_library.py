"""The clause library and the profile: every wording can be reached, filled and read."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from projects.agreements.library import kinds, load_library
from projects.agreements.paragraphs import paragraphs
from projects.agreements.profile import (
    GROUPS,
    QUESTIONS,
    ClauseText,
    assemble,
    check_text,
    clean,
    defaults,
    differences,
    fill,
    parameters,
    question,
)
from projects.agreements.profile.wording import number_in_words, spoken

ALTERNATES = [
    pytest.param(kind, clause, alternate, id=f"{kind}-{clause.code}-{alternate.code}")
    for kind in kinds()
    for clause in load_library(kind).clauses
    for alternate in clause.alternates
]


def texts(clauses):
    return {clause.code: clause for clause in clauses}


@pytest.mark.parametrize(("kind", "clause", "alternate"), ALTERNATES)
def test_every_alternate_is_chosen_by_some_profile_and_fills_completely(kind, clause, alternate):
    needed = {key: value[0] if isinstance(value, list) else value for key, value in alternate.when.items()}
    answers = defaults() | {"named_law": "the law of France"} | needed

    drawn = texts(assemble(answers, kind))[clause.code]

    assert drawn.alternate == alternate.code
    assert "{{" not in drawn.text
    assert "  " not in drawn.text
    assert drawn.text.strip() == drawn.text


@pytest.mark.parametrize(("kind", "clause", "alternate"), ALTERNATES)
def test_every_alternate_tells_the_negotiator_what_it_means(kind, clause, alternate):
    assert alternate.label
    assert alternate.note.endswith(".")
    assert "'" not in alternate.text


def test_every_question_reaches_the_text():
    used = set()
    for clause in load_library().clauses:
        for alternate in clause.alternates:
            used |= set(parameters(alternate.text)) | set(alternate.when)

    assert used == set(QUESTIONS)


def test_questions_and_clauses_stand_in_known_groups():
    known = {group.key for group in GROUPS}

    assert {asked.group for asked in QUESTIONS.values()} <= known
    assert {clause.group for clause in load_library().clauses} <= known


def test_conditions_name_real_answers():
    for clause in load_library().clauses:
        for alternate in clause.alternates:
            for key, value in alternate.when.items():
                for wanted in value if isinstance(value, list) else [value]:
                    assert question(key).clean(wanted) == wanted


def test_clauses_that_others_refer_to_are_never_left_out():
    optional = [asked.key for asked in QUESTIONS.values() if asked.kind == "yes_no"]

    for answers in itertools.product([True, False], repeat=len(optional)):
        assemble(dict(zip(optional, answers, strict=True)))


def test_an_optional_clause_is_left_out_and_the_rest_renumbered():
    drawn = assemble({"accession": False})

    assert "accession" not in texts(drawn)
    assert [clause.number for clause in drawn] == list(range(1, len(drawn) + 1))


def test_the_project_is_named_where_it_is_known():
    facts = {"project_title": "Polar Ice", "project_ref": "P-2026-0003"}

    assert "titled “Polar Ice”, recorded under P-2026-0003;" in texts(assemble({}, facts=facts))["definitions"].text
    assert "Project means the joint work to which this Agreement belongs" in texts(assemble({}))["definitions"].text


def test_the_same_answers_give_the_same_text():
    assert assemble(defaults()) == assemble({})


def test_numbers_are_said_in_words_with_their_unit():
    drawn = texts(assemble({"cure_days": 1, "confidentiality_years": 12}))

    assert "within one (1) day," in drawn["breach"].text
    assert "for twelve (12) years after it ends" in drawn["confidentiality"].text


def test_references_follow_the_numbers():
    drawn = texts(assemble({"access_research": False}))

    assert f"Clause\u00a0{drawn['disputes'].number} (Settlement of differences)" in drawn["requests"].text


def test_text_of_the_parties_replaces_the_library_and_is_filled():
    drawn = texts(assemble({}, custom={"funds": "Paid within {{cure_days}}. See {{clause:law}}."}))

    assert drawn["funds"].alternate == "custom"
    assert (
        drawn["funds"].text == f"Paid within thirty (30) days. See Clause\u00a0{drawn['law'].number} (Applicable law)."
    )


def test_added_clauses_follow_and_are_filled():
    visits = ClauseText("visits", "custom", 0, "Visits", "", "risk", "Ask {{access_answer_days}} before.")

    drawn = assemble({}, added=[visits])

    assert drawn[-1].number == len(drawn)
    assert drawn[-1].text == "Ask thirty (30) days before."


def test_unknown_placeholders_are_refused_by_clause():
    with pytest.raises(ValidationError) as refused:
        assemble({}, custom={"funds": "{{salary}}", "law": "{{clause:nowhere}}"})

    assert set(refused.value.message_dict) == {"funds", "law"}
    with pytest.raises(ValidationError):
        check_text("{{ salary }}")


def test_what_is_put_in_is_not_read_as_a_placeholder():
    text = fill("{{project_title}}", defaults(), {"project_title": "{{cure_days}}", "project_ref": "P"})

    assert text == "{{cure_days}}"


def test_clean_types_what_a_form_or_json_sends():
    cleaned = clean({"cure_days": " 45 ", "extension": "no", "background_mode": "negative", "language": " French "})

    assert cleaned["cure_days"] == 45
    assert cleaned["extension"] is False
    assert cleaned["language"] == "French"
    assert list(cleaned) == list(QUESTIONS)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cure_days", 0),
        ("cure_days", 366),
        ("cure_days", 2.5),
        ("cure_days", True),
        ("cure_days", "thirty"),
        ("cure_days", None),
        ("cure_days", "9" * 5000),
        ("background_mode", "both"),
        ("background_mode", ["positive"]),
        ("extension", "perhaps"),
        ("extension", 1),
        ("language", "x" * 121),
        ("language", "Eng\u202elish"),
        ("language", 7),
        ("applicable_law", "named"),
        ("publication_objection_days", 46),
    ],
)
def test_clean_names_the_question_that_is_wrong(key, value):
    with pytest.raises(ValidationError) as refused:
        clean({key: value})

    assert set(refused.value.message_dict) <= {key, "named_law"}


def test_clean_refuses_questions_it_does_not_ask():
    with pytest.raises(ValidationError) as refused:
        clean({"colour": "blue"})

    assert "colour" in refused.value.message_dict["__all__"][0]


def test_every_default_passes_its_own_question_and_its_form_field():
    for asked in QUESTIONS.values():
        assert asked.clean(asked.default) == asked.default
        assert asked.form_field().clean(asked.default) == asked.default
        assert asked.display(asked.default) or asked.default == ""


def test_differences_list_changed_answers_only():
    changed = differences(defaults(), defaults() | {"cure_days": 60})

    assert [(one.question.key, one.old, one.new) for one in changed] == [("cure_days", 30, 60)]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (45, "forty-five"),
        (90, "ninety"),
        (100, "one hundred"),
        (145, "one hundred and forty-five"),
        (730, "seven hundred and thirty"),
        (1005, "one thousand and five"),
        (12_345, "twelve thousand three hundred and forty-five"),
    ],
)
def test_numbers_in_words(number, words):
    assert number_in_words(number) == words


def test_one_has_a_singular():
    assert spoken(question("term_years"), 1) == "one (1) year"
    assert spoken(question("term_years"), 2) == "two (2) years"


def test_paragraphs_number_themselves_and_keep_their_items():
    first, second = paragraphs(7, "Terms:\n(a) one;\n(b) two.\n\nMore.")

    assert (first.number, first.text) == ("7.1", "Terms:")
    assert [(item.mark, item.text) for item in first.items] == [("a", "one;"), ("b", "two.")]
    assert (second.number, second.text, second.items) == ("7.2", "More.", ())


def test_a_single_paragraph_has_no_second_number():
    assert paragraphs(7, "Only this.")[0].number == ""


@given(st.text())
def test_paragraphs_lose_no_word(text):
    shown = [
        part
        for paragraph in paragraphs(1, text)
        for part in [
            paragraph.text,
            *(f"({item.mark}) {item.text}" if item.mark else item.text for item in paragraph.items),
        ]
    ]

    assert "".join("".join(shown).split()) == "".join(text.split())
