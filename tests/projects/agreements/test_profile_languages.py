"""The languages that an answer names, in English or in their own words."""

import pytest

from agencies.languages import english_name_of, own_name_of
from projects.agreements.exports.tracked import PROOFING
from projects.agreements.fixed_words import WORDS, authentic_in, heading_of
from projects.agreements.profile.languages import languages_named, names_languages_only, prevailing


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        ("English", {"en"}),
        ("English and French", {"en", "fr"}),
        ("the English, French and Spanish languages", {"en", "fr", "es"}),
        ("FRANÇAIS / english", {"en", "fr"}),
        ("Simplified Chinese; 日本語", {"zh-hans", "ja"}),
        ("Chinese & 中文", {"zh-hans"}),
        ("हिन्दी, العربية, 한국어", {"hi", "ar", "ko"}),
    ],
)
def test_every_language_that_the_answer_names_is_found(answer, codes):
    assert languages_named(answer) == codes
    assert names_languages_only(answer)


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        ("", set()),
        ("and", set()),
        ("Klingon", set()),
        ("Englishman", set()),
        ("English and Klingon", {"en"}),
        ("English, which prevails", {"en"}),
        ("\x00\ud800", set()),
    ],
)
def test_what_is_no_language_is_left_out_and_noticed(answer, codes):
    assert languages_named(answer) == codes
    assert not names_languages_only(answer)


def test_every_language_that_a_text_can_be_written_in_can_be_named():
    for code in WORDS:
        assert languages_named(english_name_of(code)) == languages_named(own_name_of(code)) == {code}


def test_every_language_that_a_text_can_be_written_in_is_proofread_in_word():
    assert set(PROOFING) == set(WORDS)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("English", "en"),
        ("the 中文 text", "zh-hans"),
        ("Simplified Chinese", "zh-hans"),
        ("English and Chinese", ""),
        ("German", ""),
        ("", ""),
    ],
)
def test_one_language_of_the_text_prevails_or_none_does(answer, code):
    assert prevailing(answer, ["en", "zh-hans"]) == code


def test_the_language_that_prevails_is_printed_under_its_own_name():
    assert heading_of("fr") == "Français"
    assert authentic_in("en", "fr") == "If the texts differ, this one prevails: Français."
    assert authentic_in("en", "") == "All texts are equally authentic."
