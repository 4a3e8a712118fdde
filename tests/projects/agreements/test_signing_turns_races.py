"""Turns at the same instant: the next order is asked once, and two who replace the same addressee do not both succeed."""

from __future__ import annotations

import pytest

from portal.history.models import Event
from portal.kit.refusals import Forbidden, NotNow
from projects.agreements import actions
from projects.agreements.models import Addressee, Signature, Status
from tests import cast as casting
from tests import stage
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.signing import asked, asked_ever, member, name, signatory, three_frozen
from tests.projects.agreements.test_races import signing, together

ROUNDS = 5


@pytest.fixture
def world(transactional_db):
    return casting.build()


def test_the_last_two_of_an_order_at_the_same_instant_open_the_next_once(world):
    for _ in range(ROUNDS):
        agreement = three_frozen(world, ("ESA", "signer", 2))

        results = together(signing(world, agreement, world.kenji), signing(world, agreement, world.tara))

        assert all(isinstance(result, Signature) for result in results), results
        assert asked(agreement) == ["ESA sign"]
        assert asked_ever(agreement) == ["ESA sign", "ISRO sign", "JAXA sign"]


def test_one_of_two_who_come_for_the_last_place_of_a_party_is_refused(world):
    hiro = signatory(world, world.jaxa, "Hiro Tanabata")
    agreement = three_frozen(world)

    results = together(signing(world, agreement, world.kenji), signing(world, agreement, hiro))

    assert {type(result) for result in results} == {Signature, NotNow}, results
    assert len(fresh(agreement).standing_signatures) == 1


def test_two_who_replace_the_same_addressee_do_not_both_succeed(world):
    hiro = signatory(world, world.jaxa, "Hiro Tanabata")
    yuki = signatory(world, world.jaxa, "Yuki Amefuri")
    agreement = three_frozen(world)
    name(world, agreement, world.mika, world.kenji)
    shown, mika = [member(world.kenji)], world.actor(world.mika)

    def replaced_by(person):
        return lambda: actions.name_signatories(
            agreement, actor=mika, role="signer", order=1, persons=[member(person)], before=shown, reason="Travels."
        )

    results = together(replaced_by(hiro), replaced_by(yuki))

    refused = [result for result in results if isinstance(result, NotNow)]
    assert [error.code for error in refused] == ["names-changed"]
    assert Addressee.objects.filter(ended_at=None).count() == 1
    assert len(asked(agreement)) == 3


def test_handing_over_while_a_manager_replaces_leaves_one_addressee(world):
    hiro = signatory(world, world.jaxa, "Hiro Tanabata")
    yuki = signatory(world, world.jaxa, "Yuki Amefuri")
    for _ in range(ROUNDS):
        agreement = three_frozen(world)
        name(world, agreement, world.mika, world.kenji)
        kenji, mika = world.actor(world.kenji), world.actor(world.mika)
        before = [member(world.kenji)]

        results = together(
            lambda agreement=agreement, kenji=kenji: actions.hand_over(
                agreement, actor=kenji, successor=member(hiro), reason="On leave."
            ),
            lambda agreement=agreement, mika=mika, before=before: actions.name_signatories(
                agreement, actor=mika, role="signer", order=1, persons=[member(yuki)], before=before, reason="Travels."
            ),
        )

        assert sum(isinstance(result, NotNow | Forbidden) for result in results) == 1, results
        assert Addressee.objects.filter(slot__agreement=agreement, ended_at=None).count() == 1


def test_handing_over_while_one_signs_ends_in_one_of_the_two(world):
    hiro = signatory(world, world.jaxa, "Hiro Tanabata")
    for _ in range(ROUNDS):
        agreement = three_frozen(world)
        name(world, agreement, world.mika, world.kenji)
        kenji = world.actor(world.kenji)

        together(
            signing(world, agreement, world.kenji),
            lambda agreement=agreement, kenji=kenji: actions.hand_over(
                agreement, actor=kenji, successor=member(hiro), reason="On leave."
            ),
        )

        has_signed = bool(fresh(agreement).standing_signatures)
        handed_over = Addressee.objects.filter(slot__agreement=agreement, person=hiro).exists()
        assert has_signed != handed_over
        assert fresh(agreement).status == Status.SIGNING


def test_two_approvals_at_the_same_instant_are_one(world):
    agreement = three_frozen(
        world, ("ESA", "approver", 1), ("JAXA", "signer", 2), ("ESA", "signer", 2), ("ISRO", "signer", 2)
    )
    lucien, shown = world.actor(world.lucien), agreement.text.sha256

    results = together(
        *[lambda: actions.approve_for_signing(agreement, actor=lucien, sha256=shown, proof=stage.proof())] * 4
    )

    assert sum(not isinstance(result, NotNow) for result in results) == 1, results
    assert Event.objects.filter(verb="agreement.approved_for_signing").count() == 1
    assert asked_ever(agreement) == ["ESA approve", "ESA sign", "ISRO sign", "JAXA sign"]
