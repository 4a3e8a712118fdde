"""May X use R for P on day D? One answer, with its source; the rules of the agreement decide it in their order."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.ip import actions as ip_actions
from projects.ip.answers import Span
from projects.ip.may_use import may_use, may_use_many
from projects.ip.models import AccessRight, Asset, BackgroundChange, ExportAuthorisation, Purpose
from projects.models import Participation, Project
from tests.projects.ip import access

DAY = date(2026, 11, 3)
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def project(cast):
    return access.running(cast)


def right(cast, asset, purpose="exploitation", **facts):
    """ESA may use it in October, whole days at JAXA's seat."""
    facts = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)} | facts
    row = AccessRight(
        asset=asset,
        holder=cast.esa,
        holder_name="ESA",
        grantor=cast.jaxa,
        grantor_name="JAXA",
        purpose=purpose,
        **facts,
    ).date()
    row.save()
    return row


def code(cast, asset, purpose="implementation", on=NOON, agency=None):
    answer = may_use(access.again(asset), agency or cast.esa, purpose, on)
    return ("yes" if answer.allowed else "no", answer.code)


def test_an_owner_may_and_a_joint_owner_too(cast, project, agreed):
    agreed.say()
    own = access.background(cast, project)
    joint = access.result(cast, project, shares={"JAXA": Decimal(60), "ESA": Decimal(40)})

    assert code(cast, own, "exploitation", agency=cast.jaxa) == ("yes", "owner")
    answer = may_use(joint, cast.esa, "exploitation", DAY)
    assert (answer.allowed, answer.code, answer.source) == (True, "owner", "A-2026-0003, clause 8 (Joint results)")
    assert "owns 40 percent" in answer.sentence


def test_implementation_is_granted_by_the_agreement_while_the_project_runs(cast, project, agreed):
    agreed.say()
    asset = access.background(cast, project)

    answer = may_use(asset, cast.esa, "implementation", DAY)

    assert answer.allowed
    assert answer.source == "A-2026-0003, clause 10 (Access for implementation)"
    assert answer.sentence == (
        f"Yes. ESA may use {asset.ref} for implementation on 3 November 2026: both are bound and the project runs"
        " (A-2026-0003, clause 10 (Access for implementation))."
    )
    assert (answer.starts, answer.ends) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))


def test_nobody_outside_and_nothing_without_an_agreement(cast, project, agreed):
    asset = access.background(cast, project)

    assert code(cast, asset) == ("no", "no-agreement")
    agreed.say()
    assert code(cast, asset, agency=cast.isro) == ("no", "not-a-party")
    agreed.say(starts_on=date(2027, 1, 1))
    assert code(cast, asset) == ("no", "not-begun")
    agreed.say(ends_on=date(2026, 11, 3))
    assert code(cast, asset, on=datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC)) == ("yes", "implementation")
    assert code(cast, asset, on=datetime(2026, 11, 3, tzinfo=UTC)) == ("no", "agreement-ended")
    agreed.say(parties=frozenset({"JAXA", "ISRO"}))
    assert code(cast, asset) == ("no", "no-agreement")


def test_a_joint_result_needs_every_owner_bound(cast, project, agreed):
    agreed.say(parties=frozenset({"JAXA", "ISRO"}))
    asset = access.result(cast, project, shares={"JAXA": Decimal(50), "ESA": Decimal(50)})

    assert code(cast, asset, agency=cast.isro) == ("no", "not-a-party")


def test_r6_background_outside_the_list_is_no_and_listing_later_widens(cast, project, agreed):
    positive = agreed.say()
    kept = access.background(cast, project, is_excluded=True)
    later = access.background(cast, project, title="Star tracker")

    assert code(cast, kept) == ("no", "not-listed")
    assert code(cast, later) == ("yes", "implementation")
    agreed.terms = [replace(positive, background={kept.ref: {"implementation": "", "exploitation": ""}})]
    assert code(cast, kept) == ("yes", "implementation")  # what was signed counts, not what the entry says now
    negative = agreed.say(answers={"background_mode": "negative"})
    assert code(cast, kept) == ("no", "excluded")
    agreed.terms = [replace(negative, background={later.ref: {}})]
    assert code(cast, later) == ("no", "excluded")


