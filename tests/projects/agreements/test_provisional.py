"""Provisional application: shown from the answer of the profile and the signatures, and moving no clock."""

from __future__ import annotations

from datetime import date

from projects.agreements import actions
from projects.agreements.entry.provisional import provisional_of
from projects.agreements.models import Status
from projects.agreements.policies import AgreementPolicy
from tests import stage
from tests.projects.agreements import lives

PROVISIONAL = {
    "provisional_application": True,
    "entry_into_force": "all_notified",
}


def frozen(cast, **answers):
    return stage.frozen_agreement(cast, answers={**PROVISIONAL, **answers})


def provisional(cast, agreement):
    agreement = lives.fresh(agreement)
    return provisional_of(agreement, AgreementPolicy(cast.actor(cast.mika), agreement).facts)


def page(cast, agreement):
    shown = cast.client(cast.mika).get(f"/agreements/{agreement.ref}/force/").content.decode()
    return " ".join(shown.split())


def api(cast, agreement):
    return cast.client(cast.lucien).get(f"/api/v1/agreements/{agreement.ref}/force/").json()["provisional"]


def test_it_is_applied_from_the_day_on_which_a_second_party_signs(clock, cast):
    agreement = frozen(cast)
    assert "To be applied provisionally once two parties have signed" in page(cast, agreement)

    # Evening in UTC is the next day in Tokyo, where JAXA, the depositary, counts.
    clock.set(2026, 2, 3, 20, 0)
    stage.sign(cast, agreement, cast.kenji)
    assert api(cast, agreement) == {"since": None, "until": None, "parties": {"JAXA": "2026-02-04"}}
    clock.set(2026, 2, 10, 9, 0)
    stage.sign(cast, agreement, cast.ingrid)

    said = {"since": "2026-02-10", "until": None, "parties": {"JAXA": "2026-02-04", "ESA": "2026-02-10"}}
    assert api(cast, agreement) == said
    assert 'Applied provisionally since <time datetime="2026-02-10">10 Feb 2026</time>' in page(cast, agreement)
    assert "Words only: terms, deadlines and rights of use in the portal count from the entry into force." in page(
        cast, agreement
    )


def test_the_entry_into_force_ends_it(clock, cast):
    agreement = frozen(cast)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)
    clock.set(2026, 3, 2, 9, 0)
    for person in (cast.mika, cast.lucien):
        actions.record_act(
            lives.fresh(agreement), actor=cast.actor(person), kind="completion", done_on=date(2026, 3, 1)
        )

    actions.enter_into_force(lives.fresh(agreement), actor=cast.actor(cast.mika))

    found = provisional(cast, agreement)
    assert (found.since, found.until) == (date(2026, 2, 2), date(2026, 3, 2))
    assert "Applied provisionally from" in page(cast, agreement)


def test_it_moves_no_clock_and_changes_no_status(clock, cast):
    agreement = frozen(cast)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)

    agreement = lives.fresh(agreement)

    assert agreement.status == Status.SIGNED
    assert (agreement.in_force_on, agreement.ends_on) == (None, None)
    assert all(party.in_force_on is None for party in agreement.party_list)


def test_a_text_that_does_not_say_so_is_not_applied_before_it_enters_into_force(clock, cast):
    agreement = frozen(cast, provisional_application=False)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)

    assert provisional(cast, agreement) is None
    assert api(cast, agreement) is None
    assert "rovisional" not in page(cast, agreement)


def test_signatures_under_a_text_that_was_reopened_apply_nothing(clock, cast):
    agreement = frozen(cast)
    stage.sign(cast, agreement, cast.kenji)

    actions.reopen(lives.fresh(agreement), actor=cast.actor(cast.lucien), reason="A number is wrong.")

    assert provisional(cast, agreement).parties == {}
