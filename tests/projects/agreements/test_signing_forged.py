"""Somebody who owns the database and signs records with a key of their own, or with a former one that they found."""

import hashlib
import re
import threading

import pytest
import rfc8785
from django.core.management import call_command
from django.db import connection

from portal.history import keys, rotation
from portal.history.audit import audit
from portal.history.rows import StoredLedger
from portal.history.sealer import seal as seal_ledger
from portal.kit.refusals import NotNow
from portal.seals import SealingFailed
from projects.agreements import actions, verification
from projects.agreements.models import Agreement, Signature, Status
from projects.agreements.sealing import seal
from projects.agreements.signing.whole import doubts
from tests import cast as casting
from tests import stage
from tests.database import superuser
from tests.projects.agreements import bundles
from tests.projects.agreements.signing import confirm
from tests.verifiers import checking, spelling


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "ledger.pem"
    return casting.build()


def stranger():
    return rotation._signer_of(keys.generate())


def written_by(signer, record):
    """The columns of a record as this signer would have written it."""
    record = record | {"key": {"id": signer.public.key_id, "algorithm": "Ed25519"}}
    canonical = rfc8785.dumps(record)
    signature = signer.sign(f"{record['format']}\n".encode() + canonical).hex()
    return canonical, hashlib.sha256(canonical).hexdigest(), signer.public.key_id, signature


def forge(signature, signer, *, since="now()", **changed):
    """Write the record anew in the signer's name, with its event, and a row that calls the key one of the portal's."""
    columns = written_by(signer, signature.record | changed)
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            f"INSERT INTO history_signingkey VALUES (%s, %s, %s, {since}) ON CONFLICT DO NOTHING",
            [signer.public.key_id, signer.public.name, signer.public.raw],
        )
        assigned = "evidence = %s, evidence_sha256 = %s, key_id = %s, signature = %s"
        rewritten = admin.execute(f"UPDATE agreements_signature SET {assigned} WHERE id = %s", [*columns, signature.pk])
        assert rewritten.rowcount == 1
        admin.execute(
            "UPDATE history_event SET facts = jsonb_set(facts, '{evidence}', to_jsonb(%s::text)) WHERE uid = %s",
            [columns[1], signature.event],
        )


def another_signatory(signature):
    return signature.record["signatory"] | {"name": "Somebody Else", "typed_name": "Somebody Else"}


@pytest.mark.parametrize("since", ["now()", "'-infinity'", "(SELECT min(at) FROM history_checkpoint)"])
def test_a_record_by_an_inserted_key_completes_nothing_whenever_it_says_to_have_been_in_use(world, since):
    agreement = stage.frozen_agreement(world)
    seal_ledger()
    first = stage.sign(world, agreement, world.kenji)
    forge(first, stranger(), since=since, signatory=another_signatory(first))

    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)

    assert caught.value.code == "signature-not-vouched"
    assert Agreement.objects.get(pk=agreement.pk).status == Status.SIGNING


def test_a_record_by_an_inserted_key_is_neither_sealed_nor_shown_as_intact_nor_proved_by_its_bundle(world):
    agreement = stage.frozen_agreement(world)
    for signatory in (world.kenji, world.ingrid):
        stage.sign(world, agreement, signatory)
    first = Signature.objects.order_by("pk").first()
    forge(first, stranger(), signatory=another_signatory(first))
    agreement = Agreement.objects.get(pk=agreement.pk)
    seal_ledger()

    with pytest.raises(SealingFailed, match="a key that this portal cannot vouch for"):
        seal(agreement.ref)
    answer = verification.verify(agreement.text.sha256)
    bundle = bundles.ledger_bundle(agreement)

    assert answer.outcome == "changed"
    assert any("not proved to be the portal" in check.text for check in answer.checks)
    assert verification.verify(Signature.objects.get(pk=first.pk).evidence_sha256).outcome == "changed"
    assert bundles.run(bundle)[0] == 1
    with pytest.raises(spelling.Wrong):
        checking.verify_zip(bundle)


def test_a_signature_by_a_key_that_was_lost_is_not_called_altered_and_counts_again_once_the_key_is_vouched_for(
    world, settings, capsys
):
    agreement = stage.frozen_agreement(world)
    stage.sign(world, agreement, world.kenji)
    seal_ledger()
    lost = keys.signer().public
    settings.SIGNING_KEY_FILE.unlink()
    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)
    told = verification.verify(agreement.text.sha256)
    call_command("keys")
    before = capsys.readouterr().out

    call_command("keys", "--vouch", lost.verifier)
    stage.sign(world, agreement, world.ingrid)

    assert caught.value.code == "signature-not-vouched"
    assert "a key that this portal cannot vouch for" in str(caught.value.reason)
    assert not any("contradicts" in check.text for check in told.checks)
    assert any("a key that this portal cannot vouch for" in check.text for check in told.checks)
    assert re.search(rf"LEFT OUT checkpoints? .*by the key {lost.key_id}", before)
    assert re.search(rf"LEFT OUT signature of .* UTC for JAXA, {agreement.ref} v1, by the key {lost.key_id}", before)
    assert "LEFT OUT" not in capsys.readouterr().out
    assert Agreement.objects.get(pk=agreement.pk).status == Status.SIGNED