def test_sideground_and_what_was_withdrawn_are_outside(cast, project, agreed):
    aside = ip_actions.declare_sideground(project, actor=cast.actor(cast.mika), title="Optics", nature="hardware")
    gone = access.background(cast, project)
    granted = right(cast, gone, "implementation", ends_on=date(2026, 12, 1))
    ip_actions.withdraw_asset(gone, actor=cast.actor(cast.mika))
    agreed.say()

    assert code(cast, access.ready(aside)) == ("no", "sideground")
    assert code(cast, gone) == ("yes", "granted")  # rights granted before a change remain
    AccessRight.objects.filter(pk=granted.pk).delete()
    assert code(cast, gone) == ("no", "withdrawn")


def test_a_notice_that_has_run_narrows_at_its_last_instant(cast, project, agreed):
    asset = access.background(cast, project)
    agreed.say(answers={"background_change": "notice"})
    end = timezone.now() + timedelta(days=70)
    change = BackgroundChange(
        asset=asset, agency=cast.jaxa, kind="exclude", reason="Sold.", rule="notice", agreement="A-2026-0003",
        source="A-2026-0003, clause 6", days=60, ends_at=end,
    )  # fmt: skip
    change.save()

    assert code(cast, asset, on=end - timedelta(microseconds=1)) == ("yes", "implementation")
    assert code(cast, asset, on=end) == ("no", "narrowed")
    BackgroundChange.objects.filter(pk=change.pk).update(kind="limit", limits_implementation="On the ground")
    assert "within this limit: On the ground" in may_use(access.again(asset), cast.esa, "implementation", end).terms


def test_a_limit_is_said_with_the_yes_and_other_terms_are_asked_for(cast, project, agreed):
    agreed.say()
    asset = access.background(cast, project, limits_implementation="Not above 2 kHz", limits_exploitation="Lunar only")

    assert "within this limit: Not above 2 kHz" in may_use(asset, cast.esa, "implementation", NOON).terms
    assert "the annex limits it: Lunar only" in may_use(asset, cast.esa, "exploitation", NOON).reason
    agreed.say(answers={"access_implementation": "as_listed"})
    asset = access.again(asset)
    answer = may_use(asset, cast.esa, "implementation", NOON)
    assert (answer.code, answer.state) == ("on-other-terms", "ask")


def test_research_and_the_wide_licence_are_for_results_only(cast, project, agreed):
    agreed.say()
    brought, made = access.background(cast, project), access.result(cast, project)

    assert code(cast, made, "internal_research") == ("yes", "research")
    assert code(cast, brought, "internal_research") == ("no", "not-granted")
    agreed.say(answers={"access_research": False})
    assert code(cast, made, "internal_research") == ("no", "not-granted")
    agreed.say(answers={"results_ownership": "own_wide"})
    assert {code(cast, made, purpose) for purpose in Purpose.values} == {("yes", "wide-licence")}
    assert code(cast, brought, "exploitation") == ("no", "not-granted")


def test_exploitation_needs_a_right_and_says_what_to_do(cast, project, agreed):
    agreed.say()
    asset = access.background(cast, project)

    answer = may_use(asset, cast.esa, "exploitation", DAY)

    assert (answer.allowed, answer.state, answer.ask) == (False, "ask", "request access; silence never grants.")
    assert answer.source == "A-2026-0003, clause 11 (Access for exploitation)"
    affiliates = may_use(asset, cast.esa, "affiliates", DAY)
    assert (affiliates.state, affiliates.ask) == ("no", "Agree it with JAXA separately.")


def test_a_right_ends_at_the_instant(cast, project, agreed):
    agreed.say()
    asset = access.background(cast, project)
    granted = right(cast, asset)
    end = datetime(2026, 10, 31, 15, tzinfo=UTC)  # midnight in Tokyo

    assert granted.ends_at == end
    assert code(cast, asset, "exploitation", end - timedelta(microseconds=1)) == ("yes", "granted")
    assert code(cast, asset, "exploitation", end) == ("no", "right-ended")
    assert code(cast, asset, "exploitation", granted.starts_at) == ("yes", "granted")
    assert code(cast, asset, "exploitation", granted.starts_at - timedelta(microseconds=1)) == ("no", "right-not-begun")
    assert code(cast, asset, "exploitation", date(2026, 10, 31)) == ("yes", "granted")
    assert code(cast, asset, "exploitation", date(2026, 11, 1)) == ("no", "right-ended")
    assert code(cast, asset, "evaluation", date(2026, 10, 31)) == ("no", "not-granted")


