"""The call for signatures by the clock: reminders, the last day, what lapses, and what another day brings back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from agencies.zones import today
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.actions.calling import tend_calls, tend_one
from projects.agreements.models import Status
from projects.agreements.signing.call import Terms, call_of
from tests import stage
from tests.projects.agreements import entering
from tests.projects.agreements.lives import Clock
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.signing import asked, sign, three_frozen, why_not
from tests.projects.agreements.test_races import together

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def clock(monkeypatch):
    """Noon in Tokyo, two weeks before that Friday."""
    clock = Clock(monkeypatch)
    clock.set(2026, 11, 13, 3, 0)
    return clock


def until_friday(cast, *plan, **terms):
    return three_frozen(cast, *plan, terms=Terms(FRIDAY, **terms))


def noted(agreement, verb):
    found = Event.objects.filter(verb=f"agreement.{verb}", target_ref=agreement.ref).order_by("pk")
    return [event.facts for event in found]


def test_four_weeks_from_the_freeze_are_given_where_nothing_is_said(cast):
    agreement = stage.frozen_agreement(cast)

    call = call_of(agreement)
    assert call.sign_by == today("Asia/Tokyo") + timedelta(days=28)
    assert (call.remind_days, call.may_hand_over, call.asked_by) == ([7, 3, 1], True, cast.mika)
    assert {item.due_at for item in Item.objects.filter(verb="sign")} == {call.over_at}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        pytest.param(Terms(date(2026, 11, 12)), "sign_by", id="yesterday"),
        pytest.param(Terms(date(9999, 12, 31)), "sign_by", id="far off"),
        pytest.param(Terms(FRIDAY, (0,)), "remind_days", id="on the day"),
        pytest.param(Terms(FRIDAY, (3, 3)), "remind_days", id="twice"),
        pytest.param(Terms(FRIDAY, tuple(range(1, 13))), "remind_days", id="too often"),
    ],
)
def test_terms_that_make_no_sense_freeze_nothing(clock, cast, terms, field):
    agreement = stage.agree(cast, stage.shared_agreement(cast))

    with pytest.raises(ValidationError) as refused:
        actions.freeze(agreement, actor=cast.actor(cast.mika), terms=terms)

    assert list(refused.value.message_dict) == [field]
    assert fresh(agreement).status == Status.TEXT_AGREED


def test_those_awaited_are_reminded_once_on_each_day_that_was_named(clock, cast):
    agreement = until_friday(cast, ("ESA", "signer", 2))
    sign(cast, agreement, cast.kenji)

    for day in (14, 20, 20, 21, 24, 26, 27):
        clock.day(date(2026, 11, day), 9)
        tend_calls()

    assert [(row["days"], row["waits_for"]) for row in noted(agreement, "signing_nears")] == [
        (7, ["ISRO"]),
        (3, ["ISRO"]),
        (1, ["ISRO"]),
    ]
    assert asked(agreement) == ["ISRO sign"]
    assert Item.objects.filter(verb="sign", agency=cast.isro).count() == 4
    assert not Item.objects.filter(verb="sign", agency=cast.esa).exists()


def test_a_call_without_a_day_reminds_nobody_and_never_lapses(clock, cast):
    agreement = three_frozen(cast, terms=Terms(None))

    clock.pass_(days=400)

    assert tend_calls() == 0
    assert why_not(cast, agreement, cast.kenji) == ""


def test_the_day_ends_at_the_seat_of_the_depositary(clock, cast):
    agreement = until_friday(cast)

    clock.set(2026, 11, 27, 23, 59, zone="Asia/Tokyo")
    in_time = why_not(cast, agreement, cast.ingrid)
    clock.pass_(minutes=1)

    assert in_time == ""
    assert why_not(cast, agreement, cast.ingrid) == "signing-over"


def test_when_the_day_is_over_nobody_signs_and_nobody_is_asked(clock, cast):
    agreement = until_friday(cast)
    sign(cast, agreement, cast.kenji)
    clock.day(date(2026, 11, 28), 1)

    with pytest.raises(NotNow) as refused:
        sign(cast, agreement, cast.ingrid)
    first, again = tend_one(agreement.ref), tend_one(agreement.ref)

    assert refused.value.code == "signing-over"
    assert "JAXA" in str(refused.value.unblock)
    assert (first, again) == (True, False)
    assert [row["waits_for"] for row in noted(agreement, "signing_lapsed")] == [["ESA", "ISRO"]]
    assert asked(agreement) == []
    assert Item.objects.filter(key=f"extend:{agreement.ref}", agency=cast.jaxa, settled_at=None).exists()
    assert len(fresh(agreement).standing_signatures) == 1


def test_declining_is_still_possible_when_the_day_is_over(clock, cast):
    agreement = until_friday(cast)
    clock.day(date(2026, 11, 30))

    assert why_not(cast, agreement, cast.ingrid, "decline") == ""


def test_the_depositary_names_another_day_and_those_awaited_are_asked_again(clock, cast):
    agreement = until_friday(cast)
    sign(cast, agreement, cast.kenji)
    clock.day(date(2026, 11, 28))
    tend_calls()

    actions.extend_signing(agreement, actor=cast.actor(cast.mika), sign_by=date(2026, 12, 11))

    assert asked(agreement) == ["ESA sign", "ISRO sign"]
    assert why_not(cast, agreement, cast.ingrid) == ""
    assert not Item.objects.filter(key=f"extend:{agreement.ref}", settled_at=None).exists()
    assert noted(agreement, "signing_extended") == [{"sign_by": "2026-12-11", "before": "2026-11-27", "text": 1}]
    clock.day(date(2026, 12, 12))
    tend_calls()
    assert len(noted(agreement, "signing_lapsed")) == 2


@pytest.mark.parametrize(
    ("who", "code"),
    [("mika", ""), ("lucien", "depositary-only"), ("kenji", "role-needed"), ("tara", "depositary-only")],
)
def test_the_depositary_alone_names_another_day(cast, who, code):
    assert why_not(cast, three_frozen(cast), getattr(cast, who), "extend_signing") == code


def test_a_day_that_has_passed_prolongs_nothing(clock, cast):
    agreement = until_friday(cast)

    with pytest.raises(ValidationError) as refused:
        actions.extend_signing(agreement, actor=cast.actor(cast.mika), sign_by=date(2026, 11, 1))

    assert list(refused.value.message_dict) == ["sign_by"]


def test_whoever_the_rule_lets_sign_later_has_no_last_day(clock, cast):
    agreement = entering.frozen(cast, rule={"k_of_n": 2})
    sign(cast, agreement, cast.kenji, cast.tara)
    actions.enter_into_force(fresh(agreement), actor=cast.actor(cast.mika))

    clock.pass_(days=300)

    assert tend_calls() == 0
    assert why_not(cast, agreement, cast.ingrid) == ""
    browser = cast.client(cast.ingrid)
    for page in ("agreement", "signing", "sign"):
        html = browser.get(reverse(f"agreements:{page}", args=[agreement.ref])).content.decode()
        assert [words for words in ("Time is over", "Answer by", "asked until", "<small>by ") if words in html] == [], (
            page
        )
    told = browser.get(reverse("api:agreement-signing", args=[agreement.ref])).json()
    assert (told["sign_by"], told["over_at"], told["lapsed_at"], told["remind_days"]) == (None, None, None, [])
    assert Item.objects.get(verb="sign", agency=cast.esa, settled_at=None).due_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_down_once_that_the_day_is_over(clock, cast):
    agreement = until_friday(cast)
    clock.day(date(2026, 11, 30))

    results = together(*[lambda: tend_one(agreement.ref)] * 4)

    assert sorted(results) == [False, False, False, True]
    assert len(noted(agreement, "signing_lapsed")) == 1
