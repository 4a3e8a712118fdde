"""The guide to the model of ownership recommends what the answers speak for, and says why."""

from itertools import product

import pytest
from django.core.exceptions import ValidationError

from projects.agreements.profile import QUESTIONS
from projects.agreements.profile.guide import GUIDE, recommend


@pytest.mark.parametrize(
    ("payer", "exploiter", "fields_apart", "parts_apart", "model"),
    [
        ("each", "each", False, True, "own_project"),
        ("shared", "each", False, True, "own_project"),
        ("one", "each", False, True, "own_wide"),
        ("each", "nobody", False, True, "own_wide"),
        ("one", "nobody", True, True, "own_wide"),
        ("each", "one", False, True, "assign_to_lead"),
        ("one", "one", False, False, "assign_to_lead"),
        ("each", "by_field", True, True, "allocate_by_field"),
        ("each", "by_field", True, False, "allocate_by_field"),
        ("each", "by_field", False, True, "own_project"),
        ("each", "by_field", False, False, "joint"),
        ("each", "each", False, False, "joint"),
        ("one", "nobody", False, False, "joint"),
    ],
)
def test_the_guide_recommends(payer, exploiter, fields_apart, parts_apart, model):
    said = {"payer": payer, "exploiter": exploiter, "fields_apart": fields_apart, "parts_apart": parts_apart}

    assert recommend(said).model == model


def test_every_way_through_the_guide_ends_with_a_model_and_reasons():
    ways = [
        [choice for choice, _label in asked.choices] if asked.kind == "choice" else [True, False] for asked in GUIDE
    ]

    found = [recommend(dict(zip([asked.key for asked in GUIDE], way, strict=True))) for way in product(*ways)]

    assert {one.model for one in found} == {"own_project", "own_wide", "assign_to_lead", "allocate_by_field", "joint"}
    assert all(len(one.reasons) >= 2 and all(str(reason).endswith(".") for reason in one.reasons) for one in found)


def test_what_the_guide_recommends_are_answers_of_the_profile():
    for key, answer in recommend({"academic_use": False}).answers.items():
        assert QUESTIONS[key].clean(answer) == answer


@pytest.mark.parametrize("academic_use", [True, False])
def test_research_use_follows_from_whether_institutes_need_it(academic_use):
    assert recommend({"academic_use": academic_use}).answers["access_research"] is academic_use


def test_fields_that_cannot_be_told_apart_are_named_as_the_reason():
    reasons = recommend({"exploiter": "by_field", "fields_apart": False}).reasons

    assert any("told apart" in str(reason) for reason in reasons)


def test_the_guide_names_the_question_that_is_wrong():
    with pytest.raises(ValidationError) as refused:
        recommend({"payer": "nobody", "parts_apart": "perhaps"})

    assert set(refused.value.message_dict) == {"payer", "parts_apart"}
