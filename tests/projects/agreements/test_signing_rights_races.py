"""Losing a mandate, a role or a membership at the moment of signing: nobody signs after it, whoever comes first."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from agencies import actions as agency_actions
from agencies.models import Mandate, Membership, Role
from portal.history.models import Event
from portal.kit.refusals import Forbidden
from projects.agreements import actions
from projects.agreements.actions import signing
from projects.agreements.models import Signature
from tests import cast as casting
from tests import stage

# Long enough that whoever does not wait is seen to be done.
WAIT = 0.7


@pytest.fixture
def world(transactional_db):
    return casting.build()


def in_threads(*functions):
    def run(function):
        try:
            return function()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


def revoke(world):
    mandate = Mandate.objects.get(person=world.kenji)
    return lambda: agency_actions.revoke_mandate(mandate, actor=world.actor(world.mika))


def take_role(world):
    membership, actor = Membership.objects.get(person=world.kenji), world.actor(world.mika)
    return lambda: agency_actions.change_roles(membership, actor=actor, proof=stage.proof(), roles=[Role.CONTRIBUTOR])


def end(world):
    membership, actor = Membership.objects.get(person=world.kenji), world.actor(world.mika)
    return lambda: agency_actions.end_membership(membership, actor=actor)


def suspend(world):
    return lambda: agency_actions.suspend(world.jaxa, actor=world.actor(world.olga), reason="Asked to by JAXA")


LOSSES = {
    "mandate": (revoke, "mandate-expired", "mandate.revoked"),
    "role": (take_role, "signatory-needed", "membership.roles_changed"),
    "membership": (end, "membership-over", "membership.ended"),
    "agency": (suspend, "membership-over", "agency.suspended"),
}


@pytest.mark.parametrize("lost", LOSSES)
def test_who_loses_it_while_the_signature_waits_does_not_sign(world, lost):
    agreement = stage.frozen_agreement(world)
    consent, actor = stage.given_consent(agreement, world.kenji), world.actor(world.kenji)
    lose, code, _verb = LOSSES[lost]
    losing, is_lost = lose(world), threading.Event()

    def lose_slowly():
        with transaction.atomic():
            losing()
            is_lost.set()
            threading.Event().wait(WAIT)

    def sign():
        is_lost.wait(10)
        return actions.sign(agreement, actor=actor, consent=consent, proof=stage.proof())

    done, refused = in_threads(lose_slowly, sign)

    assert done is None
    assert isinstance(refused, Forbidden), refused
    assert refused.code == code
    assert not Signature.objects.exists()


@pytest.mark.parametrize("lost", LOSSES)
def test_what_is_signed_first_is_in_the_history_before_the_loss(world, lost, monkeypatch):
    agreement = stage.frozen_agreement(world)
    consent, actor = stage.given_consent(agreement, world.kenji), world.actor(world.kenji)
    lose, _code, verb = LOSSES[lost]
    losing, is_judged, checked = lose(world), threading.Event(), signing.checked

    def check_slowly(*given):
        is_judged.set()
        threading.Event().wait(WAIT)
        return checked(*given)

    def lose_at_once():
        is_judged.wait(10)
        return losing()

    monkeypatch.setattr(signing, "checked", check_slowly)
    signature, done = in_threads(
        lambda: actions.sign(agreement, actor=actor, consent=consent, proof=stage.proof()), lose_at_once
    )

    assert isinstance(signature, Signature), signature
    assert not isinstance(done, Exception), done
    assert list(Event.objects.order_by("-pk").values_list("verb", flat=True)[:2]) == [verb, "agreement.signed"]
    assert all(mandate.revoked_at > signature.signed_at for mandate in Mandate.objects.exclude(revoked_at=None))
