"""Entry into force: setting the rule, recording acts, confirming, and who is bound from which day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.zones import today
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.agreements import actions, entry
from projects.agreements.models import Act, Agreement, SealedPdf, Status
from projects.agreements.policies import AgreementPolicy
from tests import stage
from tests.jobs import run_pending
from tests.projects.agreements.entering import act, drafted, fresh, frozen, signed_by

TWO = {"answers": {"entry_into_force": "k_of_n", "entry_count": 2}}
RATIFIED = {"answers": {"entry_into_force": "all_ratified"}}
OWN = {"and": [{"k_of_n": 2}, {"per_party": {"days": 30}}]}


def bound(agreement):
    return {party.agency.ref: party.in_force_on for party in fresh(agreement).party_list}


def waiting(key):
    return Item.objects.filter(key=key, settled_at=None).exists()


def last_event(agreement):
    return Event.objects.filter(target_ref=agreement.ref).order_by("-pk").first()


# Setting the rule.


def test_the_rule_and_its_clause_follow_the_choice(cast):
    agreement = drafted(cast, **TWO)

    assert agreement.entry_rule == {"k_of_n": 2}
    assert agreement.profile["entry_into_force"] == "k_of_n"
    assert "two (2)" in fresh(agreement).clauses.get(code="entry_into_force").text
    assert last_event(agreement).verb == "agreement.profile_changed"


def test_a_rule_of_the_parties_own_is_said_in_its_clause(cast):
    agreement = drafted(cast, rule=OWN)

    assert agreement.entry_rule == OWN
    assert agreement.profile["entry_into_force"] == "custom"
    text = fresh(agreement).clauses.get(code="entry_into_force").text
    assert "at least two (2) of the Parties have signed it" in text
    assert "thirty (30) days after its own signature" in text


def test_a_rule_of_the_parties_own_stays_in_its_clause_when_other_words_change(cast):
    agreement = drafted(cast, rule=OWN)
    before = fresh(agreement).clauses.get(code="entry_into_force").text

    actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"cure_days": 45})

    assert fresh(agreement).clauses.get(code="entry_into_force").text == before
    assert fresh(agreement).entry_rule == OWN


def test_parties_are_named_by_acronym(cast):
    answers = {"entry_into_force": "named", "entry_named": "esa, ISRO"}

    assert drafted(cast, answers=answers).entry_rule == {"named": ["ESA", "ISRO"]}


def test_a_share_is_written_with_the_rule_that_counts_it(cast):
    answers = {"entry_into_force": "weighted", "entry_share": 80}
    shares = {"JAXA": Decimal(50), "ESA": Decimal("30.5"), "ISRO": Decimal("19.5")}

    agreement = drafted(cast, answers=answers, shares=shares)

    assert agreement.entry_rule == {"weighted": {"min": 80}}
    assert {party.agency.ref: party.share for party in fresh(agreement).party_list} == shares


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"rule": {"k_of_n": 4}}, "rule"),
        ({"rule": {"named": ["NASA", "ESA"]}}, "rule"),
        ({"rule": {"k_of_n": 1}}, "rule"),
        ({"rule": {"on": "2027-01-01"}}, "rule"),
        ({"rule": {"nonsense": True}}, "rule"),
        ({"answers": {"entry_into_force": "k_of_n", "entry_count": 4}}, "entry_count"),
        ({"answers": {"entry_into_force": "named", "entry_named": "NASA"}}, "entry_named"),
        ({"answers": {"entry_into_force": "weighted", "entry_share": 80}}, "entry_share"),
        ({"answers": {"cure_days": 5}}, "entry_into_force"),
        ({"shares": {"NASA": Decimal(10)}}, "shares"),
        ({"shares": {"ESA": Decimal(101)}}, "shares"),
        ({"shares": {"ESA": Decimal(-1)}}, "shares"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_and_nothing_is_saved(cast, rule, field):
    agreement = drafted(cast)

    with pytest.raises(ValidationError) as caught:
        actions.set_entry_rule(agreement, actor=cast.actor(cast.mika), **rule)

    assert list(caught.value.message_dict) == [field]
    assert fresh(agreement).entry_rule == {"all_signed": True}
    assert fresh(agreement).revision == 1
    assert not any(party.share for party in fresh(agreement).party_list)


def test_the_same_rule_again_is_no_revision(cast):
    agreement = drafted(cast, **TWO)
    before = Event.objects.count()

    again = actions.set_entry_rule(agreement, actor=cast.actor(cast.mika), **TWO)

    assert again.revision == agreement.revision
    assert Event.objects.count() == before


def test_a_rule_set_against_an_old_version_is_stale(cast):
    agreement = drafted(cast)
    actions.set_entry_rule(agreement, actor=cast.actor(cast.mika), **TWO)

    with pytest.raises(Stale):
        actions.set_entry_rule(agreement, actor=cast.actor(cast.mika), rule=OWN, version=agreement.version)


def test_another_rule_is_another_text_to_agree_to(cast):
    agreement = stage.agree(cast, stage.shared_agreement(cast))

    with pytest.raises(NotNow, match="propose-a-change"):
        actions.set_entry_rule(agreement, actor=cast.actor(cast.mika), answers={"entry_into_force": "all_ratified"})
    change = actions.propose_change(
        agreement, actor=cast.actor(cast.lucien), operation="answer", answers={"entry_into_force": "all_ratified"}
    )
    actions.accept_change(agreement, change.number, actor=cast.actor(cast.mika))

    assert fresh(agreement).entry_rule != agreement.entry_rule
    policy = AgreementPolicy(cast.actor(cast.lucien), fresh(agreement))
    assert not policy.has_agreed
    assert fresh(agreement).status == Status.NEGOTIATING
    assert waiting(f"agree:{agreement.ref}:JAXA")


def test_only_managers_of_a_party_set_the_rule_and_only_while_the_text_is_open(cast):
    agreement = stage.frozen_agreement(cast)

    with pytest.raises(NotNow):
        actions.set_entry_rule(agreement, actor=cast.actor(cast.mika), **TWO)
    for person in (cast.kenji, cast.tara):
        with pytest.raises(Forbidden):
            actions.set_entry_rule(agreement, actor=cast.actor(person), **TWO)


# Some of the parties are enough.


def test_enough_signatures_bring_it_into_force_while_others_may_still_sign(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji, cast.ingrid)
    assert agreement.status == Status.SIGNING
    assert waiting(f"confirm:{agreement.ref}")

    done = actions.enter_into_force(agreement, actor=cast.actor(cast.mika))

    day = today("Asia/Tokyo")
    assert (done.status, done.in_force_on) == (Status.IN_FORCE, day)
    assert done.ends_on is not None
    assert bound(done) == {"JAXA": day, "ESA": day, "ISRO": None}
    assert last_bound(done) == {"JAXA": str(day), "ESA": str(day)}


def test_a_text_that_not_all_have_signed_is_sealed_when_it_enters_into_force(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji, cast.ingrid)
    assert not SealedPdf.objects.exists()
    actions.enter_into_force(agreement, actor=cast.actor(cast.mika))

    run_pending()
    signed_by(cast, agreement, cast.tara)
    run_pending()

    assert SealedPdf.objects.get().text == agreement.text


def last_bound(agreement):
    return Event.objects.get(target_ref=agreement.ref, verb="agreement.entered_into_force").facts["bound"]


def test_one_signature_of_two_is_not_enough_and_the_refusal_says_what_is_missing(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji)

    with pytest.raises(NotNow) as caught:
        actions.enter_into_force(agreement, actor=cast.actor(cast.mika))

    assert "1 more of ESA, or ISRO" in str(caught.value.reason)
    assert not waiting(f"confirm:{agreement.ref}")


@pytest.mark.parametrize(("rule", "days"), [(TWO, 0), ({"rule": OWN}, 30)])
def test_a_late_joiner_is_bound_by_the_rule_from_its_own_signature(cast, rule, days):
    agreement = signed_by(cast, frozen(cast, **rule), cast.kenji, cast.ingrid)
    agreement = actions.enter_into_force(agreement, actor=cast.actor(cast.mika))
    before = bound(agreement)

    signed_by(cast, agreement, cast.tara)

    assert bound(agreement) == before | {"ISRO": today("Asia/Tokyo") + timedelta(days=days)}
    assert fresh(agreement).status == Status.IN_FORCE


def test_whoever_signed_after_the_last_necessary_act_is_late_even_before_the_confirmation(cast):
    agreement = signed_by(cast, frozen(cast, rule=OWN), cast.kenji, cast.ingrid, cast.tara)
    assert agreement.status == Status.SIGNED

    done = actions.enter_into_force(agreement, actor=cast.actor(cast.mika))

    day = today("Asia/Tokyo")
    assert bound(done) == {"JAXA": day, "ESA": day, "ISRO": day + timedelta(days=30)}


def test_what_is_in_force_cannot_be_declined_by_those_who_have_not_signed(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji, cast.ingrid)
    agreement = actions.enter_into_force(agreement, actor=cast.actor(cast.mika))

    with pytest.raises(NotNow):
        stage.decline(cast, agreement, cast.tara)

    assert fresh(agreement).status == Status.IN_FORCE


def test_nobody_signs_twice_what_is_in_force(cast):
    agreement = stage.agreement_in_force(cast)

    with pytest.raises(NotNow):
        stage.sign(cast, agreement, cast.kenji)


# Acts beside signatures.


def test_each_party_that_has_signed_is_asked_for_its_act(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)

    assert waiting(f"act:{agreement.ref}:JAXA")
    assert not waiting(f"act:{agreement.ref}:ESA")


def test_the_last_act_lets_the_depositary_confirm(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji, cast.ingrid, cast.tara)
    mika = cast.actor(cast.mika)
    for person in (cast.mika, cast.lucien):
        act(cast, agreement, person, "ratification")
    with pytest.raises(NotNow):
        actions.enter_into_force(agreement, actor=mika)
    assert not waiting(f"confirm:{agreement.ref}")

    act(cast, agreement, cast.tara, "ratification")

    assert waiting(f"confirm:{agreement.ref}")
    assert last_event(agreement).facts["satisfied"] is True
    assert actions.enter_into_force(agreement, actor=mika).status == Status.IN_FORCE
    assert not waiting(f"confirm:{agreement.ref}")


def test_an_act_is_kept_with_its_day_its_reference_and_its_event(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)

    act(cast, agreement, cast.mika, "ratification", done_on=date(2026, 3, 1), reference=" 12/26 ", words="By decree.")

    row = Act.objects.get(agreement=agreement)
    assert (row.done_on, row.reference, row.words, row.person) == (date(2026, 3, 1), "12/26", "By decree.", cast.mika)
    assert row.event == last_event(agreement).uid
    assert "decree" not in str(last_event(agreement).facts)
    assert not waiting(f"act:{agreement.ref}:JAXA")
    assert Item.objects.filter(agency=cast.esa, event_uid=row.event, key="").exists()


def test_what_counts_is_when_the_portal_received_it_not_the_day_that_is_told(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji, cast.ingrid, cast.tara)
    for person in (cast.mika, cast.lucien, cast.tara):
        act(cast, agreement, person, "ratification", done_on=date(2020, 1, 1))

    done = actions.enter_into_force(agreement, actor=cast.actor(cast.mika))

    assert done.in_force_on == today("Asia/Tokyo")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "note"}, "kind"),
        ({"kind": "objection"}, "kind"),
        ({"done_on": timezone.now().date() + timedelta(days=2)}, "done_on"),
        ({"done_on": date(1, 1, 1)}, "done_on"),
        ({"reference": "x" * 121}, "reference"),
        ({"words": "a\x00b"}, "words"),
        ({"words": "\u202eback"}, "words"),
        ({"reference": "\ud800"}, "reference"),
    ],
)
def test_a_bad_act_is_said_beside_its_field(cast, facts, field):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)

    with pytest.raises(ValidationError) as caught:
        act(cast, agreement, cast.mika, **{"kind": "ratification"} | facts)

    assert list(caught.value.message_dict) == [field]
    assert not Act.objects.exists()


def test_an_act_is_recorded_once_by_a_manager_whose_agency_has_signed(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)

    with pytest.raises(NotNow):  # ESA has not signed
        act(cast, agreement, cast.lucien, "ratification")
    with pytest.raises(Forbidden):
        act(cast, agreement, cast.kenji, "ratification")
    act(cast, agreement, cast.mika, "ratification")
    with pytest.raises(NotNow) as caught:
        act(cast, agreement, cast.mika, "ratification")

    assert caught.value.code == "already-recorded"
    assert Act.objects.count() == 1


def test_a_rule_of_signatures_alone_asks_for_no_act(cast):
    agreement = stage.signed_agreement(cast)

    with pytest.raises(NotNow):
        act(cast, agreement, cast.mika)
    assert not waiting(f"act:{agreement.ref}:JAXA")


def test_an_act_under_a_text_that_was_reopened_does_not_count(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)
    act(cast, agreement, cast.mika, "ratification")

    agreement = actions.reopen(agreement, actor=cast.actor(cast.mika), reason="One more change.")

    assert not waiting(f"act:{agreement.ref}:JAXA")
    assert entry.valid_acts(fresh(agreement)) == []
    assert all(not party.acts for party in entry.parties_of(fresh(agreement)))


def test_a_late_joiner_that_still_has_to_ratify_is_bound_when_it_has(cast):
    rule = {"and": [{"k_of_n": 2}, {"act": "ratification", "by": 2}]}
    agreement = signed_by(cast, frozen(cast, rule=rule), cast.kenji, cast.ingrid)
    for person in (cast.mika, cast.lucien):
        act(cast, agreement, person, "ratification")
    agreement = actions.enter_into_force(agreement, actor=cast.actor(cast.mika))
    signed_by(cast, agreement, cast.tara)
    assert bound(agreement)["ISRO"] is None

    act(cast, agreement, cast.tara, "ratification")

    assert bound(agreement)["ISRO"] == today("Asia/Tokyo")


# Waiting for a day.


def test_while_only_time_is_missing_the_depositary_waits_and_is_told_the_day(cast):
    answers = {"entry_into_force": "days_after_last", "entry_days": 30}
    agreement = signed_by(cast, frozen(cast, answers=answers), cast.kenji, cast.ingrid, cast.tara)
    day = today("Asia/Tokyo") + timedelta(days=30)

    standing = entry.standing_of(agreement)

    assert (standing.is_satisfied, standing.earliest) == (False, day)
    assert waiting(f"confirm:{agreement.ref}")
    with pytest.raises(NotNow):
        actions.enter_into_force(agreement, actor=cast.actor(cast.mika))


def test_only_the_depositary_confirms(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji, cast.ingrid)

    for person in (cast.lucien, cast.tara, cast.kenji):
        with pytest.raises(Forbidden):
            actions.enter_into_force(agreement, actor=cast.actor(person))


def test_it_enters_into_force_once(cast):
    agreement = stage.agreement_in_force(cast)

    with pytest.raises(NotNow):
        actions.enter_into_force(agreement, actor=cast.actor(cast.mika))


def test_the_earlier_spelling_of_a_rule_still_works(cast):
    agreement = stage.drafted_agreement(cast)
    Agreement.objects.filter(pk=agreement.pk).update(entry_rule={"and": [{"all_signed": True}, {"all_notified": True}]})

    assert entry.standing_of(fresh(agreement)).is_missing("completion")
