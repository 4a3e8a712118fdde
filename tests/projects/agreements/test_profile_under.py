"""An agreement under an umbrella stays within it, answer by answer."""

import pytest

from projects.agreements.profile import QUESTIONS, defaults
from projects.agreements.profile.under import beyond


@pytest.mark.parametrize(
    ("key", "parent", "child", "is_beyond"),
    [
        ("term_years", 5, 5, False),
        ("term_years", 5, 4, False),
        ("term_years", 5, 6, True),
        ("renewal", "by_agreement", "none", False),
        ("renewal", "by_agreement", "by_agreement", False),
        ("renewal", "by_agreement", "automatic", True),
        ("confidentiality_years", 5, 10, False),
        ("confidentiality_years", 5, 4, True),
        ("publication_notice_days", 45, 60, False),
        ("publication_notice_days", 45, 44, True),
        ("result_report_days", 60, 30, False),
        ("result_report_days", 60, 90, True),
        ("data_proprietary_months", 12, 6, False),
        ("data_proprietary_months", 12, 18, True),
        ("records_years", 10, 9, True),
        ("survivor_liability_years", 10, 9, True),
        ("liability", "own", "own", False),
        ("liability", "own", "cross_waiver", True),
        ("liability", "cross_waiver", "own", True),
        ("applicable_law", "silent", "international", True),
        ("final_step", "none", "arbitration", True),
        ("marking_scheme", "common", "own", True),
        ("signature_level", "advanced", "qualified", False),
        ("signature_level", "advanced", "advanced", False),
        ("signature_level", "advanced", "simple", True),
        ("related_entities", "all_tiers", "contractors", True),
        ("flow_down", "on_request", "before_work", False),
        ("planetary_protection", True, False, True),
        ("planetary_protection", False, True, False),
        ("cure_days", 30, 90, False),
        ("language", "English", "French", False),
    ],
)
def test_an_answer_goes_beyond_the_umbrella(key, parent, child, is_beyond):
    assert (key in beyond({key: child}, {key: parent})) is is_beyond


def test_the_message_says_what_the_umbrella_says():
    found = beyond({"term_years": 7, "liability": "own"}, {"term_years": 5, "liability": "cross_waiver"})

    assert "5 years" in found["term_years"]
    assert "Cross-waiver" in found["liability"]


def test_a_choice_that_is_offered_no_longer_is_compared_with_nothing():
    assert beyond({"amendment_consent": "all"}, {"amendment_consent": "two_thirds"}) == {}
    assert beyond({"accession_consent": "all"}, {"accession_consent": "depositary"}) == {}


def test_only_what_both_answer_is_compared():
    assert beyond({"term_years": 30}, {"confidentiality_years": 30}) == {}


def test_an_answer_that_does_not_matter_is_not_compared():
    child = {"applicable_law": "silent", "named_law": "the law of Japan"}
    parent = {"applicable_law": "silent", "named_law": "the law of France"}

    assert beyond(child, parent) == {}
    named = {"applicable_law": "named"}
    assert list(beyond(child | named, parent | named)) == ["named_law"]


def test_the_same_answers_stay_within():
    for kind in ("implementing", "nda", "data_exchange", "ip_sharing"):
        assert beyond(defaults(kind), defaults(kind)) == {}


def test_choices_that_are_compared_by_strength_are_marked_so():
    compared = {key for key, asked in QUESTIONS.items() if asked.under_parent in ("at_most", "at_least")}

    assert not [key for key in compared if QUESTIONS[key].kind == "text"]
