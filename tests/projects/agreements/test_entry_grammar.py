"""The grammar of rules of entry into force: what is read, what is refused, and what can never be satisfied."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given

from projects.agreements.entry.checking import hindrances, require_possible
from projects.agreements.entry.facts import PartyFacts
from projects.agreements.entry.grammar import parse, read, to_json
from projects.agreements.entry.rules import AllSigned, Done, Every, PerParty
from tests.projects.agreements.rules import rules

JAXA, ESA, CNES = PartyFacts("JAXA", Decimal(50)), PartyFacts("ESA", Decimal(30)), PartyFacts("CNES", Decimal(20))
THREE = (JAXA, ESA, CNES)
ALL = {"all_signed": True}


@given(rules())
def test_what_is_written_is_read_back(rule):
    assert parse(to_json(rule)) == rule
    assert read(json.dumps(to_json(rule))) == rule


@given(rules())
def test_a_written_rule_has_no_fractions(rule):
    """They could not be hashed with the agreement."""
    assert json.loads(json.dumps(to_json(rule)), parse_float=pytest.fail) == to_json(rule)


def test_the_earlier_form_of_a_notification_by_all_is_read():
    assert parse({"and": [ALL, {"all_notified": True}]}) == Every((AllSigned(), Done("completion")))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"act": "ratification"}, {"act": "ratification", "by": "all"}),
        ({"weighted": {"min": "66.6700"}}, {"weighted": {"min": "66.67"}}),
        ({"weighted": {"min": "80"}}, {"weighted": {"min": 80}}),
        ({"all_notified": True}, {"act": "completion", "by": "all"}),
    ],
)
def test_other_spellings_become_the_one_form(written, meant):
    assert to_json(parse(written)) == meant


DEEP = ALL
for _level in range(8):
    DEEP = {"and": [DEEP]}


@pytest.mark.parametrize(
    "written",
    [
        None, [], "all_signed", 1, True, {}, {"unknown": 1}, {"all_signed": True, "k_of_n": 2},
        {"all_signed": 1}, {"all_signed": False}, {"all_signed": True, "by": "all"}, {"all_notified": None},
        {"k_of_n": True}, {"k_of_n": 0}, {"k_of_n": -1}, {"k_of_n": 1.0}, {"k_of_n": "2"}, {"k_of_n": 10**30},
        {"k_of_n": 2, "group": []}, {"k_of_n": 2, "group": "JAXA"}, {"k_of_n": 2, "group": ["JAXA", "JAXA"]},
        {"named": []}, {"named": ["jaxa"]}, {"named": [1]}, {"named": ["JAXA\x00"]}, {"named": ["\ud800"]}, {"named": {"a": 1}},
        {"named": [f"A{number}" for number in range(101)]},
        {"weighted": 80}, {"weighted": {"min": 0}}, {"weighted": {"min": 101}}, {"weighted": {"min": 66.6}},
        {"weighted": {"min": True}}, {"weighted": {"min": "NaN"}}, {"weighted": {"min": "1e999999"}}, {"weighted": {"min": "x"}},
        {"weighted": {"min": 80, "field": "share"}}, {"weighted": {"min": "66.66667"}}, {"weighted": {}},
        {"act": "signature"}, {"act": 1}, {"act": "note", "by": None}, {"act": "note", "by": "JAXA"}, {"act": "note", "by": 0},
        {"act": "note", "by": []}, {"act": "note", "of": "all"},
        {"on": "2027-02-30"}, {"on": "2027-1-1"}, {"on": "20270101"}, {"on": 2027}, {"on": "9999-12-31"}, {"on": "2027-W01-1"},
        {"after": {"event": "last_signature"}}, {"after": {"event": "last_signature", "days": -1}}, {"after": {"days": 3}},
        {"after": {"event": "first_signature", "days": 3}}, {"after": {"event": "last_act", "days": 1.5}},
        {"after": {"event": "last_act", "days": 10**9}}, {"after": {"event": "last_act", "days": 1, "hours": 1}},
        {"and": []}, {"or": []}, {"and": ALL}, {"or": [ALL, None]}, {"and": [ALL], "or": [ALL]},
        {"per_party": {"days": 1}}, {"and": [{"per_party": {"days": 1}}]}, {"or": [ALL, {"per_party": {"days": 1}}]},
        {"and": [ALL, {"and": [ALL, {"per_party": {"days": 1}}]}]},
        {"and": [ALL, {"per_party": {"days": 1}}, {"per_party": {"days": 2}}]}, {"and": [ALL, {"per_party": {"days": True}}]},
        {"and": [ALL, {"per_party": 3}]}, {"\ud800": True},
        DEEP, {"or": [ALL] * 50},
    ],
)  # fmt: skip
def test_what_the_grammar_does_not_have_is_refused_in_words(written):
    with pytest.raises(ValidationError) as caught:
        parse(written)

    assert "".join(caught.value.messages).encode()


@pytest.mark.parametrize("depth", [7, 1])
def test_seven_levels_above_a_condition_are_read(depth):
    rule = ALL
    for _level in range(depth):
        rule = {"and": [rule]}

    assert to_json(parse(rule)) == rule


def test_fifty_parts_are_read():
    assert len(parse({"or": [ALL] * 49}).parts) == 49


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nope",
        "NaN",
        "[" * 15_000,
        '{"k_of_n": ' + "9" * 5_000 + "}",
        '{"x": "\ud800"}',
        " " * 20_001 + "{}",
        '{"k_of_n": 1e400}',
    ],
)
def test_whatever_is_typed_is_answered_in_words(text):
    with pytest.raises(ValidationError):
        read(text)


def test_a_later_party_may_be_given_days_of_its_own():
    assert parse({"and": [{"k_of_n": 2}, {"per_party": {"days": 30}}]}).parts[1] == PerParty(30)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"k_of_n": 4}, "asks 4 parties, and there are only 3"),
        ({"k_of_n": 3, "group": ["JAXA", "ESA"]}, "asks 3 parties, and there are only 2"),
        ({"k_of_n": 1, "group": ["NASA"]}, "Not a party: NASA"),
        ({"named": ["JAXA", "NASA", "CSA"]}, "Not a party: NASA, CSA"),
        ({"act": "ratification", "by": ["NASA"]}, "Not a party: NASA"),
        ({"act": "ratification", "by": 4}, "asks 4 parties"),
        ({"and": [ALL, {"after": {"event": "last_act", "days": 5}}, {"named": ["NASA"]}]}, "Not a party: NASA"),
        ({"after": {"event": "last_act", "days": 5}}, "says which acts"),
        ({"or": [ALL, {"after": {"event": "last_act", "days": 5}}]}, "says which acts"),
        ({"on": "2027-01-01"}, "Nobody would have to sign"),
        ({"or": [ALL, {"on": "2027-01-01"}]}, "Nobody would have to sign"),
        ({"named": ["ESA"]}, "ESA alone could bring it into force"),
        ({"weighted": {"min": 50}}, "JAXA alone could bring it into force"),
        ({"k_of_n": 1}, "JAXA, ESA, CNES alone"),
    ],
)
def test_a_rule_that_cannot_work_is_hindered(written, words):
    assert words in " ".join(hindrances(parse(written), THREE))


@pytest.mark.parametrize(
    "written",
    [
        ALL, {"k_of_n": 2}, {"k_of_n": 3}, {"k_of_n": 2, "group": ["ESA", "CNES"]}, {"named": ["ESA", "CNES"]}, {"weighted": {"min": 51}},
        {"weighted": {"min": 100}}, {"act": "ratification", "by": 2}, {"and": [{"named": ["ESA"]}, {"act": "note", "by": ["CNES"]}]},
        {"after": {"event": "last_signature", "days": 30}}, {"and": [ALL, {"on": "1999-01-01"}]},
        {"and": [{"k_of_n": 2}, {"after": {"event": "last_act", "days": 30}}, {"per_party": {"days": 30}}]},
    ],
)  # fmt: skip
def test_a_rule_that_can_be_satisfied_has_no_hindrance(written):
    assert hindrances(parse(written), THREE) == []


def test_shares_that_do_not_reach_the_threshold_are_counted():
    without = (JAXA, ESA, PartyFacts("CNES"))

    assert "come to 80 percent, and the rule asks for 90" in hindrances(parse({"weighted": {"min": 90}}), without)[0]


def test_shares_above_the_whole_are_refused():
    parties = (JAXA, PartyFacts("ESA", Decimal("50.5")))

    assert "100.5 percent, more than the whole" in hindrances(parse({"weighted": {"min": 80}}), parties)[0]


def test_a_hindrance_is_said_beside_its_field():
    with pytest.raises(ValidationError) as caught:
        require_possible(parse({"k_of_n": 4}), THREE, field="entry_count")

    assert list(caught.value.message_dict) == ["entry_count"]
