"""What people type is said, and names are one line: no second header or reversed name in what others read."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.kit.lines import check_line, required


@pytest.mark.parametrize(
    "name", ["Mika Hoshino", "星野 ミカ", "مها القمر", "Ìràwọ̀ Adéọ̀run", "O\u2019Neil", "भारती\u200d"]
)
def test_every_script_is_welcome(name):
    check_line(name)


@pytest.mark.parametrize(
    "name", ["Mika\r\nBcc: x@y.example", "Mika\tHoshino", "nul\x00", "\u202eevil", "a\u2028b", "\u2067x"]
)
def test_what_hides_or_reorders_is_refused(name):
    with pytest.raises(ValidationError):
        check_line(name)


def test_a_person_cannot_carry_it(cast):
    cast.mika.name = "Mika\r\nBcc: x@y.example"

    with pytest.raises(ValidationError) as caught:
        cast.mika.full_clean()

    assert "name" in caught.value.message_dict


def test_a_project_cannot_carry_it(cast):
    from tests import stage

    with pytest.raises(ValidationError) as caught:
        stage.drafted_project(cast, title="Moon\u202e")

    assert "title" in caught.value.message_dict


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (" \n ", "Say why."),
        ("abcdef", "Use at most 5 characters; this has 6."),
        ("a\x00b", "There is a character in it that cannot be kept."),
    ],
)
def test_words_that_must_be_there_are_refused_beside_their_field(typed, said):
    with pytest.raises(ValidationError) as caught:
        required("reason", typed, "Say why.", 5)

    assert caught.value.message_dict == {"reason": [said]}


def test_words_lose_the_space_around_them_before_they_are_measured():
    assert required("reason", "  abcde\n", "Say why.", 5) == "abcde"
