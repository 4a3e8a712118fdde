"""What narrowing does to the answers: nothing about the time before, whether or not a job has written it down by now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.ip import actions
from projects.ip.jobs.background_changes import let_notices_take_effect
from projects.ip.may_use import may_use, may_use_many
from projects.ip.models import Asset, BackgroundChange, Purpose
from tests.projects.ip import access

MOMENT = timedelta(microseconds=1)
LIMITS = {"limits_implementation": "Not above 2 kHz", "limits_exploitation": "Lunar only"}
NARROWER = {"limits_implementation": "On the ground", "limits_exploitation": "Not for sale"}


@pytest.fixture
def project(cast):
    return access.running(cast)


@pytest.fixture
def asset(cast, project):
    """JAXA's radar, limited for both uses."""
    return access.background(cast, project, **LIMITS)


def in_force(cast, agreed, *assets, rule="notice", **answers):
    """An agreement whose annex says what the entries say."""
    rows = {
        one.ref: {"implementation": LIMITS["limits_implementation"], "exploitation": "Lunar only"} for one in assets
    }
    terms = agreed.say(answers={"background_change": rule, **answers}, background=rows)
    if assets:
        actions.agree_assets(assets[0].project, rows, actor=cast.actor(cast.mika), agreement_ref=terms.agreement)


def proposed(cast, asset, kind, **limits):
    return actions.propose_narrowing(asset, actor=cast.actor(cast.mika), kind=kind, reason="We sold it.", **limits)


def run_out(change, at=None):
    """The notice has ended and the job has not run."""
    BackgroundChange.objects.filter(pk=change.pk).update(ends_at=at or timezone.now())
    return BackgroundChange.objects.get(pk=change.pk).ends_at


def answers(cast, asset, moments):
    """Every answer for ESA, one by one; those of a matrix are the same."""
    asked = [(on, purpose) for on in moments for purpose in Purpose.values]
    found = {(on, purpose): may_use(access.again(asset), cast.esa, purpose, on) for on, purpose in asked}
    for on in moments:
        many = may_use_many([access.again(asset)], [cast.esa, cast.jaxa], Purpose.values, on)
        assert [many[asset.pk, cast.esa.pk, purpose] for purpose in Purpose.values] == [
            found[on, purpose] for purpose in Purpose.values
        ]
    return found


@pytest.mark.parametrize("purpose", ["implementation", "exploitation"])
@pytest.mark.parametrize("typed", ["limits_implementation", "limits_exploitation"])
def test_a_limit_that_a_notice_leaves_empty_stays(cast, asset, agreed, purpose, typed):
    in_force(cast, agreed, asset)
    end = run_out(proposed(cast, asset, "limit", **{typed: NARROWER[typed]}))

    answer = may_use(access.again(asset), cast.esa, purpose, end)

    column = f"limits_{purpose}"
    expected = NARROWER[column] if column == typed else LIMITS[column]
    assert expected in answer.terms + answer.reason
    let_notices_take_effect()
    assert may_use(access.again(asset), cast.esa, purpose, end) == answer


def test_an_item_on_other_terms_stays_so_after_a_notice_about_exploitation(cast, asset, agreed):
    in_force(cast, agreed, asset, access_implementation="as_listed")
    end = run_out(proposed(cast, asset, "limit", limits_exploitation="Not for sale"))

    answer = may_use(access.again(asset), cast.esa, "implementation", end)

    assert (answer.allowed, answer.code) == (False, "on-other-terms")


