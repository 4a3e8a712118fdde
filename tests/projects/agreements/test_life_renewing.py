"""The last day: warnings before it, expiry, renewal by agreement and by itself."""

from __future__ import annotations

from datetime import date, timedelta

from portal.history.models import Event
from portal.inbox.models import Item
from projects.agreements import actions
from projects.agreements.models import Agreement, Status
from tests.projects.agreements import lives
from tests.projects.agreements.lives import refused


def alerts(agreement):
    found = Event.objects.filter(verb="agreement.expiry_nears", target_ref=agreement.ref).order_by("pk")
    return [(event.facts["what"], event.facts["days"]) for event in found]


def test_every_party_is_warned_once_at_each_threshold_and_then_it_expires(clock, cast):
    agreement = lives.two(cast, term_years=1)
    assert agreement.ends_on == date(2027, 2, 2)

    for left, expected in ((181, 0), (180, 1), (180, 1), (90, 2), (31, 2), (30, 3), (0, 3)):
        clock.day(agreement.ends_on - timedelta(days=left))
        lives.tend()
        assert len(alerts(agreement)) == expected, left
    assert alerts(agreement) == [("end", 180), ("end", 90), ("end", 30)]
    items = Item.objects.filter(key__startswith=f"expiry:{agreement.ref}", settled_at=None)
    assert {item.agency.acronym for item in items} == {"JAXA", "ESA"}

    clock.set(2027, 2, 2, 23, 59, 59)
    lives.tend()
    assert lives.fresh(agreement).status == Status.IN_FORCE
    clock.set(2027, 2, 3)
    lives.tend()
    lives.tend()

    agreement = lives.fresh(agreement)
    assert (agreement.status, agreement.ended_on) == (Status.EXPIRED, date(2027, 2, 2))
    assert lives.last_verbs(agreement, 2) == ["expiry_nears", "expired"]
    assert not items.all().exists()


def test_a_job_that_was_down_warns_only_of_the_nearest_threshold(clock, cast):
    agreement = lives.two(cast, term_years=1)

    clock.day(agreement.ends_on - timedelta(days=20))
    lives.tend()

    assert alerts(agreement) == [("end", 30)]


def test_all_together_renew_it(clock, cast):
    agreement = lives.two(cast, term_years=1)
    step = actions.propose_renewal(agreement, actor=cast.actor(cast.kenji), reason="More to do.", years=2)
    clock.day(agreement.ends_on - timedelta(days=20))
    lives.tend()

    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.ingrid))

    assert lives.fresh(agreement).ends_on == date(2029, 2, 2)
    assert not Item.objects.filter(key__startswith=f"expiry:{agreement.ref}", settled_at=None).exists()
    clock.set(2027, 2, 3)
    lives.tend()
    assert lives.fresh(agreement).status == Status.IN_FORCE


def test_after_the_last_day_nobody_renews_also_before_the_job_has_run(clock, cast):
    agreement = lives.two(cast, term_years=1)
    step = actions.propose_renewal(agreement, actor=cast.actor(cast.kenji), reason="More to do.")
    clock.set(2027, 2, 3)

    refused(actions.consent_to_step, agreement, step.number, actor=cast.actor(cast.ingrid), code="wrong-state")


def test_a_text_that_ends_without_renewal_is_not_renewed(clock, cast):
    agreement = lives.two(cast, extension=False)

    refused(actions.propose_renewal, agreement, actor=cast.actor(cast.kenji), reason="More.", code="wrong-state")


AUTOMATIC = {"term_years": 1, "renewal": "automatic", "renewal_years": 2, "renewal_objection_months": 6}


def test_it_renews_by_itself_once_nobody_can_object_any_more(clock, cast):
    agreement = lives.two(cast, **AUTOMATIC)

    # The last day to object, 2 August 2026, is over in Paris at 22:00 UTC.
    clock.set(2026, 8, 2, 21, 59)
    lives.tend()
    assert lives.fresh(agreement).ends_on == date(2027, 2, 2)
    assert alerts(agreement) == [("objection", 30)]
    clock.set(2026, 8, 2, 22, 0)
    lives.tend()
    lives.tend()

    assert lives.fresh(agreement).ends_on == date(2029, 2, 2)
    assert lives.last_verbs(agreement, 1) == ["renewed"]
    clock.set(2028, 8, 3, 12)
    lives.tend()
    assert lives.fresh(agreement).ends_on == date(2031, 2, 2)


def test_an_objection_in_time_lets_it_end(clock, cast):
    agreement = lives.two(cast, **AUTOMATIC)
    clock.set(2026, 8, 2, 21, 30)

    # It is the third already in Tokyo.
    refused(actions.object_to_renewal, agreement, actor=cast.actor(cast.mika), reason="No.", code="wrong-state")
    actions.object_to_renewal(agreement, actor=cast.actor(cast.lucien), reason="No funds.")
    refused(actions.object_to_renewal, agreement, actor=cast.actor(cast.lucien), reason="No.", code="wrong-state")
    clock.set(2027, 2, 3)
    lives.tend()

    assert lives.fresh(agreement).status == Status.EXPIRED


def test_an_agreement_of_before_last_days_were_written_down_gets_its_own(clock, cast):
    agreement = lives.two(cast, term_years=1)
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=None)

    lives.tend()

    assert lives.fresh(agreement).ends_on == date(2027, 2, 2)


def test_a_day_too_late_the_job_still_does_things_in_their_order(clock, cast):
    """A notice that would have run after the last day does not end what had expired before."""
    agreement = lives.three(cast, term_years=1, withdrawal_notice_months=12)
    step = lives.leave(cast, agreement, cast.tara)
    assert step.takes_effect_on >= agreement.ends_on
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=date(2027, 1, 15))

    clock.set(2027, 6, 1)
    lives.tend()

    agreement = lives.fresh(agreement)
    assert (agreement.status, agreement.ended_on) == (Status.EXPIRED, date(2027, 1, 15))
    assert agreement.party_of(cast.isro.pk).has_not_left
