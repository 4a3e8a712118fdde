"""Termination by consent of all, and what ends with what it stands under (R4)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from portal.history.models import Event
from projects.agreements import actions
from projects.agreements.models import Agreement, Status
from tests import stage
from tests.projects.agreements import lives
from tests.projects.agreements.lives import refused, under


def test_all_together_end_it_with_a_day(clock, cast):
    agreement = lives.three(cast)
    step = actions.propose_termination(
        agreement, actor=cast.actor(cast.kenji), reason="The work is done.", on=date(2026, 3, 31)
    )
    refused(actions.consent_to_step, agreement, step.number, actor=cast.actor(cast.lucien), code="signatory-needed")
    for person in (cast.ingrid, cast.tara):
        actions.consent_to_step(agreement, step.number, actor=cast.actor(person))

    clock.set(2026, 3, 31, 23, 59)
    lives.tend()
    assert lives.fresh(agreement).status == Status.IN_FORCE
    clock.set(2026, 4, 1)
    lives.tend()
    lives.tend()

    agreement = lives.fresh(agreement)
    assert (agreement.status, agreement.ended_on) == (Status.TERMINATED, date(2026, 3, 31))
    assert lives.last_verbs(agreement, 2) == ["termination_agreed", "terminated"]
    refused(actions.withdraw, agreement, actor=cast.actor(cast.kenji), reason="Too.", code="wrong-state")


def test_a_consent_after_the_day_binds_nobody(clock, cast):
    agreement = lives.two(cast)
    step = actions.propose_termination(agreement, actor=cast.actor(cast.kenji), reason="Done.", on=date(2026, 2, 3))

    clock.set(2026, 2, 4)
    refused(actions.consent_to_step, agreement, step.number, actor=cast.actor(cast.ingrid), code="day-passed")
    lives.tend()

    assert lives.fresh(agreement).status == Status.IN_FORCE


@pytest.mark.parametrize(("grounds", "allowed"), [("basic", False), ("wide", True)])
def test_a_purpose_that_is_done_is_a_ground_where_the_text_names_it(clock, cast, grounds, allowed):
    agreement = lives.two(cast, termination_grounds=grounds)
    kenji = cast.actor(cast.kenji)

    if not allowed:
        with pytest.raises(ValidationError) as caught:
            actions.propose_termination(agreement, actor=kenji, reason="Done.", ground="purpose")
        assert "ground" in caught.value.message_dict
    else:
        assert (
            actions.propose_termination(agreement, actor=kenji, reason="Done.", ground="purpose").source
            == "termination"
        )


# What stands under it


def test_what_enters_into_force_when_the_one_above_has_just_ended_ends_too(clock, cast):
    parent = lives.two(cast)
    child = lives.signed(cast, lives.drafted_under(cast, parent))
    step = actions.propose_termination(parent, actor=cast.actor(cast.kenji), reason="Done.", on=date(2026, 3, 31))
    actions.consent_to_step(parent, step.number, actor=cast.actor(cast.ingrid))
    clock.set(2026, 4, 1)
    lives.tend()
    Agreement.objects.filter(pk=child.pk).update(status=Status.IN_FORCE, in_force_on=date(2026, 4, 1))

    lives.tend()
    lives.tend()

    child = lives.fresh(child)
    assert (child.status, child.ended_on) == (Status.TERMINATED, date(2026, 4, 1))
    assert Event.objects.filter(verb="agreement.terminated", target_ref=child.ref).count() == 1


def test_what_stands_under_it_ends_with_it_unless_it_stands_alone(clock, cast):
    parent = lives.two(cast)
    child, alone = under(cast, parent), under(cast, parent, ends_with_parent=False)
    grandchild = under(cast, child)
    step = actions.propose_termination(parent, actor=cast.actor(cast.kenji), reason="Done.", on=date(2026, 3, 31))
    actions.consent_to_step(parent, step.number, actor=cast.actor(cast.ingrid))

    clock.set(2026, 4, 1)
    lives.tend()

    stands = {one.title + one.ref: one.status for one in Agreement.objects.all()}
    assert lives.fresh(child).status == lives.fresh(grandchild).status == Status.TERMINATED, stands
    assert lives.fresh(alone).status == Status.IN_FORCE
    facts = Event.objects.get(verb="agreement.terminated", target_ref=child.ref).facts
    assert (facts["under"], facts["cause"]) == (parent.ref, "agreement-above")
    facts = Event.objects.get(verb="agreement.terminated", target_ref=grandchild.ref).facts
    assert facts["under"] == child.ref


def test_a_renewal_does_not_outlive_what_stands_above(clock, cast):
    child = under(cast, lives.two(cast, term_years=4))

    with pytest.raises(ValidationError) as caught:
        actions.propose_renewal(child, actor=cast.actor(cast.kenji), reason="More to do.", years=2)
    assert "years" in caught.value.message_dict

    step = actions.propose_renewal(child, actor=cast.actor(cast.kenji), reason="More to do.", years=1)
    assert step.new_last_day == date(2030, 2, 2)


@pytest.mark.parametrize("is_written_down", [True, False])
def test_nothing_is_frozen_that_would_outlive_what_it_stands_under(clock, cast, is_written_down):
    parent = lives.two(cast, term_years=4)
    if not is_written_down:
        Agreement.objects.filter(pk=parent.pk).update(ends_on=None)
    # The answers stay within those above; the years begin later.
    clock.set(2026, 6, 1)
    child = lives.drafted_under(cast, lives.fresh(parent), term_years=4)
    child = stage.agree(cast, actions.share(child, actor=cast.actor(cast.mika)))

    refusal = refused(actions.freeze, child, actor=cast.actor(cast.mika), code="goes-beyond-umbrella")

    assert "2 February 2030" in str(refusal.reason)