@pytest.mark.parametrize("is_annexed", [True, False])
@pytest.mark.parametrize(
    ("kind", "code"), [("exclude", "not-listed"), ("withdraw", "withdrawn"), ("limit", "implementation")]
)
def test_answers_about_the_time_before_a_notice_ended_outlive_the_job(cast, asset, agreed, kind, code, is_annexed):
    in_force(cast, agreed, *[asset] if is_annexed else [])
    end = run_out(proposed(cast, asset, kind, **(NARROWER if kind == "limit" else {})))
    moments = [end.date() - timedelta(days=3), end - timedelta(days=1), end - MOMENT]
    before = answers(cast, asset, moments)
    assert {before[on, "implementation"].code for on in moments} == {"implementation"}
    assert "Not above 2 kHz" in before[end - MOMENT, "implementation"].terms
    at_the_end = may_use(access.again(asset), cast.esa, "implementation", end)

    let_notices_take_effect()

    after = answers(cast, asset, moments)
    if kind == "withdraw":  # whether a request can be made is said of now
        before, after = ({key: one.but(ask="", ask_code="") for key, one in found.items()} for found in (before, after))
    assert after == before
    written = may_use(access.again(asset), cast.esa, "implementation", end)
    assert (written.code, written.allowed) == (code, at_the_end.allowed)
    assert kind != "limit" or written == at_the_end


def test_answers_about_the_time_before_a_consent_stay(cast, asset, agreed):
    in_force(cast, agreed, asset, rule="consent")
    change = proposed(cast, asset, "exclude")
    moments = [timezone.now().date() - timedelta(days=2), timezone.now()]
    before = answers(cast, asset, moments)

    change = actions.consent_to_narrowing(change, actor=cast.actor(cast.lucien))

    assert answers(cast, asset, moments) == before
    assert may_use(access.again(asset), cast.esa, "implementation", change.closed_at - MOMENT).allowed
    assert may_use(access.again(asset), cast.esa, "implementation", change.closed_at).code == "not-listed"


def test_a_change_after_another_leaves_each_time_its_own_answer(cast, asset, agreed):
    in_force(cast, agreed, asset)
    long_ago = timezone.now() - timedelta(days=20)
    first = proposed(cast, asset, "limit", **NARROWER)
    run_out(first, long_ago)
    let_notices_take_effect()
    BackgroundChange.objects.filter(pk=first.pk).update(closed_at=long_ago)
    end = run_out(proposed(cast, access.again(asset), "exclude"))
    let_notices_take_effect()

    def said(on):
        answer = may_use(access.again(asset), cast.esa, "implementation", on)
        return answer.code, answer.terms.rpartition(": ")[2]

    assert said(long_ago - MOMENT) == ("implementation", "Not above 2 kHz")
    assert said(long_ago) == said(end - MOMENT) == ("implementation", "On the ground")
    assert said(end) == ("not-listed", "")


def test_a_day_on_which_a_notice_ends_is_no_whole_day(cast, asset, agreed):
    in_force(cast, agreed, asset)
    end = run_out(proposed(cast, asset, "exclude"), timezone.now() + timedelta(days=40))
    day = end.astimezone(cast.jaxa.local().tzinfo).date()

    assert may_use(access.again(asset), cast.esa, "implementation", day).code == "narrowed"
    assert may_use(access.again(asset), cast.esa, "implementation", day - timedelta(days=1)).allowed


def test_what_became_narrower_long_ago_costs_no_query_and_recent_changes_one(cast, project, asset, agreed):
    others = [access.background(cast, project, title=f"Tool {number}", **LIMITS) for number in range(3)]
    in_force(cast, agreed, asset, *others)

    def queries(on):
        rows = list(Asset.objects.with_owners().with_project())
        with CaptureQueriesContext(connection) as captured:
            may_use_many(rows, [cast.jaxa, cast.esa], Purpose.values, on)
        return len(captured)

    yesterday = timezone.now() - timedelta(days=1)
    none = queries(yesterday)
    for each, count in ((asset, 1), (others[0], 2)):
        run_out(proposed(cast, access.again(each), "limit", **NARROWER))
        let_notices_take_effect()
        assert BackgroundChange.objects.filter(status="effective").count() == count
        assert queries(yesterday) == none + 1
    assert queries(timezone.now()) == none