def test_a_right_that_was_cut_covers_what_lies_before(cast, project, agreed):
    agreed.say()
    asset = access.background(cast, project)
    cut = datetime(2026, 10, 10, 6, tzinfo=UTC)
    granted = right(cast, asset)
    AccessRight.objects.filter(pk=granted.pk).update(
        cut_at=cut, cut_cause="breach", cut_reason="Not cured.", cut_by=cast.jaxa
    )

    assert code(cast, asset, "exploitation", cut - timedelta(seconds=1)) == ("yes", "granted")
    assert code(cast, asset, "exploitation", cut) == ("no", "right-revoked")
    answer = may_use(asset, cast.esa, "exploitation", date(2026, 10, 10))
    assert (answer.code, answer.reason) == ("part-of-the-day", "the use ends on 10 Oct 2026, 15:00 JST")


def test_r12_an_authorisation_that_ends_ends_the_use_at_that_instant(cast, project, agreed):
    agreed.say()
    asset = access.background(cast, project, cleared=False)
    assert code(cast, asset) == ("no", "export-undetermined")
    long_ago, end = timezone.now() - timedelta(days=200), timezone.now() + timedelta(hours=5)
    Asset.objects.filter(pk=asset.pk).update(export_class="controlled", export_regime="ear", export_number="9A515.x")
    assert code(cast, asset, on=end) == ("no", "authorisation-needed")
    ExportAuthorisation.objects.create(
        project=project, agency=cast.jaxa, agency_name="JAXA", kind="licence", number="D1", authority="METI",
        parties=["ESA"], valid_from=long_ago, valid_until=end, granted_at=long_ago, status="granted",
    )  # fmt: skip

    assert code(cast, asset, on=end - timedelta(microseconds=1)) == ("yes", "implementation")
    assert code(cast, asset, on=end) == ("no", "authorisation-over")
    assert code(cast, asset, on=end, agency=cast.jaxa) == ("yes", "owner")
    refused = may_use(access.again(asset), cast.esa, "implementation", end)
    assert refused.reason.startswith("it has the right (A-2026-0003, clause 10")
    assert refused.ask_code == "classify"


def test_r13_who_leaves_keeps_what_was_granted_gets_nothing_new_and_goes_on_granting(cast, project, agreed):
    agreed.say()
    ours = access.background(cast, project)
    theirs = access.ready(
        ip_actions.list_background(project, actor=cast.actor(cast.lucien), title="Drill", nature="hardware")
    )
    right(cast, ours, "exploitation", ends_on=date(2028, 1, 1))
    right(cast, ours, "implementation", ends_on=date(2028, 1, 1))
    Participation.objects.filter(project=project, agency=cast.esa).update(status="left", left_on=date(2026, 11, 3))
    before, after = datetime(2026, 11, 2, 23, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)

    assert code(cast, ours, on=before) == ("yes", "granted")
    assert code(cast, ours, on=after)[0] == "no"
    assert code(cast, ours, "exploitation", after) == ("yes", "granted")
    assert code(cast, ours, "internal_research", after) == ("no", "not-granted")
    assert code(cast, theirs, on=after, agency=cast.jaxa) == ("yes", "implementation")


def test_the_project_ends_implementation_and_no_right_of_exploitation(cast, project, agreed):
    agreed.say()
    asset = access.background(cast, project)
    right(cast, asset, "exploitation", ends_on=None)
    end = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    Project.objects.filter(pk=project.pk).update(status="completed", ended_at=end)

    assert code(cast, asset, on=end - timedelta(microseconds=1)) == ("yes", "implementation")
    assert code(cast, asset, on=end) == ("no", "project-over")
    assert code(cast, asset, on=DAY) == ("no", "part-of-the-day")
    assert code(cast, asset, "exploitation", end) == ("yes", "granted")


