"""Signing in turn: orders, several persons for a party, approvers and viewers, names, replacing and handing over."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import ValidationError

from agencies.models import Mandate, Membership, Role
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.agreements import actions
from projects.agreements.models import Addressee, Agreement, Endorsement, OrderChange, Status
from projects.agreements.signing.call import Terms
from projects.agreements.signing.persons import candidates
from projects.agreements.signing.places import places_of
from projects.agreements.signing.trail import trail_of
from projects.models import Participation, TeamMember
from tests import stage
from tests.cast import LONG_AGO
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.signing import (
    asked,
    asked_ever,
    line,
    member,
    name,
    opened,
    planned,
    sign,
    signatory,
    three_frozen,
    why_not,
)

pytestmark = pytest.mark.django_db
LATER_ESA = (("JAXA", "signer", 1), ("ISRO", "signer", 1), ("ESA", "signer", 2))


def test_a_later_order_is_refused_until_those_before_it_have_signed(cast):
    agreement = three_frozen(cast, *LATER_ESA)

    with pytest.raises(NotNow) as refused:
        stage.sign(cast, agreement, cast.ingrid)
    sign(cast, agreement, cast.kenji)
    still = why_not(cast, agreement, cast.ingrid)
    sign(cast, agreement, cast.tara, cast.ingrid)

    assert refused.value.code == still == "not-your-turn"
    assert "JAXA and ISRO" in str(refused.value.reason)
    assert fresh(agreement).status == Status.SIGNED


def test_only_those_whose_turn_it_is_are_asked_and_the_next_once(cast):
    agreement = three_frozen(cast, *LATER_ESA)
    first = asked(agreement)

    sign(cast, agreement, cast.kenji)
    between = asked(agreement)
    sign(cast, agreement, cast.tara)

    assert first == ["ISRO sign", "JAXA sign"]
    assert between == ["ISRO sign"]
    assert asked(agreement) == ["ESA sign"]
    assert asked_ever(agreement) == ["ESA sign", "ISRO sign", "JAXA sign"]


def test_a_party_of_two_signatories_is_complete_with_the_second(cast):
    hiro = signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_frozen(cast, ("JAXA", "signer", 1, 2), ("ESA", "signer", 2), ("ISRO", "signer", 2))

    sign(cast, agreement, cast.kenji)
    half = fresh(agreement).valid_signatures
    twice = why_not(cast, agreement, cast.kenji)
    sign(cast, agreement, hiro)
    whole = fresh(agreement)

    jaxa = whole.party_of(cast.jaxa.pk)
    assert half == {}
    assert twice == "already-signed"
    assert whole.valid_signatures[jaxa.pk].person == hiro
    assert asked(agreement) == ["ESA sign", "ISRO sign"]


def test_the_second_of_two_is_asked_by_name_and_the_first_no_more(cast):
    signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_frozen(cast, ("JAXA", "signer", 1, 2))

    sign(cast, agreement, cast.kenji)

    assert asked(agreement) == ["ESA sign", "ISRO sign", "JAXA sign Hiro Tanabata"]


def test_a_mandate_that_asks_for_a_second_signature_serves_where_two_sign(cast):
    Mandate.objects.filter(person=cast.kenji).update(cosignature=True)
    alone = three_frozen(cast)
    hiro = signatory(cast, cast.jaxa, "Hiro Tanabata", cosignature=True)
    together = three_frozen(cast, ("JAXA", "signer", 1, 2))

    sign(cast, together, cast.kenji)
    half = fresh(together).valid_signatures
    sign(cast, together, hiro)

    assert why_not(cast, alone, cast.kenji) == "mandate-does-not-cover"
    assert half == {}
    assert fresh(together).party_of(cast.jaxa.pk).pk in fresh(together).valid_signatures


def test_such_a_mandate_ends_nothing_by_itself_whatever_the_plan_says(cast):
    Mandate.objects.filter(person=cast.kenji).update(cosignature=True)
    agreement = three_frozen(cast, ("JAXA", "signer", 1, 2))

    assert why_not(cast, agreement, cast.kenji) == ""
    assert why_not(cast, agreement, cast.kenji, "withdraw") == "mandate-does-not-cover"


def test_only_who_is_named_signs_and_is_asked(cast):
    hiro = signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_frozen(cast)

    name(cast, agreement, cast.mika, hiro)

    assert why_not(cast, agreement, cast.kenji) == "not-addressed"
    assert why_not(cast, agreement, hiro) == ""
    assert asked(agreement) == ["ESA sign", "ISRO sign", "JAXA sign Hiro Tanabata"]


def test_a_wrong_addressee_is_replaced_without_starting_again(cast):
    hiro = signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_frozen(cast)
    name(cast, agreement, cast.mika, hiro)
    sign(cast, agreement, cast.ingrid)

    name(cast, agreement, cast.mika, cast.kenji, reason="He has retired.")

    assert asked(agreement) == ["ISRO sign", "JAXA sign Kenji Amanogawa"]
    assert why_not(cast, agreement, hiro) == "not-addressed"
    assert len(fresh(agreement).standing_signatures) == 1
    trail = Addressee.objects.order_by("pk").values_list("person__name", "ended_by__name")
    assert list(trail) == [("Hiro Tanabata", "Mika Hoshino"), ("Kenji Amanogawa", None)]
    assert [row.ended_why for row in Addressee.objects.order_by("pk")] == ["He has retired.", ""]
    event = Event.objects.filter(verb="agreement.signatories_named").latest("pk")
    assert event.facts["ended"] == [str(hiro.uid)]


@pytest.mark.parametrize("others", [["Hiro Tanabata"], []])
def test_nobody_who_was_named_is_replaced_without_a_reason(cast, others):
    people = [signatory(cast, cast.jaxa, other) for other in others]
    agreement = three_frozen(cast)
    name(cast, agreement, cast.mika, cast.kenji)

    with pytest.raises(ValidationError) as refused:
        name(cast, agreement, cast.mika, *people)

    assert list(refused.value.message_dict) == ["reason"]
    assert Addressee.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        pytest.param({"persons": ["MS-2099-0001"]}, "persons", id="nobody"),
        pytest.param({"order": 3}, "order", id="no such place"),
        pytest.param({"role": "approver"}, "order", id="no such role"),
        pytest.param({"reason": "a\x00b"}, "reason", id="unprintable"),
        pytest.param({"reason": "a" * 501}, "reason", id="too long"),
    ],
)
def test_names_that_make_no_sense_are_refused_beside_their_field(cast, facts, field):
    agreement = three_frozen(cast)
    sent = {"role": "signer", "order": 1, "persons": [member(cast.kenji)]} | facts

    with pytest.raises(ValidationError) as refused:
        actions.name_signatories(agreement, actor=cast.actor(cast.mika), **sent)

    assert list(refused.value.message_dict) == [field]
    assert not Addressee.objects.exists()


def test_an_agency_names_its_own_and_those_who_hold_the_role(cast):
    agreement = three_frozen(cast)

    for wrong in (cast.ingrid, cast.mika, cast.sora):
        with pytest.raises(ValidationError):
            name(cast, agreement, cast.mika, wrong)
    with pytest.raises(Forbidden):
        name(cast, agreement, cast.kenji, cast.kenji)


def test_too_few_names_for_a_place_of_two_are_refused(cast):
    agreement = three_frozen(cast, ("JAXA", "signer", 1, 2))

    with pytest.raises(ValidationError) as refused:
        name(cast, agreement, cast.mika, cast.kenji)

    assert list(refused.value.message_dict) == ["persons"]


def test_a_named_signatory_hands_over_on_record(cast):
    hiro = signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_frozen(cast)
    name(cast, agreement, cast.mika, cast.kenji)

    actions.hand_over(agreement, actor=cast.actor(cast.kenji), successor=member(hiro), reason="On leave.")

    assert asked(agreement) == ["ESA sign", "ISRO sign", "JAXA sign Hiro Tanabata"]
    taken = Addressee.objects.get(person=hiro)
    assert (taken.handed_over_by.person, taken.handed_over_by.ended_by, taken.reason) == (
        cast.kenji,
        cast.kenji,
        "On leave.",
    )
    event = Event.objects.get(verb="agreement.signing_handed_over")
    assert (event.facts["from"], event.facts["to"]) == (str(cast.kenji.uid), str(hiro.uid))
    assert why_not(cast, agreement, cast.kenji) == "not-addressed"


def test_a_successor_needs_a_mandate_that_is_valid_now(cast):
    late = signatory(cast, cast.jaxa, "Hiro Tanabata", ends_on=LONG_AGO)
    none = signatory(cast, cast.jaxa, "Yuki Amefuri", mandate=False)
    agreement = three_frozen(cast)
    name(cast, agreement, cast.mika, cast.kenji)

    for person in (late, none, cast.sora, cast.ingrid, cast.kenji):
        with pytest.raises(ValidationError) as refused:
            actions.hand_over(agreement, actor=cast.actor(cast.kenji), successor=member(person), reason="On leave.")
        assert list(refused.value.message_dict) == ["successor"]

    assert asked(agreement) == ["ESA sign", "ISRO sign", "JAXA sign Kenji Amanogawa"]


def test_nobody_hands_over_what_is_not_theirs_or_where_it_was_ruled_out(cast):
    hiro = signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_frozen(cast, terms=Terms(None, may_hand_over=False))
    before = why_not(cast, agreement, cast.kenji, "hand_over")
    name(cast, agreement, cast.mika, cast.kenji)

    assert before == "not-addressed"
    assert why_not(cast, agreement, cast.kenji, "hand_over") == "no-handing-over"
    assert why_not(cast, agreement, hiro, "hand_over") == "not-addressed"


def test_who_has_signed_hands_nothing_over_and_is_replaced_by_nobody(cast):
    signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_frozen(cast)
    name(cast, agreement, cast.mika, cast.kenji)
    sign(cast, agreement, cast.kenji)

    assert why_not(cast, agreement, cast.kenji, "hand_over") == "already-signed"
    assert why_not(cast, agreement, cast.mika, "name_signatories") == "already-signed"


APPROVED_FIRST = (("ESA", "approver", 1), ("JAXA", "signer", 2), ("ESA", "signer", 2), ("ISRO", "signer", 2))


def test_an_approver_opens_the_order_of_those_who_sign(cast):
    agreement = three_frozen(cast, *APPROVED_FIRST)
    first, early = asked(agreement), why_not(cast, agreement, cast.ingrid)

    actions.approve_for_signing(
        agreement, actor=cast.actor(cast.lucien), sha256=agreement.text.sha256, proof=stage.proof()
    )

    assert (first, early) == (["ESA approve"], "not-your-turn")
    assert asked(agreement) == ["ESA sign", "ISRO sign", "JAXA sign"]
    assert Endorsement.objects.get().person == cast.lucien
    assert why_not(cast, agreement, cast.lucien, "approve_for_signing") == "already-endorsed"


def test_an_approver_proves_again_who_they_are_and_the_record_says_how(cast):
    agreement = three_frozen(cast, *APPROVED_FIRST)
    given = {"actor": cast.actor(cast.lucien), "sha256": agreement.text.sha256}

    with pytest.raises(ValidationError) as refused:
        actions.approve_for_signing(agreement, **given, proof=None)
    assert not Endorsement.objects.exists()
    actions.approve_for_signing(agreement, **given, proof=stage.proof())

    assert list(refused.value.message_dict) == ["password"]
    assert Event.objects.get(verb="agreement.approved_for_signing").facts["identified"] == ["password"]


def test_an_approver_approves_the_text_that_was_shown(cast):
    agreement = three_frozen(cast, *APPROVED_FIRST)

    with pytest.raises(NotNow) as refused:
        actions.approve_for_signing(agreement, actor=cast.actor(cast.lucien), sha256="0" * 64, proof=stage.proof())

    assert refused.value.code == "text-changed"
    assert not Endorsement.objects.exists()


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("mika", "wrong-state"),
        ("kenji", "role-needed"),
        ("ingrid", "role-needed"),
        ("tara", "wrong-state"),
        ("lucien", ""),
    ],
)
def test_only_the_agency_of_the_place_approves_by_who_decides_for_it(cast, who, code):
    agreement = three_frozen(cast, *APPROVED_FIRST)

    assert why_not(cast, agreement, getattr(cast, who), "approve_for_signing") == code


def test_an_approver_may_decline_before_anybody_signs(cast):
    agreement = three_frozen(cast, *APPROVED_FIRST)

    stage.decline(cast, agreement, cast.lucien)

    assert fresh(agreement).status == Status.DECLINED
    assert asked(agreement) == []


def test_managers_without_a_place_for_approving_do_not_decline(cast):
    agreement = three_frozen(cast, *APPROVED_FIRST)

    assert why_not(cast, agreement, cast.mika, "decline") == "signatory-needed"
    assert why_not(cast, agreement, cast.ingrid, "decline") == ""


def test_a_viewer_confirms_before_the_others_sign(cast):
    agreement = three_frozen(
        cast, ("ISRO", "viewer", 1), ("JAXA", "signer", 2), ("ESA", "signer", 2), ("ISRO", "signer", 2)
    )

    actions.confirm_seen(agreement, actor=cast.actor(cast.tara), sha256=agreement.text.sha256)

    assert Event.objects.filter(verb="agreement.seen_before_signing").count() == 1
    assert asked(agreement) == ["ESA sign", "ISRO sign", "JAXA sign"]


def test_a_copy_is_asked_nothing_and_told_when_the_pdf_is_sealed(cast, settings, tmp_path):
    from projects.agreements.sealing import seal

    settings.MEDIA_ROOT = tmp_path
    agreement = three_frozen(cast, ("ISRO", "copy", 1))
    first = asked(agreement)
    sign(cast, agreement, cast.kenji, cast.ingrid, cast.tara)

    seal(agreement.ref)

    told = Item.objects.filter(title_id="Your copy of %(title)s").select_related("agency")
    assert first == ["ESA sign", "ISRO sign", "JAXA sign"]
    assert [item.agency for item in told] == [cast.isro]


def test_reopening_starts_the_places_anew_and_keeps_the_plan_and_the_names(cast):
    agreement = three_frozen(cast, *LATER_ESA)
    name(cast, agreement, cast.mika, cast.kenji)
    sign(cast, agreement, cast.kenji)
    actions.reopen(fresh(agreement), actor=cast.actor(cast.lucien), reason="A typing error.")

    # The slot that was signed in leaves the plan, and stays for the signature that names it.
    planned(cast, ("ISRO", "signer", 1), ("ESA", "signer", 1), agreement=fresh(agreement))

    slots = [(slot.agency.acronym, slot.order, slot.dropped_at is None) for slot in agreement.slots.all()]
    assert sorted(slots) == [("ESA", 1, True), ("ISRO", 1, True), ("JAXA", 1, False)]
    assert asked(agreement) == []


def test_the_depositary_changes_the_order_of_a_frozen_text_with_a_reason(cast):
    agreement = three_frozen(cast, *LATER_ESA)
    name(cast, agreement, cast.lucien, cast.ingrid, order=2)
    lines = list(map(line, (("JAXA", "signer", 1), ("ISRO", "signer", 2), ("ESA", "signer", 1))))

    actions.plan_signing(agreement, actor=cast.actor(cast.mika), lines=lines, reason="ISRO’s minister travels.")

    assert asked(agreement) == ["ESA sign Ingrid Polarsen", "JAXA sign"]
    assert why_not(cast, agreement, cast.tara) == "not-your-turn"
    changed = OrderChange.objects.get()
    event = Event.objects.get(uid=changed.event)
    assert (changed.words, changed.person) == ("ISRO’s minister travels.", cast.mika)
    assert event.facts["reason_sha256"] == hashlib.sha256(changed.words.encode()).hexdigest()


@pytest.mark.parametrize(
    ("lines", "reason", "field"),
    [
        pytest.param((("JAXA", "signer", 1), ("ISRO", "signer", 2), ("ESA", "signer", 1)), "", "reason", id="no reason"),
        pytest.param((("JAXA", "signer", 1, 2), ("ISRO", "signer", 1), ("ESA", "signer", 2)), "Why", "lines", id="two for one"),
        pytest.param((*LATER_ESA, ("ESA", "approver", 1)), "Why", "lines", id="one more place"),
        pytest.param((("JAXA", "signer", 2), ("ISRO", "signer", 1), ("ESA", "signer", 2)), "Why", "lines", id="moves who has signed"),
        pytest.param((("JAXA", "signer", 1), ("ISRO", "signer", 1)), "Why", "lines", id="leaves a place of the plan out"),
    ],
)  # fmt: skip
def test_under_a_frozen_text_nothing_but_the_order_of_those_awaited_changes(cast, lines, reason, field):
    agreement = three_frozen(cast, *LATER_ESA)
    sign(cast, agreement, cast.kenji)

    with pytest.raises(ValidationError) as refused:
        actions.plan_signing(agreement, actor=cast.actor(cast.mika), lines=list(map(line, lines)), reason=reason)

    assert list(refused.value.message_dict) == [field]
    assert asked(agreement) == ["ISRO sign"]


@pytest.mark.parametrize(
    ("plan", "lines"),
    [
        pytest.param((("ESA", "signer", 1), ("ESA", "signer", 2)), (), id="as if the plan did not name them"),
        pytest.param(
            (("ESA", "signer", 1, 1), ("ESA", "signer", 2, 2)),
            (("ESA", "signer", 1, 2), ("ESA", "signer", 2, 1)),
            id="two where one has signed",
        ),
    ],
)
def test_under_a_frozen_text_nobody_changes_by_how_many_a_party_signs(cast, plan, lines):
    agreement = three_frozen(cast, *plan)
    name(cast, agreement, cast.lucien, cast.ingrid)
    sign(cast, agreement, cast.kenji, cast.tara, cast.ingrid)
    needed = fresh(agreement).need_of(cast.esa.pk)

    with pytest.raises(ValidationError) as refused:
        actions.plan_signing(agreement, actor=cast.actor(cast.mika), lines=list(map(line, lines)), reason="In a hurry.")

    assert list(refused.value.message_dict) == ["lines"]
    assert fresh(agreement).need_of(cast.esa.pk) == needed
    assert Addressee.objects.filter(slot__agreement=agreement, ended_at=None).count() == 1


def test_the_trail_of_names_stays_when_their_place_leaves_the_plan(cast):
    agreement = planned(cast, ("JAXA", "approver", 1))
    name(cast, agreement, cast.mika, cast.kenji, role="approver", reason="She knows the text.")

    planned(cast, ("JAXA", "signer", 1), agreement=fresh(agreement))

    assert [(row.person, row.reason) for row in trail_of(agreement)] == [(cast.kenji, "She knows the text.")]
    assert [slot.role for slot in agreement.slots.planned()] == ["signer"]


def test_those_who_could_be_named_read_the_agreement_and_are_found_by_one_query(cast, django_assert_num_queries):
    agreement = planned(cast, ("JAXA", "viewer", 1))
    participation = Participation.objects.get(project=agreement.project, agency=cast.jaxa)
    on_the_team = [signatory(cast, cast.jaxa, f"{name} Hata", mandate=False) for name in ("Aki", "Emi", "Yui")]
    Membership.objects.filter(person__in=on_the_team).update(roles=[Role.CONTRIBUTOR])
    for person in on_the_team:
        TeamMember.objects.create(participation=participation, membership=person.memberships.get())

    with django_assert_num_queries(1):
        found = candidates(agreement, cast.jaxa, "viewer")

    assert {row.person for row in found} == {cast.mika, cast.kenji, *on_the_team}


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param([{"agency": "NOVA", "role": "signer"}], id="no party"),
        pytest.param([{"agency": "ESA", "role": "witness"}], id="no role"),
        pytest.param([{"agency": "ESA", "role": "signer", "order": 0}], id="order 0"),
        pytest.param([{"agency": "ESA", "role": "signer", "order": 51}], id="order 51"),
        pytest.param([{"agency": "ESA", "role": "signer", "order": 10**30}], id="huge"),
        pytest.param([{"agency": "ESA", "role": "signer", "order": "first"}], id="words"),
        pytest.param([{"agency": "ESA", "role": "signer", "needed": 21}], id="21 persons"),
        pytest.param([{"agency": "ESA", "role": "approver", "needed": 2}], id="two approvers in one place"),
        pytest.param([{"agency": "ESA", "role": "signer"}] * 2, id="twice"),
        pytest.param([{"agency": "ESA", "role": "copy", "order": 1}] * 201, id="too many"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_whole(cast, bad):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(ValidationError) as refused:
        actions.plan_signing(agreement, actor=cast.actor(cast.mika), lines=bad)

    assert list(refused.value.message_dict) == ["lines"]
    assert not agreement.slots.exists()


@pytest.mark.parametrize(("who", "code"), [("mika", ""), ("lucien", "depositary-only"), ("kenji", "role-needed")])
def test_once_frozen_the_depositary_alone_changes_the_order(cast, who, code):
    assert why_not(cast, three_frozen(cast), getattr(cast, who), "plan_signing") == code


def test_swapped_orders_keep_who_is_named(cast):
    agreement = planned(cast, ("JAXA", "approver", 1), ("JAXA", "approver", 2), ("JAXA", "signer", 3))
    name(cast, agreement, cast.mika, cast.kenji, order=3)

    planned(cast, ("JAXA", "approver", 2), ("JAXA", "signer", 1), agreement=agreement)

    slots = Agreement.objects.get(pk=agreement.pk).slots.planned()
    kept = slots.get(role="signer")
    assert (kept.order, [row.person for row in kept.persons]) == (1, [cast.kenji])
    assert slots.count() == 2


def test_under_a_frozen_text_two_places_of_an_agency_change_orders_with_their_names_and_numbers(cast):
    agreement = planned(cast, ("JAXA", "signer", 1, 1), ("JAXA", "signer", 2, 2))
    others = [signatory(cast, cast.jaxa, "Aiko Second"), signatory(cast, cast.jaxa, "Ben Third")]
    name(cast, agreement, cast.mika, cast.kenji, order=1)
    name(cast, agreement, cast.mika, *others, order=2)
    agreement = opened(cast, agreement)

    swapped = [line(("JAXA", "signer", 1, 2)), line(("JAXA", "signer", 2, 1))]
    actions.plan_signing(agreement, actor=cast.actor(cast.mika), lines=swapped, reason="The others first")

    places = [place for place in places_of(fresh(agreement)) if place.agency == cast.jaxa]
    assert [(place.order, place.needed, [row.person for row in place.persons]) for place in places] == [
        (1, 2, others),
        (2, 1, [cast.kenji]),
    ]
