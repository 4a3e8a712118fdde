"""Where rules of entry into force stand: the truth table, and what holds for every rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.agreements.entry.evaluating import Missing, evaluate
from projects.agreements.entry.facts import Deed, Facts, PartyFacts
from projects.agreements.entry.grammar import ACTS, parse
from projects.agreements.entry.joining import acts_asked_of, asked_of, bound_days
from projects.agreements.entry.rules import (
    AllSigned,
    CountSigned,
    DaysAfter,
    Done,
    Either,
    Every,
    NamedSigned,
    OnDay,
    PerParty,
    ShareSigned,
)
from tests.projects.agreements.rules import REFS, facts, last_instant, rules

ALL = {"all_signed": True}
TWO = {"k_of_n": 2}
RATIFIED = {"act": "ratification", "by": "all"}


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def party(ref, signed=None, share=None, **acts):
    deeds = {kind: Deed(at(day), f"{ref}-{kind}") for kind, day in acts.items()}
    return PartyFacts(ref, None if share is None else Decimal(share), signed and Deed(at(signed), ref), deeds)


def ask(written, *parties, today="2026-12-31", zone="UTC"):
    return evaluate(parse(written), Facts(parties, ZoneInfo(zone), date.fromisoformat(today)))


JAXA, ESA, CNES = party("JAXA", "2026-05-04"), party("ESA", "2026-05-20"), party("CNES", "2026-06-01")
NOT_YET = party("CNES")


@pytest.mark.parametrize(
    ("written", "parties", "day"),
    [
        (ALL, (JAXA, ESA, CNES), "2026-06-01"),
        (ALL, (JAXA, ESA, NOT_YET), None),
        (TWO, (JAXA, ESA, CNES), "2026-05-20"),
        (TWO, (JAXA, NOT_YET), None),
        (TWO | {"group": ["JAXA", "CNES"]}, (JAXA, ESA, CNES), "2026-06-01"),
        (TWO | {"group": ["JAXA", "CNES"]}, (JAXA, ESA, NOT_YET), None),
        ({"named": ["ESA", "JAXA"]}, (JAXA, ESA, NOT_YET), "2026-05-20"),
        ({"named": ["ESA", "CNES"]}, (JAXA, ESA, NOT_YET), None),
        (RATIFIED, (party("JAXA", ratification="2026-07-01"), party("ESA", ratification="2026-08-01")), "2026-08-01"),
        (RATIFIED, (party("JAXA", ratification="2026-07-01"), party("ESA", completion="2026-08-01")), None),
        (RATIFIED | {"by": 1}, (party("JAXA"), party("ESA", ratification="2026-08-01")), "2026-08-01"),
        (RATIFIED | {"by": ["ESA"]}, (party("JAXA"), party("ESA", ratification="2026-08-01")), "2026-08-01"),
        ({"and": [ALL, {"on": "2026-09-01"}]}, (JAXA, ESA, CNES), "2026-09-01"),
        ({"and": [ALL, {"on": "2026-01-01"}]}, (JAXA, ESA, CNES), "2026-06-01"),
        ({"or": [ALL, TWO]}, (JAXA, ESA, CNES), "2026-05-20"),
        ({"or": [ALL, {"named": ["CNES"]}]}, (JAXA, ESA, NOT_YET), None),
        ({"after": {"event": "last_signature", "days": 30}}, (JAXA, ESA, CNES), "2026-07-01"),
        ({"after": {"event": "last_signature", "days": 30}}, (JAXA, ESA, NOT_YET), None),
        ({"and": [TWO, {"after": {"event": "last_signature", "days": 30}}]}, (JAXA, ESA, CNES), "2026-06-19"),
        ({"and": [TWO, {"per_party": {"days": 30}}]}, (JAXA, ESA, CNES), "2026-05-20"),
        ({"and": [ALL, {"all_notified": True}]}, (JAXA, ESA), None),
    ],
)  # fmt: skip
def test_a_rule_is_satisfied_on_the_day_of_the_last_necessary_act(written, parties, day):
    standing = ask(written, *parties)

    assert standing.is_satisfied == (day is not None)
    assert standing.day == (day and date.fromisoformat(day))
    assert bool(standing.missing) != standing.is_satisfied


def test_days_after_the_last_act_count_from_all_that_stands_beside():
    rule = {"and": [ALL, RATIFIED, {"after": {"event": "last_act", "days": 10}}]}
    parties = (
        party("JAXA", "2026-05-04", ratification="2026-08-01"),
        party("ESA", "2026-05-20", ratification="2026-07-01"),
    )

    assert ask(rule, *parties).day == date(2026, 8, 11)


def test_days_after_the_last_signature_do_not_wait_for_ratification():
    rule = {"and": [ALL, RATIFIED, {"after": {"event": "last_signature", "days": 90}}]}
    parties = (
        party("JAXA", "2026-05-04", ratification="2026-08-01"),
        party("ESA", "2026-05-20", ratification="2026-07-01"),
    )

    assert ask(rule, *parties).day == date(2026, 8, 18)


# Shaped like the rule of 1988 for the European states: at least four that together pay at least eighty percent.
EUROPE = {"and": [{"k_of_n": 4}, {"weighted": {"min": 80}}]}
STATES = {"DE": 38, "FR": 28, "IT": 18, "ES": 6, "BE": 5, "NL": 5}


@pytest.mark.parametrize(
    ("signing", "is_satisfied"),
    [
        (["DE", "FR", "IT"], False),  # 84 percent, three states
        (["DE", "FR", "ES", "BE"], False),  # four states, 77 percent
        (["DE", "FR", "IT", "ES"], True),
        (["FR", "IT", "ES", "BE", "NL"], False),  # five states, 62 percent
        (["DE", "FR", "ES", "BE", "NL"], True),  # 82 percent
    ],
)
def test_four_states_with_four_fifths_of_the_shares(signing, is_satisfied):
    parties = [party(ref, "2026-05-04" if ref in signing else None, share) for ref, share in STATES.items()]

    assert ask(EUROPE, *parties).is_satisfied == is_satisfied


def test_exactly_the_share_that_is_asked_for_is_enough():
    parties = party("DE", "2026-05-04", "53.3"), party("FR", "2026-05-05", "26.7"), party("IT", None, "20")

    assert ask({"weighted": {"min": 80}}, *parties).day == date(2026, 5, 5)


def test_a_share_that_is_not_reached_says_how_much_more_and_who_holds_it():
    parties = party("DE", "2026-05-04", "53.3"), party("FR", None, "26.7"), party("IT", None, "20"), party("ES")

    missing = ask({"weighted": {"min": 80}}, *parties).missing

    assert missing == (Missing("signature", ("FR", "IT"), percent=Decimal("26.7")),)


def test_what_is_missing_names_who_and_how_many():
    assert ask(ALL, JAXA, party("ESA"), NOT_YET).missing == (Missing("signature", ("ESA", "CNES")),)
    assert ask(TWO, JAXA, party("ESA"), NOT_YET).missing == (Missing("signature", ("ESA", "CNES"), count=1),)
    assert ask(RATIFIED | {"by": ["ESA"]}, JAXA, ESA).missing == (Missing("ratification", ("ESA",)),)


def test_a_choice_shows_what_each_way_still_lacks():
    missing = ask({"or": [ALL, RATIFIED | {"by": ["ESA"]}]}, JAXA, ESA, NOT_YET).missing

    assert missing == (
        Missing("either", choices=((Missing("signature", ("CNES",)),), (Missing("ratification", ("ESA",)),))),
    )


@pytest.mark.parametrize(
    ("today", "earliest", "day"),
    [("2026-06-30", "2026-07-01", None), ("2026-07-01", None, "2026-07-01"), ("2026-09-01", None, "2026-07-01")],
)
def test_a_rule_that_only_waits_for_time_says_the_day(today, earliest, day):
    standing = ask({"after": {"event": "last_signature", "days": 30}}, JAXA, ESA, CNES, today=today)

    assert (standing.earliest, standing.day) == (
        earliest and date.fromisoformat(earliest),
        day and date.fromisoformat(day),
    )


def test_while_acts_are_missing_no_day_is_promised():
    assert ask({"and": [ALL, {"on": "2027-01-01"}]}, JAXA, NOT_YET).earliest is None


def test_the_day_is_that_of_the_depositary():
    late = PartyFacts("ESA", signed=Deed(datetime(2026, 5, 4, 15, 30, tzinfo=UTC)))

    assert ask(TWO, JAXA, late, zone="Asia/Tokyo").day == date(2026, 5, 5)
    assert ask(TWO, JAXA, late, zone="America/New_York").day == date(2026, 5, 4)


def test_only_the_acts_that_were_necessary_are_its_evidence():
    assert ask(TWO, CNES, ESA, JAXA).evidence == ("JAXA", "ESA")


@pytest.mark.parametrize(("days", "bound"), [(30, "2026-07-01"), (0, "2026-06-01")])
def test_a_late_joiner_is_bound_its_own_days_after_its_signature(days, bound):
    rule = parse({"and": [TWO, {"per_party": {"days": days}}]})
    told = Facts((JAXA, ESA, CNES), ZoneInfo("UTC"), date(2026, 12, 31))

    assert bound_days(rule, told, in_force_on=date(2026, 5, 20)) == {
        "JAXA": date(2026, 5, 20), "ESA": date(2026, 5, 20), "CNES": date.fromisoformat(bound),
    }  # fmt: skip


def test_without_such_days_a_late_joiner_is_bound_from_its_signature_and_others_not_at_all():
    told = Facts((JAXA, ESA, CNES, party("ISRO")), ZoneInfo("UTC"), date(2026, 12, 31))

    bound = bound_days(parse(TWO), told, in_force_on=date(2026, 5, 20))

    assert bound["CNES"] == date(2026, 6, 1)
    assert "ISRO" not in bound


def test_nobody_is_bound_before_the_instrument_is_in_force():
    told = Facts((JAXA, ESA, CNES), ZoneInfo("UTC"), date(2027, 12, 31))

    bound = bound_days(parse({"and": [TWO, {"on": "2027-01-01"}]}), told, in_force_on=date(2027, 1, 1))

    assert set(bound.values()) == {date(2027, 1, 1)}


def test_a_party_that_has_not_ratified_is_not_bound_where_each_ratifies():
    rule = parse({"and": [ALL, RATIFIED | {"by": 2}]})
    parties = (
        party("JAXA", "2026-05-04", ratification="2026-06-01"), party("ESA", "2026-05-04", ratification="2026-06-02"),
        party("CNES", "2026-05-04"), party("ISRO", "2026-05-04", ratification="2026-07-01"),
    )  # fmt: skip

    bound = bound_days(rule, Facts(parties, ZoneInfo("UTC"), date(2026, 12, 31)), in_force_on=date(2026, 6, 2))

    assert bound == {"JAXA": date(2026, 6, 2), "ESA": date(2026, 6, 2), "ISRO": date(2026, 7, 1)}


def test_a_note_of_one_party_is_not_asked_of_the_others():
    rule = parse(
        {"and": [ALL, {"act": "note", "by": ["ESA"]}, {"or": [RATIFIED, {"act": "note", "by": ["ESA", "CNES"]}]}]}
    )

    assert asked_of(rule, "ESA") == {"signature", "note"}
    assert asked_of(rule, "JAXA") == {"signature"}
    assert acts_asked_of(rule, "JAXA") == {"ratification"}
    assert acts_asked_of(rule, "CNES") == {"ratification", "note"}


@given(rules(), facts())
def test_the_evaluator_finds_the_first_day_on_which_the_rule_holds(rule, told):
    standing = evaluate(rule, told)
    first = first_day(rule, told)

    assert standing.is_satisfied == (first is not None and first <= told.today)
    assert standing.day == (first if standing.is_satisfied else None)
    assert standing.earliest == (None if standing.is_satisfied else first)
    assert bool(standing.missing) != standing.is_satisfied


@given(rules(), facts(), st.sampled_from(REFS), st.sampled_from(["signature", *ACTS]), st.integers(0, 200))
def test_an_act_more_never_undoes_a_rule_nor_moves_its_day(rule, told, ref, kind, days):
    before = evaluate(rule, told)
    now = datetime.combine(told.today, datetime.min.time(), tzinfo=told.zone) + timedelta(days=days, hours=12)
    added = with_deed(told, ref, kind, Deed(max(now, last_instant(told.parties)), "added"))
    after = evaluate(rule, replace(added, today=told.day_of(now)))

    assert after.is_satisfied or not before.is_satisfied
    if before.is_satisfied:
        assert after.day == before.day


@given(rules(), facts(), st.sampled_from(REFS), st.sampled_from(["signature", *ACTS]))
def test_an_act_more_never_makes_a_conjunction_earlier(rule, told, ref, kind):
    """Even with the clock standing still: whatever comes last cannot bring the day of an “and” forward."""
    conjunction = Every((rule, AllSigned()))
    before = evaluate(conjunction, told)
    after = evaluate(conjunction, with_deed(told, ref, kind, Deed(last_instant(told.parties), "added")))

    if before.day is not None and after.day is not None and not has_choice(rule):
        assert after.day >= before.day


@given(rules(), facts())
def test_the_evidence_alone_satisfies_the_rule_on_the_same_day(rule, told):
    standing = evaluate(rule, told)

    def kept(deed):
        return deed if deed and deed.evidence in standing.evidence else None

    alone = replace(
        told,
        parties=tuple(
            replace(one, signed=kept(one.signed), acts={kind: deed for kind, deed in one.acts.items() if kept(deed)})
            for one in told.parties
        ),
    )

    assert evaluate(rule, alone).day == standing.day


@given(rules(), facts())
def test_a_party_is_never_bound_before_the_instrument_nor_before_its_signature(rule, told):
    standing = evaluate(rule, told)
    if standing.day is None:
        return

    bound = bound_days(rule, told, in_force_on=standing.day)

    for one in told.parties:
        if one.ref in bound:
            assert bound[one.ref] >= standing.day
            assert one.signed is not None


def with_deed(told, ref, kind, deed):
    """The facts with one act more, unless it is there already."""

    def changed(one):
        if one.ref != ref or one.deed(kind):
            return one
        return replace(one, signed=deed) if kind == "signature" else replace(one, acts={**one.acts, kind: deed})

    return replace(told, parties=tuple(changed(one) for one in told.parties))


def has_choice(rule):
    return isinstance(rule, Either) or (isinstance(rule, Every) and any(has_choice(part) for part in rule.parts))


# An evaluator that knows nothing of the other: it asks of each day in turn whether the rule holds by then.
def first_day(rule, told, *, begin=date(2025, 12, 31), horizon=1500):
    days = (begin + timedelta(days=number) for number in range(horizon))
    return next((day for day in days if holds(rule, told, day)), None)


def holds(rule, told, day, beside=()):
    signed = {one.ref for one in told.parties if did(one.signed, told, day)}
    everyone = {one.ref for one in told.parties}
    if isinstance(rule, AllSigned):
        return signed == everyone
    if isinstance(rule, CountSigned):
        return len(signed & set(rule.group or everyone)) >= rule.count
    if isinstance(rule, NamedSigned):
        return set(rule.refs) <= signed
    if isinstance(rule, ShareSigned):
        return sum(one.share or 0 for one in told.parties if one.ref in signed) >= rule.least
    if isinstance(rule, Done):
        acted = {one.ref for one in told.parties if did(one.acts.get(rule.act), told, day)}
        if rule.count:
            return len(acted) >= rule.count
        return set(rule.refs or everyone) <= acted
    if isinstance(rule, OnDay):
        return day >= rule.day
    if isinstance(rule, DaysAfter):
        start = [one for one in beside if not isinstance(one, OnDay | DaysAfter | PerParty)]
        if rule.event == "last_signature":
            start = [one for one in start if only_signatures(one)]
        return all(holds(one, told, day - timedelta(days=rule.days)) for one in start or [AllSigned()])
    if isinstance(rule, Every):
        return all(holds(one, told, day, rule.parts) for one in rule.parts)
    if isinstance(rule, Either):
        return any(holds(one, told, day) for one in rule.parts)
    return isinstance(rule, PerParty)


def did(deed, told, day):
    return deed is not None and deed.at.astimezone(told.zone).date() <= day


def only_signatures(rule):
    if isinstance(rule, Every | Either):
        return all(only_signatures(part) for part in rule.parts)
    return not isinstance(rule, Done | OnDay | DaysAfter)
