"""Rules of entry into force in words, and from the answers of a profile."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given

from projects.agreements.entry.answers import rule_from
from projects.agreements.entry.evaluating import evaluate
from projects.agreements.entry.facts import Facts, PartyFacts
from projects.agreements.entry.grammar import parse
from projects.agreements.entry.missing import missing_in_words
from projects.agreements.entry.words import in_clause, in_words
from tests.projects.agreements.rules import facts, rules

ALL = {"all_signed": True}
NAMES = {"JAXA": "JAXA", "ESA": "ESA", "CNES": "CNES"}
PARTIES = (PartyFacts("JAXA", Decimal(50)), PartyFacts("ESA", Decimal(30)), PartyFacts("CNES-2", Decimal(20)))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (ALL, "on the day on which all Parties have signed it"),
        ({"k_of_n": 2}, "on the day on which at least two (2) of the Parties have signed it"),
        ({"k_of_n": 2, "group": ["JAXA", "ESA", "CNES"]}, "on the day on which at least two (2) of JAXA, ESA and CNES have signed it"),
        ({"named": ["JAXA", "ESA"]}, "on the day on which JAXA and ESA have signed it"),
        (
            {"weighted": {"min": 80}},
            "on the day on which Parties that together hold at least eighty (80) percent of the shares have signed it",
        ),
        (
            {"weighted": {"min": "66.67"}},
            "on the day on which Parties that together hold at least 66.67 percent of the shares have signed it",
        ),
        (
            {"and": [ALL, {"all_notified": True}]},
            "on the day on which all Parties have signed it, and all Parties have notified the completion of their internal procedures",
        ),
        (
            {"and": [ALL, {"act": "note", "by": ["ESA", "JAXA"]}]},
            "on the day on which all Parties have signed it, and ESA and JAXA have delivered their diplomatic notes",
        ),
        (
            {"after": {"event": "last_signature", "days": 30}},
            "on the day that falls thirty (30) days after the day on which all Parties have signed it",
        ),
        (
            {"and": [{"k_of_n": 2}, {"after": {"event": "last_signature", "days": 1}}]},
            "on the day that falls one (1) day after the day on which at least two (2) of the Parties have signed it",
        ),
        (
            {"and": [{"k_of_n": 2}, {"act": "ratification", "by": 3}, {"after": {"event": "last_signature", "days": 90}}]},
            ("on the day on which at least two (2) of the Parties have signed it, at least three (3) of the Parties have notified "
             "their ratification, acceptance or approval, and ninety (90) days have passed since the last of these signatures"),
        ),
        (
            {"and": [{"act": "ratification"}, {"after": {"event": "last_signature", "days": 90}}]},
            ("on the day on which all Parties have notified their ratification, acceptance or approval, and ninety (90) days have "
             "passed since the last of the signatures of all Parties"),
        ),
        ({"and": [ALL, {"on": "2027-01-01"}]}, "on the day on which all Parties have signed it, but not before 1 January 2027"),
        ({"on": "2027-01-01"}, "on 1 January 2027"),
        (
            {"and": [{"or": [ALL, {"named": ["JAXA", "ESA"]}]}, {"act": "note", "by": ["ESA"]}]},
            ("on the day on which ESA has delivered its diplomatic note, and either (1) all Parties have signed it, or (2) JAXA and ESA "
             "have signed it"),
        ),
        (
            {"and": [{"k_of_n": 2}, {"per_party": {"days": 30}}]},
            ("on the day on which at least two (2) of the Parties have signed it; for a Party that signs later, thirty (30) days after "
             "its own signature"),
        ),
        (
            {"and": [{"k_of_n": 2}, {"per_party": {"days": 0}}]},
            ("on the day on which at least two (2) of the Parties have signed it; for a Party that signs later, on the day of its own "
             "signature"),
        ),
    ],
)  # fmt: skip
def test_a_clause_says_the_rule_in_english(written, words):
    with override("fr"):
        assert in_clause(parse(written), NAMES) == words


def test_pages_say_it_in_plain_numbers_and_with_the_names_of_the_reader():
    rule = parse({"and": [{"named": ["JAXA"]}, {"weighted": {"min": 80}}, {"on": "2027-01-01"}]})

    with override("en"):
        words = in_words(rule, {"JAXA": "宇宙航空研究開発機構"})

    assert words == (
        "on the day on which 宇宙航空研究開発機構 has signed it, and Parties that together hold at least 80\u202f% of the shares have "
        "signed it, but not before 1 Jan 2027"
    )


@given(rules(), facts())
def test_every_rule_and_everything_it_misses_can_be_said(rule, told):
    assert in_clause(rule, {}).startswith("on ")
    assert in_words(rule, {})
    lines = missing_in_words(evaluate(rule, told).missing, {})
    assert all(lines)
    assert not any("%(" in line for line in [*lines, in_clause(rule, {})])


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (ALL, ["Signature: JAXA, ESA and CNES-2"]),
        ({"k_of_n": 2}, ["Signature: 2 more of JAXA, ESA, or CNES-2"]),
        ({"weighted": {"min": 80}}, ["Signatures of parties that hold another 80\u202f%: JAXA, ESA, or CNES-2"]),
        ({"and": [{"act": "completion", "by": ["ESA"]}, {"on": "2027-01-01"}]}, [
            "Notice that internal procedures are complete: ESA", "The day: 1 Jan 2027",
        ]),
        ({"or": [{"named": ["JAXA"]}, {"act": "note", "by": ["ESA"]}]}, ["Either (1) Signature: JAXA, or (2) Diplomatic note: ESA"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_line_by_line(written, lines):
    standing = evaluate(parse(written), Facts(PARTIES, ZoneInfo("UTC"), date(2026, 5, 1)))

    with override("en"):
        assert missing_in_words(standing.missing, {}) == lines


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"entry_into_force": "all_signed"}, ALL),
        ({"entry_into_force": "all_notified"}, {"and": [ALL, {"act": "completion", "by": "all"}]}),
        ({"entry_into_force": "all_ratified"}, {"and": [ALL, {"act": "ratification", "by": "all"}]}),
        ({"entry_into_force": "k_of_n", "entry_count": 2}, {"k_of_n": 2}),
        ({"entry_into_force": "named", "entry_named": " cnes, JAXA ,JAXA"}, {"named": ["CNES-2", "JAXA"]}),
        ({"entry_into_force": "weighted", "entry_share": 80}, {"weighted": {"min": 80}}),
        ({"entry_into_force": "days_after_last", "entry_days": 30}, {"after": {"event": "last_signature", "days": 30}}),
        ({"entry_into_force": "on_date", "entry_date": "2027-01-01"}, {"and": [ALL, {"on": "2027-01-01"}]}),
        ({"entry_into_force": "custom"}, {"and": [{"k_of_n": 3}, {"per_party": {"days": 30}}]}),
        ({}, ALL),
    ],
)
def test_answers_become_the_rule(answers, rule):
    stored = {"and": [{"k_of_n": 3}, {"per_party": {"days": 30}}]}

    assert rule_from(answers, PARTIES, acronyms={"CNES": "CNES-2"}, stored=stored) == rule


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"entry_into_force": "nobody"}, "entry_into_force"),
        ({"entry_into_force": "k_of_n"}, "entry_count"),
        ({"entry_into_force": "k_of_n", "entry_count": True}, "entry_count"),
        ({"entry_into_force": "k_of_n", "entry_count": 4}, "entry_count"),
        ({"entry_into_force": "k_of_n", "entry_count": 1}, "entry_count"),
        ({"entry_into_force": "named", "entry_named": " , "}, "entry_named"),
        ({"entry_into_force": "named", "entry_named": "JAXA, NASA"}, "entry_named"),
        ({"entry_into_force": "named", "entry_named": "JAXA"}, "entry_named"),
        ({"entry_into_force": "named", "entry_named": "JAXA, \ud800"}, "entry_named"),
        ({"entry_into_force": "weighted", "entry_share": 0}, "entry_share"),
        ({"entry_into_force": "weighted", "entry_share": 30}, "entry_share"),
        ({"entry_into_force": "days_after_last", "entry_days": -1}, "entry_days"),
        ({"entry_into_force": "on_date"}, "entry_date"),
        ({"entry_into_force": "on_date", "entry_date": "2027-02-29"}, "entry_date"),
        ({"entry_into_force": "on_date", "entry_date": "\ud800"}, "entry_date"),
    ],
)
def test_an_answer_that_gives_no_rule_is_said_beside_its_question(answers, field):
    with pytest.raises(ValidationError) as caught:
        rule_from(answers, PARTIES)

    assert list(caught.value.message_dict) == [field]
    assert str(caught.value.message_dict).encode()
