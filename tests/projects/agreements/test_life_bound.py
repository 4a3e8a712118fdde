"""Who is bound on which day, when a party that comes late is covered, and what has no life of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.history.models import Event
from portal.kit.refusals import Forbidden, NotNow
from projects import actions as project_actions
from projects.agreements import actions
from projects.agreements.bound import bound_parties, is_bound
from projects.agreements.coverage import covering_agreement
from projects.agreements.models import Status, Step
from projects.agreements.policies import AgreementPolicy
from projects.models import Project
from projects.models import Status as ProjectStatus
from tests import stage
from tests.projects.agreements import lives
from tests.projects.agreements.entering import act, frozen, signed_by

MONTH_LATER = {"rule": {"and": [{"k_of_n": 2}, {"per_party": {"days": 30}}]}}
RATIFIED_BY_TWO = {"rule": {"and": [{"k_of_n": 2}, {"act": "ratification", "by": 2}, {"per_party": {"days": 30}}]}}
VERBS = (
    "withdraw",
    "take_back_withdrawal",
    "propose_suspension",
    "propose_resumption",
    "give_breach_notice",
    "propose_termination",
    "propose_renewal",
    "object_to_renewal",
)


def joined_late(clock, cast):
    """In force between JAXA and ESA; ISRO has signed as well, and is bound thirty days later, from 4 March in Tokyo."""
    agreement = signed_by(cast, frozen(cast, **MONTH_LATER), cast.kenji, cast.ingrid)
    agreement = actions.enter_into_force(agreement, actor=cast.actor(cast.mika))
    clock.pass_(minutes=1)
    signed_by(cast, agreement, cast.tara)
    return lives.fresh(agreement)


def project_of(agreement):
    return Project.objects.get(pk=agreement.project_id)


def activations(agreement):
    return Event.objects.filter(verb="project.activated", target_ref=agreement.project.ref).count()


def acronyms(parties):
    return [party.agency.acronym for party in parties]


def test_who_signs_late_is_bound_from_its_own_day_at_the_seat_of_the_depositary(clock, cast):
    agreement = joined_late(clock, cast)
    isro = agreement.party_of(cast.isro.pk)
    assert isro.in_force_on == date(2026, 3, 4)

    clock.set(2026, 3, 3, 14, 59)
    assert acronyms(bound_parties(agreement)) == ["JAXA", "ESA"]
    clock.set(2026, 3, 3, 15, 0)
    assert acronyms(bound_parties(agreement)) == ["JAXA", "ESA", "ISRO"]
    assert not is_bound(agreement, isro, on=date(2026, 3, 3))
    assert is_bound(agreement, isro, on=date(2026, 3, 4))


def test_who_has_left_is_bound_until_that_day(clock, cast):
    agreement = lives.three(cast, withdrawal_notice_months=6)
    step = lives.leave(cast, agreement, cast.ingrid)
    clock.moment = step.due_at
    lives.tend()

    agreement = lives.fresh(agreement)
    party = agreement.party_of(cast.esa.pk)
    assert not is_bound(agreement, party)
    assert is_bound(agreement, party, on=party.left_on - timedelta(days=1))
    assert not is_bound(agreement, party, on=party.left_on)


def test_a_party_without_a_day_of_its_own_is_not_bound(clock, cast):
    agreement = signed_by(cast, frozen(cast, **MONTH_LATER), cast.kenji, cast.ingrid)
    agreement = lives.fresh(actions.enter_into_force(agreement, actor=cast.actor(cast.mika)))

    assert acronyms(bound_parties(agreement)) == ["JAXA", "ESA"]
    assert not is_bound(agreement, agreement.party_of(cast.isro.pk), on=date(2099, 1, 1))


def test_a_project_starts_with_the_day_of_its_last_party_and_once(clock, cast):
    agreement = joined_late(clock, cast)
    assert covering_agreement(project_of(agreement)) is None
    lives.tend()
    assert project_of(agreement).status == ProjectStatus.ACCEPTED

    clock.set(2026, 3, 3, 14, 59)
    lives.tend()
    assert project_of(agreement).status == ProjectStatus.ACCEPTED
    clock.set(2026, 3, 3, 15, 0)
    lives.tend()
    lives.tend()

    project = project_of(agreement)
    assert (project.status, project.active_under) == (ProjectStatus.ACTIVE, agreement.ref)
    assert covering_agreement(project) == agreement
    assert activations(agreement) == 1


def test_while_the_agreement_rests_the_day_of_a_party_starts_nothing(clock, cast):
    agreement = joined_late(clock, cast)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.lucien))

    clock.set(2026, 3, 5)
    lives.tend()

    assert lives.fresh(agreement).status == Status.SUSPENDED
    assert project_of(agreement).status == ProjectStatus.ACCEPTED


def test_before_its_day_a_party_decides_nothing_and_nobody_waits_for_it(clock, cast):
    agreement = joined_late(clock, cast)

    with pytest.raises(Forbidden) as caught:
        actions.propose_suspension(agreement, actor=cast.actor(cast.tara), reason="Not ready.")
    assert caught.value.code == "not-bound"
    assert "4 Mar 2026" in str(caught.value.reason)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.lucien))

    assert lives.fresh(agreement).status == Status.SUSPENDED


def test_from_its_day_it_is_asked_like_the_others(clock, cast):
    agreement = joined_late(clock, cast)
    clock.set(2026, 3, 4)

    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.lucien))
    assert lives.fresh(agreement).status == Status.IN_FORCE
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.tara))

    assert lives.fresh(agreement).status == Status.SUSPENDED


def test_the_event_of_a_late_signature_says_from_which_day_it_binds(clock, cast):
    agreement = joined_late(clock, cast)

    *earlier, last = Event.objects.filter(verb="agreement.signed", target_ref=agreement.ref).order_by("pk")

    assert last.facts["bound"] == {"ISRO": "2026-03-04"}
    assert [event.facts.get("bound") for event in earlier] == [None, None]


def test_the_event_of_the_last_act_says_it_where_a_signature_is_not_enough(clock, cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED_BY_TWO), cast.kenji, cast.ingrid)
    for person in (cast.mika, cast.lucien):
        act(cast, agreement, person, "ratification", done_on=date(2026, 1, 5))
    agreement = actions.enter_into_force(agreement, actor=cast.actor(cast.mika))
    clock.pass_(minutes=1)
    signed_by(cast, agreement, cast.tara)
    signed = Event.objects.filter(verb="agreement.signed", target_ref=agreement.ref).order_by("-pk").first()
    assert signed.facts["bound"] == {}

    act(cast, agreement, cast.tara, "ratification", done_on=date(2026, 1, 5))

    told = Event.objects.filter(verb="agreement.act_recorded", target_ref=agreement.ref).order_by("-pk").first()
    assert told.facts["bound"] == {"ISRO": "2026-03-04"}
    assert lives.fresh(agreement).party_of(cast.isro.pk).in_force_on == date(2026, 3, 4)


# What is about another agreement.


def signed_between(cast, instrument, *people):
    """Agreed by the managers of the parties, signed by these people, and in force."""
    mika = cast.actor(cast.mika)
    instrument = actions.share(instrument, actor=mika)
    for person in [cast.mika, cast.lucien, *([cast.tara] if cast.tara in people else [])]:
        actor = cast.actor(person)
        shown = AgreementPolicy(actor, lives.fresh(instrument)).current_hash
        instrument = actions.agree_to_text(instrument, actor=actor, sha256=shown)
    instrument = actions.freeze(lives.fresh(instrument), actor=mika)
    for person in people:
        stage.sign(cast, instrument, person)
    return lives.fresh(actions.enter_into_force(lives.fresh(instrument), actor=mika))


def amendment_of(cast, agreement):
    amendment = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))
    actions.word_clause(amendment, "confidentiality", actor=cast.actor(cast.mika), text="Everything stays secret.")
    return signed_between(cast, lives.fresh(amendment), cast.kenji, cast.ingrid)


def accession_to(cast, agreement):
    project_actions.invite_partner(project_of(agreement), cast.isro, actor=cast.actor(cast.mika))
    project_actions.answer_invitation(project_of(agreement), actor=cast.actor(cast.tara), answer="accept")
    accession = actions.draft_accession(agreement, actor=cast.actor(cast.mika), newcomer=cast.isro)
    return signed_between(cast, accession, cast.kenji, cast.ingrid, cast.tara)


ABOUT = {"amendment": amendment_of, "accession": accession_to}


@pytest.mark.parametrize("kind", ABOUT)
def test_what_is_about_another_agreement_has_no_life_of_its_own(clock, cast, kind):
    instrument = ABOUT[kind](cast, lives.two(cast))
    before = Event.objects.count()

    for person in (cast.mika, cast.kenji):
        policy = AgreementPolicy(cast.actor(person), instrument)
        refusals = [policy.refusal(verb) for verb in VERBS]
        not_now = [refusal for refusal in refusals if isinstance(refusal, NotNow)]
        assert {refusal.code for refusal in not_now} == {"lives-with-its-agreement"}
        assert all(refusals)
    with pytest.raises(NotNow) as caught:
        actions.propose_suspension(instrument, actor=cast.actor(cast.mika), reason="The launch is late.")
    assert caught.value.code == "lives-with-its-agreement"
    with pytest.raises(NotNow):
        actions.withdraw(instrument, actor=cast.actor(cast.kenji), reason="Our programme was cut.")
    with pytest.raises(NotNow):
        actions.propose_termination(instrument, actor=cast.actor(cast.kenji), reason="Done.")

    assert Event.objects.count() == before
    assert not Step.objects.filter(agreement=instrument).exists()


def test_a_stranger_is_told_nothing_of_it(clock, cast):
    amendment = amendment_of(cast, lives.two(cast))

    with pytest.raises(Forbidden):
        actions.propose_suspension(amendment, actor=cast.actor(cast.tara), reason="Why not.")


@pytest.mark.parametrize("kind", ABOUT)
def test_what_is_about_another_agreement_ends_with_it(clock, cast, kind):
    agreement = lives.two(cast)
    instrument = ABOUT[kind](cast, agreement)
    step = actions.propose_termination(agreement, actor=cast.actor(cast.kenji), reason="Done.", on=date(2026, 2, 3))
    consenting = [cast.ingrid] if kind == "amendment" else [cast.ingrid, cast.tara]
    for person in consenting:
        actions.consent_to_step(agreement, step.number, actor=cast.actor(person))

    clock.set(2026, 2, 4)
    lives.tend()

    assert lives.fresh(agreement).status == Status.TERMINATED
    assert (lives.fresh(instrument).status, lives.fresh(instrument).ended_on) == (Status.TERMINATED, date(2026, 2, 3))
