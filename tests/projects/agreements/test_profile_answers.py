"""Answers to the profile: typed, refused by question, compared, and said in words."""

import pytest
from django.core.exceptions import ValidationError

from projects.agreements.profile import QUESTIONS, clean, defaults, differences, question, questions_of
from projects.agreements.profile.wording import number_in_words, spoken


def test_clean_types_what_a_form_or_json_sends():
    cleaned = clean({"cure_days": " 45 ", "extension": "no", "background_mode": "negative", "language": " French "})

    assert cleaned["cure_days"] == 45
    assert cleaned["extension"] is False
    assert cleaned["language"] == "French"
    assert list(cleaned) == list(questions_of("ip_sharing"))


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
        ("entry_into_force", "whenever"),
        ("entry_count", 0),
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