def test_a_third_party_never_learns_what_two_others_granted(cast, project, agreed):
    agreed.say(parties=frozenset({"JAXA", "ESA", "ISRO"}))
    asset = access.background(cast, project)
    granted = right(cast, asset, "exploitation", ends_on=None, royalty="sum", royalty_words="3 million")
    tara, lucien = cast.actor(cast.tara), cast.actor(cast.lucien)

    seen = may_use(asset, cast.esa, "exploitation", NOON, reader=tara)

    assert (seen.allowed, seen.state) == (False, "between")
    assert granted.ref not in seen.sentence + seen.terms + seen.source
    assert "3 million" in may_use(asset, cast.esa, "exploitation", NOON, reader=lucien).terms
    assert may_use(asset, cast.esa, "implementation", NOON, reader=tara).allowed


def test_a_day_is_the_owners_and_today_is_what_is_left_of_it(cast, project, agreed):
    tokyo = Span.of(date(2026, 3, 29), "Asia/Tokyo")
    assert (tokyo.first, tokyo.over) == (datetime(2026, 3, 28, 15, tzinfo=UTC), datetime(2026, 3, 29, 15, tzinfo=UTC))
    paris = Span.of(date(2026, 3, 29), "Europe/Paris")
    assert paris.over - paris.first == timedelta(hours=23)
    now = timezone.now()
    assert Span.of(now.astimezone(UTC).date(), "UTC").first >= now
    with pytest.raises(ValueError, match="zone"):
        Span.of(datetime(2026, 1, 1), "UTC")  # noqa: DTZ001
    asset = access.background(cast, project)
    with pytest.raises(ValueError, match="is not a valid"):
        may_use(asset, cast.esa, "resale", DAY)


def test_many_answers_are_the_single_ones(cast, project, agreed):
    chance = random.Random(2026)
    assets = [
        access.background(
            cast, project, title=f"Tool {number}", is_excluded=chance.random() < 0.3, cleared=chance.random() < 0.7,
            limits_implementation=chance.choice(["", "On the ground only"]), nature=chance.choice(["software", "data"]),
        ) if chance.random() < 0.5 else access.result(
            cast, project, title=f"Map {number}", cleared=chance.random() < 0.7,
            shares=chance.choice([{"JAXA": Decimal(100)}, {"JAXA": Decimal(70), "ESA": Decimal(30)}, {"ESA": Decimal(100)}]),
        ) for number in range(8)
    ]  # fmt: skip
    for asset in assets:
        if asset.party_id == cast.jaxa.pk and chance.random() < 0.6:
            begins = date(2026, chance.randint(1, 12), 1)
            right(cast, asset, chance.choice(Purpose.values), starts_on=begins, ends_on=chance.choice([None, begins]))
    agencies = [cast.jaxa, cast.esa, cast.isro]
    for turn in range(5):
        agreed.say(
            answers={
                "background_mode": chance.choice(["positive", "negative"]),
                "results_ownership": chance.choice(["own_project", "own_wide"]),
                "access_research": chance.random() < 0.5,
                "access_affiliates": chance.random() < 0.5,
                "access_implementation": chance.choice(["royalty_free", "as_listed"]),
            },
            background={asset.ref: {} for asset in assets if chance.random() < 0.3},
        )
        on = chance.choice([DAY, NOON, date(2027, 2, 1), datetime(2026, 6, 1, tzinfo=UTC), timezone.now().date()])
        reader = chance.choice([None, cast.actor(cast.mika), cast.actor(cast.lucien), cast.actor(cast.tara)])
        if turn == 3:
            Participation.objects.filter(project=project, agency=cast.esa).update(status="left", left_on=DAY)
        rows = list(Asset.objects.with_owners().with_project())
        many = may_use_many(rows, agencies, Purpose.values, on, reader=reader)

        for asset in chance.sample(rows, 2):
            for agency in agencies:
                for purpose in Purpose.values:
                    assert many[asset.pk, agency.pk, purpose] == may_use(
                        access.again(asset), agency, purpose, on, reader=reader
                    )


def test_queries_do_not_grow_with_the_assets(cast, project, agreed):
    agreed.say()

    def queries():
        rows = list(Asset.objects.with_owners().with_project())
        with CaptureQueriesContext(connection) as captured:
            may_use_many(rows, [cast.jaxa, cast.esa], Purpose.values, NOON)
        return len(captured)

    access.background(cast, project)
    few = queries()
    for number in range(9):
        access.background(cast, project, title=f"Tool {number}")
    assert queries() == few <= 5
