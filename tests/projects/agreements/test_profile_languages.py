"""The languages that an answer names, in English or in their own words."""

import pytest

from projects.agreements.fixed_words import WORDS
from projects.agreements.languages import LANGUAGES
from projects.agreements.profile.languages import languages_named, names_languages_only


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
    assert set(WORDS) == set(LANGUAGES)
    for code, own_name in LANGUAGES.items():
        assert languages_named(WORDS[code].name) == languages_named(own_name) == {code}
