"""Somebody who writes into the database without having the key: nothing is completed on top of what they changed."""

import pytest

from agencies.models import Membership, Role
from portal.history.sealer import seal as seal_ledger
from portal.kit.refusals import NotNow
from portal.seals import SealingFailed
from projects.agreements import actions, verification
from projects.agreements.models import Agreement, Status
from projects.agreements.policies import AgreementPolicy
from projects.agreements.sealing import seal
from tests import cast as casting
from tests import stage
from tests.cast import LONG_AGO
from tests.database import superuser
from tests.projects.agreements.signing import confirm, void

ALTERED = {
    "as if it had been made without reservation": "UPDATE agreements_signature SET is_ad_referendum = false",
    "taken back, as if it stood": "DELETE FROM agreements_voiding",
    "by somebody else": """
        UPDATE agreements_signature SET evidence = replace(encode(evidence, 'escape'), 'Kenji', 'Koji ')::bytea
    """,
    "for another account": """
        UPDATE agreements_signature SET person_id = (SELECT id FROM agencies_person WHERE name = 'Mika Hoshino')
    """,
    "at another time": "UPDATE agreements_signature SET signed_at = signed_at - interval '1 day'",
    "at a higher level": "UPDATE agreements_signature SET level = 'advanced'",
    "without any record": r"""
        UPDATE agreements_signature SET evidence = '\x7b', evidence_sha256 = encode(sha256('\x7b'), 'hex')
    """,
    "with no signature of the portal": "UPDATE agreements_signature SET signature = 'none'",
}


@pytest.fixture
def world(transactional_db):
    return casting.build()


@pytest.mark.parametrize("altered", ALTERED)
def test_the_last_signature_is_refused_while_an_earlier_one_is_not_as_it_was_made(world, altered):
    agreement = stage.frozen_agreement(world)
    is_reserved = "reservation" in altered
    consent = stage.given_consent(agreement, world.kenji, ad_referendum=is_reserved)
    kenji = world.actor(world.kenji)
    first = actions.sign(agreement, actor=kenji, consent=consent, proof=stage.proof())
    if "taken back" in altered:
        void(world, agreement, first, world.kenji)
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        assert admin.execute(ALTERED[altered]).rowcount == 1

    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)

    assert caught.value.code == "signature-altered"
    assert Agreement.objects.get(pk=agreement.pk).status == Status.SIGNING


def test_a_signature_that_was_confirmed_and_one_of_a_second_person_are_completed(world):
    agreement = stage.frozen_agreement(world)
    kenji = world.actor(world.kenji)
    consent = stage.given_consent(agreement, world.kenji, ad_referendum=True)
    reserved = actions.sign(agreement, actor=kenji, consent=consent, proof=stage.proof())
    confirm(world, agreement, reserved, world.mika)

    stage.sign(world, agreement, world.ingrid)

    assert Agreement.objects.get(pk=agreement.pk).status == Status.SIGNED


@pytest.mark.parametrize(
    "altered",
    ["approval = 'Act of Parliament No 1'", "mandate_id = (SELECT max(id) FROM agencies_mandate)"],
)
def test_nothing_is_completed_on_a_confirmation_that_rests_on_something_else_than_was_recorded(world, altered):
    agreement = stage.frozen_agreement(world)
    consent = stage.given_consent(agreement, world.kenji, ad_referendum=True)
    reserved = actions.sign(agreement, actor=world.actor(world.kenji), consent=consent, proof=stage.proof())
    confirm(world, agreement, reserved, world.mika)
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        assert admin.execute(f"UPDATE agreements_confirmation SET {altered}").rowcount == 1

    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)

    assert caught.value.code == "signature-altered"


def test_who_acts_for_two_parties_is_not_told_to_have_signed_for_the_second(world):
    agreement = stage.frozen_agreement(world)
    Membership.objects.create(person=world.kenji, agency=world.esa, roles=[Role.SIGNATORY], starts_on=LONG_AGO)
    casting.mandate(world.kenji, world.esa, granted_by=world.lucien)
    stage.sign(world, agreement, world.kenji)
    for_esa = casting.actor_of_person(
        world.kenji, chosen=Membership.objects.get(person=world.kenji, agency=world.esa).ref
    )
    agreement = Agreement.objects.get(pk=agreement.pk)

    assert AgreementPolicy(for_esa, agreement).refusal("sign") is None
    assert AgreementPolicy(world.actor(world.kenji), agreement).refusal("sign").code == "already-signed"


def test_what_was_changed_after_the_last_signature_is_neither_sealed_nor_called_intact(world):
    agreement = stage.frozen_agreement(world)
    for signatory in (world.kenji, world.ingrid):
        stage.sign(world, agreement, signatory)
    agreement = Agreement.objects.get(pk=agreement.pk)
    seal_ledger()
    before = verification.verify(agreement.text.sha256)
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        assert admin.execute("UPDATE agreements_signature SET is_ad_referendum = true").rowcount == 2

    with pytest.raises(SealingFailed, match="not stored as it was made"):
        seal(agreement.ref)

    assert before.outcome == "intact"
    assert verification.verify(agreement.text.sha256).outcome == "changed"
