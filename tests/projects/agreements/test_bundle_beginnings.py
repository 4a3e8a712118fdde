"""Who owns the database and holds the present key against what a former key handed over: no older entry can be another."""

import hashlib

import pytest
import rfc8785
from django.core.management import CommandError, call_command

from portal.history import keys, merkle, notes, rotation
from portal.history.audit import audit
from portal.history.canonical import instant
from portal.history.models import Checkpoint, Event, Leaf
from portal.history.rows import StoredLedger
from projects.agreements import verification
from projects.agreements.bundle.given import check_given
from projects.ip.receipts.building import build_receipt
from projects.ip.receipts.checking import check_receipt
from tests import cast as casting
from tests import stage
from tests.database import superuser
from tests.projects.agreements import bundles
from tests.projects.ip.test_deposits import sealed, stored
from tests.verifiers import checking, spelling


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "ledger.pem"
    return casting.build()


@pytest.fixture
def signed_by_two_keys(world):
    """An agreement that one party signed before the key changed, and one after it; and the key that handed over."""
    agreement = stage.frozen_agreement(world)
    stage.sign(world, agreement, world.kenji)
    former = rotation.rotate().former
    stage.sign(world, agreement, world.ingrid)
    return agreement, former


def freeze_by_somebody_else(agreement, person):
    """Rewrite an event that no record is signed over, its leaf, the nodes above, and the last checkpoint with today's key."""
    event = Event.objects.get(target_ref=agreement.ref, verb="agreement.frozen")
    newest, signer = Checkpoint.objects.newest(), keys.signer()
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE history_event SET person_uid = %s WHERE id = %s", [person.uid, event.pk])
        leaves = [bytes(one) for one in Leaf.objects.order_by("index").values_list("hash", flat=True)]
        place = event.ledger_index
        leaves[place] = merkle.leaf_hash(Event.objects.get(pk=event.pk).canonical)
        admin.execute("UPDATE history_leaf SET hash = %s WHERE index = %s", [leaves[place], place])
        for level, index, value in merkle.grow(0, leaves, merkle.in_memory(leaves)):
            admin.execute("UPDATE history_node SET hash = %s WHERE level = %s AND index = %s", [value, level, index])
        root = merkle.root_of(leaves[: newest.size])
        note = notes.sign(signer, size=newest.size, root=root, number=newest.number, at=instant(newest.at))
        admin.execute(
            "UPDATE history_checkpoint SET root = %s, signature = %s, note = %s WHERE number = %s",
            [root, note.signature, str(note), newest.number],
        )


def test_the_holder_of_the_present_key_gives_out_no_other_history_than_was_handed_over(world, signed_by_two_keys):
    agreement, former = signed_by_two_keys
    present = keys.signer().public
    true = bundles.sealed_bundle(agreement)

    freeze_by_somebody_else(agreement, world.nils)
    forged = bundles.ledger_bundle(agreement)

    code, words = bundles.run(true, "--key", present.verifier, alone=True)
    assert code == 0
    assert f"rests on {present.key_id} alone: whoever holds that key could have made all of this" in words
    code, words = bundles.run(true, "--key", former.verifier, "--key", present.verifier)
    assert code == 0
    assert f"From entry {place_of(true)} of the ledger on it rests on the key {present.key_id} alone" in words
    assert checking.verify_zip(true).missing == []
    for arguments in ((), ("--key", present.verifier), ("--key", former.verifier)):
        code, words = bundles.run(forged, *arguments, alone=True)
        assert code == 1
        (wrong,) = [line for line in words.splitlines() if line.startswith("NO ")]
        assert (
            f"its first {place_of(true)} entries are not those that were there when {present.key_id} followed" in wrong
        )
    with pytest.raises(spelling.Wrong, match="as a key handed it over"):
        checking.verify_zip(forged)


def of_earlier_days(members, signer):
    """The same bundle without the proofs in keys.json, under a list that the portal's key signed then."""
    said = {name: value for name, value in spelling.strict(members["keys.json"]).items() if name != "proofs"}
    parts = members | {"keys.json": rfc8785.dumps(said)}
    index = spelling.strict(members["bundle.json"])
    index["members"]["keys.json"] = hashlib.sha256(parts["keys.json"]).hexdigest()
    signed = rfc8785.dumps(index)
    return parts | {"bundle.json": signed, "bundle.sig": signer.sign(b"concord/bundle/1\n" + signed).hex().encode()}


def place_of(bundle):
    """With how many entries the former key handed over."""
    (statement,) = spelling.strict(bundles.unzipped(bundle)["keys.json"])["statements"]
    return int(statement.split("\n")[3].removeprefix("size "))


def test_the_portal_itself_sees_that_its_ledger_is_not_the_one_that_was_handed_over(world, signed_by_two_keys):
    agreement, former = signed_by_two_keys
    true = bundles.unzipped(bundles.sealed_bundle(agreement))
    earlier = of_earlier_days(true, keys.signer())
    before = [check_given(members).outcome for members in (true, earlier)]

    freeze_by_somebody_else(agreement, world.nils)

    forged = bundles.unzipped(bundles.ledger_bundle(agreement))
    given = check_given(forged), check_given(of_earlier_days(forged, keys.signer()))
    assert before == ["intact", "intact"]
    assert [verdict.outcome for verdict in given] == ["changed", "changed"]
    for verdict in given:
        assert any(f"entries that the key {former.key_id} handed over" in check.text for check in verdict.checks)
    assert verification.verify(agreement.text.sha256).outcome == "changed"
    assert any("history was rewritten" in str(finding) for finding in audit(StoredLedger()))


def test_a_receipt_without_statements_is_held_against_what_was_handed_over(world, signed_by_two_keys):
    agreement, _former = signed_by_two_keys
    row = sealed(stored(world, world.mika))
    freeze_by_somebody_else(agreement, world.nils)
    receipt = build_receipt(row)

    for cut in ((), ("statements", "proofs")):
        checked = check_receipt({name: part for name, part in receipt.items() if name not in cut})
        assert checked.outcome == "failed"
        assert "another-beginning" in {one.code for one in checked.findings}


def test_no_key_vouches_for_a_rewritten_ledger(world, signed_by_two_keys):
    agreement, former = signed_by_two_keys
    bundles.sealed_bundle(agreement)
    freeze_by_somebody_else(agreement, world.nils)
    present = keys.signer().public

    with pytest.raises(CommandError, match=f"entries are not those that {former.key_id} handed over"):
        call_command("keys", "--rotate", "ledger")

    assert keys.signer().public == present


def test_a_bundle_of_earlier_days_is_not_altered_and_says_what_was_not_checked(world, signed_by_two_keys):
    agreement, _former = signed_by_two_keys
    earlier = of_earlier_days(bundles.unzipped(bundles.sealed_bundle(agreement)), keys.signer())

    code, words = bundles.run(bundles.rezipped(earlier), "--key", keys.signer().public.verifier)
    verdict = check_given(earlier)

    assert code == 3
    assert "NOT checked: whether the first" in words
    assert "take it anew" in words
    assert verdict.outcome == "intact"
    assert "not_checked" in {check.outcome for check in verdict.checks if "NOT checked" in check.text}
    assert checking.verify(earlier).missing == [
        f"whether the first {place_of(bundles.rezipped(earlier))} entries are those of the statement"
    ]