def test_what_a_lost_key_signed_after_its_last_checkpoint_is_listed_when_the_key_is_vouched_for(
    world, settings, capsys
):
    agreement = stage.frozen_agreement(world)
    seal_ledger()
    stage.sign(world, agreement, world.kenji)
    lost = keys.signer().public
    settings.SIGNING_KEY_FILE.unlink()
    seal_ledger()

    call_command("keys", "--vouch", lost.verifier)

    assert f"{agreement.ref} v1, by the key {lost.key_id}, outside its time" in capsys.readouterr().out
    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)
    assert caught.value.code == "signature-not-vouched"


def test_a_signature_that_was_altered_is_called_so_whatever_its_key(world):
    agreement = stage.frozen_agreement(world)
    first = stage.sign(world, agreement, world.kenji)
    forge(first, stranger(), signed_at="2020-01-01T00:00:00.000000Z")

    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)
    assert caught.value.code == "signature-altered"


def test_a_former_key_signs_nothing_after_its_time(world):
    agreement = stage.frozen_agreement(world)
    former = keys.signer()
    rotation.rotate()
    first = stage.sign(world, agreement, world.kenji)
    forge(first, former)

    with pytest.raises(NotNow):
        stage.sign(world, agreement, world.ingrid)
    seal_ledger()
    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)
    assert caught.value.code == "signature-not-vouched"
    assert "another time" in bundles.run(bundles.ledger_bundle(agreement))[1]


def test_the_present_key_signed_nothing_before_its_time(world):
    agreement = stage.frozen_agreement(world)
    first = stage.sign(world, agreement, world.kenji)
    rotation.rotate()
    forge(first, keys.signer())

    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)
    assert caught.value.code == "signature-not-vouched"


def test_a_signature_of_which_the_history_knows_nothing_does_not_stand(world):
    agreement = stage.frozen_agreement(world)
    first = stage.sign(world, agreement, world.kenji)
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM history_unsealed")
        assert admin.execute("DELETE FROM history_event WHERE uid = %s", [first.event]).rowcount == 1

    with pytest.raises(NotNow) as caught:
        stage.sign(world, agreement, world.ingrid)
    assert caught.value.code == "signature-altered"


def test_signatures_by_two_keys_and_a_confirmation_by_a_third_are_completed_and_proved(world):
    agreement = stage.frozen_agreement(world)
    consent = stage.given_consent(agreement, world.kenji, ad_referendum=True)
    reserved = actions.sign(agreement, actor=world.actor(world.kenji), consent=consent, proof=stage.proof())
    first = rotation.rotate().former
    stage.sign(world, agreement, world.ingrid)
    present = rotation.rotate().new
    confirm(world, agreement, reserved, world.mika)

    bundle = bundles.sealed_bundle(agreement)
    code, words = bundles.run(bundle, "--key", present.verifier, alone=True)

    assert bundles.run(bundle, "--key", first.verifier, alone=True)[0] == 3
    assert Agreement.objects.get(pk=agreement.pk).status == Status.SIGNED
    assert code == 0, words
    assert words.count("handed over to") == 2
    assert checking.verify_zip(bundle, trusted={present.key_id: present.raw}).missing == []
    assert verification.verify(agreement.text.sha256).outcome == "intact"


def test_who_signs_while_the_key_changes_has_a_record_and_an_event_of_one_key(world):
    agreements = [stage.frozen_agreement(world) for _number in range(6)]
    signed, stop = [], threading.Event()

    def sign_all():
        try:
            for agreement in agreements:
                signed.extend(stage.sign(world, agreement, one).key_id for one in (world.kenji, world.ingrid))
        finally:
            stop.set()
            connection.close()

    signing = threading.Thread(target=sign_all)
    signing.start()
    while not stop.is_set():
        rotation.rotate()
    signing.join()
    seal_ledger()

    assert len(signed) == 12
    assert len(set(signed)) > 1
    assert list(audit(StoredLedger())) == []
    for agreement in Agreement.objects.all():
        assert agreement.status == Status.SIGNED
        assert doubts(agreement, agreement.standing_signatures) == ([], [])


def test_words_of_a_title_are_no_second_signature_in_the_sealed_file(cast):
    mika = cast.actor(cast.mika)
    title = "Survey of the /ByteRange [0 1 2 3] pole /Contents <00>"
    drafted = actions.draft_agreement(stage.accepted_project(cast), actor=mika, title=title)
    agreement = actions.freeze(stage.agree(cast, actions.share(drafted, actor=mika)), actor=mika)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)

    code, words = bundles.run(bundles.sealed_bundle(agreement), alone=True)

    assert code == 0, words
    assert "The PAdES seal in agreement.pdf is over every byte but its own place" in words
